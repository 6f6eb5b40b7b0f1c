"""What no copy and no log may show at all; and what a copy shows of the order of sealed sheets."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.harness.anonymous_wave import Trace, code_hash
from tests.harness.attacker import WORD_BYTES, Case, moments, of_wave, tokens
from tests.harness.evidence import Row

PIECE = 48
"""Characters of a sealed body by which it is searched for."""
LONG = 4000
"""Characters of noise from which on ten digits in it are no time."""


def searches(trace: Trace) -> dict[str, int]:
    """Direct finds: what no copy may show at all."""
    return {
        "words while open": _words_while_open(trace),
        "rows while open": _rows_while_open(trace),
        "lengths": _lengths(trace),
        "times finer than a day": _fine_times(trace),
        "names of before": _names_of_before(trace),
        "remains": _remains(trace),
    }


def _words_while_open(trace: Trace) -> int:
    written = {who.word for who in trace.acted}
    texts = [copy.everything for copy in trace.while_open] + ["\n".join(trace.log).encode()]
    found = (match.decode() for text in texts for match in WORD_BYTES.findall(text))
    return sum(word in written for word in found)


def _rows_while_open(trace: Trace) -> int:
    tables = ("response", "tally")
    return sum(len(of_wave(copy, t, trace.wave_id)) for copy in trace.while_open for t in tables)


def _lengths(trace: Trace) -> int:
    """How many lengths of sealed sheets and drafts can be told apart, less the one there must be.

    A sheet seals a few characters more than its draft and still has to have the same length.
    """
    rows = _sealed_rows(trace)
    return max(len({len(row["body"]) for row in rows}) - 1, 0)


def _sealed_rows(trace: Trace) -> list[Row]:
    tables = ("sealed_sheet", "anonymous_draft")
    return [r for copy in trace.while_open for t in tables for r in of_wave(copy, t, trace.wave_id)]


def _fine_times(trace: Trace) -> int:
    own = {row["id"] for row in of_wave(trace.after, "response", trace.wave_id)}
    rows = [
        *_sealed_rows(trace),
        *of_wave(trace.after, "response", trace.wave_id),
        *of_wave(trace.after, "tally", trace.wave_id),
        *(row for row in trace.after.rows["remark"] if row["response_id"] in own),
    ]
    return sum(len(moments(" ".join(map(_readable, row.values())))) for row in rows)


def _readable(value: Any) -> str:
    return "" if isinstance(value, str) and len(value) > LONG else str(value)


def _names_of_before(trace: Trace) -> int:
    """Names by chance in rows after closing that a copy or a log showed before."""
    case = Case(trace, Random(0))
    named = [tokens(case.everything_of(each)) for each in case.ids]
    # What every sheet is called (01bbbb), somebody's entry may have been called by chance.
    after = {t for each in named for t in each if not all(t in other for other in named)}
    before = {row["id"] for row in _sealed_rows(trace)} | tokens("\n".join(trace.log))
    secrets = {who.ticket.secret for who in trace.acted} | {who.sheet_id for who in trace.acted}
    return len(after & (before | secrets))


def _remains(trace: Trace) -> int:
    """Sealed rows, drafts and codes of which a byte is left in the database's files."""
    return _left_in(trace.after.files, trace)


def left_in_journal(trace: Trace) -> int:
    """The same in the journal: on PostgreSQL its log keeps them, unreadable, until overwritten."""
    return _left_in(trace.after.journal, trace)


def _left_in(haystack: bytes, trace: Trace) -> int:
    rows = {row["id"]: row["body"] for row in _sealed_rows(trace)}
    wanted = [*rows, *(body[:PIECE] for body in rows.values()), *map(code_hash, trace.acted)]
    wanted += [who.sheet_id for who in trace.acted]
    return sum(each.encode() in haystack for each in dict.fromkeys(wanted))


# --- the order of sealed sheets, which nobody can read --------------------------------------------


def sealed_orders(trace: Trace) -> dict[str, int]:
    """By how much the last backup tells in which order the sealed sheets came.

    Allowed, because nothing leads from a sealed sheet to a readable one; measured, to be said.
    """
    last = trace.while_open[-1]
    rows = of_wave(last, "sealed_sheet", trace.wave_id)
    orders: dict[str, Callable[[Row], Any]] = {
        "as they lie": lambda row: 0,
        "transaction numbers": lambda row: row.get("xmin", 0),
        "names in the journal": lambda row: _place(last.journal, row["id"]),
        "bodies in the files or the journal": lambda row: _place(
            last.everything, row["body"][-PIECE:]
        ),
    }
    return {name: _in_place(trace, sorted(rows, key=worth)) for name, worth in orders.items()}


def _place(haystack: bytes, text: str) -> int:
    return haystack.find(text.encode())


def _in_place(trace: Trace, rows: list[Row]) -> int:
    names: list[str] = [row["id"] for row in rows]
    came = [who.sheet_id for who in trace.acted]
    return max(_agreeing(names, came), _agreeing(names[::-1], came))


def _agreeing(ordered: list[str], came: list[str]) -> int:
    return sum(one == other for one, other in zip(ordered, came, strict=False))
