"""The tables of the commissioner's pages, put together. Imports pandas: only ever imported late."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis import counts, summary
from analysis.disclosure import publishable
from forms.definition import Questionnaire
from survey.standing import Standing


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Everything the pages of one wave show, at one revision."""

    invitations: pd.DataFrame
    all_counts: pd.DataFrame
    returns: summary.Return
    bands: dict[str, int]
    means: dict[str, tuple[float, int]]
    smaller: tuple[float, int] | None


def first_look(
    connection: Connection, standings: list[Standing], questionnaire: Questionnaire
) -> FirstLook:
    """Read and summarise a wave; `standings` are its invitations, at least one."""
    first = standings[0]
    invitations = counts.invitations(standings)
    tallied = counts.counts(connection, first.wave_id, first.audience)
    named = invitations.loc[invitations["named"], "unit_id"]
    small = invitations.loc[~invitations["named"], "unit_id"]
    shown = summary.of_units(tallied, named)
    questions = {c.id: f"@category:{c.id}" for c in questionnaire.categories} | {"total": "@total"}
    rest = summary.mean_points(summary.of_units(tallied, small), "@total")
    closed = all(s.phase == "closed" for s in standings)
    return FirstLook(
        invitations=invitations,
        all_counts=shown,
        returns=summary.returns(invitations),
        bands=summary.band_counts(shown),
        means={key: summary.mean_points(shown, question) for key, question in questions.items()},
        smaller=rest if publishable(rest[1], closed=closed) else None,
    )


def rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows for a template, keyed as the columns are (some by number); what is missing is None."""
    return [
        {key: None if isinstance(v, float) and math.isnan(v) else v for key, v in row.items()}
        for row in table.to_dict("records")
    ]
