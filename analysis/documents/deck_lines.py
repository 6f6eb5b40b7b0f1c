"""Lines of a native chart: told apart without colour, and numbered only where that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from analysis.documents.deck_frame import rgb
from analysis.figures.colours import trace

NUMBER_SIZE = 14
APART = 0.07
"""Share of the axis two numbers are apart that do not touch, on a chart as high as a slide's."""
LARGEST_MARKER, SMALLEST_MARKER = 12, 6
MARKERS = {
    "o": XL_MARKER_STYLE.CIRCLE,
    "D": XL_MARKER_STYLE.DIAMOND,
    "s": XL_MARKER_STYLE.SQUARE,
    "^": XL_MARKER_STYLE.TRIANGLE,
    "v": XL_MARKER_STYLE.X,
    "P": XL_MARKER_STYLE.PLUS,
}
DASHES = (
    *(MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT),
    *(MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH, MSO_LINE.DASH_DOT_DOT),
)
Values = Sequence[Sequence[float | None]]


def style_line(series: Any, place: int) -> None:
    """Colour, dash and marker of a line by its place; what lies beneath another is still seen."""
    look = trace(place)
    tone = rgb(look.colour)
    series.smooth = False
    line = series.format.line
    line.color.rgb, line.width, line.dash_style = tone, Pt(2.5), DASHES[place % len(DASHES)]
    marker = series.marker
    marker.style = MARKERS[look.marker]
    marker.size = max(SMALLEST_MARKER, LARGEST_MARKER - 2 * place)
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = tone
    marker.format.line.color.rgb = tone


def number_ends(all_series: Sequence[Any], lines: Values, span: float) -> None:
    """Write the numbers where the lines begin and end, if there none would lie on another.

    Args:
        lines: the values of each series, in their order.
        span: the length of the axis.
    """
    last = max(map(len, lines), default=0) - 1
    ends = ((0, XL_LABEL_POSITION.LEFT), (last, XL_LABEL_POSITION.RIGHT))
    for point, side in ends[: 2 if last > 0 else 1]:
        values = [line[point] for line in lines]
        for place in numbered(values, span):
            label = all_series[place].points[point].data_label
            label.font.size = Pt(NUMBER_SIZE)
            label.position = side


def numbered(values: Sequence[float | None], span: float) -> list[int]:
    """Which of the values at one end are written: each once, or none where two are too near."""
    first: dict[float, int] = {}
    for place, value in enumerate(values):
        if value is not None:
            first.setdefault(value, place)
    near = any(high - low < APART * span for low, high in pairwise(sorted(first)))
    return [] if near else list(first.values())
