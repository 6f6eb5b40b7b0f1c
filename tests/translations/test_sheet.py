"""The sheet for translators: what stands in it, and that nothing is lost on the way and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from survey.catalogues import checksum, extracted, messages, read, update
from survey.locale import languages
from survey.translation_import import take_in
from survey.translation_rows import RowKey, parse_key, rows
from survey.translation_sheet import REVIEWED, TRANSLATION
from tests.translations.folders import (
    MESSAGES,
    Q1,
    add_language,
    older_german,
)
from tests.translations.sheets import (
    NUMBERS,
    Sheet,
    exported,
    new_language,
    translation,
)
from tests.world import selbstcheck

MISSING = "%(num)s Antworten fehlen noch"
ONE_MISSING = "Eine Antwort fehlt noch"
POINTS = "%(points)s von %(possible)s Punkten"


# --- there and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_a_sheet_nobody_has_changed_changes_no_byte(code: str, folder: Path) -> None:
    if code != "en":
        add_language(folder, code, "ltr", without=frozenset({Q1}))
    update(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.po")}
    for raw in (exported(folder, code), Sheet(exported(folder, code)).raw):
        report = take_in(raw, folder)
        assert (report.changed, report.reviewed, report.skipped, report.notices) == (0, 0, (), ())
        assert report.unchanged > 500
    assert {path: path.read_bytes() for path in folder.rglob("*.po")} == before


def test_what_is_written_is_translated_until_somebody_reviews_it(folder: Path) -> None:
    po = new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    for text in ("Rot", "Gelb"):
        sheet.put(sheet.line_of(text), f"  {text}o\n")
    sheet.say_reviewed(sheet.line_of("Gelb"))
    report = take_in(sheet.raw, folder)
    assert (report.changed, report.reviewed) == (2, 1)
    assert translation(po, "Rot") == ("Roto", "translated")
    assert translation(po, "Gelb") == ("Gelbo", "reviewed")

    again = Sheet(exported(folder, "ru"))
    line = again.line_of("Gelb")
    assert again.column("Stand", [line, again.line_of("Rot")]) == ["geprüft", "übersetzt"]
    assert again.cell(REVIEWED, line).value is None, "who changes it has not reviewed it"
    again.put(line, "Geloo")
    again.put(again.line_of("Rot"), "JA", REVIEWED)
    report = take_in(again.raw, folder)
    assert (report.changed, report.reviewed) == (1, 1)
    assert translation(po, "Rot") == ("Roto", "reviewed")
    assert translation(po, "Gelb") == ("Geloo", "translated")


def test_an_emptied_cell_deletes_nothing(folder: Path) -> None:
    po = folder / "en" / "LC_MESSAGES" / "messages.po"
    update(folder)
    before = po.read_bytes()
    sheet = Sheet(exported(folder, "en"))
    for line in sheet.lines():
        sheet.put(line, None)
    sheet.put(sheet.line_of("Rot"), "  ")
    assert take_in(sheet.raw, folder).changed == 0
    assert po.read_bytes() == before


def test_trying_writes_nothing(folder: Path) -> None:
    po = new_language(folder, "ru")
    before = po.read_bytes()
    sheet = Sheet(exported(folder, "ru"))
    filled = sheet.fill()
    report = take_in(sheet.raw, folder, write=False)
    assert report.changed == len(rows("ru", folder)) - 2 * plurals() == filled - 2 * plurals()
    assert "würde übernommen" in report.lines(dry_run=True)[-1]
    assert po.read_bytes() == before


def plurals() -> int:
    """How many messages of respondents have a singular and a plural."""
    return sum(isinstance(message.id, tuple) for message in messages(extracted(MESSAGES)))


def test_rows_may_be_missing_and_moved(folder: Path) -> None:
    po = new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    line = sheet.line_of("Rot")
    sheet.put(line, "Красный")
    sheet.texts.delete_rows(line + 1, 10_000)
    sheet.texts.delete_rows(2, line - 2)
    sheet.texts.insert_cols(1)
    sheet.texts.insert_rows(2, 3)
    report = take_in(sheet.raw, folder)
    assert (report.changed, report.unchanged) == (1, 0)
    assert any("stehen nicht in der Datei" in line for line in report.notices)
    assert translation(po, "Rot") == ("Красный", "translated")


def test_every_form_of_a_plural_has_its_row(folder: Path) -> None:
    po = new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    lines = sheet.lines_of(MISSING)
    served = ["1, 21, 31 …", "2–4, 22–24, 32–34 …", "0, 5–20, 25–30 …"]
    assert sheet.column(NUMBERS, lines) == served
    words = ["%(num)s ответ", "%(num)s ответа", "%(num)s ответов"]
    for line, text in zip(lines, words, strict=True):
        sheet.put(line, text)
        sheet.say_reviewed(line)
    take_in(sheet.raw, folder)
    assert translation(po, ONE_MISSING) == (tuple(words), "reviewed")
    sheet = Sheet(exported(folder, "ru"))
    sheet.put(lines[1], "%(num)s ответика")
    sheet.say_reviewed(lines[1])
    report = take_in(sheet.raw, folder)
    assert translation(po, ONE_MISSING) == ((words[0], "%(num)s ответика", words[2]), "translated")
    assert [line for line in report.notices if "nicht alle Formen" in line]


# --- the German has changed -----------------------------------------------------------------------


def test_an_outdated_text_comes_with_what_it_was(folder: Path) -> None:
    add_language(folder, "ru", "ltr", without=frozenset())
    po = folder / "ru" / "LC_MESSAGES" / "messages.po"
    said = older_german(po, Q1, "Wir sprechen viele Sprachen.")
    update(folder)
    sheet, text = Sheet(exported(folder, "ru")), selbstcheck().questions["q1"].text
    [line] = sheet.lines_of(text)
    heads = ("Stand", "Deutsch früher", "Übersetzung früher", TRANSLATION)
    shown = [sheet.cell(head, line).value for head in heads]
    assert shown == ["veraltet", "Wir sprechen viele Sprachen.", said, None]
    before = po.read_bytes()
    take_in(sheet.raw, folder)
    assert po.read_bytes() == before
    sheet.put(line, said)  # it still fits
    assert take_in(sheet.raw, folder).changed == 1
    [held] = [m for m in messages(read(po, languages(folder)["ru"])) if m.context == Q1]
    assert (held.string, held.fuzzy, held.previous_id) == (said, False, [])
    assert "#|" not in po.read_text("utf-8")


def test_a_row_for_an_older_german_text_is_left_out_and_named(folder: Path) -> None:
    po = new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    line = sheet.line_of("Rot")
    sheet.put(line, "Красный")
    older = Catalog().add("Purpurrot", "")
    sheet.put(line, str(key_of_older(sheet.key(line), older)), "Schlüssel")
    sheet.put(sheet.line_of("Gelb"), "Жёлтый")
    report = take_in(sheet.raw, folder)
    assert [r.partition(":")[0] for r in report.skipped] == [
        sheet.name(TRANSLATION, line).partition(":")[0]
    ]
    assert "geändert" in report.skipped[0]
    assert (report.changed, translation(po, "Rot")[0]) == (1, "")
    assert translation(po, "Gelb")[0] == "Жёлтый"


def key_of_older(key: str, message: Message) -> RowKey:
    """The key a row had when its German text was another one."""
    present = parse_key(key)
    assert present is not None
    return RowKey(present.language, present.domain, checksum(message), present.form)
