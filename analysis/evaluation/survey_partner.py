"""Which Selbstcheck and which survey may stand beside each other in the mirror."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from analysis.survey_wave import SurveyWave, read_wave
from survey.database import clock
from survey.questionnaires import Library
from survey.standing import GRACE
from survey.tables import invitation, wave, wave_audience

NEAR = timedelta(days=366)
"""Between the closings of two waves that stand beside each other."""

_WAVES = (
    select(
        *(wave.c.id, wave.c.slug, wave.c.mode, wave.c.sample, wave.c.unsealed),
        func.max(wave_audience.c.closes).label("closes"),
    )
    .join(wave_audience, wave_audience.c.wave_id == wave.c.id)
    .group_by(wave.c.id, wave.c.slug, wave.c.mode, wave.c.sample, wave.c.unsealed)
)
_EXTENDED = (
    select(invitation.c.wave_id, func.max(invitation.c.extended_until))
    .where(invitation.c.extended_until.is_not(None))
    .group_by(invitation.c.wave_id)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wave with the moment its last audience closes; `over`: nobody can answer it any more."""

    slug: str
    sample: bool
    closes: datetime
    over: bool


def partner(connection: Connection, library: Library, slug: str) -> str | None:
    """The wave that may stand beside this one, by its slug; None if there is none.

    Of a Selbstcheck the newest survey, of a survey the newest Selbstcheck: one that nobody can
    answer any more, that closed within a year of this one, and whose categories it shares. Sample
    waves stand beside sample waves only.
    """
    candidates = _candidates(connection)
    here = next((each for each in candidates if each.slug == slug), None)
    own = read_wave(connection, library, slug)
    if here is None or own is None:
        return None
    for each in candidates:
        near = abs(each.closes - here.closes) <= NEAR
        if each.over and near and each.sample == here.sample and each.slug != slug:
            other = read_wave(connection, library, each.slug)
            if other and other.is_survey != own.is_survey and _categories(other) & _categories(own):
                return each.slug
    return None


def _candidates(connection: Connection) -> list[Candidate]:
    """All waves, the newest closing first."""
    now = clock(connection)
    extended = {row[0]: row[1] for row in connection.execute(_EXTENDED)}
    rows = connection.execute(_WAVES).all()
    found = [Candidate(r.slug, r.sample, r.closes, _over(r, extended, now)) for r in rows]
    return sorted(found, key=lambda each: (each.closes, each.slug), reverse=True)


def _over(row: Any, extended: dict[int, datetime], now: datetime) -> bool:
    if row.mode == "anonymous":
        return row.unsealed is not None
    return bool(max(row.closes, extended.get(row.id, row.closes)) + GRACE <= now)


def _categories(found: SurveyWave) -> frozenset[str]:
    """Categories that are rated, or of a Selbstcheck scored."""
    ids: set[str] = set()
    for audience in found.audiences:
        members = audience.questionnaire.members
        scored = (category for category, questions in members.items() if questions)
        ids |= set(audience.questionnaire.rated_members if found.is_survey else scored)
    return frozenset(ids)
