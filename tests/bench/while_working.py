"""Ratio 9: what respondents notice of the worker while it makes all files of a closed wave."""

from __future__ import annotations

import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from survey import access, jobs
from survey.standing import of_wave
from survey.tables import file, job, unit, wave
from tests.bench.evaluated import CHECK, make_city
from tests.bench.http import Answer, Unexpected
from tests.bench.http import Connection as Line
from tests.bench.load import Links, OutOfLinks
from tests.bench.measure import Row, interleaved, median
from tests.bench.population import UNITS
from tests.bench.ratios import VISITORS, Bench
from tests.bench.servers import environment, service
from tests.bench.visitor import Sheet, Visitor, full_sheet
from tests.world import World, selbstcheck

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Event

MOST_SLOWER = 1.5
PAUSE = 0.05
"""Seconds a visitor rests after each page: were the machine full without the worker, nothing that
comes on top of it could be told from waiting for each other."""
PATIENCE = 900
LOOK = 0.1
OPEN = "open"

_fork = multiprocessing.get_context("fork")


class WorkerFailed(Exception):
    """The files were not made; the worker's log says why."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds of every request of one stretch of time, and how many failed."""

    milliseconds: list[float]
    errors: int
    seconds: float
    first_error: str = ""

    @property
    def p95(self) -> float:
        """Nineteen of twenty requests were faster."""
        return statistics.quantiles(self.milliseconds, n=20)[-1]


class Watched(Line):
    """A connection that notes how long each answer took, and rests afterwards."""

    def __init__(self, port: int, taken: list[float]) -> None:
        super().__init__(port)
        self._taken = taken

    def ask(self, request: bytes) -> Answer:
        """The answer; its time is noted."""
        began = time.perf_counter()
        answer = super().ask(request)
        self._taken.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
        return answer


def respondents_beside_worker(bench: Bench) -> list[Row]:
    """Ratio 9: p95 of respondents' requests while the worker makes files ÷ while it does not."""
    world = make_city(bench.new_database(), Path(tempfile.mkdtemp(dir=bench.folder)), 0)
    links = _open_wave(world, bench.invitations)
    sheet = full_sheet(selbstcheck())
    log = bench.folder / "worker.log"
    with service(world.config) as running:

        def idle() -> Waits:
            return waits(running.port, links, sheet, lambda: time.sleep(bench.seconds * 3))

        def working() -> Waits:
            with _worker(world, log) as process:
                return waits(running.port, links, sheet, lambda: _until_made(world, process, log))

        idle()
        pairs = interleaved(bench.pairs, working, idle)
    files = _made(world)
    world.close()
    every = [each for pair in pairs for each in pair]
    errors = sum(each.errors for each in every)
    first = next((each.first_error for each in every if each.first_error), "none")
    p95 = [median([each.p95 for each in side]) for side in zip(*pairs, strict=True)]
    note = bench.note(
        f"{p95[0]:.1f} and {p95[1]:.1f} ms",
        f"{files} files of a wave with {UNITS} units",
        f"made in {median([a.seconds for a, _ in pairs]):.0f} s",
        f"{VISITORS} visitors, {errors} errors ({first})",
    )
    ratios = [a.p95 / b.p95 for a, b in pairs]
    name = "9  respondents' p95 while files are made ÷ idle"
    return [Row(name, ratios, MOST_SLOWER, True, note, failed=errors > 0)]


def _open_wave(world: World, number: int) -> Links:
    """A wave that can be answered, beside the closed ones."""
    rows = [{"code": f"O {i}", "name": f"Amt {i} Musterstadt", "kind": OPEN} for i in range(number)]
    world.database.write(lambda c: c.execute(insert(unit), rows))
    world.add_wave(slug=OPEN, kinds=(OPEN,), named_kinds=(OPEN,))
    with world.database.read() as connection:
        standings = of_wave(connection, OPEN)
    key = world.config.link_key
    return Links([f"/de/l/{access.link_token(key, s.handle, 1)}".encode() for s in standings])


# --- the worker ---------------------------------------------------------------------------------


@contextmanager
def _worker(world: World, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`zugangscheck work` with one job before it, and stopped however far it is."""
    world.database.write(_order)
    program = str(Path(sys.executable).with_name("zugangscheck"))
    with log.open("wb") as target:
        process = subprocess.Popen(
            [program, "work"], env=environment(world.config), stdout=target, stderr=target
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _order(connection: Connection) -> None:
    """One job, and nothing else that waits or was left behind."""
    connection.execute(update(job).values(state="failed").where(job.c.state != "done"))
    this = connection.execute(select(wave.c.id).where(wave.c.slug == CHECK)).scalar_one()
    jobs.ask(connection, this, "files")


def _until_made(world: World, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with world.database.read() as connection:
            this = connection.execute(select(wave.c.id).where(wave.c.slug == CHECK)).scalar_one()
            latest = jobs.latest(connection, this, "files")
        if latest and latest.state == "done":
            return
        if process.poll() is not None or (latest and latest.state == "failed") or not latest:
            break
        time.sleep(LOOK)
    raise WorkerFailed(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _made(world: World) -> int:
    with world.database.read() as connection:
        return len(connection.execute(select(file.c.name)).all())


# --- the respondents ----------------------------------------------------------------------------


def waits(port: int, links: Links, sheet: Sheet, until: Callable[[], None]) -> Waits:
    """How long respondents wait for their pages while `until` has not returned."""
    over = _fork.Event()
    results: SimpleQueue[tuple[list[float], int, str]] = _fork.SimpleQueue()
    processes = [
        _fork.Process(target=_visit, args=(port, links, sheet, over, results))
        for _ in range(VISITORS)
    ]
    began = time.monotonic()
    for process in processes:
        process.start()
    try:
        until()
    finally:
        seconds = time.monotonic() - began
        over.set()
        found = [results.get() for _ in processes]
        for process in processes:
            process.join()
    return Waits(
        [each for taken, _, _ in found for each in taken],
        sum(errors for _, errors, _ in found),
        seconds,
        next((first for _, _, first in found if first), ""),
    )


def _visit(
    port: int,
    links: Links,
    sheet: Sheet,
    over: Event,
    results: SimpleQueue[tuple[list[float], int, str]],
) -> None:
    taken: list[float] = []
    errors, first = 0, ""
    while not over.is_set():
        try:
            with Watched(port, taken) as line:
                visitor = Visitor(line)
                visitor.submit(visitor.fill(visitor.begin(links.take()), sheet))
        except (Unexpected, OSError) as error:
            errors, first = errors + 1, first or f"{type(error).__name__}: {error}"
        except OutOfLinks as error:
            errors, first = errors + 1, str(error)
            break
    results.put((taken, errors, first))
