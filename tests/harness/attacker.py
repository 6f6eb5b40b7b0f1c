"""Attacks on anonymity: from what lies about to „the third to act wrote this sheet".

Each attack orders the sheets by something and guesses that this is the order in which the
organisations acted, or joins single sheets to organisations. It gets more than a real attacker: the
names of the sealed sheets in the order in which they were handed in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from survey import sealed
from tests.harness.anonymous_wave import LANGUAGES, Trace, code_hash
from tests.harness.evidence import Copy, Row

WORD = re.compile(r"Zq[0-9a-f]{16}qZ")
WORD_BYTES = re.compile(WORD.pattern.encode())
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d[:.\d]*|\b1[789]\d{8}\b")
"""A time of day with its date, or seconds since 1970."""
MIDNIGHT = re.compile(r"[ T]00:00[:.0]*")
TOKEN = re.compile(r"[0-9a-f]{16,}|[a-z2-7]{40}|\b\d\d[bcdfghjkmnpqrstvwxz]{4}\b")
"""Whatever looks like a name given by chance: hashes, tickets, entries."""
Guess = Mapping[int, str]
"""place in the order of acting → id of a response"""


@dataclass(frozen=True)
class Case:
    """One wave as the attacker sees it; only `word` and `truth` judge."""

    trace: Trace
    chance: Random

    @cached_property
    def responses(self) -> list[Row]:
        """The wave's responses as they lie after closing."""
        return of_wave(self.trace.after, "response", self.trace.wave_id)

    @cached_property
    def remarks(self) -> list[Row]:
        """The wave's free texts as they lie after closing."""
        ids = {row["id"] for row in self.responses}
        return [row for row in self.trace.after.rows["remark"] if row["response_id"] in ids]

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the responses, in the order of chance."""
        return self.chance.sample([row["id"] for row in self.responses], len(self.responses))

    @cached_property
    def words(self) -> dict[str, str]:
        """Response id → its word, as anybody reads it after closing."""
        found: dict[str, str] = {}
        for row in self.remarks:
            if match := WORD.search(row["body"]):
                found[row["response_id"]] = match.group()
        return found

    def everything_of(self, response_id: str) -> str:
        """All values of a response and its remarks as one text."""
        own = [row for row in self.responses if row["id"] == response_id]
        return repr(own + [row for row in self.remarks if row["response_id"] == response_id])

    def by(self, worth: Callable[[str], Any]) -> Guess:
        """The guess that sorting by this is the order of acting; equals fall by chance."""
        known = [(worth(each), each) for each in self.ids]
        ordered = sorted((pair for pair in known if pair[0] is not None), key=lambda pair: pair[0])
        if len({value for value, _id in ordered}) < 2:
            return {}
        return {at: each for at, (_value, each) in enumerate(ordered)}

    def hits(self, guess: Guess) -> int:
        """How many sheets a guess, made whole by chance, gives to whom they belong."""
        left = [each for each in self.ids if each not in set(guess.values())]
        whole = {at: guess.get(at) or left.pop() for at in range(len(self.trace.acted))}
        return sum(self.words.get(whole[at]) == who.word for at, who in enumerate(self.trace.acted))


def of_wave(copy: Copy, table: str, wave_id: int) -> list[Row]:
    """The wave's rows of a table, as they lie."""
    return [row for row in copy.rows[table] if row["wave_id"] == wave_id]


# --- by an order ----------------------------------------------------------------------------------


def _rows_as_they_lie(case: Case) -> Guess:
    return case.by([row["id"] for row in case.responses].index)


def _remarks_as_they_lie(case: Case) -> Guess:
    return case.by([row["response_id"] for row in case.remarks].index)


def _primary_key(case: Case) -> Guess:
    return case.by(str)


