"""Sections that repeat: every entry keeps its own answers, in the order they were added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Answers, AnswerValue
from forms.path import (
    ENTRY,
    base_key,
    entry_answers,
    entry_ids,
    entry_keys,
    hidden_texts,
    in_entry,
    new_entry_id,
    visible_answers,
)
from tests.forms.questionnaires import tiny

BARRIERS = tiny("barriers")
STEPS = BARRIERS.sections[0]
FIRST, SECOND = "01bcdf", "02zxwv"


@pytest.mark.parametrize(
    ("key", "base"),
    [("what", "what"), ("what@01bcdf", "what"), ("ways.other@01bcdf", "ways.other")],
)
def test_the_base_of_a_key_is_the_question_it_answers(key: str, base: str) -> None:
    assert base_key(key) == base


@pytest.mark.parametrize(
    ("answers", "entries"),
    [
        ({}, ()),
        ({"what": "ohne Eintrag", "better": "Tür"}, ()),
        ({f"what@{SECOND}": "b", f"kind@{FIRST}": "doors"}, (FIRST, SECOND)),
        ({f"what@{FIRST}": "a", f"place@{FIRST}": ["whole"]}, (FIRST,)),
        # Only questions of the section itself make an entry of it.
        ({f"better@{FIRST}": "x", f"unknown@{SECOND}": "y"}, ()),
    ],
)
def test_the_entries_of_a_sheet_in_order(answers: Answers, entries: tuple[str, ...]) -> None:
    assert entry_ids(STEPS, answers) == entries


@pytest.mark.parametrize(
    ("taken", "digits"), [([], "01"), ([FIRST], "02"), ([SECOND], "03"), (["98bcdf"], "99")]
)
def test_a_new_entry_stands_behind_all_others(taken: list[str], digits: str) -> None:
    answers = {f"what@{entry}": "x" for entry in taken}
    found = new_entry_id(STEPS, answers)
    assert ENTRY.fullmatch(found)
    assert found.startswith(digits)
    assert sorted([*taken, found])[-1] == found


def test_two_who_add_an_entry_at_the_same_moment_do_not_meet() -> None:
    assert len({new_entry_id(STEPS, {}) for _ in range(20)}) > 15


def test_an_entry_is_taken_out_and_put_back() -> None:
    sheet: Answers = {
        f"what@{FIRST}": "Stufe",
        f"place@{FIRST}": ["whole", "unit:17"],
        f"what@{SECOND}": "Tür",
        "better": "Rampe",
    }
    plain = entry_answers(STEPS, sheet, FIRST)
    assert plain == {"what": "Stufe", "place": ["whole", "unit:17"]}
    assert in_entry(plain, FIRST) == {k: v for k, v in sheet.items() if k.endswith(FIRST)}
    assert entry_answers(STEPS, sheet, "03bcdf") == {}
    assert entry_keys(STEPS, FIRST) == (f"what@{FIRST}", f"place@{FIRST}", f"kind@{FIRST}")


def test_the_fixed_keys_of_a_sheet_are_those_asked_once() -> None:
    assert BARRIERS.keys == ("better", "own_steps", "front", "back", "side", "may_name")


@pytest.mark.parametrize(
    ("answers", "kept", "hidden"),
    [
        ({f"what@{FIRST}": "a"}, {f"what@{FIRST}": "a"}, ()),
        ({f"what@{FIRST}": "", f"place@{FIRST}": []}, {}, ()),
        (
            {f"what@{FIRST}": "", f"kind@{SECOND}": "doors", "front": "3"},
            {f"kind@{SECOND}": "doors", "front": "3"},
            (),
        ),
        # An answer outside every entry belongs to no entry; one in an entry, to no plain question.
        ({"what": "x", f"what@{FIRST}": "a"}, {f"what@{FIRST}": "a"}, ("what",)),
        ({f"better@{FIRST}": "x", "better": "y"}, {"better": "y"}, ("better",)),
        ({f"unknown@{FIRST}": "x"}, {}, ()),
    ],
)
def test_what_of_the_entries_counts(
    answers: Answers, kept: Answers, hidden: tuple[str, ...]
) -> None:
    assert visible_answers(BARRIERS, answers) == kept
    assert hidden_texts(BARRIERS, answers) == hidden


def test_the_order_is_that_of_the_pages_and_of_the_entries() -> None:
    given_late: Answers = {
        "front": "5",
        f"kind@{SECOND}": "none",
        f"what@{SECOND}": "b",
        f"what@{FIRST}": "a",
    }
    assert list(visible_answers(BARRIERS, given_late)) == [
        f"what@{FIRST}",
        f"what@{SECOND}",
        f"kind@{SECOND}",
        "front",
    ]


ENTRY_ID = st.from_regex(ENTRY, fullmatch=True)
VALUE: st.SearchStrategy[AnswerValue] = st.one_of(
    st.text(max_size=5), st.lists(st.sampled_from(["whole", "unsure", "unit:17"]), max_size=3)
)


@given(
    st.dictionaries(st.tuples(st.sampled_from(STEPS.keys), ENTRY_ID), VALUE, max_size=12),
    st.dictionaries(st.sampled_from(BARRIERS.keys), VALUE),
)
def test_exactly_what_is_not_empty_is_kept(
    in_entries: dict[tuple[str, str], AnswerValue], once: dict[str, AnswerValue]
) -> None:
    sheet: Answers = once | {f"{key}@{entry}": value for (key, entry), value in in_entries.items()}
    kept = visible_answers(BARRIERS, sheet)
    assert kept == {key: value for key, value in sheet.items() if value}
    assert visible_answers(BARRIERS, kept) == kept
    assert hidden_texts(BARRIERS, sheet) == ()


@given(st.lists(st.integers(0, 3), max_size=8))
def test_entries_added_one_after_the_other_keep_their_order(kinds: list[int]) -> None:
    sheet: dict[str, AnswerValue] = {}
    added = []
    for kind in kinds:
        entry = new_entry_id(STEPS, sheet)
        sheet |= in_entry({"what": str(kind)}, entry)
        added.append(entry)
    assert list(entry_ids(STEPS, sheet)) == added
    assert [entry_answers(STEPS, sheet, entry)["what"] for entry in added] == list(map(str, kinds))
