"""Files of a survey to take away: a line an entry, a text, or a sheet, each with fixed columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analysis.concerned import title_of
from analysis.entries import Concerned, Readings, Sheet
from analysis.survey_wave import SurveyWave, parts
from survey.spreadsheet import BYTE_ORDER_MARK, csv_line

WHO = ("audience", "organisation_code", "organisation", "branch")
"""Who wrote; all but the audience are empty in an anonymous wave."""


def entries_csv(
    wave: SurveyWave, readings: Readings, gone: str, *, for_excel: bool
) -> Iterator[str]:
    """One line an entry.

    Args:
        gone: what stands for a unit that is not there any more.
    """
    found = [parts(audience.questionnaire) for audience in wave.audiences]
    keys = list(dict.fromkeys(key for p in found if p for key in p.section.keys))
    # In an anonymous wave nothing says which entries came on one sheet.
    place = () if wave.anonymous else ("sheet", "entry")
    columns = [*WHO, "language", *place, *keys, "concerned_codes", "concerned_names"]
    rows = (
        [
            *_who(entry.sheet),
            entry.sheet.language,
            *(() if wave.anonymous else (entry.sheet.number, entry.number)),
            *(_cell(entry.answers.get(key)) for key in keys),
            "; ".join(c.code or c.key for c in entry.concerned),
            "; ".join(_name(c, gone) for c in entry.concerned),
        ]
        for entry in readings.entries
    )
    return _lines(columns, rows, for_excel=for_excel)


def texts_csv(wave: SurveyWave, readings: Readings, *, for_excel: bool) -> Iterator[str]:
    """One line a free text outside the entries, in an anonymous wave by question."""
    texts: Iterable[Any] = readings.texts
    questions = _questions(wave)
    if wave.anonymous:
        # In whatever order they come, those of one sheet must not follow each other.
        order = list(questions)
        texts = sorted(texts, key=lambda text: order.index(text.question))
    rows = (
        [*_who(t.sheet), t.sheet.language, t.question, questions[t.question], t.body] for t in texts
    )
    columns = [*WHO, "language", "question", "question_text", "text"]
    return _lines(columns, rows, for_excel=for_excel)


def ratings_csv(wave: SurveyWave, readings: Readings, *, for_excel: bool) -> Iterator[str]:
    """One line a sheet of a named wave: every rating and the colour of every rated category."""
    asked = [audience.questionnaire for audience in wave.audiences]
    ratings = list(dict.fromkeys(key for q in asked for key in q.ratings))
    categories = list(dict.fromkeys(key for q in asked for key in q.rated_members))
    rows = (
        [
            *_who(sheet),
            *(sheet.answers.get(key) for key in ratings),
            *(sheet.bands.get(category) for category in categories),
        ]
        for sheet in readings.sheets
    )
    columns = [*WHO, *ratings, *(f"band.{category}" for category in categories)]
    return _lines(columns, rows, for_excel=for_excel)


def _lines(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, for_excel: bool
) -> Iterator[str]:
    if for_excel:
        yield BYTE_ORDER_MARK
    delimiter = ";" if for_excel else ","
    yield csv_line(columns, delimiter)
    for row in rows:
        yield csv_line(row, delimiter)


def _who(sheet: Sheet) -> tuple[str, str, str, str]:
    return sheet.group, sheet.code, sheet.organisation, sheet.branch


def _cell(given: Any) -> Any:
    return " ".join(given) if isinstance(given, list) else given


def _name(concerned: Concerned, gone: str) -> str:
    return gone if concerned.gone else title_of(concerned)


def _questions(wave: SurveyWave) -> Mapping[str, str]:
    return {
        key: question.text
        for audience in wave.audiences
        for question in audience.questionnaire.questions.values()
        for key in question.keys
    }
