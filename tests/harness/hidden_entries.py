"""What a reader writes down of a table of entries: its hidden cells, and what the totals say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from analysis import concerned
from tests.harness.lp_attacker import FREE, Unknowns
from tests.harness.population import PaperSheet
from tests.harness.publishing import Published, written

SMALL = range(1, 5)
"""What must not be told, whatever threshold the program keeps: 1 to 4 sheets."""


def hidden_entries(published: Published, table: concerned.ConcernedTable) -> Unknowns:
    """The hidden cells of a table: each holds something, and the totals say how much together."""
    counts, sources = entry_cells(table, published.sheets)
    places = list(product(range(len(counts)), range(len(table.columns))))
    hidden = {(r, c) for r, c in places if table.lines[r].cells[c] is None}
    unknowns = Unknowns({(r, c): counts[r][c] for r, c in sorted(hidden)}, range(1, FREE))
    lines = [
        ([(r, c) for c in range(len(table.columns))], line.total)
        for r, line in enumerate(table.lines)
    ]
    lines += [([(r, c) for r in range(len(counts))], total) for c, total in enumerate(table.totals)]
    lines.append((places, table.total))
    for line, total in lines:
        missing = [place for place in line if place in hidden]
        if total is not None and missing:
            rest = total - sum(counts[r][c] for r, c in line if (r, c) not in hidden)
            unknowns.know(missing, rest, rest)
        together = set[int]().union(*(sources[r][c] for r, c in line))
        if missing and len(together) in SMALL:
            unknowns.want(f"entries in {line[0]} to {line[-1]}", missing)
    for r, c in hidden:
        unknowns.know([(r, c)], 1)
        if len(sources[r][c]) in SMALL:
            unknowns.want(f"entries at {table.lines[r].key!r}, {table.columns[c][0]!r}", [(r, c)])
    return unknowns


def entry_cells(
    table: concerned.ConcernedTable, sheets: Sequence[PaperSheet]
) -> tuple[list[list[int]], list[list[set[int]]]]:
    """The true entries of every cell of a table, and the sheets they stand on."""
    rows = {line.key: at for at, line in enumerate(table.lines)}
    columns = {key: at for at, (key, _title) in enumerate(table.columns)}
    counts = [[0] * len(columns) for _ in rows]
    sources: list[list[set[int]]] = [[set() for _ in columns] for _ in rows]
    for entry in written(sheets):
        keys = {concerned.place_of(each) for each in entry.concerned} or {concerned.NONE}
        for row in {rows.get(key, rows.get(concerned.OTHERS, -1)) for key in keys}:
            counts[row][columns[entry.category]] += 1
            sources[row][columns[entry.category]].add(entry.sheet.number)
    return counts, sources
