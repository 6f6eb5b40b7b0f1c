"""The frozen form of an evaluation: all that pages, documents and files show, and nothing else.

Every number stands here once; whoever draws, prints or writes a file reads it from these tables and
computes nothing. So no two outputs of one evaluation can disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal


class Withheld(Enum):
    """A number that exists and may not be shown (analysis/disclosure.py)."""

    WITHHELD = "withheld"


WITHHELD = Withheld.WITHHELD

Cell = str | int | float | Withheld | None
"""What stands in a table; None where there is nothing: no sheet, or not comparable."""

ColumnKind = Literal["text", "count", "mean", "share", "points", "change", "band"]
"""How a cell is read: words, a number of sheets or units, a mean (one decimal), a share (0 to 1),
points, a signed difference (one decimal), a colour's code (red, yellow, green)."""

ChartKind = Literal["bars", "bands", "diverging", "heatmap", "multiples", "slopes", "dots", "lines"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `short` is a label for charts and narrow heads, `points` what an answer gives."""

    key: str
    title: str
    kind: ColumnKind
    short: str = ""
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `level` is its depth in the tree, 0 at the top; `short` a label for charts.

    `cells` are as many as the table has columns, the row's title not among them. `summary` marks a
    mean or total beneath or above the others.
    """

    key: str
    title: str
    cells: tuple[Cell, ...]
    level: int = 0
    short: str = ""
    summary: bool = False

    @property
    def label(self) -> str:
        """The row's name where there is little room."""
        return self.short or self.title


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `corner` is the head of the rows' titles."""

    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def position(self, key: str) -> int:
        """Where a column stands; raises KeyError for an unknown one."""
        for place, column in enumerate(self.columns):
            if column.key == key:
                return place
        raise KeyError(key)

    def cell(self, row: str, column: str) -> Cell:
        """One cell by keys; raises KeyError where there is none."""
        place = self.position(column)
        for each in self.rows:
            if each.key == row:
                return each.cells[place]
        raise KeyError(row)


@dataclass(frozen=True, slots=True)
class Chart:
    """How a table is drawn.

    bars       one bar a row, of the only column in `columns`
    bands      one stacked bar a row, of counts of colours
    diverging  one stacked bar a row, of counts from refusal to agreement, split at the middle one
    heatmap    one shaded cell a row and column
    multiples  one small panel of bars a column
    slopes     one line a row from the first column to the second
    dots       one dot a row and column on a common axis; the first column is the one to be seen
    lines      one line a row over the columns, which are years

    Attributes:
        title: says what is seen, with n and date.
        alternative: the same for whoever does not see it; it names no number the table withholds.
        columns: keys of the table's columns, in the order they are drawn.
        lowest, highest: ends of the axis, where the values have a scale of their own.
    """

    kind: ChartKind
    title: str
    alternative: str
    columns: tuple[str, ...]
    lowest: float = 0.0
    highest: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """A table, and how it is drawn; `named` where it shows single units by name."""

    key: str
    title: str
    table: Table
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer: `finding` is a plain sentence that says what is seen."""

    key: str
    question: str
    finding: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


Level = Literal["internal", "report", "public"]
"""Who may read it: the commissioner; the mayor, units by name only if promised; everybody."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A wave's evaluation in one language.

    Attributes:
        slug, title: the wave's.
        subtitle: period and return, in words.
        headline: the findings for somebody who reads one page, most important first.
        level: who may read it; `marking` says so in words and stands on every page and sheet.
        method: paragraphs on how it was counted and how small groups are protected, (head, text).
        revision: the wave's revision the numbers belong to.
        made: the day, in the city's time zone.
    """

    slug: str
    title: str
    subtitle: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]
    method: tuple[tuple[str, str], ...]
    level: Level
    marking: str
    sample: bool
    language: str
    revision: int
    made: date
    closes: date

    def parts(self) -> Iterator[tuple[Section, Part]]:
        """Every part with its section, in order."""
        for section in self.sections:
            for part in section.parts:
                yield section, part
