"""A workbook being written from top to bottom: styles, names of sheets, texts that stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from math import ceil
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.figures.writing import unbroken
from survey.locale import desk_gettext as _
from survey.spreadsheet import FORMULA_SIGNS

LONGEST_NAME = 31
LONGEST_TEXT = 32_767
"""Of a cell, in units of UTF-16, as spreadsheet programs count."""
SHOWN = 2_000
"""How much of a longer text stands in its cell; the whole stands on a sheet of its own."""
LONGEST_HEADER, LONGEST_MARKING = 250, 120
ROWS_OF_A_SHEET = 1_048_576
LINE_POINTS, MOST_LINES = 15, 27
"""The height of a line of text, and how many the highest possible row has."""
BLUE, ORANGE, GREY, INK = "#2D5F8B", "#D9822B", "#F0F0F0", "#1F2933"
BANDS = {"red": "#C0392B", "yellow": "#F0C419", "green": "#2E8B57"}
PALE = {"red": "#F3D0CC", "yellow": "#FBEFB9", "green": "#CBE6D6"}

_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": INK},
    "subtitle": {"font_size": 11, "font_color": "#52606D"},
    "marking": {"bold": True, "font_color": "#8A1C1C"},
    "heading": {"bold": True, "font_size": 13, "font_color": BLUE},
    "finding": {"bold": True, "font_size": 12, "font_color": INK},
    "plain": {},
    "note": {"italic": True, "font_color": "#52606D"},
    "link": {"font_color": BLUE, "underline": 1},
    "head": {"bold": True, "bg_color": GREY, "bottom": 1, "border_color": "#9AA5B1"},
    "centre": {"align": "center"},
    "wrap": {"text_wrap": True},
    "summary": {"bold": True, "top": 1, "bottom": 1, "border_color": "#9AA5B1"},
    "text": {"text_wrap": True},
    "count": {"num_format": "0"},
    "mean": {"num_format": "0.0"},
    "share": {"num_format": '0"\N{NO-BREAK SPACE}"%'},
    "change": {"num_format": "+0.0;\N{MINUS SIGN}0.0;0.0"},
    "whole change": {"num_format": "+0;\N{MINUS SIGN}0;0"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "band": {"align": "center"},
    "withheld": {"align": "right", "font_color": "#52606D"},
    "quoted": {"quote_prefix": True},
    **{f"level{n}": {"indent": n} for n in range(1, 16)},
    **{band: {"bg_color": colour, "align": "center"} for band, colour in PALE.items()},
}


@dataclass(slots=True)
class Book:
    """The workbook; sheets are written one row after the other and not held."""

    file: xlsxwriter.Workbook
    right_to_left: bool
    title: str
    marking: str
    day: str
    names: set[str] = field(default_factory=set)
    _styles: dict[tuple[str, ...], Format] = field(default_factory=dict)
    _long: Page | None = None
    _long_texts: int = 0

    def style(self, *names: str) -> Format:
        """The format of these styles together, later ones before earlier ones."""
        if names not in self._styles:
            properties: dict[str, Any] = {"valign": "top"}
            for name in names:
                properties |= STYLES[name]
            if self.right_to_left:
                # A sign or a unit must not change to the other side of its number.
                properties["reading_order"] = 1 if "num_format" in properties else 2
            self._styles[names] = self.file.add_format(properties)
        return self._styles[names]

    def page(self, title: str, *, landscape: bool = True) -> Page:
        """A new sheet behind the others, ready to print."""
        name = sheet_name(title, self.names)
        self.names.add(name.casefold())
        sheet = self.file.add_worksheet(name)
        if self.right_to_left:
            sheet.right_to_left()
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        # Small, and the day beneath the marking: on upright paper both do not fit one line.
        sheet.set_header(f"&L&8 {header_text(self.title)}&R&8 {header_text(name)}")
        marking = header_text(self.marking, LONGEST_MARKING)
        sheet.set_footer(f"&L&8 {marking}\n{header_text(self.day)}&R&8 &P / &N")
        return Page(self, sheet, name)

    def keep_whole(self, text: str, where: str) -> str:
        """The beginning of a text no cell can hold, after writing all of it on a sheet for those.

        Args:
            where: sheet and cell the text belongs to.
        """
        if self._long is None:
            self._long = self.page(_("Lange Texte"))
            self._long.list_head(
                [_("Nummer"), _("steht in"), _("Teil"), _("Text")], [10, 30, 8, 100]
            )
        self._long_texts += 1
        for number, piece in enumerate(utf16_pieces(text, LONGEST_TEXT), 1):
            self._long.number(0, self._long_texts)
            self._long.text(1, where, "wrap")
            self._long.number(2, number)
            self._long.text(3, piece, "wrap")
            self._long.row += 1
        pointer = _("vollständig im Blatt „%(sheet)s“, Nummer %(number)s",
                    sheet=self._long.name, number=self._long_texts)  # fmt: skip
        return f"{text[:SHOWN]} … [{pointer}]"


@dataclass(slots=True)
class Page:
    """A sheet and the row that is written next."""

    book: Book
    sheet: Worksheet
    name: str
    row: int = 0

    def text(self, column: int, text: str, *styles: str) -> None:
        """A text as text, whatever it begins with, and whole, however long it is."""
        if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT:
            text = self.book.keep_whole(text, f"{self.name} {self.row + 1}/{column + 1}")
        text = unbroken(text)
        if text.startswith(FORMULA_SIGNS):
            # What Excel's own apostrophe does: even when the cell is edited, it stays text.
            styles = (*styles, "quoted")
        self.sheet.write_string(self.row, column, unlike_markup(text), self.book.style(*styles))

    def number(self, column: int, number: float, *styles: str) -> None:
        """A number as a number."""
        self.sheet.write_number(self.row, column, number, self.book.style(*styles))

    def paragraph(self, text: str, style: str, last: int, letters: int) -> None:
        """A text over the columns up to the last, in a row as high as it needs, then a new row.

        Args:
            letters: how many stand in a line of this width.
        """
        size = STYLES[style].get("font_size", 11)
        self.sheet.set_row(self.row, min(409, lines_of(text, letters) * size * 1.4 + 2))
        if last > 0:
            self.sheet.merge_range(self.row, 0, self.row, last, "", self.book.style(style, "wrap"))
        self.text(0, text, style, "wrap")
        self.row += 1

    def list_head(self, titles: list[str], widths: list[float]) -> None:
        """The marking, then the heads of a list's columns, both always in sight and printed."""
        self.text(0, self.book.marking, "marking")
        self.row += 1
        for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
            self.sheet.set_column(column, column, width)
            self.text(column, title, "head", "wrap")
        self.row += 1
        self.sheet.freeze_panes(self.row, 1)
        self.sheet.repeat_rows(0, self.row - 1)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column so many digits wide, 1 to as many as a row has."""
    letters = max(width - 2, 1)
    lines = sum(max(1, ceil(len(line) / letters)) for line in text.split("\n"))
    return min(lines, MOST_LINES)


def open_book(target: BinaryIO, folder: str) -> xlsxwriter.Workbook:
    """A workbook that holds one row at a time, the others in files of this folder."""
    return xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )


def properties(title: str, subject: str, made: date) -> dict[str, Any]:
    """What the file says of itself: nobody's name, and the day of the numbers."""
    moment = datetime.combine(made, time(), UTC).replace(tzinfo=None)
    return {
        "title": legible(title),
        "subject": legible(subject),
        "author": "",
        "created": moment,
    }


