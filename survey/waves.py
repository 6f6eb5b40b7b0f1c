"""Making waves: a frozen questionnaire, a period, and a personal link for every invited unit."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from forms.definition import Mode
from survey import access
from survey.database import database_now
from survey.questionnaires import Frozen, keep
from survey.tables import invitation, unit, wave, wave_audience

SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")
OFFICES = "office"
"""The audience of a self-check."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is asked what until when; `key` stands in addresses, `last_day` is still open.

    `kinds` are the kinds of units that get a personal link.
    """

    key: str
    title: str
    frozen: Frozen
    last_day: date
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What makes a wave; `first_day` is a day in the city's time zone.

    In an anonymous wave a personal link leads to no sheet: it only takes „we have taken part".
    """

    slug: str
    title: str
    first_day: date
    audiences: Sequence[Audience]
    named_kinds: Sequence[str]
    report_names_units: bool
    staff_council_note: str
    mode: Mode = "named"
    codes_required: bool = False
    further_readers: str = ""
    previous_slug: str = ""
    sample: bool = False


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a local day: an exclusive end, right on days of 23 and 25 hours."""
    return start_of(day + timedelta(days=1), zone)


def make_wave(connection: Connection, plan: WavePlan, zone: ZoneInfo, link_key: str) -> int:
    """Store a checked plan with an invitation for every unit of the chosen kinds.

    Returns:
        The number of invitations.
    """
    previous = connection.scalar(select(wave.c.id).where(wave.c.slug == plan.previous_slug))
    key = connection.execute(
        insert(wave).values(
            slug=plan.slug,
            title=plan.title,
            mode=plan.mode,
            opens=start_of(plan.first_day, zone),
            previous_id=previous,
            named_kinds=list(plan.named_kinds),
            report_names_units=plan.report_names_units,
            staff_council_note=plan.staff_council_note,
            further_readers=plan.further_readers,
            codes_required=plan.codes_required,
            sample=plan.sample,
            created=database_now(),
        )
    ).inserted_primary_key
    wave_id = int(key[0]) if key else 0
    for position, audience in enumerate(plan.audiences):
        keep(connection, audience.frozen)
        connection.execute(
            insert(wave_audience).values(
                wave_id=wave_id,
                audience=audience.key,
                title=audience.title,
                position=position,
                questionnaire_checksum=audience.frozen.checksum,
                closes=end_of(audience.last_day, zone),
            )
        )
    rows = _invitations(connection, wave_id, plan, link_key)
    if rows:
        connection.execute(insert(invitation), rows)
    return len(rows)


def _invitations(
    connection: Connection, wave_id: int, plan: WavePlan, link_key: str
) -> list[dict[str, Any]]:
    units = {row.id: row for row in connection.execute(select(unit).order_by(unit.c.code))}
    audience_of = {kind: each.key for each in reversed(plan.audiences) for kind in each.kinds}
    found = [u for u in units.values() if u.kind in audience_of and u.successor_id is None]
    named = {each.id for each in found if each.kind in plan.named_kinds}
    rows = []
    for each in found:
        overseer = None if each.id in named else _nearest(units, each.parent_id, named)
        rows.append(
            {
                "wave_id": wave_id,
                "audience": audience_of[each.kind],
                "unit_id": each.id,
                "unit_code": each.code,
                "unit_name": each.name,
                "unit_kind": each.kind,
                "unit_staff": each.staff,
                "parent_unit_id": each.parent_id,
                "parent_name": units[each.parent_id].name if each.parent_id else "",
                "overseer_unit_id": overseer,
                "overseer_name": units[overseer].name if overseer else "",
            }
            | _new_link(link_key)
        )
    return rows


def _new_link(link_key: str) -> dict[str, str]:
    handle = access.new_handle()
    token = access.link_token(link_key, handle, 1)
    return {"handle": handle, "token_hash": access.token_hash(token)}


def add_branch_link(connection: Connection, handle: str, branch: str, link_key: str) -> str:
    """A further link of the same unit in the same wave, for a branch; returns its handle.

    The unit counts once in the return, however many of its links are answered.
    """
    row = connection.execute(select(invitation).where(invitation.c.handle == handle)).one()
    copied = (
        *("wave_id", "audience", "unit_id", "unit_code", "unit_name", "unit_kind"),
        *("unit_staff", "parent_unit_id", "parent_name", "overseer_unit_id", "overseer_name"),
    )
    link = _new_link(link_key)
    facts = {name: row._mapping[name] for name in copied}
    connection.execute(insert(invitation).values(**facts, **link, branch=branch))
    return link["handle"]


def set_closing(
    connection: Connection, wave_id: int, audience: str, last_day: date, zone: ZoneInfo
) -> None:
    """Let one audience answer until the end of another day."""
    connection.execute(
        update(wave_audience)
        .where(wave_audience.c.wave_id == wave_id, wave_audience.c.audience == audience)
        .values(closes=end_of(last_day, zone))
    )


def _nearest(units: Mapping[int, Any], start: int | None, wanted: Collection[int]) -> int | None:
    """The first of the wanted units on the way up from `start`, itself included."""
    here, passed = start, set[int]()
    while here is not None and here not in passed:
        if here in wanted:
            return here
        passed.add(here)
        here = units[here].parent_id
    return None


def reissue_link(connection: Connection, handle: str, link_key: str) -> None:
    """Make a new personal link; the old one, and every session opened by it, ends at once."""
    generation = connection.scalar(
        select(invitation.c.link_generation).where(invitation.c.handle == handle)
    )
    following = int(generation or 0) + 1
    token = access.link_token(link_key, handle, following)
    connection.execute(
        update(invitation)
        .where(invitation.c.handle == handle)
        .values(link_generation=following, token_hash=access.token_hash(token), revoked=False)
    )


def revoke_link(connection: Connection, handle: str) -> None:
    """End a personal link without a new one."""
    connection.execute(update(invitation).where(invitation.c.handle == handle).values(revoked=True))


def extend(connection: Connection, handle: str, last_day: date | None, zone: ZoneInfo) -> None:
    """Let one unit answer until the end of `last_day`; None takes the extension back."""
    until = end_of(last_day, zone) if last_day else None
    connection.execute(
        update(invitation).where(invitation.c.handle == handle).values(extended_until=until)
    )
