"""The roll-up over the unit tree: Sachgebiet → Abteilung → Amt → Geschäftsbereich → city. Pure.

A parent's own sheet and the mean of the units beneath it stand side by side and are never added; in
the city's mean each Amt counts once, by its own sheet, or without one by the mean beneath it. Units
that are not read by name come into a mean that is shown only together with THRESHOLD of their
sheets, after closing; what a row leaves out, the rows above it leave out too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from analysis.disclosure import publishable, released_mean

GROUPING_KINDS = frozenset({"geschaeftsbereich"})
"""Kinds that bundle offices and are none themselves: the city's mean looks through them."""

NO_ENDS: Mapping[str, tuple[int, int]] = MappingProxyType({})
Points = Mapping[str, float]
"""Points by question (`q1`, `@category:language`, `@total`); of several sheets their mean."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was when its wave was made; `named`: its sheet is read by name."""

    id: int
    code: str
    name: str
    kind: str
    parent: int | None = None
    staff: int | None = None
    named: bool = True
    invited: bool = True

    @property
    def title(self) -> str:
        """Code and name, the code alone where it is the name."""
        return self.name if self.code in ("", self.name) else f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over units, each counted once.

    Attributes:
        units: how many units it is over; `sheets` behind them.
        behind: the units whose own sheets these are.
        staffed: how many of the units have a number of staff and nothing in their value that is
            not read by name; `weighted` is the mean over those, weighted by it, None where there
            are none.
    """

    points: Points
    units: int
    sheets: int
    behind: frozenset[int] = frozenset()
    staffed: int = 0
    weighted: Points | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One unit of the tree with its own sheet and the mean beneath it.

    Attributes:
        withheld: whether too few sheets of smaller units are beneath, and were left out.
        small: sheets behind its value that are not read by name and stand in no row of their own.
    """

    unit: Unit
    level: int
    own: Points | None
    own_sheets: int
    beneath: Mean | None
    withheld: bool
    small: int = 0

    @property
    def value(self) -> Points | None:
        """What counts of it further up: its own sheet, else the mean beneath."""
        return self.own or (self.beneath.points if self.beneath else None)

    @property
    def sheets(self) -> int:
        """The sheets behind its value."""
        return self.own_sheets or (self.beneath.sheets if self.beneath else 0)

    @property
    def behind(self) -> frozenset[int]:
        """The units whose own sheets are behind its value."""
        if self.own:
            return frozenset([self.unit.id])
        return self.beneath.behind if self.beneath else frozenset()


@dataclass(frozen=True, slots=True)
class Rollup:
    """The tree from the top, parents before their children, and the city above it.

    `nodes` are groups and units read by name; smaller ones are only in the means.
    """

    city: Mean | None
    nodes: tuple[Node, ...]

    def node(self, unit_id: int) -> Node | None:
        """The node of a unit, None for one that is not shown."""
        return next((n for n in self.nodes if n.unit.id == unit_id), None)


def rolled(
    units: Sequence[Unit],
    sheets: Mapping[int, Points],
    numbers: Mapping[int, int],
    *,
    closed: bool,
    ends: Mapping[str, tuple[int, int]] = NO_ENDS,
) -> Rollup:
    """Roll points up.

    Args:
        ends: the least and the most points of what means are shown of; a mean of smaller units at
            an end of its scale would say what each of them has.
        units: all units of the tree in the order of their codes, groups that were not invited
            among them.
        sheets: points of the units that submitted; `numbers` of sheets behind them.
        closed: whether nobody can answer any more.
    """
    return _Tree(units, sheets, numbers, closed, ends).rollup()


