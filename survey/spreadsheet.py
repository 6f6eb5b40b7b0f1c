"""Cells that are safe to open in a spreadsheet program, and CSV lines made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}")
BYTE_ORDER_MARK = "\ufeff"


def neutral(value: object) -> str:
    """A cell no spreadsheet takes for a formula: an apostrophe before a leading formula sign."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def csv_line(cells: Iterable[object], delimiter: str) -> str:
    """One line of a CSV file, every cell neutral."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerow(map(neutral, cells))
    return buffer.getvalue()
