"""Word report and slides: opened, read back, converted by LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from pptx import Presentation

from analysis.documents.cells import number, shown
from analysis.documents.clean import cleaned
from analysis.documents.deck import MOST_SLIDES, deck_pptx, ordered
from analysis.documents.letterhead import Letterhead
from analysis.documents.tabular import legible
from analysis.documents.word import report_docx
from analysis.evaluation.sections import WITHHELD, Evaluation, Part, Section
from tests.analysis.documents_reading import converted, pdf_pages, pdf_text, speaking, unpacked
from tests.analysis.specimen import specimen
from tests.analysis.test_documents_pdf import LITERAL, emptied, hidden

HEAD = Letterhead("Stadt Musterstadt", ("Rathausplatz 1", "00000 Musterstadt"))
BY_ROW = ("slopes", "lines")


@cache
def word(evaluation: Evaluation, language: str = "de") -> bytes:
    with speaking(language):
        return report_docx(replace(evaluation, language=language), HEAD)


@cache
def deck(evaluation: Evaluation, language: str = "de") -> bytes:
    with speaking(language):
        return deck_pptx(replace(evaluation, language=language), HEAD)


def parts_of(evaluation: Evaluation) -> list[Part]:
    return [part for _section, part in evaluation.parts()]


# --- Word ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_table_of_the_word_report_is_the_evaluations(language: str) -> None:
    evaluation = specimen()
    document = Document(BytesIO(word(evaluation, language)))
    _tiles, *tables = document.tables
    with speaking(language):
        for part, table in zip(parts_of(evaluation), tables, strict=True):
            columns = part.table.columns
            heads = [part.table.corner, *(legible(c, len(columns)) for c in columns)]
            written = [[cell.text for cell in row.cells] for row in table.rows]
            assert written[0] == heads
            assert written[1:] == [
                [row.title, *(shown(c, of) for c, of in zip(row.cells, columns, strict=True))]
                for row in part.table.rows
            ]


def test_the_word_report_has_real_styles_and_described_pictures() -> None:
    document = Document(BytesIO(word(specimen())))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style is not None}
    assert styles["Wo stehen wir?"] == "Heading 1"
    assert styles["Kategorien"] == "Heading 2"
    assert styles["Ein Befund über bands (n\xa0=\xa010, 2. Mai 2026)"] == "Caption"
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(said) >= 7
    assert all(text and "Darstellung als" in text for text in said)
    for table in document.tables[1:]:
        assert table.style is not None
        assert table.style.name == "Zugangscheck"
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")


def test_the_word_report_has_fields_marking_language_and_neutral_properties() -> None:
    document = Document(BytesIO(word(specimen(), "en")))
    section = document.sections[0]
    assert "Intern: enthält" in section.header.paragraphs[0].text
    fields = section.footer.paragraphs[0]._p.xpath("./w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]
    assert document.styles.element.xpath("//w:docDefaults//w:lang/@w:val") == ["en-US"]
    core = document.core_properties
    assert (core.author, core.last_modified_by) == ("Stadt Musterstadt", "Stadt Musterstadt")
    assert (core.title, core.comments) == ("Selbstcheck 2026 Musterstadt", "")
    assert core.created is not None
    assert core.created.date() == specimen().made


def test_a_wide_table_lies_on_a_page_of_its_own() -> None:
    evaluation = specimen(3)
    (part,) = [each for each in parts_of(evaluation) if each.key == "units"]
    columns = tuple(replace(c, key=f"{c.key}{n}") for n in range(3) for c in part.table.columns)
    rows = tuple(replace(row, cells=row.cells * 3) for row in part.table.rows)
    wide = replace(part, table=replace(part.table, columns=columns, rows=rows), chart=None)
    section = Section("wide", "Breit?", "Ja.", (wide,))
    document = Document(BytesIO(word(replace(evaluation, sections=(section,)))))
    assert [s.orientation for s in document.sections] == [0, 1, 0]


# --- slides --------------------------------------------------------------------------------------


def charts_of(slides: Any) -> Iterator[tuple[str, Any]]:
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_chart:
                yield shape.name, shape.chart


def read_back(charts: list[Any], part: Part) -> list[list[Any]]:
    """The values of a part's charts, a line for every row of its table."""
    assert part.chart is not None
    if part.chart.kind in BY_ROW:
        return [list(series.values) for chart in charts for series in chart.plots[0].series]
    found = []
    for chart in charts:
        found += [list(row) for row in zip(*(s.values for s in chart.plots[0].series), strict=True)]
    return found


@pytest.mark.parametrize("units", [1, 12, 40])
def test_every_chart_has_exactly_the_values_of_its_table(units: int) -> None:
    evaluation = specimen(units)
    slides = Presentation(BytesIO(deck(evaluation))).slides
    found = list(charts_of(slides))
    for part in parts_of(evaluation):
        if part.chart is None or part.chart.kind == "heatmap":
            continue
        places = [part.table.position(key) for key in part.chart.columns]
        wanted = [[number(row.cells[place]) for place in places] for row in part.table.rows]
        assert read_back([c for name, c in found if name == part.title], part) == wanted, part.key


