"""All that the document for one unit says, in the words of its respondents' language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

BandCode = Literal["red", "yellow", "green"]
Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """A stretch of the coloured scale, both ends belonging to it."""

    band: BandCode
    word: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its answer in words; `before` are its points in the wave before."""

    number: str
    text: str
    answer: str
    points: int
    possible: int
    pointed_out: bool = False
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category with its statements."""

    title: str
    points: int
    possible: int
    statements: tuple[Statement, ...]
    pointed_out: bool = False
    band: BandCode | None = None
    band_word: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """The unit's result in an earlier wave; without points where the wording has changed."""

    wave: str
    points: int | None
    possible: int | None
    band: BandCode | None = None
    band_word: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of the wave before, and what became of it in words."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What belongs to one question, a line each: what was written or ticked, or to-dos."""

    question: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """Own points beside the mean of `n` other units; None where it may not be shown."""

    label: str
    own: float
    others: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit's result, history and next steps.

    Attributes:
        day: when the sheet was handed in, in the city's time zone.
        made: when the document was made; the only date in the file's metadata.
        language: a tag of the language, "de" or "ar"; `direction` its direction.
        total, possible: points reached and possible, 0 ≤ total ≤ possible.
        scale: the coloured scale from its lowest total to its highest; empty without bands.
        near: what one colour up and one down would take, in words; "" without bands.
        hidden_red: a sentence for every category that would be red although the total is green.
        provisional: the note on provisional thresholds, "" if they are final.
        categories_note: the same for the colours of categories.
        todos: what helps next, by the question it belongs to; `todo_notes` say where it is from.
        receipt: the number on the receipt, "" where whoever reads it did not hand in the sheet.
        comparison: empty where fewer than five others may be compared with.
        reader: who is allowed to read this, in words; stands on every page.
    """

    unit: str
    wave: str
    day: date
    made: date
    language: str
    direction: Direction
    total: int
    possible: int
    band: BandCode | None
    band_word: str
    scale: tuple[ScaleStep, ...]
    categories: tuple[Category, ...]
    advice: str
    reader: str
    contact: str
    history: tuple[EarlierResult, ...] = ()
    promises: tuple[Promise, ...] = ()
    listings: tuple[Listing, ...] = ()
    comparison: tuple[ComparisonRow, ...] = ()
    comparison_note: str = ""
    provisional: str = ""
    near: str = ""
    hidden_red: tuple[str, ...] = ()
    categories_note: str = ""
    todos: tuple[Listing, ...] = ()
    todo_notes: tuple[str, ...] = ()
    receipt: str = ""
    sample: bool = False
