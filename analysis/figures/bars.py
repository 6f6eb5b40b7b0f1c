"""Bars: one for each row, or a small panel of them for each column."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from analysis.evaluation.sections import WITHHELD, Chart, Column, Row, Table
from analysis.figures import fonts
from analysis.figures.canvas import (
    GAP,
    SMALL,
    Pen,
    bare,
    covered,
    field,
    heads,
    names,
    points,
    rows_of,
    thickness,
    track,
)
from analysis.figures.colours import BLUE, LINE, ORANGE, SOFT_INK
from analysis.figures.reach import reach
from analysis.figures.writing import GERMAN, Writing, value

VALUE_ROOM = 28.0
"""Points a number needs behind its bar."""
PANEL_GAP = 6.0
"""Points between two panels."""


def draw_bars(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one bar a row, of the chart's only column, with its number at its end."""
    place = table.position(chart.columns[0])
    ends = reach(table, chart)
    rows_of(axes, table.rows, writing.interval(*ends))
    _bars(axes, table.rows, (place, table.columns[place]), ends, writing)
    _scale(axes, table.columns[place], ends, writing)
    names(axes, table.rows, writing)


def draw_multiples(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one small panel of bars a column, side by side on axes inside the axis."""
    rows_of(axes, table.rows, writing.interval(0, 1))
    names(axes, table.rows, writing)
    ends = reach(table, chart)
    wide = axes.bbox.width / axes.figure.dpi * 72
    panel = 1 / max(len(chart.columns), 1)
    inner = panel - (VALUE_ROOM + PANEL_GAP) / wide
    columns = [table.columns[table.position(key)] for key in chart.columns]
    for number, column in enumerate(columns):
        begin = 1 - number * panel - inner if writing.rtl else number * panel
        inset = axes.inset_axes((begin, 0, inner, 1))
        inset.set_label(column.key)
        bare(inset, writing.interval(*ends), (max(len(table.rows), 1) - 0.5, -0.5))
        _bars(inset, table.rows, (table.position(column.key), column), ends, writing)
        _scale(inset, column, ends, writing)
    middles = [number * panel + inner / 2 for number in range(len(columns))]
    heads(axes, columns, middles, panel * wide - PANEL_GAP, writing)


def _bars(
    axes: Axes,
    rows: tuple[Row, ...],
    of: tuple[int, Column],
    ends: tuple[float, float],
    writing: Writing,
) -> None:
    position, column = of
    pen = Pen(axes, writing)
    base, height = _base(ends), thickness(axes)
    for place, row in enumerate(rows):
        cell = row.cells[position]
        if cell is WITHHELD:
            covered(axes, place, ends, writing)
            continue
        number = value(cell)
        track(axes, place, ends)
        if number is not None:
            colour = SOFT_INK if row.summary else BLUE if number >= base else ORANGE
            corner = (base, place - height / 2)
            field(axes, corner, (number - base, height), row.key, facecolor=colour)
        behind = base if number is None else max(number, base)
        text = writing.cell(cell, column)
        pen.write((behind, place), text, off=(GAP, 0), side="start", bold=row.summary)
    axes.axvline(base, color=LINE, linewidth=0.8)


def _base(ends: tuple[float, float]) -> float:
    """Where bars begin: at zero, or at the lowest value of a scale that has no zero."""
    low, high = ends
    return 0.0 if low <= 0 <= high else low


def _scale(axes: Axes, column: Column, ends: tuple[float, float], writing: Writing) -> None:
    """Write the ends of the scale beneath, so that a bar's length says something by itself."""
    pen = Pen(axes, writing, ("data", "axes fraction"), SMALL)
    low, high = (writing.cell(end, column) for end in ends)
    look: dict[str, Any] = {"off": (0, -GAP / 2), "va": "top", "color": SOFT_INK}
    pen.write((ends[1], 0), high, side="end", **look)
    # In a narrow panel there is room for one; the other end is where the bars begin.
    if fonts.width(low, SMALL) + fonts.width(high, SMALL) + GAP <= points(axes)[0]:
        pen.write((ends[0], 0), low, side="start", **look)
