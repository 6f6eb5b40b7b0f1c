"""Ratings: answers that may be left out, averaged by category. Pure: no web, no database.

A category gets a colour when enough of its questions were rated; „weiß ich nicht" is an answer but
no rating.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from forms.definition import Answers, Band, Questionnaire, RatingBands


@dataclass(frozen=True, slots=True)
class Rating:
    """One category's ratings: `mean` in points, exact; None where too few were given."""

    category: str
    asked: int
    rated: int
    mean: Fraction | None
    band: Band | None


def ratings(questionnaire: Questionnaire, answers: Answers) -> tuple[Rating, ...]:
    """The ratings of every category that has rating questions, in the file's order."""
    return tuple(
        _rating(questionnaire, category, members, answers)
        for category, members in questionnaire.rated_members.items()
    )


def _rating(
    questionnaire: Questionnaire, category: str, members: tuple[str, ...], answers: Answers
) -> Rating:
    worth = (questionnaire.ratings[m].get(str(answers.get(m, ""))) for m in members)
    given = [points for points in worth if points is not None]
    bands = questionnaire.category(category).rating_bands
    least = Fraction(bands.least_rated).limit_denominator(1000) if bands else 0
    if not given or len(given) < least * len(members):
        return Rating(category, len(members), len(given), None, None)
    mean = Fraction(sum(given), len(given))
    return Rating(category, len(members), len(given), mean, rating_band(mean, bands))


def rating_band(mean: Fraction, bands: RatingBands | None) -> Band | None:
    """The colour of a mean, None without thresholds.

    Thresholds are written as decimals; thirds are meant exactly, so 2.3333 is 2⅓.
    """
    for step in bands.steps if bands else ():
        if step.below is None or mean < Fraction(step.below).limit_denominator(100):
            return step.band
    return None
