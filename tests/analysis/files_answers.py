"""Answers and payloads the files to take away are tested with."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook, load_workbook

from analysis.evaluation.sections import Evaluation
from analysis.exports import AnswerTable, Sheet
from analysis.files.codebook import Codebook, codebook
from analysis.files.workbook import workbook
from forms.loader import available, load
from forms.path import visible_answers
from forms.texts import in_language
from survey.sample import made_up_sheet
from survey.standing import Standing
from tests.analysis.specimen import specimen

QUESTIONNAIRE = load(available()["selbstcheck-2025"])
SUBMITTED = datetime(2026, 4, 1, 9, 30, 5, tzinfo=UTC)
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "'", '"', "<r>", "%", "\u202e", "\ufeff")
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.example","x")',
    "SUM(A1:A9)",
    "a\nb",
    "a\x01b\x0bc\x1fd",
    "_x0041_ und _x000D_",
    "</r>",
    "<t>&amp;</t></r>",
    "مرحبا بالعالم",
    "\u200fשלום\u200e",
    "👩‍👧 Tiếng Việt",
    "‚;\",'",
    "  zwei  ",
    "\ufffe\uffff",
)
LONG = ("=" + "ä" * 40_000, "👩" * 20_000, "x" * 32_767, "y" * 32_768, "Wort " * 8_000 + "Ende")
PAYLOADS = (*(begin + body for begin in BEGINNINGS for body in BODIES), *LONG)


def standing(number: int, **changes: Any) -> Standing:
    """A unit's standing with a submitted sheet; what no file reads is None."""
    nothing: dict[str, Any] = {field.name: None for field in fields(Standing)}
    facts = {
        "unit_code": f"{number:03}",
        "unit_name": f"Amt {number} Musterstadt",
        "unit_kind": "amt",
        "parent_name": "Geschäftsbereich 1",
        "submitted": SUBMITTED,
        "version": 1 + number % 3,
        "category_points": {"language": 3 + number % 13, "organisation": 7, "sensitivity": 9},
        "points": 19 + number % 13,
        "possible": 40,
        "band": ("red", "yellow", "green")[number % 3],
    }
    return Standing(**nothing | facts | changes)


def sheets(number: int, seed: int = 1) -> list[Sheet]:
    """So many made-up sheets."""
    chance = random.Random(seed)
    return [
        (standing(n), visible_answers(QUESTIONNAIRE, made_up_sheet(QUESTIONNAIRE, chance, 4)))
        for n in range(number)
    ]


def hostile() -> list[Sheet]:
    """A sheet a payload, in a fact and in a free text."""
    return [
        (standing(n, unit_name=payload), {"q1": "5", "next_steps": payload})
        for n, payload in enumerate(PAYLOADS)
    ]


def table(of: Sequence[Sheet]) -> AnswerTable:
    """The answers of these sheets."""
    return AnswerTable(QUESTIONNAIRE, lambda: of)


def book() -> Codebook:
    """The codebook of the Selbstcheck in German."""
    return codebook(in_language(QUESTIONNAIRE, "de", {}))


def xlsx(evaluation: Evaluation, answers: AnswerTable | None = None) -> bytes:
    """The workbook of an evaluation."""
    target = io.BytesIO()
    workbook(evaluation, book(), answers, target)
    return target.getvalue()


def opened(content: bytes) -> Workbook:
    """The workbook as openpyxl reads it."""
    return load_workbook(io.BytesIO(content))


def malicious() -> Evaluation:
    """An evaluation whose every text is a payload."""
    chance = random.Random(4)

    def bad() -> str:
        return chance.choice(PAYLOADS[: -len(LONG)])

    def spoiled(part: Any) -> Any:
        columns = tuple(replace(c, title=bad(), short=bad()) for c in part.table.columns)
        rows = tuple(replace(row, title=bad(), short=bad()) for row in part.table.rows)
        chart = replace(part.chart, title=bad(), alternative=bad()) if part.chart else None
        changed = replace(part.table, corner=bad(), columns=columns, rows=rows)
        return replace(part, title=bad(), table=changed, chart=chart, notes=(bad(),))

    found = specimen()
    sections = tuple(
        replace(s, question=bad(), finding=bad(), parts=tuple(map(spoiled, s.parts)))
        for s in found.sections
    )
    words = {"title": bad(), "subtitle": bad(), "marking": bad(), "headline": (bad(), bad())}
    return replace(found, sections=sections, method=((bad(), bad()),), **words)  # type: ignore[arg-type]
