"""Small cities with waves of several years, written through the store, as offices do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select, update

from forms.definition import Questionnaire
from survey import store
from survey.database import clock
from survey.earlier import earlier
from survey.questionnaires import Frozen, freeze_uploaded
from survey.standing import by_handle
from survey.tables import invitation, unit, wave, wave_audience
from survey.waves import OFFICES, Audience, WavePlan, make_wave
from tests.world import World, selbstcheck

KINDS = ("amt", "eigenbetrieb", "abteilung", "sachgebiet")
MARKS = ("done", "in_progress", "open", "dropped")
YEAR = timedelta(days=365)
AGO = timedelta(days=3)
EIGHT = tuple(f"q{number}" for number in range(1, 9))


def frozen(questionnaire: Questionnaire | None = None) -> Frozen:
    """A questionnaire in German alone: what is counted does not depend on the language."""
    return freeze_uploaded(questionnaire or selbstcheck(), {})


def reworded(questionnaire: Questionnaire, question: str = "q2") -> Questionnaire:
    """The same with one statement in other words."""
    return _with_questions(
        questionnaire,
        lambda q: q.model_copy(update={"text": f"Neu: {q.text}"}) if q.id == question else q,
    )


def with_thresholds(questionnaire: Questionnaire, red: int, yellow: int) -> Questionnaire:
    """The same with other thresholds of the total."""
    assert questionnaire.bands is not None
    highest = (red, yellow, questionnaire.bands.steps[-1].highest)
    steps = tuple(
        step.model_copy(update={"highest": most})
        for step, most in zip(questionnaire.bands.steps, highest, strict=True)
    )
    return _anew(questionnaire, bands=questionnaire.bands.model_copy(update={"steps": steps}))


def _with_questions(questionnaire: Questionnaire, change: Any) -> Questionnaire:
    sections = tuple(
        section.model_copy(update={"questions": tuple(map(change, section.questions))})
        for section in questionnaire.sections
    )
    return _anew(questionnaire, sections=sections)


def _anew(questionnaire: Questionnaire, **changes: Any) -> Questionnaire:
    """Validated anew, so that nothing computed of the former one is kept."""
    changed = questionnaire.model_copy(update=changes)
    return Questionnaire.model_validate(changed.model_dump(exclude_defaults=True))


# --- writing ------------------------------------------------------------------------------------


def answered(
    connection: Connection, handle: str, asked: Frozen, sheet: Mapping[str, Any], key: str = ""
) -> None:
    """Hand a sheet in, as the pages do; what stood there before is replaced."""
    questionnaire = asked.questionnaire
    store.begin(connection, handle)
    standing = by_handle(connection, handle)
    assert standing is not None
    if standing.has_sheet:
        store.reopen(connection, handle)
        standing = by_handle(connection, handle)
    draft = (standing.draft if standing else None) or {}
    base = store.content_hash(store.part(draft, questionnaire.keys))
    store.save(connection, handle, questionnaire.keys, sheet, base)
    standing = by_handle(connection, handle)
    whole = store.content_hash((standing and standing.draft) or {})
    store.submit(connection, handle, whole, key or f"key-{handle}", questionnaire, "de")


def mark(connection: Connection, handle: str, asked: Frozen, chance: Random) -> None:
    """Say of some promises of the wave before what became of them."""
    standing = by_handle(connection, handle)
    before = earlier(connection, standing) if standing else None
    if before is None:
        return
    lines = {
        f"{question.id}:{number}": chance.choice(MARKS)
        for question in asked.questionnaire.promises()
        for number, _line in enumerate(before.texts.get(question.id, "").splitlines())
        if chance.random() < 0.7
    }
    if lines:
        held = {store.PROMISES: {"earlier": before.identity, "lines": lines}}
        store.begin(connection, handle)
        store.save(connection, handle, (store.PROMISES,), held, store.content_hash({}))


def add_units(connection: Connection, rows: Iterator[dict[str, Any]]) -> list[int]:
    """Units from rows whose `parent` is the place of another one; returns their ids."""
    ids: list[int] = []
    for row in rows:
        parent = row.pop("parent")
        values = row | {"parent_id": None if parent is None else ids[parent]}
        key = connection.execute(insert(unit).values(values)).inserted_primary_key
        ids.append(int(key[0]) if key else 0)
    return ids


def plan(slug: str, asked: Frozen, previous: str = "", **changes: Any) -> WavePlan:
    """A wave that is open now and asks every kind but the groups."""
    today = date.today()  # noqa: DTZ011  # a day of slack on either side
    given: dict[str, Any] = {
        "slug": slug,
        "title": f"Selbstcheck {slug} (Musterstadt)",
        "first_day": today - timedelta(days=10),
        "named_kinds": ("amt", "eigenbetrieb"),
        "report_names_units": False,
        "staff_council_note": "beteiligt",
        "previous_slug": previous,
    }
    kinds = changes.pop("kinds", KINDS)
    audience = Audience(OFFICES, "", asked, today + timedelta(days=30), kinds)
    return WavePlan(**given | {"audiences": (audience,)} | changes)


def close(connection: Connection, slug: str, ago: timedelta) -> None:
    """Let a wave be over since so long."""
    found = connection.scalar(select(wave.c.id).where(wave.c.slug == slug))
    closes = clock(connection) - ago
    connection.execute(
        update(wave_audience).where(wave_audience.c.wave_id == found).values(closes=closes)
    )
    connection.execute(
        update(wave).where(wave.c.id == found).values(opens=closes - timedelta(days=60))
    )
    connection.execute(
        update(invitation).where(invitation.c.wave_id == found).values(extended_until=None)
    )


# --- by hand ------------------------------------------------------------------------------------


def office(code: str, parent: int | None = None, kind: str = "amt", **more: Any) -> dict[str, Any]:
    """A row for `add_units`."""
    return {"code": code, "name": f"{kind} {code}", "kind": kind, "parent": parent, **more}


def sheet(*points: int) -> dict[str, Any]:
    """A sheet of these points, or of one for all statements."""
    given = points if len(points) == len(EIGHT) else points * len(EIGHT)
    return {q: str(p) for q, p in zip(EIGHT, given, strict=True)}


def year(
    world: World,
    slug: str,
    sheets: dict[str, dict[str, Any]],
    asked: Frozen | None = None,
    previous: str = "",
    ago: timedelta = AGO,
    **changes: Any,
) -> dict[str, str]:
    """A wave that is over, with sheets by unit code; returns the handles by code."""
    asked, config = asked or frozen(), world.config
    made = plan(slug, asked, previous, **changes)
    world.database.write(lambda c: make_wave(c, made, config.zone, config.link_key))
    handles = {s.unit_code: s.handle for s in world.standings(slug)}
    for code, answers in sheets.items():
        world.database.write(partial(answered, handle=handles[code], asked=asked, sheet=answers))
    if ago:
        world.database.write(lambda c: close(c, slug, ago))
    return handles


def build(world: World, rows: Sequence[dict[str, Any]]) -> None:
    """Put these units into an installation."""
    world.database.write(lambda c: add_units(c, iter(rows)))
