"""How a language writes: its direction, and the cells of a table as people read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
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
    "change": "+#,##0.0;\N{MINUS SIGN}#,##0.0",
}
"""How numbers of a column's kind are written; shares are percentages without decimals."""


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
        return NOTHING_MARK if number is None else self._number(number, column.kind)

    def _number(self, number: float, kind: str) -> str:
        if kind == "share":
            return percent_as(number, self.babel)
        if kind == "change" and not Decimal(str(number)).quantize(Decimal("0.1")):
            number, kind = 0.0, "mean"  # what is written 0.0 has no sign
        pattern = PATTERNS.get(kind, PATTERNS["points"])
        return decimal_as(number, pattern, self.babel)


GERMAN = Writing("de")


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
