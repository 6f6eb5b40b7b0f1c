"""Answers to take away: one definition of columns and cells for every file format.

What a column is called, what stands in it and in which order is said here once. CSV, XLSX, SPSS,
JSON and Parquet read the same rows and differ only in how they write a cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, Literal

from forms.definition import Question, Questionnaire
from survey.spreadsheet import BYTE_ORDER_MARK, FORMULA_SIGNS, neutral
from survey.standing import Standing

FACTS = ("unit_code", "unit_name", "unit_kind", "parent", "submitted", "version")
SCORES = ("total", "possible", "band")
SHEETS_AT_ONCE = 256
"""How many lines of CSV are made before they are handed on."""

ColumnType = Literal["text", "code", "tick", "number", "moment"]
"""Words; an option's code; 1 or 0; a whole number; a moment in UTC."""

AnswerCell = str | int | datetime | None
Sheet = tuple[Standing, Mapping[str, Any]]
Reader = Callable[[Standing, Mapping[str, Any]], list[Any]]

_OF_FACTS: dict[str, ColumnType] = {"submitted": "moment", "version": "number"}
_FACTS_OF = attrgetter(
    *("unit_code", "unit_name", "unit_kind", "parent_name", "submitted", "version")
)
_SCORES_OF = attrgetter("points", "possible", "band")
_CHOICES = ("scale", "rating")
_SIGNS = frozenset(FORMULA_SIGNS)
_TWO = tuple(f"{number:02}" for number in range(60))


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column; `question`, `option` and `category` say what of the questionnaire it holds."""

    name: str
    type: ColumnType
    question: str | None = None
    option: str | None = None
    category: str | None = None


def columns_of(questionnaire: Questionnaire) -> tuple[AnswerColumn, ...]:
    """The columns of the answers: the same for every wave of a questionnaire."""
    found = [AnswerColumn(name, _OF_FACTS.get(name, "text")) for name in FACTS]
    for question in questionnaire.questions.values():
        found += _columns(question)
    found += [
        AnswerColumn(f"points.{category.id}", "number", category=category.id)
        for category in questionnaire.categories
    ]
    found += [AnswerColumn(name, "code" if name == "band" else "number") for name in SCORES]
    return tuple(found)


def _columns(question: Question) -> list[AnswerColumn]:
    if question.type != "ticks":
        kind: ColumnType = "code" if question.type in _CHOICES else "text"
        return [AnswerColumn(question.id, kind, question.id)]
    ticks = [
        AnswerColumn(f"{question.id}.{option.code}", "tick", question.id, option.code)
        for option in question.options
    ]
    other = [AnswerColumn(f"{question.id}.other_text", "text", question.id)]
    return [*ticks, *other] if question.other else ticks


def answer_columns(questionnaire: Questionnaire) -> list[str]:
    """The names of the columns."""
    return [column.name for column in columns_of(questionnaire)]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """The answers of a wave, read anew each time `rows` is called and never held as a whole.

    Attributes:
        questionnaire: what was asked.
        sheets: begins to read the submitted sheets, in the order of the rows.
    """

    questionnaire: Questionnaire
    sheets: Callable[[], Iterable[Sheet]]

    @property
    def columns(self) -> tuple[AnswerColumn, ...]:
        """The columns, in order."""
        return columns_of(self.questionnaire)

    def rows(self) -> Iterator[list[AnswerCell]]:
        """One list of cells a sheet, as many as there are columns.

        A cell is None where nothing was answered, and where a follow-up was not asked.
        """
        read = reader(self.questionnaire)
        return (read(standing, answers) for standing, answers in self.sheets())


Ticks = tuple[Any, Any, Any]
"""What stands for not ticked, ticked, and not asked."""
AS_NUMBERS: Ticks = (0, 1, None)
# As text, because csv.writer takes twice as long to write a number.
AS_WRITTEN: Ticks = ("0", "1", "0")


def reader(questionnaire: Questionnaire, ticks: Ticks = AS_NUMBERS) -> Reader:
    """What makes a row of cells of a sheet, with everything looked up beforehand."""
    keys = tuple(
        key
        for question in questionnaire.questions.values()
        for key in (question.keys if question.type == "ticks" else (question.id,))
    )
    lists = _lists(questionnaire, keys, ticks)
    categories = tuple(category.id for category in questionnaire.categories)
    nothing: dict[str, int] = {}

    def read(standing: Standing, answers: Mapping[str, Any]) -> list[Any]:
        row = [
            *_FACTS_OF(standing),
            *map(answers.get, keys),
            *map((standing.category_points or nothing).get, categories),
            *_SCORES_OF(standing),
        ]
        for place, cells in lists:
            row[place : place + 1] = cells(row[place], answers)
        return row

    return read


ListCells = Callable[[Any, Mapping[str, Any]], tuple[Any, ...]]
"""(a list of codes, the sheet's answers) → the cells it is written in."""


def _lists(
    questionnaire: Questionnaire, keys: tuple[str, ...], ticks: Ticks
) -> list[tuple[int, ListCells]]:
    """Where a list of codes stands in a row, last first, so that the places before stay right."""
    found: list[tuple[int, ListCells]] = []
    for question in reversed(questionnaire.questions.values()):
        place = len(FACTS) + keys.index(question.id)
        if question.type == "ticks":
            found.append((place, _ticks(questionnaire, question, ticks)))
        elif question.type == "units":
            found.append((place, lambda given, _answers: (" ".join(given or ()) or None,)))
    return found


def _ticks(questionnaire: Questionnaire, question: Question, ticks: Ticks) -> ListCells:
    no, yes, not_asked = ticks
    codes = tuple(option.code for option in question.options)
    asking = asked_by(questionnaire, question)
    nobody = (not_asked,) * len(codes)
    nothing = (no,) * len(codes)
    known: dict[tuple[str, ...], tuple[Any, ...]] = {}

    def cells(given: Any, answers: Mapping[str, Any]) -> tuple[Any, ...]:
        if not given:
            asked = asking is None or answers.get(asking[0]) in asking[1]
            return nothing if asked else nobody
        ticked = tuple(given)
        if ticked not in known:
            known[ticked] = tuple(yes if code in ticked else no for code in codes)
        return known[ticked]

    return cells


def asked_by(questionnaire: Questionnaire, question: Question) -> tuple[str, frozenset[str]] | None:
    """(question, its answers that lead to this follow-up), or None for what is always asked."""
    condition = questionnaire.section_of[question.id].asked_if
    if condition is None:
        return None
    worth = questionnaire.points.get(condition.question, {})
    enough = frozenset(code for code, points in worth.items() if points >= condition.at_least)
    return condition.question, enough


def answers_csv(
    questionnaire: Questionnaire, sheets: Iterable[Sheet], *, for_excel: bool
) -> Iterator[str]:
    """The answers as CSV, in pieces of some hundred lines.

    A tick that was not asked for is a 0 here, as it always was in this file.

    Args:
        for_excel: semicolons and a byte order mark, as a German Excel opens it; else plain.
    """
    if for_excel:
        yield BYTE_ORDER_MARK
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    writer.writerow(answer_columns(questionnaire))
    lines = _lines(questionnaire, iter(sheets))
    while True:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(islice(lines, SHEETS_AT_ONCE))
        if not buffer.tell():
            return


def _lines(questionnaire: Questionnaire, sheets: Iterator[Sheet]) -> Iterator[list[Any]]:
    columns = columns_of(questionnaire)
    # Codes and numbers cannot begin with a formula sign: only texts are looked at.
    texts = [place for place, column in enumerate(columns) if column.type == "text"]
    submitted = FACTS.index("submitted")
    read = reader(questionnaire, AS_WRITTEN)
    for standing, answers in sheets:
        row = read(standing, answers)
        if moment := row[submitted]:
            row[submitted] = _stamp(moment)
        for place in texts:
            if (text := row[place]) and text[0] in _SIGNS:
                row[place] = neutral(text)
        yield row


def _stamp(moment: datetime) -> str:
    # `isoformat` of a moment with a time zone takes a fifth of the time of the whole line; all
    # stored moments are in UTC.
    return (
        f"{moment.year}-{_TWO[moment.month]}-{_TWO[moment.day]}"
        f"T{_TWO[moment.hour]}:{_TWO[moment.minute]}:{_TWO[moment.second]}+00:00"
    )
