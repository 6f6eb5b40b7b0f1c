"""Entries and texts counted by category and audience, protected by the sheets behind them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.disclosure import protected
from analysis.disclosure.threshold import is_small
from analysis.evaluation.sections import WITHHELD, Cell
from analysis.evaluation.survey_numbers import Voice


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is counted: an entry or a text, in a row (a category, a question)."""

    sheet: int
    audience: str
    row: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of one voice, and how many sheets they come from, by row.

    `total` is over all rows, and of things only.
    """

    voice: Voice
    things: tuple[Cell, ...]
    sheets: tuple[Cell, ...]
    total: Cell


Sources = Mapping[tuple[str, str], Sequence[int]]
"""(audience, row) → the sheet of every thing"""


def counted(
    voices: Sequence[Voice], things: Iterable[Thing], rows: Sequence[str]
) -> tuple[Counts, ...]:
    """Count things by row and voice, in the order of the voices.

    The city's own offices and all others are protected apart: elsewhere their totals stand apart,
    and a table that hides cells of both would be solved by them.
    """
    sources = _sources(things)
    found = {voice.keys: _open(voice, sources, rows) for voice in voices}
    for own in (True, False):
        block = [voice for voice in voices if not voice.open and voice.own is own]
        sets = [[set(_of(voice, row, sources)) for row in rows] for voice in block]
        # As if the number of sheets were all that is shown: there are never more of them.
        shown = protected(sets)
        for place, voice in enumerate(block):
            found[voice.keys] = _guarded(
                found[voice.keys], shown.cells[place], whole=shown.rows[place]
            )
    return tuple(found[voice.keys] for voice in voices)


def within(found: Sequence[Counts], by: Sequence[Counts]) -> tuple[Counts, ...]:
    """The same without the cells in which another table of the same rows and voices shows nothing.

    Texts are nearly as many as their entries: shown where those are hidden, they would tell them.
    """
    return tuple(
        _guarded(each, [cell is not WITHHELD for cell in other.things], whole=False)
        if WITHHELD in other.things
        else each
        for each, other in zip(found, by, strict=True)
    )


def _sources(things: Iterable[Thing]) -> Sources:
    found: dict[tuple[str, str], list[int]] = {}
    for each in things:
        found.setdefault((each.audience, each.row), []).append(each.sheet)
    return found


def _of(voice: Voice, row: str, sources: Sources) -> list[int]:
    return [sheet for key in voice.keys for sheet in sources.get((key, row), ())]


def _open(voice: Voice, sources: Sources, rows: Sequence[str]) -> Counts:
    found = [_of(voice, row, sources) for row in rows]
    return Counts(
        voice,
        things=tuple(len(sheets) for sheets in found),
        sheets=tuple(len(set(sheets)) for sheets in found),
        total=sum(map(len, found)),
    )


def _guarded(counts: Counts, shown: Sequence[bool], *, whole: bool) -> Counts:
    all_sheets = counts.voice.sheets
    # How many sheets a group has is said elsewhere: the rest of them must not be a few either.
    rest = [isinstance(n, int) and is_small(all_sheets - n) for n in counts.sheets]
    told = [may and not few for may, few in zip(shown, rest, strict=True)]
    return Counts(
        counts.voice,
        things=_visible(counts.things, shown),
        sheets=_visible(counts.sheets, told),
        total=counts.total if whole else WITHHELD,
    )


def _visible(cells: Sequence[Cell], shown: Sequence[bool]) -> tuple[Cell, ...]:
    return tuple(cell if may else WITHHELD for cell, may in zip(cells, shown, strict=True))
