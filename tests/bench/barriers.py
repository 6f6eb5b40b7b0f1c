"""The barrier survey: complete flows, by personal link and by the open address, beside a bare page.

The plan sets no goal for these; the goals here are this project's own (docs/performance.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import randrange

from sqlalchemy import update

from forms.definition import Mode, Questionnaire
from forms.loader import available, load
from survey import access
from survey.questionnaires import Frozen, freeze
from survey.standing import of_wave
from survey.tables import unit
from survey.waves import Audience
from tests.bench.http import Connection, Unexpected
from tests.bench.load import Links, Turn, fetches, press
from tests.bench.measure import Row, interleaved, median
from tests.bench.population import Town
from tests.bench.ratios import VISITORS, Bench, errors, failed
from tests.bench.visitor import Sheet, Visitor, full_sheet

GOALS: dict[Mode, float] = {"named": 0.15, "anonymous": 0.10}
CITY = 60
"""Units to choose from as concerned: a large city's offices. The others are outside."""
ENTRY_LINK = re.compile(rb'href="([^"]+/[0-9]{2}[a-z]{4})"')
DONE = b"Danke, Ihr Bogen ist abgegeben."


def barrier_flows(bench: Bench) -> list[Row]:
    """Ratio 13: requests of complete barrier surveys ÷ requests of a bare Flask page."""
    return [_flows(bench, mode) for mode in GOALS]


def _flows(bench: Bench, mode: Mode) -> Row:
    frozen = freeze(load(available()["zugangshemmnisse-2026"])).variant("association", mode)
    sheet, entry = _sheet(frozen.questionnaire), _entry(frozen.questionnaire)
    with bench.beside_bare() as (town, running, bare):
        take = _starts(town, mode, frozen)
        turns: list[Turn] = [lambda: _flow(running.port, take(), sheet, entry)] * VISITORS
        requests = turns[0]()
        page = fetches(bare.port, [(b"/", b"")] * VISITORS, requests)
        press(turns, 1.0), press(page, 1.0)
        pairs = interleaved(
            bench.pairs, lambda: press(turns, bench.seconds), lambda: press(page, bench.seconds)
        )
    loads = [load for pair in pairs for load in pair]
    note = bench.note(
        f"{median([a.rounds_per_second for a, _ in pairs]):,.0f} flows/s",
        f"{requests} requests each",
        errors(loads),
    )
    ratios = [a.requests_per_second / b.requests_per_second for a, b in pairs]
    name = f"13 requests of {mode} barrier flows ÷ bare Flask page"
    return Row(name, ratios, GOALS[mode], False, note, "{:.1%}", failed(loads))


def _sheet(questionnaire: Questionnaire) -> Sheet:
    """The answers of every section that stands on one page."""
    once = [section.id.encode() for section in questionnaire.sections if not section.repeat]
    return {step: fields for step, fields in full_sheet(questionnaire).items() if step in once}


def _entry(questionnaire: Questionnaire) -> bytes:
    """One barrier, as its page sends it."""
    [repeating] = [section for section in questionnaire.sections if section.repeat]
    return full_sheet(questionnaire)[repeating.id.encode()]


def _starts(town: Town, mode: Mode, frozen: Frozen) -> Callable[[], bytes]:
    """What gives every flow an address to begin at."""
    last = date.today() + timedelta(days=30)  # noqa: DTZ011  # a day of slack on either side
    kinds = ("bench",) if mode == "named" else ()
    audience = Audience("all", "Vereine", frozen, last, kinds)
    town.world.database.write(lambda c: c.execute(update(unit).values(inside=unit.c.id <= CITY)))
    town.world.add_wave(slug="barriers", mode=mode, named_kinds=kinds, audiences=(audience,))
    if mode == "anonymous":
        return lambda: b"/de/o/barriers/all"
    with town.world.database.read() as connection:
        standings = of_wave(connection, "barriers")
    key = town.config.link_key
    paths = [f"/de/l/{access.link_token(key, s.handle, 1)}".encode() for s in standings]
    return Links(paths).take


def _flow(port: int, start: bytes, sheet: Sheet, entry: bytes) -> int:
    """A fresh visitor from the first page to the thanks; returns the number of requests."""
    # Each from an address of its own: what one connection may begin in an hour is limited.
    source = f"127.{randrange(1, 255)}.{randrange(256)}.{randrange(1, 255)}"
    with Connection(port, source) as connection:
        visitor = Visitor(connection)
        listed = visitor.begin(start)
        fresh = ENTRY_LINK.search(visitor.get(listed).body)
        if fresh is None:
            raise Unexpected("no way to a first entry")
        listed = visitor.post(fresh[1], visitor.get(fresh[1]), entry)
        visitor.get(listed)
        root = listed.rpartition(b"/")[0]
        check = visitor.fill(root + b"/" + next(iter(sheet)), sheet)
        done = visitor.get(visitor.post(check, visitor.get(check), b""))
        if DONE not in done.body or visitor.pages != list(sheet):
            raise Unexpected(f"no thanks after {visitor.pages}")
        return visitor.requests
