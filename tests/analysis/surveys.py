"""Barrier surveys to read: a city with associations, sheets handed in by name or unsealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, insert, select, update

from forms.definition import Mode
from survey import store, tally
from survey.database import database_now
from survey.questionnaires import Frozen, freeze
from survey.sheet import scored_sheet
from survey.tables import remark, response, unit, wave
from survey.waves import Audience
from tests.conftest import MakeWorld
from tests.forms.questionnaires import tiny
from tests.world import OFFICES, World

SLUG = "stufen-2026"
PAGE = f"/de/desk/waves/{SLUG}/"
ASSOCIATIONS = tuple((f"V{n}", f"Verein {n}", "verein", "") for n in range(1, 8))
PROVIDERS = tuple((f"T{n}", f"Träger {n}", "traeger", "") for n in range(1, 4))
KINDS = ("amt", "eigenbetrieb", "verein", "traeger")


@cache
def asked(variant: str, mode: Mode) -> Frozen:
    """The tiny barrier questionnaire as one audience gets it."""
    return freeze(tiny("barriers")).variant(variant, mode)


def survey(new_world: MakeWorld, mode: Mode = "named", **changes: Any) -> World:
    """A city whose offices, associations and providers are asked."""
    world = new_world()
    world.add_units([*OFFICES, *ASSOCIATIONS, *PROVIDERS])
    outside = unit.c.kind.in_(("verein", "traeger"))
    world.database.write(lambda c: c.execute(update(unit).where(outside).values(inside=False)))
    last_day = date.today() + timedelta(days=30)  # noqa: DTZ011  # a day of slack on either side
    audiences = [
        Audience("office", "Ämter", asked("inside", mode), last_day, ("amt", "eigenbetrieb")),
        Audience("association", "Vereine", asked("outside", mode), last_day, ("verein",)),
        Audience("provider", "Träger", asked("outside", mode), last_day, ("traeger",)),
    ]
    given = {"slug": SLUG, "title": "Stufen 2026", "mode": mode, "named_kinds": KINDS}
    world.add_wave(**given | {"audiences": audiences} | changes)
    return world


def handle_of(world: World, code: str, branch: str = "") -> str:
    """The link of a unit."""
    found = (s for s in world.standings(SLUG) if (s.unit_code, s.branch) == (code, branch))
    return next(found).handle


def unit_code(world: World, code: str) -> str:
    """A unit as an answer names it."""
    with world.database.read() as connection:
        return f"unit:{connection.scalar(select(unit.c.id).where(unit.c.code == code))}"


def entry(number: int, **answers: Any) -> dict[str, Any]:
    """The answers of an entry as a sheet holds them."""
    return {f"{key}@{number:02}bcdf": value for key, value in answers.items()}


def hand_in(world: World, handle: str, answers: Mapping[str, Any]) -> None:
    """Save and submit a sheet by its link, as the pages do."""
    standing = world.standing(handle)

    def work(connection: Connection) -> None:
        questionnaire = world.app.extensions["services"].library.stored(
            connection, standing.checksum
        )
        keys = tuple(answers)
        store.save(connection, handle, keys, answers, store.content_hash({}))
        base = store.content_hash(answers)
        store.submit(connection, handle, base, token_hex(8), questionnaire.questionnaire, "ar")

    world.database.write(work)


def unseal(
    world: World,
    sheets: Sequence[tuple[str, Mapping[str, Any]]],
    quarantined: Sequence[tuple[str, Mapping[str, Any]]] = (),
) -> list[str]:
    """Put (audience, answers) into an anonymous wave as unsealing does; ids of the quarantined."""
    variants = {"office": "inside", "association": "outside", "provider": "outside"}
    ids = []

    def work(connection: Connection) -> None:
        wave_id = connection.scalar(select(wave.c.id).where(wave.c.slug == SLUG))
        connection.execute(update(wave).where(wave.c.id == wave_id).values(unsealed=database_now()))
        for suspicion, given in [("", s) for s in sheets] + [("many", s) for s in quarantined]:
            audience, answers = given
            questionnaire = asked(variants[audience], "anonymous").questionnaire
            sheet = scored_sheet(answers, questionnaire)
            texts = sheet.pop("texts")
            place = {"wave_id": wave_id, "audience": audience, "unit_id": None}
            row = {**sheet, **place, "id": token_hex(16), "mode": "anonymous", "version": 1}
            row["state"] = "quarantined" if suspicion else "submitted"
            row["void_reason"] = suspicion or None
            connection.execute(insert(response).values(**row))
            for question, body in texts:
                connection.execute(
                    insert(remark).values(response_id=row["id"], question=question, body=body)
                )
            if suspicion:
                ids.append(row["id"])
            else:
                tally.add(connection, {**row, "promise_marks": None})

    world.database.write(work)
    return ids
