"""What the ratings of a survey come to: cells, and the mean of a category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.disclosure import ReleasedDistribution
from analysis.evaluation.sections import WITHHELD, Cell
from analysis.rated import Dimension, RatedCategory, RatedGroup
from survey.locale import desk_gettext as _

HALF = 2
"""A category has a mean only where at least half of its dimensions have one."""


@dataclass(frozen=True, slots=True)
class CategoryMean:
    """The mean over the means of a category's dimensions, each counted once.

    Made of what is shown of the dimensions and of nothing else, so it tells nothing they do not.

    Attributes:
        mean: in points; `share` of the highest possible.
        dimensions: how many it is over.
    """

    mean: Cell
    share: Cell
    dimensions: int


def category_mean(category: RatedCategory, most: int) -> CategoryMean:
    """The mean of one category; `most` is what the best answer is worth."""
    means = [each.mean for each in category.dimensions if each.mean is not None]
    if means and len(means) * HALF >= len(category.dimensions):
        mean = sum(means) / len(means)
        return CategoryMean(mean, mean / most, len(means))
    hidden = any(mean_cell(each) is WITHHELD for each in category.dimensions)
    nothing: Cell = WITHHELD if hidden else None
    return CategoryMean(nothing, nothing, len(means))


def most_points(group: RatedGroup) -> int:
    """What the best answer is worth."""
    return max(option.points or 0 for option in group.options)


def least_points(group: RatedGroup) -> int:
    """What the worst answer is worth."""
    return min(option.points or 0 for option in group.options)


def count_cells(given: ReleasedDistribution, keys: tuple[str, ...]) -> tuple[Cell, ...]:
    """A cell for each answer."""
    if given.counts is None:
        return (WITHHELD,) * len(keys)
    return tuple(given.counts.get(key, 0) for key in keys)


def n_cell(given: ReleasedDistribution) -> Cell:
    """How many sheets gave one of the answers."""
    return WITHHELD if given.n is None else given.n


def mean_cell(dimension: Dimension) -> Cell:
    """The mean of a dimension: nothing where nobody rated it, withheld where it is not shown."""
    if dimension.mean is None and dimension.given.n != 0:
        return WITHHELD
    return dimension.mean


def unknown_cell(dimension: Dimension) -> Cell:
    """How many sheets have an answer that is no rating."""
    return WITHHELD if dimension.unknown is None else dimension.unknown


def names(dimensions: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Short names of dimensions by question, from (question, text, category's title).

    What stands before a colon; with its category where two have the same. Empty where there is
    nothing shorter than the text.
    """
    found = list(dimensions)
    heads = {question: _head(text) for question, text, _category in found}
    often = Counter(heads.values())
    return {
        question: f"{head} ({category})" if (head := heads[question]) and often[head] > 1 else head
        for question, _text, category in found
    }


def group_names(group: RatedGroup) -> dict[str, str]:
    """Short names of what a group rated."""
    return names((d.question, d.text, c.title) for c in group.categories for d in c.dimensions)


def _head(text: str) -> str:
    head, colon, _rest = text.partition(": ")
    return head if colon else ""


def said_of(title: str, cells: Iterable[Cell]) -> str:
    """Whom a sentence is about; of what is not shown it must not seem to know the rank."""
    if any(cell is WITHHELD for cell in cells):
        return _("%(group)s (soweit gezeigt)", group=title)
    return title
