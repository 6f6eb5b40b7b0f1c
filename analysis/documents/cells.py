"""What a cell says in print: numbers as the language writes them, gaps as one sign each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from analysis.evaluation.sections import Cell, Column
from analysis.figures.writing import NOTHING_MARK, WITHHELD_MARK, writing
from survey.locale import current, day
from survey.messages import bands

NOTHING, HIDDEN = NOTHING_MARK, WITHHELD_MARK
SHAPES = {"red": "■", "yellow": "▲", "green": "●"}
"""The same shapes as on the pages, so that a colour is never told by colour alone."""


def shown(cell: Cell, column: Column) -> str:
    """A cell as it is printed, in the language being written."""
    if column.kind == "band" and isinstance(cell, str):
        return f"{SHAPES[cell]}\N{NO-BREAK SPACE}{bands()[cell]}"
    return writing(current().code).cell(cell, column)


def numeric(column: Column) -> bool:
    """Whether a column holds numbers, which stand flush at their end."""
    return column.kind not in ("text", "band")


def number(cell: Cell) -> float | int | None:
    """A cell as charts draw it; None where there is nothing to draw, or nothing may be."""
    return cell if isinstance(cell, int | float) else None


def written_day(on: date) -> str:
    """A day in words, in the language being written."""
    return day(datetime.combine(on, time(12), tzinfo=UTC), UTC)
