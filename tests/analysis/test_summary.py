"""Shares, means, distribution: tables in, tables out."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import summary
from analysis.disclosure import THRESHOLD, publishable

INVITATIONS = pd.DataFrame(
    [
        (1, "10", True, "submitted", ""),
        (2, "20", True, "submitted", ""),
        (3, "30", True, "begun", ""),
        (4, "40", True, "no_sheet", "declined"),
        (5, "10.1", False, "submitted", ""),
        (6, "50", True, "invited", ""),
    ],
    columns=["unit_id", "code", "named", "state", "reason"],
)
COUNTS = pd.DataFrame(
    [
        (1, "@total", "24", 1),
        (1, "@band", "yellow", 1),
        (1, "@category:language", "9", 1),
        (1, "q1", "3", 1),
        (2, "@total", "8", 1),
        (2, "@band", "red", 1),
        (2, "@category:language", "3", 1),
        (2, "q1", "1", 1),
        (5, "@total", "40", 1),
        (5, "@band", "green", 1),
        (5, "q1", "5", 1),
    ],
    columns=["unit_id", "question", "value", "count"],
)
NOTHING = COUNTS.head(0)


def test_the_return_counts_every_invitation_once() -> None:
    found = summary.returns(INVITATIONS)
    assert found.invited == 6
    assert found.by_state == {"submitted": 3, "begun": 1, "invited": 1, "no_sheet": 1}
    assert found.reasons == {"declined": 1}
    assert found.rate == 0.5
    assert summary.returns(INVITATIONS.head(0)).rate == 0.0


def test_colours_count_sheets() -> None:
    assert summary.band_counts(COUNTS) == {"red": 1, "yellow": 1, "green": 1}
    assert summary.band_counts(NOTHING) == {"red": 0, "yellow": 0, "green": 0}


def test_units_by_category_show_named_units_only() -> None:
    table = summary.units_by_category(INVITATIONS, COUNTS, ["language"]).set_index("code")
    assert list(table.index) == ["10", "20", "30", "40", "50"]
    assert list(table.loc["10", ["language", "total", "band"]]) == [9.0, 24.0, "yellow"]
    assert table["total"].isna().to_dict()["30"]


@pytest.mark.parametrize(
    ("column", "descending", "codes"),
    [
        ("code", False, ["10", "20", "30", "40", "50"]),
        ("code", True, ["50", "40", "30", "20", "10"]),
        ("total", False, ["20", "10", "30", "40", "50"]),
        ("total", True, ["10", "20", "30", "40", "50"]),
        ("state", False, ["30", "50", "40", "10", "20"]),
        ("no such column", False, ["10", "20", "30", "40", "50"]),
    ],
)
def test_units_without_a_sheet_come_last_whatever_the_direction(
    column: str, descending: bool, codes: list[str]
) -> None:
    table = summary.units_by_category(INVITATIONS, COUNTS, ["language"])
    assert list(summary.sorted_units(table, column, descending=descending)["code"]) == codes


@pytest.mark.parametrize(
    ("sheets", "closed", "shown"),
    [(0, True, False), (4, True, False), (5, True, True), (5, False, False), (99, False, False)],
)
def test_a_mean_of_small_units_needs_five_sheets_and_a_closed_wave(
    sheets: int, closed: bool, shown: bool
) -> None:
    assert THRESHOLD == 5
    assert publishable(sheets, closed=closed) is shown
