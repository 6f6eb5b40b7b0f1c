"""Numbers by audience: sheets, who is protected, and the tally without its units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from analysis.disclosure import Group, merged
from analysis.survey_wave import Phase, SurveyWave
from survey.standing import Standing
from survey.tables import QUARANTINED, invitation, response, tally, unit
from survey.tally import SHEET

STATES = ("submitted", "begun", "no_sheet", "invited")
"""States of the return; of several links of one unit the foremost counts."""

Counts = Mapping[tuple[str, str], Counter[str]]
"""(audience, question) → value → count"""


@dataclass(frozen=True, slots=True)
class Sheets:
    """How many sheets an audience handed in; `protected`: not the city's own offices by name."""

    submitted: int
    quarantined: int
    protected: bool


@dataclass(frozen=True, slots=True)
class AudienceReturn:
    """The return of one audience, in units."""

    key: str
    title: str
    phase: Phase
    invited: int
    by_state: Mapping[str, int]
    taken_part: int


_SUBMITTED = (
    select(tally.c.audience, func.sum(tally.c.count))
    .where(tally.c.wave_id == bindparam("wave"), tally.c.question == SHEET[0])
    .group_by(tally.c.audience)
)
_QUARANTINED = (
    select(response.c.audience, func.count())
    # As in the partial index, or millions of others are passed by.
    .where(response.c.wave_id == bindparam("wave"), QUARANTINED)
    .group_by(response.c.audience)
)
_INVITED = (
    select(invitation.c.audience, invitation.c.unit_kind, unit.c.inside)
    .join(unit, unit.c.id == invitation.c.unit_id)
    .where(invitation.c.wave_id == bindparam("wave"))
    .distinct()
)
_COUNTS = (
    select(tally.c.audience, tally.c.question, tally.c.value, func.sum(tally.c.count))
    .where(tally.c.wave_id == bindparam("wave"))
    .group_by(tally.c.audience, tally.c.question, tally.c.value)
)


def read_sheets(connection: Connection, wave: SurveyWave) -> dict[str, Sheets]:
    """The sheets of every audience; none of an anonymous wave before it is unsealed."""
    submitted, aside = (
        {audience: int(number) for audience, number in connection.execute(query, {"wave": wave.id})}
        for query in (_SUBMITTED, _QUARANTINED)
    )
    own = _own_offices(connection, wave)
    return {
        a.key: Sheets(submitted.get(a.key, 0), aside.get(a.key, 0), protected=a.key not in own)
        for a in wave.audiences
    }


def _own_offices(connection: Connection, wave: SurveyWave) -> Collection[str]:
    """Audiences of nothing but the city's own units that are read by name."""
    if wave.anonymous:
        return ()
    rows = connection.execute(_INVITED, {"wave": wave.id}).all()
    named = wave.named_kinds
    others = {r.audience for r in rows if not r.inside or r.unit_kind not in named}
    return {row.audience for row in rows} - others


def read_counts(connection: Connection, wave: SurveyWave) -> Counts:
    """The tally of a wave by audience, all units together."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for audience, question, value, number in connection.execute(_COUNTS, {"wave": wave.id}):
        counts.setdefault((audience, question), Counter())[value] = int(number)
    return counts


def sheet_groups(wave: SurveyWave, sheets: Mapping[str, int]) -> tuple[Group, ...]:
    """The sheets of an anonymous wave by audience, those with fewer than THRESHOLD merged.

    None at all if even all together are fewer.
    """
    return merged([Group((a.key,), a.title, sheets.get(a.key, 0)) for a in wave.audiences])


def return_by_audience(
    wave: SurveyWave, standings: Collection[Standing]
) -> tuple[AudienceReturn, ...]:
    """Invited units and what came of it, for every audience of a wave.

    A unit with further links for its branches counts once: as submitted if any of them was.
    """
    found = []
    for audience in wave.audiences:
        units: dict[int, list[Standing]] = {}
        for standing in standings:
            if standing.audience == audience.key:
                units.setdefault(standing.unit_id, []).append(standing)
        states = Counter(_foremost(links) for links in units.values())
        found.append(
            AudienceReturn(
                key=audience.key,
                title=audience.title,
                phase=wave.phase(audience),
                invited=len(units),
                by_state={state: states[state] for state in STATES},
                taken_part=sum(any(s.taken_part for s in links) for links in units.values()),
            )
        )
    return tuple(found)


def _foremost(links: list[Standing]) -> str:
    return min((standing.return_state for standing in links), key=STATES.index)
