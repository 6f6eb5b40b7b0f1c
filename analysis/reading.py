"""A wave's evaluation, read and put together in one snapshot, whatever instrument it belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analysis.evaluation.mirror import read_mirror, read_survey_mirror
from analysis.evaluation.office import Wave
from analysis.evaluation.sections import Evaluation, Level
from analysis.evaluation.survey_numbers import Survey, read_survey
from analysis.evaluation.survey_whole import survey_evaluation
from analysis.evaluation.whole import evaluation
from analysis.numbers import Chain, read_chain
from analysis.promised import read_promises
from survey.locale import current
from survey.questionnaires import Library


def read_evaluation(
    connection: Connection,
    library: Library,
    slug: str,
    level: Level,
    *,
    today: date,
    zone: ZoneInfo,
) -> Evaluation | None:
    """What a wave says to readers of a level, in the language spoken now; None if there is none.

    Args:
        connection: a snapshot, so that all numbers are of one moment.
    """
    language = current().code
    numbers = read_survey(connection, library, slug, language)
    if numbers is not None:
        mirror = read_survey_mirror(connection, library, numbers, language, level)
        survey = Survey(numbers, language, level)
        return survey_evaluation(survey, mirror, today=today, zone=zone)
    chain = read_chain(connection, library, slug)
    if chain is None:
        return None
    if level == "public":
        chain = _as_published(chain)
    made = read_promises(connection, chain)
    mirror = read_mirror(connection, library, chain, language, level)
    return evaluation(Wave(chain, language, level), made, mirror, today=today, zone=zone)


def _as_published(chain: Chain) -> Chain:
    """The chain with those earlier waves that still are as they were published.

    Another number for an earlier year, beside its own publication, would tell of whoever was
    corrected in between.
    """
    before = tuple(each for each in chain.before if each.published)
    return replace(chain, before=before)
