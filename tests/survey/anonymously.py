"""An open anonymous wave of two audiences, and the acts of those who answer in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from survey import anonymous, sealed, store
from survey.anonymous import Ticket
from survey.database import clock
from survey.questionnaires import Frozen, freeze
from survey.standing import Standing
from survey.tables import wave, wave_audience
from survey.waves import Audience
from tests.forms.questionnaires import tiny
from tests.world import LINK_KEY, OFFICES, World

SLUG = "stufen-2026"
AUDIENCES = ("vereine", "traeger")
DRAFT = {
    "what@01bcdf": "Eine Stufe vor der Tür",
    "place@01bcdf": ["whole", "unit:17"],
    "kind@01bcdf": "doors",
    "better": "Die Schilder",
    "front": "3",
    "back": "1",
}


def outside() -> Frozen:
    """What both audiences are asked."""
    return freeze(tiny("barriers")).variant("outside", "anonymous")


def add_anonymous_wave(world: World, slug: str = SLUG, **changes: Any) -> int:
    """Make the wave; returns its id."""
    with world.database.read() as connection:
        last = clock(connection).date() + timedelta(days=30)
    plain = Audience(AUDIENCES[0], "Vereine", outside(), last, ("amt",))
    audiences = (plain, replace(plain, key=AUDIENCES[1], title="Träger", kinds=()))
    world.add_wave(slug=slug, mode="anonymous", audiences=audiences, **changes)
    with world.database.read() as connection:
        return int(connection.scalar(select(wave.c.id).where(wave.c.slug == slug)) or 0)


def make_anonymous(world: World) -> World:
    """A city with offices and the wave."""
    world.add_units(OFFICES)
    add_anonymous_wave(world)
    return world


def wave_id(world: World, slug: str = SLUG) -> int:
    """The id of a wave."""
    with world.database.read() as connection:
        return int(connection.scalar(select(wave.c.id).where(wave.c.slug == slug)) or 0)


def ticket(world: World, audience: str = AUDIENCES[0], slug: str = SLUG) -> Ticket:
    """A fresh ticket, as „Beginnen" gives one."""
    return Ticket(slug, audience, sealed.new_ticket(LINK_KEY, wave_id(world, slug), audience))


def standing(world: World, held: Ticket) -> Standing:
    """Where the sheet of a ticket stands."""
    with world.database.read() as connection:
        found = anonymous.by_ticket(connection, held, LINK_KEY)
    assert found is not None
    return found


def save(world: World, held: Ticket, typed: dict[str, Any], base: dict[str, Any]) -> None:
    """Save one page that held `base`."""
    shown = store.content_hash(base)
    keys = tuple({**base, **typed})
    world.database.write(lambda c: anonymous.save(c, held, LINK_KEY, keys, typed, shown))


def submit(world: World, held: Ticket, draft: dict[str, Any], suspicion: str = "") -> None:
    """Hand in what the check page showed as `draft`."""
    asked, base = outside().questionnaire, store.content_hash(draft)
    world.database.write(
        lambda c: anonymous.submit(c, held, LINK_KEY, base, asked, suspicion=suspicion)
    )


def hand_in(world: World, audience: str = AUDIENCES[0], **changes: Any) -> Ticket:
    """A whole sheet; `suspicion` beside the answers."""
    suspicion = changes.pop("suspicion", "")
    held, draft = ticket(world, audience), DRAFT | changes
    save(world, held, draft, {})
    submit(world, held, draft, suspicion)
    return held


def close(world: World, *closed: timedelta) -> None:
    """Let the audiences have closed this long ago, in order; the last stands for the others."""
    with world.database.read() as connection:
        now = clock(connection)
    for at, audience in enumerate(AUDIENCES):
        set_closes(world, audience, now - closed[min(at, len(closed) - 1)])


def set_closes(world: World, audience: str, moment: datetime) -> None:
    """Put one audience's closing to a moment."""
    world.database.write(
        lambda c: c.execute(
            update(wave_audience)
            .where(wave_audience.c.wave_id == wave_id(world), wave_audience.c.audience == audience)
            .values(closes=moment)
        )
    )
