"""The tables of an evaluation in CSV and JSON: every cell, no other number, no formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from analysis.evaluation.sections import WITHHELD, Cell, Evaluation
from analysis.files.json_document import FORMAT, VERSION, json_document
from analysis.files.tables import COLUMNS, tables_csv
from survey.spreadsheet import BYTE_ORDER_MARK, FORMULA_SIGNS, neutral
from tests.analysis.files_answers import book, malicious
from tests.analysis.specimen import specimen

Place = tuple[str, str, str, str]


def cells(evaluation: Evaluation) -> dict[Place, Cell]:
    """Every cell by the keys of section, part, row and column."""
    return {
        (section.key, part.key, row.key, column.key): cell
        for section, part in evaluation.parts()
        for row in part.table.rows
        for column, cell in zip(part.table.columns, row.cells, strict=True)
    }


def lines(evaluation: Evaluation, *, for_excel: bool) -> list[dict[str, str]]:
    text = "".join(tables_csv(evaluation, for_excel=for_excel))
    assert text.startswith(BYTE_ORDER_MARK) == for_excel
    reader = csv.DictReader(
        io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""),
        delimiter=";" if for_excel else ",",
    )
    found = list(reader)
    assert reader.fieldnames == list(COLUMNS)
    return found


def said(line: dict[str, str], kind: type, *, for_excel: bool) -> Any:
    value = line["value"].replace(",", ".") if for_excel and kind is float else line["value"]
    return kind(value)


@pytest.mark.parametrize("for_excel", [True, False])
@pytest.mark.parametrize("units", [0, 1, 300])
def test_the_csv_has_every_cell_and_the_same_number(units: int, for_excel: bool) -> None:
    evaluation = specimen(units, long=" lang" * 40)
    expected = cells(evaluation)
    found = lines(evaluation, for_excel=for_excel)
    assert len(found) == len(expected)
    for line in found:
        cell = expected[line["section"], line["part"], line["row"], line["column"]]
        assert (line["withheld"] == "1") == (cell is WITHHELD)
        if cell is WITHHELD or cell is None:
            assert line["value"] == ""
        else:
            assert said(line, type(cell), for_excel=for_excel) == cell
        assert line["marking"] == evaluation.marking


def test_excel_gets_decimal_commas_and_signs_of_its_own() -> None:
    [line] = [
        line
        for line in lines(specimen(2), for_excel=True)
        if (line["part"], line["row"], line["column"]) == ("bands", "2026", "mean")
    ]
    assert line["value"] == "26,4"
    negative = [
        line["value"]
        for line in lines(specimen(12), for_excel=True)
        if line["kind"] == "change" and line["value"].startswith("-")
    ]
    assert negative
    assert all(float(value.replace(",", ".")) < 0 for value in negative)


@pytest.mark.parametrize("for_excel", [True, False])
def test_no_text_begins_like_a_formula(for_excel: bool) -> None:
    evaluation = malicious()
    for line in lines(evaluation, for_excel=for_excel):
        words = [cell for name, cell in line.items() if name != "value"]
        assert not any(word.startswith(FORMULA_SIGNS) for word in words)
        assert line["marking"] == neutral(evaluation.marking)


def test_an_empty_evaluation_is_a_head_alone() -> None:
    empty = replace(specimen(), sections=())
    assert lines(empty, for_excel=False) == []
    assert json.loads("".join(json_document(empty, book(), None)))["evaluation"]["sections"] == []


def test_json_says_format_and_version_and_every_cell() -> None:
    evaluation = specimen(12)
    document = json.loads("".join(json_document(evaluation, book(), None)))
    assert (document["format"], document["version"]) == (FORMAT, VERSION)
    assert document["answers"] is None
    assert document["evaluation"]["made"] == "2026-05-02"
    assert document["evaluation"]["marking"] == evaluation.marking
    found = {
        (section["key"], part["key"], row["key"], column): cell
        for section in document["evaluation"]["sections"]
        for part in section["parts"]
        for row in part["rows"]
        for column, cell in row["cells"].items()
    }
    withheld = {"withheld": True}
    assert found == {
        place: withheld if cell is WITHHELD else cell for place, cell in cells(evaluation).items()
    }
    assert withheld in found.values()


def test_json_keeps_every_text() -> None:
    evaluation = malicious()
    document = json.loads("".join(json_document(evaluation, book(), None)))["evaluation"]
    assert document["title"] == evaluation.title
    assert [section["finding"] for section in document["sections"]] == [
        section.finding for section in evaluation.sections
    ]


def test_json_has_no_number_that_is_none() -> None:
    evaluation = replace(specimen(), revision=float("nan"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON"):
        list(json_document(evaluation, book(), None))
