"""The answers as an SPSS file: labels, measures, user-missing values, and no text cut."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from pyreadstat.pyclasses import MissingRange

from analysis.exports import AnswerTable, ColumnType, asked_by
from analysis.files.codebook import NOT_ASKED, Codebook, Variable, free_name
from survey.locale import desk_gettext as _

LONGEST_TEXT = 32_767
LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_FILE_LABEL = 255, 120, 64
"""All in bytes of UTF-8, as SPSS counts."""
NOTE_WIDTH = 80
_MISSING: MissingRange = {"lo": -99, "hi": NOT_ASKED}
_FORMATS: dict[ColumnType, str] = {
    "code": "F8.0",
    "tick": "F8.0",
    "number": "F8.0",
    "moment": "DATETIME20",
}
_CREATED = slice(92, 109)
"""Where day and time of making stand in the file's header, 9 and 8 letters."""
# Written out: the header has English months, whatever the language of the machine.
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True, slots=True)
class _Series:
    """A variable as it is written; a long text has several."""

    name: str
    label: str
    variable: Variable
    cells: pd.Series[Any]


def sav(answers: AnswerTable, codebook: Codebook, path: Path, *, label: str, made: date) -> None:
    """Write the answers for SPSS; all of them are held at once.

    A question that was not asked is −1 and user-missing, one that was not answered system-missing.
    A text beyond 32,767 bytes goes on in further variables; a label SPSS has no room for stands in
    full in the file's note.

    Args:
        made: the day in the file's header, so that the same answers give the same file.
    """
    series = list(_all_series(answers, codebook))
    frame = pd.DataFrame({each.name: each.cells for each in series})
    coded = [each for each in series if each.variable.type in ("code", "tick")]
    pyreadstat.write_sav(
        frame,
        path,
        file_label=shortened(label, LONGEST_FILE_LABEL),
        column_labels={each.name: shortened(each.label, LONGEST_LABEL) for each in series},
        row_compress=True,
        note=list(_note(codebook, series)),
        variable_value_labels={each.name: _value_labels(each.variable) for each in coded},
        missing_ranges={each.name: [_MISSING] for each in coded if _has_missing(each.variable)},
        variable_measure={each.name: each.variable.measure for each in series},
        variable_format={
            each.name: _FORMATS[each.variable.type]
            for each in series
            if each.variable.type in _FORMATS
        },
    )
    _date(path, made)


def _all_series(answers: AnswerTable, codebook: Codebook) -> Iterator[_Series]:
    columns = list(zip(*_numbered(answers, codebook), strict=True))
    taken = {variable.spss.upper() for variable in codebook.variables}
    for place, variable in enumerate(codebook.variables):
        cells = columns[place] if columns else ()
        if variable.type != "text":
            dtype = "datetime64[ns]" if variable.type == "moment" else "float64"
            yield _Series(
                variable.spss, variable.label, variable, pd.Series(list(cells), dtype=dtype)
            )
            continue
        for number, part in enumerate(_split(cells), 1):
            name = variable.spss if number == 1 else free_name(f"{variable.spss}_{number}", taken)
            taken.add(name.upper())
            label = variable.label if number == 1 else f"({number}) {variable.label}"
            yield _Series(name, label, variable, pd.Series(part, dtype=object))


def _numbered(answers: AnswerTable, codebook: Codebook) -> Iterator[list[Any]]:
    """The rows in numbers of SPSS."""
    written = [_encoder(variable) for variable in codebook.variables]
    conditions = _conditions(answers)
    for row in answers.rows():
        cells = [write(cell) for write, cell in zip(written, row, strict=True)]
        for place, asking, enough in conditions:
            if row[place] is None and row[asking] not in enough:
                cells[place] = NOT_ASKED
        yield cells


def _encoder(variable: Variable) -> Callable[[Any], Any]:
    if variable.type == "code":
        return {value.code: value.number for value in variable.values}.get
    if variable.type == "moment":
        return lambda moment: moment.astimezone(UTC).replace(tzinfo=None) if moment else None
    return (lambda text: text or "") if variable.type == "text" else (lambda number: number)


def _conditions(answers: AnswerTable) -> list[tuple[int, int, frozenset[str]]]:
    """(place of a follow-up, place of the question that decides, its answers that lead there)."""
    columns, found = answers.columns, []
    places = {column.name: place for place, column in enumerate(columns)}
    for place, column in enumerate(columns):
        if column.question is None or column.type not in ("code", "tick"):
            continue
        asking = asked_by(answers.questionnaire, answers.questionnaire.questions[column.question])
        if asking is not None:
            found.append((place, places[asking[0]], asking[1]))
    return found


def _split(cells: Sequence[str]) -> list[list[str]]:
    """Texts in as many columns as the longest needs, never parted within a letter."""
    pieces = [list(byte_pieces(text, LONGEST_TEXT)) for text in cells]
    width = max((len(each) for each in pieces), default=1)
    return [[each[n] if n < len(each) else "" for each in pieces] for n in range(width)]


def byte_pieces(text: str, most: int) -> Iterator[str]:
    """A text in pieces of at most so many bytes of UTF-8; an empty text is one empty piece."""
    rest = text.encode()
    while len(rest) > most:
        piece = rest[:most].decode(errors="ignore")
        # SPSS fills its texts up with spaces, so spaces at the end of a piece would be lost.
        piece = piece.rstrip(" ") or piece
        yield piece
        rest = rest[len(piece.encode()) :]
    yield rest.decode()


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis, in at most so many bytes of UTF-8."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode(errors="ignore") + "…"


def _has_missing(variable: Variable) -> bool:
    return bool(variable.asked_if) or any(value.number < 0 for value in variable.values)


def _value_labels(variable: Variable) -> dict[int | float, str]:
    labels: dict[int | float, str] = {
        value.number: shortened(value.label, LONGEST_VALUE_LABEL) for value in variable.values
    }
    return {NOT_ASKED: _("nicht gefragt"), **labels} if variable.asked_if else labels


def _note(codebook: Codebook, series: Iterable[_Series]) -> Iterator[str]:
    """Lines for the file's note: what the file is, and every label that was too long in full."""
    yield from _wrapped(f"{codebook.title} ({codebook.questionnaire}, {codebook.version})")
    for each in series:
        if each.name != each.variable.spss:
            continued = _("%(name)s setzt %(first)s fort", name=each.name, first=each.variable.spss)
            yield from _wrapped(continued)
        elif len(each.label.encode()) > LONGEST_LABEL:
            yield from _wrapped(f"{each.name}: {each.label}")
        for value in each.variable.values:
            if len(value.label.encode()) > LONGEST_VALUE_LABEL:
                yield from _wrapped(f"{each.name} = {value.number}: {value.label}")


def _wrapped(text: str) -> Iterator[str]:
    # Cut by letters first, for legible lines, then by bytes, which is what the format counts.
    for line in textwrap.wrap(text, NOTE_WIDTH - 10, break_on_hyphens=False):
        yield from byte_pieces(line, NOTE_WIDTH)


def _date(path: Path, made: date) -> None:
    day = f"{made.day:02} {_MONTHS[made.month - 1]} {made.year % 100:02}00:00:00"
    with path.open("r+b") as file:
        file.seek(_CREATED.start)
        file.write(day.encode("ascii"))
