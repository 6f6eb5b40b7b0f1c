"""The tables of the commissioner's pages, put together. Imports pandas: only ever imported late."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis import summary
from analysis.disclosure import chosen, publishable, released_mean
from analysis.numbers import WaveNumbers, read_numbers
from survey.questionnaires import Library


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Everything the first page of a wave shows.

    Attributes:
        means: (mean, number of units) by category id and `total`, each Amt once.
        smaller: (mean total, number of sheets) of all smaller units, None where it may not be told.
    """

    invitations: pd.DataFrame
    all_counts: pd.DataFrame
    returns: summary.Return
    bands: dict[str, int]
    means: dict[str, tuple[float, int]]
    smaller: tuple[float, int] | None


def first_look(connection: Connection, library: Library, wave_id: int) -> FirstLook:
    """Read and summarise a wave."""
    numbers = read_numbers(connection, library, wave_id)
    city = numbers.rollup.city
    questions = {c.id: f"@category:{c.id}" for c in numbers.questionnaire.categories}
    questions["total"] = "@total"
    return FirstLook(
        invitations=numbers.invited,
        all_counts=numbers.named_tally,
        returns=summary.returns(numbers.invited),
        bands=summary.band_counts(numbers.named_tally),
        means={
            key: (city.points[question], city.units)
            if city and question in city.points
            else (float("nan"), 0)
            for key, question in questions.items()
        },
        smaller=_smaller(numbers),
    )


def _smaller(numbers: WaveNumbers) -> tuple[float, int] | None:
    """The mean of all smaller units' totals.

    Not where it could be subtracted from, or by, a mean the evaluation shows of some of them.
    """
    small = frozenset(numbers.points) - numbers.named
    totals = [numbers.points[u]["@total"] for u in small if "@total" in numbers.points[u]]
    unchanged = numbers.released is None or numbers.released.smaller == numbers.smaller
    if not publishable(len(totals), closed=numbers.closed and unchanged):
        return None
    shown = {node.beneath.behind & small for node in numbers.rollup.nodes if node.beneath}
    if not chosen([*sorted(filter(None, shown), key=len), small])[-1]:
        return None
    worth = numbers.questionnaire.points.values()
    most = sum(max(points.values()) for points in worth)
    least = numbers.questionnaire.least_total
    mean = released_mean(round(sum(totals)), len(totals), least, most)
    return None if mean is None else (mean, len(totals))


def rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows for a template, keyed as the columns are (some by number); what is missing is None."""
    return [
        {key: None if isinstance(v, float) and math.isnan(v) else v for key, v in row.items()}
        for row in table.to_dict("records")
    ]
