"""Every text is found for translators, and put back in its place in another language."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from forms.texts import (
    context,
    extract_toml,
    in_language,
    lookup_in,
    source_texts,
    translated,
)
from tests.forms.questionnaires import FOLDER, NAMES, tiny
from tests.world import selbstcheck

MAY_FALL_BACK = {"introduction", "thanks", "help", "todo_source"}


def test_keys_are_made_of_ids_and_not_of_positions() -> None:
    texts = {source.key: source.text for source in source_texts(selbstcheck())}
    assert texts["sections.organisation.questions.q5.text"].startswith("Wir kennen das interne")
    assert texts["scales.agreement.options.5.text"] == "stimme voll zu"
    assert texts["advice.green.text"].startswith("Grün zeigt geringe")
    assert texts["head.unit"] == "Amt/Abteilung/Sachgebiet"
    assert texts["todos.TD-20.text"].startswith("Empathie")
    assert texts["sections.zusammenarbeit.questions.q8_fields.other_text"] == "und zwar"


@pytest.mark.parametrize("name", [*NAMES, "selbstcheck"])
def test_every_text_comes_back_in_the_other_language(name: str) -> None:
    questionnaire = selbstcheck() if name == "selbstcheck" else tiny(name)
    sources = source_texts(questionnaire)
    assert len({source.key for source in sources}) == len(sources)
    texts = {source.key: f"«{source.key}»" for source in sources}
    localised = in_language(questionnaire, "en", texts)
    assert {s.key: s.text for s in source_texts(localised.questionnaire)} == texts
    assert localised.german == frozenset()
    # Nothing but texts changes: the same answers are worth the same.
    assert localised.questionnaire.points == questionnaire.points
    assert localised.questionnaire.keys == questionnaire.keys
    assert localised.source is questionnaire


def test_only_introductions_and_helps_may_stay_german() -> None:
    for source in source_texts(selbstcheck()):
        assert source.may_fall_back == (source.key.rsplit(".", 1)[-1] in MAY_FALL_BACK), source.key


def test_what_has_no_text_stays_german_and_is_said_to() -> None:
    questionnaire = selbstcheck()
    texts = {s.key: "x" for s in source_texts(questionnaire) if s.key != "introduction"}
    localised = in_language(questionnaire, "en", texts)
    assert localised.questionnaire.introduction == questionnaire.introduction
    assert localised.german == {questionnaire.introduction}


def test_german_is_the_questionnaire_itself() -> None:
    questionnaire = selbstcheck()
    assert in_language(questionnaire, "de", {}).questionnaire is questionnaire


@pytest.mark.parametrize(
    ("left_out", "offered"),
    [
        ("", True),
        ("introduction", True),
        ("thanks", True),
        ("sections.sprache.questions.q1.text", False),
        ("scales.agreement.options.3.text", False),
        ("sections.zusammenarbeit.questions.q8_fields.other_text", False),
        ("advice.red.text", False),
        ("head.date", False),
        ("title", False),
    ],
)
def test_a_language_is_offered_once_every_question_and_option_is_there(
    left_out: str, offered: bool
) -> None:
    questionnaire = selbstcheck()
    unwanted = context(questionnaire.id, left_out)
    texts = translated(questionnaire, lambda where, _: None if where == unwanted else "x")
    assert (texts is not None) == offered
    assert texts is None or left_out not in texts


def test_fuzzy_and_empty_entries_of_a_catalogue_are_no_translations(tmp_path: Path) -> None:
    catalogue = Catalog()
    catalogue.add("ja", "yes", context="q:a")
    catalogue.add("nein", "no", context="q:b", flags=["fuzzy"])
    catalogue.add("vielleicht", "", context="q:c")
    path = tmp_path / "messages.po"
    with path.open("wb") as file:
        write_po(file, catalogue)
    lookup = lookup_in(path)
    assert lookup("q:a", "ja") == "yes"
    assert lookup("q:a", "nein") is None
    assert lookup("q:b", "nein") is None
    assert lookup("q:c", "vielleicht") is None
    assert lookup("other:a", "ja") is None


def test_the_extractor_gives_translators_every_text_with_its_line() -> None:
    path = FOLDER / "counter.toml"
    found = list(extract_toml(io.BytesIO(path.read_bytes()), None, None, None))
    assert [(c, t) for _line, _name, (c, t), _ in found] == [
        (context("counter", s.key), s.text) for s in source_texts(tiny("counter"))
    ]
    rows = path.read_text(encoding="utf-8").splitlines()
    assert all(text in rows[line - 1] for line, _, (_, text), _ in found)
