"""The state of a wave as far as its evaluation depends on it, in a short text.

Whoever keeps something made of a wave keeps its stamp beside it: another stamp, and it is outdated.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, bindparam, func, or_, select

from survey.over import is_over
from survey.tables import history, invitation, release, unit, wave, wave_audience

FORM = 1
"""Raised when evaluations are made differently, so that everything kept is made anew."""

_WAVES = select(
    *(wave.c.id, wave.c.slug, wave.c.title, wave.c.previous_id, wave.c.mode),
    *(wave.c.revision, wave.c.unsealed, wave.c.opens, wave.c.named_kinds),
    wave.c.report_names_units,
)
_INVITED = select(
    func.count(invitation.c.id),
    func.count(invitation.c.begun),
    func.max(invitation.c.extended_until),
    func.count().filter(invitation.c.taken_part),
).where(invitation.c.wave_id == bindparam("this"))
_CLOSES = select(wave_audience.c.audience, wave_audience.c.title, wave_audience.c.closes).where(
    wave_audience.c.wave_id == bindparam("this")
)
_DECLINED = (
    select(invitation.c.id, invitation.c.no_sheet_reason, invitation.c.no_sheet_note)
    .where(invitation.c.wave_id == bindparam("this"), invitation.c.no_sheet_reason.is_not(None))
    .order_by(invitation.c.id)
)
_FOLLOWED = (
    select(unit.c.id, unit.c.successor_id)
    .where(unit.c.successor_id.is_not(None))
    .order_by(unit.c.id)
)
# What lies above others and was not asked is shown as it is now.
_ABOVE = (
    select(
        *(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.parent_id, unit.c.staff),
    )
    .where(
        or_(
            unit.c.id.in_(select(unit.c.parent_id).where(unit.c.parent_id.is_not(None))),
            unit.c.id.in_(
                select(invitation.c.parent_unit_id).where(
                    invitation.c.wave_id == bindparam("this"),
                    invitation.c.parent_unit_id.is_not(None),
                )
            ),
        )
    )
    .order_by(unit.c.id)
)
_RELEASED = select(func.max(release.c.revision)).where(release.c.wave_id == bindparam("this"))
_ELSEWHERE = select(
    select(func.count(history.c.id)).scalar_subquery(),
    select(func.max(history.c.added)).scalar_subquery(),
)


def stamp(connection: Connection, slug: str) -> str:
    """The stamp of a wave; "" for an unknown one.

    It holds the waves before, and every wave that is closed: one of them may be its mirror.
    """
    waves = {row.id: row for row in connection.execute(_WAVES)}
    here = next((row for row in waves.values() if row.slug == slug), None)
    if here is None:
        return ""
    facts: list[object] = [FORM, tuple(here), *connection.execute(_ELSEWHERE).one()]
    chain, previous = {here.id}, here.previous_id
    while previous in waves and previous not in chain:
        chain.add(previous)
        previous = waves[previous].previous_id
    for each in waves.values():
        over = is_over(connection, each.id, each.mode, each.unsealed)
        facts += [each.id, over]
        if each.id in chain or over:
            # Beside the others only what was released may stand in what leaves the desk.
            facts.append(connection.scalar(_RELEASED, {"this": each.id}))
            facts += [each.id, each.revision, each.unsealed is not None, each.previous_id]
    invited = connection.execute(_INVITED, {"this": here.id}).one()
    closes = connection.execute(_CLOSES, {"this": here.id}).all()
    facts += [*map(tuple, closes), *invited]
    for query in (_DECLINED, _FOLLOWED, _ABOVE):
        facts.append([tuple(row) for row in connection.execute(query, {"this": here.id})])
    return hashlib.sha256(repr(facts).encode()).hexdigest()
