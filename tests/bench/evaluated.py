"""A city to evaluate: ten years of a named Selbstcheck, and an anonymous survey of any size.

The years are filled through the store, as offices fill them. The survey's sheets are made in SQL
from a thousand different ones, as unsealing leaves them; its tally is what those thousand count.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from forms.definition import Questionnaire
from forms.loader import available, load
from survey import store
from survey import tally as counts
from survey.database import database_now
from survey.questionnaires import Frozen, freeze
from survey.sample import made_up_sheet
from survey.sheet import scored_sheet
from survey.tables import invitation, response, tally, unit, wave, wave_audience
from survey.waves import Audience, end_of, start_of
from tests.bench.population import UNITS, YEARS
from tests.bench.servers import free_port
from tests.world import World, make_world, selbstcheck

AREAS, DEPARTMENTS = 8, 60
"""Geschäftsbereiche, which are not asked, and the Ämter below them; the other units are theirs."""
NAMED = ("amt", "abteilung")
"""All units are read by name: no page is longer."""
GROUPS = {"office": "amt", "provider": "traeger", "association": "verein"}
"""The survey's audiences, and the kind of units invited to each."""
ORGANISATIONS = 20
DIFFERENT = 1000
"""Sheets of the survey that differ."""
AT_ONCE = 500_000
"""Sheets stored in one transaction: a journal of all of them would be as large as the database."""

SURVEY, CHECK = "survey", f"check-{YEARS}"
"""The waves that are evaluated."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of the sheets that differ, and how many there are of it."""

    audience: str
    columns: dict[str, Any]
    number: int


