"""Both questionnaires were translated back into German, in every language, and that is kept.

The protocol beside a catalogue has a line for every text: what it was, what came back, what was
found, what was decided, what it is now. Whoever changes a text translates it back anew.
"""

from __future__ import annotations

import csv

import pytest

from forms.loader import DEFINITIONS, available, load
from forms.texts import context, lookup_in, source_texts
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, Language, languages

KINDS = {"", "meaning", "strength", "term", "style", "grammar"}
TEXTS = {
    (context(questionnaire.id, source.key), source.text)
    for questionnaire in map(load, available(DEFINITIONS).values())
    for source in source_texts(questionnaire)
}
FOREIGN = [known for code, known in languages().items() if code != SOURCE_LANGUAGE]


@pytest.mark.parametrize("language", FOREIGN, ids=lambda known: known.code)
def test_the_protocol_is_in_step_with_the_catalogue(language: Language) -> None:
    home = TRANSLATIONS / language.babel
    with (home / "back_translation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {(row["context"], row["german"]) for row in rows} == TEXTS
    now = lookup_in(home / "LC_MESSAGES" / "messages.po")
    for row in rows:
        place = row["context"]
        assert row["translation_now"] == now(place, row["german"]), f"{place}: not this text"
        assert row["back_translation"], place
        assert row["kind"] in KINDS, place
        assert bool(row["kind"]) == bool(row["finding"]), place
        untouched = row["translation_now"] == row["translation_then"]
        assert not (row["finding"] and untouched and not row["decision"]), f"{place}: not answered"
