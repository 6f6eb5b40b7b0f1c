"""Stacked bars of counts: of the official colours, and of answers from refusal to agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes

from analysis.evaluation.sections import WITHHELD, Chart, Column, Row, Table
from analysis.figures import fonts
from analysis.figures.canvas import (
    GAP,
    SIZE,
    Entry,
    Pen,
    covered,
    field,
    key,
    names,
    points,
    rows_of,
    thickness,
)
from analysis.figures.colours import BANDS, PAPER, SOFT_INK, Band, ink, shades
from analysis.figures.reach import before_middle, reach, stack
from analysis.figures.writing import GERMAN, NOTHING_MARK, Writing


@dataclass(frozen=True, slots=True)
class Segment:
    """How one column's part of the bars looks."""

    column: Column
    colour: str
    band: Band | None = None


def draw_bands(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one stacked bar a row, of counts of colours, each with the shape that says the same."""
    columns = [table.columns[table.position(key)] for key in chart.columns]
    other = shades(len(columns))
    segments = [
        Segment(column, BANDS[column.key].colour, BANDS[column.key])
        if column.key in BANDS
        else Segment(column, colour)
        for column, colour in zip(columns, other, strict=True)
    ]
    _stacked(axes, table, chart, writing, segments)


def draw_diverging(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one stacked bar a row, of counts from refusal to agreement, its middle at zero."""
    columns = [table.columns[table.position(key)] for key in chart.columns]
    colours = shades(len(columns))
    segments = [Segment(each, colour) for each, colour in zip(columns, colours, strict=True)]
    _stacked(axes, table, chart, writing, segments)
    if table.rows:
        axes.axvline(0, color=SOFT_INK, linewidth=0.8, zorder=0.8)


def _stacked(
    axes: Axes, table: Table, chart: Chart, writing: Writing, segments: Sequence[Segment]
) -> None:
    ends = reach(table, chart)
    rows_of(axes, table.rows, writing.interval(*ends))
    for place, row in enumerate(table.rows):
        cells = [row.cells[table.position(each.column.key)] for each in segments]
        lengths = stack(cells)
        if WITHHELD in cells:
            covered(axes, place, ends, writing)
        elif lengths is None:
            Pen(axes, writing).write((max(ends[0], 0), place), NOTHING_MARK, off=(GAP, 0))
        else:
            before = before_middle(lengths) if chart.kind == "diverging" else 0.0
            _bar(axes, (place, row), lengths, before, segments, writing)
    names(axes, table.rows, writing)
    key(axes, [_entry(each) for each in segments], writing)


def _bar(
    axes: Axes,
    at: tuple[int, Row],
    lengths: Sequence[float],
    before: float,
    segments: Sequence[Segment],
    writing: Writing,
) -> None:
    (place, row), height = at, thickness(axes)
    starts = accumulate(lengths, initial=-before)
    for segment, begin, length in zip(segments, starts, lengths, strict=False):
        if not length:
            continue
        look = {"facecolor": segment.colour, "edgecolor": PAPER, "linewidth": 0.6}
        if segment.band is not None:
            look |= {"hatch": segment.band.hatch, "hatchcolor": segment.band.hatch_colour}
        name = f"{row.key} {segment.column.key}"
        field(axes, (begin, place - height / 2), (length, height), name, **look)
        _count(axes, (begin + length / 2, place), length, segment, writing)


def _count(
    axes: Axes, where: tuple[float, float], length: float, segment: Segment, writing: Writing
) -> None:
    """Write a count into its segment where it fits; with its shape where that fits, too."""
    low, high = sorted(axes.get_xlim())
    room = length * points(axes)[0] / (high - low) - 3
    number = writing.cell(length, segment.column)
    shaped = [f"{segment.band.shape} {number}"] if segment.band else []
    text = next((t for t in [*shaped, number] if fonts.width(t, SIZE, True) <= room), "")
    if not text:
        return
    look: dict[str, Any] = {"color": ink(segment.colour), "bold": True}
    if segment.band is not None and segment.band.hatch:
        look["bbox"] = {
            "facecolor": segment.colour,
            "edgecolor": "none",
            "boxstyle": "square,pad=0.12",
        }
    Pen(axes, writing).write(where, text, **look)


def _entry(segment: Segment) -> Entry:
    marker = segment.band.marker if segment.band else "s"
    return Entry(segment.column.title, segment.colour, marker)
