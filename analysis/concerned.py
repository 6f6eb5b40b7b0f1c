"""Entries by category and concerned unit: counted, protected, laid out. Knows no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from analysis.disclosure import THRESHOLD, protected, unprotected
from analysis.entries import Concerned, Entry
from forms.definition import UNIT

NONE, GONE, OTHERS = "", "@gone", "@others"
"""Rows and columns of no answer, of units that are no more, and of units too rarely named."""

Named = tuple[str, str]
"""(key, words)"""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: numbers of entries, None where they may not be shown."""

    key: str
    title: str
    cells: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class ConcernedTable:
    """Entries by concerned unit (rows) and category (columns); `sheets` they come from."""

    sheets: int
    columns: tuple[Named, ...]
    lines: tuple[Line, ...]
    totals: tuple[int | None, ...]
    total: int | None


def concerned_table(
    entries: Collection[Entry],
    categories: Sequence[Named],
    places: Sequence[Named],
    *,
    protect: bool,
) -> ConcernedTable | None:
    """Count entries; one that names several units counts in the row of each.

    Args:
        categories: the columns, in order; NONE among them.
        places: the rows that are not units, in order; NONE and GONE among them, and OTHERS, under
            which a protected table joins units that fewer than THRESHOLD sheets name.

    Returns:
        None where a protected table would be about fewer than THRESHOLD sheets.
    """
    sheets = {entry.sheet.number for entry in entries}
    if protect and len(sheets) < THRESHOLD:
        return None
    rows = _rows(entries, places, joined=_rare(entries) if protect else frozenset())
    codes = [key for key, _title in categories]
    found = [[_cell(named, code) for code in codes] for _key, _title, named in rows]
    sources = [[frozenset(entry.sheet.number for entry in cell) for cell in row] for row in found]
    counts = [[len(cell) for cell in row] for row in found]
    shown = protected(sources, counts) if protect else unprotected(sources)
    lines = tuple(
        Line(
            key,
            title,
            tuple(n if may else None for n, may in zip(counts[r], shown.cells[r], strict=True)),
            sum(counts[r]) if shown.rows[r] else None,
        )
        for r, (key, title, _named) in enumerate(rows)
    )
    sums = [sum(column) for column in zip(*counts, strict=True)]
    totals = tuple(n if may else None for n, may in zip(sums, shown.columns, strict=True))
    total = sum(sums) if shown.everything else None
    return ConcernedTable(len(sheets), tuple(categories), lines, totals, total)


def place_of(concerned: Concerned) -> str:
    """The row a concerned unit counts in."""
    return GONE if concerned.gone else concerned.key


def title_of(concerned: Concerned) -> str:
    """Code and name of a unit, the code alone where it is the name, or an option's words."""
    both = (concerned.code, concerned.name)
    return concerned.name if concerned.code in ("", concerned.name) else " ".join(both)


def _rows(
    entries: Collection[Entry], places: Sequence[Named], joined: Collection[str]
) -> list[tuple[str, str, list[Entry]]]:
    units = {c.key: c for entry in entries for c in entry.concerned if _is_unit(c)}
    ordered = sorted(units.values(), key=lambda c: (c.code, c.key))
    own = [(c.key, title_of(c)) for c in ordered if c.key not in joined]
    last = [place for place in places if place[0] in (GONE, OTHERS, NONE)]
    options = [place for place in places if place not in last]
    rows = [
        (key, title, [entry for entry in entries if key in _keys(entry, joined)])
        for key, title in (*options, *own, *last)
    ]
    # Of what nobody names, only the answers that were offered are worth a row.
    offered = {key for key, _title in options}
    return [row for row in rows if row[2] or row[0] in offered]


def _keys(entry: Entry, joined: Collection[str]) -> set[str]:
    keys = {place_of(c) for c in entry.concerned} or {NONE}
    return {OTHERS if key in joined else key for key in keys}


def _rare(entries: Iterable[Entry]) -> frozenset[str]:
    """Units fewer than THRESHOLD sheets name: their names alone would tell of single sheets."""
    naming: dict[str, set[int]] = {}
    for entry in entries:
        for concerned in filter(_is_unit, entry.concerned):
            naming.setdefault(concerned.key, set()).add(entry.sheet.number)
    return frozenset(key for key, sheets in naming.items() if len(sheets) < THRESHOLD)


def _is_unit(concerned: Concerned) -> bool:
    return concerned.key.startswith(UNIT) and not concerned.gone


def _cell(named: list[Entry], category: str) -> list[Entry]:
    return [entry for entry in named if entry.category == category]
