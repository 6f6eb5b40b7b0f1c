"""Row 1: a server under load is killed again and again; what it acknowledged must be there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from tests.harness.city import add_offices, installation
from tests.harness.judge import Verdict, judge
from tests.harness.respondent import Door, Ledger, Respondent
from tests.harness.server import SERVE, Server, free_port
from tests.world import World

CLIENTS = 6
MASTER_EVERY = 10
"""One kill in so many takes the master instead of a worker."""
INVITATIONS_PER_KILL = 40
MOST_WAITING = 60.0
"""Seconds without any acknowledgement after which the server counts as broken."""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One run's figures."""

    database: str
    kills: int
    masters: int
    acknowledged: int
    submissions: int
    repeated: int
    strange: list[str]
    verdict: Verdict

    def __str__(self) -> str:
        return (
            f"{self.database}: {self.kills} kills ({self.masters} of the master), "
            f"{self.acknowledged} acknowledgements ({self.submissions} submissions), "
            f"{self.repeated} requests repeated: {len(self.verdict.lost)} lost, "
            f"{len(self.verdict.double)} double, {len(self.verdict.half)} half, "
            f"{len(self.strange)} unexpected answers"
        )

    @property
    def clean(self) -> bool:
        """The promise was kept and nobody saw an error."""
        return self.verdict.clean and not self.strange


class Load:
    """Respondents in threads until told to stop; every invitation belongs to one of them."""

    def __init__(self, world: World, port: int, handles: list[str], seed: int) -> None:
        self.ledgers = [Ledger(handle) for handle in handles]
        self.stopping = threading.Event()
        self._world = world
        self._port = port
        self._seed = seed
        self._waiting: Iterator[Ledger] = iter(self.ledgers)
        self._lock = threading.Lock()
        self._progress = threading.Condition(self._lock)
        self._acknowledged = 0
        self._at_work = CLIENTS

    def client(self, number: int) -> None:
        """One after another, fill invitations."""
        chance = Random(f"{self._seed} {number}")
        try:
            while not self.stopping.is_set():
                with self._lock:
                    ledger = next(self._waiting, None)
                if ledger is None:
                    return
                self._respond(ledger, chance)
        finally:
            with self._progress:
                self._at_work -= 1
                self._progress.notify_all()

    def _respond(self, ledger: Ledger, chance: Random) -> None:
        standing = self._world.standing(ledger.handle)
        root = f"/de/w/{standing.wave_slug}/{ledger.handle}"
        door = Door(self._port, root, self._world.link(ledger.handle), self.stopping)
        Respondent(door, ledger, chance, self._note).run()

    def _note(self) -> None:
        with self._progress:
            self._acknowledged += 1
            self._progress.notify_all()

    def wait_for(self, further: int) -> bool:
        """Wait for that many more acknowledgements; False when all are done or nothing moves."""
        with self._progress:
            wanted = self._acknowledged + further
            moved = self._progress.wait_for(
                lambda: self._acknowledged >= wanted or not self._at_work, MOST_WAITING
            )
            return moved and self._acknowledged >= wanted


def crash_run(
    kind: str, kills: int, *, seed: int = 0, pace: int = 100, command: tuple[str, ...] = SERVE
) -> CrashReport:
    """Kill a server that many times under load and judge what it kept.

    `pace` is the most acknowledgements between two kills.
    """
    port = free_port()
    settings = {"port": port, "public_url": f"http://127.0.0.1:{port}"}
    with installation(kind, durable=True, **settings) as world:
        handles = add_offices(world, INVITATIONS_PER_KILL * kills + CLIENTS)
        load = Load(world, port, handles, seed)
        with Server(world.config, command) as server:
            masters = _kill(server, load, kills, pace, Random(seed))
        verdict = judge(world.database, load.ledgers)
    return CrashReport(
        kind,
        kills,
        masters,
        sum(ledger.acknowledged for ledger in load.ledgers),
        sum(len(ledger.submissions) for ledger in load.ledgers),
        sum(ledger.repeated for ledger in load.ledgers),
        [line for ledger in load.ledgers for line in ledger.strange],
        verdict,
    )


def _kill(server: Server, load: Load, kills: int, pace: int, chance: Random) -> int:
    masters = done = 0
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(load.client, number) for number in range(CLIENTS)]
        try:
            while done < kills:
                if not load.wait_for(chance.randint(5, pace)):
                    break
                # A random moment within the next request, not the one just after an answer.
                load.stopping.wait(chance.random() * 0.02)
                if chance.randrange(MASTER_EVERY) == 0:
                    server.kill_master()
                    masters += 1
                elif not server.kill_worker(chance):
                    continue
                done += 1
            load.wait_for(1)
        finally:
            load.stopping.set()
        for client in clients:
            client.result()
    if done < kills:
        raise RuntimeError(f"only {done} of {kills} kills: the respondents stopped getting answers")
    return masters
