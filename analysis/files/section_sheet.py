"""A section of the evaluation on a sheet of its own: question, finding, tables, charts, notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.evaluation.sections import WITHHELD, Cell, Column, ColumnKind, Part, Row, Section
from analysis.files.book import LINE_POINTS, PALE, Book, Page, lines_of
from analysis.files.charts import Spot, draw, height_of
from survey.locale import desk_gettext as _
from survey.messages import bands

TITLE_WIDTH, SHORT_WIDTH, CELL_WIDTH = 46, 15, 14
"""Of columns, in digits."""
DIGIT, PADDING, POINT = 7, 5, 96 / 72
"""Pixels of a digit, beside a cell's text, and of a point."""
PAPER = (800, 640)
"""Pixels of a landscape A4 page within its margins, less what other fonts need."""
REPEATED = 80
"""Pixels of what is printed on top of every page, and of a part's title and notes."""
FEWEST_COLUMNS, MOST_MERGED = 7, 9
DEEPEST_LEVEL = 15
MARK = "\N{MIDDLE DOT}"
"""Stands where a number is withheld."""


def section_page(book: Book, section: Section, title: str) -> Page:
    """Write a section; the sheet is named by the title."""
    page = book.page(title)
    shorts = any(row.short for part in section.parts for row in part.table.rows)
    widest = max((len(part.table.columns) for part in section.parts), default=0)
    last = max(widest, FEWEST_COLUMNS)
    _widths(page, shorts, last)
    merged = min(last, MOST_MERGED)
    letters = TITLE_WIDTH + (merged - 1) * CELL_WIDTH
    page.paragraph(section.question, "title", merged, letters * 2 // 3)
    page.paragraph(book.marking, "marking", merged, letters)
    page.sheet.freeze_panes(page.row, 0)
    page.sheet.repeat_rows(0, page.row - 1)
    widths = [TITLE_WIDTH, *([SHORT_WIDTH] if shorts else []), *[CELL_WIDTH] * last]
    scale = min(1.0, PAPER[0] / sum(width * DIGIT + PADDING for width in widths))
    page.sheet.set_print_scale(max(10, int(scale * 100)))
    breaks: list[int] = []
    page.paragraph(section.finding, "finding", merged, letters)
    for note in section.notes:
        page.paragraph(note, "note", merged, letters)
    for number, part in enumerate(section.parts):
        page.row += 1
        if number:
            breaks.append(page.row)
        page.paragraph(part.title, "heading", merged, letters)
        spot = _table(page, part, shorts)
        for note in _notes(part):
            page.paragraph(note, "note", merged, letters)
        # A chart is not to be parted by the end of a page.
        if height_of(spot) and _height(part) + height_of(spot) > PAPER[1] / scale - REPEATED:
            breaks.append(page.row)
        draw(spot)
    page.sheet.set_h_pagebreaks(breaks)
    return page


def _widths(page: Page, shorts: bool, columns: int) -> None:
    page.sheet.hide_gridlines(2)
    page.sheet.set_column(0, 0, TITLE_WIDTH)
    first = 1
    if shorts:
        page.sheet.set_column(1, 1, SHORT_WIDTH)
        first = 2
    page.sheet.set_column(first, first + columns - 1, CELL_WIDTH)


def _table(page: Page, part: Part, shorts: bool) -> Spot:
    cells = 2 if shorts else 1
    own_shorts = any(row.short for row in part.table.rows)
    head = page.row
    titles = [column.short or column.title for column in part.table.columns]
    page.sheet.set_row(head, LINE_POINTS * max(lines_of(t, CELL_WIDTH) for t in ["", *titles]))
    page.text(0, part.table.corner, "head", "wrap")
    if shorts:
        page.text(1, _("Kurz") if own_shorts else "", "head", "wrap")
    for column, title in enumerate(titles, cells):
        page.text(column, title, "head", "wrap", "centre")
    page.row += 1
    for row in part.table.rows:
        short = row.label if own_shorts else ""
        _row(page, part.table.columns, row, short if shorts else None)
        page.row += 1
    return Spot(page, part, head, head + 1, page.row - 1, int(own_shorts), cells)


def _height(part: Part) -> float:
    lines = sum(lines_of(row.title, TITLE_WIDTH) for row in part.table.rows)
    return (lines + len(_notes(part)) + 3) * LINE_POINTS * POINT


def _row(page: Page, columns: tuple[Column, ...], row: Row, short: str | None) -> None:
    marks = ("summary",) if row.summary else ()
    level = (f"level{min(row.level, DEEPEST_LEVEL)}",) if row.level else ()
    page.sheet.set_row(page.row, LINE_POINTS * lines_of(row.title, TITLE_WIDTH - 2 * row.level))
    page.text(0, row.title, "wrap", *marks, *level)
    if short is not None:
        page.text(1, short, *marks)
    first = 1 if short is None else 2
    for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True), first):
        _cell(page, place, column.kind, cell, marks)


def _cell(page: Page, place: int, kind: ColumnKind, cell: Cell, marks: tuple[str, ...]) -> None:
    if cell is WITHHELD:
        page.text(place, MARK, "withheld", *marks)
    elif cell is None:
        page.sheet.write_blank(page.row, place, None, page.book.style("plain", *marks))
    elif isinstance(cell, str):
        shown = WORDS[kind](cell) if kind in WORDS else (cell, "text")
        page.text(place, shown[0], shown[1], *marks)
    else:
        page.number(place, cell, NUMBERS[kind](cell), *marks)


def _band(code: str) -> tuple[str, str]:
    return bands().get(code, code), code if code in PALE else "band"


def _whole(number: Any) -> str:
    return "count" if isinstance(number, int) else "mean"


WORDS: dict[ColumnKind, Callable[[str], tuple[str, str]]] = {"band": _band}
"""Kinds whose texts are codes: → (word, style)."""
NUMBERS: dict[ColumnKind, Callable[[Any], str]] = {
    "text": _whole,
    "count": _whole,
    "mean": lambda _number: "mean",
    "share": lambda _number: "share",
    "points": _whole,
    "change": lambda number: "whole change" if isinstance(number, int) else "change",
    "band": _whole,
}
"""Style of a number by its column's kind."""


def _notes(part: Part) -> list[str]:
    """The part's own notes, and what the reader needs to know of its cells."""
    columns = part.table.columns
    found = [f"{c.short}: {c.title}" for c in columns if c.short and c.short != c.title]
    if any(cell is WITHHELD for row in part.table.rows for cell in row.cells):
        found.append(_("· nicht gezeigt, um kleine Gruppen zu schützen"))
    return [*found, *part.notes]
