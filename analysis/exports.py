"""Files to take away. A leading formula sign is neutralised, nothing is cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forms.definition import Questionnaire
from survey.spreadsheet import BYTE_ORDER_MARK, csv_line
from survey.standing import Standing

FACTS = ("unit_code", "unit_name", "unit_kind", "parent", "submitted", "version")


def answer_columns(questionnaire: Questionnaire) -> list[str]:
    """The columns of the answers CSV: the same for every wave of a questionnaire."""
    columns = [*FACTS]
    for question in questionnaire.questions.values():
        if question.type == "ticks":
            columns += [f"{question.id}.{option.code}" for option in question.options]
            columns += [f"{question.id}.other_text"] if question.other else []
        else:
            columns.append(question.id)
    columns += [f"points.{category.id}" for category in questionnaire.categories]
    return [*columns, "total", "possible", "band"]


def answers_csv(
    questionnaire: Questionnaire,
    sheets: Iterable[tuple[Standing, dict[str, Any]]],
    *,
    for_excel: bool,
) -> Iterator[str]:
    """The answers as CSV, a piece a sheet.

    Args:
        for_excel: semicolons and a byte order mark, as a German Excel opens it; else plain.
    """
    if for_excel:
        yield BYTE_ORDER_MARK
    delimiter = ";" if for_excel else ","
    yield csv_line(answer_columns(questionnaire), delimiter)
    for standing, answers in sheets:
        yield csv_line(_cells(questionnaire, standing, answers), delimiter)


def _cells(questionnaire: Questionnaire, standing: Standing, answers: dict[str, Any]) -> list[Any]:
    cells: list[Any] = [
        standing.unit_code,
        standing.unit_name,
        standing.unit_kind,
        standing.parent_name,
        standing.submitted.isoformat(timespec="seconds") if standing.submitted else "",
        standing.version,
    ]
    for question in questionnaire.questions.values():
        given = answers.get(question.id)
        if question.type == "ticks":
            cells += [int(option.code in (given or ())) for option in question.options]
            cells += [answers.get(f"{question.id}.other")] if question.other else []
        else:
            cells.append(given)
    points = standing.category_points or {}
    cells += [points.get(category.id) for category in questionnaire.categories]
    return [*cells, standing.points, standing.possible, standing.band]
