"""The cells of a part as they stand on a page: text, and behind it a shade, a bar or a swing.

Made here and not by macros of a template: a wave of three hundred units has ten thousand cells, and
many of them are alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from markupsafe import Markup, escape

from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part
from survey.locale import decimal, percent, signed
from survey.locale import desk_gettext as _
from survey.messages import bands

LEAST_REACH = 0.001
"""An axis whose ends are the same is not divided by."""
SHADES = 4
MIDDLE = SHADES // 2 + 1
BARRED = ("bars", "multiples")
SVG = (
    '<svg class="%s" viewBox="%s" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
)
SHAPES = {
    "red": '<path d="M1 1h14v14H1z"/>',
    "yellow": '<path d="M8 1l7.5 13.5H.5z"/>',
    "green": '<circle cx="8" cy="8" r="7"/>',
}
"""A form for each colour: nobody has to tell them apart by it."""
NUMBERS: dict[str, Callable[[float], str]] = {"share": percent, "change": signed, "mean": decimal}


def cells_of(part: Part) -> list[Markup]:
    """The cells of every row, each row as one text."""
    drawn = [lru_cache(None, typed=True)(partial(_cell, part.chart, c)) for c in part.table.columns]
    return [
        Markup("".join(draw(cell) for draw, cell in zip(drawn, row.cells, strict=True)))  # noqa: S704  # escaped below
        for row in part.table.rows
    ]


def _cell(chart: Chart | None, column: Column, cell: Cell) -> str:
    value = _value(column, cell)
    number = cell if isinstance(cell, int | float) else None
    if chart and chart.kind == "heatmap" and column.key in chart.columns:
        step = "" if number is None else f" shade-{_shade(number, chart)}"
        return f'<td class="shade{step}">{value}</td>'
    if column.kind == "text":
        return f'<td dir="auto">{value}</td>'
    picture = "" if chart is None or number is None else _picture(chart, column, number)
    return f'<td class="number">{value}{picture}</td>'


def _value(column: Column, cell: Cell) -> str:
    if cell is None:
        return '<span class="nothing">–</span>'
    if cell is WITHHELD:
        why = _("wird nicht gezeigt")
        return f'<span title="{escape(why)}">·</span>'
    if isinstance(cell, str):
        return _badge(cell) if column.kind == "band" else str(escape(cell))
    write = NUMBERS.get(column.kind, decimal if isinstance(cell, float) else str)
    return str(escape(write(cell)))


def _badge(band: str) -> str:
    frame = '<svg class="shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" '
    shape = f'{frame}focusable="false">{SHAPES[band]}</svg>'
    return f'<span class="band band-{band}">{shape} {escape(bands()[band])}</span>'


def _shade(value: float, chart: Chart) -> int:
    step = round((value - chart.lowest) * SHADES / _reach(chart)) + 1
    if chart.lowest < 0 and value and step == MIDDLE:
        # A change, however small, is no standstill.
        return MIDDLE + (1 if value > 0 else -1)
    return step


def _reach(chart: Chart) -> float:
    return max(chart.highest - chart.lowest, LEAST_REACH)


def _picture(chart: Chart, column: Column, value: float) -> str:
    if chart.kind in BARRED and column.key in chart.columns:
        return _bar((value - chart.lowest) / _reach(chart))
    return _swing(value, chart) if column.kind == "change" else ""


def _bar(share: float) -> str:
    width = round(100 * min(share, 1), 1)
    back = '<rect class="bar-back" width="100" height="8"/>'
    fill = f'<rect class="bar-fill" width="{width}" height="8"/>'
    return f"{SVG % ('bar', '0 0 100 8')}{back}{fill}</svg>"


def _swing(value: float, chart: Chart) -> str:
    """A difference: to the left less, to the right more."""
    width = 50 * min(abs(value) / max((chart.highest - chart.lowest) / 2, LEAST_REACH), 1)
    name, start = ("less", -width) if value < 0 else ("more", 0)
    rect = (
        f'<rect class="swing-{name}" x="{round(start, 1)}" width="{round(width, 1)}" height="8"/>'
    )
    middle = '<path class="middle" d="M0 0v8"/>'
    return f"{SVG % ('bar swing', '-50 0 100 8')}{rect}{middle}</svg>"
