"""What changed: a line a row between two years, or over several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from analysis.evaluation.sections import WITHHELD, Chart, Column, Table
from analysis.figures.canvas import GAP, MARK, SMALL, Pen, bare, heads, margins, points
from analysis.figures.colours import BLUE, GREY, LINE, ORANGE, PAPER, SOFT_INK, Trace, trace
from analysis.figures.line_ends import APART, End, numbers_before, tags_behind
from analysis.figures.reach import drawn, reach
from analysis.figures.writing import GERMAN, WITHHELD_MARK, Writing, value
from analysis.figures.zoom import ticks

RISEN = Trace(BLUE, "o", "-")
FALLEN = Trace(ORANGE, "D", (0, (4, 2)))
SAME = Trace(SOFT_INK, "s", (0, (1, 1.5)))
SLIGHT = Trace(GREY, "o", "-")
BROAD, THIN = 1.7, 0.8
"""Points across a line that is to be seen, and across one of the others."""

MOST_NUMBERED, MOST_COLOURED = 4, 5
"""With more lines than these, only their ends have numbers; only great changes have colours."""


def draw_slopes(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one line a row from the first column to the second; rows that lack one have none."""
    first, second = (table.columns[table.position(key)] for key in chart.columns[:2])
    _ground(axes, reach(table, chart), (0.0, 1.0), (first, second), writing)
    found = drawn(table.rows, [table.position(column.key) for column in (first, second)])
    least = coloured_from([now - then for _row, (then, now) in found])
    for row, (then, now) in found:
        _line(axes, ((0.0, then), (1.0, now)), _look(now - then, least), row.key)
    ends = [
        End((row,), (1.0, now), writing.cell(now, second), line=(then, now))
        for row, (then, now) in found
    ]
    tags_behind(axes, ends, writing)
    numbers_before(
        axes, [(then, writing.cell(then, first)) for _row, (then, _now) in found], writing
    )


def coloured_from(changes: Sequence[float]) -> float:
    """The least change whose line is coloured: of many lines, half of the greatest change.

    Many lines in one colour are seen as none; few are all coloured.
    """
    if len(changes) <= MOST_COLOURED:
        return 0.0
    return max(map(abs, changes)) / 2


def _look(change: float, least: float) -> Trace:
    if not change:
        return SAME
    if abs(change) < least:
        return SLIGHT
    return RISEN if change > 0 else FALLEN


def draw_lines(axes: Axes, table: Table, chart: Chart, writing: Writing = GERMAN) -> None:
    """Draw one line a row over the columns, which are years; what is missing leaves a gap."""
    columns = [table.columns[table.position(key)] for key in chart.columns]
    across = years(columns)
    ends = reach(table, chart)
    _ground(axes, ends, across, columns, writing)
    _scale(axes, ends, columns, writing)
    last = []
    numbered: list[tuple[float, float, Column]] = []
    for number, row in enumerate(table.rows):
        cells = [row.cells[table.position(column.key)] for column in columns]
        spots = [(where, value(cell)) for where, cell in zip(across, cells, strict=True)]
        _line(axes, spots, trace(number), row.key)
        _marks(axes, [w for w, c in zip(across, cells, strict=True) if c is WITHHELD], writing)
        there = [(w, n, c) for (w, n), c in zip(spots, columns, strict=True) if n is not None]
        # A number behind the last year would be read as that year's.
        shown = there if len(table.rows) <= MOST_NUMBERED else there[-1:]
        numbered += [each for each in shown if each[0] != across[-1]]
        if there:
            where, height, column = there[-1]
            tag = writing.cell(height, column) if where == across[-1] else ""
            line = tuple(height for _where, height in spots)
            last.append(End((row,), (where, height), tag, line))
    _numbers(axes, numbered, writing)
    tags_behind(axes, last, writing)


def years(columns: Sequence[Column]) -> tuple[float, ...]:
    """Where the columns stand across: a missing year leaves its room; 0, 1, 2 … for other words."""
    titles = [column.title.strip() for column in columns]
    if all(title.isdecimal() for title in titles):
        numbers = [float(title) for title in titles]
        if all(earlier < later for earlier, later in pairwise(numbers)):
            return tuple(numbers)
    return tuple(float(place) for place in range(len(columns)))


def _ground(
    axes: Axes,
    ends: tuple[float, float],
    across: Sequence[float],
    columns: Sequence[Column],
    writing: Writing,
) -> None:
    first, last = (across[0], across[-1]) if across else (0.0, 1.0)
    sides = (first, last) if first < last else (first - 0.5, last + 0.5)
    bare(axes, writing.interval(*sides), ends)
    for where in across:
        axes.axvline(where, color=LINE, linewidth=0.8, zorder=0.5, clip_on=False)
    edges = margins(axes, writing)
    between = points(axes)[0] / max(len(across) - 1, 1)
    room = min(between, 2 * edges.start, 2 * edges.end) - GAP
    heads(axes, columns, across, room, writing)


def _scale(
    axes: Axes, ends: tuple[float, float], columns: Sequence[Column], writing: Writing
) -> None:
    if not columns:
        return
    pen = Pen(axes, writing, ("axes fraction", "data"), SMALL)
    for tick in ticks(*ends):
        axes.axhline(tick, color=LINE, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0.5)
        text = writing.cell(tick, columns[0])
        where = (1.0 if writing.rtl else 0.0, tick)
        pen.write(where, text, off=(-1.5 * GAP, 0), side="end", color=SOFT_INK)


def _line(axes: Axes, spots: Sequence[tuple[float, float | None]], look: Trace, name: str) -> None:
    slight = look in (SLIGHT, SAME)
    axes.plot(
        [where for where, _height in spots],
        [float("nan") if height is None else height for _where, height in spots],
        color=look.colour,
        linestyle=look.dash,
        linewidth=THIN if slight else BROAD,
        marker=look.marker,
        markersize=3 if slight else 5,
        zorder=1.5 if slight else 2,
        markerfacecolor=look.colour if look.filled else PAPER,
        markeredgecolor=look.colour,
        clip_on=False,
        label=name,
    )


def _marks(axes: Axes, withheld: Sequence[float], writing: Writing) -> None:
    """Mark years whose number may not be shown: at the foot, at no height that would tell it."""
    pen = Pen(axes, writing, ("data", "axes fraction"))
    for where in withheld:
        pen.write((where, 0), WITHHELD_MARK, off=(0, -2 * GAP), bold=True, size=MARK)


def _numbers(axes: Axes, spots: Sequence[tuple[float, float, Column]], writing: Writing) -> None:
    """Write numbers above their marks; none in a year where two of them would touch."""
    backing = {"facecolor": PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
    pen = Pen(axes, writing)
    low, high = axes.get_ylim()
    apart = APART * (high - low) / points(axes)[1]
    for where, height, column in spots:
        others = {h for w, h, _column in spots if w == where and h != height}
        if any(abs(other - height) < apart for other in others):
            continue
        text = writing.cell(height, column)
        pen.write((where, height), text, off=(0, 2.4 * GAP), bbox=backing)
