"""Native charts of a workbook: each draws cells that stand on its own sheet, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart import Chart as NativeChart

from analysis.evaluation.sections import Chart, ChartKind, Part
from analysis.files.book import BANDS, BLUE, GREY, INK, ORANGE, Page, legible

MOST_ROWS = 40
"""Beyond this no chart is legible: the cells are shaded instead."""
WIDTH, LINE_HEIGHT, ROW_HEIGHT = 960, 22, 20
"""In pixels: a chart, one of its bars, a row of the sheet."""
RAMP = ("#D9822B", "#EDC08F", "#E3E3E3", "#95B3CF", "#2D5F8B")
"""From refusal to agreement; legible in grey and without red and green."""
PALETTE = (BLUE, ORANGE, "#5B8E7D", "#7A5195", "#9A7B4F", "#4A5568")
NO_ZERO = "0;;"
FORMATS = {"count": "0", "mean": "0.0", "share": "0%", "points": "0", "change": "+0.0;-0.0;0.0"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a table stands: its head, its rows, the column of labels and the first of cells."""

    page: Page
    part: Part
    head: int
    first: int
    last: int
    labels: int
    cells: int

    def column(self, key: str) -> int:
        """The sheet's column of a table's column."""
        return self.cells + self.part.table.position(key)

    def down(self, column: int) -> list[Any]:
        """The cells of all rows in one column of the sheet."""
        return [self.page.name, self.first, column, self.last, column]


Drawer = Callable[[Spot, Chart], None]


def draw(spot: Spot) -> None:
    """Show the part's chart below its table, or by shading its cells; moves the page on."""
    chart = spot.part.chart
    if chart is None or spot.last < spot.first:
        return
    height = height_of(spot)
    (DRAWERS[chart.kind] if height else _shaded)(spot, chart)
    if height:
        spot.page.row += height // ROW_HEIGHT + 2


def height_of(spot: Spot) -> int:
    """The chart's height in pixels; 0 where there is none, or the cells are shaded instead."""
    rows = spot.last - spot.first + 1
    if spot.part.chart is None or not 1 <= rows <= MOST_ROWS:
        return 0
    beyond_bars = {"heatmap": 0, "slopes": 440, "lines": 340, "dots": 340}
    return beyond_bars.get(spot.part.chart.kind, max(220, 110 + LINE_HEIGHT * rows))


def _shaded(spot: Spot, chart: Chart) -> None:
    scale: dict[str, Any] = {
        "type": "3_color_scale",
        "min_color": ORANGE,
        "mid_color": "#F7F7F7",
        "max_color": "#5B8DB8",
    }
    if chart.highest > chart.lowest:
        # The same colour for the same number in every table of the same scale.
        middle = (chart.lowest + chart.highest) / 2
        scale |= {f"{end}_type": "num" for end in ("min", "mid", "max")}
        scale |= {"min_value": chart.lowest, "mid_value": middle, "max_value": chart.highest}
    places = [spot.column(key) for key in chart.columns]
    first, last = min(places), max(places)
    spot.page.sheet.conditional_format(spot.first, first, spot.last, last, scale)


def _bars(spot: Spot, chart: Chart) -> None:
    """One panel of bars a column, side by side."""
    width = WIDTH // len(chart.columns)
    for number, key in enumerate(chart.columns):
        native = _new(spot, "bar")
        native.add_series({**_series(spot, key, PALETTE[0]), "gap": 40})
        _across(native, chart, spot, key)
        title = spot.part.table.columns[spot.part.table.position(key)].title
        title = title if len(chart.columns) > 1 else ""
        _place(spot, native, chart, (width, height_of(spot)), number * width, title)


def _stacked(spot: Spot, chart: Chart, subtype: str, colours: Iterable[str]) -> None:
    native = _new(spot, "bar", subtype)
    for key, colour in zip(chart.columns, colours, strict=True):
        series = _series(spot, key, colour)
        native.add_series({**series, "gap": 40, "overlap": 100, "border": {"color": "white"}})
    _across(native, chart, spot, "", percent=subtype == "percent_stacked")
    _place(spot, native, chart, (WIDTH, height_of(spot)))


def _bands(spot: Spot, chart: Chart) -> None:
    _stacked(spot, chart, "stacked", [BANDS.get(key, GREY) for key in chart.columns])


def _diverging(spot: Spot, chart: Chart) -> None:
    _stacked(spot, chart, "percent_stacked", ramp(len(chart.columns)))


def ramp(steps: int) -> list[str]:
    """So many colours from orange over grey to blue."""
    most = max(steps - 1, 1)
    return [RAMP[round(step * (len(RAMP) - 1) / most)] for step in range(steps)]


def _slopes(spot: Spot, chart: Chart) -> None:
    """A line a row, named at its end: blue where it rises, orange where it falls."""
    native = _lines_of_rows(spot, chart, _direction)
    native.set_legend({"none": True})
    _place(spot, native, chart, (WIDTH, height_of(spot)))


def _lines(spot: Spot, chart: Chart) -> None:
    native = _lines_of_rows(spot, chart, lambda _spot, _chart, n: PALETTE[n % len(PALETTE)])
    native.set_legend({"position": "bottom"})
    _place(spot, native, chart, (WIDTH, height_of(spot)))


