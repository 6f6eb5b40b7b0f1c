"""What all charts are made of: texts, rows' names, keys, tracks and marks on an axis.

Positions are data or fractions of the axis, distances are points in the direction of reading. Names
stand in the margin beside the axis: whoever makes the axis decides how much room they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.evaluation.sections import Column, Row
from analysis.figures import fonts, words
from analysis.figures.colours import GROUND, INK, LINE, PAPER, SOFT_INK
from analysis.figures.writing import WITHHELD_MARK, Writing

SIZE = 8.5
"""Points of numbers and names."""
SMALL = 8.0
"""Points of heads, keys and scales: the least that is read on paper without effort."""
GAP = 4.0
"""Points between things that belong together."""
MARK = 11.0
"""Points of the mark for what is withheld, which is but a dot."""
INDENT = 7.0
"""Points a level of the tree is set in."""
HEAD_LINES = 2
"""Lines a head or a key's entry has at most."""
KEY_MARK = 4.5 * GAP
"""Points a key's marker takes, with the room around it."""
BAR, THICKEST = 0.66, 14.0
"""Height of a bar as a share of its row, and in points where names make rows high."""

Coordinates = Literal["data", "axes fraction"]


@dataclass(frozen=True, slots=True)
class Margins:
    """Points between an axis and the edges of its figure, at the start and end of reading."""

    start: float
    end: float
    above: float
    below: float


def points(axes: Axes) -> tuple[float, float]:
    """Width and height of an axis in points."""
    scale = 72 / _figure(axes).dpi
    return float(axes.bbox.width * scale), float(axes.bbox.height * scale)


def margins(axes: Axes, writing: Writing) -> Margins:
    """The room for names beside an axis."""
    box, whole = axes.bbox, _figure(axes).bbox
    scale = 72 / _figure(axes).dpi
    left, right = (box.x0 - whole.x0) * scale, (whole.x1 - box.x1) * scale
    start, end = (right, left) if writing.rtl else (left, right)
    return Margins(start, end, (whole.y1 - box.y1) * scale, (box.y0 - whole.y0) * scale)


def _figure(axes: Axes) -> Figure:
    found = axes.get_figure(root=True)
    if found is None:
        raise ValueError("an axis is drawn on only while it belongs to a figure")
    return found


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes on an axis in one language; `at` says what positions mean, across and upwards."""

    axes: Axes
    writing: Writing
    at: tuple[Coordinates, Coordinates] = ("data", "data")
    size: float = SIZE

    def write(
        self,
        where: tuple[float, float],
        text: str,
        *,
        off: tuple[float, float] = (0.0, 0.0),
        side: Literal["start", "center", "end"] = "center",
        **look: Any,
    ) -> None:
        """Put a text, as it is: no mathematics in it, no sign no font has.

        Args:
            off: points ahead and upwards from the place.
            side: which side of the text is at the place.
            look: whatever else matplotlib knows of a text; `bold`, `size` in points.
        """
        size, bold = look.pop("size", self.size), look.pop("bold", False)
        lines = "\n".join(fonts.drawable(line) for line in text.split("\n"))
        align = {"start": self.writing.start, "center": "center", "end": self.writing.end}[side]
        style: dict[str, Any] = {"color": INK, "va": "center", "linespacing": 0.95, **look}
        self.axes.annotate(
            lines,
            where,
            xycoords=self.at,
            xytext=(self.writing.ahead(off[0]), off[1]),
            textcoords="offset points",
            ha=align,
            multialignment=align,
            fontproperties=fonts.font(lines, size, bold=bold),
            parse_math=False,
            annotation_clip=False,
            **style,
        )


def bare(axes: Axes, across: tuple[float, float], upwards: tuple[float, float]) -> None:
    """Leave of an axis nothing but its scale: names and numbers are written where they belong."""
    axes.set_axis_off()
    axes.set_xlim(*across)
    axes.set_ylim(*upwards)


def rows_of(axes: Axes, rows: Sequence[Row], across: tuple[float, float]) -> None:
    """Make room for rows 0, 1, 2 … from the top; what is summed up is set off by a line."""
    bare(axes, across, (max(len(rows), 1) - 0.5, -0.5))
    for place, (upper, lower) in enumerate(zip(rows, rows[1:], strict=False)):
        if upper.summary != lower.summary:
            axes.axhline(place + 0.5, color=LINE, linewidth=0.8, zorder=0.5)


def names(axes: Axes, rows: Sequence[Row], writing: Writing) -> None:
    """Write the rows' names in the margin where reading begins, set in by level."""
    if not rows:
        return
    pen = Pen(axes, writing, ("axes fraction", "data"))
    room = margins(axes, writing).start - 2 * GAP
    lines = max(1, int(points(axes)[1] / len(rows) / (SIZE * words.LINE)))
    for place, row in enumerate(rows):
        inner = min(row.level * INDENT, room / 3)
        label = words.row_label(row, room - inner, lines, SIZE)
        where = (1.0 if writing.rtl else 0.0, place)
        off = (inner - room - GAP, 0.0)
        pen.write(where, "\n".join(label), off=off, side="start", bold=row.summary)


