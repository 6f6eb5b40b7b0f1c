"""The workbook translators fill: all texts of one language, its glossary, and how it is done.

Only two columns can be written in. Every cell is text, whatever it begins with; cells to fill have
the format of text, so that no spreadsheet program makes a formula or a date of what is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from survey.glossary import Term, Word
from survey.locale import TRANSLATIONS, Language, languages
from survey.translation_rows import Row, fits, glossary

TEXTS, GLOSSARY, MANUAL = "Texte", "Glossar", "Anleitung"
KEY, TRANSLATION, REVIEWED = "Schlüssel", "Übersetzung", "Geprüft"
YES = "ja"
CUT = 2_000
"""How much is shown of a help text no cell can hold."""
LINE_POINTS, HIGHEST_ROW = 15, 409
WIDEST, LONGER = 46, 1.3
"""The width of a column of texts in digits; translations are up to so much longer."""
GREY, PALE, INK = "#F0F0F0", "#FFF9E0", "#52606D"
STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": GREY, "bottom": 1},
    "shown": {"font_color": INK},
    "german": {},
    "fill": {
        "locked": False,
        "num_format": "@",
        "bg_color": PALE,
        "border": 1,
        "border_color": INK,
    },
    "title": {"bold": True, "font_size": 14},
}
RIGHT_TO_LEFT = {"reading_order": 2, "align": "right"}
PROTECTION = {"autofilter": True, "format_columns": True, "format_rows": True}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the texts: its head, its width in digits, its style, what stands in it."""

    head: str
    width: int
    style: str
    cell: Callable[[Row], str]
    in_language: bool = False


COLUMNS = (
    Column("Wo", 26, "shown", lambda row: row.place),
    Column("Deutsch", WIDEST, "german", lambda row: row.german),
    Column("Englisch", 36, "shown", lambda row: row.english),
    Column("Für die Zahlen", 12, "shown", lambda row: row.numbers),
    Column(TRANSLATION, WIDEST, "fill", lambda row: row.text, in_language=True),
    # Always empty at first: who changes a reviewed text must not find „ja“ beside it.
    Column(REVIEWED, 9, "fill", lambda _row: ""),
    Column("Hinweis", 36, "shown", lambda row: row.hint),
    Column("Stand", 11, "shown", lambda row: row.status),
    Column("Deutsch früher", 30, "shown", lambda row: row.earlier_german),
    Column("Übersetzung früher", 30, "shown", lambda row: row.earlier, in_language=True),
    Column(KEY, 30, "shown", lambda row: str(row.key)),
)
ROOM = WIDEST / LONGER
MANUAL_LINES = (
    "Deutsch",
    f"Im Blatt „{TEXTS}“ füllen Sie nur die gelben Spalten „{TRANSLATION}“ und „{REVIEWED}“ aus. "
    "Alles andere ist gesperrt.",
    "Eine leere Zelle heißt: noch nicht übersetzt. Wer eine Zelle leert, löscht nichts; "
    "es bleibt, was im Programm steht.",
    "Zeichen wie %(num)s sind Platzhalter: An ihre Stelle setzt das Programm Zahlen und Namen. "
    "Bitte genau so übernehmen; die Stelle im Satz ist frei.",
    "Steht unter „Für die Zahlen“ etwas, hat Ihre Sprache mehrere Formen: bitte alle ausfüllen.",
    f"„{YES}“ unter „{REVIEWED}“ heißt: Jemand mit dieser Muttersprache hat den Text gelesen, "
    "und er ist gut so. Am besten ist das eine zweite Person.",
    "Stand „veraltet“: Der deutsche Text hat sich geändert. Rechts steht, was vorher galt.",
    f"Begriffe aus dem Blatt „{GLOSSARY}“ bitte überall gleich übersetzen.",
    "English",
    f"On the sheet “{TEXTS}” fill in the two yellow columns only: “{TRANSLATION}” (translation) "
    f"and “{REVIEWED}” (reviewed). Everything else is locked.",
    "An empty cell means: not translated yet. Emptying a cell deletes nothing.",
    "Signs like %(num)s are placeholders for numbers and names. Copy them exactly; "
    "they may stand anywhere in the sentence.",
    "Where “Für die Zahlen” (for the numbers) says something, your language has several forms: "
    "please fill in all of them.",
    f"Choose “{YES}” (yes) under “{REVIEWED}” when a native speaker has read the text and it is "
    "good. Ideally this is a second person.",
    "“veraltet” (outdated): the German text has changed. On the right you see what it was before.",
    f"Please use the words of the sheet “{GLOSSARY}” (glossary) everywhere.",
)
TITLES, MANUAL_WIDTH = ("Deutsch", "English"), 100


