"""The visible path: which sections an answer sheet has to pass, computed from the answers alone."""

from __future__ import annotations

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


def visible_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, AnswerValue]:
    """The answers that count: what a changed answer hides is left out, and so is anything empty."""
    kept: dict[str, AnswerValue] = {}
    for section in visible_sections(questionnaire, answers):
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
    return tuple(
        question.id
        for question in questionnaire.questions.values()
        if any(answers.get(key) and key not in kept for key in question.keys)
    )


def lines(text: AnswerValue | None) -> tuple[str, ...]:
    """The single entries of a list typed one a line, without bullets and blank lines."""
    if not isinstance(text, str):
        return ()
    entries = (line.strip().lstrip("-–•*·").strip() for line in text.splitlines())
    return tuple(entry for entry in entries if entry)
