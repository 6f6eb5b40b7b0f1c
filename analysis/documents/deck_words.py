"""Texts of a slide in the room there is: smaller, then fewer sentences, never beyond it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.documents.deck_frame import BODY_BOX, Box
from analysis.figures import words
from analysis.figures.words import LINE

INSETS = 14.4
"""Points a text box keeps free at its sides together."""
LEAD_SIZES = ((16, 1), (14, 2))
"""Points, and the lines there is room for in this size."""
BODY_SIZES = (20, 18, 16, 14, 12)
SENTENCE_ENDS = re.compile(r"(?<=\w{3}[.!?]) (?=[^\W\d_])|(?<=\)[.!?]) (?=[^\W\d_])")
"""After a word, or what stands in parentheses: not after a number or a short word's point."""


def lead(text: str, box: Box) -> tuple[str, int]:
    """A line beneath a title, and the size of its type: whole, or its first sentences, or cut."""
    for size, lines in LEAD_SIZES:
        if words.lines_needed(text, room(box), size) <= lines:
            return text, size
    return fewer_words(text, box, size, lines), size


def fewer_words(text: str, box: Box, size: int, lines: int) -> str:
    """As many whole sentences as stand on so many lines; of one too long, its beginning and …"""
    if words.lines_needed(text, room(box), size) <= lines:
        return text
    kept = ""
    for sentence in SENTENCE_ENDS.split(text):
        longer = f"{kept} {sentence}".strip()
        if words.lines_needed(longer, room(box), size) > lines:
            break
        kept = longer
    return kept or " ".join(words.wrapped(text, room(box), lines, size))


def lines_of(text: str, box: Box, size: int) -> int:
    """How many lines a text takes in a box."""
    return words.lines_needed(text, room(box), size)


def room(box: Box) -> float:
    """The points a line of text may take."""
    return box.width.pt - INSETS


def size_for(lines: Sequence[str], box: Box = BODY_BOX) -> int:
    """The largest type in which paragraphs fit a box; the smallest where none is small enough."""
    return next((size for size in BODY_SIZES if _fits(lines, box, size)), BODY_SIZES[-1])


def _fits(lines: Sequence[str], box: Box, size: int) -> bool:
    needed = sum(words.lines_needed(line, room(box), size) for line in lines)
    return needed * size * LINE + len(lines) * size / 2 <= box.height.pt


def fitting(lines: Sequence[str], box: Box = BODY_BOX) -> list[str]:
    """Paragraphs as they fit a box in the type that is made for them: too long ones are cut."""
    size = size_for(lines, box)
    if _fits(lines, box, size):
        return list(lines)
    each = max(1, int(box.height.pt / (size * LINE + size / 2) / max(len(lines), 1)))
    return [fewer_words(line, box, size, each) for line in lines]


def halves(paragraphs: Sequence[str]) -> list[list[str]]:
    """Paragraphs on as few slides as are legible, two at most, each with about as much text."""
    whole = list(paragraphs)
    if not whole or size_for(whole) > BODY_SIZES[-2] or len(whole) == 1:
        return [whole] if whole else []
    lengths = [len(text) for text in whole]
    cut = min(
        range(1, len(whole)), key=lambda place: abs(sum(lengths[:place]) - sum(lengths[place:]))
    )
    return [whole[:cut], whole[cut:]]
