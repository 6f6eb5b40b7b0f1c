"""The people of the bench: fresh invitations to fill, and a million stored responses made in SQL.

Sheet number n answers statement k with the k-th digit of n to the base of five: every possible
sheet in turn, the same on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from config import Config
from survey import access
from survey.database import Database
from survey.standing import of_wave
from tests.world import World, make_world

UNITS = 300
YEARS = 10
STATEMENTS = 8
BANDS = ((18, "red"), (29, "yellow"), (40, "green"))
CATEGORIES = {"language": (1, 2, 3), "organisation": (4, 5), "sensitivity": (6, 7, 8)}


@dataclass(frozen=True)
class Town:
    """An installation with fresh invitations."""

    world: World
    links: list[bytes]

    @property
    def config(self) -> Config:
        """Its settings."""
        return self.world.config


def make_town(url: str, instance: Path, port: int, invitations: int) -> Town:
    """A migrated database with an open wave and this many unused links."""
    instance.mkdir(parents=True, exist_ok=True)
    world = make_world(url, instance, port=port, public_url=f"http://127.0.0.1:{port}")
    world.database.write(lambda c: _units(c, invitations))
    world.add_wave(slug="bench", kinds=("bench",), named_kinds=("bench",))
    with world.database.read() as connection:
        standings = of_wave(connection, "bench")
    key = world.config.link_key
    links = [f"/de/l/{access.link_token(key, s.handle, 1)}".encode() for s in standings]
    return Town(world, links)


def _units(connection: Connection, number: int) -> None:
    connection.execute(
        text(
            "INSERT INTO unit (code, name, kind) WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number) "
            "SELECT 'B ' || i, 'Amt Nummer ' || i, 'bench' FROM n"
        ),
        {"number": number},
    )


def store_responses(database: Database, number: int) -> None:
    """Fill earlier waves: UNITS units, YEARS years, as many sheets of each as make the number."""
    database.write(lambda connection: _store(connection, number))
    with database.engine.connect() as connection:
        # Planners that know nothing of a million new rows plan for an empty table.
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _store(connection: Connection, number: int) -> None:
    sqlite = connection.dialect.name == "sqlite"
    random_id = "lower(hex(randomblob(16)))" if sqlite else "md5(random()::text || n)"
    values = {"number": number, "units": UNITS, "years": YEARS}
    for statement in _SHEETS.format(random_id=random_id, **_parts(sqlite=sqlite)).split(";\n"):
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(text(statement), used)
    for question, value in _counted():
        connection.execute(text(_TALLY.format(question=question, value=value)))
    connection.execute(text("DROP TABLE sheet"))


def _parts(*, sqlite: bool) -> dict[str, str]:
    answers = ", ".join(f"(n / {5 ** (k - 1)}) % 5 + 1 AS q{k}" for k in _statements())
    document = " || ',' || ".join(f"""'"q{k}":"' || q{k} || '"'""" for k in _statements())
    points = " || ',' || ".join(f"""'"{c}":' || ({_sum(qs)})""" for c, qs in CATEGORIES.items())
    # SQLite keeps JSON as text, and its CAST would make a number of it.
    as_json = "{}" if sqlite else "CAST({} AS JSON)"
    return {
        "answers": answers,
        "document": as_json.format(f"'{{' || {document} || '}}'"),
        "points": as_json.format(f"'{{' || {points} || '}}'"),
        "total": _sum(_statements()),
        "band": _band(),
    }


def _statements() -> tuple[int, ...]:
    return tuple(range(1, STATEMENTS + 1))


def _sum(statements: tuple[int, ...]) -> str:
    return " + ".join(f"q{k}" for k in statements)


def _band() -> str:
    total = _sum(_statements())
    cases = " ".join(f"WHEN {total} <= {most} THEN '{name}'" for most, name in BANDS)
    return f"CASE {cases} END"


def _counted() -> list[tuple[str, str]]:
    """(question, SQL of its value) of everything the tally counts of a sheet."""
    return [
        *((f"q{k}", f"q{k}") for k in _statements()),
        *((f"@category:{c}", _sum(qs)) for c, qs in CATEGORIES.items()),
        ("@total", _sum(_statements())),
        ("@band", _band()),
    ]


_SHEETS = """
CREATE TEMPORARY TABLE sheet AS
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :number)
SELECT n, {random_id} AS id, n % :units AS place, (n / :units) % :years AS year, {answers}
FROM numbers;
INSERT INTO wave (slug, title, mode, opens, named_kinds, report_names_units, created)
SELECT 'year-' || years.year, 'Selbstcheck', mode, opens, named_kinds, report_names_units, created
FROM wave CROSS JOIN (SELECT DISTINCT year FROM sheet) years WHERE slug = 'bench';
INSERT INTO wave_audience (wave_id, audience, questionnaire_checksum, closes)
SELECT past.id, audience, questionnaire_checksum, closes FROM wave_audience
JOIN wave bench ON bench.id = wave_id AND bench.slug = 'bench'
CROSS JOIN wave past WHERE past.slug LIKE 'year-%';
INSERT INTO unit (code, name, kind)
SELECT DISTINCT 'P ' || place, 'Amt ' || place, 'past' FROM sheet;
INSERT INTO invitation
(wave_id, audience, unit_id, unit_code, unit_name, unit_kind, handle, token_hash, begun)
SELECT wave.id, 'office', unit.id, unit.code, unit.name, 'past', 'p' || n, sheet.id, wave.opens
FROM sheet JOIN wave ON wave.slug = 'year-' || year JOIN unit ON unit.code = 'P ' || place;
INSERT INTO response
(id, wave_id, audience, mode, invitation_id, unit_id, language, state, version, submitted,
answers, category_points, points, possible, band)
SELECT sheet.id, wave_id, 'office', 'named', invitation.id, unit_id, 'de', 'submitted', 1, begun,
{document}, {points}, {total}, 40, {band}
FROM sheet JOIN invitation ON invitation.handle = 'p' || n
"""

_TALLY = """
INSERT INTO tally (wave_id, audience, unit_id, question, value, count)
SELECT wave.id, 'office', unit.id, '{question}', CAST({value} AS VARCHAR(60)), count(*)
FROM sheet JOIN wave ON wave.slug = 'year-' || year JOIN unit ON unit.code = 'P ' || place
GROUP BY wave.id, unit.id, {value}
"""
