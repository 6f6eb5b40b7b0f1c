"""Sheets that are long lists: the answers, the codebook and the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from analysis.evaluation.sections import Evaluation
from analysis.exports import AnswerTable
from analysis.files.book import (
    LINE_POINTS,
    LONGEST_TEXT,
    ROWS_OF_A_SHEET,
    Book,
    Page,
    lines_of,
)
from analysis.files.codebook import Codebook, Value, Variable
from survey.locale import desk_gettext as _
from survey.spreadsheet import FORMULA_SIGNS

EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of a spreadsheet."""
SECONDS_OF_A_DAY = 86_400
TEXT_WIDTH, CODE_WIDTH, NOTES_WIDTH = 28, 12, 76
NOTES_LINE = 70
"""Letters in a line of the notes, which are as wide as upright paper in any program's fonts."""
Writer = Callable[[int, int, Any], object]


def answers_pages(book: Book, answers: AnswerTable, codebook: Codebook) -> None:
    """One row a sheet of answers; what one sheet of the workbook cannot hold goes on in another."""
    rows = answers.rows()
    page = _answers_page(book, codebook)
    while _fill(page, codebook, islice(rows, ROWS_OF_A_SHEET - page.row)):
        page = _answers_page(book, codebook)


def _answers_page(book: Book, codebook: Codebook) -> Page:
    page = book.page(_("Antworten"))
    widths = [
        TEXT_WIDTH if v.type in ("text", "moment") else CODE_WIDTH for v in codebook.variables
    ]
    page.list_head([variable.name for variable in codebook.variables], [float(w) for w in widths])
    return page


def _fill(page: Page, codebook: Codebook, rows: Iterator[list[Any]]) -> bool:
    """Write the rows; True if the sheet is full."""
    writers = [_writer(page, variable) for variable in codebook.variables]
    head = number = page.row
    for number, row in enumerate(rows, head + 1):
        for column, cell in enumerate(row):
            if cell is not None:
                writers[column](number - 1, column, cell)
    page.row = number
    page.sheet.autofilter(head - 1, 0, max(number - 1, head), len(writers) - 1)
    return number == ROWS_OF_A_SHEET


def _writer(page: Page, variable: Variable) -> Writer:
    """What writes the cells of a column: chosen once, because there are millions of cells."""
    return _WRITERS[variable.type](page, variable)


def _texts(page: Page, _variable: Variable) -> Writer:
    write = page.sheet.write_string

    def text(row: int, column: int, cell: str) -> None:
        if cell.startswith((*FORMULA_SIGNS, "<r>")) or len(cell) > LONGEST_TEXT // 2:
            page.row = row
            page.text(column, cell)
        elif cell:
            write(row, column, cell)

    return text


def _codes(page: Page, variable: Variable) -> Writer:
    codes = [value.code for value in variable.values]
    if not all(code.isdecimal() for code in codes):
        words: Writer = page.sheet.write_string
        return words
    write, numbers = page.sheet.write_number, {code: int(code) for code in codes}
    return lambda row, column, cell: write(row, column, numbers[cell])


def _numbers(page: Page, _variable: Variable) -> Writer:
    write: Writer = page.sheet.write_number
    return write


def _moments(page: Page, _variable: Variable) -> Writer:
    write, style = page.sheet.write_number, page.book.style("moment")

    def moment(row: int, column: int, cell: datetime) -> None:
        write(row, column, (cell - EPOCH).total_seconds() / SECONDS_OF_A_DAY, style)

    return moment


_WRITERS: dict[str, Callable[[Page, Variable], Writer]] = {
    "text": _texts,
    "code": _codes,
    "tick": _numbers,
    "number": _numbers,
    "moment": _moments,
}


