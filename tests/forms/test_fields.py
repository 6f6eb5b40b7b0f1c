"""Typed text as it is stored, and forms built from a definition."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from forms.builder import AnswerForm, build_form
from forms.fields import LONGEST_TEXT, cleaned
from tests.forms.questionnaires import tiny

CROSS = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (None, ""),
        ("", ""),
        ("  \n ", ""),
        (" Amt\r\nZehn\rNeun ", "Amt\nZehn\nNeun"),
        ("a\tb", "a\tb"),
        ("a\x00b", f"a{CROSS}b"),
        ("a\x0bb\x1fc\x7fd\x85e", f"a{CROSS}b{CROSS}c{CROSS}d{CROSS}e"),
        ("a\ud800b", f"a{CROSS}b"),
        ("u\u0308ber", "über"),
        ("ا\u200cب", "ا\u200cب"),
        ("=1+1", "=1+1"),
        ("👩‍👧", "👩‍👧"),
        ("\u202eumgekehrt", "\u202eumgekehrt"),
    ],
)
def test_text_is_stored_so_that_no_database_refuses_it(typed: str | None, stored: str) -> None:
    assert cleaned(typed) == stored
    assert cleaned(stored) == stored


@pytest.fixture
def _request() -> Iterator[None]:
    with Flask("forms").test_request_context():
        yield


def form_of(name: str, typed: list[tuple[str, str]]) -> AnswerForm:
    """The form of a questionnaire's every section with these fields sent."""
    questionnaire = tiny(name)
    built = build_form(
        questionnaire, questionnaire.sections, (name, "de"), lambda text, **values: text % values
    )
    form: AnswerForm = built(formdata=MultiDict(typed))
    return form


@pytest.mark.usefixtures("_request")
@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ([], {}),
        ([("known", "yes")], {"known": "yes"}),
        ([("known", ""), ("steps", "  ")], {}),
        ([("steps", " a\r\nb ")], {"steps": "a\nb"}),
        ([("ways", "letter"), ("ways", "other")], {"ways": ["letter", "other"]}),
        ([("ways.other", "Taube"), ("unknown", "x")], {"ways.other": "Taube"}),
    ],
)
def test_answers_are_what_is_not_empty(
    typed: list[tuple[str, str]], answers: dict[str, object]
) -> None:
    form = form_of("follow-up", typed)
    assert form.validate()
    assert form.answers() == answers


@pytest.mark.usefixtures("_request")
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("known", "maybe"), "known"),
        (("known", "YES"), "known"),
        (("ways", "pigeon"), "ways"),
        (("steps", "x" * (LONGEST_TEXT + 1)), "steps"),
        (("ways.other", "x" * (LONGEST_TEXT + 1)), "ways.other"),
    ],
)
def test_what_the_form_does_not_offer_is_refused(typed: tuple[str, str], field: str) -> None:
    form = form_of("follow-up", [typed])
    assert not form.validate()
    assert list(form.errors) == [field]
    assert form.answers()[field] in (typed[1], [typed[1]])


@pytest.mark.usefixtures("_request")
def test_a_text_of_the_longest_length_fits() -> None:
    assert form_of("follow-up", [("steps", "ä" * LONGEST_TEXT)]).validate()


@pytest.mark.usefixtures("_request")
def test_a_form_is_built_once_for_each_language() -> None:
    questionnaire = tiny("counter")
    german, again, english = (
        build_form(questionnaire, questionnaire.sections[:1], ("sum", code), str)
        for code in ("de", "de", "en")
    )
    assert german is again
    assert german is not english
