"""Which overlapping populations may be shown beside each other, by exact linear algebra.

Each population is shown with its number of sheets and a total or mean. Whatever can be computed
from several of them is a weighted sum over sheets; it must be over none or at least THRESHOLD.
For numbers and means only: distributions stand over populations that do not overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet

from analysis.disclosure.threshold import THRESHOLD, is_small

MOST = 40
"""Populations at once: so far the arithmetic is exact."""
_PRIME = 2**127 - 1
"""Of zeros and ones in at most MOST rows no minor exceeds 2**70: what is independent in rational
numbers is so modulo this prime, and the other way round."""

Vector = list[int]


def safe_together(
    populations: Sequence[AbstractSet[Hashable]], known: AbstractSet[Hashable] = frozenset()
) -> bool:
    """Whether no combination of these populations tells of 1 to THRESHOLD - 1 sheets.

    Args:
        known: sheets whose values the reader has anyway, as a unit has its own.

    Raises:
        ValueError: more than MOST populations.
    """
    if len(populations) > MOST:
        raise ValueError(f"{len(populations)} populations at once; at most {MOST} can be judged")
    atoms = _atoms([population - known for population in populations])
    kernel = _kernel([[int(p in key) for key in atoms] for p in range(len(populations))])
    sizes = list(atoms.values())
    small = [(sizes[at], kernel[at]) for at in range(len(sizes)) if is_small(sizes[at])]
    return not _dependent(small, [], THRESHOLD - 1)


def chosen(
    populations: Sequence[AbstractSet[Hashable]], known: AbstractSet[Hashable] = frozenset()
) -> tuple[bool, ...]:
    """Which of the populations may be shown, the most important first: each beside those before.

    One without any sheet may always be shown.
    """
    kept: list[AbstractSet[Hashable]] = []
    shown = []
    for population in populations:
        may = safe_together([*kept, population], known)
        kept += [population] if may and population not in kept else []
        shown.append(may)
    return tuple(shown)


def _atoms(populations: Sequence[AbstractSet[Hashable]]) -> Counter[frozenset[int]]:
    """The number of sheets by the populations they are in: nothing shown tells them apart."""
    sheets = frozenset[Hashable]().union(*populations)
    return Counter(frozenset(p for p, each in enumerate(populations) if s in each) for s in sheets)


def _kernel(rows: list[Vector]) -> list[Vector]:
    """For every column, its place in a basis of what all the rows are blind to.

    A combination of rows vanishes outside some columns if and only if these are dependent here.
    """
    width = len(rows[0]) if rows else 0
    pivots: dict[int, Vector] = {}
    for row in rows:
        rest = _without(row, pivots)
        lead = next((at for at, value in enumerate(rest) if value), None)
        if lead is None:
            continue
        rest = _scaled(rest, lead)
        for at, other in pivots.items():
            pivots[at] = _less(other, rest, other[lead])
        pivots[lead] = rest
    free = [at for at in range(width) if at not in pivots]
    return [
        [-pivots[at][f] % _PRIME if at in pivots else int(f == at) for f in free]
        for at in range(width)
    ]


def _dependent(
    columns: list[tuple[int, Vector]], basis: list[tuple[int, Vector]], budget: int
) -> bool:
    """Whether some columns of this size together, with the basis, are linearly dependent."""
    for place, (size, column) in enumerate(columns):
        if size > budget:
            continue
        rest = _without(column, dict(basis))
        lead = next((at for at, value in enumerate(rest) if value), None)
        if lead is None:
            return True
        further = [*basis, (lead, _scaled(rest, lead))]
        if _dependent(columns[place + 1 :], further, budget - size):
            return True
    return False


def _without(row: Vector, pivots: dict[int, Vector]) -> Vector:
    for lead, pivot in pivots.items():
        row = _less(row, pivot, row[lead])
    return row


def _scaled(row: Vector, lead: int) -> Vector:
    inverse = pow(row[lead], -1, _PRIME)
    return [value * inverse % _PRIME for value in row]


def _less(row: Vector, other: Vector, times: int) -> Vector:
    if not times:
        return row
    return [(a - times * b) % _PRIME for a, b in zip(row, other, strict=True)]