class _Book:
    """A workbook being written, with its formats by style and side."""

    def __init__(self, file: xlsxwriter.Workbook, language: Language) -> None:
        self.file = file
        self._turned = language.direction == "rtl"
        self._formats: dict[tuple[str, bool], Format] = {}

    def format(self, style: str, *, in_language: bool = False) -> Format:
        """The format of a cell; of one in the language it is for, on that language's side."""
        turned = in_language and self._turned
        if (style, turned) not in self._formats:
            common = {"text_wrap": True, "valign": "top"}
            given = common | STYLES[style] | (RIGHT_TO_LEFT if turned else {})
            self._formats[style, turned] = self.file.add_format(given)
        return self._formats[style, turned]

    def sheet(self, name: str, heads: Iterable[tuple[str, int]]) -> Worksheet:
        """A new sheet, protected against slips and not against people: there is no password."""
        sheet = self.file.add_worksheet(name)
        sheet.protect("", PROTECTION)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            if head:
                sheet.write_string(0, column, head, self.format("head"))
        return sheet


def workbook(code: str, rows: list[Row], folder: Path = TRANSLATIONS) -> bytes:
    """The file for the translators of a language.

    Raises:
        KeyError: the folder has no such language.
    """
    language = languages(folder)[code]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as file:
        file.set_properties({"title": f"Zugangscheck: {language.name}", "author": ""})
        book = _Book(file, language)
        _write_manual(book, language)
        _write_texts(book, rows)
        _write_glossary(book, glossary(folder / language.babel))
    return target.getvalue()


def _write_manual(book: _Book, language: Language) -> None:
    sheet = book.sheet(MANUAL, [("", MANUAL_WIDTH)])
    lines = (f"Zugangscheck: {language.name} ({language.code})", *MANUAL_LINES)
    for row, line in enumerate(lines):
        style = "title" if row == 0 or line in TITLES else "german"
        sheet.set_row(row, _height([(line, MANUAL_WIDTH)]) + LINE_POINTS / 3)
        sheet.write_string(row, 0, line, book.format(style))


def _write_texts(book: _Book, rows: list[Row]) -> None:
    sheet = book.sheet(TEXTS, [(column.head, column.width) for column in COLUMNS])
    for line, row in enumerate(rows, 1):
        cells = [(column.cell(row), column.width) for column in COLUMNS if column.head != KEY]
        # What programs find out for themselves on paper they do not on every screen.
        sheet.set_row(line, _height([*cells, (row.german, ROOM)]))
        for position, column in enumerate(COLUMNS):
            style = book.format(column.style, in_language=column.in_language)
            _write(sheet, line, position, column.cell(row), style)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    last = max(len(rows), 1)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    heads = [column.head for column in COLUMNS]
    sheet.set_column(heads.index(KEY), heads.index(KEY), None, None, {"hidden": True})
    answer = heads.index(REVIEWED)
    sheet.data_validation(1, answer, last, answer, {"validate": "list", "source": [YES]})


def _height(cells: list[tuple[str, float]]) -> float:
    """The height in points of a row whose texts stand in columns so many digits wide."""
    lines = max(
        sum(max(1, ceil(len(line) / width)) for line in text.split("\n")) for text, width in cells
    )
    return min(HIGHEST_ROW, lines * LINE_POINTS)


def _write(sheet: Worksheet, line: int, position: int, text: str, style: Format) -> None:
    if not text:
        sheet.write_blank(line, position, None, style)
        return
    # Only help texts are ever cut: a translation that does not fit is left out by its row.
    sheet.write_string(line, position, text if fits(text) else f"{text[:CUT]} …", style)


def _write_glossary(book: _Book, entries: Iterable[tuple[Term, Word]]) -> None:
    sheet = book.sheet(GLOSSARY, [("Deutsch", 30), ("In dieser Sprache", 40), ("Anmerkung", 70)])
    sheet.freeze_panes(1, 0)
    for line, (term, word) in enumerate(entries, 1):
        _write(sheet, line, 0, term.german, book.format("german"))
        _write(sheet, line, 1, word.target, book.format("german", in_language=True))
        _write(sheet, line, 2, word.note, book.format("shown"))
