"""Protection of small groups. Pure: no Flask, no SQLAlchemy."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

THRESHOLD = 5
"""No mean or count over fewer sheets where people or single units could be recognised."""

Sheets = AbstractSet[Hashable]
"""The sheets counted in a cell, by any name: a sheet with five entries is still one."""
Place = tuple[int, int]


def publishable(sheets: int, *, closed: bool) -> bool:
    """Whether a mean over this many sheets of units that are not shown by name may be shown.

    Only once the wave is closed: a mean over five sheets today and six tomorrow gives away the
    sixth by subtraction.
    """
    return closed and sheets >= THRESHOLD


# --- audiences too small are merged -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Audiences that are shown together, with the number of their sheets."""

    keys: tuple[str, ...]
    title: str
    sheets: int


def merged(audiences: Sequence[Group]) -> tuple[Group, ...]:
    """Groups of at least THRESHOLD sheets: the smallest is joined to the next smallest.

    Returns:
        The groups in the order of their first audience; none if all together are too few. Whoever
        has no sheet at all is in no group.
    """
    order = {key: place for place, a in enumerate(audiences) for key in a.keys}
    titles = {a.keys: a.title for a in audiences}
    groups = sorted((a for a in audiences if a.sheets), key=lambda a: (a.sheets, order[a.keys[0]]))
    while len(groups) > 1 and groups[0].sheets < THRESHOLD:
        keys = tuple(sorted(groups[0].keys + groups[1].keys, key=order.__getitem__))
        title = " + ".join(t for of, t in titles.items() if set(of) <= set(keys))
        joined = Group(keys, title, groups[0].sheets + groups[1].sheets)
        groups = sorted([joined, *groups[2:]], key=lambda a: (a.sheets, order[a.keys[0]]))
    kept = (group for group in groups if group.sheets >= THRESHOLD)
    return tuple(sorted(kept, key=lambda a: order[a.keys[0]]))


# --- cells too small are suppressed -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """Which cells and totals of a table may be shown."""

    cells: tuple[tuple[bool, ...], ...]
    rows: tuple[bool, ...]
    columns: tuple[bool, ...]
    everything: bool


def protected(table: Sequence[Sequence[Sheets]]) -> Shown:
    """What may be shown of a table of counts with totals, given the sheets behind each cell.

    No cell that counts 1 to THRESHOLD - 1 sheets, nor a single suppressed one in a row or column
    whose total is shown: the total would give it away. Nor do the suppressed cells of such a line
    hold fewer than THRESHOLD sheets together.
    """
    hidden = _hidden(table)
    # With totals of rows and columns, hidden cells can be solved for round a corner: beside any
    # hidden cell only the columns have totals.
    rows = [not hidden and _total(table, line, hidden) for line in _rows(table)]
    columns = [_total(table, line, hidden) for line in _columns(table)]
    rows_safe = _margin_safe(table, list(_rows(table)), rows)
    columns_safe = _margin_safe(table, list(_columns(table)), columns)
    everywhere = _union(table, [place for line in _rows(table) for place in line])
    return Shown(
        cells=tuple(
            tuple((r, c) not in hidden for c in range(len(row))) for r, row in enumerate(table)
        ),
        # One total missing among others is what is left of the whole: then all are missing.
        rows=tuple(shown and rows_safe for shown in rows),
        columns=tuple(shown and columns_safe for shown in columns),
        everything=rows_safe and columns_safe and not 0 < len(everywhere) < THRESHOLD,
    )


def unprotected(table: Sequence[Sequence[Sheets]]) -> Shown:
    """Everything: for the city's own offices in a named wave."""
    rows, columns = len(list(_rows(table))), len(list(_columns(table)))
    return Shown(((True,) * columns,) * rows, (True,) * rows, (True,) * columns, True)


def _rows(table: Sequence[Sequence[Sheets]]) -> Iterator[list[Place]]:
    return ([(r, c) for c in range(len(row))] for r, row in enumerate(table))


def _columns(table: Sequence[Sequence[Sheets]]) -> Iterator[list[Place]]:
    width = len(table[0]) if table else 0
    return ([(r, c) for r in range(len(table))] for c in range(width))


def _hidden(table: Sequence[Sequence[Sheets]]) -> set[Place]:
    lines = [*_rows(table), *_columns(table)]
    hidden = {(r, c) for line in lines for r, c in line if 0 < len(table[r][c]) < THRESHOLD}
    while partners := {p for line in lines if (p := _partner(table, line, hidden)) is not None}:
        hidden |= partners
    return hidden


def _partner(
    table: Sequence[Sequence[Sheets]], line: list[Place], hidden: set[Place]
) -> Place | None:
    """The smallest cell to suppress with those of a line its total would give away."""
    if _safe(table, [[place] for place in line if place in hidden]):
        return None
    others = [(r, c) for r, c in line if table[r][c] and (r, c) not in hidden]
    return min(others, key=lambda place: (len(table[place[0]][place[1]]), place), default=None)


def _total(table: Sequence[Sequence[Sheets]], line: list[Place], hidden: set[Place]) -> bool:
    missing = [place for place in line if place in hidden]
    return not 0 < len(_union(table, line)) < THRESHOLD and _safe(table, [[p] for p in missing])


def _margin_safe(
    table: Sequence[Sequence[Sheets]], lines: list[list[Place]], shown: list[bool]
) -> bool:
    return _safe(table, [line for line, kept in zip(lines, shown, strict=True) if not kept])


def _safe(table: Sequence[Sequence[Sheets]], missing: list[list[Place]]) -> bool:
    """Whether what is missing may be known together: nothing, or several parts of enough sheets."""
    together = _union(table, [place for places in missing for place in places])
    return not missing or (len(missing) > 1 and len(together) >= THRESHOLD)


def _union(table: Sequence[Sequence[Sheets]], places: list[Place]) -> set[Hashable]:
    return {sheet for r, c in places for sheet in table[r][c]}


# --- distributions ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often which answer was given; None where a number may not be shown."""

    counts: Mapping[str, int] | None
    n: int | None


def protected_distribution(counts: Mapping[str, int]) -> Distribution:
    """All counts, or none of them where one is below THRESHOLD; their number from THRESHOLD on.

    A mean may stand beside `n`. Beside a mean, suppressing some counts would not do: number and
    mean are two equations for what is missing.
    """
    n = sum(counts.values())
    if 0 < n < THRESHOLD:
        return Distribution(None, None)
    small = any(0 < count < THRESHOLD for count in counts.values())
    return Distribution(None if small else dict(counts), n)
