"""Cities made up by chance, with two or three years: every seed is another one.

Another tree, other kinds read by name, other sheets voided, moved, declined and of branches, other
successors, and a questionnaire that may have changed in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select, update

from survey import corrections, store
from survey.questionnaires import Frozen
from survey.sample import made_up_sheet
from survey.standing import Standing, of_wave
from survey.tables import unit
from survey.waves import add_branch_link, make_wave
from tests.analysis.cities import (
    KINDS,
    YEAR,
    add_units,
    answered,
    close,
    frozen,
    mark,
    plan,
    reworded,
    with_thresholds,
)
from tests.world import World, selbstcheck

REASONS = ("no_contact", "with_other", "declined", "other")
MOST_UNITS = 25


def random_city(world: World, seed: int, *, closed: bool | None = None, names: bool = True) -> str:
    """A city of this seed with two or three waves; returns the slug of the newest."""
    return _Maker(world, Random(seed), closed=closed, names=names).made()


class _Maker:
    def __init__(self, world: World, chance: Random, *, closed: bool | None, names: bool) -> None:
        self._world, self._chance, self._names = world, chance, names
        self._closed = chance.random() < 0.7 if closed is None else closed
        more = ("abteilung",) if chance.random() < 0.3 else ()
        self._named = (*more, *(("amt", "eigenbetrieb") if chance.random() < 0.8 else ("amt",)))
        # The larger the share of small units, the more there is to be hidden.
        self._weights = chance.choice(((4, 1, 1, 1), (1, 1, 4, 3)))

    def made(self) -> str:
        """Units, then year after year."""
        chance = self._chance
        number = chance.randint(1, MOST_UNITS)
        self._world.database.write(lambda c: add_units(c, self._units(number)))
        previous = ""
        years = chance.randint(2, 3)
        asked = selbstcheck()
        for year in range(years):
            if year and chance.random() < 0.4:
                asked = reworded(asked, f"q{chance.randint(1, 8)}")
            if year and chance.random() < 0.4:
                asked = with_thresholds(asked, chance.randint(9, 20), chance.randint(22, 35))
            slug = f"y{year}"
            previous = self._year(slug, previous, frozen(asked), ago=YEAR * (years - 1 - year))
        return previous

    def _units(self, number: int) -> Iterator[dict[str, Any]]:
        chance = self._chance
        groups = chance.randint(0, min(3, number - 1))
        for place in range(number):
            kind = "geschaeftsbereich"
            if place >= groups:
                kind = chance.choices(KINDS, self._weights)[0]
            parent = chance.randrange(place) if place and chance.random() < 0.8 else None
            yield {
                "code": f"M {place:02}",
                "name": f"Einheit {place:02} Musterstadt",
                "kind": kind,
                "parent": parent if place >= groups or chance.random() < 0.2 else None,
                "staff": chance.randint(1, 400) if chance.random() < 0.6 else None,
            }

    def _year(self, slug: str, previous: str, asked: Frozen, ago: timedelta) -> str:
        chance, world = self._chance, self._world
        kinds = (*KINDS, "geschaeftsbereich") if chance.random() < 0.3 else KINDS
        made = plan(
            slug,
            asked,
            previous,
            kinds=kinds,
            named_kinds=self._named,
            report_names_units=self._names,
        )
        config = world.config
        world.database.write(lambda c: make_wave(c, made, config.zone, config.link_key))
        world.database.write(lambda c: self._filled(c, slug, asked))
        if ago or self._closed:
            world.database.write(lambda c: close(c, slug, ago + timedelta(days=2)))
        world.database.write(self._changed)
        return slug

    def _filled(self, connection: Connection, slug: str, asked: Frozen) -> None:
        chance = self._chance
        for standing in of_wave(connection, slug):
            self._answer(connection, standing.handle, asked)
            if chance.random() < 0.15:
                key = self._world.config.link_key
                branch = add_branch_link(connection, standing.handle, "Außenstelle", key)
                self._answer(connection, branch, asked)
        for standing in of_wave(connection, slug):
            if standing.has_sheet and chance.random() < 0.08:
                corrections.void(connection, standing.handle, "doppelt")
            elif standing.has_sheet and chance.random() < 0.08:
                self._move(connection, slug, standing)

    def _answer(self, connection: Connection, handle: str, asked: Frozen) -> None:
        chance, kind = self._chance, self._chance.random()
        if kind < 0.08:
            store.begin(connection, handle)
            store.decline(connection, handle, chance.choice(REASONS), chance.choice(("", "Notiz")))
        elif kind < 0.14:
            store.begin(connection, handle)
        elif kind < 0.85:
            mark(connection, handle, asked, chance)
            for time in range(1 + (chance.random() < 0.1)):
                sheet = made_up_sheet(asked.questionnaire, chance, chance.uniform(1, 5))
                answered(connection, handle, asked, sheet, f"key-{handle}-{time}")

    def _move(self, connection: Connection, slug: str, standing: Standing) -> None:
        free = [
            s
            for s in of_wave(connection, slug)
            if s.response_id is None and (standing.read_by_name or not s.read_by_name)
        ]
        if free:
            corrections.move(connection, standing.handle, self._chance.choice(free).handle)

    def _changed(self, connection: Connection) -> None:
        """Between two years: moved in the tree, renamed, merged."""
        chance = self._chance
        rows = {row.id: row for row in connection.execute(select(unit))}
        for row in rows.values():
            if chance.random() < 0.1:
                # Above only what stands before: circles have a test of their own.
                parent = chance.choice([None, *(u for u in rows if u < row.id)])
                connection.execute(update(unit).where(unit.c.id == row.id).values(parent_id=parent))
            if chance.random() < 0.1:
                name = f"{row.name} neu"
                connection.execute(update(unit).where(unit.c.id == row.id).values(name=name))
            others = [u for u in rows if u > row.id]
            if others and row.kind != "geschaeftsbereich" and chance.random() < 0.08:
                following = chance.choice(others)
                connection.execute(
                    update(unit).where(unit.c.id == row.id).values(successor_id=following)
                )
