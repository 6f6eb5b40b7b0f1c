"""Audiences and tables of counts: what may be shown, at the boundary and for any table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.disclosure import THRESHOLD, Group, Shown, merged, protected, publishable

Table = list[list[frozenset[int]]]


def groups(*sheets: int) -> list[Group]:
    """Audiences a, b, c … with these numbers of sheets."""
    return [Group((chr(97 + n),), chr(65 + n), count) for n, count in enumerate(sheets)]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ((5, 9), [("A", 5), ("B", 9)]),
        ((4, 9), [("A + B", 13)]),
        # The smallest first: the large audience stays as it is.
        ((3, 30, 2), [("A + C", 5), ("B", 30)]),
        ((1, 2, 30), [("A + B + C", 33)]),
        ((1, 4, 30), [("A + B", 5), ("C", 30)]),
        ((2, 2), []),
        ((4,), []),
        ((5,), [("A", 5)]),
        # Who handed in nothing makes nobody safer.
        ((4, 0), []),
        ((0, 5), [("B", 5)]),
        ((), []),
        # Whoever is merged has a sheet: these have one each, and a sixth makes it open again.
        ((1, 1, 1, 1, 1), []),
        ((1, 1, 1, 1, 1, 1), []),
        ((1, 1, 1, 1, 2), [("A + B + C + D + E", 6)]),
        ((1, 1, 1, 1, 1, 9), [("A + B + C + D + E + F", 14)]),
    ],
)
def test_small_audiences_are_merged(
    sheets: tuple[int, ...], expected: list[tuple[str, int]]
) -> None:
    assert [(group.title, group.sheets) for group in merged(groups(*sheets))] == expected


@given(st.lists(st.integers(0, 12), max_size=6))
def test_every_group_is_large_enough_and_holds_whole_audiences(sheets: list[int]) -> None:
    found = merged(groups(*sheets))
    keys = [key for group in found for key in group.keys]
    assert all(group.sheets >= THRESHOLD for group in found)
    assert len(keys) == len(set(keys))
    assert merged(groups(*sheets)) == found
    if sum(sheets) < THRESHOLD or set(sheets) == {1}:
        assert not found
    elif sum(sheets) > len(sheets):
        assert sum(group.sheets for group in found) == sum(sheets)


def table(*rows: tuple[int, ...]) -> Table:
    """A table of so many sheets a cell, each sheet in one cell only."""
    numbers = iter(range(10_000))
    return [[frozenset(next(numbers) for _ in range(n)) for n in row] for row in rows]


def drawn(counts: Table, shown: Shown) -> list[str]:
    """The table as it would be read, totals last; · for what is suppressed."""
    lines = []
    for row, cells, total in zip(counts, shown.cells, shown.rows, strict=True):
        words = [str(len(c)) if may else "·" for c, may in zip(row, cells, strict=True)]
        lines.append(" ".join([*words, str(sum(map(len, row))) if total else "·"]))
    sums = [sum(map(len, column)) for column in zip(*counts, strict=True)]
    last = [str(n) if may else "·" for n, may in zip(sums, shown.columns, strict=True)]
    return [*lines, " ".join([*last, str(sum(sums)) if shown.everything else "·"])]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (table((5, 6), (7, 8)), ["5 6 11", "7 8 15", "12 14 26"]),
        # One cell below the threshold takes three more with it.
        (table((4, 6), (7, 8)), ["· · ·", "· · ·", "11 14 25"]),
        (table((0, 6), (7, 8)), ["0 6 6", "7 8 15", "7 14 21"]),
        # Beside nothing but zeros, the totals would tell: they go.
        (table((4, 0), (0, 9)), ["· 0 ·", "0 9 ·", "· · ·"]),
        # Two that hold four sheets together are as good as one.
        (table((2, 2, 9), (9, 9, 9)), ["· · · ·", "· · · ·", "11 11 18 40"]),
        # Five cells, none of them empty, and five in all: each is one.
        (table((1,), (1,), (1,), (1,), (1,)), ["· ·", "· ·", "· ·", "· ·", "· ·", "· ·"]),
        # Six leave each of two cells from one to five.
        (table((2, 7), (4, 7)), ["· · ·", "· · ·", "6 14 20"]),
    ],
)
def test_small_cells_are_suppressed(counts: Table, expected: list[str]) -> None:
    assert drawn(counts, protected(counts)) == expected


def overlapping() -> st.SearchStrategy[Table]:
    """Tables in which a sheet may stand in many cells, as one with several entries does."""
    cells = st.frozensets(st.integers(0, 30), max_size=9)
    return st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5
        )
    )


@settings(max_examples=300)
@given(overlapping())
def test_no_small_cell_and_no_single_gap_beside_a_total(counts: Table) -> None:
    shown = protected(counts)
    lines = [
        *zip(counts, shown.cells, shown.rows, strict=True),
        *zip(zip(*counts, strict=True), zip(*shown.cells, strict=True), shown.columns, strict=True),
    ]
    for cells, kept, total in lines:
        missing = [cell for cell, may in zip(cells, kept, strict=True) if not may]
        assert all(may or cell for cell, may in zip(cells, kept, strict=True)), "zeros are shown"
        for cell, may in zip(cells, kept, strict=True):
            assert not may or not 0 < len(cell) < THRESHOLD
        if total:
            assert len(missing) != 1
            assert not missing or len(frozenset().union(*missing)) >= THRESHOLD
            assert not 0 < len(frozenset().union(*cells)) < THRESHOLD
    # Totals are a row and a column of their own, and their sum is known from either side.
    for margin in (shown.rows, shown.columns):
        assert not any(margin) or margin.count(False) != 1


def apart() -> st.SearchStrategy[Table]:
    """Tables in which every sheet stands in one cell: their numbers add up exactly."""
    numbers = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=8)
    return numbers.map(lambda rows: table(*map(tuple, rows)))


def solvable(counts: Table, shown: Shown) -> set[tuple[int, int]]:
    """Hidden cells that everything shown of a table determines: a linear system, by its rank."""
    hidden = [(r, c) for r, row in enumerate(shown.cells) for c, may in enumerate(row) if not may]
    known = [[r == row for r, _c in hidden] for row, may in enumerate(shown.rows) if may]
    known += [[c == column for _r, c in hidden] for column, may in enumerate(shown.columns) if may]
    known += [[True] * len(hidden)] if shown.everything else []
    equations = np.array([[False] * len(hidden), *known], dtype=float)
    rank = np.linalg.matrix_rank(equations) if hidden else 0
    return {
        place
        for place, alone in zip(hidden, np.eye(len(hidden)), strict=True)
        if np.linalg.matrix_rank(np.vstack([equations, alone])) == rank
    }


@settings(max_examples=400)
@given(apart())
@example(table((8, 3, 4, 1), (8, 3, 2, 8), (4, 0, 6, 3), (3, 9, 6, 4)))
def test_no_hidden_cell_can_be_solved_for(counts: Table) -> None:
    assert solvable(counts, protected(counts)) == set()


def test_solving_finds_what_totals_of_rows_and_columns_give_away() -> None:
    counts = table((0, 7, 4, 3), (9, 1, 5, 0), (0, 0, 8, 0), (6, 3, 6, 0))
    leaky = replace(protected(counts), rows=(True,) * 4, columns=(True,) * 4, everything=True)
    assert solvable(counts, leaky)


def test_entries_are_what_a_total_counts() -> None:
    sheets = table((2, 9), (4, 9))
    # Six sheets, and with their entries enough room; so have two of one sheet each with many.
    assert protected(sheets, [[2, 9], [4, 9]]).columns[0]
    few = table((1, 9), (1, 9))
    assert not protected(few, [[9, 9], [9, 9]]).columns[0]


@settings(max_examples=300)
@given(overlapping())
def test_what_totals_leave_may_be_large_in_any_hidden_cell(counts: Table) -> None:
    shown = protected(counts)
    for column, total in enumerate(shown.columns):
        hidden = [
            len(row[column])
            for row, may in zip(counts, shown.cells, strict=True)
            if not may[column]
        ]
        assert not total or not hidden or sum(hidden) - len(hidden) + 1 >= THRESHOLD


@pytest.mark.parametrize(("sheets", "closed"), [(4, True), (5, False), (5, True)])
def test_a_mean_waits_for_closing_and_for_five(sheets: int, closed: bool) -> None:
    assert publishable(sheets, closed=closed) == (sheets >= 5 and closed)
