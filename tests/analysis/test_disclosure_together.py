"""Populations that overlap: what can be computed from their means, by every combination."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import THRESHOLD, chosen, safe_together

CITY = frozenset(range(20))
A, B, C, D = (frozenset(range(start, start + 5)) for start in (1, 6, 11, 16))


@pytest.mark.parametrize(
    ("populations", "safe"),
    [
        ([], True),
        ([set()], True),
        ([{1, 2, 3, 4}], False),
        ([CITY], True),
        ([CITY, CITY], True),
        ([CITY, set(range(15))], True),
        # The rest of the city is four.
        ([CITY, set(range(16))], False),
        ([set(range(5)), set(range(5, 10))], True),
        # Three groups of five in pairs: each can be solved for, and is large enough.
        ([set(range(10)), set(range(5, 15)), {*range(5), *range(10, 15)}], True),
        # The same of four each.
        ([set(range(8)), set(range(4, 12)), {*range(4), *range(8, 12)}], False),
        # No two of them differ by few, but first + second - third - fourth is over {0} alone.
        ([{0, *A, *B}, {0, *C, *D}, {*A, *C}, {*B, *D}], False),
    ],
)
def test_combinations(populations: list[set[int]], safe: bool) -> None:
    assert safe_together(populations) == safe


def test_a_unit_knows_itself() -> None:
    five_with_me = frozenset(range(5))
    assert safe_together([five_with_me])
    assert not safe_together([five_with_me], known={0})
    assert safe_together([five_with_me | {5}], known={0})
    # Beside its own result a group of itself and nobody else says nothing new.
    assert safe_together([{0}, CITY], known={0})


def test_the_most_important_is_shown() -> None:
    office, kind = frozenset(range(17)), frozenset(range(3, 11))
    assert chosen([CITY, office, kind]) == (True, False, True)
    assert chosen([office, CITY, kind]) == (True, False, True)
    assert chosen([kind, frozenset(), CITY]) == (True, True, True)


def tells(populations: list[frozenset[int]]) -> bool:
    """By floating point and for every few sheets: whether a combination is over them alone."""
    everybody = sorted(frozenset().union(*populations))
    table = np.array([[s in p for s in everybody] for p in populations], dtype=float)
    table = table.reshape(len(populations), len(everybody))
    rank = np.linalg.matrix_rank(table) if table.size else 0
    return any(
        np.linalg.matrix_rank(np.delete(table, few, axis=1)) < rank
        for size in range(1, min(THRESHOLD, len(everybody) + 1))
        for few in combinations(range(len(everybody)), size)
        if len(few) < len(everybody) or rank
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 11), min_size=4), min_size=1, max_size=6))
def test_as_every_combination_says(populations: list[frozenset[int]]) -> None:
    assert safe_together(populations) == (not tells(populations))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 30)), max_size=8))
def test_what_is_chosen_is_safe_and_nothing_more_would_be(
    populations: list[frozenset[int]],
) -> None:
    shown = chosen(populations)
    kept = [p for p, may in zip(populations, shown, strict=True) if may]
    assert safe_together(kept)
    for at, may in enumerate(shown):
        before = [p for p, kept_ in zip(populations[:at], shown[:at], strict=True) if kept_]
        assert safe_together([*before, populations[at]]) == may


def test_too_many_at_once() -> None:
    with pytest.raises(ValueError, match="41 populations at once; at most 40"):
        safe_together([CITY] * 41)