def codebook_page(book: Book, codebook: Codebook) -> Page:
    """One row a value, or a variable that has none."""
    page = book.page(_("Codebuch"))
    heads = {
        _("Variable"): 26,
        _("Frage"): 60,
        _("Nummer"): 9,
        _("Kategorie"): 30,
        _("Art"): 14,
        _("Messniveau"): 14,
        _("Wert"): 10,
        _("Bedeutung"): 40,
        _("Punkte"): 9,
        _("gefragt"): 40,
        _("Name in SPSS"): 26,
        _("Wert in SPSS"): 10,
    }
    page.list_head(list(heads), [float(width) for width in heads.values()])
    for variable in codebook.variables:
        for place, value in enumerate(variable.values or (None,)):
            _codebook_row(page, list(heads.values()), variable, value, first=place == 0)
            page.row += 1
    page.sheet.autofilter(1, 0, max(page.row - 1, 1), len(heads) - 1)
    return page


def _codebook_row(
    page: Page, widths: list[int], variable: Variable, value: Value | None, *, first: bool
) -> None:
    cells = (
        *(variable.name, variable.label, variable.number, variable.category),
        *(type_words()[variable.type], measure_words()[variable.measure]),
        *((value.code, value.label, value.points) if value else ("", "", None)),
        *(variable.asked_if, variable.spss, value.number if value else None),
    )
    # Further values of a variable repeat its texts, for filters; they need no room.
    shown = list(zip(cells, widths, strict=True)) if first else []
    lines = [lines_of(cell, width) for cell, width in shown if isinstance(cell, str)]
    page.sheet.set_row(page.row, LINE_POINTS * max(lines, default=1))
    for column, cell in enumerate(cells):
        _either(page, column, cell)


def _either(page: Page, column: int, cell: str | int | None) -> None:
    if isinstance(cell, int):
        page.number(column, cell)
    elif cell:
        page.text(column, cell, "wrap")


def type_words() -> dict[str, str]:
    """What a column holds, in words."""
    return {
        "text": _("Text"),
        "code": _("Auswahl"),
        "tick": _("Ankreuzfeld"),
        "number": _("Zahl"),
        "moment": _("Zeitpunkt"),
    }


def measure_words() -> dict[str, str]:
    """Measurement levels, in words."""
    return {"nominal": _("nominal"), "ordinal": _("ordinal"), "scale": _("metrisch")}


def notes_page(book: Book, evaluation: Evaluation) -> Page:
    """How it was counted, who may read it, and what the signs mean."""
    page = book.page(_("Hinweise"), landscape=False)
    page.sheet.hide_gridlines(2)
    page.sheet.set_column(0, 0, NOTES_WIDTH)
    page.paragraph(_("Hinweise"), "title", 0, 60)
    page.paragraph(evaluation.marking, "marking", 0, NOTES_LINE)
    for head, text in (*sample_note(evaluation), *evaluation.method, *_signs()):
        page.row += 1
        page.paragraph(head, "heading", 0, 60)
        page.paragraph(text, "plain", 0, NOTES_LINE)
    return page


def sample_note(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """(head, text) where the numbers are made up, else nothing."""
    if not evaluation.sample:
        return ()
    return ((_("Beispieldaten"), _("Alle Zahlen dieser Datei sind erfunden.")),)


def _signs() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Zeichen in den Tabellen"),
            _(
                "„·“: Die Zahl wird nicht gezeigt, um kleine Gruppen zu schützen. "
                "Leer oder „–“: Es gibt keine Zahl, etwa weil kein Bogen abgegeben wurde "
                "oder sich zwei Jahre nicht vergleichen lassen."
            ),
        ),
        (
            _("Antworten"),
            _(
                "Ein leeres Feld heißt: nicht beantwortet oder nicht gefragt. Was eine Nachfrage "
                "voraussetzt, steht im Codebuch. Texte stehen unverändert da; auch was mit „=“ "
                "beginnt, ist Text und wird nicht ausgerechnet."
            ),
        ),
        (
            _("Lange Texte"),
            _(
                "Eine Zelle fasst 32.767 Zeichen. Längere Texte stehen ungekürzt, in Teilen, "
                "auf einem eigenen Blatt, das nur dann da ist."
            ),
        ),
    )
