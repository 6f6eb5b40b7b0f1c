"""Which charts a document shows as pictures, and which tables are their own chart."""

from __future__ import annotations

from dataclasses import replace

from analysis import figures
from analysis.evaluation.sections import Part

WIDTH = 170.0
"""Millimetres between the margins of a page of A4."""
DOTS = 200
"""Points an inch of pictures that cannot be enlarged."""

MOST_ROWS = 40
"""More do not fit a page; then the table says it alone, shaded where it can be."""
MOST_BARS = 15
"""Beyond it bars stand in the table's own cells, which is shorter and keeps them with the names."""


def pictured(part: Part) -> bool:
    """Whether a chart is drawn beside the part's table.

    A heatmap is the table itself, shaded: its numbers stay text that can be read aloud and copied.
    """
    if part.chart is None or not part.table.rows:
        return False
    rows = len(part.table.rows)
    if part.chart.kind in ("bars", "multiples"):
        return rows <= MOST_BARS
    return part.chart.kind != "heatmap" and rows <= MOST_ROWS


def alternative(part: Part) -> str:
    """What a chart says to whoever does not see it; "" without one."""
    return f"{part.chart.title}. {part.chart.alternative}" if part.chart else ""


def drawn(part: Part, language: str, width_mm: float = WIDTH) -> list[str]:
    """The chart as SVG, page by page, without its title: documents set that as text."""
    pages = figures.pages(_untitled(part), language, width_mm)
    return [figures.svg(page, language, width_mm=width_mm).decode() for page in pages]


def drawn_for_word(part: Part, language: str) -> list[bytes]:
    """The same as PNG, which every word processor shows."""
    pages = figures.pages(_untitled(part), language, WIDTH)
    return [figures.png(page, language, dpi=DOTS, width_mm=WIDTH) for page in pages]


def _untitled(part: Part) -> Part:
    return replace(part, chart=replace(part.chart, title="")) if part.chart else part
