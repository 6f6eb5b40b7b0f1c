"""A translation belongs to one German text: marks, what is outdated, the glossary, the offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from forms.texts import lookup_in
from survey.catalogue_checks import offers, problems
from survey.catalogues import (
    DOMAINS,
    checksum,
    compile_stale,
    extracted,
    mark_of,
    messages,
    read,
    update,
)
from survey.locale import Language
from survey.questionnaires import freeze
from tests.translations.folders import Q1, add_language, change, entry, in_brackets, older_german
from tests.world import SELBSTCHECK, selbstcheck

OLDER = "Wir sprechen viele Sprachen."
BARRIERS = "zugangshemmnisse-2026"
Q1_KEY = Q1.partition(":")[2]


@pytest.fixture
def po(folder: Path) -> Path:
    """The catalogue of a language in which everything is translated."""
    add_language(folder, "eo", "ltr", without=frozenset())
    (folder / "eo" / "glossary.toml").write_text("")
    update(folder)
    return folder / "eo" / "LC_MESSAGES" / "messages.po"


def about(po: Path) -> list[str]:
    """What is wrong with a catalogue."""
    found = problems(po.parents[2])
    return [line.partition(".po: ")[2] for line in found if line.startswith("translations/eo/LC")]


def question(catalogue: Catalog) -> Message:
    """The entry of the first question."""
    return next(message for message in catalogue if message.context == Q1)


def held(po: Path) -> Message:
    """The same, as it is on disk."""
    code = po.parents[1].name
    return question(read(po, Language(code, code, "ltr", code)))


def test_an_update_marks_what_it_finds_translated(po: Path) -> None:
    assert about(po) == []
    lines = po.read_text("utf-8").splitlines()
    assert lines.count(f"# translated {checksum(held(po))}") == 1
    assert sum(line.startswith("# translated ") for line in lines) > 500


def test_a_checksum_names_one_german_text() -> None:
    for domain in DOMAINS:
        sums = [checksum(message) for message in messages(extracted(domain))]
        assert len(set(sums)) == len(sums), domain.name


@pytest.mark.parametrize(
    "older",
    [
        "Wir sprechen viele Sprachen.",
        'Ein "Wort" mit \\ und ä, msgid "x" und Bindestrich-Wörtern -- auch 🙂.',
        " ".join(f"Satz {number} von vielen." for number in range(40)),
        "zwei\nZeilen",
    ],
    ids=["short", "signs", "long", "lines"],
)
def test_a_changed_question_keeps_its_old_translation_for_translators(older: str, po: Path) -> None:
    folder = po.parents[2]
    said = older_german(po, Q1, older)
    assert said == in_brackets(selbstcheck().questions["q1"].text)
    update(folder)
    message = held(po)
    assert (message.string, message.fuzzy, list(message.previous_id)) == (said, True, [older])
    assert [line for line in about(po) if "has changed" in line] == about(po)
    assert len(about(po)) == 1
    before = po.read_bytes()
    update(folder)
    assert po.read_bytes() == before, "the older German is still there"


def test_an_outdated_translation_is_shown_to_nobody(po: Path) -> None:
    folder, text = po.parents[2], selbstcheck().questions["q1"].text
    assert "eo" in freeze(selbstcheck(), folder).languages
    said = older_german(po, Q1, OLDER)
    update(folder)
    assert lookup_in(po)(Q1, text) is None
    assert "eo" not in freeze(selbstcheck(), folder).languages
    compile_stale(folder)
    with po.with_suffix(".mo").open("rb") as file:
        assert said not in [message.string for message in read_mo(file)]


def test_what_is_outdated_in_one_language_says_nothing_in_another(po: Path) -> None:
    folder = po.parents[2]
    older_german(po, Q1, OLDER)
    (folder / "vi").mkdir()
    (folder / "vi" / "language.toml").write_text('name = "x"\ndirection = "ltr"\n')
    update(folder)
    other = folder / "vi" / "LC_MESSAGES" / "messages.po"
    assert held(po).string
    assert (held(other).string, held(other).fuzzy, held(other).user_comments) == ("", False, [])


def unmark(message: Message) -> None:
    """Take away what is known about a translation."""
    message.user_comments = []


def age(message: Message) -> None:
    """Give a translation the mark of another German text."""
    message.user_comments = [f"reviewed {'0' * 8}"]


@pytest.mark.parametrize(
    ("alter", "fault", "cured"),
    [(unmark, "no status; run make translations", True), (age, "of another German text", False)],
)
def test_a_translation_without_its_mark_is_a_problem(
    alter: Callable[[Message], object], fault: str, cured: bool, po: Path
) -> None:
    change(po, lambda catalogue: alter(question(catalogue)))
    assert len(about(po)) == 1
    assert fault in about(po)[0]
    update(po.parents[2])
    # Nobody but a person can say that a translation of another text is one of this text too.
    assert (about(po) == []) is cured


def test_an_update_keeps_what_is_reviewed(po: Path) -> None:
    older = checksum(held(po))
    change(po, lambda c: setattr(question(c), "user_comments", [f"reviewed {older}"]))
    update(po.parents[2])
    known = mark_of(held(po))
    assert known is not None
    assert (known.status, known.checksum) == ("reviewed", older)


# --- glossary -------------------------------------------------------------------------------------

GLOSSARY = '["{term}"]\ntarget = "{word}"\nstems = ["{word}"]\n'


def test_every_term_needs_a_word_and_every_word_a_term(po: Path) -> None:
    glossary = po.parents[1] / "glossary.toml"
    glossary.write_text(GLOSSARY.format(term="Fliege", word="muŝo"), encoding="utf-8")
    found = [p for p in problems(po.parents[2]) if p.startswith("translations/eo/glossary.toml: ")]
    assert any(line.endswith("no word for 'Bogen'") for line in found)
    assert [line for line in found if line.endswith("'Fliege' is no term of the glossary")]
    assert not any("'Fliege'" in line and "no word" in line for line in found)


def test_a_translation_that_calls_a_term_something_else_is_found(po: Path) -> None:
    text = "Diesen Fragebogen gibt es in dieser Sprache noch nicht."
    glossary = po.parents[1] / "glossary.toml"
    glossary.write_text(GLOSSARY.format(term="Fragebogen", word="Demandaro"), encoding="utf-8")
    assert [line for line in about(po) if line.startswith(repr(text))] == [
        f"{text!r}: glossary: 'Fragebogen' is 'Demandaro' here (Demandaro)"
    ]
    change(po, lambda c: setattr(entry(c, text), "string", "Tiu demandaro ankoraŭ mankas."))
    assert not [line for line in about(po) if line.startswith(repr(text))]


# --- offers ---------------------------------------------------------------------------------------


def offer(folder: Path, questionnaire: str) -> tuple[tuple[str, ...], str]:
    """What keeps a questionnaire from being offered in the made-up language, and in words."""
    [found] = [o for o in offers(folder) if (o.language, o.questionnaire) == ("eo", questionnaire)]
    return found.missing, str(found)


def test_a_questionnaire_is_offered_when_nothing_needed_is_missing(po: Path) -> None:
    folder = po.parents[2]
    assert offer(folder, SELBSTCHECK) == ((), f"eo         {SELBSTCHECK}: offered")
    change(po, lambda catalogue: setattr(question(catalogue), "string", ""))
    missing, words = offer(folder, SELBSTCHECK)
    assert missing == (Q1_KEY,)
    assert words.endswith(f"not offered, 1 texts missing: {Q1_KEY}")
    assert offer(folder, BARRIERS)[0] == (), "the other questionnaire is whole"


def test_help_may_be_missing(po: Path) -> None:
    def empty(catalogue: Catalog) -> None:
        for message in catalogue:
            if str(message.context).endswith((".help", ":introduction", ":thanks")):
                message.string = ""

    change(po, empty)
    assert offer(po.parents[2], SELBSTCHECK)[0] == ()
    assert offer(po.parents[2], BARRIERS)[0] == ()


def test_a_language_without_a_catalogue_offers_nothing(po: Path) -> None:
    po.unlink()
    missing, words = offer(po.parents[2], SELBSTCHECK)
    assert Q1_KEY in missing
    assert words.endswith(", …")


def test_offers_say_what_new_waves_do(po: Path) -> None:
    folder = po.parents[2]
    for spoil in (lambda _c: None, lambda c: setattr(question(c), "string", "")):
        change(po, spoil)
        said: Any = [o.language for o in offers(folder)
                     if o.questionnaire == SELBSTCHECK and not o.missing]  # fmt: skip
        assert ["de", *said] == freeze(selbstcheck(), folder).languages
