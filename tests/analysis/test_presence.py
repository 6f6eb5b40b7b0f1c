"""Earlier surveys beside a wave: presence where there are no counts, and nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.presence import Comparison, Row, compare
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
    """All of them by the categories of the present questionnaire."""
    return compare(surveys, questionnaire)


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
    comparison = compare(surveys, tiny("barriers"))
    assert [g.category for g in comparison.groups] == ["doors"]
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
    comparison = compare([history(findings=findings, counts=counts)], questionnaire)
    [mention] = row(comparison, "language_website").earlier
    assert (mention.named, mention.improved, len(mention.counts)) == (named, improved, len(counts))


def test_without_earlier_surveys_there_are_the_rows_alone(questionnaire: Questionnaire) -> None:
    comparison = compare([], questionnaire)
    text = questionnaire.questions["language_forms"].text
    assert row(comparison, "language_forms") == Row("language_forms", text, ())
    assert comparison.left_over == ()
