"""Charts of an evaluation for print, by matplotlib: for the worker, never for a web worker.

Pages show tables, which are their own charts; documents and files show these figures. All is drawn
from the evaluation's frozen tables, and nothing is computed but where it stands.
"""

from __future__ import annotations

import logging

# A service often has no home of its own. matplotlib then keeps its list of fonts in a temporary
# folder, which is right, and advises against it at every start.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from analysis.figures.bars import draw_bars, draw_multiples  # noqa: E402  # after the line above
from analysis.figures.cells import draw_heatmap  # noqa: E402
from analysis.figures.dots import draw_dots  # noqa: E402
from analysis.figures.page import (  # noqa: E402
    DRAW,
    WIDTH,
    figure,
    figures,
    pages,
    pdf,
    png,
    svg,
)
from analysis.figures.stacked import draw_bands, draw_diverging  # noqa: E402
from analysis.figures.trends import draw_lines, draw_slopes  # noqa: E402

__all__ = [
    "DRAW",
    "WIDTH",
    "draw_bands",
    "draw_bars",
    "draw_diverging",
    "draw_dots",
    "draw_heatmap",
    "draw_lines",
    "draw_multiples",
    "draw_slopes",
    "figure",
    "figures",
    "pages",
    "pdf",
    "png",
    "svg",
]
