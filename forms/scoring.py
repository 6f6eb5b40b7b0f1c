"""Points, colours, and what the form's own rule points out. Pure: no web, no database.

Source of the rules: the Selbstcheck's page 3 for advice and what is pointed out; thresholds come
from the questionnaire file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forms.definition import Advice, Answers, Band, Bands, Category, Questionnaire, Todo


class ScoringError(ValueError):
    """An answer sheet that cannot be scored."""


class Unanswered(ScoringError):
    """Scored questions without an answer; `questions` are their ids in order."""

    def __init__(self, questions: Iterable[str]) -> None:
        self.questions = tuple(questions)
        super().__init__(f"no answer to {', '.join(self.questions)}")


class OffScale(ScoringError):
    """An answer that is none of the question's options."""

    def __init__(self, question: str, answer: object, allowed: Iterable[str]) -> None:
        self.question = question
        super().__init__(f"{question}: '{answer}' is not one of {', '.join(allowed)}")


class OutsideBands(ScoringError):
    """A number of points beyond the last threshold."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points reached and possible; 0 ≤ reached ≤ possible."""

    reached: int
    possible: int

    @property
    def share(self) -> float:
        """Reached as a share of possible, 0 to 1."""
        return self.reached / self.possible if self.possible else 0.0


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """Points of one category and, where the file has thresholds for it, an indicative colour."""

    category: str
    points: Points
    band: Band | None


@dataclass(frozen=True, slots=True)
class Score:
    """What an answer sheet is worth; `band` is None where the file has no thresholds."""

    categories: tuple[CategoryScore, ...]
    total: Points
    band: Band | None


@dataclass(frozen=True, slots=True)
class Weak:
    """What the form's rule points out: ids of categories and questions, in the form's order."""

    categories: tuple[str, ...]
    questions: tuple[str, ...]


def band(points: int, bands: Bands) -> Band:
    """The colour of a number of points.

    Raises:
        OutsideBands: more points than the last threshold covers.
    """
    for step in bands.steps:
        if points <= step.highest:
            return step.band
    raise OutsideBands(f"{points} points; the last threshold is {bands.steps[-1].highest}")


def score(questionnaire: Questionnaire, answers: Answers) -> Score:
    """Score a complete answer sheet.

    Raises:
        Unanswered: a scored question has no answer.
        OffScale: an answer is none of the question's options.
    """
    table = questionnaire.points
    reached: dict[str, int] = {}
    missing: list[str] = []
    for question_id, worth in table.items():
        answer = answers.get(question_id)
        if not answer:
            missing.append(question_id)
        elif not isinstance(answer, str) or answer not in worth:
            raise OffScale(question_id, answer, worth)
        else:
            reached[question_id] = worth[answer]
    if missing:
        raise Unanswered(missing)
    total = Points(sum(reached.values()), sum(map(questionnaire.most_points, table)))
    return Score(
        tuple(_category_score(questionnaire, c, reached) for c in questionnaire.categories),
        total,
        band(total.reached, questionnaire.bands) if questionnaire.bands else None,
    )


def _category_score(
    questionnaire: Questionnaire, category: Category, reached: dict[str, int]
) -> CategoryScore:
    members = questionnaire.members[category.id]
    points = Points(
        sum(reached[member] for member in members), sum(map(questionnaire.most_points, members))
    )
    return CategoryScore(
        category.id, points, band(points.reached, category.bands) if category.bands else None
    )


def advice(questionnaire: Questionnaire, result: Score) -> Advice | None:
    """The form's advice for the colour of the total."""
    return next((a for a in questionnaire.advice if a.band == result.band), None)


def weak(questionnaire: Questionnaire, answers: Answers, result: Score) -> Weak:
    """What the advice's rule points out.

    Red and yellow point out the lowest (all of them, where several are equally low), green what
    misses the highest. Categories are compared as a share of what is possible.
    """
    rule = advice(questionnaire, result)
    if rule is None:
        return Weak((), ())
    shares = {c.category: c.points.share for c in result.categories}
    worth = {
        question: _share(table, str(answers.get(question, "")))
        for question, table in questionnaire.points.items()
    }
    if rule.point_out == "lowest":
        return Weak(_lowest(shares), _lowest(worth))
    return Weak(_below_highest(shares), _below_highest(worth))


def _share(worth: dict[str, int], answer: str) -> float:
    # Scales of different length are compared by what they allow, as categories are.
    return worth.get(answer, 0) / max(worth.values()) if max(worth.values()) else 1.0


def _lowest(shares: dict[str, float]) -> tuple[str, ...]:
    return tuple(name for name, share in shares.items() if share == min(shares.values()))


def _below_highest(shares: dict[str, float]) -> tuple[str, ...]:
    return tuple(name for name, share in shares.items() if share < 1)


def hidden_red(result: Score) -> tuple[str, ...]:
    """Categories that would be red although the total is green."""
    if result.band != "green":
        return ()
    return tuple(c.category for c in result.categories if c.band == "red")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """How near the next colour is: `distance` ≥ 1 points away, downwards or upwards."""

    band: Band
    distance: int


def neighbours(bands: Bands, total: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The next colour below and above a total, None at the ends of the scale."""
    steps = bands.steps
    here = next(i for i, step in enumerate(steps) if total <= step.highest)
    below = Neighbour(steps[here - 1].band, total - steps[here - 1].highest) if here else None
    above = (
        Neighbour(steps[here + 1].band, steps[here].highest + 1 - total)
        if here + 1 < len(steps)
        else None
    )
    return below, above


def todos(questionnaire: Questionnaire, questions: Iterable[str]) -> dict[str, tuple[Todo, ...]]:
    """The matching items of the to-do list for each of these questions that has any."""
    matching = {
        question: tuple(todo for todo in questionnaire.todos if question in todo.questions)
        for question in questions
    }
    return {question: found for question, found in matching.items() if found}
