"""How large a figure is, and how many rows go on one page; all lengths in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from analysis.evaluation.sections import Chart, ChartKind, Part, Row, Table
from analysis.figures import fonts, words
from analysis.figures.bars import PANEL_GAP, VALUE_ROOM
from analysis.figures.canvas import (
    GAP,
    HEAD_LINES,
    INDENT,
    SIZE,
    SMALL,
    head,
    heads_turned,
    natural_width,
)
from analysis.figures.dots import MOST_NUMBERS, NUMBER_ROOM
from analysis.figures.line_ends import APART, LEADER, MOST_LINES
from analysis.figures.reach import reach
from analysis.figures.writing import Writing, value
from analysis.figures.zoom import zoomed

POINT = 72 / 25.4
"""Points in a millimetre."""
TITLE = 10.5
TITLE_LINES = 5
PAGE = 230 * POINT
"""The highest figure that goes on a page of A4, with a line of text."""
ROWS_A_PAGE = 40

HEAD = 2 * GAP
"""Points between a head, the axis beneath and the title above."""
KEY = 5 * GAP
"""Points from the axis to the top of a key of one line."""
TALLEST_HEAD = 130.0
SCALE = 16.0
"""Points of a scale's numbers beneath an axis."""
FEW_ROWS = 12
"""With more rows than these, names have two lines at most, else three."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of chart needs: points, and the share of the width its rows' names may take."""

    row: float
    names: float
    above: float
    below: float
    end: float = 2 * GAP
    least: float = 0.0
    most: int = ROWS_A_PAGE


SHAPES: dict[ChartKind, Shape] = {
    "bars": Shape(16, 0.42, above=GAP, below=SCALE, end=VALUE_ROOM + GAP),
    "bands": Shape(24, 0.34, above=KEY, below=GAP, end=3 * GAP),
    "diverging": Shape(19, 0.42, above=KEY, below=GAP, end=3 * GAP),
    "heatmap": Shape(15, 0.36, above=HEAD, below=GAP),
    "multiples": Shape(13, 0.36, above=HEAD, below=SCALE, end=0),
    "dots": Shape(18, 0.42, above=KEY + GAP, below=SCALE),
    "slopes": Shape(APART, 0.44, above=HEAD, below=2 * GAP, least=170, most=24),
    "lines": Shape(APART, 0.40, above=HEAD, below=4 * GAP, least=170, most=8),
}
LINES_OF_ROWS: tuple[ChartKind, ...] = ("slopes", "lines")
"""Kinds whose rows are named at their ends."""
KEYED: tuple[ChartKind, ...] = ("bands", "diverging", "dots")
"""Kinds whose columns are named in a key."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A figure's size, its words in lines, and the margins around its axis, in points."""

    width: float
    height: float
    title: tuple[str, ...]
    notes: tuple[str, ...]
    start: float
    end: float
    above: float
    below: float

    def box(self, writing: Writing) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the axis, as fractions of the figure."""
        left = self.end if writing.rtl else self.start
        wide = self.width - self.start - self.end
        tall = self.height - self.above - self.below
        return left / self.width, self.below / self.height, wide / self.width, tall / self.height


def chart_of(part: Part) -> Chart:
    """A part's chart. Raises ValueError if it has none."""
    if part.chart is None:
        raise ValueError(f"part {part.key!r} has no chart: show its table")
    return part.chart


def plan(part: Part, writing: Writing, width_mm: float, notes: Sequence[str]) -> Plan:
    """Size and margins of the figure of all of a part's rows."""
    chart, table, width = chart_of(part), part.table, width_mm * POINT
    shape = SHAPES[chart.kind]
    across = width - 2 * GAP
    title = words.wrapped(chart.title, across, TITLE_LINES, TITLE, bold=True)
    explained = tuple(line for note in notes for line in words.wrapped(note, across, 2, SMALL))
    start, end = _sides(table, chart, width, writing)
    above = len(title) * TITLE * words.LINE + 3 * GAP
    above += _head(table, chart, width, (start, end))
    below = shape.below + len(explained) * SMALL * words.LINE + (2 * GAP if explained else GAP)
    body = max(shape.least, len(table.rows) * _row(table, chart, start, width), 2 * SIZE)
    return Plan(width, above + body + below, title, explained, start, end, above, below)


