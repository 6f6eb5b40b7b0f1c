"""Cells too small are suppressed in tables of counts with totals."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from analysis.disclosure.threshold import THRESHOLD, is_small

Sheets = AbstractSet[Hashable]
"""The sheets counted in a cell, by any name: a sheet with five entries is still one."""
Place = tuple[int, int]
Line = list[Place]


@dataclass(frozen=True, slots=True)
class Shown:
    """Which cells and totals of a table may be shown."""

    cells: tuple[tuple[bool, ...], ...]
    rows: tuple[bool, ...]
    columns: tuple[bool, ...]
    everything: bool


def protected(
    table: Sequence[Sequence[Sheets]], numbers: Sequence[Sequence[int]] | None = None
) -> Shown:
    """What may be shown of a table of counts with totals, given the sheets behind each cell.

    No cell that counts 1 to THRESHOLD - 1 sheets, nor a single suppressed one in a row or column
    whose total is shown: the total would give it away. Nor do the suppressed cells of such a line
    hold fewer than THRESHOLD sheets together, or so small numbers that each must be below it: who
    reads the table knows that a suppressed cell is not empty.

    Args:
        numbers: what the cells show, at least as many as sheets; their sheets if not given.
    """
    return _Protected(table, numbers or [[len(sheets) for sheets in row] for row in table]).shown()


def unprotected(table: Sequence[Sequence[Sheets]]) -> Shown:
    """Everything: for the city's own offices in a named wave."""
    rows, columns = len(table), len(table[0]) if table else 0
    return Shown(((True,) * columns,) * rows, (True,) * rows, (True,) * columns, True)


@dataclass(frozen=True, slots=True)
class _Protected:
    """A table with the numbers its cells would show."""

    table: Sequence[Sequence[Sheets]]
    numbers: Sequence[Sequence[int]]

    def shown(self) -> Shown:
        """What may be shown."""
        hidden = self.hidden()
        # With totals of rows and columns, hidden cells can be solved for round a corner: beside
        # any hidden cell only the columns have totals.
        rows = [not hidden and self.has_total(line, hidden) for line in self.rows]
        columns = [self.has_total(line, hidden) for line in self.columns]
        rows_safe = self.margin_safe(self.rows, rows, hidden)
        columns_safe = self.margin_safe(self.columns, columns, hidden)
        everywhere = self.union(place for line in self.rows for place in line)
        return Shown(
            cells=tuple(tuple(place not in hidden for place in line) for line in self.rows),
            # One total missing among others is what is left of the whole: then all are missing.
            rows=tuple(shown and rows_safe for shown in rows),
            columns=tuple(shown and columns_safe for shown in columns),
            everything=rows_safe and columns_safe and not is_small(len(everywhere)),
        )

    @property
    def rows(self) -> list[Line]:
        """The places of every row."""
        return [[(r, c) for c in range(len(row))] for r, row in enumerate(self.table)]

    @property
    def columns(self) -> list[Line]:
        """The places of every column."""
        width = len(self.table[0]) if self.table else 0
        return [[(r, c) for r in range(len(self.table))] for c in range(width)]

    def hidden(self) -> set[Place]:
        """The cells to suppress."""
        lines = [*self.rows, *self.columns]
        hidden = {place for line in lines for place in line if is_small(len(self.at(place)))}
        while partners := {p for line in lines if (p := self.partner(line, hidden)) is not None}:
            hidden |= partners
        return hidden

    def partner(self, line: Line, hidden: set[Place]) -> Place | None:
        """The smallest cell to suppress with those of a line its total would give away."""
        missing = [place for place in line if place in hidden]
        if self.safe(missing, parts=len(missing)):
            return None
        others = [place for place in line if self.at(place) and place not in hidden]
        return min(others, key=lambda place: (len(self.at(place)), place), default=None)

    def has_total(self, line: Line, hidden: set[Place]) -> bool:
        """Whether the total of a line gives none of its hidden cells away."""
        missing = [place for place in line if place in hidden]
        few = is_small(len(self.union(line)))
        return not few and self.safe(missing, parts=len(missing))

    def margin_safe(self, lines: list[Line], shown: list[bool], hidden: set[Place]) -> bool:
        """Whether the sum of the totals that are not shown may be known."""
        without = [line for line, kept in zip(lines, shown, strict=True) if not kept]
        missing = [place for line in without for place in line if place in hidden]
        return self.safe(missing, parts=len(without))

    def safe(self, missing: Line, parts: int) -> bool:
        """Whether the sum of hidden cells may be known: none, or several parts of enough sheets.

        Each of them shows at least 1: the sum must leave room for any of them to be large.
        """
        if not parts:
            return True
        largest = sum(self.numbers[r][c] for r, c in missing) - (len(missing) - 1)
        enough = min(len(self.union(missing)), largest) >= THRESHOLD
        return parts > 1 and enough

    def union(self, places: Iterable[Place]) -> set[Hashable]:
        """The sheets counted in any of these cells."""
        return {sheet for place in places for sheet in self.at(place)}

    def at(self, place: Place) -> Sheets:
        """The sheets counted in a cell."""
        return self.table[place[0]][place[1]]
