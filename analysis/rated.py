"""Ratings by audience, from the tally: distributions, means and colours, protected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.audiences import Counts, Sheets
from analysis.disclosure import (
    Group,
    ReleasedDistribution,
    merged,
    released_distribution,
    whole_distribution,
)
from analysis.survey_wave import Asked, SurveyWave
from forms.definition import Option, Question, Questionnaire

BANDS = ("red", "yellow", "green")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One rated question: `given.n` ratings and their `mean` in points, `unknown` without one."""

    question: str
    text: str
    given: ReleasedDistribution

    @property
    def mean(self) -> float | None:
        """In points; rounded to one decimal unless of the city's own offices by name."""
        return self.given.mean

    @property
    def unknown(self) -> int | None:
        """Sheets with an answer that is no rating."""
        return self.given.unknown


@dataclass(frozen=True, slots=True)
class RatedCategory:
    """One category: how many sheets have which colour in it, and its dimensions."""

    title: str
    provisional: bool
    bands: ReleasedDistribution
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class RatedGroup:
    """Audiences shown together: `about` says what they rated; `by_name` are the city's offices."""

    title: str
    about: str
    sheets: int
    by_name: bool
    options: tuple[Option, ...]
    categories: tuple[RatedCategory, ...]

    @property
    def detailed(self) -> bool:
        """Whether any distribution may be shown; else there are means alone."""
        return any(d.given.counts and d.given.n for c in self.categories for d in c.dimensions)


@dataclass(frozen=True, slots=True)
class Rated:
    """The groups that may be shown, and the titles of the audiences that may not."""

    groups: tuple[RatedGroup, ...]
    withheld: tuple[str, ...]


def rated(
    wave: SurveyWave, sheets: Mapping[str, Sheets], counts: Counts, language: str, *, closed: bool
) -> Rated:
    """The ratings of every audience.

    Audiences below THRESHOLD are merged as everywhere else: two ways of merging would give away
    the difference. Where that joins what did not rate the same (offices rate themselves, others the
    city), a mean would be about nothing, and the group is withheld.

    Args:
        closed: whether nobody can answer any more; before, protected audiences are withheld.
    """
    asked = {a.key: a for a in wave.audiences if a.questionnaire.ratings}
    free = [a for a in asked.values() if not sheets[a.key].protected]
    guarded = [a for a in wave.audiences if sheets[a.key].protected]
    joined = merged([_group(a, sheets) for a in guarded]) if closed else ()
    groups = [(_group(a, sheets), True) for a in free]
    groups += [(group, False) for group in joined if _alike(group, asked)]
    order = list(asked)
    groups.sort(key=lambda found: order.index(found[0].keys[0]))
    shown = {key for group, _by_name in groups for key in group.keys}
    return Rated(
        groups=tuple(
            _rated_group(group, asked[group.keys[0]], counts, language, by_name=by_name)
            for group, by_name in groups
        ),
        withheld=tuple(a.title for a in asked.values() if a.key not in shown),
    )


def _group(asked: Asked, sheets: Mapping[str, Sheets]) -> Group:
    return Group((asked.key,), asked.title, sheets[asked.key].submitted)


def _alike(group: Group, asked: Mapping[str, Asked]) -> bool:
    """Whether all audiences of a group rated, and the same of the same."""
    if not all(key in asked for key in group.keys):
        return False
    first = _subject(asked[group.keys[0]])
    return all(_subject(asked[key]) == first for key in group.keys)


def _subject(asked: Asked) -> tuple[str | None, Mapping[str, Mapping[str, int]]]:
    return asked.questionnaire.result_title, asked.questionnaire.ratings


def _rated_group(
    group: Group, asked: Asked, counts: Counts, language: str, *, by_name: bool
) -> RatedGroup:
    questionnaire = asked.localised(language).questionnaire
    together = _Together(group, counts, by_name)
    first = questionnaire.questions[next(iter(questionnaire.ratings))]
    return RatedGroup(
        title=group.title,
        about=questionnaire.result_title or "",
        sheets=group.sheets,
        by_name=by_name,
        options=tuple(o for o in questionnaire.options(first) if o.points is not None),
        categories=tuple(
            _category(questionnaire, category, members, together)
            for category, members in questionnaire.rated_members.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Together:
    """The counts of a group's audiences, added."""

    group: Group
    counts: Counts
    by_name: bool

    def of(self, question: str) -> Counter[str]:
        """Value → count."""
        found = (self.counts.get((key, question), Counter[str]()) for key in self.group.keys)
        return sum(found, Counter[str]())

    def released(
        self, counts: Mapping[str, int], points: Mapping[str, int] | None = None
    ) -> ReleasedDistribution:
        """The counts, with points also the mean, as far as they may be shown."""
        if self.by_name:
            return whole_distribution(counts, points)
        return released_distribution(counts, points, sheets=self.group.sheets)


def _category(
    questionnaire: Questionnaire, category_id: str, members: tuple[str, ...], together: _Together
) -> RatedCategory:
    category = questionnaire.category(category_id)
    bands = together.of(f"@category_band:{category_id}")
    return RatedCategory(
        title=category.title,
        provisional=bool(category.rating_bands and category.rating_bands.provisional),
        bands=together.released({band: bands[band] for band in BANDS}),
        dimensions=tuple(
            _dimension(questionnaire, questionnaire.questions[member], together)
            for member in members
        ),
    )


def _dimension(questionnaire: Questionnaire, question: Question, together: _Together) -> Dimension:
    worth = questionnaire.ratings[question.id]
    return Dimension(question.id, question.text, together.released(together.of(question.id), worth))
