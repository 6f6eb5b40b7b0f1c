"""The ratios of docs/performance.md that need a server, each against its own denominator."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from survey import tally
from tests.bench.http import Connection
from tests.bench.load import Links, Load, Turn, fetches, flows, press
from tests.bench.measure import Row, durable_appends, interleaved, median
from tests.bench.population import Town, make_town, store_responses
from tests.bench.servers import Running, bare_flask, free_port, service
from tests.bench.visitor import Sheet, Visitor, full_sheet
from tests.world import make_config, selbstcheck

VISITORS, CROWD = 8, 128
FILES = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
KILOBYTE = 1000
MEGABYTE = 1000 * 1000
IMPORTS = (
    "import survey.cli, survey.serve, survey.schema, analysis.views\n"
    "import gunicorn.workers.gthread, sqlalchemy.dialects.{dialect}"
)


@dataclass(frozen=True)
class Bench:
    """How long and against what to measure."""

    folder: Path
    new_database: Callable[[], str]
    pairs: int
    seconds: float
    stored: int
    invitations: int
    most: int = 1_000_000

    def town(self) -> Town:
        """A new installation in a folder of its own."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return make_town(self.new_database(), folder, free_port(), self.invitations)

    @contextmanager
    def beside_bare(self) -> Iterator[tuple[Town, Running, Running]]:
        """A town, its service, and the bare page beside it."""
        town = self.town()
        bare_config = make_config("sqlite:///unused", self.folder, port=free_port())
        with service(town.config) as running, bare_flask(bare_config) as bare:
            yield town, running, bare
        town.world.close()

    def note(self, *words: str) -> str:
        """A remark below a row: the disk's bound is always part of it."""
        return "; ".join([*words, f"disk: {durable_appends(self.folder):,.0f} durable appends/s"])


def flow_beside_bare(bench: Bench) -> list[Row]:
    """Ratio 1: requests of the complete Selbstcheck ÷ requests of a bare Flask page."""
    sheet = full_sheet(selbstcheck())
    with bench.beside_bare() as (town, running, bare):
        whole = flows(running.port, Links(town.links), sheet, VISITORS)
        page = fetches(bare.port, [(b"/", b"")] * VISITORS, _requests_of(sheet))
        press(whole, 1.0), press(page, 1.0)  # every page compiled, every connection made
        pairs = interleaved(
            bench.pairs,
            lambda: press(whole, bench.seconds),
            lambda: press(page, bench.seconds),
        )
    loads, bares = [a for a, _ in pairs], [b for _, b in pairs]
    note = bench.note(
        f"{median([a.rounds_per_second for a in loads]):,.0f} flows/s",
        f"{_requests_of(sheet)} requests each",
        f"{median([a.requests_per_second for a in loads]):,.0f} requests/s",
        f"bare {median([b.requests_per_second for b in bares]):,.0f}/s",
        errors(loads + bares),
    )
    ratios = [a.requests_per_second / b.requests_per_second for a, b in pairs]
    name = "1  requests of complete flows ÷ bare Flask page"
    return [Row(name, ratios, 0.25, False, note, "{:.1%}", failed(loads + bares))]


def _requests_of(sheet: Sheet) -> int:
    """Link and button, GET and POST of each step and of the check page, and the result."""
    return 2 + 2 * len(sheet) + 2 + 1


def errors(loads: Sequence[Load]) -> str:
    """The number of errors, and the first of them in words."""
    number = sum(load.errors for load in loads)
    first = next((f" ({load.first_error})" for load in loads if load.first_error), "")
    return f"{number} errors{first}"


def failed(loads: Sequence[Load]) -> bool:
    """Whether any request failed."""
    return any(load.errors for load in loads)


def question_page_beside_bare(bench: Bench) -> list[Row]:
    """Ratio 3: a question page with session and saved draft ÷ a bare Flask page."""
    sheet = full_sheet(selbstcheck())
    with bench.beside_bare() as (town, running, bare):
        saved = [_saved_page(running.port, link, sheet) for link in town.links[:VISITORS]]
        question = fetches(running.port, saved, _requests_of(sheet))
        page = fetches(bare.port, [(b"/", b"")] * VISITORS, _requests_of(sheet))
        press(question, 1.0), press(page, 1.0)
        pairs = interleaved(
            bench.pairs,
            lambda: press(question, bench.seconds),
            lambda: press(page, bench.seconds),
        )
    ratios = [a.requests_per_second / b.requests_per_second for a, b in pairs]
    note = bench.note(
        f"{median([a.requests_per_second for a, _ in pairs]):,.0f} pages/s",
        f"bare {median([b.requests_per_second for _, b in pairs]):,.0f}/s",
        errors([load for pair in pairs for load in pair]),
    )
    wrong = failed([load for pair in pairs for load in pair])
    return [
        Row("3  question page GET ÷ bare Flask page", ratios, 0.45, False, note, "{:.1%}", wrong)
    ]


def _saved_page(port: int, link: bytes, sheet: Sheet) -> tuple[bytes, bytes]:
    """(address, cookie) of a first page that was saved; the whole draft stands in the database."""
    with Connection(port) as connection:
        visitor = Visitor(connection)
        first = visitor.begin(link)
        visitor.fill(first, sheet)
        return first, visitor.cookie


