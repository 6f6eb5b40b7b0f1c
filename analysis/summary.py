"""Shares, means and tables for the commissioner. Pure: tidy tables in, tidy tables out.

A unit's own sheet and the sheets of its sub-units are never added. Averages get no colour.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

STATES = ("submitted", "begun", "invited", "no_sheet")


@dataclass(frozen=True, slots=True)
class Return:
    """The return of a wave; `rate` is submitted of invited, 0 to 1."""

    invited: int
    by_state: Mapping[str, int]
    reasons: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Submitted sheets as a share of invitations."""
        return self.by_state["submitted"] / self.invited if self.invited else 0.0


def returns(invitations: pd.DataFrame) -> Return:
    """Invited, begun, submitted, no sheet and why."""
    states = invitations["state"].value_counts()
    given = invitations.loc[invitations["state"] == "no_sheet", "reason"].value_counts()
    return Return(
        invited=len(invitations),
        by_state={state: int(states.get(state, 0)) for state in STATES},
        reasons={str(reason): int(number) for reason, number in given.items()},
    )


def band_counts(counts: pd.DataFrame) -> dict[str, int]:
    """Number of sheets of each colour."""
    found = counts[counts["question"] == "@band"].groupby("value")["count"].sum()
    return {band: int(found.get(band, 0)) for band in ("red", "yellow", "green")}


def units_by_category(
    invitations: pd.DataFrame, counts: pd.DataFrame, categories: Collection[str]
) -> pd.DataFrame:
    """One row a unit shown by name: its points per category, total and band, empty without a sheet.

    Columns: those of `invitations`, then one for each category, `total`, `band`.
    """
    table = invitations[invitations["named"]].copy()
    for column, question in [
        *((category, f"@category:{category}") for category in categories),
        ("total", "@total"),
    ]:
        points = counts[counts["question"] == question]
        # One sheet a unit: the value itself is the unit's points.
        by_unit = points.set_index("unit_id")["value"].astype(float)
        table[column] = table["unit_id"].map(by_unit[~by_unit.index.duplicated()])
    bands = counts[counts["question"] == "@band"].set_index("unit_id")["value"]
    table["band"] = table["unit_id"].map(bands[~bands.index.duplicated()])
    return table


def sorted_units(table: pd.DataFrame, column: str, *, descending: bool) -> pd.DataFrame:
    """Rows by a column, units without a sheet last whatever the direction."""
    known = column if column in table.columns else "code"
    return table.sort_values([known, "code"], ascending=[not descending, True], na_position="last")


def mean_difference(counts: Mapping[int, int]) -> float | None:
    """How far two sheets, drawn at random, lie apart on average: Gini's mean difference.

    Args:
        counts: sheets by points.

    Returns:
        Points, 0 when all are alike; None for fewer than two sheets.
    """
    n = sum(counts.values())
    if n < 2:  # noqa: PLR2004  # a difference takes two
        return None
    apart = sum(abs(a - b) * x * y for a, x in counts.items() for b, y in counts.items())
    return apart / (n * (n - 1))
