"""Planted defects of disclosure control: each lets small cells be told, and must be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from analysis import audiences, concerned
from analysis.disclosure import Group, Shown, distributions, releases, tables, threshold
from tests.harness.leaks import swapped


@contextmanager
def threshold_one() -> Iterator[None]:
    """Nothing is too small to be shown."""
    with ExitStack() as stack:
        for module in (threshold, distributions, tables, concerned):
            stack.enter_context(swapped(module, THRESHOLD=1))
        yield


def _primary_only(
    table: Sequence[Sequence[Any]], _numbers: Sequence[Sequence[int]] | None = None
) -> Shown:
    rows, columns = len(table), len(table[0])
    cells = tuple(tuple(not threshold.is_small(len(cell)) for cell in row) for row in table)
    return Shown(cells, (True,) * rows, (True,) * columns, True)


def primary_only() -> AbstractContextManager[None]:
    """Small cells are suppressed, and nothing that gives them away."""
    return swapped(concerned, protected=_primary_only)


def mean_always() -> AbstractContextManager[None]:
    """A mean stands beside hidden counts whatever it tells."""
    return swapped(distributions, _leaves_open=lambda _worth, _n, _tenths: True)


def ledger_off() -> AbstractContextManager[None]:
    """Every correction is released anew."""

    def verdict(new: releases.Release, _earlier: Any) -> releases.Verdict:
        return releases.Verdict("further", new)

    return swapped(releases, may_release=verdict)


def merged_otherwise() -> AbstractContextManager[None]:
    """In one of two tables the smallest audience is joined to the largest."""

    def joined(of: Sequence[Group]) -> tuple[Group, ...]:
        found = sorted((each for each in of if each.sheets), key=lambda each: each.sheets)
        while len(found) > 1 and found[0].tells:
            first, last = found[0], found[-1]
            both = Group(
                first.keys + last.keys, f"{first.title} + {last.title}", first.sheets + last.sheets
            )
            found = sorted([both, *found[1:-1]], key=lambda each: each.sheets)
        return tuple(each for each in found if not each.tells)

    return swapped(audiences, merged=joined)


DEFECTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "threshold one": threshold_one,
    "primary only": primary_only,
    "mean always": mean_always,
    "ledger off": ledger_off,
    "merged otherwise": merged_otherwise,
}
