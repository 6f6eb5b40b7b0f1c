"""The document for one unit: its result, its history, its next steps, in its own language."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analysis.documents.cells import HIDDEN, NOTHING, written_day
from analysis.documents.clean import cleaned
from analysis.documents.letterhead import Letterhead
from analysis.documents.typeset import script, typeset
from analysis.documents.unit_sheet import ComparisonRow, UnitSheet
from analysis.documents.unit_words import words
from survey.locale import decimal

LONG_LABEL = 70
"""Characters of a statement that is not repeated in full."""


def unit_pdf(sheet: UnitSheet, letterhead: Letterhead) -> bytes:
    """A tagged PDF (PDF/UA-1), mirrored where the language is written from the right.

    To be called while the sheet's language is spoken (`survey.locale.speaking`).

    Raises:
        UnusableLogo: the letterhead's logo cannot be printed.
    """
    sheet = cleaned(sheet)
    said = words(sheet)
    content = {
        "script": script(sheet.language),
        "direction": sheet.direction,
        "title": f"{said['title']}: {sheet.unit}",
        "marking": sheet.reader,
        "day": written_day(sheet.made),
        "sample": said["sample"] if sheet.sample else "",
        "words": said,
        "sheet": {
            **asdict(sheet),
            "day": written_day(sheet.day),
            "made": None,
            "comparison": [_compared(row) for row in sheet.comparison],
        },
    }
    return typeset("unit.typ", content, letterhead, sheet.made)


def _compared(row: ComparisonRow) -> dict[str, Any]:
    return {
        "label": _shortened(row.label),
        "own": _points(row.own),
        "others": HIDDEN if row.others is None else decimal(row.others),
        "n": NOTHING if row.n is None else str(row.n),
    }


def _shortened(label: str) -> str:
    """A statement's beginning: its wording stands in the table of points."""
    return label if len(label) <= LONG_LABEL else f"{label[:LONG_LABEL].rsplit(' ', 1)[0]} …"


def _points(points: float) -> str:
    return decimal(points) if points % 1 else f"{points:.0f}"
