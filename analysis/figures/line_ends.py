"""Names and numbers at the ends of lines: none on another, each joined to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
"""Points from one name to the next."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a row's line ends, in data, and the number there; "" where it ends early."""

    row: Row
    where: tuple[float, float]
    number: str


def tags_behind(axes: Axes, ends: Sequence[End], writing: Writing) -> None:
    """Write number and name behind each line, in the order of the lines' ends."""
    pen = Pen(axes, writing, ("axes fraction", "axes fraction"))
    edge = 0.0 if writing.rtl else 1.0
    numbers = max((fonts.width(end.number, SIZE, True) for end in ends), default=0.0)
    room = margins(axes, writing).end - LEADER - numbers - 3 * GAP
    for end, height in zip(ends, _apart(axes, [e.where[1] for e in ends]), strict=True):
        _leader(axes, _fraction(axes, end.where), (edge, height), writing)
        pen.write((edge, height), end.number, off=(LEADER + numbers, 0), side="end", bold=True)
        label = "".join(words.row_label(end.row, room, 1, SIZE))
        off = (LEADER + numbers + GAP, 0.0)
        pen.write((edge, height), label, off=off, side="start", bold=end.row.summary)


def numbers_before(axes: Axes, numbers: Sequence[tuple[float, str]], writing: Writing) -> None:
    """Write the numbers where the lines begin: (height in data, number)."""
    pen = Pen(axes, writing, ("axes fraction", "axes fraction"))
    edge = 1.0 if writing.rtl else 0.0
    # One number for all lines that begin at one point.
    unlike = sorted(set(numbers))
    heights = _apart(axes, [height for height, _number in unlike])
    for (height, number), place in zip(unlike, heights, strict=True):
        begin = (edge, _fraction(axes, (0.0, height))[1])
        _leader(axes, begin, (edge, place), writing, ahead=-1)
        pen.write((edge, place), number, off=(-LEADER, 0), side="end")


def _apart(axes: Axes, heights: Sequence[float]) -> list[float]:
    """Heights in data moved apart, as fractions of the axis."""
    tall = points(axes)[1]
    wanted = [_fraction(axes, (0.0, height))[1] * tall for height in heights]
    return [place / tall for place in spread(wanted, APART, 0.0, tall)]


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
