"""Earlier surveys beside a wave: what was named, never how much, where a source has no counts.

Pure: no web, no database, no pandas. „Not named" says what a source holds, not what was true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.definition import Questionnaire
from forms.history import Count, Finding, History


@dataclass(frozen=True, slots=True)
class Mention:
    """What one earlier survey holds of a dimension, or of a category as a whole.

    `named`: as a barrier, or counted. Counts of several topics stand side by side; nobody knows
    whether they may be added.
    """

    named: bool
    improved: bool
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A dimension: `earlier` by survey in order."""

    dimension: str
    title: str
    earlier: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A category: its dimensions, what belongs to none of them (`whole`), findings by survey."""

    category: str
    title: str
    rows: tuple[Row, ...]
    whole: tuple[Mention, ...]
    findings: tuple[tuple[Finding, ...], ...]


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What of one survey stands in no group, so that nothing a file holds goes unsaid."""

    dimensions: tuple[str, ...]
    findings: tuple[Finding, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Earlier surveys (columns, the earliest first) by the categories of a present wave."""

    surveys: tuple[History, ...]
    groups: tuple[Group, ...]
    left_over: tuple[LeftOver, ...]


def compare(histories: Sequence[History], questionnaire: Questionnaire) -> Comparison:
    """Earlier surveys by the categories and rating questions of a wave's questionnaire."""
    surveys = tuple(sorted(histories, key=lambda history: (history.year, history.slug)))
    groups = tuple(
        _group(questionnaire, category, surveys) for category in questionnaire.rated_members
    )
    left_over = tuple(_left_over(history, questionnaire) for history in surveys)
    return Comparison(surveys, groups, left_over)


def _group(questionnaire: Questionnaire, category: str, surveys: tuple[History, ...]) -> Group:
    rows = tuple(
        Row(
            dimension=dimension,
            title=questionnaire.questions[dimension].text,
            earlier=tuple(_mention(history, category, dimension) for history in surveys),
        )
        for dimension in questionnaire.rated_members[category]
    )
    return Group(
        category=category,
        title=questionnaire.category(category).title,
        rows=rows,
        whole=tuple(_mention(history, category, None) for history in surveys),
        findings=tuple(_findings(history, category) for history in surveys),
    )


def _mention(history: History, category: str, dimension: str | None) -> Mention:
    found = [f for f in _findings(history, category) if f.dimension == dimension]
    counts = tuple(c for c in history.counts if (c.category, c.dimension) == (category, dimension))
    listed = dimension in {named.id for named in history.dimensions}
    # What has become better was a barrier once; this source does not call it one by saying so.
    barriers = [finding for finding in found if finding.kind != "positive"]
    return Mention(
        named=listed or bool(barriers) or any(count.number for count in counts),
        improved=len(barriers) < len(found),
        counts=counts,
    )


def _findings(history: History, category: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in history.findings if finding.category == category)


def _left_over(history: History, questionnaire: Questionnaire) -> LeftOver:
    members = questionnaire.rated_members
    asked = {dimension for dimensions in members.values() for dimension in dimensions}
    places = {(c, d) for c, dimensions in members.items() for d in (None, *dimensions)}
    return LeftOver(
        dimensions=tuple(named.title for named in history.dimensions if named.id not in asked),
        findings=tuple(f for f in history.findings if f.category not in members),
        counts=tuple(c for c in history.counts if (c.category, c.dimension) not in places),
    )