def crowded_and_stored(bench: Bench) -> list[Row]:
    """Ratio 4: with a million stored ÷ empty; 128 visitors ÷ 8 visitors."""
    sheet = full_sheet(selbstcheck())
    with ExitStack() as stack:
        towns = [bench.town(), bench.town()]
        store_responses(towns[0].world.database, bench.stored)
        full, empty = (stack.enter_context(service(town.config)) for town in towns)
        on_full = flows(full.port, Links(towns[0].links), sheet, VISITORS)
        links = Links(towns[1].links)
        on_empty = flows(empty.port, links, sheet, VISITORS)
        crowd = flows(empty.port, links, sheet, CROWD)
        press(on_full, 1.0), press(on_empty, 1.0)
        stored = _pressed(bench, on_full, on_empty)
        crowded = _pressed(bench, crowd, on_empty)
    with towns[0].world.database.snapshot() as connection:
        differences = len(tally.verify(connection))
    for town in towns:
        town.world.close()
    return [
        _submissions(bench, f"4  submissions with {bench.stored:,} stored ÷ empty", stored, 0.9,
                     f"tally: {differences} differences to a recount", differences > 0),
        _submissions(bench, "4  submissions, 128 visitors ÷ 8 visitors", crowded, 0.7, "", False),
    ]  # fmt: skip


def _pressed(
    bench: Bench, first: Sequence[Turn], second: Sequence[Turn]
) -> list[tuple[Load, Load]]:
    return interleaved(
        bench.pairs, lambda: press(first, bench.seconds), lambda: press(second, bench.seconds)
    )


def _submissions(
    bench: Bench, name: str, pairs: list[tuple[Load, Load]], goal: float, more: str, wrong: bool
) -> Row:
    loads = [load for pair in pairs for load in pair]
    numbers = [
        median([load.rounds_per_second for load in side]) for side in zip(*pairs, strict=True)
    ]
    words = [f"{numbers[0]:,.0f} and {numbers[1]:,.0f} submissions/s", errors(loads)]
    note = bench.note(*words, *([more] if more else []))
    ratios = [a.rounds_per_second / b.rounds_per_second for a, b in pairs]
    return Row(name, ratios, goal, False, note, failed=failed(loads) or wrong)


def idle_service(bench: Bench) -> list[Row]:
    """Ratio 10: memory of the idle service; time to the first answer ÷ time of the imports."""
    town = bench.town()
    dialect = "sqlite" if town.world.database.is_sqlite else "postgresql.psycopg"
    imports = [sys.executable, "-c", IMPORTS.format(dialect=dialect)]
    subprocess.run(imports, check=True)  # byte code and page cache are there for both
    pairs = interleaved(bench.pairs, lambda: _first_answer(town), lambda: _seconds(imports))
    memory = [workers for (_, workers, _), _ in pairs]
    master = median([used for (_, _, used), _ in pairs])
    seconds = [(answer, importing) for (answer, _, _), importing in pairs]
    town.world.close()
    middle = [f"{median(list(side)):.2f} s" for side in zip(*seconds, strict=True)]
    return [
        Row("10 memory of two idle workers together, MB (PSS)", memory, 120, True,
            bench.note("after a first page on each", f"their master {master:.0f} MB more"),
            "{:.0f}"),
        Row("10 first answer ÷ the imports alone", [a / b for a, b in seconds], 2, True,
            bench.note(f"{middle[0]} and {middle[1]}")),
    ]  # fmt: skip


def _first_answer(town: Town) -> tuple[float, float, float]:
    """(seconds from the start to the first page, megabytes of the two workers once both have
    answered, megabytes of their master).
    """
    began = time.monotonic()
    with service(town.config) as running:
        running.fetch(town.links[0])
        seconds = time.monotonic() - began
        _let_both_answer(running, town)
        return seconds, *proportional_memory(running.pid)


def _let_both_answer(running: Running, town: Town) -> None:
    press(fetches(running.port, [(town.links[0], b"")] * VISITORS, 5), 0.5)


def proportional_memory(master: int) -> tuple[float, float]:
    """Megabytes of a server's (workers, master); what they share is divided among them."""
    process = psutil.Process(master)
    workers = sum(each.memory_full_info().pss for each in process.children(recursive=True))
    return workers / MEGABYTE, process.memory_full_info().pss / MEGABYTE


def _seconds(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - began


def first_view(bench: Bench) -> list[Row]:
    """Ratio 11: the link page with all its files, and a question page, compressed."""
    town = bench.town()
    sheet = full_sheet(selbstcheck())
    with service(town.config) as running:
        page = running.fetch(town.links[0])
        sizes = {"link page": _compressed(page)}
        for path in dict.fromkeys(FILES.findall(page)):
            sizes[path.decode().rpartition("/")[2]] = _compressed(running.fetch(path))
        with Connection(running.port) as connection:
            visitor = Visitor(connection)
            question = visitor.get(visitor.begin(town.links[1])).body
        assert len(sheet) > 1
        sizes["question page"] = _compressed(question)
    town.world.close()
    words = [f"{name} {size:,} bytes" for name, size in sizes.items()]
    total = sum(sizes.values()) / KILOBYTE
    name = "11 first view and a question page, all files, kB (gzip)"
    return [Row(name, [total], 30, True, bench.note(*words), "{:.1f}")]


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
