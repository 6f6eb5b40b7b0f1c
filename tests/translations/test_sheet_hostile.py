"""Whatever is written into a sheet comes back as it was, and no text becomes a formula."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from survey.catalogues import mark, update
from survey.translation_import import take_in
from survey.translation_rows import normalised
from survey.translation_sheet import TRANSLATION
from tests.translations.folders import (
    change,
    entry,
)
from tests.translations.sheets import (
    Sheet,
    exported,
    new_language,
    translation,
)

HOSTILE = (
    "=1+1", "=HYPERLINK(A1)", "+49 351", "-1", "@SUM(A1)", "'quoted", "|pipe", "＝1+1",
    "1.0", "TRUE", "#NAME?", "01.02.2026", "_x0041_",
    "עברית \u200fمع علامة\u200e und deutsch", "می\u200cخواهم", "👩‍👩‍👧‍👦🏳️‍🌈", "u\u0308ber",
    "Zeile 1\nZeile 2",
    "msgid", "\\n ist kein Umbruch", "{{ 1 + 1 }}", "{num}", "x" * 10_000, "漢字" * 200,
    "# translated 00000000", "~", "'; DROP TABLE unit; --", "\u00a0", "\ufeffBOM",
)  # fmt: skip


TURNING = "\u202a\u202b\u202c\u202d\u202e"
LETTERS = st.characters(
    exclude_categories=["Cc", "Cs", "Cn"], exclude_characters=f'%<>&"_{TURNING}'
)
RANDOM = st.lists(st.text(LETTERS, min_size=1, max_size=200), min_size=40, max_size=40)


def test_hostile_texts_come_back_as_they_were(folder: Path) -> None:
    new_language(folder, "ru")
    comes_back(folder, [*HOSTILE])


@settings(
    max_examples=3, deadline=None, suppress_health_check=[*HealthCheck], phases=[Phase.generate]
)
@given(RANDOM)
def test_whatever_is_written_comes_back_as_it_was(folder: Path, texts: list[str]) -> None:
    if not (folder / "ru").exists():
        new_language(folder, "ru")
    comes_back(folder, texts)


def comes_back(folder: Path, texts: list[str]) -> None:
    """Write texts into cells, take them in, and find them in a new sheet as they are stored."""
    po, sheet = folder / "ru" / "LC_MESSAGES" / "messages.po", Sheet(exported(folder, "ru"))
    free = [n for n in sheet.lines() if "%" not in str(sheet.cell("Hinweis", n).value)]
    placed = dict(zip(random.Random(7).sample(free, len(texts)), texts, strict=True))
    for line, text in placed.items():
        sheet.put(line, text)
    take_in(sheet.raw, folder)
    before, again = po.read_bytes(), exported(folder, "ru")
    back = Sheet(again)
    wanted = {line: normalised(text) for line, text in placed.items() if normalised(text)}
    assert {line: back.cell(TRANSLATION, line).value for line in wanted} == wanted
    assert {back.cell(TRANSLATION, line).data_type for line in wanted} == {"s"}
    assert take_in(again, folder).changed == 0
    update(folder)
    assert po.read_bytes() == before


def test_texts_are_stored_composed_and_without_blanks_around(folder: Path) -> None:
    po = new_language(folder, "ru")
    sheet = Sheet(exported(folder, "ru"))
    sheet.put(sheet.line_of("Rot"), " \n" + unicodedata.normalize("NFD", "Йод ё") + "\u00a0 ")
    take_in(sheet.raw, folder)
    assert translation(po, "Rot")[0] == unicodedata.normalize("NFC", "Йод ё")


def test_what_no_cell_can_hold_stays_in_the_catalogue(folder: Path) -> None:
    po = new_language(folder, "ru")
    for text, string in (("Rot", "🙂 " * 12_000 + "."), ("Gelb", "<r>x</r>")):
        change(po, lambda c, text=text, string=string: setattr(entry(c, text), "string", string))  # type: ignore[misc]
        change(po, lambda c, text=text: mark(entry(c, text), "reviewed"))  # type: ignore[misc]
    update(folder)
    before = po.read_bytes()
    sheet = Sheet(exported(folder, "ru"))
    for text in ("Rot", "Gelb"):
        line = sheet.line_of(text)
        assert sheet.cell(TRANSLATION, line).value is None
        assert "passt in keine Zelle" in str(sheet.cell("Hinweis", line).value)
    take_in(sheet.raw, folder)
    assert po.read_bytes() == before
