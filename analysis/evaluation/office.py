"""One Selbstcheck wave as its sections need it: numbers, words of a language, and who may read.

What is public passes the disclosure control; what stays inside the role or was promised to the
mayor shows the offices' sheets as they were counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.disclosure import THRESHOLD, chosen, released_distribution, released_mean
from analysis.disclosure.threshold import is_small
from analysis.evaluation.sections import WITHHELD, Cell, Level
from analysis.numbers import Chain, WaveNumbers
from analysis.rollup import Mean
from analysis.years import same_wording
from forms.definition import Question, Questionnaire
from forms.scoring import band
from survey.locale import desk_gettext as _


@dataclass(frozen=True, slots=True)
class Counted:
    """How often which value was given; None what may not be shown."""

    counts: Mapping[str, int] | None
    n: int | None

    def cells(self, keys: tuple[str, ...]) -> tuple[tuple[Cell, ...], Cell]:
        """A cell for each value, and their number."""
        n: Cell = WITHHELD if self.n is None else self.n
        if self.counts is None:
            return (WITHHELD,) * len(keys), n
        return tuple(self.counts.get(key, 0) for key in keys), n


@dataclass(frozen=True)
class Wave:
    """What every section of a Selbstcheck wave is made from."""

    chain: Chain
    language: str
    level: Level

    @property
    def numbers(self) -> WaveNumbers:
        """This wave."""
        return self.chain.now

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What was asked, in the language that is spoken; German where it is not offered in it."""
        frozen = self.numbers.frozen
        language = self.language if self.language in frozen.languages else "de"
        return frozen.localised(language).questionnaire

    @property
    def names_units(self) -> bool:
        """Whether single units may stand there by name."""
        return self.level == "internal" or (self.level == "report" and self.numbers.names_units)

    @property
    def detailed(self) -> bool:
        """Whether it is to be looked up in, not read from the first page to the last."""
        return self.level == "internal"

    @property
    def open_numbers(self) -> bool:
        """Whether counts of offices may be shown whole."""
        return self.level != "public"

    @property
    def city(self) -> Mean | None:
        """The mean in which each Amt counts once; None where it may not be shown."""
        return self.mean_of(self.numbers)

    def mean_of(self, each: WaveNumbers) -> Mean | None:
        """The city's mean in one of the waves; where nobody is named, over THRESHOLD at least."""
        mean = each.rollup.city
        if mean is None or self.names_units:
            return mean
        unfinished = not self.open_numbers and not each.closed
        # Beside the counts of all named sheets, whose points can be added up.
        apart = not all(chosen([frozenset(each.named_points), mean.behind]))
        return None if mean.units < THRESHOLD or unfinished or apart else mean

    def weighted(self, each: WaveNumbers) -> Mean | None:
        """The city's mean where it may be weighted by staff as well.

        Where nobody is named it must be over THRESHOLD; the public gets one mean, not two.
        """
        mean = self.mean_of(each)
        if mean is None or mean.weighted is None or not self.open_numbers:
            return None
        return mean if self.names_units or mean.staffed >= THRESHOLD else None

    def guarded(self, cell: Cell, each: WaveNumbers) -> Cell:
        """Withheld rather than nothing, where a mean is there and may not be shown."""
        hidden = cell is None and each.rollup.city is not None and self.mean_of(each) is None
        return WITHHELD if hidden else cell

    def mean_cells(
        self, each: WaveNumbers, question: str, possible: int
    ) -> tuple[Cell, Cell, Cell]:
        """Mean, share of the possible, and the number of units it is over."""
        mean = self.mean_of(each)
        if mean is None or question not in mean.points:
            nothing = self.guarded(None, each)
            return nothing, nothing, nothing if nothing is WITHHELD else 0
        value = mean.points[question]
        if not self.open_numbers:
            return self._released(mean, question, possible)
        return value, value / possible, mean.units

    def _released(self, mean: Mean, question: str, possible: int) -> tuple[Cell, Cell, Cell]:
        """The mean as everybody may read it: rounded, its share made of the rounded one."""
        total = round(mean.points[question] * mean.units)
        value = released_mean(total, mean.units, self.least_of(question), possible)
        if value is None:
            return WITHHELD, WITHHELD, mean.units
        return value, value / possible, mean.units

    # --- counts ---------------------------------------------------------------------------------

    def bands(self, each: WaveNumbers, *, at_the_time: bool = False) -> Counted:
        """Sheets by colour, all years by the thresholds of this wave unless told otherwise."""
        counts: dict[str, int] = dict.fromkeys(("red", "yellow", "green"), 0)
        present = self.questionnaire.bands
        if at_the_time or present is None or present == each.questionnaire.bands:
            for value, number in self._values(each, "@band"):
                counts[value] += number
        else:
            for value, number in self._values(each, "@total"):
                counts[band(int(value), present)] += number
        return self.counted(counts, each)

    def counted(
        self, counts: Mapping[str, int], each: WaveNumbers, points: Mapping[str, int] | None = None
    ) -> Counted:
        """Counts of named sheets as this level may show them."""
        n = sum(counts.values())
        if self.open_numbers:
            return Counted(counts, n)
        if not each.closed:
            return Counted(None, None)
        shown = released_distribution(counts, points)
        return Counted(shown.counts, shown.n)

    def answers(self, each: WaveNumbers, question: str) -> dict[str, int]:
        """How often each option of a question was given on named sheets."""
        return dict(self._values(each, question))

    def _values(self, each: WaveNumbers, question: str) -> Iterator[tuple[str, int]]:
        return iter(each.named_counts.get(question, {}).items())

    def return_rate(self, each: WaveNumbers) -> Cell:
        """Of the units read by name, those that submitted, as a share 0 to 1."""
        submitted = len(each.named_points)
        if not self.open_numbers and is_small(submitted):
            return WITHHELD
        return submitted / len(each.named) if each.named else None

    # --- words ----------------------------------------------------------------------------------

    @cached_property
    def comparable(self) -> tuple[WaveNumbers, ...]:
        """The waves before whose totals mean the same."""
        return tuple(
            each
            for each in self.chain.before
            if "@total" in same_wording(self.numbers.questionnaire, each.questionnaire)
        )

    @cached_property
    def same(self) -> tuple[str, ...]:
        """What can be compared with the wave before: questions, @category:…, @total."""
        last = self.chain.last
        if last is None:
            return ()
        return same_wording(self.numbers.questionnaire, last.questionnaire)

    def possible(self, category: str) -> int:
        """The most points of a category."""
        return sum(map(self.questionnaire.most_points, self.questionnaire.members[category]))

    @property
    def possible_total(self) -> int:
        """The most points of the whole."""
        return sum(map(self.questionnaire.most_points, self.questionnaire.scored))

    def possible_of(self, question: str) -> int:
        """The most points of a question, @category:… or @total."""
        if question == "@total":
            return self.possible_total
        if question.startswith("@category:"):
            return self.possible(question.removeprefix("@category:"))
        return self.questionnaire.most_points(question)

    def least_of(self, question: str) -> int:
        """The least points a complete sheet has in @category:… or @total."""
        worth = self.questionnaire.points
        of = (
            self.questionnaire.members[question.removeprefix("@category:")]
            if question.startswith("@category:")
            else worth
        )
        return sum(min(worth[member].values()) for member in of)

    def measures(self) -> list[tuple[str, str]]:
        """Total and categories with their titles."""
        categories = [
            (f"@category:{c.id}", c.title)
            for c in self.questionnaire.categories
            if self.questionnaire.members.get(c.id)
        ]
        return [("@total", _("Gesamtzahl")), *categories] if self.questionnaire.scored else []

    def statements(self) -> list[tuple[str, str, Question]]:
        """(number, „number. text", question) of every scored question."""
        found = []
        for place, question in enumerate(self.questionnaire.scored.values(), 1):
            number = question.number or str(place)
            found.append((number, f"{number}. {question.text}", question))
        return found


def exact(points: float | None) -> Cell:
    """Points of one unit: whole ones as such; of several sheets their mean."""
    return int(points) if points is not None and points == int(points) else points


def year(each: WaveNumbers) -> str:
    """The year a wave is called by: that of its title, or the one it opened in."""
    named = re.search(r"\b(?:19|20)\d\d\b", each.title)
    return named[0] if named else str(each.opens.year)
