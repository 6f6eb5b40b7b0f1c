"""All tables of an evaluation as one tidy CSV: a line a cell, nothing counted anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from analysis.evaluation.sections import WITHHELD, Cell, Evaluation, Part, Section
from survey.spreadsheet import BYTE_ORDER_MARK, neutral

COLUMNS = (
    *("wave", "section", "question", "part", "part_title", "row", "row_title"),
    *("column", "column_title", "kind", "value", "withheld", "named", "marking"),
)


def tables_csv(evaluation: Evaluation, *, for_excel: bool) -> Iterator[str]:
    """Every cell of every table with its keys and titles, a piece a part.

    A withheld cell has no value and a 1 in `withheld`; a cell where there is nothing has neither.

    Args:
        for_excel: semicolons, decimal commas and a byte order mark; else plain.
    """
    if for_excel:
        yield BYTE_ORDER_MARK
    yield _written([COLUMNS], for_excel)
    for section, part in evaluation.parts():
        yield _written(_lines(evaluation, section, part, for_excel), for_excel)


def _written(lines: Any, for_excel: bool) -> str:
    buffer = io.StringIO()
    delimiter = ";" if for_excel else ","
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue()


def _lines(
    evaluation: Evaluation, section: Section, part: Part, for_excel: bool
) -> Iterator[list[str]]:
    before = [evaluation.slug, section.key, section.question, part.key, part.title]
    behind = [str(int(part.named)), neutral(evaluation.marking)]
    head = [neutral(text) for text in before]
    for row in part.table.rows:
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            names = (row.key, row.title, column.key, column.title, column.kind)
            withheld = str(int(cell is WITHHELD))
            yield [*head, *map(neutral, names), _value(cell, for_excel), withheld, *behind]


def _value(cell: Cell, for_excel: bool) -> str:
    if cell is WITHHELD or cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    # A number is no text: its sign is its own, and an apostrophe would make it unreadable.
    return repr(cell).replace(".", ",") if for_excel else repr(cell)
