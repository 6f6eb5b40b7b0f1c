"""Scoring by the file: answer sheets as CSV in, the same rows with points and colour out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from forms.definition import Questionnaire
from forms.scoring import OffScale, Unanswered, score


class HeaderError(Exception):
    """The first line does not fit the questionnaire; nothing was scored."""


def score_file(
    questionnaire: Questionnaire, source: TextIO, target: TextIO, complaints: TextIO
) -> int:
    """Score every row; a bad one is named on `complaints` and left out.

    Args:
        source: CSV with a column for every scored question; comma or semicolon, UTF-8.
        target: receives all columns of `source` and, after them, one for the points of each
            category, `total` and `band`.

    Returns:
        The number of rows refused.

    Raises:
        HeaderError: a question's column is missing, or a column stands twice.
    """
    first = source.readline().lstrip("\ufeff")
    delimiter = ";" if ";" in first else ","
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    questions = list(questionnaire.scored)
    added = [*(category.id for category in questionnaire.categories), "total", "band"]
    _check_header(header, questions, added)
    places = [(question, header.index(question)) for question in questions]
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*header, *added])
    refused = 0
    for line, row in _rows(source, delimiter):
        if isinstance(row, csv.Error):
            refused += 1
            print(f"line {line}: {row}", file=complaints)
            continue
        if len(row) != len(header):
            refused += 1
            print(f"line {line}: {len(row)} columns, the header has {len(header)}", file=complaints)
            continue
        try:
            result = score(questionnaire, {name: row[place].strip() for name, place in places})
        except (OffScale, Unanswered) as problem:
            refused += 1
            print(f"line {line}: {problem}", file=complaints)
            continue
        points = [category.points.reached for category in result.categories]
        writer.writerow([*row, *points, result.total.reached, result.band or ""])
    return refused


def _check_header(header: list[str], questions: list[str], added: list[str]) -> None:
    missing = [question for question in questions if question not in header]
    if missing:
        raise HeaderError(f"line 1: no column {', '.join(missing)}; expected {','.join(questions)}")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise HeaderError(f"line 1: column {', '.join(twice)} stands twice; remove one")
    taken = [name for name in added if name in header]
    if taken:
        raise HeaderError(f"line 1: column {', '.join(taken)} would be overwritten; rename it")


def _rows(source: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """(line, row), or (line, what is wrong with it) for a line that is no CSV."""
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num + 1, error
            continue
        if row:
            yield reader.line_num + 1, row
