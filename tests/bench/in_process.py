"""Ratio 5: what the tally adds to a submission, measured inside one process."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection

from survey import store, tally
from survey.sample import made_up_sheet
from tests.bench.measure import Row, median
from tests.bench.population import Town
from tests.bench.ratios import Bench
from tests.world import selbstcheck

QUESTIONNAIRE = selbstcheck()

Drafts = Iterator[tuple[str, str]]
"""(handle, content hash) of complete drafts nobody has submitted."""
Sheets = list[Mapping[str, Any]]


def tally_share(bench: Bench) -> list[Row]:
    """Submissions with and without the tally, in turn; what was left out is added afterwards."""
    town = bench.town()
    each = min(200, len(town.links) // (2 * bench.pairs + 2))
    drafts = iter(_drafts(town, each * (2 * bench.pairs + 2)))
    _timed(town, drafts, each)  # statements compiled, pages of the database in memory
    pairs = [_pair(town, drafts, each) for _ in range(bench.pairs)]
    with town.world.database.snapshot() as connection:
        differences = len(tally.verify(connection))
        counted = sum(tally.stored(connection).values())
    town.world.close()
    note = bench.note(
        f"{median([a for a, _ in pairs]) * 1000:.2f} ms with, "
        f"{median([b for _, b in pairs]) * 1000:.2f} ms without, durable",
        f"{counted:,} counted answers, {differences} differences to a recount",
    )
    ratios = [1 - without / whole for whole, without in pairs]
    name = "5  the tally's share of a submission, in process"
    return [Row(name, ratios, 0.15, True, note, "{:.1%}", differences > 0 or not counted)]


def _drafts(town: Town, number: int) -> list[tuple[str, str]]:
    """(handle, content hash) of so many complete drafts."""
    handles = town.world.handles[:number]
    sheets = [made_up_sheet(QUESTIONNAIRE, random.Random(i), 3) for i in range(number)]

    def save(connection: Connection) -> None:
        for handle, sheet in zip(handles, sheets, strict=True):
            store.save(connection, handle, QUESTIONNAIRE.keys, sheet, store.content_hash({}))

    town.world.database.write(save)
    return [(h, store.content_hash(s)) for h, s in zip(handles, sheets, strict=True)]


def _pair(town: Town, drafts: Drafts, number: int) -> tuple[float, float]:
    """Median seconds of a submission (with, without) the tally, submission by submission."""
    whole, without = [], []
    for _ in range(number):
        whole += _timed(town, drafts, 1)
        with _tally_put_off() as put_off:
            without += _timed(town, drafts, 1)
        town.world.database.write(partial(_count, sheets=put_off))
    return median(whole), median(without)


def _count(connection: Connection, sheets: Sheets) -> None:
    for sheet in sheets:
        tally.add(connection, sheet)


@contextmanager
def _tally_put_off() -> Iterator[Sheets]:
    counting = tally.add
    put_off: Sheets = []

    def put(connection: Connection, sheet: Mapping[str, Any]) -> None:
        del connection
        put_off.append(sheet)

    tally.add = put
    try:
        yield put_off
    finally:
        tally.add = counting


def _timed(town: Town, drafts: Drafts, number: int) -> list[float]:
    taken = []
    for _ in range(number):
        handle, base = next(drafts)
        began = time.perf_counter()
        town.world.database.write(
            lambda c: store.submit(c, handle, base, f"bench-{handle}", QUESTIONNAIRE, "de")  # noqa: B023
        )
        taken.append(time.perf_counter() - began)
    return taken