def _transaction_numbers(case: Case) -> Guess:
    """xmin of the response, the lowest that any backup shows."""
    seen: dict[str, int] = {}
    for copy in (case.trace.after, *case.trace.while_open):
        for row in copy.rows["response"]:
            seen[row["id"]] = min(seen.get(row["id"], row.get("xmin", 0)), row.get("xmin", 0))
    return case.by(seen.__getitem__)


def _shared_transaction(case: Case) -> Guess:
    """A response that came in the transaction of a flag or a code: xmin or xmax are the same."""
    owner: dict[int, int] = {}
    handles = {who.handle: at for at, who in enumerate(case.trace.acted)}
    hashes = {code_hash(who): at for at, who in enumerate(case.trace.acted)}
    copies = (*case.trace.while_open, case.trace.after)
    for copy in copies:
        flags = [(handles.get(row["handle"]), row) for row in copy.rows["invitation"]]
        spent = [(hashes.get(row["code_hash"]), row) for row in copy.rows["one_time_code"]]
        for at, row in flags + spent:
            if at is not None:
                owner |= {row[name]: at for name in ("xmin", "xmax") if row.get(name)}
    rows = [row for copy in copies for row in of_wave(copy, "response", case.trace.wave_id)]
    return {owner[row["xmin"]]: row["id"] for row in rows if row.get("xmin") in owner}


def _positions(where: Callable[[Copy], bytes], *, last: bool) -> Callable[[Case], Guess]:
    def attack(case: Case) -> Guess:
        haystack = where(case.trace.after)
        # One pass for all words; what they stand for is read from the sheets.
        found = [match.group().decode() for match in WORD_BYTES.finditer(haystack)]
        order = list(dict.fromkeys(reversed(found) if last else found))
        return case.by(lambda each: _index(order, case.words.get(each)))

    return attack


def _index(order: list[str], wanted: str | None) -> int | None:
    return order.index(wanted) if wanted in order else None


def _times(case: Case) -> Guess:
    return case.by(lambda each: min(moments(case.everything_of(each)), default=None))


def moments(text: str) -> list[str]:
    """Every time finer than a day in a text."""
    found = (match.group() for match in TIME.finditer(text))
    return [moment for moment in found if not MIDNIGHT.fullmatch(moment[10:])]


def _tally_increments(case: Case) -> Guess:
    """The first backup that counts what only this sheet answers."""
    place: dict[str, int] = {}
    for at, copy in enumerate((*case.trace.while_open, case.trace.after)):
        for row in of_wave(copy, "tally", case.trace.wave_id):
            place.setdefault(row["value"], at)
    return case.by(
        lambda each: min(
            (place[v] for v in re.findall(r"unit:\d+", case.everything_of(each)) if v in place),
            default=None,
        )
    )


def _tally_as_it_lies(case: Case) -> Guess:
    order = [row["value"] for row in of_wave(case.trace.after, "tally", case.trace.wave_id)]
    return case.by(lambda each: _index(order, re.findall(r"unit:\d+", case.everything_of(each))[0]))


# --- by what is known of a person -----------------------------------------------------------------


def _language(case: Case) -> Guess:
    """A language in a row, and the organisation known to answer in it."""
    guess: dict[int, str] = {}
    spoken = re.compile(f"[\"']({'|'.join(LANGUAGES)})[\"']")
    for each in case.ids:
        found = set(spoken.findall(case.everything_of(each)))
        fitting = [
            at
            for at, who in enumerate(case.trace.acted)
            if who.language in found and at not in guess
        ]
        if fitting:
            guess[case.chance.choice(fitting)] = each
    return guess


# --- by a sealed sheet whose place in the order is known ------------------------------------------


def _sealed_in_order(case: Case) -> list[Row]:
    """The sealed rows in the order in which they were handed in: more than a backup tells."""
    rows = {row["id"]: row for copy in case.trace.while_open for row in copy.rows["sealed_sheet"]}
    return [rows[who.sheet_id] for who in case.trace.acted if who.sheet_id in rows]


