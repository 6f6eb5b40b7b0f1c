"""Reports, summaries and unit sheets as PDF: opened and read back."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from analysis.documents.cells import shown
from analysis.documents.letterhead import Letterhead, UnusableLogo
from analysis.documents.report import report_pdf
from analysis.documents.summary import summary_pdf
from analysis.documents.unit import unit_pdf
from analysis.documents.unit_sheet import Direction, Listing, UnitSheet
from analysis.documents.unit_words import words
from analysis.evaluation.sections import WITHHELD, Evaluation, Part, Row, Section, Table
from analysis.figures import png
from analysis.figures.writing import unbroken
from survey.locale import languages
from tests.analysis.documents_reading import (
    pdf_alternatives,
    pdf_info,
    pdf_metadata,
    pdf_pages,
    pdf_text,
    pdf_words,
    plain_letters,
    speaking,
)
from tests.analysis.documents_sheets import arabic_sheet, german_sheet
from tests.analysis.specimen import specimen

HEAD = Letterhead("Stadt Musterstadt", ("Rathausplatz 1", "00000 Musterstadt"))
LITERAL = (
    "#set page(",
    "$x$",
    "*bold*",
    "=SUMME(A1)",
    "_a_ @b <c> `d` // e",
    "= Titel",
    "#panic()",
)
DIRECTIONS = "\u202a\u202b\u202c\u200e\u200f"
"""Marks of direction, which pdftotext adds."""
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)

EACH = [
    code if code in ("de", "ru", "ar", "vi") else pytest.param(code, marks=pytest.mark.slow)
    for code in languages()
]
"""Every day one language of each kind of letters; the build draws all."""


@cache
def report(evaluation: Evaluation, language: str = "de", letterhead: Letterhead = HEAD) -> bytes:
    with speaking(language):
        return report_pdf(replace(evaluation, language=language), letterhead)


def said_rows(evaluation: Evaluation) -> list[str]:
    """The cells of every row, as they stand beside each other."""
    return [
        " ".join(shown(cell, column) for cell, column in zip(row.cells, columns, strict=True))
        for _section, part in evaluation.parts()
        for columns in [part.table.columns]
        for row in part.table.rows
    ]


def missing(evaluation: Evaluation, pdf: bytes, language: str) -> list[str]:
    text = pdf_text(pdf, "-raw")
    with speaking(language):
        rows = [" ".join(each.split()) for each in said_rows(evaluation)]
    return [row for row in rows if row not in text]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_number_of_every_table_is_printed(language: str) -> None:
    pdf = report(specimen(), language)
    assert missing(specimen(), pdf, language) == []


@pytest.mark.parametrize("seed", [2, 3])
def test_random_waves_are_printed_with_every_number(seed: int) -> None:
    evaluation = specimen(random.Random(seed).randint(1, 60), seed)
    assert missing(evaluation, report(evaluation), "de") == []


@pytest.mark.parametrize(("language", "page"), [("de", "Seite 1 von"), ("en", "2 May 2026")])
def test_a_report_is_tagged_titled_and_in_its_language(language: str, page: str) -> None:
    pdf = report(specimen(), language)
    info = pdf_info(pdf)
    assert info["Tagged"] == "yes"
    assert info["Title"] == "Selbstcheck 2026 Musterstadt"
    assert "Author" not in info
    assert info["CreationDate"].startswith("Sat May  2 00:00:00 2026")
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf_metadata(pdf)
    assert f"<rdf:li>{language}</rdf:li>" in pdf_metadata(pdf)
    assert page in pdf_text(pdf)


def test_a_report_says_its_marking_on_every_page_and_that_it_is_a_sample() -> None:
    text = pdf_text(report(specimen()))
    pages = pdf_pages(report(specimen()))
    assert text.count(specimen().marking) == pages
    assert "„Musterstadt“ ist erfunden" in text
    assert "„Musterstadt“ ist erfunden" not in pdf_text(report(replace(specimen(), sample=False)))


def test_a_chart_has_its_alternative_and_a_title_that_can_be_read() -> None:
    pdf = report(specimen())
    said, text = pdf_alternatives(pdf), pdf_text(pdf)
    for kind in ("bands", "bars", "diverging", "multiples", "slopes", "dots", "lines"):
        title = f"Ein Befund über {kind} (n = 10, 2. Mai 2026)"
        assert f"{unbroken(title)}. Darstellung als {kind}." in said
        assert title in text


@pytest.mark.parametrize(("units", "fewest", "most"), [(12, 6, 10), (40, 6, 10)])
def test_an_ordinary_wave_takes_six_to_ten_pages(units: int, fewest: int, most: int) -> None:
    assert fewest <= pdf_pages(report(specimen(units))) <= most


def test_the_same_evaluation_gives_the_same_bytes() -> None:
    assert report.__wrapped__(specimen(3)) == report.__wrapped__(specimen(3))


def test_no_text_is_read_as_markup() -> None:
    together = " ".join(LITERAL)
    hostile = replace(
        specimen(2, long=f" {together}"),
        title=together,
        subtitle=together,
        marking=together,
        headline=LITERAL,
        method=tuple((text, text) for text in LITERAL),
    )
    pdf = report(hostile, letterhead=Letterhead(together, LITERAL))
    text = pdf_text(pdf, "-raw")
    assert {each: text.count(each) > 10 for each in LITERAL} == dict.fromkeys(LITERAL, True)
    assert pdf_info(pdf)["Title"] == together


@pytest.mark.parametrize("name", [" \x07\x00\ufffe\ufeff\u202e x\ny 😀 中文 ښار", "a" * 200])
def test_no_name_keeps_a_report_from_being_made(name: str) -> None:
    text = pdf_text(report(specimen(3, long=name)), "-raw")
    assert text.replace(" ", "").count(name[-3:].strip()) > 3


def test_three_hundred_units_with_long_names_are_all_there() -> None:
    evaluation = specimen(300, long=" und so weiter" * 14)
    pdf = report(evaluation)
    assert missing(evaluation, pdf, "de") == []


def emptied(evaluation: Evaluation) -> Evaluation:
    """The same questions without a single row."""

    def without_rows(part: Part) -> Part:
        return replace(part, table=replace(part.table, rows=()))

    return replace(
        evaluation,
        headline=(),
        method=(),
        sections=tuple(
            replace(section, parts=tuple(without_rows(part) for part in section.parts))
            for section in evaluation.sections
        ),
    )


@pytest.mark.parametrize(
    "evaluation",
    [emptied(specimen()), replace(specimen(), sections=()), specimen(1), specimen(0)],
    ids=["no rows", "no sections", "one unit", "no unit"],
)
def test_an_empty_wave_has_a_report(evaluation: Evaluation) -> None:
    text = pdf_text(report(evaluation))
    assert "Das Wichtigste auf einer Seite" in text
    for section in evaluation.sections:
        assert section.question in text


def hidden(evaluation: Evaluation) -> Evaluation:
    """The same with every number withheld."""

    def veiled(row: Row) -> Row:
        return replace(row, cells=tuple(WITHHELD for _cell in row.cells))

    def veiled_part(part: Part) -> Part:
        table = Table(part.table.corner, part.table.columns, tuple(map(veiled, part.table.rows)))
        return replace(part, table=table)

    def veiled_section(section: Section) -> Section:
        return replace(section, parts=tuple(map(veiled_part, section.parts)))

    return replace(evaluation, sections=tuple(map(veiled_section, evaluation.sections)))


def test_what_is_withheld_is_a_dot_everywhere() -> None:
    evaluation = hidden(specimen(5))
    text = pdf_text(report(evaluation), "-raw")
    cells = sum(len(row.cells) for _s, part in evaluation.parts() for row in part.table.rows)
    assert text.count("·") >= cells
    assert missing(evaluation, report(evaluation), "de") == []


@pytest.mark.parametrize(("name", "content"), [("a.svg", SQUARE), ("a.png", b"")])
def test_a_logo_stands_in_the_letterhead(tmp_path: Path, name: str, content: bytes) -> None:
    logo = tmp_path / name
    logo.write_bytes(content or _png())
    with_logo = report(specimen(1), letterhead=replace(HEAD, logo=logo))
    assert "Stadt Musterstadt" in pdf_alternatives(with_logo)
    assert with_logo != report(specimen(1))


@pytest.mark.parametrize("content", [None, b"GIF89a", b"", b"<svg" + b" " * 3_000_000])
def test_a_logo_that_cannot_be_printed_is_named(tmp_path: Path, content: bytes | None) -> None:
    logo = tmp_path / "logo.gif"
    if content is not None:
        logo.write_bytes(content)
    with pytest.raises(UnusableLogo, match="logo.gif"):
        replace(HEAD, logo=logo).picture()


def _png() -> bytes:
    return png(next(part for _s, part in specimen().parts()), "de", dpi=20)


# --- one page for everybody ----------------------------------------------------------------------


def public(evaluation: Evaluation) -> Evaluation:
    return replace(evaluation, level="public", marking="Öffentlich")


@pytest.mark.parametrize("findings", [0, 6, 60])
@pytest.mark.parametrize("words", [1, 12])
def test_a_summary_is_one_page_whatever_is_said(findings: int, words: int) -> None:
    evaluation = replace(
        public(specimen()),
        headline=("Das Mittel liegt bei 26,4 von 40 Punkten. " * words,) * findings,
        method=(("Wie gezählt wurde", "Jedes Amt zählt einmal. " * 10 * words),) * 3,
    )
    with speaking("de"):
        assert pdf_pages(summary_pdf(evaluation, HEAD)) == 1


def test_a_summary_has_headline_colours_categories_and_protection() -> None:
    with speaking("en"):
        text = pdf_text(summary_pdf(replace(public(specimen()), language="en"), HEAD), "-raw")
    for said in (
        "Das Mittel liegt bei",
        "Sprache/Kommunikation 10 61%",
        "Nichts unter 5.",
    ):
        assert said in text


def test_a_summary_is_made_of_the_public_evaluation_only() -> None:
    with speaking("de"), pytest.raises(ValueError, match="internal"):
        summary_pdf(specimen(), HEAD)


# --- one unit ------------------------------------------------------------------------------------


def test_a_unit_reads_its_result_on_two_pages() -> None:
    sheet = german_sheet()
    with speaking("de"):
        pdf = unit_pdf(sheet, HEAD)
    text = pdf_text(pdf, "-raw")
    assert pdf_pages(pdf) == 2
    assert pdf_info(pdf)["Title"] == "Ihr Ergebnis: Bürgeramt Musterstadt"
    for category in sheet.categories:
        assert f"{category.points}/{category.possible}" in text
        for own in category.statements:
            before = "–" if own.before is None else own.before
            assert f"{own.answer} {own.points}/{own.possible} {before}" in text
    for said in ("21/40 ▲ Gelb", "=Schulung für alle am Empfang #set page(", "24 26,4 17", "9 · –"):
        assert said in text
    assert text.count("beachten ") >= 4


def test_a_unit_reads_its_result_in_arabic_from_the_right() -> None:
    with speaking("ar"):
        pdf = unit_pdf(arabic_sheet(), HEAD)
    assert pdf_pages(pdf) == 2
    assert "<rdf:li>ar</rdf:li>" in pdf_metadata(pdf)
    text = "".join(sign for sign in pdf_text(pdf) if sign not in DIRECTIONS)
    assert "Bürgeramt Musterstadt" in text
    for word in ("للأسئلة", "المهاجرين", "تماما"):
        assert word in text


def test_a_unit_without_history_or_colours_has_a_document_too() -> None:
    bare = replace(
        german_sheet(),
        band=None,
        band_word="",
        scale=(),
        categories=(),
        history=(),
        promises=(),
        listings=(),
        comparison=(),
        advice="",
        contact="",
        provisional="",
    )
    with speaking("de"):
        assert pdf_pages(unit_pdf(bare, HEAD)) == 1


def in_language(code: str) -> UnitSheet:
    """The sheet as a document of that language would be laid out."""
    direction: Direction = "rtl" if languages()[code].direction == "rtl" else "ltr"
    return replace(german_sheet(), language=code, direction=direction)


HEADS = ("points", "before", "own", "others", "count", "colour", "mark")


@pytest.mark.parametrize("code", EACH)
def test_the_heads_of_columns_stand_apart_in_every_language(code: str) -> None:
    with speaking(code):
        said, found = words(german_sheet()), dict(pdf_words(unit_pdf(in_language(code), HEAD)))
    wanted = {word for head in HEADS for word in said[head].split()}
    if languages()[code].direction == "rtl":
        # pdftotext itself ends a word behind some vowel signs.
        wanted = {word[::-1] for word in wanted if word == plain_letters(word)}
        assert len(wanted) > 5
    assert {plain_letters(word) for word in wanted} - found.keys() == set()


def test_no_page_ends_between_a_category_and_its_statements() -> None:
    torn, first_pages = [], set()
    with speaking("de"):
        for sentences in range(64, 116, 2):
            sheet = replace(german_sheet(), advice="Wir lesen das im Team. " * sentences)
            first = pdf_text(unit_pdf(sheet, HEAD), "-raw", "-l", "1")
            shown = [c for c in sheet.categories if f"{c.title} " in first]
            torn += [c.title for c in shown if c.statements[0].text not in first]
            first_pages.add(len(shown))
    assert torn == []
    assert first_pages >= {1, 2, 3}, "the end of the page has been everywhere"


def test_a_unit_reads_what_helps_next_and_what_a_green_total_hides() -> None:
    sheet = replace(
        german_sheet(),
        near="Bis Grün fehlen 6 Punkte.",
        hidden_red=("„Sprache“ für sich allein wäre rot.", "„#set page(“ auch."),
        categories_note="Farben der Kategorien sind nur ein Anhaltspunkt.",
        todos=(Listing("Zu Frage 2", ("Vordrucke prüfen", "$x$ *y*")),),
        todo_notes=("To-do-Liste 2024.", "Unsere Zuordnung."),
        receipt="3F2A-99BC-1",
    )
    with speaking("de"):
        text = pdf_text(unit_pdf(sheet, HEAD), "-raw")
        before = pdf_text(unit_pdf(german_sheet(), HEAD), "-raw")
    told = (
        "Quittung 3F2A-99BC-1",
        "Bis Grün fehlen 6 Punkte.",
        "Die grüne Gesamtzahl verdeckt etwas: • „Sprache“ für sich allein wäre rot.",
        "• „#set page(“ auch.",
        "Farben der Kategorien sind nur ein Anhaltspunkt.",
        "Was als Nächstes hilft To-do-Liste 2024. Unsere Zuordnung. Zu Frage 2 • Vordrucke prüfen",
        "• $x$ *y*",
    )
    assert [said for said in told if said not in text] == []
    for heading in ("Quittung", "verdeckt etwas", "Was als Nächstes hilft"):
        assert heading not in before


def test_vowel_signs_take_no_room_of_their_own() -> None:
    def end_of(word: str) -> list[float]:
        found = pdf_words(unit_pdf(replace(arabic_sheet(), near=word), HEAD))
        return [left for each, left in found if each.startswith("متد")]

    with speaking("ar"):
        assert end_of("تعهّدتم") == end_of("تعهدتم") != []


@pytest.mark.parametrize("code", EACH)
def test_a_document_says_at_its_end_that_nobody_has_reviewed_its_language(code: str) -> None:
    with speaking(code):
        said = words(german_sheet())["unreviewed"]
        text = pdf_text(unit_pdf(in_language(code), HEAD))
    assert bool(said) == (not languages()[code].reviewed)
    if said and languages()[code].direction == "ltr":
        assert text.index(said) > text.index("integration@musterstadt.example")


# --- what makes a report shorter -----------------------------------------------------------------


def test_a_long_statement_is_told_once_in_full_and_then_by_its_beginning() -> None:
    evaluation = specimen(2)
    (part,) = [each for _s, each in evaluation.parts() if each.key == "statements"]
    wording = "1. " + "Wir erklären, was zu tun ist. " * 6 + "Ende."
    first = replace(part.table.rows[0], title=wording)
    again = replace(part, key="again", table=replace(part.table, rows=(first,)), chart=None)
    section = Section("twice", "Zweimal?", "Ja.", (again, again))
    text = pdf_text(report(replace(evaluation, sections=(section,))), "-raw")
    assert text.count("Ende.") == 1
    assert text.count("1. Wir erklären, was zu tun ist.") == 2


def test_a_finding_is_not_said_again_above_its_chart() -> None:
    evaluation = specimen(2)
    section = evaluation.sections[1]
    part = section.parts[0]
    assert part.chart is not None
    told = replace(section, finding=part.chart.title, parts=(part,))
    text = pdf_text(report(replace(evaluation, sections=(told,))))
    # On the first page, whose chart it is, and as the finding.
    assert text.count(part.chart.title) == 2
