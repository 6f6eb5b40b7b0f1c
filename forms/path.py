"""The visible path: which sections an answer sheet has to pass, computed from the answers alone.

And the entries of sections that repeat. An entry's id is two digits, its place, and four letters by
chance: two people who add one at the same moment do not meet, and sorting keeps the order.
"""

from __future__ import annotations

import re
from secrets import choice

from forms.definition import Answers, AnswerValue, Condition, Questionnaire, Section


def holds(questionnaire: Questionnaire, condition: Condition, answers: Answers) -> bool:
    """Whether a condition is met; an unanswered or unknown answer never meets one."""
    answer = answers.get(condition.question)
    worth = questionnaire.points.get(condition.question, {})
    return isinstance(answer, str) and worth.get(answer, -1) >= condition.at_least


def visible_sections(questionnaire: Questionnaire, answers: Answers) -> tuple[Section, ...]:
    """The sections to fill with these answers, in order."""
    return tuple(
        section
        for section in questionnaire.sections
        if section.asked_if is None or holds(questionnaire, section.asked_if, answers)
    )


ENTRY = re.compile(r"[0-9]{2}[bcdfghjkmnpqrstvwxz]{4}")


def base_key(key: str) -> str:
    """An answer key without the entry it belongs to: what is counted and exported together."""
    return key.partition("@")[0]


def entry_ids(section: Section, answers: Answers) -> tuple[str, ...]:
    """The entries a sheet has in a section that repeats, in order."""
    own = set(section.keys)
    found = {key.partition("@")[2] for key in answers if "@" in key and base_key(key) in own}
    return tuple(sorted(found))


def new_entry_id(section: Section, answers: Answers) -> str:
    """An id behind all entries there are."""
    last = max((int(entry[:2]) for entry in entry_ids(section, answers)), default=0)
    return f"{min(last + 1, 99):02}" + "".join(choice("bcdfghjkmnpqrstvwxz") for _ in range(4))


def entry_keys(section: Section, entry: str) -> tuple[str, ...]:
    """The answer keys of one entry."""
    return tuple(f"{key}@{entry}" for key in section.keys)


def in_entry(typed: Answers, entry: str) -> dict[str, AnswerValue]:
    """Answers by plain key, as an entry of a sheet holds them."""
    return {f"{key}@{entry}": value for key, value in typed.items()}


def entry_answers(section: Section, answers: Answers, entry: str) -> dict[str, AnswerValue]:
    """The answers of one entry by plain key."""
    return {key: answers[f"{key}@{entry}"] for key in section.keys if f"{key}@{entry}" in answers}


def visible_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, AnswerValue]:
    """The answers that count: what a changed answer hides is left out, and so is anything empty."""
    kept: dict[str, AnswerValue] = {}
    for section in visible_sections(questionnaire, answers):
        if section.repeat is None:
            kept |= _given(section, answers)
            continue
        for entry in entry_ids(section, answers):
            kept |= in_entry(_given(section, entry_answers(section, answers, entry)), entry)
    return kept


def _given(section: Section, answers: Answers) -> dict[str, AnswerValue]:
    kept: dict[str, AnswerValue] = {}
    for question in section.questions:
        given = answers.get(question.id)
        if given:
            kept[question.id] = given
        other = f"{question.id}.other"
        # „und zwar" belongs to its tick; text without the tick would be an answer nobody gave.
        if question.other and question.other in (given or ()) and answers.get(other):
            kept[other] = answers[other]
    return kept


def hidden_texts(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Ids of questions the present answers hide: kept in a draft, dropped at submission."""
    kept = visible_answers(questionnaire, answers)
    dropped = {base_key(key) for key, value in answers.items() if value and key not in kept}
    return tuple(
        question.id
        for question in questionnaire.questions.values()
        if not dropped.isdisjoint(question.keys)
    )


def lines(text: AnswerValue | None) -> tuple[str, ...]:
    """The single entries of a list typed one a line, without bullets and blank lines."""
    if not isinstance(text, str):
        return ()
    entries = (line.strip().lstrip("-–•*·").strip() for line in text.splitlines())
    return tuple(entry for entry in entries if entry)
