"""Names and numbers at the ends of lines: none on another, each joined to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes

from analysis.evaluation.sections import Row
from analysis.figures import fonts, words
from analysis.figures.canvas import GAP, SIZE, Pen, margins, points
from analysis.figures.colours import LINE
from analysis.figures.spread import spread
from analysis.figures.writing import Writing

LEADER = 16.0
"""Points between a line's end and its name, for the thin line that joins them."""
APART = SIZE * words.LINE
"""Points from one name of one line to the next."""
MOST_LINES = 2
"""Of a name."""


@dataclass(frozen=True, slots=True)
class End:
    """Where the line of a row ends, in data, and the number there; "" where it ends early.

    Rows have a line in common if all its numbers, `line`, are the same: one lies on the other, and
    they are named together.
    """

    rows: tuple[Row, ...]
    where: tuple[float, float]
    number: str
    line: tuple[float | None, ...]

    def label(self, room: float, lines: int) -> str:
        """The names, on so many lines of the room in points."""
        if len(self.rows) == 1:
            return "\n".join(words.row_label(self.rows[0], room, lines, SIZE))
        return "\n".join(words.wrapped(joined(self.rows), room, lines, SIZE))


def joined(rows: Sequence[Row]) -> str:
    """The short names of rows one after the other."""
    return ", ".join(row.label for row in rows)


def together(ends: Sequence[End], room: float, lines: int) -> list[End]:
    """Ends of one and the same line made one, if all their names fit."""
    same: dict[tuple[float | None, ...], list[End]] = {}
    for end in ends:
        same.setdefault(end.line, []).append(end)
    found: list[End] = []
    for each in same.values():
        rows = tuple(row for end in each for row in end.rows)
        fits = words.lines_needed(joined(rows), room, SIZE) <= lines
        found += [replace(each[0], rows=rows)] if fits and len(each) > 1 else each
    return found


def tags_behind(axes: Axes, ends: Sequence[End], writing: Writing) -> None:
    """Write number and name behind each line, in the order of the lines' ends."""
    pen = Pen(axes, writing, ("axes fraction", "axes fraction"))
    edge = 0.0 if writing.rtl else 1.0
    numbers = max((fonts.width(end.number, SIZE, True) for end in ends), default=0.0)
    room = margins(axes, writing).end - LEADER - numbers - 3 * GAP
    lines = min(MOST_LINES, max(1, int(points(axes)[1] / max(len(ends), 1) / APART)))
    told = together(ends, room, lines)
    labels = [end.label(room, lines) for end in told]
    most = max((label.count("\n") + 1 for label in labels), default=1)
    gap = APART * most + (GAP if most > 1 else 0.0)
    heights = _apart(axes, [end.where[1] for end in told], gap)
    for end, label, height in zip(told, labels, heights, strict=True):
        _leader(axes, _fraction(axes, end.where), (edge, height), writing)
        pen.write((edge, height), end.number, off=(LEADER + numbers, 0), side="end", bold=True)
        off = (LEADER + numbers + GAP, 0.0)
        pen.write((edge, height), label, off=off, side="start", bold=end.rows[0].summary)


def numbers_before(axes: Axes, numbers: Sequence[tuple[float, str]], writing: Writing) -> None:
    """Write the numbers where the lines begin: (height in data, number)."""
    pen = Pen(axes, writing, ("axes fraction", "axes fraction"))
    edge = 1.0 if writing.rtl else 0.0
    # One number for all lines that begin at one point.
    unlike = sorted(set(numbers))
    heights = _apart(axes, [height for height, _number in unlike], APART)
    for (height, number), place in zip(unlike, heights, strict=True):
        begin = (edge, _fraction(axes, (0.0, height))[1])
        _leader(axes, begin, (edge, place), writing, ahead=-1)
        pen.write((edge, place), number, off=(-LEADER, 0), side="end")


def _apart(axes: Axes, heights: Sequence[float], gap: float) -> list[float]:
    """Heights in data moved apart by so many points, as fractions of the axis."""
    tall = points(axes)[1]
    wanted = [_fraction(axes, (0.0, height))[1] * tall for height in heights]
    return [place / tall for place in spread(wanted, gap, 0.0, tall)]


def _fraction(axes: Axes, where: tuple[float, float]) -> tuple[float, float]:
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return (where[0] - left) / (right - left), (where[1] - low) / (high - low)


def _leader(
    axes: Axes,
    begin: tuple[float, float],
    end: tuple[float, float],
    writing: Writing,
    ahead: int = 1,
) -> None:
    wide = points(axes)[0]
    near, far = (writing.ahead(ahead * d) / wide for d in (GAP, LEADER - GAP / 2))
    axes.plot(
        [begin[0], end[0] + near, end[0] + far],
        [begin[1], begin[1], end[1]],
        transform=axes.transAxes,
        color=LINE,
        linewidth=0.7,
        zorder=0.8,
        clip_on=False,
        label="_leader",
    )
