"""Ratios 6 and 7: pages of evaluations with few and with very many sheets behind them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text, update

from analysis.reading import read_evaluation
from survey import tally
from survey.database import clock
from survey.locale import speaking
from survey.services import Services
from survey.tables import wave
from tests.bench.evaluated import CHECK, SURVEY, make_city
from tests.bench.measure import Row, interleaved, median
from tests.bench.population import UNITS, YEARS
from tests.bench.ratios import Bench
from tests.client import Browser
from tests.survey.walks import sign_in
from tests.world import World

FEW = 10_000
MOST_GROWTH = 1.2
MOST_SHARE = 0.03
KEPT_MS, ANEW_MS = 10.0, 150.0
FETCHES = 5
"""Fetches of one page whose median counts in a pair."""
PAGES = {
    "Selbstcheck": (CHECK, "evaluation"),
    "survey": (SURVEY, "evaluation"),
    "Selbstcheck's return": (CHECK, ""),
    "survey's return": (SURVEY, ""),
}


@dataclass(frozen=True)
class City:
    """An installation with somebody signed in who reads its evaluations."""

    world: World
    reader: Browser

    def milliseconds(self, slug: str, page: str, *, anew: bool) -> float:
        """The median time of a page; `anew`: each time somebody has submitted in between."""
        taken = []
        address = f"/de/desk/waves/{slug}/{page}"
        for _ in range(FETCHES):
            if anew:
                self._change(slug)
            began = time.perf_counter()
            answer = self.reader.client.get(address, base_url=self.reader.base_url)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code}: {slug}/{page}")
        return median(taken)

    def _change(self, slug: str) -> None:
        """What a submission does to everything kept: the wave has another revision."""
        raised = update(wave).where(wave.c.slug == slug).values(revision=wave.c.revision + 1)
        self.world.database.write(lambda connection: connection.execute(raised))


class WrongTally(Exception):
    """The made-up population counts other answers than its sheets hold."""


def _city(bench: Bench, sheets: int) -> City:
    world = make_city(bench.new_database(), Path(bench.folder) / f"city-{sheets}", sheets)
    return City(world, sign_in(world))


# --- ratio 6 ------------------------------------------------------------------------------------


def pages_of_many(bench: Bench) -> list[Row]:
    """Ratio 6: a page with millions of sheets ÷ the page with ten thousand, and its time."""
    cities = _city(bench, bench.most), _city(bench, FEW)
    # Both are made the same way; recounting millions would take as long as all the rest.
    with cities[1].world.database.snapshot() as connection:
        if differences := tally.verify(connection):
            raise WrongTally(f"{len(differences)} differences, as {differences[0]}")
    rows = [row for page in PAGES for row in _growth(bench, cities, page)]
    for city in cities:
        city.world.close()
    return rows


def _growth(bench: Bench, cities: tuple[City, City], title: str) -> list[Row]:
    slug, page = PAGES[title]
    # Only evaluations are kept; the other pages are made for everybody who asks.
    states = (False, True) if page else (True,)
    return [row for anew in states for row in _page(bench, cities, title, slug, page, anew=anew)]


def _page(
    bench: Bench, cities: tuple[City, City], title: str, slug: str, page: str, *, anew: bool
) -> list[Row]:
    many, few = cities

    def one(city: City) -> Callable[[], float]:
        return lambda: city.milliseconds(slug, page, anew=anew)

    one(many)(), one(few)()  # templates compiled, pages of the database in memory
    pairs = interleaved(bench.pairs, one(many), one(few))
    how = "made anew" if anew else "kept"
    note = bench.note(
        f"{median([b for _, b in pairs]):.1f} ms with {FEW:,}",
        f"{UNITS} units read by name, {YEARS} years",
    )
    times = [a for a, _ in pairs]
    growth = [a / b for a, b in pairs]
    name = f"6  {title}, {how}: {bench.most:,} ÷ {FEW:,} sheets"
    most = ANEW_MS if anew else KEPT_MS
    return [
        Row(name, growth, MOST_GROWTH, True, note),
        Row(f"6  {title}, {how}: ms at {bench.most:,}", times, most, True, note, "{:.1f}"),
    ]


# --- ratio 7 ------------------------------------------------------------------------------------

COUNTED = {
    "sqlite": """
SELECT audience, key, value, count(*) FROM response JOIN json_each(response.answers)
WHERE wave_id = :this GROUP BY audience, key, value
""",
    "postgresql": """
SELECT audience, key, value, count(*) FROM response CROSS JOIN json_each_text(response.answers)
WHERE wave_id = :this GROUP BY audience, key, value
""",
}


def tally_beside_rows(bench: Bench) -> list[Row]:
    """Ratio 7: the whole evaluation of a million sheets ÷ counting their answers in bare SQL."""
    city = _city(bench, bench.stored)
    with city.world.database.snapshot() as connection:
        evaluated(city.world, connection)
        pairs = interleaved(
            bench.pairs,
            lambda: _seconds(lambda: evaluated(city.world, connection)),
            lambda: _seconds(lambda: counted(connection)),
        )
    city.world.close()
    note = bench.note(
        f"{median([a for a, _ in pairs]) * 1000:,.0f} ms",
        f"SQL {median([b for _, b in pairs]):.2f} s",
    )
    name = f"7  evaluation of {bench.stored:,} ÷ GROUP BY of their rows"
    return [Row(name, [a / b for a, b in pairs], MOST_SHARE, True, note, "{:.1%}")]


def evaluated(world: World, connection: Connection) -> object:
    """Everything there is to say about the survey; raises AssertionError if it is nothing."""
    services: Services = world.app.extensions["services"]
    zone = world.config.zone
    today = clock(connection).astimezone(zone).date()
    with speaking(world.app, "de"):
        found = read_evaluation(
            connection, services.library, SURVEY, "internal", today=today, zone=zone
        )
    assert found is not None
    assert found.sections
    return found


def counted(connection: Connection) -> list[tuple[object, ...]]:
    """How often each answer was given, read from the answers themselves."""
    [this] = connection.execute(text("SELECT id FROM wave WHERE slug = 'survey'")).scalars()
    rows = connection.execute(text(COUNTED[connection.dialect.name]), {"this": this}).all()
    assert rows
    return [tuple(row) for row in rows]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
