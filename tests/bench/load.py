"""Many visitors at once, each a process of its own, so that they share no lock with each other."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from tests.bench.http import Connection, Unexpected, get
from tests.bench.visitor import Sheet, whole_flow

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

_fork = multiprocessing.get_context("fork")
START_PATIENCE = 60

Turn = Callable[[], int]
"""One round of a visitor; returns the number of requests it made."""


class OutOfLinks(Exception):
    """The bench population has no fresh invitation left; make it larger."""


@dataclass(frozen=True, slots=True)
class Visits:
    """What one visitor did: rounds, requests, errors, and when it ended."""

    rounds: int
    requests: int
    errors: int
    ended: float
    first_error: str


@dataclass(frozen=True, slots=True)
class Load:
    """What all visitors did together."""

    rounds: int
    requests: int
    errors: int
    seconds: float
    first_error: str

    @property
    def requests_per_second(self) -> float:
        """Requests of finished rounds a second."""
        return self.requests / self.seconds

    @property
    def rounds_per_second(self) -> float:
        """Finished rounds (flows) a second."""
        return self.rounds / self.seconds


class Links:
    """Personal links, each handed out once, across processes."""

    def __init__(self, paths: Sequence[bytes]) -> None:
        self._paths = paths
        self._next: Synchronized[int] = _fork.Value("i", 0)

    def take(self) -> bytes:
        """A link nobody has used. Raises OutOfLinks."""
        with self._next.get_lock():
            number = self._next.value
            self._next.value += 1
        if number >= len(self._paths):
            raise OutOfLinks(f"all {len(self._paths)} links are used")
        return self._paths[number]


def press(turns: Sequence[Turn], seconds: float) -> Load:
    """Let every visitor take turns for so long; a round begun in time is finished and counted."""
    results: SimpleQueue[Visits] = _fork.SimpleQueue()
    barrier = _fork.Barrier(len(turns) + 1)
    processes = [
        _fork.Process(target=_visit, args=(turn, seconds, barrier, results)) for turn in turns
    ]
    for process in processes:
        process.start()
    barrier.wait(START_PATIENCE)
    began = time.monotonic()
    visits = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return Load(
        rounds=sum(v.rounds for v in visits),
        requests=sum(v.requests for v in visits),
        errors=sum(v.errors for v in visits),
        seconds=max(v.ended for v in visits) - began,
        first_error=next((v.first_error for v in visits if v.first_error), ""),
    )


def _visit(turn: Turn, seconds: float, barrier: Barrier, results: SimpleQueue[Visits]) -> None:
    rounds = requests = errors = 0
    first_error = ""
    barrier.wait(START_PATIENCE)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            requests += turn()
            rounds += 1
        except (Unexpected, OSError) as error:
            errors += 1
            first_error = first_error or f"{type(error).__name__}: {error}"
        except OutOfLinks as error:
            errors, first_error = errors + 1, str(error)
            break
    results.put(Visits(rounds, requests, errors, time.monotonic(), first_error))


def flows(port: int, links: Links, sheet: Sheet, visitors: int) -> list[Turn]:
    """Visitors who each fill one fresh Selbstcheck after the other."""
    return [lambda: whole_flow(port, links.take(), sheet)] * visitors


def fetches(port: int, paths: Sequence[tuple[bytes, bytes]], times: int) -> list[Turn]:
    """One visitor for each (path, cookie), who fetches it `times` times on every connection.

    A flow makes as many requests on its connection, so both sides pay the same for connections.
    """

    def fetch(request: bytes) -> int:
        with Connection(port) as connection:
            for _ in range(times):
                status = connection.ask(request).status
                if status != 200:
                    raise Unexpected(str(status))
        return times

    def turn(path: bytes, cookie: bytes) -> Turn:
        request = get(path, cookie)
        return lambda: fetch(request)

    return [turn(path, cookie) for path, cookie in paths]
