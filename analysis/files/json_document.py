"""Evaluation, codebook and answers as one JSON document, written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from analysis.evaluation.sections import WITHHELD, Evaluation, Part, Section, Table
from analysis.exports import AnswerTable
from analysis.files.codebook import Codebook, Variable

FORMAT = "zugangscheck-evaluation"
VERSION = 1
"""Raised when a field is renamed, removed or changes its meaning; new fields do not raise it."""


def json_document(
    evaluation: Evaluation, codebook: Codebook, answers: AnswerTable | None
) -> Iterator[str]:
    """The document in pieces: what is held is one part's table, or one sheet.

    docs/formate.md describes every field. Characters stand as they are, in UTF-8.
    """
    yield f'{{"format": {_json(FORMAT)},\n"version": {VERSION},\n'
    yield f'"evaluation": {_json(_head(evaluation))[:-1]}, "sections": [\n'
    yield from _separated(_json(_section(section)) for section in evaluation.sections)
    yield f']}},\n"codebook": {_json(_codebook(codebook))},\n"answers": '
    yield from _answers(answers)
    yield "}\n"


def _json(value: Any) -> str:
    # NaN and Infinity are no JSON; a mean of nothing has to be None long before.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_other)


def _other(value: Any) -> Any:
    if value is WITHHELD:
        return {"withheld": True}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _separated(pieces: Iterator[str]) -> Iterator[str]:
    before = ""
    for piece in pieces:
        yield before + piece
        before = ",\n"


def _head(evaluation: Evaluation) -> dict[str, Any]:
    names = ("slug", "title", "subtitle", "headline", "level", "marking", "sample", "language")
    return {
        **{name: getattr(evaluation, name) for name in names},
        "revision": evaluation.revision,
        "made": evaluation.made,
        "closes": evaluation.closes,
        "method": [{"head": head, "text": text} for head, text in evaluation.method],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "question": section.question,
        "finding": section.finding,
        "notes": section.notes,
        "parts": [_part(part) for part in section.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "named": part.named,
        "notes": part.notes,
        "chart": {"kind": part.chart.kind, "title": part.chart.title} if part.chart else None,
        **_table(part.table),
    }


def _table(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "columns": [
            {"key": c.key, "title": c.title, "short": c.short, "kind": c.kind, "points": c.points}
            for c in table.columns
        ],
        "rows": [
            {
                "key": row.key,
                "title": row.title,
                "short": row.short,
                "level": row.level,
                "summary": row.summary,
                "cells": dict(zip(keys, row.cells, strict=True)),
            }
            for row in table.rows
        ],
    }


def _codebook(codebook: Codebook) -> dict[str, Any]:
    return {
        "questionnaire": codebook.questionnaire,
        "version": codebook.version,
        "title": codebook.title,
        "language": codebook.language,
        "variables": [_variable(variable) for variable in codebook.variables],
    }


def _variable(variable: Variable) -> dict[str, Any]:
    names = ("name", "label", "type", "measure", "number", "category", "asked_if", "spss")
    values = [
        {"code": v.code, "label": v.label, "points": v.points, "spss": v.number}
        for v in variable.values
    ]
    return {**{name: getattr(variable, name) for name in names}, "values": values}


def _answers(answers: AnswerTable | None) -> Iterator[str]:
    if answers is None:
        yield "null"
        return
    names = [column.name for column in answers.columns]
    yield "[\n"
    yield from _separated(_json(dict(zip(names, row, strict=True))) for row in answers.rows())
    yield "]"
