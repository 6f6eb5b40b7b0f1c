"""What respondents wrote, sheet by sheet: the only reader of raw entries.

Named waves are read by organisation. An anonymous wave is read only once it is unsealed, in the
order of ids that are random: nothing here knows who wrote when, or beside whom.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, select, union

from analysis.audiences import read_sheets, sheet_groups
from analysis.disclosure import THRESHOLD
from analysis.survey_wave import Asked, SurveyWave, parts
from forms.definition import UNIT, Answers, AnswerValue, Question
from forms.path import entry_answers, entry_ids
from survey.tables import has_entries, invitation, remark, response, unit


class StillSealed(Exception):
    """An anonymous wave nobody may read yet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One submitted sheet; everything about who wrote it is empty in an anonymous wave.

    `number` is its place in the order of reading; `group` the title under which its audience may be
    shown; `answers` are those asked once.
    """

    number: int
    audience: str
    group: str
    code: str
    organisation: str
    branch: str
    language: str
    answers: Answers = field(repr=False)
    bands: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom an entry is about; `key` as in the answer.

    A unit has its code and name, also when another has followed it (`successor`); an option has a
    name only; neither has a unit that is not there any more (`gone`).
    """

    key: str
    code: str = ""
    name: str = ""
    successor: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sheet: answers by plain key, texts included, and what tables need of them."""

    sheet: Sheet
    number: int
    answers: Mapping[str, AnswerValue]
    concerned: tuple[Concerned, ...]
    category: str
    place: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A free text outside the entries; `question` is its answer key."""

    sheet: Sheet
    question: str
    body: str


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything that may be read; `withheld` sheets belong to units not read by name, or are too
    few to be shown."""

    sheets: tuple[Sheet, ...]
    entries: tuple[Entry, ...]
    texts: tuple[Text, ...]
    withheld: int = 0


_WHOLE = (
    select(
        response.c.id,
        response.c.audience,
        response.c.language,
        response.c.answers,
        response.c.category_bands,
        invitation.c.unit_code,
        invitation.c.unit_name,
        invitation.c.unit_kind,
        invitation.c.branch,
    )
    .select_from(response.outerjoin(invitation, invitation.c.id == response.c.invitation_id))
    # By unit and branch; without them by an id that is random, never as the rows lie.
    .order_by(invitation.c.unit_code, invitation.c.branch, response.c.id)
)
_OF_WAVE = (response.c.wave_id == bindparam("wave"), response.c.state == bindparam("state"))
_SHEETS = _WHOLE.where(*_OF_WAVE)
_REMARKS = (
    select(remark.c.response_id, remark.c.question, remark.c.body)
    .join(response, response.c.id == remark.c.response_id)
    .where(*_OF_WAVE)
)
# From the texts to their sheets, which are found by their ids: the other way every sheet is read.
_TEXTS_FIRST = (response.c.wave_id + 0 == bindparam("wave"), response.c.state == bindparam("state"))
_WRITTEN_REMARKS = (
    select(remark.c.response_id, remark.c.question, remark.c.body)
    .join(response, response.c.id == remark.c.response_id)
    .where(*_TEXTS_FIRST)
)
_WRITTEN = _WHOLE.where(
    response.c.id.in_(
        union(
            select(response.c.id).where(*_OF_WAVE, has_entries()),
            select(remark.c.response_id)
            .join(response, response.c.id == remark.c.response_id)
            .where(*_TEXTS_FIRST),
        )
    )
)
_UNITS = select(unit.c.id, unit.c.code, unit.c.name, unit.c.successor_id)


def read_entries(
    connection: Connection, wave: SurveyWave, language: str = "de", *, all_sheets: bool = True
) -> Readings:
    """Sheets, entries and free texts of a wave.

    Args:
        language: of the options' texts, where the questionnaire is offered in it.
        all_sheets: without it, anonymous sheets that say nothing in entries or texts are not read:
            of millions those few are found by an index.

    Raises:
        StillSealed: the wave is anonymous and not yet unsealed.
    """
    few = wave.anonymous and not all_sheets
    queries = (_WRITTEN_REMARKS, _WRITTEN) if few else (_REMARKS, _SHEETS)
    rows, texts = _rows(connection, wave, "submitted", *queries)
    submitted = {key: each.submitted for key, each in read_sheets(connection, wave).items()}
    shown = _shown(wave, submitted)
    # A sheet of a smaller unit was promised to be read by itself and its overseer only.
    kept = [r for r in rows if r.audience in shown and _promised(wave, r)]
    found = [(row, texts.get(row.id, {})) for row in kept]
    numbers = {key: number for key, number in submitted.items() if key in shown}
    readings = _readings(wave, language, found, _units(connection), shown, numbers)
    unshown = sum(submitted.values()) - sum(numbers.values())
    unpromised = sum(r.audience in shown and not _promised(wave, r) for r in rows)
    return replace(readings, withheld=unshown + unpromised)


def participants(wave: SurveyWave, readings: Readings) -> tuple[str, ...]:
    """The organisations of a named wave that allow to be named, each once, in the order of reading.

    No answer is no leave, and the No of one branch holds for all.
    """
    consents = {
        audience.key: {
            (q.id, q.allows_naming)
            for q in audience.questionnaire.questions.values()
            if q.allows_naming
        }
        for audience in wave.audiences
    }
    said: dict[str, set[bool]] = {}
    for sheet in readings.sheets:
        for question, yes in consents[sheet.audience]:
            answer = sheet.answers.get(question)
            if answer and sheet.organisation:
                said.setdefault(sheet.organisation, set()).add(answer == yes)
    return tuple(organisation for organisation, answers in said.items() if answers == {True})


def _promised(wave: SurveyWave, row: Any) -> bool:
    return wave.anonymous or row.unit_kind in wave.named_kinds


def _shown(wave: SurveyWave, numbers: Mapping[str, int]) -> dict[str, str]:
    """The title each audience may be shown under: too small ones only together with others."""
    titles = {audience.key: audience.title for audience in wave.audiences}
    if not wave.anonymous:
        return titles
    groups = sheet_groups(wave, numbers)
    return {key: group.title for group in groups for key in group.keys}


def read_quarantined(
    connection: Connection, wave: SurveyWave, language: str = "de"
) -> Mapping[str, Readings]:
    """What each quarantined sheet says, by response id.

    Raises:
        StillSealed: the wave is anonymous and not yet unsealed.
    """
    rows, texts = _rows(connection, wave, "quarantined")
    units = _units(connection)
    return {
        row.id: _readings(wave, language, [(row, texts.get(row.id, {}))], units, {}, {})
        for row in rows
    }


def _rows(
    connection: Connection,
    wave: SurveyWave,
    state: str,
    remarks: Executable = _REMARKS,
    sheets: Executable = _SHEETS,
) -> tuple[list[Any], dict[str, dict[str, str]]]:
    if not wave.readable:
        raise StillSealed(wave.slug)
    of_this = {"wave": wave.id, "state": state}
    texts: dict[str, dict[str, str]] = {}
    for row in connection.execute(remarks, of_this):
        texts.setdefault(row.response_id, {})[row.question] = row.body
    return list(connection.execute(sheets, of_this)), texts


def _readings(
    wave: SurveyWave,
    language: str,
    found: list[tuple[Any, dict[str, str]]],
    units: Mapping[int, Any],
    shown: Mapping[str, str],
    numbers: Mapping[str, int],
) -> Readings:
    audiences = {audience.key: audience for audience in wave.audiences}
    sheets: list[Sheet] = []
    entries: list[Entry] = []
    written: list[Text] = []
    for number, (row, texts) in enumerate(found, 1):
        sheet = _sheet(number, row, wave, shown.get(row.audience, ""))
        asked = audiences[row.audience]
        sheets.append(sheet)
        whole = {**(row.answers or {}), **texts}
        entries += _entries(sheet, asked, whole, row.id, _Names(asked, language, units))
        order = asked.questionnaire.keys
        written += [Text(sheet, key, texts[key]) for key in order if key in texts]
    if wave.anonymous and shown:
        enough = _asked_of_enough(wave, numbers)
        written = [text for text in written if text.question in enough]
    if wave.anonymous:
        # Apart from their sheet: two entries side by side need not be one person's.
        entries.sort(key=lambda entry: entry.place)
        written.sort(key=lambda text: text.body)
    return Readings(tuple(sheets), tuple(entries), tuple(written))


def _asked_of_enough(wave: SurveyWave, numbers: Mapping[str, int]) -> set[str]:
    """Questions asked of audiences with at least THRESHOLD sheets together.

    A question asked of one small audience alone would take its merged group apart again.
    """
    asked: Counter[str] = Counter()
    for audience in wave.audiences:
        for key in audience.questionnaire.keys:
            asked[key] += numbers.get(audience.key, 0)
    return {key for key, number in asked.items() if number >= THRESHOLD}


def _sheet(number: int, row: Any, wave: SurveyWave, group: str) -> Sheet:
    return Sheet(
        number=number,
        audience=row.audience,
        group=group,
        code=row.unit_code or "",
        organisation=row.unit_name or "",
        branch=row.branch or "",
        language="" if wave.anonymous else row.language or "",
        answers={key: value for key, value in (row.answers or {}).items() if "@" not in key},
        bands=row.category_bands or {},
    )


def _entries(
    sheet: Sheet, asked: Asked, whole: Answers, response_id: str, names: _Names
) -> Iterator[Entry]:
    found = parts(asked.questionnaire)
    if found is None:
        return
    for number, entry in enumerate(entry_ids(found.section, whole), 1):
        answers = entry_answers(found.section, whole, entry)
        codes = answers.get(found.concerned.id, ()) if found.concerned else ()
        yield Entry(
            sheet=sheet,
            number=number,
            answers=answers,
            concerned=tuple(names.concerned(code, found.concerned) for code in codes),
            category=str(answers.get(found.category.id, "")) if found.category else "",
            place=hashlib.sha256(f"{response_id}:{entry}".encode()).hexdigest(),
        )


def _units(connection: Connection) -> dict[int, Any]:
    return {row.id: row for row in connection.execute(_UNITS)}


@dataclass(frozen=True, slots=True)
class _Names:
    """From the codes of a `units` answer to names."""

    asked: Asked
    language: str
    units: Mapping[int, Any]

    def concerned(self, code: str, question: Question | None) -> Concerned:
        """The name behind a code."""
        if not code.startswith(UNIT):
            return Concerned(code, name=self._option(code, question))
        found = self.units.get(int(code.removeprefix(UNIT)))
        if found is None:
            return Concerned(code, gone=True)
        return Concerned(code, found.code, found.name, self._successor(found))

    def _option(self, code: str, question: Question | None) -> str:
        localised = self.asked.localised(self.language).questionnaire
        options = localised.options(localised.questions[question.id]) if question else ()
        return next((o.text for o in options if o.code == code), code)

    def _successor(self, found: Any) -> str:
        """The last in the chain of successors; a circle ends where it began."""
        passed = {found.id}
        last = found
        while last.successor_id in self.units and last.successor_id not in passed:
            passed.add(last.successor_id)
            last = self.units[last.successor_id]
        return "" if last is found else f"{last.code} {last.name}"
