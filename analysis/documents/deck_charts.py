"""Native charts of a slide: editable in any office program, with exactly the table's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.util import Pt

from analysis.documents.cells import HIDDEN, number
from analysis.documents.deck_frame import BODY_BOX, INK, describe, rgb
from analysis.documents.deck_lines import number_ends, style_line
from analysis.documents.deck_tables import elided
from analysis.evaluation.sections import WITHHELD, Chart, ChartKind, Column, Part, Row
from analysis.figures.colours import BANDS, ink, shades, trace
from analysis.figures.zoom import STEPS, tidy, zoomed

LONGEST_LABEL = 60
FORMATS = {
    "count": "#,##0",
    "points": "#,##0.#",
    "mean": "0.0",
    "share": "0\N{NO-BREAK SPACE}%",
    "change": "+0.0;\N{MINUS SIGN}0.0",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of chart is drawn; `by_row` where every row is a series of its own."""

    kind: Any
    by_row: bool = False
    stacked: bool = False


LOOKS: dict[ChartKind, Look] = {
    "bars": Look(XL_CHART_TYPE.BAR_CLUSTERED),
    "multiples": Look(XL_CHART_TYPE.BAR_CLUSTERED),
    "dots": Look(XL_CHART_TYPE.BAR_CLUSTERED),
    "bands": Look(XL_CHART_TYPE.BAR_STACKED, stacked=True),
    "diverging": Look(XL_CHART_TYPE.BAR_STACKED, stacked=True),
    "slopes": Look(XL_CHART_TYPE.LINE_MARKERS, by_row=True),
    "lines": Look(XL_CHART_TYPE.LINE_MARKERS, by_row=True),
}
"""A heatmap is missing: it is a table on slides too."""


def add_chart(slide: Any, part: Part, rows: Sequence[Row], alternative: str) -> None:
    """The part's chart over some of its rows; nothing withheld is in its data."""
    part = zoomed(part)
    chart = part.chart
    if chart is None:
        raise ValueError(f"{part.key}: a part without a chart")
    look = LOOKS[chart.kind]
    columns = [part.table.columns[part.table.position(key)] for key in chart.columns]
    box = BODY_BOX
    frame = slide.shapes.add_chart(
        look.kind, box.left, box.top, box.width, box.height, _data(part, rows, columns, look)
    )
    describe(frame, part.title, alternative)
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size, drawn.font.color.rgb = Pt(14), INK
    series = len(rows) if look.by_row else len(columns)
    drawn.has_legend = series > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.RIGHT if look.by_row else XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
    _set_axes(drawn, chart, look, _format(columns[0]))
    if look.stacked:
        drawn.value_axis.maximum_scale = _longest(part, rows, columns)
    series_of = list(drawn.plots[0].series)
    if look.by_row:
        for place, each in enumerate(series_of):
            style_line(each, place)
        number_ends(series_of, _values(part, rows, columns), chart.highest - chart.lowest)
        return
    for place, each in enumerate(series_of):
        _colour(each, place, chart, columns, look)


def label(row: Row, drawn: Sequence[Column], part: Part) -> str:
    """A row's name beside its bar: elided where long, marked where a number is withheld."""
    name = row.title
    if len(name) > LONGEST_LABEL:
        worded = any(sign.isalpha() for sign in row.short)
        name = elided(row.short if worded else _beginning(row), LONGEST_LABEL)
    cells = (row.cells[part.table.position(column.key)] for column in drawn)
    return f"{name} ({HIDDEN})" if WITHHELD in cells else name


def _beginning(row: Row) -> str:
    """A long title behind its number, if that is its short name and does not begin it."""
    begins = not row.short or row.title.startswith(row.short)
    return row.title if begins else f"{row.short} {row.title}"


def _data(part: Part, rows: Sequence[Row], columns: Sequence[Column], look: Look) -> Any:
    # python-pptx says nothing of the types it takes.
    data: Any = CategoryChartData(  # type: ignore[no-untyped-call]
        number_format=_format(columns[0])
    )
    if look.by_row:
        data.categories = [column.title for column in columns]
        for row, line in zip(rows, _values(part, rows, columns), strict=True):
            data.add_series(label(row, columns, part), line)
        return data
    places = [part.table.position(column.key) for column in columns]
    data.categories = [label(row, columns, part) for row in rows]
    for column, place in zip(columns, places, strict=True):
        data.add_series(column.title, [number(row.cells[place]) for row in rows])
    return data


def _values(
    part: Part, rows: Sequence[Row], columns: Sequence[Column]
) -> list[list[float | int | None]]:
    """The numbers of each row, in the order of the columns."""
    places = [part.table.position(column.key) for column in columns]
    return [[number(row.cells[place]) for place in places] for row in rows]


def _longest(part: Part, rows: Sequence[Row], columns: Sequence[Column]) -> float:
    """The sum of the longest stack, so that bars take the whole width; 1 where all are empty."""
    places = [part.table.position(column.key) for column in columns]
    sums = [sum(number(row.cells[place]) or 0 for place in places) for row in rows]
    return max(sums, default=0) or 1


def _set_axes(drawn: Any, chart: Chart, look: Look, numbers: str) -> None:
    values, names = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines = look.by_row
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = Pt(14)
    names.format.line.color.rgb = INK
    if look.by_row:
        values.minimum_scale, values.maximum_scale = chart.lowest, chart.highest
        values.tick_labels.font.size = Pt(14)
        values.tick_labels.number_format_is_linked = False
        values.tick_labels.number_format = numbers
        values.major_unit = tidy((chart.highest - chart.lowest) / STEPS)
        return
    names.reverse_order = True  # the first row on top
    values.visible = False  # the numbers stand at the bars
    values.minimum_scale = 0
    if not look.stacked:
        values.maximum_scale = chart.highest
    plot = drawn.plots[0]
    plot.gap_width = 45
    if look.stacked:
        plot.overlap = 100


def _colour(series: Any, place: int, chart: Chart, columns: Sequence[Column], look: Look) -> None:
    colour = _colour_of(place, chart, columns)
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb(colour)
    labels = series.data_labels
    labels.show_value = True
    labels.font.size = Pt(14)
    labels.number_format_is_linked = False
    labels.number_format = _label_format(columns[0], stacked=look.stacked)
    if look.stacked:
        labels.font.color.rgb = rgb(ink(colour))
        labels.position = XL_LABEL_POSITION.CENTER
    else:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _label_format(column: Column, *, stacked: bool) -> str:
    """How the numbers at the bars are written; a nought in a stack has no room and says nothing."""
    plain = _format(column)
    return f"{plain};;" if stacked else plain


def _format(column: Column) -> str:
    return FORMATS.get(column.kind, "General")


def _colour_of(place: int, chart: Chart, columns: Sequence[Column]) -> str:
    if chart.kind == "bands":
        return BANDS[columns[place].key].colour
    if chart.kind == "diverging":
        return shades(len(columns))[place]
    return trace(place).colour
