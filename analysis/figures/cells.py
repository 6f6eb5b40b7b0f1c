"""A heatmap: every cell shaded, and its number in it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Table
from analysis.figures import fonts
from analysis.figures.canvas import GAP, SIZE, Pen, field, heads, names, points, rows_of
from analysis.figures.colours import BANDS, LINE, PAPER, ink, shade
from analysis.figures.reach import reach
from analysis.figures.writing import GERMAN, Writing, value

BACKING = {"facecolor": PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.15"}
"""What keeps a mark legible on hatching."""

SMALLEST = 5.0
"""Points below which numbers in cells are no longer read."""


def draw_heatmap(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one shaded cell a row and column, orange for low, blue for high, its number in it."""
    columns = [table.columns[table.position(key)] for key in chart.columns]
    rows_of(axes, table.rows, writing.interval(-0.5, max(len(columns), 1) - 0.5))
    names(axes, table.rows, writing)
    room = points(axes)[0] / max(len(columns), 1)
    heads(axes, columns, range(len(columns)), room - 2, writing)
    ends = reach(table, chart)
    pen = Pen(axes, writing, size=_size(table, columns, room - 2, writing))
    for across, column in enumerate(columns):
        position = table.position(column.key)
        for down, row in enumerate(table.rows):
            look = _look(row.cells[position], ends)
            name = f"{row.key} {column.key}"
            field(axes, (across - 0.5, down - 0.5), (1, 1), name, edgecolor=PAPER, **look)
            text = _text(row.cells[position], column, writing)
            backing = BACKING if "hatch" in look else None
            colour = ink(look["facecolor"])
            pen.write((across, down), text, color=colour, bold=row.summary, bbox=backing)


def _look(cell: Cell, ends: tuple[float, float]) -> dict[str, Any]:
    """How a cell looks: shaded by its number or its colour, hatched, or empty."""
    if cell is WITHHELD:
        return {"facecolor": PAPER, "hatch": "////", "hatchcolor": LINE, "linewidth": 0.8}
    if isinstance(cell, str) and cell in BANDS:
        return {"facecolor": BANDS[cell].colour, "linewidth": 0.8}
    number = value(cell)
    colour = PAPER if number is None else shade(number, *ends)
    return {"facecolor": colour, "linewidth": 0.8}


def _text(cell: Cell, column: Column, writing: Writing) -> str:
    if isinstance(cell, str) and cell in BANDS:
        return BANDS[cell].shape
    return writing.cell(cell, column)


def _size(table: Table, columns: list[Column], room: float, writing: Writing) -> float:
    """The size at which the widest number fits its cell, and no larger than other texts."""
    texts = {
        _text(row.cells[table.position(column.key)], column, writing)
        for column in columns
        for row in table.rows
    }
    widest = max((fonts.width(fonts.drawable(text), SIZE, True) for text in texts), default=0.0)
    return SIZE if widest <= room - GAP / 2 else max(SMALLEST, SIZE * (room - GAP / 2) / widest)