def pages(part: Part, writing: Writing, width_mm: float) -> tuple[Part, ...]:
    """A part in parts whose figures each go on a page, numbered, all with the same scale."""
    part = zoomed(part)
    chart, rows = chart_of(part), part.table.rows
    whole = plan(part, writing, width_mm, ("", "", ""))
    each = _row(part.table, chart, whole.start, width_mm * POINT)
    frame = whole.above + whole.below + 4 * SMALL
    most = max(1, min(SHAPES[chart.kind].most, int((PAGE - frame) / each)))
    number = max(1, ceil(len(rows) / most))
    if number == 1:
        return (part,)
    low, high = reach(part.table, chart)
    return tuple(
        replace(
            part,
            table=replace(part.table, rows=_share(rows, page, number)),
            chart=replace(
                chart, title=f"{chart.title} ({page + 1}/{number})", lowest=low, highest=high
            ),
        )
        for page in range(number)
    )


def _share(rows: tuple[Row, ...], page: int, number: int) -> tuple[Row, ...]:
    """The rows of one of so many pages, which differ by one row at most."""
    return rows[len(rows) * page // number : len(rows) * (page + 1) // number]


def _row(table: Table, chart: Chart, start: float, width: float) -> float:
    """The height of a row: what its chart needs, or its names."""
    least = SHAPES[chart.kind].row
    if chart.kind in LINES_OF_ROWS:
        cut = _widest_name(table) + 3 * GAP > SHAPES[chart.kind].names * width
        return least * MOST_LINES + GAP if cut else least
    room = start - 2 * GAP
    most = 3 if len(table.rows) <= FEW_ROWS else 2
    needed = (
        words.lines_needed(row.title, room - row.level * INDENT, SIZE, bold=row.summary)
        for row in table.rows
    )
    lines = min(most, max(needed, default=1))
    # Names of several lines are kept apart, or they read as one text.
    return max(least, lines * SIZE * words.LINE + (GAP if lines == 1 else 1.4 * GAP))


def _sides(table: Table, chart: Chart, width: float, writing: Writing) -> tuple[float, float]:
    """The margins where reading begins and ends: as wide as what stands there, within limits."""
    shape = SHAPES[chart.kind]
    named = min(_widest_name(table) + 3 * GAP, shape.names * width)
    if chart.kind in LINES_OF_ROWS:
        numbers = _widest_number(table, chart, writing)
        return numbers + LEADER + 2 * GAP, named + numbers + LEADER + 2 * GAP
    if chart.kind == "dots":
        return named, min(len(chart.columns), MOST_NUMBERS) * NUMBER_ROOM + 2 * GAP
    return named, shape.end


def _widest_name(table: Table) -> float:
    return max(
        (
            fonts.width(fonts.drawable(row.title), SIZE, row.summary) + row.level * INDENT
            for row in table.rows
        ),
        default=0.0,
    )


def _widest_number(table: Table, chart: Chart, writing: Writing) -> float:
    columns = [table.columns[table.position(key)] for key in chart.columns]
    texts = [writing.cell(end, c) for c in columns for end in reach(table, chart)]
    texts += [
        writing.cell(row.cells[table.position(column.key)], column)
        for column in columns
        for row in table.rows
        if value(row.cells[table.position(column.key)]) is not None
    ]
    return max((fonts.width(text, SIZE, True) for text in texts), default=0.0)


def _head(table: Table, chart: Chart, width: float, sides: tuple[float, float]) -> float:
    """The height of what stands above an axis: a key, or heads, upright where they are narrow."""
    least = SHAPES[chart.kind].above
    columns = [table.columns[table.position(key)] for key in chart.columns]
    if not columns or chart.kind == "bars":
        return least
    if chart.kind in KEYED:
        fits = sum(natural_width(column.title) for column in columns) <= width - 2 * GAP
        return least if fits else least + SMALL * words.LINE
    room = _head_room(chart, width - sum(sides), sides)
    if chart.kind == "heatmap" and heads_turned(columns, room):
        widest = max(fonts.width(fonts.drawable(head(column)), SMALL) for column in columns)
        return min(widest + 2 * GAP, TALLEST_HEAD)
    lines = max(words.lines_needed(head(column), room, SMALL) for column in columns)
    return least + min(lines, HEAD_LINES) * SMALL * words.LINE


def _head_room(chart: Chart, across: float, sides: tuple[float, float]) -> float:
    """The width of a head: its column's; at the ends of lines not more than stands beside them."""
    if chart.kind in LINES_OF_ROWS:
        return min(across / max(len(chart.columns) - 1, 1), *(2 * side for side in sides)) - GAP
    return across / len(chart.columns) - PANEL_GAP