class _Tree:
    def __init__(
        self,
        units: Sequence[Unit],
        sheets: Mapping[int, Points],
        numbers: Mapping[int, int],
        closed: bool,
        ends: Mapping[str, tuple[int, int]],
    ) -> None:
        self._sheets, self._numbers = sheets, numbers
        self._closed, self._ends = closed, ends
        self._named = {unit.id for unit in units if unit.named}
        self._children: dict[int | None, list[Unit]] = {}
        above = _above(units)
        for unit in units:
            self._children.setdefault(above[unit.id], []).append(unit)
        self._nodes: dict[int, Node] = {}
        self._counted: dict[int, Sequence[Node]] = {}

    def rollup(self) -> Rollup:
        """The whole tree."""
        for unit, level in reversed(list(self._walk(None, 0))):
            self._nodes[unit.id] = self._node(unit, level)
        counted, _withheld = self._guarded(*self._offices(None))
        shown = (self._nodes[unit.id] for unit, _level in self._walk(None, 0))
        return Rollup(mean(counted), tuple(n for n in shown if n.unit.named))

    def _walk(self, parent: int | None, level: int) -> Iterator[tuple[Unit, int]]:
        for unit in self._children.get(parent, []):
            yield unit, level
            yield from self._walk(unit.id, level + 1)

    def _offices(self, parent: int | None) -> tuple[list[Node], list[Node]]:
        """The units that count once each in a mean above them: (in a row already, not yet)."""
        known: list[Node] = []
        fresh: list[Node] = []
        for unit in self._children.get(parent, []):
            offices = self._counted.get(unit.id, ())
            if any(office.value for office in offices):
                (known if unit.named else fresh).extend(offices)
            else:
                fresh.append(self._nodes[unit.id])
        return known, fresh

    def _node(self, unit: Unit, level: int) -> Node:
        if unit.kind in GROUPING_KINDS:
            known, fresh = self._offices(unit.id)
        else:
            known, fresh = [], [self._nodes[child.id] for child in self._children.get(unit.id, [])]
        own = self._sheets.get(unit.id)
        own_sheets = self._numbers.get(unit.id, 0)
        small = 0
        if unit.named:
            counted, withheld = self._guarded(known, fresh)
        else:
            # Its row is not shown: whoever is above it decides over all of its sheets.
            counted, withheld = [*known, *fresh], False
            small = own_sheets if own else sum(child.small for child in fresh)
        if unit.kind in GROUPING_KINDS:
            self._counted[unit.id] = counted
        return Node(unit, level, own, own_sheets, mean(counted), withheld, small)

    def _guarded(self, known: list[Node], fresh: list[Node]) -> tuple[list[Node], bool]:
        """What a mean that is shown may count, and whether it leaves anything out."""
        small = sum(node.small for node in fresh)
        # Who knows the named ones beside them can take them out of the mean.
        if not small or (publishable(small, closed=self._closed) and not self._at_an_end(fresh)):
            return [*known, *fresh], False
        return [*known, *(node for node in fresh if not node.small)], True

    def _at_an_end(self, fresh: list[Node]) -> bool:
        """Whether a mean of the smaller units alone would tell what each of them has."""
        small = (unit for node in fresh if node.small for unit in node.behind - self._named)
        behind = [self._sheets[unit] for unit in small]
        return any(
            released_mean(round(sum(p.get(q, 0.0) for p in behind)), len(behind), *ends) is None
            for q, ends in self._ends.items()
        )


def _above(units: Sequence[Unit]) -> dict[int, int | None]:
    """What lies directly above each unit; a circle of parents is opened where it closes."""
    known = {unit.id for unit in units}
    above: dict[int, int | None] = {}
    for unit in units:
        parent = unit.parent if unit.parent in known else None
        here = parent
        while here is not None and here != unit.id:
            here = above.get(here)
        above[unit.id] = parent if here is None else None
    return above


def mean(nodes: Sequence[Node]) -> Mean | None:
    """The mean of the nodes that have a value, each counted once; None without any."""
    found = [(node, value) for node in nodes if (value := node.value) is not None]
    if not found:
        return None
    # Beside the plain mean a weighted one over a few small units would tell of single ones.
    weights = [
        (float(node.unit.staff), value)
        for node, value in found
        if node.unit.staff and not node.small
    ]
    return Mean(
        points=_average([(1.0, value) for _node, value in found]),
        units=len(found),
        sheets=sum(node.sheets for node, _value in found),
        behind=frozenset[int]().union(*(node.behind for node, _value in found)),
        staffed=len(weights),
        weighted=_average(weights) if weights else None,
    )


def _average(weighted: Sequence[tuple[float, Points]]) -> Points:
    """The weighted mean by question, over those that have the question."""
    questions = dict.fromkeys(question for _weight, points in weighted for question in points)
    result = {}
    for question in questions:
        found = [(w, points[question]) for w, points in weighted if question in points]
        result[question] = sum(w * p for w, p in found) / sum(w for w, _p in found)
    return result
