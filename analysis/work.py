"""What the worker does with a job: reads, makes file after file, says how far it is, keeps them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import Connection, select
from structlog import get_logger

from analysis.counts import sheets
from analysis.exports import AnswerTable
from analysis.making import (
    LANGUAGES,
    PDF,
    Material,
    letterhead,
    make,
    orders,
    public_name,
    read_material,
)
from analysis.publishing import is_released, publish
from analysis.survey_wave import SurveyWave, read_wave
from survey import files, jobs
from survey.database import Database, clock
from survey.files import Made
from survey.jobs import Job
from survey.locale import speaking
from survey.over import is_over
from survey.services import Services
from survey.standing import by_handle
from survey.tables import wave


class NothingToMake(Exception):
    """The wave, or the unit's result, is not there any more."""


def work_off(app: Flask, database: Database, taken: Job) -> str:
    """Do a job that was taken, whatever happens to it; returns a line about it."""
    try:
        line = MAKERS[taken.kind](app, database, taken)
    except NothingToMake as gone:
        database.write(lambda c: jobs.finish(c, taken.id, "failed"))
        return f"job {taken.id}: nothing to make: {gone}"
    except Exception as error:
        # One job that fails must not keep the others waiting; it is tried again, a few times.
        get_logger().error("job_failed", job=taken.id, kind=taken.kind, exc_info=error)
        last = taken.attempts + 1 >= jobs.MOST_ATTEMPTS
        if last:
            database.write(lambda c: jobs.finish(c, taken.id, "failed"))
        else:
            database.write(lambda c: jobs.give_back(c, taken.id))
        return f"job {taken.id}: failed: {type(error).__name__}"
    database.write(lambda c: jobs.finish(c, taken.id, "done"))
    return line


# --- all files of a wave ------------------------------------------------------------------------


def _files(app: Flask, database: Database, taken: Job) -> str:
    services: Services = app.extensions["services"]
    with database.snapshot() as connection:
        found = _wave(connection, services, taken)
        over = is_over(connection, found.id, found.mode, found.unsealed)
    shown = publish(app, database, found) if over else None
    with database.snapshot() as connection:
        answers = _answers(connection, found)
        frozen = found.audiences[0].frozen
        material = read_material(app, connection, found.slug, answers, frozen)
        if material is None:
            raise NothingToMake(f"wave {taken.wave_id}")
        # What was released before stays where later numbers may not stand beside it.
        public = shown is not None and (found.is_survey or is_released(material, shown))
        kept = [] if public else _published(connection, taken.wave_id, found.slug)
    made = _made(app, database, taken, material, public=public) + kept
    database.write(lambda c: files.replace(c, taken.wave_id, made, material.stamp))
    return f"wave {found.slug}: {len(made)} files made"


def _wave(connection: Connection, services: Services, taken: Job) -> SurveyWave:
    slug = connection.scalar(select(wave.c.slug).where(wave.c.id == taken.wave_id))
    found = read_wave(connection, services.library, slug) if slug else None
    if found is None:
        raise NothingToMake(f"wave {taken.wave_id}")
    return found


def _published(connection: Connection, wave_id: int, slug: str) -> list[Made]:
    """The public files made so far."""
    names = [public_name(slug, language) for language in LANGUAGES]
    found = (files.read(connection, wave_id, name) for name in names)
    return [each for each in found if each]


def _answers(connection: Connection, found: SurveyWave) -> AnswerTable | None:
    """The named sheets; single sheets of a survey have files of their own."""
    if found.is_survey:
        return None
    read = list(sheets(connection, found.slug))
    return AnswerTable(found.audiences[0].questionnaire, lambda: read)


def _made(
    app: Flask, database: Database, taken: Job, material: Material, *, public: bool
) -> list[Made]:
    wanted = orders(material, public=public)
    made = []
    for step, order in enumerate(wanted):
        database.write(lambda c, step=step: jobs.progress(c, taken.id, step, len(wanted)))  # type: ignore[misc]  # bound at once
        made.append(make(app, order))
    database.write(lambda c: jobs.progress(c, taken.id, len(wanted), len(wanted)))
    return made


# --- one unit's result --------------------------------------------------------------------------


def _unit(app: Flask, database: Database, taken: Job) -> str:
    from analysis.documents.unit import unit_pdf  # noqa: PLC0415  # typesets: the worker's alone
    from analysis.unit_result import known_language, unit_sheet  # noqa: PLC0415

    services: Services = app.extensions["services"]
    handle, spoken, at_desk = files.parts_of(taken.subject)
    with database.snapshot() as connection:
        standing = by_handle(connection, handle)
        if standing is None or not standing.has_sheet:
            raise NothingToMake(taken.subject)
        today = clock(connection).astimezone(services.config.zone).date()
        with app.app_context():
            wanted = files.Wanted(standing, known_language(spoken), at_desk)
        with speaking(app, wanted.language):
            try:
                sheet = unit_sheet(connection, services.library, services.config, wanted, today)
            except LookupError as gone:
                raise NothingToMake(str(gone)) from gone
            content = unit_pdf(sheet, letterhead(services.config))
        mark = files.result_stamp(connection, standing)
    made = Made(wanted.name, PDF, content)
    database.write(lambda c: files.replace(c, taken.wave_id, [made], mark, taken.subject))
    return f"wave {standing.wave_slug}: one unit's result made"


MAKERS: dict[str, Callable[[Flask, Database, Job], str]] = {"files": _files, "unit": _unit}
