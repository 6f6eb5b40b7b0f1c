"""Two years: what may be compared, who stands beside whom, and by how much they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.years import Pair, changes, paired, same_wording
from forms.definition import Questionnaire
from tests.analysis.cities import reworded, with_thresholds
from tests.forms.questionnaires import tiny
from tests.world import selbstcheck

QUESTIONS = [f"q{number}" for number in range(1, 9)]
CATEGORIES = ["@category:language", "@category:organisation", "@category:sensitivity"]
EVERYTHING = [*QUESTIONS, *CATEGORIES, "@total"]


def without(*missing: str) -> list[str]:
    return [each for each in EVERYTHING if each not in missing]


def worth_more(questionnaire: Questionnaire) -> Questionnaire:
    """The scale of all statements gives other points."""
    document: dict[str, Any] = questionnaire.model_dump(exclude_defaults=True)
    scales = [
        {**scale, "options": [{**o, "points": 2 * o["points"]} for o in scale["options"]]}
        for scale in document["scales"]
    ]
    return Questionnaire.model_validate(document | {"scales": scales, "bands": None})


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda q: q, EVERYTHING),
        (lambda q: with_thresholds(q, 10, 20), EVERYTHING),
        (lambda q: reworded(q, "q4"), without("q4", "@category:organisation", "@total")),
        (
            lambda q: reworded(reworded(q, "q1"), "q8"),
            without("q1", "q8", "@category:language", "@category:sensitivity", "@total"),
        ),
        (worth_more, []),
        (lambda _q: tiny("uneven"), []),
    ],
    ids=["nothing", "thresholds", "one statement", "two", "points", "another questionnaire"],
)
def test_what_asks_the_same(
    change: Callable[[Questionnaire], Questionnaire], same: list[str]
) -> None:
    questionnaire = selbstcheck()
    assert list(same_wording(change(questionnaire), questionnaire)) == same
    assert list(same_wording(questionnaire, change(questionnaire))) == same


@pytest.mark.parametrize(
    ("now", "then", "successors", "pairs"),
    [
        ("1 2", "1 2", {}, {1: 1, 2: 2}),
        ("1", "2", {}, {}),
        ("2", "1", {1: 2}, {2: 1}),
        ("3", "1", {1: 2, 2: 3}, {3: 1}),
        ("3", "1 2", {1: 3, 2: 3}, {3: 1}),
        ("3", "2 1 3", {1: 3, 2: 3}, {3: 3}),
        # Still there beside whoever follows it later: it stands for itself alone.
        ("1 2", "1", {1: 2}, {1: 1}),
        ("1 3", "1 2", {1: 3, 2: 3}, {1: 1, 3: 2}),
        # Two that will be merged are not each other.
        ("1", "2", {1: 3, 2: 3}, {}),
        # Nor is a unit's successor its past.
        ("1", "3", {1: 3}, {}),
        ("1", "2", {1: 2, 2: 1}, {1: 2}),
        ("", "1", {1: 2}, {}),
    ],
)
def test_who_stands_beside_whom(
    now: str, then: str, successors: dict[int, int], pairs: dict[int, int]
) -> None:
    points, before = ({int(u): {"q": float(u)} for u in units.split()} for units in (now, then))
    found = paired(points, before, successors)
    assert {pair.unit: pair.then_unit for pair in found} == pairs
    assert all(pair.then == {"q": float(pair.then_unit)} for pair in found)
    assert all(pair.now == {"q": float(pair.unit)} for pair in found)


def test_changes_are_over_those_who_answered_both_times() -> None:
    pairs = (
        Pair(1, 1, {"q1": 1.0, "q2": 5.0}, {"q1": 4.0, "q2": 5.0}),
        Pair(2, 2, {"q1": 3.0}, {"q1": 2.0, "q2": 1.0}),
        Pair(3, 3, {"q1": 2.0}, {"q1": 2.0}),
    )
    first, second = changes(pairs, ["q1", "q2", "q3"])
    assert (first.question, first.units, first.then, first.now) == ("q1", 3, 2.0, 8 / 3)
    assert (first.better, first.same, first.worse) == (1, 1, 1)
    assert (second.question, second.units, second.same) == ("q2", 1, 1)
    assert pairs[0].change("q1") == 3
    assert pairs[1].change("q2") is None
    assert changes((), ["q1"]) == ()
