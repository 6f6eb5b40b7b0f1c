"""Ratings are averaged by category; what was not rated counts neither as good nor as bad."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Answers, Band, RatingBands, RatingStep
from forms.rating import Rating, rating_band, ratings
from tests.forms.questionnaires import tiny

DOORS = ("front", "back", "side")
THIRDS = RatingBands(
    steps=(
        RatingStep(band="red", below=2.3333),
        RatingStep(band="yellow", below=3.6667),
        RatingStep(band="green"),
    ),
    least_rated=0.5,
)


@pytest.mark.parametrize(
    ("answers", "rated", "mean", "band"),
    [
        ({}, 0, None, None),
        # One of three is less than half.
        ({"front": "5"}, 1, None, None),
        ({"front": "5", "back": "unknown", "side": "unknown"}, 1, None, None),
        ({"front": "unknown", "back": "unknown", "side": "unknown"}, 0, None, None),
        ({"front": "5", "back": "3"}, 2, Fraction(4), "green"),
        ({"front": "5", "back": "3", "side": "unknown"}, 2, Fraction(4), "green"),
        ({"front": "3", "back": "1"}, 2, Fraction(2), "red"),
        ({"front": "5", "back": "1", "side": "1"}, 3, Fraction(7, 3), "yellow"),
        ({"front": "3", "back": "3", "side": "5"}, 3, Fraction(11, 3), "green"),
        ({"front": "3", "back": "3", "side": "3"}, 3, Fraction(3), "yellow"),
        # What is no option, or no single answer, is no rating.
        ({"front": "9", "back": ["5"], "side": "3"}, 1, None, None),
        ({"front": "", "back": "3", "side": "3"}, 2, Fraction(3), "yellow"),
    ],
)
def test_a_category_is_scored_when_at_least_half_was_rated(
    answers: Answers, rated: int, mean: Fraction | None, band: Band | None
) -> None:
    assert ratings(tiny("barriers"), answers) == (Rating("doors", 3, rated, mean, band),)


@pytest.mark.parametrize(
    ("mean", "band"),
    [
        (Fraction(1), "red"),
        (Fraction(7, 3) - Fraction(1, 1000), "red"),
        (Fraction(7, 3), "yellow"),
        (Fraction(11, 3) - Fraction(1, 1000), "yellow"),
        (Fraction(11, 3), "green"),
        (Fraction(5), "green"),
    ],
)
def test_the_thresholds_are_exact_thirds(mean: Fraction, band: Band) -> None:
    assert rating_band(mean, THIRDS) == band


def test_without_thresholds_there_is_a_mean_and_no_colour() -> None:
    questionnaire = tiny("barriers")
    plain = questionnaire.categories[0].model_copy(update={"rating_bands": None})
    uncoloured = questionnaire.model_copy(update={"categories": (plain,)})
    assert rating_band(Fraction(1), None) is None
    assert ratings(uncoloured, {"front": "3"}) == (Rating("doors", 3, 1, Fraction(3), None),)
    assert ratings(uncoloured, {}) == (Rating("doors", 3, 0, None, None),)


def test_a_questionnaire_without_ratings_has_none() -> None:
    assert ratings(tiny("counter"), {"patience": "a"}) == ()


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(DOORS, st.sampled_from("531u"))))
def test_the_mean_is_that_of_the_points_given(codes: dict[str, str]) -> None:
    answers = {door: "unknown" if code == "u" else code for door, code in codes.items()}
    (found,) = ratings(tiny("barriers"), answers)
    points = [Decimal(code) for code in codes.values() if code != "u"]
    assert found.rated == len(points)
    assert (found.mean is None) == (2 * len(points) < len(DOORS))
    if found.mean is not None:
        assert found.mean * len(points) == Fraction(sum(points))
        assert min(points) <= found.mean <= max(points)
    assert (found.band is None) == (found.mean is None)