def heads(
    axes: Axes, columns: Sequence[Column], places: Sequence[float], room: float, writing: Writing
) -> None:
    """Write columns' heads above their places, upright where they are too wide for the room."""
    pen = Pen(axes, writing, ("data", "axes fraction"), SMALL)
    above = margins(axes, writing).above - 2 * GAP
    turned = heads_turned(columns, room)
    for column, place in zip(columns, places, strict=True):
        upright = max(1, int(room / (SMALL * words.LINE)))
        across, lines = (above, upright) if turned else (room, HEAD_LINES)
        label = "\n".join(words.wrapped(head(column), across, lines, SMALL))
        look: dict[str, Any] = {"rotation": 90 if turned else 0, "va": "bottom", "color": SOFT_INK}
        pen.write((place, 1.0), label, off=(0.0, GAP), **look)


def head(column: Column) -> str:
    """A column's name where there is little room."""
    return column.short or column.title


def heads_turned(columns: Sequence[Column], room: float) -> bool:
    """Whether a head needs more than two lines of the room, or a word of it more than one."""
    return any(
        words.lines_needed(head(column), room, SMALL) > HEAD_LINES
        or max(fonts.width(word, SMALL) for word in head(column).split(" ")) > room
        for column in columns
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a key: a name with what stands for it, a field of colour or a marker."""

    name: str
    colour: str
    marker: str = "s"
    filled: bool = True


def key(axes: Axes, entries: Sequence[Entry], writing: Writing) -> None:
    """Write a key above an axis, in the order of reading; long names get two lines, then …"""
    here, room = points(axes)[0], margins(axes, writing)
    natural = [natural_width(entry.name) for entry in entries]
    whole = here + room.start + room.end - 2 * GAP
    begin = 0.0 if sum(natural) <= here else GAP - room.start
    fits = sum(natural) <= whole
    cells = natural if fits else [whole / max(len(entries), 1)] * len(entries)
    pen = Pen(axes, writing, ("axes fraction", "axes fraction"), SMALL)
    for entry, cell in zip(entries, cells, strict=True):
        _entry(pen, entry, begin, cell)
        begin += cell


def natural_width(name: str) -> float:
    """The points an entry of a key takes on one line."""
    return fonts.width(fonts.drawable(name), SMALL) + KEY_MARK + GAP


def _entry(pen: Pen, entry: Entry, begin: float, cell: float) -> None:
    where = (1.0 if pen.writing.rtl else 0.0, 1.0)
    lines = words.wrapped(entry.name, cell - KEY_MARK, HEAD_LINES, SMALL)
    label, height = "\n".join(lines), 3.4 * GAP
    pen.write(where, label, off=(begin + 2.6 * GAP, height), side="start", color=SOFT_INK)
    wide, high = points(pen.axes)
    spot = (where[0] + pen.writing.ahead(begin + GAP) / wide, 1 + height / high)
    marker = Line2D(
        [spot[0]],
        [spot[1]],
        transform=pen.axes.transAxes,
        marker=entry.marker,
        markersize=6,
        markerfacecolor=entry.colour if entry.filled else PAPER,
        markeredgecolor=entry.colour,
        linestyle="none",
        clip_on=False,
        label="_key",
    )
    pen.axes.add_line(marker)


def field(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], name: str, **look: Any
) -> None:
    """A rectangle in data, named so that it can be found: `name` is no text of the picture."""
    axes.add_patch(Rectangle(corner, *size, label=name, **{"linewidth": 0, **look}))


def thickness(axes: Axes) -> float:
    """The height of a bar on an axis of rows, as a share of a row."""
    low, high = sorted(axes.get_ylim())
    return min(BAR, THICKEST * (high - low) / points(axes)[1])


def track(axes: Axes, place: float, ends: tuple[float, float]) -> None:
    """The ground of a bar: how long it could be."""
    (low, high), height = ends, thickness(axes)
    field(axes, (low, place - height / 2), (high - low, height), "_track", facecolor=GROUND)


def covered(axes: Axes, place: float, ends: tuple[float, float], writing: Writing) -> None:
    """What stands for a number that may not be shown: the same hatching whatever the number."""
    (low, high), height = ends, thickness(axes)
    look: dict[str, Any] = {
        "facecolor": PAPER,
        "hatch": "////",
        "hatchcolor": LINE,
        "edgecolor": LINE,
    }
    field(axes, (low, place - height / 2), (high - low, height), "_withheld", linewidth=0.5, **look)
    backing = {"facecolor": PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.15"}
    pen = Pen(axes, writing)
    pen.write(((low + high) / 2, place), WITHHELD_MARK, bold=True, size=MARK, bbox=backing)
