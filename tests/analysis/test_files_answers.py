"""The answers in every format: the same columns, the same cells, nothing lost."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from analysis.exports import AnswerTable, answer_columns, answers_csv, asked_by
from analysis.files.codebook import NOT_ASKED, codebook, spss_names
from analysis.files.json_document import json_document
from analysis.files.parquet import parquet
from analysis.files.sav import LONGEST_TEXT, byte_pieces, sav, shortened
from forms.definition import Questionnaire
from forms.texts import in_language
from survey.spreadsheet import neutral
from tests.analysis.files_answers import (
    PAYLOADS,
    QUESTIONNAIRE,
    SUBMITTED,
    book,
    hostile,
    opened,
    sheets,
    standing,
    table,
    xlsx,
)
from tests.analysis.specimen import specimen
from tests.forms.questionnaires import tiny

NUMBERS = ("version", "points.language", "total", "possible", "q8_fields.exchange")
TEXTS = ("unit_code", "unit_name", "parent", "q5_past", "q8_fields.other_text", "next_steps")


def read_csv(answers: AnswerTable, *, for_excel: bool = False) -> list[dict[str, str]]:
    text = "".join(
        answers_csv(answers.questionnaire, answers.sheets(), for_excel=for_excel)
    ).removeprefix("\ufeff")
    delimiter = ";" if for_excel else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def read_xlsx(answers: AnswerTable) -> list[dict[str, Any]]:
    [_marking, head, *rows] = opened(xlsx(specimen(), answers))["Antworten"].iter_rows(
        values_only=True
    )
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def read_sav(answers: AnswerTable, folder: Path, *, missing: bool = False) -> tuple[Any, Any]:
    path = folder / "answers.sav"
    sav(answers, book(), path, label="Selbstcheck 2026", made=date(2026, 5, 2))
    return pyreadstat.read_sav(path, user_missing=missing)


def read_parquet(answers: AnswerTable) -> pd.DataFrame:
    target = io.BytesIO()
    parquet(answers, book(), target)
    return pd.read_parquet(io.BytesIO(target.getvalue()))


def read_json(answers: AnswerTable) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("".join(json_document(specimen(), book(), answers)))[
        "answers"
    ]
    return found


@pytest.mark.parametrize("number", [0, 1, 300])
def test_every_format_has_the_same_columns_and_cells(number: int, tmp_path: Path) -> None:
    answers = table(sheets(number))
    names = answer_columns(QUESTIONNAIRE)
    rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in answers.rows()]
    as_csv, as_json, as_xlsx = read_csv(answers), read_json(answers), read_xlsx(answers)
    frame, (statistics, _meta) = read_parquet(answers), read_sav(answers, tmp_path, missing=True)
    assert [len(found) for found in (as_csv, as_json, as_xlsx, frame, statistics)] == [number] * 5
    assert list(frame.columns) == names
    spss = spss_names(names)
    for place, row in enumerate(rows):
        assert as_json[place] == {**row, "submitted": "2026-04-01T09:30:05+00:00"}
        assert as_csv[place]["submitted"] == "2026-04-01T09:30:05+00:00"
        assert as_xlsx[place]["submitted"].replace(tzinfo=SUBMITTED.tzinfo) == SUBMITTED
        for name in TEXTS:
            plain = row[name] or ""
            assert as_csv[place][name] == (as_xlsx[place][name] or "") == plain
            assert statistics[spss[name]][place] == plain
        for name in NUMBERS:
            given = row[name]
            assert as_csv[place][name] == str(given or 0)
            assert as_xlsx[place][name] == given
            assert statistics[spss[name]][place] == (NOT_ASKED if given is None else given)
        for name in QUESTIONNAIRE.points:
            code = str(row[name])
            assert as_csv[place][name] == code == frame[name][place]
            assert as_xlsx[place][name] == int(code) == statistics[name][place]


def test_the_csv_of_every_sheet_is_one_piece_of_a_few_hundred() -> None:
    pieces = list(answers_csv(QUESTIONNAIRE, iter(sheets(600)), for_excel=False))
    assert 3 <= len(pieces) <= 5
    assert len(list(csv.reader(io.StringIO("".join(pieces), newline="")))) == 601


def test_what_was_not_asked_is_told_apart_from_what_was_not_ticked(tmp_path: Path) -> None:
    asked = (standing(1), {"q8": "3"})
    ticked = (standing(2), {"q8": "4", "q8_fields": ["exchange"]})
    not_asked = (standing(3), {"q8": "2"})
    answers = table([asked, ticked, not_asked])
    name = "q8_fields.exchange"
    assert [row[name] for row in read_csv(answers)] == ["0", "1", "0"]
    assert [row[name] for row in read_xlsx(answers)] == [0, 1, None]
    assert [row[name] for row in read_json(answers)] == [0, 1, None]
    assert list(read_parquet(answers)[name]) == [False, True, None]
    spss = "q8_fields_exchange"
    statistics, meta = read_sav(answers, tmp_path, missing=True)
    assert list(statistics[spss]) == [0, 1, NOT_ASKED]
    assert meta.variable_value_labels[spss][NOT_ASKED] == "nicht gefragt"
    without, _ = read_sav(answers, tmp_path)
    assert list(without[spss].isna()) == [False, False, True]


def test_a_hostile_text_comes_back_whole(tmp_path: Path) -> None:
    answers = table(hostile())
    assert len(PAYLOADS) >= 200
    statistics, _ = read_sav(answers, tmp_path)
    parts = [name for name in statistics.columns if name.startswith("next_steps")]
    assert len(parts) == 3
    written = read_csv(answers)
    frame = read_parquet(answers)
    for place, payload in enumerate(PAYLOADS):
        assert written[place]["next_steps"] == neutral(payload)
        assert frame["next_steps"][place] == payload
        # SPSS fills texts up with spaces, so none can be kept at the end.
        assert "".join(statistics[name][place] for name in parts) == payload.rstrip(" ")
    assert [row["next_steps"] for row in read_json(answers)] == list(PAYLOADS)


@pytest.mark.parametrize("text", ["", "ä" * 20_000, "a" * 32_766 + " " * 9 + "b", "👩" * 9_000])
def test_pieces_of_a_text_fit_and_make_it_whole(text: str) -> None:
    pieces = list(byte_pieces(text, LONGEST_TEXT))
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= LONGEST_TEXT for piece in pieces)
    assert not any(piece.endswith(" ") for piece in pieces)


@pytest.mark.parametrize(
    ("text", "most", "short"), [("abc", 3, "abc"), ("abcd", 4, "abcd"), ("äääää", 8, "ää…")]
)
def test_a_label_is_shortened_between_letters(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short


def test_spss_gets_labels_measures_and_the_whole_text_of_long_labels(tmp_path: Path) -> None:
    _, meta = read_sav(table(sheets(3)), tmp_path)
    variables = book().variables
    assert meta.column_names == [variable.spss for variable in variables]
    assert meta.file_label == "Selbstcheck 2026"
    assert str(meta.creation_time) == "2026-05-02 00:00:00"
    assert meta.variable_measure["q1"] == "ordinal"
    assert meta.variable_measure["total"] == "scale"
    assert meta.variable_value_labels["q1"][5.0] == "stimme voll zu"
    assert meta.variable_value_labels["band"] == {1.0: "Rot", 2.0: "Gelb", 3.0: "Grün"}
    note = " ".join(meta.notes)
    for variable in variables:
        label = meta.column_names_to_labels[variable.spss]
        if label.endswith("…"):
            assert f"{variable.spss}: {' '.join(variable.label.split())}" in note
        else:
            assert label == variable.label


def test_arabic_labels_come_back(tmp_path: Path) -> None:
    texts = {"scales.agreement.options.5.text": "أوافق تماما", "title": "استبيان"}
    codes = codebook(in_language(QUESTIONNAIRE, "ar", texts))
    path = tmp_path / "arabic.sav"
    sav(table(sheets(2)), codes, path, label=codes.title, made=date(2026, 5, 2))
    _, meta = pyreadstat.read_sav(path)
    assert meta.variable_value_labels["q1"][5.0] == "أوافق تماما"
    assert meta.file_label == "استبيان"


def test_the_same_answers_make_the_same_file(tmp_path: Path) -> None:
    answers, contents = table(sheets(5)), []
    for name in ("a.sav", "b.sav"):
        sav(answers, book(), tmp_path / name, label="x", made=date(2026, 5, 2))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_names_for_spss_are_allowed_and_unique() -> None:
    names = ["a.b", "a_b", "A-B", "with", "9", f"{'x' * 40}.{'y' * 40}", f"{'x' * 40}.{'y' * 39}z"]
    found = spss_names(names)
    assert found["a.b"] == "a_b"
    assert [found[name] for name in names[1:5]] == ["a_b_2", "A_B_3", "with_2", "v9"]
    assert max(map(len, found.values())) == 64
    assert len({name.upper() for name in found.values()}) == len(names)


@pytest.mark.parametrize("name", ["tiny", "counter", "follow-up", "naughty", "uneven", "unscored"])
def test_every_questionnaire_has_a_codebook_for_its_columns(name: str, tmp_path: Path) -> None:
    questionnaire = tiny(name)
    codes = codebook(in_language(questionnaire, "de", {}))
    assert [variable.name for variable in codes.variables] == answer_columns(questionnaire)
    for variable in codes.variables:
        numbers = [value.number for value in variable.values]
        assert len(set(numbers)) == len(numbers)
        assert bool(variable.values) == (variable.type in ("code", "tick"))
    answers = AnswerTable(questionnaire, lambda: [(standing(1), {})])
    sav(answers, codes, tmp_path / "x.sav", label=name, made=date(2026, 5, 2))
    frame, _ = pyreadstat.read_sav(tmp_path / "x.sav")
    assert len(frame) == 1


def test_the_codebook_says_when_a_follow_up_is_asked() -> None:
    found = {variable.name: variable for variable in book().variables}
    asked_if = found["q8_fields.exchange"].asked_if
    assert "8" in asked_if
    assert "stimme teilweise zu" in asked_if
    assert "stimme eher nicht zu" not in asked_if
    assert found["q8"].asked_if == ""
    assert found["q8"].number == "8"
    assert found["q8"].category == "Interkulturelle Sensibilität/Menschenbilder"
    assert [value.points for value in found["q1"].values] == [1, 2, 3, 4, 5]


def test_a_rating_without_points_is_missing_in_spss() -> None:
    questionnaire: Questionnaire = tiny("barriers")
    codes = codebook(in_language(questionnaire, "de", {}))
    rated = [variable for variable in codes.variables if variable.name in questionnaire.ratings]
    assert rated
    for variable in rated:
        for value in variable.values:
            assert (value.points is None) == (value.number < NOT_ASKED)


def test_a_condition_is_given_by_its_answers() -> None:
    questions = QUESTIONNAIRE.questions
    assert asked_by(QUESTIONNAIRE, questions["q8"]) is None
    assert asked_by(QUESTIONNAIRE, questions["q8_fields"]) == ("q8", frozenset("345"))