def test_a_heatmap_is_a_table_with_the_same_numbers() -> None:
    evaluation = specimen(20)
    (part,) = [each for each in parts_of(evaluation) if each.key == "heatmap"]
    lines = [
        [cell.text for cell in row.cells]
        for slide in Presentation(BytesIO(deck(evaluation))).slides
        for shape in slide.shapes
        if shape.has_table and shape.name == part.title
        for row in list(shape.table.rows)[1:]
    ]
    assert lines == [[row.title, *map(str, row.cells)] for row in part.table.rows]


def test_slides_have_findings_as_titles_notes_markings_and_descriptions() -> None:
    evaluation = specimen()
    slides = list(Presentation(BytesIO(deck(evaluation))).slides)
    titles = [slide.shapes.title.text for slide in slides if slide.shapes.title is not None]
    assert titles[:3] == ["Selbstcheck 2026 Musterstadt", "Das Wichtigste", "Inhalt"]
    seen = [s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame]
    for section, part in evaluation.parts():
        assert section.finding in seen
        assert part.chart is None or cleaned(part.chart.title) in titles
    for slide in slides:
        assert evaluation.marking in [s.text_frame.text for s in slide.shapes if s.has_text_frame]
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert "Darstellung als" in shape._element.xpath(".//p:cNvPr/@descr")[0]
                assert "n\xa0=\xa010" in slide.notes_slide.notes_text_frame.text


def test_slides_go_in_the_order_of_a_talk() -> None:
    keys = ("promises", "statements", "years", "units", "standing", "return", "mirror")
    sections = [Section(key, key, key, ()) for key in keys]
    told = [section.key for section in ordered(sections)]
    assert told == ["return", "standing", "units", "years", "statements", "mirror", "promises"]


def test_a_part_takes_so_many_slides_at_most_and_says_what_is_left() -> None:
    slides = Presentation(BytesIO(deck(specimen(300)))).slides
    names = [shape.name for slide in slides for shape in slide.shapes]
    assert names.count("Einheiten und Aussagen") == MOST_SLIDES
    said = " ".join(s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame)
    assert f"Weitere Zeilen stehen im Bericht: {300 - MOST_SLIDES * 12}." in said


# --- both ----------------------------------------------------------------------------------------


def test_the_same_evaluation_gives_the_same_files() -> None:
    for make in (word, deck):
        assert make.__wrapped__(specimen(2)) == make.__wrapped__(specimen(2))


def test_what_is_withheld_has_no_number_anywhere() -> None:
    evaluation = specimen()
    (part,) = [each for each in parts_of(evaluation) if each.key == "statements"]
    place = [row.cells[0] for row in part.table.rows].index(WITHHELD)
    package = deck(evaluation)
    (chart,) = [
        c for name, c in charts_of(Presentation(BytesIO(package)).slides) if name == part.title
    ]
    for series in chart.plots[0].series:
        assert not series._element.xpath(f"./c:val//c:pt[@idx='{place}']")
    book = pd.read_excel(BytesIO(chart.part.chart_workbook.xlsx_part.blob), index_col=0)
    assert list(book.columns) == [f"Antwort {value}" for value in range(1, 6)]
    assert book.iloc[place].isna().all()
    assert book.notna().all(axis=1).sum() == len(part.table.rows) - 1
    assert "(·)" in str(book.index[place])


@pytest.mark.parametrize("make", [word, deck])
def test_where_all_is_withheld_no_digit_is_left_in_values_or_metadata(make: Any) -> None:
    for name, content in unpacked(make(hidden(specimen(3)))):
        if "/charts/" in name:
            assert not [v for v in re.findall("<c:val>(.*?)</c:val>", content) if "<c:v>" in v]
        if name.startswith("docProps/"):
            assert "26,4" not in content


@pytest.mark.parametrize("make", [word, deck])
def test_files_name_nobody(make: Any) -> None:
    for name, content in unpacked(make(specimen(1))):
        if name == "docProps/core.xml":
            for element in ("dc:creator", "cp:lastModifiedBy"):
                assert set(re.findall(f"<{element}>(.*?)</", content)) <= {"Stadt Musterstadt", ""}
            assert set(re.findall(r"(\d{4}-\d\d-\d\d)T", content)) == {"2026-05-02"}


CASES = {
    "ordinary": specimen(),
    "nothing": replace(specimen(), sections=(), headline=(), method=()),
    "no-rows": emptied(specimen()),
    "one": specimen(1),
    "hidden": hidden(specimen(3)),
    "long": specimen(3, long=" und so weiter" * 14),
    "literal": specimen(2, long=" ".join(("", *LITERAL))),
    "controls": specimen(2, long="\x07\x00\ufffe"),
}


@pytest.mark.slow
def test_libreoffice_opens_every_file(tmp_path: Path) -> None:
    paths = []
    for case, evaluation in CASES.items():
        for suffix, make in (("docx", word), ("pptx", deck)):
            path = tmp_path / f"{case}-{suffix}.{suffix}"
            path.write_bytes(make(evaluation))
            paths.append(path)
    shown_as = converted(paths, tmp_path)
    assert [path.name for path in shown_as if not path.exists()] == []
    text = {path.stem: pdf_text(path.read_bytes()) for path in shown_as}
    assert pdf_pages((tmp_path / "ordinary-docx.pdf").read_bytes()) >= 6
    assert "Seite 1 von" in text["ordinary-docx"]
    for suffix in ("docx", "pptx"):
        assert "26,4" in text[f"ordinary-{suffix}"]
        assert "Das Wichtigste" in text[f"nothing-{suffix}"]
    assert "=SUMME(A1)" in text["literal-docx"]
