"""What stands in the sheet for translators, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from survey.catalogue_checks import numbers_served
from survey.catalogues import extracted, messages, update
from survey.translation_import import take_in
from survey.translation_places import OTHER, page_place, questionnaire_places
from survey.translation_rows import CannotExport, RowKey, in_words, parse_key, rows
from survey.translation_sheet import REVIEWED, TRANSLATION
from tests.translations.folders import (
    DESK,
    MESSAGES,
    change,
)
from tests.translations.sheets import (
    Sheet,
    exported,
    new_language,
    translation,
)
from tests.world import selbstcheck

MISSING = "%(num)s Antworten fehlen noch"
ONE_MISSING = "Eine Antwort fehlt noch"
POINTS = "%(points)s von %(possible)s Punkten"


def test_the_sheet_can_only_be_filled_where_it_should(folder: Path) -> None:
    new_language(folder, "ar", direction="rtl")
    sheet = Sheet(exported(folder, "ar"))
    assert sheet.texts.protection.sheet
    open_heads = {h for h in sheet.heads if not sheet.cell(h, 2).protection.locked}
    assert open_heads == {TRANSLATION, REVIEWED}
    # Typed into a cell of text, =1+1 stays what it is.
    assert {sheet.cell(head, 2).number_format for head in open_heads} == {"@"}
    assert sheet.texts.freeze_panes == "A2"
    key_letter = sheet.cell("Schlüssel", 2).column_letter
    assert sheet.texts.column_dimensions[key_letter].hidden
    [choice] = sheet.texts.data_validations.dataValidation
    assert choice.formula1 == '"ja"'
    sides = {h: sheet.cell(h, 2).alignment.readingOrder for h in sheet.heads}
    assert {h for h, side in sides.items() if side == 2} == {TRANSLATION, "Übersetzung früher"}
    assert sheet.book.sheetnames == ["Anleitung", "Texte", "Glossar"]


def test_the_sheet_helps(folder: Path) -> None:
    new_language(folder, "ru")
    (folder / "ru" / "glossary.toml").write_text(
        '["Punkt"]\ntarget = "балл"\nstems = ["балл"]\nnote = "не очко"\n', encoding="utf-8"
    )
    sheet = Sheet(exported(folder, "ru"))
    line = sheet.line_of(POINTS)
    hint = str(sheet.cell("Hinweis", line).value).splitlines()
    assert hint == ["Unverändert übernehmen: %(points)s, %(possible)s", "Glossar: Punkt = балл"]
    assert sheet.cell("Englisch", line).value == "%(points)s of %(possible)s points"
    assert sheet.cell("Wo", line).value == "Ergebnis einer kleineren Einheit"
    [question] = sheet.lines_of(selbstcheck().questions["q1"].text)
    assert str(sheet.cell("Wo", question).value).startswith("Fragebogen „Selbstcheck“: Seite")
    assert str(sheet.cell("Wo", question).value).endswith("Frage q1")
    assert "Nötig" in str(sheet.cell("Hinweis", question).value)
    words = [cell.value for cell in sheet.book["Glossar"][2]]
    assert words == ["Punkt", "балл", "не очко"]


def test_a_word_beside_the_glossary_is_pointed_out(folder: Path) -> None:
    po = new_language(folder, "ru")
    (folder / "ru" / "glossary.toml").write_text(
        '["Punkt"]\ntarget = "балл"\nstems = ["балл"]\n', encoding="utf-8"
    )
    sheet = Sheet(exported(folder, "ru"))
    sheet.put(sheet.line_of(POINTS), "%(points)s из %(possible)s очков")
    report = take_in(sheet.raw, folder)
    name = sheet.name(TRANSLATION, sheet.line_of(POINTS))
    assert report.notices == (f"{name}: Hinweis: Glossar: „Punkt“ heißt sonst „балл“",)
    assert translation(po, POINTS)[1] == "translated"


def test_texts_come_in_the_order_people_meet_them(folder: Path) -> None:
    update(folder)
    found = rows("en", folder)
    keys = [row.key.domain for row in found]
    assert keys == sorted(keys, reverse=True), "the desk is last"
    own = [row.german for row in found if row.place.startswith("Fragebogen „Selbstcheck“: Seite")]
    texts = [question.text for question in selbstcheck().questions.values()]
    assert [text for text in own if text in texts] == texts


def test_every_text_has_a_place_in_words() -> None:
    places = questionnaire_places()
    for domain in (MESSAGES, DESK):
        for message in messages(extracted(domain)):
            place = places.get(message.context or "") or page_place(message)
            assert place.words != OTHER, message.locations
            assert not any(sign in place.words for sign in "_/.") or "„" in place.words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["1", "0, 2 und mehr"]),
        ("cs", ["1", "2–4", "0, 5 und mehr"]),
        ("pl", ["1", "2–4, 22–24, 32–34 …", "0, 5–21, 25–31 …"]),
        ("ar", ["0", "1", "2", "3–10, 103–110", "100–102", "11–99, 111–199"]),
        ("vi", ["alle Zahlen"]),
    ],
)
def test_plural_forms_are_named_by_their_numbers(language: str, said: list[str]) -> None:
    served = numbers_served(Catalog(locale=language))
    assert sorted(map(in_words, served.values())) == sorted(said)


@pytest.mark.parametrize("spoilt", ["", "x", "ru:messages:00000000:0:000000", "ru:messages:0:0"])
def test_a_changed_key_is_no_key(spoilt: str) -> None:
    key = RowKey("de-simple", "messages", "0123abcd", 1)
    assert parse_key(str(key)) == key
    assert parse_key(str(key).replace("0123", "0124")) is None
    assert parse_key(spoilt) is None


def test_a_stale_or_unknown_language_is_not_exported(folder: Path) -> None:
    po = new_language(folder, "ru")
    with pytest.raises(CannotExport, match="bekannt: en, ru"):
        rows("tlh", folder)
    change(po, lambda catalogue: catalogue.delete("Rot"))
    with pytest.raises(CannotExport, match="zuerst `zugangscheck translations update`"):
        rows("ru", folder)
