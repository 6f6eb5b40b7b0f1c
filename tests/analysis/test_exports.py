"""Cells no spreadsheet program takes for a formula, and nothing lost."""

from __future__ import annotations

import csv
import io

import pytest

from analysis.exports import answer_columns
from survey.spreadsheet import csv_line, neutral
from tests.forms.questionnaires import tiny
from tests.world import selbstcheck


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 351", "'+49 351"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("1-1", "1-1"),
        ("'=x", "'=x"),
        ("", ""),
        (None, ""),
        (0, "0"),
        (24, "24"),
    ],
)
def test_a_cell_is_no_formula(cell: object, written: str) -> None:
    assert neutral(cell) == written


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("text", ['a"b', "a,b;c", "a\nb", "  a ", "ä" * 40_000, "👩‍👧"])
def test_nothing_is_lost(text: str, delimiter: str) -> None:
    line = csv_line([text, 1], delimiter)
    [row] = csv.reader(io.StringIO(line, newline=""), delimiter=delimiter)
    assert row == [text, "1"]


def test_columns_are_those_of_the_questionnaire() -> None:
    columns = answer_columns(selbstcheck())
    assert columns[:3] == ["unit_code", "unit_name", "unit_kind"]
    assert columns[3:7] == ["parent", "submitted", "version", "q1"]
    assert columns[-6:-3] == ["points.language", "points.organisation", "points.sensitivity"]
    assert columns[-3:] == ["total", "possible", "band"]
    assert "q8_fields.other_text" in columns
    assert answer_columns(tiny("tiny"))[6:] == ["only", "total", "possible", "band"]
