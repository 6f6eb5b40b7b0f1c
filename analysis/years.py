"""Two waves compared, per unit and statement, only where the wording is the same. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analysis.rollup import Points
from forms.definition import Questionnaire


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit in two waves; `then_unit` is its predecessor where units changed."""

    unit: int
    then_unit: int
    then: Points
    now: Points

    def change(self, question: str) -> float | None:
        """Points now less points then; None where one of them is missing."""
        if question not in self.then or question not in self.now:
            return None
        return self.now[question] - self.then[question]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one question, over the units that answered it in both waves.

    `then` and `now` are means over these units; `better`, `same` and `worse` count them.
    """

    question: str
    units: int
    then: float
    now: float
    better: int
    same: int
    worse: int


def same_wording(now: Questionnaire, then: Questionnaire) -> tuple[str, ...]:
    """The questions that ask the same and give the same points in both, in order.

    Of categories (`@category:<id>`) those with the same questions; `@total` where all are the same.
    """
    same = [
        q.id
        for q in now.scored.values()
        if q.id in then.scored
        and q.text == then.scored[q.id].text
        and now.points[q.id] == then.points[q.id]
    ]
    for category, members in now.members.items():
        if members and then.members.get(category) == members and set(members) <= set(same):
            same.append(f"@category:{category}")
    if list(now.scored) == list(then.scored) and set(now.scored) <= set(same):
        same.append("@total")
    return tuple(same)


def paired(
    now: Mapping[int, Points], then: Mapping[int, Points], successors: Mapping[int, int]
) -> tuple[Pair, ...]:
    """Units with a sheet in both waves, a predecessor's sheet counting for who followed it.

    Args:
        successors: the unit that follows another, by the id of the one that is no more.

    Where several were merged into one, its own former sheet comes first, else that of the first.
    Who answers for itself now is nobody's predecessor.
    """
    formers: dict[int, list[int]] = {}
    for former in then:
        answers = _answers_now(former, now, successors)
        if answers is not None:
            formers.setdefault(answers, []).append(former)
    return tuple(
        Pair(unit, former, then[former], points)
        for unit, points in now.items()
        if (known := formers.get(unit))
        for former in [unit if unit in known else min(known)]
    )


def _answers_now(unit: int, now: Collection[int], successors: Mapping[int, int]) -> int | None:
    """The unit itself, or the first of those that followed it, that answers now."""
    passed = set[int]()
    here: int | None = unit
    while here is not None and here not in passed:
        if here in now:
            return here
        passed.add(here)
        here = successors.get(here)
    return None


def changes(pairs: Sequence[Pair], questions: Collection[str]) -> tuple[Change, ...]:
    """What changed in each question that any unit answered in both waves."""
    found = []
    for question in questions:
        both = [p for p in pairs if question in p.then and question in p.now]
        if both:
            found.append(_change(question, both))
    return tuple(found)


def _change(question: str, pairs: Sequence[Pair]) -> Change:
    differences = [pair.now[question] - pair.then[question] for pair in pairs]
    return Change(
        question=question,
        units=len(pairs),
        then=sum(pair.then[question] for pair in pairs) / len(pairs),
        now=sum(pair.now[question] for pair in pairs) / len(pairs),
        better=sum(d > 0 for d in differences),
        same=sum(d == 0 for d in differences),
        worse=sum(d < 0 for d in differences),
    )
