"""A sheet with a mistake is refused whole; every mistake is named with its cell and its cure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from survey.translation_rows import parse_key
from survey.translation_sheet import KEY, REVIEWED, TRANSLATION
from tests.translations.folders import copy_of_translations
from tests.translations.sheets import Sheet, exported, new_language, refused

MISSING = "%(num)s Antworten fehlen noch"
POINTS = "%(points)s von %(possible)s Punkten"


def as_type(kind: str, value: Any) -> Callable[[Any], None]:
    """Put a value of a type into a cell."""

    def put(cell: Any) -> None:
        cell.value = value
        cell.data_type = kind

    return put


def text(value: str) -> Callable[[Any], None]:
    """Put a text into a cell."""
    return as_type("s", value)


MISTAKES: dict[str, tuple[str, str, Callable[[Any], None], str]] = {
    "a placeholder is lost": (
        POINTS, TRANSLATION, text("[%(points)s]"), "Platzhalter %(possible)s fehlt; genau so",
    ),
    "a placeholder is misspelt": (
        POINTS, TRANSLATION, text("[%(points)s %(possible)s %(point)s]"),
        "Platzhalter %(point)s gibt es im deutschen Text nicht; entfernen",
    ),
    "a placeholder is invented": (
        "Rot", TRANSLATION, text("%(hue)s"), "Platzhalter %(hue)s gibt es im deutschen Text nicht",
    ),
    "a percent sign": ("Rot", TRANSLATION, text("100 %"), "das Zeichen % steht nicht im deutschen"),
    "the number is lost in a form for several": (
        MISSING, TRANSLATION, text("ответов мало"), "Platzhalter %(num)s fehlt",
    ),
    "a tag": ("Rot", TRANSLATION, text("<b>x</b>"), "enthält \" < > oder &"),
    "a script": ("Rot", TRANSLATION, text("x<script>"), "enthält \" < > oder &"),
    "a control character": ("Rot", TRANSLATION, text("a_x0007_b"), "enthält ein Steuerzeichen"),
    "a tabulator": ("Rot", TRANSLATION, text("a\tb"), "enthält ein Steuerzeichen"),
    "letters that turn the line": ("Rot", TRANSLATION, text("a\u202eb"), "die Schreibrichtung"),
    "too long": ("Rot", TRANSLATION, text("wort " * 2_001), "länger als 10000 Zeichen; kürzen"),
    "a formula": ("Rot", TRANSLATION, as_type("f", "=1+1"), "enthält eine Formel; als Text"),
    "a formula beside it": ("Rot", REVIEWED, as_type("f", "=1+1"), "enthält eine Formel; als Text"),
    "a number": ("Rot", TRANSLATION, as_type("n", 5), "enthält eine Zahl; als Text schreiben"),
    "a truth": ("Rot", TRANSLATION, as_type("b", True), "enthält einen Wahrheitswert; als Text"),
    "an error of the program": ("Rot", TRANSLATION, as_type("e", "#NAME?"), "einen Fehlerwert"),
    "another answer": ("Rot", REVIEWED, text("vielleicht"), "„vielleicht“ ist keine Antwort"),
    "no key": ("Rot", KEY, as_type("s", ""), "Schlüssel fehlt; die Zeile aus einem neuen Export"),
    "a changed key": ("Rot", KEY, text("ru:messages:1234"), "Schlüssel verändert; die Zeile aus"),
    "a computed key": ("Rot", KEY, as_type("f", "=K3"), "Schlüssel verändert; die Zeile aus einem"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_cell(mistake: str, sheet: Sheet, language: Path) -> None:
    german, head, spoil, reason = MISTAKES[mistake]
    line = sheet.line_of(german)
    sheet.put(sheet.line_of("Gelb"), "Жёлтый")  # must not be written either
    spoil(sheet.cell(head, line))
    errors = refused(sheet.raw, language)
    assert errors[0].startswith(f"{sheet.name(head, line)}: "), errors
    assert reason in errors[0]
    assert errors[1:] == ["Nichts wurde übernommen."]


def test_a_date_is_no_text(sheet: Sheet, language: Path) -> None:
    cell = sheet.cell(TRANSLATION, sheet.line_of("Rot"))
    cell.value, cell.number_format = date(2026, 2, 1), "dd.mm.yyyy"
    assert "enthält ein Datum; als Text schreiben" in refused(sheet.raw, language)[0]


def test_every_mistake_is_named_at_once_from_top_to_bottom(sheet: Sheet, language: Path) -> None:
    lines = [3, 7, 40]
    for line in reversed(lines):
        sheet.put(line, "<b>")
    errors = refused(sheet.raw, language)
    assert [e.partition(":")[0] for e in errors[:-1]] == [sheet.name(TRANSLATION, n) for n in lines]


def test_reviewed_needs_a_translation(sheet: Sheet, language: Path) -> None:
    line = sheet.line_of("Rot")
    sheet.put(line, None)
    sheet.say_reviewed(line)
    assert refused(sheet.raw, language)[0] == (
        f"{sheet.name(REVIEWED, line)}: „ja“ ohne Übersetzung; übersetzen oder die Zelle leeren"
    )


def test_the_same_row_twice_is_named_with_the_first(sheet: Sheet, language: Path) -> None:
    first, second = sheet.line_of("Rot"), sheet.line_of("Gelb")
    sheet.put(second, sheet.key(first), KEY)
    names = sheet.name(KEY, first), sheet.name(KEY, second)
    first_name, second_name = sorted(names, key=lambda name: int(name.partition("!")[2][1:]))
    assert refused(sheet.raw, language)[0] == (
        f"{second_name}: dieselbe Zeile wie {first_name}; eine von beiden löschen"
    )


@pytest.mark.parametrize("cut", [False, True], ids=["left empty", "row deleted"])
def test_a_plural_needs_all_its_forms(cut: bool, folder: Path) -> None:
    new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    one, few, many = sheet.lines_of(MISSING)
    sheet.put(one, "%(num)s ответ")
    sheet.put(few, "%(num)s ответа")
    named = sheet.name(TRANSLATION, many)
    if cut:
        sheet.texts.delete_rows(many)
        named = sheet.name(KEY, one)
    assert refused(sheet.raw, folder)[0] == (
        f"{named}: Form für die Zahlen 0, 5–20, 25–30 … fehlt; alle Formen dieses Textes ausfüllen"
    )


def test_rows_of_another_language_are_refused(folder: Path) -> None:
    for code in ("ru", "pl"):
        new_language(folder, code)
    sheet, other = Sheet(exported(folder, "ru")), Sheet(exported(folder, "pl"))
    line = sheet.line_of("Rot")
    sheet.put(line, other.key(other.line_of("Rot")), KEY)
    assert refused(sheet.raw, folder)[0] == (
        f"{sheet.name(KEY, line)}: Zeile der Sprache pl in einer Datei für ru; löschen"
    )


def test_a_file_of_a_language_nobody_speaks_here_is_refused(folder: Path, tmp_path: Path) -> None:
    new_language(folder, "ru")
    raw = exported(folder, "ru")
    elsewhere = copy_of_translations(tmp_path / "elsewhere")
    assert "Datei der Sprache ru, die es hier nicht gibt" in refused(raw, elsewhere)[0]


def test_another_languages_key_cannot_be_forged_by_hand(sheet: Sheet, language: Path) -> None:
    line = sheet.line_of("Rot")
    sheet.put(line, sheet.key(line).replace("ru:", "en:"), KEY)
    assert parse_key(sheet.key(line)) is None
    assert "Schlüssel verändert" in refused(sheet.raw, language)[0]
