"""A table as it is printed: words, widths, shades. Knows how long texts are, but no program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.documents.cells import number, numeric, shown
from analysis.documents.pictures import pictured
from analysis.evaluation.sections import Cell, Column, Part, Row, Table
from analysis.figures.colours import ink, shade
from survey.messages import bands

PORTRAIT, LANDSCAPE = 56.0, 85.0
"""Width of a page's type area, in em of the tables' type (8.5 pt)."""
CHARACTER, BOLD_CHARACTER = 0.58, 0.66
"""Width of an average character in em; a little wide, so that numbers never break."""
PADDING = 1.0
WIDEST_HEAD = 9.0
LEAST_TITLE, MOST_TITLE, LEAST_TEXT = 15.0, 32.0, 10.0
LINES_OF_TITLE = 4
WORD_IN_HEAD, LINES_OF_HEAD = 10, 4
"""Letters of a head's word before it is hyphenated, and lines it may take."""
LONG_HEAD, MANY_COLUMNS = 24, 5
SMALLEST, SMALL_ENOUGH = 0.6, 0.84
"""How far the type is made smaller: at all, and before a page is turned."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell; `fill` and `ink` are colours as "#rrggbb", `bar` a length from 0 to 1."""

    text: str
    numeric: bool
    band: str | None = None
    fill: str | None = None
    ink: str | None = None
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """One column: `width` in em, or a `share` of what is left."""

    head: str
    numeric: bool
    width: float
    share: float | None


def printed(part: Part) -> dict[str, Any]:
    """The part's table with all that is needed to set it.

    Returns:
        corner, columns, rows, legend (what short heads stand for), landscape, scale (of the type),
        title-share (of the width that is left, for the rows' titles).
    """
    table = part.table
    heads = [_head(column, table) for column in table.columns]
    widths = _even([_width(table, place, head) for place, head in enumerate(heads)], part)
    texts = [column for column in table.columns if column.kind == "text"]
    needed = sum(widths) + _title_width(table) + LEAST_TEXT * len(texts)
    landscape = needed * SMALL_ENOUGH > PORTRAIT
    room = LANDSCAPE if landscape else PORTRAIT
    return {
        "corner": table.corner,
        "columns": [
            asdict(PrintedColumn(head, numeric(column), width, _share(table, place)))
            for place, (column, head, width) in enumerate(
                zip(table.columns, heads, widths, strict=True)
            )
        ],
        "rows": [_row(row, part) for row in table.rows],
        "legend": legend(table),
        "landscape": landscape,
        "scale": max(SMALLEST, min(1.0, room / needed)),
        "title-share": _title_share(table),
    }


def legend(table: Table) -> list[tuple[str, str]]:
    """What the short heads of a table stand for."""
    heads = [(_head(column, table), column.title) for column in table.columns]
    # A statement begins with its number, which is its short name.
    return [(head, title.removeprefix(f"{head}. ")) for head, title in heads if head != title]


def legible(column: Column, columns: int) -> str:
    """The head of a column among so many: its short name where the long one would not fit."""
    crowded = columns > MANY_COLUMNS or len(column.title) > LONG_HEAD
    return column.short if column.short and crowded else column.title


def _head(column: Column, table: Table) -> str:
    return legible(column, len(table.columns))


def _width(table: Table, place: int, head: str) -> float:
    column = table.columns[place]
    if column.kind == "text":
        return 0.0
    cells = max((len(shown(row.cells[place], column)) for row in table.rows), default=1)
    longest = max(map(len, head.split()), default=1)
    words = max(min(longest, WORD_IN_HEAD), len(head) / LINES_OF_HEAD)
    return max(cells * CHARACTER, min(words * BOLD_CHARACTER, WIDEST_HEAD)) + PADDING


def _even(widths: list[float], part: Part) -> list[float]:
    """What is drawn together stands in columns of one width."""
    together = part.chart.columns if part.chart else ()
    places = [place for place, c in enumerate(part.table.columns) if c.key in together]
    widest = max((widths[place] for place in places), default=0.0)
    return [widest if place in places else width for place, width in enumerate(widths)]


def _share(table: Table, place: int) -> float | None:
    if table.columns[place].kind != "text":
        return None
    return _weight([str(row.cells[place] or "") for row in table.rows])


def _title_width(table: Table) -> float:
    """Room for the rows' titles on four lines, as far as a page has it."""
    lengths = [len(row.title) for row in table.rows]
    on_few_lines = sum(lengths) / len(lengths) * CHARACTER / LINES_OF_TITLE if lengths else 0.0
    longest = max(lengths, default=0) * CHARACTER + PADDING
    return max(min(longest, LEAST_TITLE), min(on_few_lines, MOST_TITLE))


def _title_share(table: Table) -> float:
    return _weight([row.title for row in table.rows])


def _weight(texts: Sequence[str]) -> float:
    """The square root of the mean length: twice the text gets more room, but not twice as much."""
    mean = sum(map(len, texts)) / len(texts) if texts else 1.0
    return float(max(mean, 9.0) ** 0.5)


def _row(row: Row, part: Part) -> dict[str, Any]:
    cells = zip(row.cells, part.table.columns, strict=True)
    return {
        "title": row.title,
        "level": row.level,
        "summary": row.summary,
        "cells": [asdict(_cell(cell, column, part)) for cell, column in cells],
    }


def _cell(cell: Cell, column: Column, part: Part) -> PrintedCell:
    text, chart = shown(cell, column), part.chart
    value = number(cell)
    if column.kind == "band":
        return _band_cell(cell, text)
    if value is None or chart is None or column.key not in chart.columns:
        return PrintedCell(text, numeric(column))
    if chart.kind == "heatmap":
        behind = shade(value, chart.lowest, chart.highest)
        return PrintedCell(text, True, fill=behind, ink=ink(behind))
    if column.kind == "share" and not pictured(part):
        return PrintedCell(text, True, bar=min(1.0, max(0.0, value)))
    return PrintedCell(text, numeric(column))


def _band_cell(cell: Cell, text: str) -> PrintedCell:
    if not isinstance(cell, str):
        return PrintedCell(text, False)
    return PrintedCell(bands()[cell], False, band=cell)