def sheet_name(title: str, taken: set[str]) -> str:
    """A name spreadsheet programs allow, unlike all taken ones (in small letters)."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", legible(title))
    plain = " ".join(plain.split()).strip("' ") or "–"
    name, number = _cut(plain, LONGEST_NAME), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        behind = f" ({number})"
        name = _cut(plain, LONGEST_NAME - len(behind)) + behind
    return name


def _cut(name: str, most: int) -> str:
    if len(name.encode("utf-16-le")) <= 2 * most:
        return name
    short = next(utf16_pieces(name, most - 1))
    whole_words = short.rpartition(" ")[0] if " " in short[most // 2 :] else short
    return whole_words.rstrip(" ,;–'") + "…"


def utf16_pieces(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many units of UTF-16, never parted within a letter."""
    start = used = 0
    for place, letter in enumerate(text):
        units = 2 if ord(letter) > 0xFFFF else 1  # noqa: PLR2004  # beyond it UTF-16 needs a pair
        if used + units > most:
            yield text[start:place]
            start, used = place, 0
        used += units
    yield text[start:]


def unlike_markup(text: str) -> str:
    """The text, with an apostrophe before what XlsxWriter would write unescaped as rich text."""
    return f"'{text}" if text.startswith("<r>") and text.endswith("</r>") else text


def legible(text: str) -> str:
    """The text without what XML cannot hold: for names and titles, where nothing can be escaped."""
    return _NOT_XML.sub(" ", text)


def header_text(text: str, most: int = LONGEST_HEADER // 3) -> str:
    """A text for a page's head or foot, where & begins a command and room is short."""
    plain = " ".join(legible(text).split())
    plain = plain if len(plain) <= most else plain[: most - 1] + "…"
    return plain.replace("&", "&&")
