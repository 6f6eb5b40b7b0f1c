"""Distributions and means: nothing shown of them tells what few, or all, answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import (
    THRESHOLD,
    ReleasedDistribution,
    released_distribution,
    released_mean,
    whole_distribution,
)

FIVE = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1}
THREE = {"5": 5, "3": 3, "1": 1}
SKEWED = {"no": 0, "some": 1, "more": 2, "all": 7}
TWO = {"yes": 1, "no": 0}


def answers(*counts: int, points: dict[str, int] | None = None) -> dict[str, int]:
    """How often each answer was given, in the order of the points."""
    return dict(zip(points or FIVE, counts, strict=True))


@pytest.mark.parametrize(
    ("counts", "shown", "n", "mean"),
    [
        ((0, 0, 0, 0, 0), True, 0, None),
        ((4, 0, 0, 0, 0), False, None, None),
        ((5, 0, 0, 0, 5), True, 10, 3.0),
        ((5, 6, 7, 0, 0), True, 18, 3.9),
        # Counts are hidden, and 3.0 leaves everything possible.
        ((1, 1, 1, 1, 1), False, 5, 3.0),
        # 4 times 1 and once 2, or nothing else has this mean.
        ((0, 0, 0, 1, 4), False, 5, None),
        ((5, 1, 0, 0, 0), False, 6, None),
        # All said the same; that the mean is missing too does not say which.
        ((0, 0, 0, 0, 7), False, 7, None),
        ((0, 0, 9, 0, 0), False, 9, 3.0),
        # Twenty-one of twenty-two, whoever they are.
        ((0, 0, 0, 1, 21), False, 22, None),
        ((0, 0, 0, 6, 16), True, 22, 1.3),
    ],
)
def test_a_distribution_is_whole_or_a_number(
    counts: tuple[int, ...], shown: bool, n: int | None, mean: float | None
) -> None:
    given = answers(*counts)
    expected = ReleasedDistribution(
        given if shown else None, n, mean, unknown=None if n is None else 0
    )
    assert released_distribution(given, FIVE) == expected


@pytest.mark.parametrize(
    ("unknown", "blank", "expected"),
    [(0, 0, 0), (5, 0, 5), (0, 5, 0), (4, 0, None), (0, 1, None), (6, 2, None), (6, 7, 6)],
)
def test_unknown_is_hidden_with_what_tells_of_it(
    unknown: int, blank: int, expected: int | None
) -> None:
    given = {**answers(5, 5, 0, 0, 0), "unknown": unknown}
    found = released_distribution(given, FIVE, sheets=10 + unknown + blank)
    assert (found.unknown, found.n) == (expected, 10)


def test_few_ratings_leave_nothing_to_subtract_from() -> None:
    given = {**answers(3, 0, 0, 0, 0), "unknown": 9}
    assert released_distribution(given, FIVE, sheets=12) == ReleasedDistribution(None, None)


def test_colours_have_no_mean() -> None:
    found = released_distribution({"red": 5, "yellow": 0, "green": 6})
    assert found == ReleasedDistribution({"red": 5, "yellow": 0, "green": 6}, 11, None, 0)


def test_offices_by_name_are_counted_whole() -> None:
    given = {**answers(1, 0, 1, 0, 1), "unknown": 1}
    found = whole_distribution(given, FIVE)
    assert found == ReleasedDistribution(answers(1, 0, 1, 0, 1), 3, 3.0, 1)
    assert whole_distribution(answers(0, 0, 0, 0, 0), FIVE).mean is None


def splits(n: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to give n sheets to so many answers."""
    if parts == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in splits(n - first, parts - 1))


@pytest.mark.parametrize(
    ("points", "numbers"),
    [(FIVE, range(5, 12)), (THREE, range(5, 25)), (SKEWED, range(5, 16)), (TWO, range(5, 25))],
)
def test_whoever_knows_the_rules_learns_of_no_few_and_no_all(
    points: dict[str, int], numbers: range
) -> None:
    for n in numbers:
        worlds = defaultdict(list)
        for counts in splits(n, len(points)):
            found = released_distribution(answers(*counts, points=points), points)
            worlds[found.counts is None, found.mean, str(found.counts)].append(counts)
        for (hidden, mean, _counts), possible in worlds.items():
            for answer in range(len(points)):
                given = {counts[answer] for counts in possible}
                assert any(count == 0 or count >= THRESHOLD for count in given), (n, mean)
                assert not hidden or any(n - count >= THRESHOLD for count in given), (n, mean)


@pytest.mark.parametrize("n", [6, 9, 13])
def test_a_mean_beside_hidden_counts_may_be_known_exactly(n: int) -> None:
    """As sums of several questions are, from the mean of their category."""
    worlds = defaultdict(list)
    for counts in splits(n, 5):
        found = released_distribution(answers(*counts), FIVE)
        if found.counts is None and found.mean is not None:
            total = sum(p * c for p, c in zip(FIVE.values(), counts, strict=True))
            worlds[total].append(counts)
    assert worlds
    for possible in worlds.values():
        for answer in range(5):
            given = {counts[answer] for counts in possible}
            assert any(count == 0 or count >= THRESHOLD for count in given)


def test_most_means_of_ordinary_groups_are_shown() -> None:
    shown = [
        released_distribution(answers(*counts), FIVE).mean is not None for counts in splits(14, 5)
    ]
    assert sum(shown) / len(shown) > 0.97


@given(st.integers(400, 10**7), st.integers(0, 10**7))
def test_large_groups_are_quickly_judged(n: int, ones: int) -> None:
    ones = min(ones, n)
    given_ = answers(n - ones, 0, 0, 0, ones)
    found = released_distribution(given_, FIVE)
    assert (found.counts is None) == (ones in (0, n) or min(ones, n - ones) < THRESHOLD)
    assert found.n == n


@pytest.mark.parametrize(
    ("total", "n", "expected"),
    [
        (100, 4, None),
        (100, 5, 20.0),
        # Each of five has 8 of 8 to 40 points.
        (40, 5, None),
        (200, 5, None),
        # One of five may have 40 only if the others have 32 together.
        (71, 5, None),
        (72, 5, 14.4),
        (168, 5, 33.6),
        (169, 5, None),
        (0, 0, None),
    ],
)
def test_a_mean_of_few_leaves_each_sheet_any_value(
    total: int, n: int, expected: float | None
) -> None:
    assert released_mean(total, n, lowest=8, highest=40) == expected


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 12)))
def test_no_distribution_shows_a_small_number(counts: dict[str, int]) -> None:
    found = released_distribution(counts)
    numbers = [*(found.counts or {}).values(), *([] if found.n is None else [found.n])]
    assert not any(0 < number < THRESHOLD for number in numbers)
