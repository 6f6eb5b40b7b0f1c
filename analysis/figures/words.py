"""Words in the room there is: wrapped, elided, never beyond it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from analysis.evaluation.sections import Row
from analysis.figures import fonts

ELLIPSIS = "…"
LINE = 1.3
"""Height of a line, as a multiple of the size of its letters."""

_PLACES_TO_BREAK = re.compile(r"(?<=[/–-])(?=[^\s\d])")

Width = Callable[[str], float]


def wrapped(
    text: str, room: float, lines: int, size: float, *, bold: bool = False
) -> tuple[str, ...]:
    """A text on at most so many lines (1 or more), none wider than the room in points.

    What does not fit is elided. Words too long for a line are broken.
    """
    across = _measure(size, bold)
    found = list(_filled(fonts.drawable(text), room, across))
    if len(found) > lines:
        found = [*found[: lines - 1], elided(" ".join(found[lines - 1 :]), room, across)]
    # Of a word broken in too narrow a room, even one letter may be too wide.
    fitting = (elided(line, room, across) for line in found)
    return tuple(line for line in fitting if line)


def lines_needed(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """On how many lines a text stands if nothing is elided."""
    return max(1, len(list(_filled(fonts.drawable(text), room, _measure(size, bold)))))


def elided(text: str, room: float, across: Width) -> str:
    """As much of a text as fits the room, with … where the end is missing; "" if nothing fits."""
    if across(text) <= room:
        return text
    kept = _most(text, lambda head: across(head.rstrip() + ELLIPSIS) <= room)
    return kept.rstrip() + ELLIPSIS if kept or across(ELLIPSIS) <= room else ""


def row_label(row: Row, room: float, lines: int, size: float) -> tuple[str, ...]:
    """A row's name: whole if it fits, else its short one, which before long words is a number."""
    if lines_needed(row.title, room, size, bold=row.summary) <= lines:
        return wrapped(row.title, room, lines, size, bold=row.summary)
    is_word = any(sign.isalpha() for sign in row.short)
    begins = row.title.startswith(row.short)
    text = row.title if begins and not is_word else row.short
    text = text if is_word or begins else f"{row.short} {row.title}"
    return wrapped(text, room, lines, size, bold=row.summary)


def _measure(size: float, bold: bool) -> Width:
    return lambda text: fonts.width(text, size, bold)


def _filled(text: str, room: float, across: Width) -> Iterator[str]:
    """Lines as full as they get."""
    line = ""
    for glue, piece in _pieces(text):
        if across(line + glue + piece) <= room or not line and across(piece) <= room:
            line = line + glue + piece if line else piece
            continue
        if line:
            yield line
        *full, line = _broken(piece, room, across)
        yield from full
    yield line


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Pieces a line may end after, each with what stands before it on the same line."""
    for word in text.split(" "):
        glue = " "
        for piece in _PLACES_TO_BREAK.split(word):
            yield glue, piece
            glue = ""


def _broken(word: str, room: float, across: Width) -> list[str]:
    """A word in parts that fit; at least one letter each, however narrow the room."""
    parts = []
    while word and across(word) > room:
        head = _most(word, lambda part: across(part) <= room) or word[0]
        parts.append(head)
        word = word[len(head) :]
    return [*parts, word]


def _most(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of a text that fits, found by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return text[:low]
