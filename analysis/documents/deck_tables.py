"""Tables on a slide, large enough for the back of a room; a heatmap is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from analysis.documents.cells import SHAPES
from analysis.documents.deck_frame import ACCENT, BODY_BOX, INK, Box, describe, rgb
from analysis.documents.tabular import PORTRAIT, printed
from analysis.evaluation.sections import Part, Row

LIGHT = rgb("#f4f6f9")
WHITE = rgb("#ffffff")
LONGEST_TITLE, LONGEST_TEXT = 70, 160


def add_table(
    slide: Any, part: Part, rows: Sequence[Row], alternative: str, box: Box = BODY_BOX
) -> None:
    """The part's table over some of its rows, as wide as a box."""
    layout = printed(replace(part, table=replace(part.table, rows=tuple(rows))))
    shown = layout["rows"]
    frame = slide.shapes.add_table(
        len(shown) + 1, len(layout["columns"]) + 1, box.left, box.top, box.width, Pt(20)
    )
    describe(frame, part.title, alternative)
    table = frame.table
    _set_widths(table, layout, box)
    heads = [layout["corner"], *(column["head"] for column in layout["columns"])]
    aligned = [False, *(column["numeric"] for column in layout["columns"])]
    for place, (head, numeric) in enumerate(zip(heads, aligned, strict=True)):
        _write(table.cell(0, place), head, numeric=numeric, fill=ACCENT, ink=WHITE, bold=True)
    for line, row in enumerate(shown, 1):
        _fill(table, line, row)


def _fill(table: Any, line: int, row: dict[str, Any]) -> None:
    title = elided(row["title"], LONGEST_TITLE)
    _write(table.cell(line, 0), title, numeric=False, fill=LIGHT, ink=INK, bold=row["summary"])
    for place, cell in enumerate(row["cells"], 1):
        band = cell["band"]
        text = f"{SHAPES[band]} {cell['text']}" if band else elided(cell["text"], LONGEST_TEXT)
        fill = _colour(cell["fill"]) or WHITE
        _write(
            table.cell(line, place),
            text,
            numeric=cell["numeric"],
            fill=fill,
            ink=_colour(cell["ink"]) or INK,
            bold=row["summary"],
        )


def _write(
    cell: Any, text: str, *, numeric: bool, fill: RGBColor, ink: RGBColor, bold: bool
) -> None:
    cell.text = text
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.fill.solid()
    cell.fill.fore_color.rgb = fill
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(14), bold, ink


def _set_widths(table: Any, layout: dict[str, Any], box: Box) -> None:
    em = BODY_BOX.width / PORTRAIT  # the type is the same in a narrow box
    fixed = [column["width"] * em for column in layout["columns"]]
    shares = [column["share"] or 0.0 for column in layout["columns"]]
    least = box.width * 0.25
    squeeze = min(1.0, (box.width - least) / sum(fixed)) if sum(fixed) else 1.0
    unit = (box.width - squeeze * sum(fixed)) / (layout["title-share"] + sum(shares))
    widths = [layout["title-share"] * unit]
    widths += [squeeze * w + share * unit for w, share in zip(fixed, shares, strict=True)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(round(width))


def _colour(code: str | None) -> RGBColor | None:
    return rgb(code) if code else None


def elided(text: str, longest: int) -> str:
    """A text of so many characters at most, with … where its end is missing."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
