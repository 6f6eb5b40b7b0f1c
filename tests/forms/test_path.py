"""Which pages are passed, which answers count, which texts are hidden."""

from __future__ import annotations

import pytest

from forms.definition import Answers
from forms.path import hidden_texts, lines, visible_answers, visible_sections
from tests.forms.questionnaires import tiny
from tests.world import selbstcheck

MAIN = ["sprache", "organisation", "sensibilitaet", "schritte"]


@pytest.mark.parametrize(
    ("answers", "follow_ups"),
    [
        ({}, set()),
        ({"q5": "1"}, set()),
        ({"q5": "2"}, set()),
        ({"q5": "3"}, {"massnahmen"}),
        ({"q5": "5"}, {"massnahmen"}),
        ({"q8": "2"}, set()),
        ({"q8": "3"}, {"zusammenarbeit"}),
        ({"q5": "4", "q8": "5"}, {"massnahmen", "zusammenarbeit"}),
        # What is no option of the question never opens a page.
        ({"q5": "9"}, set()),
        ({"q5": ["3"]}, set()),
    ],
)
def test_follow_ups_are_asked_from_teilweise_on(answers: Answers, follow_ups: set[str]) -> None:
    found = [section.id for section in visible_sections(selbstcheck(), answers)]
    assert set(found) - set(MAIN) == follow_ups
    assert [name for name in found if name in MAIN] == MAIN


@pytest.mark.parametrize(
    ("answers", "kept", "hidden"),
    [
        ({}, {}, ()),
        ({"known": "yes", "steps": "x"}, {"known": "yes", "steps": "x"}, ()),
        ({"known": "no", "steps": "x"}, {"known": "no"}, ("steps",)),
        ({"steps": "x"}, {}, ("steps",)),
        ({"known": "no", "steps": ""}, {"known": "no"}, ()),
        (
            {"known": "yes", "ways": ["other"], "ways.other": "Taube"},
            {"known": "yes", "ways": ["other"], "ways.other": "Taube"},
            (),
        ),
        # „und zwar" without its tick is an answer nobody gave.
        (
            {"known": "yes", "ways": ["letter"], "ways.other": "Taube"},
            {"known": "yes", "ways": ["letter"]},
            ("ways",),
        ),
        ({"known": "yes", "ways.other": "Taube"}, {"known": "yes"}, ("ways",)),
        ({"known": "yes", "unknown": "x"}, {"known": "yes"}, ()),
    ],
)
def test_what_a_changed_answer_hides_does_not_count(
    answers: Answers, kept: Answers, hidden: tuple[str, ...]
) -> None:
    questionnaire = tiny("follow-up")
    assert visible_answers(questionnaire, answers) == kept
    assert hidden_texts(questionnaire, answers) == hidden


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (None, ()),
        ("", ()),
        (["a"], ()),
        ("eins", ("eins",)),
        ("eins\nzwei\n\n \ndrei", ("eins", "zwei", "drei")),
        ("- eins\n– zwei\n• drei\n* vier", ("eins", "zwei", "drei", "vier")),
        ("-\n–", ()),
        ("3-mal im Jahr", ("3-mal im Jahr",)),
    ],
)
def test_lines_are_single_entries_without_bullets(
    text: str | list[str] | None, entries: tuple[str, ...]
) -> None:
    assert lines(text) == entries
