"""What can be computed from everything that was released: linear programmes over unknown cells.

Unknown are the numbers of sheets by audience, by answer, and by which of several releases count
them. Every released number is an equation, every rounded mean an interval. A small cell whose least
and greatest possible value are the same has been found out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

Cell = tuple[Hashable, ...]
Numbers = NDArray[np.int64]
FREE = 10**9
"""Where nothing bounds a sum."""


@dataclass
class Unknowns:
    """Whole numbers at least 0, what is known of them, and their true values.

    Attributes:
        world: the true value of each unknown.
        known: (unknowns with their factors, least, greatest) of every released number.
        wanted: sums of unknowns somebody would like to know, by a name for the report.
        small: values of a sum that must not be told.
        blocks: unknowns between which sheets may be moved to look for other worlds.
    """

    world: dict[Cell, int]
    small: range
    known: list[tuple[dict[Cell, int], int, int]] = field(default_factory=list)
    wanted: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    blocks: list[list[Cell]] = field(default_factory=list)

    def know(
        self, cells: Mapping[Cell, int] | Iterable[Cell], least: int, most: int = FREE
    ) -> None:
        """Note that a weighted sum lies between two numbers."""
        factors = dict(cells) if isinstance(cells, Mapping) else dict.fromkeys(cells, 1)
        self.known.append((factors, least, most))

    def want(self, name: str, cells: Iterable[Cell]) -> None:
        """Note a sum worth knowing."""
        self.wanted[name] = tuple(cells)

    def small_sums(self) -> dict[str, int]:
        """The sums wanted that must not be told, with their true values."""
        found = {n: sum(map(self.world.__getitem__, cells)) for n, cells in self.wanted.items()}
        return {name: value for name, value in found.items() if value in self.small}


@dataclass(frozen=True, slots=True)
class Found:
    """A small cell that was found out, and its value."""

    name: str
    value: int


def found_out(unknowns: Unknowns) -> list[Found]:
    """The sums wanted whose true value is small and is the only possible one."""
    truth = unknowns.small_sums()
    wanted = list(truth)
    if not wanted:
        return []
    system = _system(unknowns, wanted)
    shut = [at for at, moved in enumerate(system.moved()) if not moved]
    return [
        Found(wanted[at], truth[wanted[at]])
        for at in shut
        if system.only_value(at) == truth[wanted[at]]
    ]


@dataclass(frozen=True, slots=True)
class _System:
    """least ≤ matrix · x ≤ most, with a solution `world`; `goals` are the rows wanted."""

    matrix: Numbers
    least: Numbers
    most: Numbers
    world: Numbers
    goals: Numbers
    steps: Numbers

    def moved(self) -> list[bool]:
        """Which goals have another value in some world next to the true one that fits as well.

        Most have: only for the others a programme has to be solved.
        """
        steps = self.steps[((self.world + self.steps) >= 0).all(axis=1)]
        changes, seen = steps @ self.matrix.T, steps @ self.goals.T != 0
        moved = seen[self._fits(changes)].any(axis=0)
        for at in np.flatnonzero(~moved):
            # Two sheets that change their places at once.
            moved[at] = any(
                self._fits_after(steps, changes, int(start), int(at))
                for start in np.flatnonzero(seen[:, at])
            )
        return [bool(each) for each in moved]

    def _fits(self, changes: Numbers) -> NDArray[np.bool_]:
        held: Numbers = self.matrix @ self.world
        inside = (changes >= self.least - held) & (changes <= self.most - held)
        return np.logical_and.reduce(inside, axis=1)  # type: ignore[no-any-return]

    def _fits_after(self, steps: Numbers, changes: Numbers, start: int, at: int) -> bool:
        fits = np.flatnonzero(self._fits(changes + changes[start]))
        both = steps[fits] + steps[start]
        possible = ((self.world + both) >= 0).all(axis=1)
        return bool((both[possible] @ self.goals[at] != 0).any())

    def only_value(self, at: int) -> int | None:
        """The one possible value of a goal, None if there are several."""
        return _only_value(
            self.matrix.shape[1],
            self.matrix.tobytes(),
            self.least.tobytes(),
            self.most.tobytes(),
            self.goals[at].tobytes(),
        )


def _system(unknowns: Unknowns, wanted: Sequence[str]) -> _System:
    place = {cell: at for at, cell in enumerate(unknowns.world)}
    matrix = np.zeros((len(unknowns.known), len(place)), dtype=np.int64)
    for row, (factors, _least, _most) in enumerate(unknowns.known):
        for cell, factor in factors.items():
            matrix[row, place[cell]] = factor
    goals = np.zeros((len(wanted), len(place)), dtype=np.int64)
    for row, name in enumerate(wanted):
        for cell in unknowns.wanted[name]:
            goals[row, place[cell]] = 1
    least = np.array([least for _factors, least, _most in unknowns.known], dtype=np.int64)
    most = np.array([most for _factors, _least, most in unknowns.known], dtype=np.int64)
    world = np.fromiter(unknowns.world.values(), dtype=np.int64, count=len(place))
    held = matrix @ world
    if not ((held >= least) & (held <= most)).all():
        raise AssertionError("what was released contradicts the truth: the attack would be void")
    blocks = tuple(tuple(place[cell] for cell in block) for block in unknowns.blocks)
    steps = _steps(len(place), blocks or (tuple(range(len(place))),))
    return _System(matrix, least, most, world, goals, steps)


@lru_cache(maxsize=256)
def _steps(size: int, blocks: tuple[tuple[int, ...], ...]) -> Numbers:
    """One taken from here and put there, one more, one fewer."""
    one = np.eye(size, dtype=np.int64)
    swaps = [one[a] - one[b] for block in blocks for a in block for b in block if a != b]
    # Exchanges first: they are what helps most often.
    return np.concatenate([np.array(swaps, dtype=np.int64).reshape(-1, size), one, -one])


@lru_cache(maxsize=200_000)
def _only_value(size: int, matrix: bytes, least: bytes, most: bytes, goal: bytes) -> int | None:
    rows = np.frombuffer(matrix, dtype=np.int64).reshape(-1, size)
    known = LinearConstraint(
        rows, np.frombuffer(least, dtype=np.int64), np.frombuffer(most, dtype=np.int64)
    )
    wanted = np.frombuffer(goal, dtype=np.int64).astype(float)
    ends = [
        milp(sign * wanted, constraints=known, integrality=np.ones(size), bounds=Bounds(0, FREE))
        for sign in (1, -1)
    ]
    if any(end.x is None for end in ends):
        raise AssertionError(f"the programme was not solved: {[end.message for end in ends]}")
    low, high = (round(float(wanted @ end.x)) for end in ends)
    return low if low == high else None
