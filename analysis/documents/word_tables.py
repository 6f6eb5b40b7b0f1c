"""Tables in a Word document: editable, with a head that repeats, shaded where they are charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell

from analysis.documents.cells import SHAPES
from analysis.documents.content import shortened
from analysis.documents.tabular import LANDSCAPE, PORTRAIT, printed
from analysis.documents.word_styles import CELL_STYLE, NOTE_STYLE, TABLE_STYLE, set_direction
from analysis.evaluation.sections import Part
from analysis.figures.colours import BANDS, GROUND, ink
from survey.locale import current

BAND_INK = {"red": "B3261E", "yellow": "7A5F00", "green": "1D7A3F"}
INDENT = Pt(8)
KEPT_TOGETHER = 14
"""Rows that are not torn apart at the end of a page."""


def add_table(document: WordDocument, part: Part) -> None:
    """The part's table; its notes and the long names of its short heads stay beneath it."""
    layout = printed(part)
    columns = layout["columns"]
    table = document.add_table(rows=len(layout["rows"]) + 1, cols=len(columns) + 1)
    table.style = TABLE_STYLE
    _describe(table, part)
    _set_widths(document, table, layout)
    head, *rows = table.rows
    _repeat(head)
    for cell, text in zip(
        head.cells, [layout["corner"], *(c["head"] for c in columns)], strict=True
    ):
        _write(cell, text)
    for cell, column in zip(head.cells[1:], columns, strict=True):
        _align(cell, numeric=column["numeric"])
    for row, content in zip(rows, layout["rows"], strict=True):
        _fill(row.cells, content)
    notes = list(part.notes)
    if layout["legend"]:
        said = "; ".join(f"{short}: {shortened(title)}" for short, title in layout["legend"])
        notes.insert(0, said)
    if len(rows) <= KEPT_TOGETHER:
        _keep([head, *(rows if notes else rows[:-1])])
    elif notes:
        _keep(rows[-2:])
    for place, note in enumerate(notes, 1):
        paragraph = document.add_paragraph(note, style=NOTE_STYLE)
        paragraph.paragraph_format.keep_with_next = place < len(notes)


def _keep(rows: Sequence[Any]) -> None:
    """Keep rows on the page of what follows them."""
    for row in rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def add_tiles(document: WordDocument, tiles: list[dict[str, Any]]) -> None:
    """A row of figures, each in the colour it counts."""
    table = document.add_table(rows=1, cols=len(tiles))
    for cell, tile in zip(table.rows[0].cells, tiles, strict=True):
        colour = BANDS[tile["band"]].colour if tile["band"] else GROUND
        letters = ink(colour).removeprefix("#").upper()
        _shade(cell, colour.removeprefix("#"))
        for text, size in ((tile["value"], 18), (f"\n{tile['label']}", 9)):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(letters)
            run.bold = True


def _fill(cells: tuple[_Cell, ...], row: dict[str, Any]) -> None:
    _write(cells[0], row["title"], bold=row["summary"])
    cells[0].paragraphs[0].paragraph_format.left_indent = INDENT * row["level"]
    for cell, content in zip(cells[1:], row["cells"], strict=True):
        band = content["band"]
        text = f"{SHAPES[band]}\N{NO-BREAK SPACE}{content['text']}" if band else content["text"]
        ink = BAND_INK[band] if band else (content["ink"] or "").removeprefix("#")
        _write(cell, text, bold=row["summary"], ink=ink)
        _align(cell, numeric=content["numeric"])
        if content["fill"]:
            _shade(cell, content["fill"].removeprefix("#"))


def _write(cell: _Cell, text: str, *, bold: bool = False, ink: str = "") -> None:
    cell.paragraphs[0].style = CELL_STYLE
    run = cell.paragraphs[0].add_run(text)
    # Unset where it is not bold: a head is bold by its table's style.
    run.bold = bold or None
    if ink:
        run.font.color.rgb = RGBColor.from_string(ink.upper())
    set_direction(cell.paragraphs[0])


def _align(cell: _Cell, *, numeric: bool) -> None:
    if numeric:
        # In Word "right" is the end of a line from the right too: LEFT and RIGHT are mirrored.
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: _Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.upper())):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(mark)


def _describe(table: WordTable, part: Part) -> None:
    if current().direction == "rtl":
        table.table_direction = WD_TABLE_DIRECTION.RTL
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), part.title)
    table._tbl.tblPr.append(caption)


def _set_widths(document: WordDocument, table: WordTable, layout: dict[str, Any]) -> None:
    section = document.sections[-1]
    lengths = (section.page_width, section.left_margin, section.right_margin)
    wide, left, right = (length or 0 for length in lengths)
    room = wide - left - right
    em = room / (LANDSCAPE if layout["landscape"] else PORTRAIT) * layout["scale"]
    fixed = [column["width"] * em for column in layout["columns"]]
    shares = [column["share"] or 0.0 for column in layout["columns"]]
    unit = (room - sum(fixed)) / (layout["title-share"] + sum(shares))
    widths = [layout["title-share"] * unit]
    widths += [w + share * unit for w, share in zip(fixed, shares, strict=True)]
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(round(width))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Emu(round(width))
