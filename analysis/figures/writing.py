"""How a language writes: its direction, and the cells of a table as people read them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from babel import Locale

from analysis.evaluation.sections import WITHHELD, Cell, Column
from survey.locale import decimal_as, languages, percent_as

WITHHELD_MARK = "·"
NOTHING_MARK = "–"

BABEL_NAMES = {"prs": "fa_AF"}
"""Languages Babel knows by another name and no folder of `translations/` names yet."""

PATTERNS = {
    "count": "#,##0",
    "points": "#,##0.#",
    "mean": "#,##0.0",
}
"""How numbers of a column's kind are written; shares are percentages without decimals, changes are
written like counts or means, with a sign."""
MINUS = "\N{MINUS SIGN}"
NUMBER_OF = re.compile(r"\b([nN]) = (?=\S)")


@dataclass(frozen=True, slots=True)
class Writing:
    """A language as figures need it: `babel` is the name Babel knows it by."""

    babel: str
    rtl: bool = False

    @property
    def start(self) -> Literal["left", "right"]:
        """The side where a line of text begins."""
        return "right" if self.rtl else "left"

    @property
    def end(self) -> Literal["left", "right"]:
        """The side where a line of text ends."""
        return "left" if self.rtl else "right"

    def ahead(self, distance: float) -> float:
        """A distance in the direction of reading, positive to the right."""
        return -distance if self.rtl else distance

    def interval(self, lowest: float, highest: float) -> tuple[float, float]:
        """The ends of an axis, left one first: the lowest stands where reading begins."""
        return (highest, lowest) if self.rtl else (lowest, highest)

    def cell(self, cell: Cell, column: Column) -> str:
        """A cell in words; a mark for what is withheld, another for what is not there."""
        if cell is WITHHELD:
            return WITHHELD_MARK
        if isinstance(cell, str):
            return cell
        number = value(cell)
        if number is None:
            return NOTHING_MARK
        if column.kind == "change":
            return self._signed(number, "count" if isinstance(cell, int) else "mean")
        return self._number(number, column.kind)

    def _number(self, number: float, kind: str) -> str:
        if kind == "share":
            return percent_as(number, self.babel)
        return decimal_as(number, PATTERNS.get(kind, PATTERNS["points"]), self.babel)

    def _signed(self, number: float, kind: str) -> str:
        """A difference with its sign; what is written as nought has none."""
        shown = self._number(abs(number), kind)
        if shown == self._number(0, kind):
            return shown
        return f"{'+' if number > 0 else MINUS}{shown}"


GERMAN = Writing("de")


def unbroken(text: str) -> str:
    """The text with each "n = 11" in one piece, wherever its lines end."""
    return NUMBER_OF.sub("\\1\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", text)


def value(cell: Cell) -> float | None:
    """The number in a cell; None for words, for what is withheld and for what is not there."""
    if isinstance(cell, int | float) and math.isfinite(cell):
        return float(cell)
    return None


@lru_cache(maxsize=64)
def writing(language: str) -> Writing:
    """How a language is written, by the code used in addresses.

    Raises:
        babel.UnknownLocaleError: neither the application nor Babel knows the language.
    """
    known = languages().get(language)
    if known is not None:
        return Writing(known.conventions, known.direction == "rtl")
    locale = Locale.parse(BABEL_NAMES.get(language, language.replace("-", "_")))
    return Writing(str(locale), locale.text_direction == "rtl")