def _matched(case: Case, sealed_worth: Callable[[Row], Any], worth: Callable[[str], Any]) -> Guess:
    """The sealed sheet that comes n-th by one measure is the response n-th by another."""
    rows = _sealed_in_order(case)
    if len({sealed_worth(row) for row in rows}) < 2:
        return {}
    ranked = sorted(range(len(rows)), key=lambda at: sealed_worth(rows[at]))
    return dict(zip(ranked, sorted(case.ids, key=worth), strict=False))


def _length(case: Case) -> Guess:
    lengths: dict[str, int] = {}
    for row in case.remarks:
        known = lengths.get(row["response_id"], 0)
        lengths[row["response_id"]] = known + len(row["body"].encode())
    return _matched(case, lambda row: len(row["body"]), lambda each: lengths.get(each, 0))


def _names_in_the_order_of_rows(case: Case) -> Guess:
    """Sealed rows read in the order of their names and stored in the same order."""
    lying = [row["id"] for row in case.responses]
    return _matched(case, lambda row: row["id"], lying.index)


def _shared_names(case: Case) -> Guess:
    """A name by chance that stands in the response and in a sealed row."""
    places = {who.sheet_id: at for at, who in enumerate(case.trace.acted)}
    guess: dict[int, str] = {}
    for each in case.ids:
        for token in tokens(case.everything_of(each)) & places.keys():
            guess[places[token]] = each
    return guess


def _names_in_logs(case: Case) -> Guess:
    """A name by chance that stands in the response and in a line of a log."""
    log = case.trace.log

    def first(each: str) -> int | None:
        own = tokens(case.everything_of(each))
        return min((at for at, line in enumerate(log) if own & tokens(line)), default=None)

    return case.by(first)


def tokens(line: str) -> set[str]:
    """The names by chance in a text."""
    return set(TOKEN.findall(line))


def _guessed_keys(case: Case) -> Guess:
    """Sealed sheets opened with keys made of what anybody knows."""
    by_word = {word: each for each, word in case.words.items()}
    guess: dict[int, str] = {}
    for at, row in enumerate(_sealed_in_order(case)):
        for key in public_keys(case.trace):
            found = WORD.search(_opened(key, row))
            if found and found.group() in by_word:
                guess[at] = by_word[found.group()]
    return guess


def public_keys(trace: Trace) -> list[bytes]:
    """Keys somebody without the installation's secrets would try."""
    known = [b"", b"box", *(text.encode() for text in (trace.slug, str(trace.wave_id)))]
    messages = [*known, f"box:{trace.wave_id}".encode(), f"box:{trace.slug}".encode()]
    hashed = [hashlib.sha256(message).digest() for message in messages]
    return hashed + [hmac.digest(key, text, "sha256") for key in known for text in messages]


def _opened(key: bytes, row: Row) -> str:
    try:
        return json.dumps(sealed.unseal(key, row["id"], row["body"]))
    except sealed.Unreadable:
        return ""


ATTACKS: dict[str, Callable[[Case], Guess]] = {
    "rows as they lie": _rows_as_they_lie,
    "remarks as they lie": _remarks_as_they_lie,
    "primary key": _primary_key,
    "transaction numbers": _transaction_numbers,
    "shared transaction": _shared_transaction,
    "first bytes in the files": _positions(lambda copy: copy.files, last=False),
    "last bytes in the files": _positions(lambda copy: copy.files, last=True),
    "first bytes in the journal": _positions(lambda copy: copy.journal, last=False),
    "last bytes in the journal": _positions(lambda copy: copy.journal, last=True),
    "times": _times,
    "language": _language,
    "tally increments": _tally_increments,
    "tally as it lies": _tally_as_it_lies,
    "length": _length,
    "sealed names in the order of rows": _names_in_the_order_of_rows,
    "shared names": _shared_names,
    "names in logs": _names_in_logs,
    "guessed keys": _guessed_keys,
}