def make_city(url: str, folder: Path, sheets: int) -> World:
    """An installation with ten closed years of 300 units, and so many sheets of a survey."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    world = make_world(url, folder, port=port, public_url=f"http://127.0.0.1:{port}")
    world.database.write(_units)
    for year in range(1, YEARS + 1):
        _year(world, year)
    if sheets:
        _survey(world, sheets)
    with world.database.engine.connect() as connection:
        # Planners that know nothing of a million new rows plan for an empty table.
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return world


def _units(connection: Connection) -> None:
    areas = [("geschaeftsbereich", f"GB {i}", None) for i in range(AREAS)]
    offices = [("amt", f"M {i:02}", i % AREAS) for i in range(DEPARTMENTS)]
    below = UNITS - DEPARTMENTS
    parts = [
        ("abteilung", f"M {i % DEPARTMENTS:02}.{i // DEPARTMENTS}", AREAS + i % DEPARTMENTS)
        for i in range(below)
    ]
    outside = [
        (kind, f"{kind} {i}", None) for kind in ("traeger", "verein") for i in range(ORGANISATIONS)
    ]
    rows = [
        {
            "id": number,
            "code": code,
            "name": f"{kind.capitalize()} {code} Musterstadt",
            "kind": kind,
            "parent_id": None if above is None else above + 1,
            "inside": kind not in ("traeger", "verein"),
        }
        for number, (kind, code, above) in enumerate([*areas, *offices, *parts, *outside], 1)
    ]
    connection.execute(insert(unit), rows)


# --- the Selbstcheck, year by year --------------------------------------------------------------


def _year(world: World, year: int) -> None:
    """A wave everybody answered, moved to where it lies in the past."""
    slug, questionnaire = f"check-{year}", selbstcheck()
    previous = f"check-{year - 1}" if year > 1 else ""
    handles = world.add_wave(
        slug=slug, title=f"Selbstcheck {year}", kinds=NAMED, named_kinds=NAMED,
        report_names_units=True, previous_slug=previous,
    )  # fmt: skip
    chance = random.Random(year)
    sheets = [made_up_sheet(questionnaire, chance, chance.uniform(2, 4)) for _ in handles]

    def fill(connection: Connection) -> None:
        for handle, sheet in zip(handles, sheets, strict=True):
            store.save(connection, handle, questionnaire.keys, sheet, store.content_hash({}))
            base = store.content_hash(sheet)
            store.submit(connection, handle, base, f"bench-{handle}", questionnaire, "de")
        _move_back(connection, world, slug, YEARS - year)
        _answered_before_closing(connection, slug)

    world.database.write(fill)


def _move_back(connection: Connection, world: World, slug: str, years: int) -> None:
    """Let a wave have closed so many years ago."""
    last = date.today() - timedelta(days=10 + 365 * years)  # noqa: DTZ011  # a day of slack
    zone = world.config.zone
    closes, opens = end_of(last, zone), start_of(last - timedelta(days=40), zone)
    this = _id(connection, slug)
    audiences = wave_audience.c.wave_id == this
    connection.execute(update(wave).where(wave.c.id == this).values(opens=opens))
    connection.execute(update(wave_audience).where(audiences).values(closes=closes))


def _answered_before_closing(connection: Connection, slug: str) -> None:
    this = _id(connection, slug)
    closes = connection.scalars(
        select(wave_audience.c.closes).where(wave_audience.c.wave_id == this)
    ).one()
    during = closes - timedelta(days=20)
    for table, column in ((invitation, "begun"), (response, "submitted")):
        of_wave = table.c.wave_id == this
        connection.execute(update(table).where(of_wave).values({column: during}))


def _id(connection: Connection, slug: str) -> int:
    return int(connection.execute(select(wave.c.id).where(wave.c.slug == slug)).scalar_one())


# --- the anonymous survey -----------------------------------------------------------------------


def _survey(world: World, sheets: int) -> None:
    """A survey that was unsealed, with so many sheets that rate and name no entry."""
    frozen = _asked()
    last = date.today() + timedelta(days=1)  # noqa: DTZ011  # a day of slack on either side
    world.add_wave(
        slug=SURVEY, title="Umfrage", mode="anonymous", named_kinds=(),
        audiences=tuple(Audience(k, k, frozen[k], last, (GROUPS[k],)) for k in GROUPS),
    )  # fmt: skip
    patterns = list(_patterns({k: each.questionnaire for k, each in frozen.items()}, sheets))
    for first in range(0, sheets, AT_ONCE):
        after = min(first + AT_ONCE, sheets)
        world.database.write(lambda c, f=first, a=after: _store(c, patterns, f, a))  # type: ignore[misc]  # bound at once
    world.database.write(lambda connection: _finish(connection, world, patterns))


def _asked() -> dict[str, Frozen]:
    whole = freeze(load(available()["zugangshemmnisse-2026"]))
    return {key: whole.variant(key, "anonymous") for key in GROUPS}


def _patterns(asked: dict[str, Questionnaire], sheets: int) -> Iterator[Pattern]:
    chance = random.Random(6)
    for place in range(DIFFERENT):
        audience = list(GROUPS)[place % len(GROUPS)]
        questionnaire = asked[audience]
        given = {key: chance.choice(list(worth)) for key, worth in questionnaire.ratings.items()}
        columns = scored_sheet(given, questionnaire)
        yield Pattern(audience, columns, sheets // DIFFERENT + (place < sheets % DIFFERENT))


_STORE = """
INSERT INTO response (id, wave_id, audience, mode, state, version, answers, category_bands)
WITH RECURSIVE numbers(n) AS
(SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :after)
SELECT {name}, wave.id, pattern.audience, 'anonymous', 'submitted', 1, {answers}, {bands}
FROM numbers JOIN pattern ON pattern.place = n % :different
JOIN wave ON wave.slug = 'survey'
"""


def _store(connection: Connection, patterns: list[Pattern], first: int, after: int) -> None:
    """Sheets number `first` to `after`; in this order, for random ids take hours to sort in."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        text("CREATE TEMPORARY TABLE pattern (place INTEGER PRIMARY KEY, audience TEXT, "
             "answers TEXT, bands TEXT)")
    )  # fmt: skip
    rows = [
        {
            "place": place,
            "audience": each.audience,
            "answers": json.dumps(each.columns["answers"]),
            "bands": json.dumps(each.columns["category_bands"]),
        }
        for place, each in enumerate(patterns)
    ]
    connection.execute(
        text("INSERT INTO pattern VALUES (:place, :audience, :answers, :bands)"), rows
    )
    statement = _STORE.format(
        name="printf('%032x', n)" if sqlite else "lpad(to_hex(n), 32, '0')",
        answers="answers" if sqlite else "CAST(answers AS JSON)",
        bands="bands" if sqlite else "CAST(bands AS JSON)",
    )
    used = {"first": first, "after": after, "different": DIFFERENT}
    connection.execute(text(statement), used)
    connection.execute(text("DROP TABLE pattern"))


def _finish(connection: Connection, world: World, patterns: list[Pattern]) -> None:
    """The tally of all sheets, and the wave closed a while ago and unsealed."""
    wave_id = _id(connection, SURVEY)
    rows = [
        {"a": audience, "q": question, "v": value, "n": number}
        for (audience, question, value), number in sorted(counted(patterns).items())
    ]
    counting = insert(tally).values(
        wave_id=wave_id,
        unit_id=0,
        audience=bindparam("a"),
        question=bindparam("q"),
        value=bindparam("v"),
        count=bindparam("n"),
    )
    connection.execute(counting, rows)
    _move_back(connection, world, SURVEY, 0)
    connection.execute(update(wave).where(wave.c.id == wave_id).values(unsealed=database_now()))


def counted(patterns: list[Pattern]) -> Counter[tuple[str, str, str]]:
    """(audience, question, value) → count, by the service's own rule of what a sheet counts."""
    found: Counter[tuple[str, str, str]] = Counter()
    for each in patterns:
        for question, value in counts.counted({"promise_marks": None, **each.columns}):
            found[each.audience, question, value] += each.number
    return found
