"""What the result page says of a sheet: computed purely by `outcome`, read by `read_outcome`.

Shared by the unit's own result, the open „nur für uns" page and the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from forms.definition import Answers, Band, Category, Question, Questionnaire, Section, Todo
from forms.path import entry_answers, entry_ids, lines
from forms.rating import Rating, ratings
from forms.scoring import (
    CategoryScore,
    Neighbour,
    Score,
    advice,
    band,
    hidden_red,
    neighbours,
    score,
    todos,
    weak,
)
from forms.texts import Localised
from survey.concerned import place_names
from survey.earlier import Earlier, earlier, marks_about
from survey.questionnaires import Library
from survey.standing import Standing, submitted_answers


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One statement of the result's table."""

    question: Question
    points: int
    possible: int
    answer: str
    weak: bool
    before: int | None


@dataclass(frozen=True, slots=True)
class CategoryRows:
    """A category with its statements; `before` are its points a wave earlier."""

    category: Category
    score: CategoryScore
    questions: tuple[QuestionRow, ...]
    weak: bool
    hidden_red: bool
    before: int | None


@dataclass(frozen=True, slots=True)
class RatedCategory:
    """A category that is rated: its rating, and (question, answer) of every question rated."""

    category: Category
    rating: Rating
    rows: tuple[tuple[Question, str], ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a section that repeats, each as answers by plain key."""

    section: Section
    entries: tuple[Answers, ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise of the wave before, and what became of it ("" while unmarked)."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The wave before, told only as far as the wording was the same."""

    wave_title: str
    unit_name: str
    points: int | None
    possible: int | None
    band_then: str | None
    band_by_present_thresholds: Band | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything the result page shows of one sheet; `result` is None without scored questions."""

    localised: Localised
    answers: Answers
    result: Score | None
    categories: tuple[CategoryRows, ...]
    uncategorised: tuple[QuestionRow, ...]
    advice: str
    below: Neighbour | None
    above: Neighbour | None
    todos: Mapping[str, tuple[Todo, ...]]
    comparison: Comparison | None
    kept_promises: tuple[PromiseRow, ...]
    texts: tuple[tuple[Question, tuple[str, ...], str], ...]
    rated: tuple[RatedCategory, ...] = ()
    entries: tuple[Entries, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire in the language of the page."""
        return self.localised.questionnaire

    @property
    def provisional(self) -> bool:
        """Whether the colours' thresholds are provisional."""
        return bool(self.questionnaire.bands and self.questionnaire.bands.provisional)


def outcome(
    localised: Localised,
    answers: Answers,
    *,
    before: Earlier | None = None,
    earlier_questionnaire: Questionnaire | None = None,
    marks: Mapping[str, Any] | None = None,
    places: Mapping[str, str] | None = None,
) -> Outcome:
    """The result of a complete answer sheet.

    Args:
        answers: the visible answers, texts included.
        before: the unit's sheet of the wave before, with the questionnaire it answered.
        marks: what the unit said became of that wave's promises, by „question:line".

    Raises:
        Unanswered, OffScale: the sheet is not complete.
    """
    questionnaire = localised.questionnaire
    result = score(questionnaire, answers) if questionnaire.scored else None
    same = _same_wording(localised, earlier_questionnaire)
    pointed = weak(questionnaire, answers, result) if result else None
    rows = {
        q.id: _row(questionnaire, q, answers, before if q.id in same else None, pointed)
        for q in questionnaire.scored.values()
    }
    below, above = (
        neighbours(questionnaire.bands, result.total.reached)
        if result and questionnaire.bands
        else (None, None)
    )
    said = advice(questionnaire, result) if result else None
    return Outcome(
        localised=localised,
        answers=answers,
        result=result,
        categories=tuple(
            CategoryRows(
                category=questionnaire.category(c.category),
                score=c,
                questions=tuple(r for r in rows.values() if r.question.category == c.category),
                weak=bool(pointed and c.category in pointed.categories),
                hidden_red=c.category in hidden_red(result),
                before=_category_before(questionnaire, c.category, before, same),
            )
            for c in result.categories
        )
        if result
        else (),
        uncategorised=tuple(r for r in rows.values() if r.question.category is None),
        advice=said.text if said else "",
        below=below,
        above=above,
        todos=todos(questionnaire, pointed.questions) if pointed else {},
        comparison=_comparison(questionnaire, before, same),
        kept_promises=_promises(questionnaire, before, marks or {}),
        texts=tuple(_texts(questionnaire, answers)),
        rated=tuple(_rated(questionnaire, answers)),
        entries=tuple(_entries(questionnaire, answers)),
        places=places or {},
    )


def read_outcome(
    connection: Connection,
    library: Library,
    standing: Standing,
    localised: Localised,
    *,
    at_desk: bool = False,
) -> Outcome:
    """The outcome of an invitation's submitted sheet, the wave before beside it.

    Args:
        at_desk: leave out an earlier sheet that was promised not to be read there by name.
    """
    before = earlier(connection, standing)
    if at_desk and before and not before.read_by_name:
        before = None
    answers = submitted_answers(connection, standing)
    return outcome(
        localised,
        answers,
        before=before,
        earlier_questionnaire=library.stored(connection, before.checksum).questionnaire
        if before
        else None,
        marks=marks_about(standing.promise_marks, before),
        places=place_names(connection, answers),
    )


def _row(
    questionnaire: Questionnaire,
    question: Question,
    answers: Answers,
    before: Earlier | None,
    pointed: Any,
) -> QuestionRow:
    worth = questionnaire.points[question.id]
    names = {option.code: option.text for option in questionnaire.options(question)}
    code = str(answers[question.id])
    then = str(before.answers.get(question.id)) if before else ""
    return QuestionRow(
        question=question,
        points=worth[code],
        possible=max(worth.values()),
        answer=names[code],
        weak=bool(pointed and question.id in pointed.questions),
        before=worth.get(then),
    )


def _same_wording(localised: Localised, earlier: Questionnaire | None) -> frozenset[str]:
    """Questions whose wording and points are the same in both, so that years can be compared."""
    if earlier is None:
        return frozenset()
    now = localised.source
    return frozenset(
        question.id
        for question in now.scored.values()
        if question.id in earlier.scored
        and question.text == earlier.scored[question.id].text
        and now.points[question.id] == earlier.points[question.id]
    )


def _category_before(
    questionnaire: Questionnaire, category: str, before: Earlier | None, same: frozenset[str]
) -> int | None:
    if before is None or not same.issuperset(questionnaire.members[category]):
        return None
    return before.category_points.get(category)


def _comparison(
    questionnaire: Questionnaire, before: Earlier | None, same: frozenset[str]
) -> Comparison | None:
    if before is None:
        return None
    comparable = before.points is not None and same.issuperset(questionnaire.scored)
    return Comparison(
        wave_title=before.wave_title,
        unit_name=before.unit_name,
        points=before.points if comparable else None,
        possible=before.possible if comparable else None,
        band_then=before.band,
        band_by_present_thresholds=band(before.points, questionnaire.bands)
        if comparable and before.points is not None and questionnaire.bands
        else None,
    )


def _promises(
    questionnaire: Questionnaire, before: Earlier | None, marks: Mapping[str, Any]
) -> tuple[PromiseRow, ...]:
    if before is None:
        return ()
    return tuple(
        PromiseRow(line, str(marks.get(f"{question.id}:{number}", "")))
        for question in questionnaire.promises()
        for number, line in enumerate(lines(before.texts.get(question.id)))
    )


def _texts(
    questionnaire: Questionnaire, answers: Answers
) -> list[tuple[Question, tuple[str, ...], str]]:
    """(question, entries, „und zwar") of every unscored question that was answered."""
    found = []
    for question in questionnaire.questions.values():
        given = answers.get(question.id)
        if not given or question.id in questionnaire.scored or question.type == "rating":
            continue
        names = {option.code: option.text for option in questionnaire.options(question)}
        if question.type == "lines":
            entries = lines(given)
        elif isinstance(given, str):
            entries = (names.get(given, given),)
        else:
            entries = tuple(names.get(code, code) for code in given)
        found.append((question, entries, str(answers.get(f"{question.id}.other", ""))))
    return found


def _rated(questionnaire: Questionnaire, answers: Answers) -> Iterator[RatedCategory]:
    """The rated categories of a sheet in which anything was rated at all."""
    for rating in ratings(questionnaire, answers):
        if not rating.rated:
            continue
        members = (questionnaire.questions[m] for m in questionnaire.rated_members[rating.category])
        yield RatedCategory(
            category=questionnaire.category(rating.category),
            rating=rating,
            rows=tuple(
                (question, _chosen(questionnaire, question, answers))
                for question in members
                if answers.get(question.id)
            ),
        )


def _chosen(questionnaire: Questionnaire, question: Question, answers: Answers) -> str:
    given = answers.get(question.id)
    return next((o.text for o in questionnaire.options(question) if o.code == given), "")


def _entries(questionnaire: Questionnaire, answers: Answers) -> Iterator[Entries]:
    for section in questionnaire.sections:
        found = [entry_answers(section, answers, entry) for entry in entry_ids(section, answers)]
        if section.repeat and found:
            yield Entries(section, tuple(found))
