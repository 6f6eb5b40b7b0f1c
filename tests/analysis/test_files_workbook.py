"""The workbook: the same numbers as the tables, text that stays text, sheets one can print."""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from analysis.evaluation.sections import WITHHELD, Cell, Evaluation, Part
from analysis.files import lists
from analysis.files.book import LONGEST_TEXT, sheet_name, utf16_pieces
from analysis.files.section_sheet import MARK
from analysis.files.workbook import reads_from_right
from survey.messages import bands
from tests.analysis.files_answers import (
    LONG,
    PAYLOADS,
    hostile,
    malicious,
    opened,
    sheets,
    table,
    xlsx,
)
from tests.analysis.specimen import specimen

LISTS = ["Ergebnisse", "Codebuch", "Hinweise"]


def shown(cell: Cell) -> Any:
    """A cell as the sheet has it."""
    if cell is WITHHELD:
        return MARK
    return bands().get(cell, cell) if isinstance(cell, str) else cell


def rows_of(sheet: Worksheet, part: Part) -> list[list[Any]]:
    """The cells under a part's heading, without titles."""
    shorts = any(cell.value == "Kurz" for row in sheet.iter_rows(max_row=100) for cell in row)
    places = [cell.row for [cell] in sheet.iter_rows(max_col=1) if cell.value == part.title]
    assert len(places) == 1
    first, left, many = places[0] + 2, 2 + shorts, len(part.table.columns)
    if not part.table.rows:
        return []
    return [
        list(row)
        for row in sheet.iter_rows(
            min_row=first,
            max_row=first + len(part.table.rows) - 1,
            min_col=left,
            max_col=left + many - 1,
            values_only=True,
        )
    ]


@pytest.mark.parametrize("units", [0, 1, 12, 300])
def test_every_number_of_every_table_stands_in_its_cell(units: int) -> None:
    evaluation = specimen(units, long=" lang" * 40 if units > 12 else "")
    book = opened(xlsx(evaluation))
    results = book.worksheets[1 : 1 + len(evaluation.sections)]
    for sheet, section in zip(results, evaluation.sections, strict=True):
        for part in section.parts:
            found = rows_of(sheet, part)
            for cells, row in zip(found, part.table.rows, strict=True):
                # The format keeps 16 digits of a number.
                for cell, given in zip(cells, map(shown, row.cells), strict=True):
                    assert cell == (pytest.approx(given, 1e-15) if type(given) is float else given)


def test_formats_tell_shares_means_and_changes() -> None:
    book = opened(xlsx(specimen()))
    found = {
        (cell.value, cell.number_format) for row in book.worksheets[1] for cell in row if cell.value
    }
    assert (10 / 12, '0"\N{NO-BREAK SPACE}"%') in found
    assert (26.4, "0.0") in found
    assert (10, "0") in found


def test_pandas_reads_the_answers() -> None:
    given = sheets(30)
    content = xlsx(specimen(), table(given))
    frame = pd.read_excel(io.BytesIO(content), sheet_name="Antworten", header=1)
    assert list(frame["total"]) == [standing.points for standing, _ in given]
    assert frame["q1"].mean() == sum(int(answers["q1"]) for _, answers in given) / 30


def texts(content: bytes) -> set[str]:
    """Every text of every cell, as a spreadsheet program shows it."""
    return {
        unescape(cell.value)
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }


