"""The evaluation as an Excel workbook: overview, a sheet a section, answers, codebook, notes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from tempfile import TemporaryDirectory
from typing import BinaryIO

from babel import Locale

from analysis.evaluation.sections import Evaluation
from analysis.exports import AnswerTable
from analysis.files.book import LINE_POINTS, Book, Page, legible, lines_of, open_book, properties
from analysis.files.codebook import Codebook
from analysis.files.lists import answers_pages, codebook_page, notes_page, sample_note
from analysis.files.section_sheet import section_page
from survey.locale import day, languages
from survey.locale import desk_gettext as _

LINE = 110
"""Letters in a line of the overview."""


def workbook(
    evaluation: Evaluation, codebook: Codebook, answers: AnswerTable | None, target: BinaryIO
) -> None:
    """Write the workbook; the memory used does not grow with the number of answers.

    Every text is a text cell, never a formula, and whole; numbers are numbers. The same evaluation
    and answers give the same file.

    Args:
        answers: left out where the reader may see no single sheets.
    """
    # Rows wait in files until the end: in a folder of our own, gone whatever happens.
    with TemporaryDirectory(prefix="zugangscheck-") as folder, open_book(target, folder) as file:
        file.set_properties(properties(evaluation.title, evaluation.subtitle, evaluation.made))
        book = Book(
            file=file,
            right_to_left=reads_from_right(evaluation.language),
            title=evaluation.title,
            marking=evaluation.marking,
            day=day(datetime.combine(evaluation.made, time(12), UTC), UTC),
        )
        _write(book, evaluation, codebook, answers)


def reads_from_right(language: str) -> bool:
    """Whether a language is written from right to left. Raises UnknownLocaleError."""
    offered = languages().get(language)
    if offered is not None:
        return offered.direction == "rtl"
    return Locale.parse(language, sep="-").text_direction == "rtl"


def _write(
    book: Book, evaluation: Evaluation, codebook: Codebook, answers: AnswerTable | None
) -> None:
    overview = book.page(_("Ergebnisse"), landscape=False)
    contents = []
    for number, section in enumerate(evaluation.sections, 1):
        page = section_page(book, section, f"{number} {section.question}")
        contents.append((page.name, section.question, section.finding))
    before = len(book.names)
    if answers is not None:
        answers_pages(book, answers, codebook)
    lists = [codebook_page(book, codebook).name, notes_page(book, evaluation).name]
    if answers is not None:
        lists.insert(0, book.file.worksheets()[before].name)
    _overview(overview, evaluation, contents, lists)


def _overview(
    page: Page, evaluation: Evaluation, contents: list[tuple[str, str, str]], lists: list[str]
) -> None:
    page.sheet.hide_gridlines(2)
    page.sheet.set_column(0, 0, 38)
    page.sheet.set_column(1, 1, 78)
    page.paragraph(evaluation.title, "title", 1, LINE * 2 // 3)
    page.paragraph(evaluation.subtitle, "subtitle", 1, LINE)
    page.paragraph(evaluation.marking, "marking", 1, LINE)
    for _head, text in sample_note(evaluation):
        page.paragraph(text, "marking", 1, LINE)
    page.row += 1
    page.paragraph(_("Das Wichtigste"), "heading", 1, LINE)
    for line in evaluation.headline:
        page.paragraph(line, "finding", 1, LINE)
    page.row += 1
    page.paragraph(_("Inhalt"), "heading", 1, LINE)
    for name, question, finding in contents:
        # Not all programs wrap a link: it has the row's whole width, the finding the next row.
        _link(page, name, question)
        page.row += 1
        page.sheet.set_row(page.row, LINE_POINTS * lines_of(finding, 78))
        page.text(1, finding, "wrap")
        page.row += 1
    for name in lists:
        _link(page, name, name)
        page.row += 1


def _link(page: Page, name: str, shown: str) -> None:
    place = name.replace("'", "''")
    style = page.book.style("link")
    page.sheet.write_url(page.row, 0, f"internal:'{place}'!A1", style, legible(shown)[:200])
