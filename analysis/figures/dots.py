"""Dots: one unit beside all others, on one axis a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from analysis.evaluation.sections import Chart, Column, Row, Table
from analysis.figures.canvas import GAP, MARK, SMALL, Entry, Pen, key, names, points, rows_of
from analysis.figures.colours import LINE, PAPER, SOFT_INK, Trace, trace
from analysis.figures.reach import reach
from analysis.figures.writing import GERMAN, WITHHELD_MARK, Writing, value

NUMBER_ROOM = 26.0
"""Points a column of numbers takes behind the axis."""
MOST_NUMBERS = 4
"""More columns than these have their numbers in the table only."""

SEEN, OTHER = 9.0, 6.0
"""Points across the dot that is to be seen, and the others."""


def draw_dots(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one dot a row and column on a common axis, the first column's large and on top of none.

    The numbers stand behind the axis, each column under its marker: a dot may lie on another.
    """
    columns = [table.columns[table.position(key)] for key in chart.columns]
    low, high = reach(table, chart)
    beyond = (high - low) * 0.02  # half a dot
    rows_of(axes, table.rows, writing.interval(low - beyond, high + beyond))
    axes.hlines(range(len(table.rows)), low, high, color=LINE, linewidth=0.8, zorder=1)
    heights = _heights(axes, table, columns)
    for place, column in enumerate(columns):
        _dots(axes, table, column, trace(place), heights, seen=place == 0)
    _numbers(axes, table, columns[:MOST_NUMBERS], writing)
    _scale(axes, columns, (low, high), writing)
    names(axes, table.rows, writing)
    looks = [(column, trace(place)) for place, column in enumerate(columns)]
    key(axes, [Entry(c.title, t.colour, t.marker, t.filled) for c, t in looks], writing)


def _heights(axes: Axes, table: Table, columns: Sequence[Column]) -> dict[tuple[int, str], float]:
    """Where each dot stands upwards, by row and column: dots of a row that would hide one another
    are moved apart within it."""
    wide, high = points(axes)
    near = SEEN * abs(axes.get_xlim()[1] - axes.get_xlim()[0]) / wide
    apart = OTHER * abs(axes.get_ylim()[1] - axes.get_ylim()[0]) / high
    found = {}
    for place, row in enumerate(table.rows):
        given = [(value(row.cells[table.position(c.key)]), c.key) for c in columns]
        numbers = sorted((number, key) for number, key in given if number is not None)
        for crowd in _crowds(numbers, near):
            step = min(apart, 0.8 / len(crowd))
            for rank, name in enumerate(crowd):
                found[place, name] = place + (rank - (len(crowd) - 1) / 2) * step
    return found


def _crowds(numbers: Sequence[tuple[float, str]], near: float) -> list[list[str]]:
    """The names of rising numbers, those less than so far apart together."""
    crowds: list[list[str]] = []
    before = 0.0
    for number, name in numbers:
        if crowds and number - before < near:
            crowds[-1].append(name)
        else:
            crowds.append([name])
        before = number
    return crowds


def _dots(
    axes: Axes,
    table: Table,
    column: Column,
    look: Trace,
    heights: Mapping[tuple[int, str], float],
    *,
    seen: bool,
) -> None:
    position = table.position(column.key)
    given = [(value(row.cells[position]), place) for place, row in enumerate(table.rows)]
    found = [(number, place) for number, place in given if number is not None]
    axes.plot(
        [number for number, _place in found],
        [heights[place, column.key] for _number, place in found],
        linestyle="none",
        marker=look.marker,
        markersize=SEEN if seen else OTHER,
        markerfacecolor=look.colour if look.filled else PAPER,
        markeredgecolor=PAPER if look.filled else look.colour,
        markeredgewidth=0.7 if look.filled else 1.2,
        # The large one beneath: a smaller one at the same place is seen on it.
        zorder=2 if seen else 3,
        label=column.key,
        clip_on=False,
    )


def _numbers(axes: Axes, table: Table, columns: Sequence[Column], writing: Writing) -> None:
    wide, _high = points(axes)
    pen = Pen(axes, writing, ("axes fraction", "data"))
    edge = 0.0 if writing.rtl else 1.0
    for number, column in enumerate(columns):
        behind = NUMBER_ROOM * (number + 1)
        look = trace(number)
        axes.plot(
            [edge + writing.ahead(behind - GAP) / wide],
            [1 + 1.2 * GAP / points(axes)[1]],
            transform=axes.transAxes,
            marker=look.marker,
            markersize=5,
            markerfacecolor=look.colour if look.filled else PAPER,
            markeredgecolor=look.colour,
            linestyle="none",
            clip_on=False,
            label="_key",
        )
        for place, row in enumerate(table.rows):
            text = _cell(row, table, column, writing)
            style: dict[str, Any] = {"bold": number == 0}
            if text == WITHHELD_MARK:
                style = {"bold": True, "size": MARK}
            pen.write((edge, place), text, off=(behind, 0), side="end", **style)


def _cell(row: Row, table: Table, column: Column, writing: Writing) -> str:
    return writing.cell(row.cells[table.position(column.key)], column)


def _scale(
    axes: Axes, columns: Sequence[Column], ends: tuple[float, float], writing: Writing
) -> None:
    """Write the scale's ends and middle beneath."""
    if not columns:
        return
    pen = Pen(axes, writing, ("data", "axes fraction"), SMALL)
    for tick in (ends[0], sum(ends) / 2, ends[1]):
        axes.axvline(tick, color=LINE, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0.5)
        text = writing.cell(tick, columns[0])
        pen.write((tick, 0), text, off=(0, -GAP / 2), va="top", color=SOFT_INK)
