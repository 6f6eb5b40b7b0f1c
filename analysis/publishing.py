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

from analysis.disclosure.releases import Kind, Numbers, Release, Verdict
from analysis.evaluation.sections import Evaluation, Level
from analysis.evaluation.survey_numbers import Survey, SurveyNumbers, read_survey
from analysis.evaluation.survey_whole import survey_evaluation
from analysis.held_survey import Held, dumped, rows_of
from analysis.ledger import release, tables_of
from analysis.making import LEVELS, Material
from analysis.reading import read_evaluation
from analysis.survey_wave import SurveyWave
from survey.locale import speaking
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


def publish(app: Flask, connection: Connection, found: SurveyWave) -> Verdict:
    """Release what a wave that is over says, as far as it may stand beside earlier releases.

    To be called in a write transaction.
    """
    services: Services = app.extensions["services"]
    revision: int = connection.execute(_REVISION, {"this": found.id}).scalar_one()
    if found.is_survey:
        tables, numbers = _survey(app, connection, found)
    else:
        tables, numbers = _check(app, connection, found), {}
    return release(connection, services.config.link_key, found.id, revision, tables, numbers)


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
