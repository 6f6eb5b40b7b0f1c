"""What a wave that is over tells others passes the ledger first, and is then held.

Of a survey everything is made of the numbers that were released; of a Selbstcheck the public
summary, which keeps the files of its release where later numbers may not stand beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Connection, bindparam, select

from analysis.disclosure.releases import Kind, Numbers, Release
from analysis.evaluation.sections import Evaluation, Level
from analysis.evaluation.survey_numbers import Survey, SurveyNumbers, read_survey
from analysis.evaluation.survey_whole import survey_evaluation
from analysis.held_survey import Held, dumped, rows_of
from analysis.last_release import SMALLER, last_release
from analysis.ledger import release, released, tables_of
from analysis.making import LEVELS, Material
from analysis.numbers import read_numbers
from analysis.reading import read_evaluation
from analysis.survey_wave import SurveyWave
from survey.database import Database
from survey.locale import speaking
from survey.over import is_over
from survey.services import Services
from survey.tables import wave

ENTRIES = ("concerned", "totals", "assigned", "texts", "questions")
"""Parts whose numbers are entries or texts, of which five may come from one sheet; by the beginning
of their key."""
SIZES = ("audiences", "kinds", "sources")
"""Parts that count sheets and nothing they say."""
DERIVED = "mirror"
"""The section made of two waves' numbers, each of which is released for itself."""
_REVISION = select(wave.c.revision).where(wave.c.id == bindparam("this"))


class Changed(Exception):
    """Something was handed in or corrected while the numbers were made; they are made again."""


def publish(app: Flask, database: Database, found: SurveyWave) -> Release:
    """Release what a wave that is over says, as far as it may stand beside earlier releases.

    The numbers are made while others write; the transaction that notes them is short.

    Returns:
        What is shown of the wave: this release or an earlier one.

    Raises:
        Changed: the wave is another one by now, or somebody may answer again.
    """
    with database.snapshot() as connection:
        revision = _revision(connection, found)
        before = released(connection, found.id)
        if before and before[-1].revision == revision:
            return before[-1]
        tables, numbers = _numbers(app, connection, found)

    def store(connection: Connection) -> Release:
        over = is_over(connection, found.id, found.mode, found.unsealed)
        if not over or _revision(connection, found) != revision:
            raise Changed(found.slug)
        key = app.extensions["services"].config.link_key
        return release(connection, key, found.id, revision, tables, numbers).shown

    return database.write(store)


def _revision(connection: Connection, found: SurveyWave) -> int:
    revision: int = connection.execute(_REVISION, {"this": found.id}).scalar_one()
    return revision


def _numbers(
    app: Flask, connection: Connection, found: SurveyWave
) -> tuple[dict[str, Numbers], Mapping[str, object]]:
    """The tables to be released, and what they are made of."""
    if found.is_survey:
        return _survey(app, connection, found)
    return _check(app, connection, found), {SMALLER: _smaller(app, connection, found)}


def _smaller(app: Flask, connection: Connection, found: SurveyWave) -> str:
    """The state of the smaller units' sheets when they were released first."""
    before = last_release(connection, found.id)
    if before is not None:
        return before.smaller
    library = app.extensions["services"].library
    return read_numbers(connection, library, found.id).smaller


def is_released(material: Material, shown: Release) -> bool:
    """Whether the public evaluation of a Selbstcheck says what was released, and nothing else."""
    return _tables(material.evaluations["public", "de"], "") == shown.tables


def _check(app: Flask, connection: Connection, found: SurveyWave) -> dict[str, Numbers]:
    services: Services = app.extensions["services"]
    with speaking(app, "de"):
        public = read_evaluation(
            connection,
            services.library,
            found.slug,
            "public",
            today=found.now.date(),
            zone=services.config.zone,
        )
    return _tables(public, "") if public else {}


def _survey(
    app: Flask, connection: Connection, found: SurveyWave
) -> tuple[dict[str, Numbers], Mapping[str, object]]:
    services: Services = app.extensions["services"]
    live: dict[str, SurveyNumbers] = {}
    tables: dict[str, Numbers] = {}
    for language in ("de", "en"):
        with speaking(app, language):
            numbers = read_survey(connection, services.library, found.slug, language, live=True)
            if numbers is None:
                return {}, {}
            live[language] = numbers
    with speaking(app, "de"):
        for level in LEVELS:
            said = _said(live["de"], level, found.now.date(), services.config.zone)
            tables |= _tables(said, f"{level}/")
    return tables, dumped(_held(live))


def _said(numbers: SurveyNumbers, level: Level, today: date, zone: ZoneInfo) -> Evaluation:
    return survey_evaluation(Survey(numbers, "de", level), None, today=today, zone=zone)


def _tables(said: Evaluation, before: str) -> dict[str, Numbers]:
    kinds = {part.key: _kind(part.key) for _section, part in said.parts()}
    found = tables_of(said, kinds, everything=bool(before))
    return {f"{before}{key}": n for key, n in found.items() if not key.startswith(DERIVED)}


def _kind(key: str) -> Kind:
    if key.startswith(ENTRIES):
        return "entries"
    return "sizes" if key in SIZES else "answers"


def _held(live: Mapping[str, SurveyNumbers]) -> Held:
    numbers = live["de"]
    return Held(
        revision=numbers.revision,
        returns=numbers.returns,
        sheets=dict(numbers.sheets),
        counts=rows_of(numbers.counts),
        entries={language: each.entries for language, each in live.items()},
        texts=numbers.texts,
        withheld=numbers.withheld,
    )