def parts(content: bytes, beginning: str) -> dict[str, str]:
    """The XML files whose name begins so."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(beginning)]
        return {name: archive.read(name).decode() for name in names}


def plain(payload: str) -> str:
    """A payload as it is written: only what would be taken for markup gets an apostrophe."""
    return f"'{payload}" if payload.startswith("<r>") and payload.endswith("</r>") else payload


def test_no_hostile_text_becomes_a_formula_or_is_lost() -> None:
    content = xlsx(specimen(2), table(hostile()))
    sheets_xml = parts(content, "xl/worksheets/")
    assert not any("<f>" in xml or "<f " in xml for xml in sheets_xml.values())
    short = [p for p in PAYLOADS if p not in LONG]
    book = opened(content)
    names = [row[1] for row in book["Antworten"].iter_rows(min_row=3, values_only=True)]
    written = [unescape(str(name)) for name in names[: len(short)]]
    assert written == [plain(payload) for payload in short]


def test_what_begins_like_a_formula_keeps_excel_from_reading_it_when_edited() -> None:
    sheet = opened(xlsx(specimen(2), table(hostile())))["Antworten"]
    by_place = {row[1].value: row[1] for row in sheet.iter_rows(min_row=3)}
    assert by_place["=1+1"].quotePrefix
    assert by_place["=1+1"].data_type == "s"
    assert not by_place["%1+1"].quotePrefix


def test_texts_no_cell_can_hold_stand_whole_on_their_own_sheet() -> None:
    book = opened(xlsx(specimen(2), table(hostile())))
    pieces: dict[int, str] = {}
    for number, _where, part, text in book["Lange Texte"].iter_rows(min_row=3, values_only=True):
        assert part == 1 or number in pieces
        pieces[int(str(number))] = pieces.get(int(str(number)), "") + str(text)
    too_long = [text for text in LONG if len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT]
    # Each stands in a fact and in an answer.
    assert list(pieces.values()) == [text for text in too_long for _ in range(2)]
    answers = [row[1] for row in book["Antworten"].iter_rows(min_row=3, values_only=True)]
    assert sum("vollständig im Blatt „Lange Texte“" in str(text) for text in answers) == 4
    assert LONG[2] in answers


@pytest.mark.parametrize("text", ["", "a" * 10, "👩" * 7, "a👩" * 5])
def test_pieces_are_counted_as_spreadsheets_count(text: str) -> None:
    pieces = list(utf16_pieces(text, 4))
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) <= 8 for piece in pieces)


def test_an_evaluation_of_hostile_texts_is_a_workbook_without_formulas() -> None:
    evaluation = malicious()
    content = xlsx(evaluation, table(hostile()))
    assert not any("<f>" in xml for xml in parts(content, "xl/worksheets/").values())
    found = {text.strip() for text in texts(content)}
    wanted = [section.finding for section in evaluation.sections]
    assert [text for text in wanted if plain(text).strip() not in found] == []


def test_charts_are_native_and_described() -> None:
    content = xlsx(specimen())
    kinds = sorted(
        kind
        for xml in parts(content, "xl/charts/chart").values()
        for kind in ("barChart", "lineChart")
        if f"<c:{kind}>" in xml
    )
    # bands, bars, diverging and three panels; dots, slopes and lines
    assert kinds == ["barChart"] * 6 + ["lineChart"] * 3
    drawings = "".join(parts(content, "xl/drawings/drawing").values())
    for kind in ("bands", "diverging", "slopes", "dots", "lines"):
        assert f'descr="Darstellung als {kind}."' in drawings
    assert "colorScale" in parts(content, "xl/worksheets/sheet3")["xl/worksheets/sheet3.xml"]


def test_three_hundred_units_are_shaded_and_not_drawn() -> None:
    content = xlsx(specimen(300))
    charts = parts(content, "xl/charts/chart")
    assert len(charts) == 5
    assert parts(content, "xl/worksheets/sheet4")["xl/worksheets/sheet4.xml"].count("<cfRule") == 1


@pytest.mark.parametrize("title", ["=1+1", "Achtung!A1 steht", "='[x.xlsx]Blatt'!$A$1", "a!!B2"])
def test_a_title_of_a_chart_is_no_reference(title: str) -> None:
    [section, *_others] = specimen().sections
    [bands_part, *_more] = section.parts
    assert bands_part.chart
    changed = replace(bands_part, chart=replace(bands_part.chart, title=title))
    evaluation = replace(specimen(), sections=(replace(section, parts=(changed,)),))
    [chart] = parts(xlsx(evaluation), "xl/charts/chart").values()
    head = chart[: chart.index("</c:title>")]
    assert "<c:f>" not in head
    assert html.escape(title, quote=False) in head.replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize("units", [0, 1, 12])
def test_every_sheet_carries_the_marking_and_prints_it(units: int) -> None:
    evaluation = specimen(units)
    for sheet in opened(xlsx(evaluation, table(sheets(units)))):
        head = [cell.value for row in sheet.iter_rows(max_row=4) for cell in row]
        assert evaluation.marking in head
        assert evaluation.marking in str(sheet.oddFooter.left.text)
        assert evaluation.title in str(sheet.oddHeader.left.text)


def test_lists_keep_their_heads_in_sight_and_on_every_page() -> None:
    book = opened(xlsx(specimen(), table(sheets(3))))
    for name in ("Antworten", "Codebuch"):
        assert book[name].freeze_panes == "B3"
        assert book[name].print_title_rows == "$1:$2"
        assert book[name].page_setup.orientation == "landscape"
        assert book[name].auto_filter.ref


def test_the_overview_links_to_every_sheet() -> None:
    book = opened(xlsx(specimen(), table(sheets(3))))
    overview = book.worksheets[0]
    targets = [cell.hyperlink.location for row in overview for cell in row if cell.hyperlink]
    assert targets == [f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]]


def test_without_answers_there_is_no_sheet_of_them() -> None:
    names = opened(xlsx(replace(specimen(), sections=()))).sheetnames
    assert names == LISTS


def test_the_file_names_nobody_and_is_the_same_again() -> None:
    first = xlsx(specimen(), table(hostile()))
    assert first == xlsx(specimen(), table(hostile()))
    about = opened(first).properties
    assert about.creator in ("", None)
    assert about.lastModifiedBy in ("", None)
    assert about.created == datetime(2026, 5, 2)  # noqa: DTZ001  # openpyxl's have no zone
    assert about.title == "Selbstcheck 2026 Musterstadt"


@pytest.mark.parametrize(("language", "right"), [("de", False), ("en", False), ("ar", True)])
def test_sheets_run_as_their_language_does(language: str, right: bool) -> None:
    evaluation: Evaluation = replace(specimen(2), language=language)
    assert reads_from_right(language) is right
    for sheet in opened(xlsx(evaluation)):
        assert bool(sheet.sheet_view.rightToLeft) is right


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Wo stehen wir?", "Wo stehen wir"),
        ("a/b\\c*[d]:e", "a b c d e"),
        ("'x'", "x"),
        ("", "–"),
        ("History", "History (2)"),
        ("Antworten", "Antworten (2)"),
        ("2 Welche Aussagen sind am schwächsten?", "2 Welche Aussagen sind am…"),
        ("👩" * 20, "👩" * 15 + "…"),
    ],
)
def test_names_of_sheets_are_allowed_and_unique(title: str, name: str) -> None:
    assert sheet_name(title, {"antworten"}) == name
    assert len(name.encode("utf-16-le")) <= 2 * 31


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "ROWS_OF_A_SHEET", 12)
    book = opened(xlsx(specimen(0), table(sheets(25))))
    pages = [book[name] for name in ("Antworten", "Antworten (2)", "Antworten (3)")]
    codes = [row[0] for page in pages for row in page.iter_rows(min_row=3, values_only=True)]
    assert codes == [f"{number:03}" for number in range(25)]