def _lines_of_rows(
    spot: Spot, chart: Chart, colour: Callable[[Spot, Chart, int], str]
) -> NativeChart:
    native = _new(spot, "line")
    first, last = spot.column(chart.columns[0]), spot.column(chart.columns[-1])
    names = {"series_name": True, "position": "right", "font": {"size": 8, "color": INK}}
    hidden = [{"delete": True}] * (len(chart.columns) - 1)
    for number in range(spot.last - spot.first + 1):
        row, ink = spot.first + number, colour(spot, chart, number)
        series: dict[str, Any] = {
            "name": [spot.page.name, row, spot.labels],
            "categories": [spot.page.name, spot.head, first, spot.head, last],
            "values": [spot.page.name, row, first, row, last],
            "line": {"color": ink, "width": 2},
            "marker": {"type": "circle", "size": 6, "fill": {"color": ink}},
        }
        if chart.kind == "slopes":
            series["data_labels"] = {**names, "custom": [*hidden, {}]}
        native.add_series(series)
    native.show_blanks_as("gap")
    native.set_y_axis(_upwards(spot, chart))
    return native


def _direction(spot: Spot, chart: Chart, number: int) -> str:
    cells, position = spot.part.table.rows[number].cells, spot.part.table.position
    first, last = cells[position(chart.columns[0])], cells[position(chart.columns[-1])]
    if isinstance(first, int | float) and isinstance(last, int | float) and first != last:
        return BLUE if last > first else ORANGE
    return "#7B8794"


def _dots(spot: Spot, chart: Chart) -> None:
    """A dot a row and column; the first column is the large one."""
    native = _new(spot, "line")
    for number, key in enumerate(chart.columns):
        ink = (ORANGE, BLUE, "#7B8794", *PALETTE[2:])[number % 6]
        series = _series(spot, key, ink, labels=False)
        size = 11 if number == 0 else 7
        marker = {"type": "circle", "size": size, "fill": {"color": ink}, "border": {"color": ink}}
        native.add_series({**series, "line": {"none": True}, "marker": marker})
    native.set_y_axis(_upwards(spot, chart))
    native.set_x_axis({"major_gridlines": _grid(), "num_font": {"size": 9}})
    native.set_legend({"position": "bottom"})
    _place(spot, native, chart, (WIDTH, height_of(spot)))


def _new(spot: Spot, kind: str, subtype: str = "") -> NativeChart:
    options = {"type": kind, "subtype": subtype} if subtype else {"type": kind}
    native: NativeChart = spot.page.book.file.add_chart(options)
    return native


def _series(spot: Spot, key: str, colour: str, *, labels: bool = True) -> dict[str, Any]:
    place = spot.column(key)
    kind = spot.part.table.columns[spot.part.table.position(key)].kind
    shown = {"value": True, "num_format": NO_ZERO if kind == "count" else FORMATS.get(kind, "0")}
    return {
        "name": [spot.page.name, spot.head, place],
        "categories": spot.down(spot.labels),
        "values": spot.down(place),
        "fill": {"color": colour},
        **({"data_labels": {**shown, "font": {"size": 9}}} if labels else {}),
    }


def _across(
    native: NativeChart, chart: Chart, spot: Spot, key: str, *, percent: bool = False
) -> None:
    """Bars from the side, first row on top, as in the table."""
    native.set_y_axis({"reverse": True, "num_font": {"size": 9}, "major_tick_mark": "none"})
    axis: dict[str, Any] = {"major_gridlines": _grid(), "label_position": "high"}
    if key:
        kind = spot.part.table.columns[spot.part.table.position(key)].kind
        steps = 5 if len(chart.columns) == 1 else 2  # narrow panels have room for three numbers
        unit = (chart.highest - chart.lowest) / steps
        axis |= {**_scale(chart), "num_format": FORMATS.get(kind, "0")}
        axis |= {"major_unit": unit} if unit > 0 else {}
        native.set_legend({"none": True})
    else:
        axis |= {"num_format": "0%" if percent else "0"}
        native.set_legend({"position": "bottom"})
    native.set_x_axis(axis)


def _upwards(spot: Spot, chart: Chart) -> dict[str, Any]:
    """The axis of lines and dots, its numbers written as those of its columns."""
    kind = spot.part.table.columns[spot.part.table.position(chart.columns[0])].kind
    shown = FORMATS["share"] if kind == "share" else "General"
    return {**_scale(chart), "num_format": shown, "major_gridlines": _grid()}


def _scale(chart: Chart) -> dict[str, float]:
    return {"min": chart.lowest, "max": chart.highest} if chart.highest > chart.lowest else {}


def _grid() -> dict[str, Any]:
    return {"visible": True, "line": {"color": "#D9DEE3", "width": 0.75}}


def no_reference(title: str) -> str:
    """The title, which XlsxWriter would take for a cell's address where it holds one (`x!A1`)."""
    return legible(title).replace("!", "!\N{WORD JOINER}")


def _place(
    spot: Spot,
    native: NativeChart,
    chart: Chart,
    size: tuple[int, int],
    right: int = 0,
    title: str = "",
) -> None:
    font = {"size": 11, "bold": True, "color": INK}
    native.set_title({"name": no_reference(title or chart.title), "name_font": font})
    native.set_size({"width": size[0], "height": size[1]})
    native.set_chartarea({"border": {"none": True}})
    spot.page.sheet.insert_chart(
        spot.page.row + 1,
        0,
        native,
        {"x_offset": right, "object_position": 2, "description": legible(chart.alternative)},
    )


DRAWERS: dict[ChartKind, Drawer] = {
    "bars": _bars,
    "bands": _bands,
    "diverging": _diverging,
    "heatmap": _shaded,
    "multiples": _bars,
    "slopes": _slopes,
    "dots": _dots,
    "lines": _lines,
}
