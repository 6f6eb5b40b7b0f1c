"""Earlier surveys beside a wave: presence where there are no counts, and nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.presence import Comparison, Present, Row, barrier_ratings, compare
from forms.definition import Questionnaire
from forms.history import History, load
from forms.loader import available
from forms.loader import load as load_questionnaire
from tests.forms.questionnaires import tiny

FOLDER = Path(__file__).parent.parent.parent / "forms" / "history"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    """The barrier survey as it is."""
    return load_questionnaire(available()["zugangshemmnisse-2026"])


@pytest.fixture(scope="module")
def surveys() -> list[History]:
    """The earlier surveys that come along, in the wrong order."""
    return [load(path) for path in sorted(FOLDER.glob("*.toml"), reverse=True)]


@pytest.fixture(scope="module")
def comparison(questionnaire: Questionnaire, surveys: list[History]) -> Comparison:
    """All of them beside a wave in which two dimensions may be shown."""
    ratings = {"language_forms": (4, 9), "language_staff": (0, 5), "organisation_access": None}
    return compare(surveys, questionnaire, ratings)


def history(**more: Any) -> History:
    """An earlier survey that holds just this."""
    given: dict[str, Any] = {"slug": "s", "year": 2020, "title": "S", "source": "Q"}
    return History.model_validate({**given, "missing": "alles", "mapping": "hinzugefügt", **more})


def row(comparison: Comparison, dimension: str) -> Row:
    """The row of a dimension."""
    return next(r for g in comparison.groups for r in g.rows if r.dimension == dimension)


def test_rows_are_the_questionnaires_dimensions_and_columns_the_surveys_by_year(
    comparison: Comparison, questionnaire: Questionnaire
) -> None:
    columns = ["befragung-2017", "befragung-2023", "konferenz-2023"]
    assert [survey.slug for survey in comparison.surveys] == columns
    members = questionnaire.rated_members
    assert {g.category: tuple(r.dimension for r in g.rows) for g in comparison.groups} == members
    assert [len(g.rows) for g in comparison.groups] == [6, 8, 3]
    for group in comparison.groups:
        assert group.title == questionnaire.category(group.category).title
        for found in group.rows:
            assert found.title == questionnaire.questions[found.dimension].text
            assert len(found.earlier) == 3


@pytest.mark.parametrize(
    ("dimension", "named", "improved", "counts"),
    [
        ("language_forms", (False, True, False), (False, False, False), []),
        ("organisation_orientation", (True, True, False), (False, True, False), []),
        ("organisation_processes", (False, True, True), (False, False, False), [10]),
        ("sensitivity_awareness", (True, True, False), (False, False, False), []),
        ("sensitivity_images", (False, True, True), (False, False, False), [10]),
    ],
)
def test_what_each_survey_says_of_a_dimension(
    comparison: Comparison,
    dimension: str,
    named: tuple[bool, ...],
    improved: tuple[bool, ...],
    counts: list[int],
) -> None:
    earlier = row(comparison, dimension).earlier
    assert tuple(mention.named for mention in earlier) == named
    assert tuple(mention.improved for mention in earlier) == improved
    assert [count.number for mention in earlier for count in mention.counts] == counts


def test_all_17_dimensions_were_named_in_2023(comparison: Comparison) -> None:
    named = [r.earlier[1].named for g in comparison.groups for r in g.rows]
    assert named == [True] * 17


@pytest.mark.parametrize(
    ("dimension", "present"),
    [
        ("language_forms", Present(4, 9)),
        ("language_staff", Present(0, 5)),
        ("organisation_access", None),
        ("sensitivity_fear", None),  # the mapping says nothing of it
    ],
)
def test_the_wave_stands_beside_or_is_protected(
    comparison: Comparison, dimension: str, present: Present | None
) -> None:
    assert row(comparison, dimension).present == present


@pytest.mark.parametrize(("barriers", "rated"), [(2, 1), (-1, 3)])
def test_more_barriers_than_ratings_are_a_mistake(barriers: int, rated: int) -> None:
    with pytest.raises(ValueError, match="barriers of"):
        Present(barriers, rated)


def test_findings_stand_side_by_side_by_category(comparison: Comparison) -> None:
    findings = {g.category: [len(found) for found in g.findings] for g in comparison.groups}
    assert findings == {
        "language": [1, 5, 0],
        "organisation": [2, 9, 0],
        "sensitivity": [1, 3, 0],
    }


def test_what_belongs_to_a_whole_category_stands_there(comparison: Comparison) -> None:
    language = comparison.groups[0].whole
    assert [mention.named for mention in language] == [True, True, True]
    assert [(c.topic, c.number) for c in language[2].counts] == [("Sprache", 19)]
    assert not comparison.groups[2].whole[0].named


def test_no_count_is_lost(comparison: Comparison) -> None:
    shown = [
        count.number
        for group in comparison.groups
        for mentions in (group.whole, *(r.earlier for r in group.rows))
        for count in mentions[2].counts
    ]
    left = comparison.left_over[2].counts
    assert [count.topic for count in left] == ["Information", "Systemkenntnisse/Gesundheit"]
    assert sorted(shown + [count.number for count in left]) == [8, 8, 10, 10, 19]
    assert comparison.left_over[0] == comparison.left_over[1]


def test_what_the_questionnaire_does_not_ask_is_left_over(surveys: list[History]) -> None:
    comparison = compare(surveys, tiny("barriers"), {"front": (1, 6)})
    assert [g.category for g in comparison.groups] == ["doors"]
    assert comparison.groups[0].rows[0].present == Present(1, 6)
    assert [len(left.findings) for left in comparison.left_over] == [4, 17, 0]
    assert [len(left.dimensions) for left in comparison.left_over] == [0, 17, 0]
    assert [len(left.counts) for left in comparison.left_over] == [0, 0, 5]


@pytest.mark.parametrize(
    ("finding_kind", "number", "named", "improved"),
    [
        ("finding", None, True, False),
        ("key_statement", None, True, False),
        ("positive", None, False, True),
        (None, 3, True, False),
        (None, 0, False, False),
        (None, None, False, False),
        ("positive", 3, True, True),
    ],
)
def test_when_a_dimension_is_named(
    questionnaire: Questionnaire,
    finding_kind: str | None,
    number: int | None,
    named: bool,
    improved: bool,
) -> None:
    place = {"category": "language", "dimension": "language_website"}
    findings = [{"id": "F-1", "kind": finding_kind, "text": "x", **place}] if finding_kind else []
    counts = [] if number is None else [{"topic": "x", "number": number, **place}]
    comparison = compare([history(findings=findings, counts=counts)], questionnaire, {})
    [mention] = row(comparison, "language_website").earlier
    assert (mention.named, mention.improved, len(mention.counts)) == (named, improved, len(counts))


def test_without_earlier_surveys_there_is_the_wave_alone(questionnaire: Questionnaire) -> None:
    comparison = compare([], questionnaire, {"language_forms": (1, 1)})
    assert row(comparison, "language_forms") == Row(
        "language_forms",
        questionnaire.questions["language_forms"].text,
        (),
        Present(1, 1),
    )
    assert comparison.left_over == ()


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        ({}, (0, 0)),
        ({"unknown": 9}, (0, 0)),
        ({"5": 2, "4": 1, "3": 4}, (0, 7)),
        ({"2": 3, "1": 1, "3": 1, "unknown": 2}, (4, 5)),
    ],
)
def test_a_barrier_is_a_rating_of_two_points_or_less(
    sheets: dict[str, int], found: tuple[int, int]
) -> None:
    worth = {str(points): points for points in (5, 4, 3, 2, 1)}
    assert barrier_ratings(worth, sheets) == found
