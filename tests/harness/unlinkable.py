"""Row 15: nobody who holds database, journal, backups and logs learns who wrote which sheet.

python -m tests.harness.unlinkable --waves 1000

Every attack gives each of the fourteen sheets to somebody, so by mere chance it hits once a wave.
The number of hits of a random order in that many waves is known exactly (fixed points of a
permutation); an attack counts as successful when as many hits as it had are less likely than
FALSE_ALARM divided by the number of all attacks on both databases: if nothing leaks, fewer than one
run in a thousand raises any alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from math import comb, factorial
from random import Random

import numpy as np

from tests.harness.anonymous_wave import ORGANISATIONS, Service, add_organisations, hold_wave
from tests.harness.attacker import ATTACKS, Case
from tests.harness.city import KINDS_OF_DATABASE, installation
from tests.harness.leaks import LEAKS
from tests.harness.searches import left_in_journal, sealed_orders, searches
from tests.world import World

FALSE_ALARM = 0.001
SIGNIFICANT = FALSE_ALARM / (2 * len(ATTACKS) * len(KINDS_OF_DATABASE))
"""Per attack; each is tried forwards and backwards on both databases."""
WAVES_PER_INSTALLATION = 25
"""Then a fresh one: rewriting a thousand waves' sheets after each would measure nothing new."""


@dataclass
class Verdict:
    """What the attacks achieved in some waves."""

    waves: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    finds: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    in_journal: int = 0

    def add(self, other: Verdict) -> None:
        """Put two verdicts together."""
        self.waves += other.waves
        self.hits.update(other.hits)
        self.finds.update(other.finds)
        self.orders.update(other.orders)
        self.in_journal += other.in_journal

    @property
    def found(self) -> set[str]:
        """The attacks better than chance and the searches that found something."""
        better = {name for name, n in self.hits.items() if likelihood(n, self.waves) < SIGNIFICANT}
        return {name.removesuffix(BACKWARDS) for name in better} | {
            name for name, number in self.finds.items() if number
        }

    def lines(self) -> Iterator[str]:
        """The figures, one line an attack or search."""
        for name, number in self.hits.items():
            rate = number / (self.waves * ORGANISATIONS)
            yield f"{name}: {number} hits, {rate:.4f}, p = {likelihood(number, self.waves):.3g}"
        for name, number in self.finds.items():
            yield f"search: {name}: {number}"
        for name, number in self.orders.items():
            rate = number / (self.waves * ORGANISATIONS)
            yield f"order of unreadable sheets while open: {name}: {rate:.4f}"
        yield f"sealed names and bodies left in the journal after closing: {self.in_journal}"

    def __str__(self) -> str:
        best = max(self.hits.values(), default=0) / max(self.waves * ORGANISATIONS, 1)
        return (
            f"{self.waves} waves, {len(self.hits)} attacks, best hit rate {best:.4f} "
            f"(chance {1 / ORGANISATIONS:.4f}), {sum(self.finds.values())} direct finds, "
            f"found: {', '.join(sorted(self.found)) or 'nothing'}"
        )


BACKWARDS = ", backwards"


def attack(service: Service, waves: int, seed: int) -> Verdict:
    """Hold so many waves and attack each."""
    verdict = Verdict()
    for number in range(waves):
        chance = Random(f"{seed} {number}")
        trace = hold_wave(service, _next_number(), chance)
        case = Case(trace, chance)
        verdict.waves += 1
        verdict.finds.update(searches(trace))
        verdict.orders.update(sealed_orders(trace))
        verdict.in_journal += left_in_journal(trace)
        for name, guess_by in ATTACKS.items():
            guess = guess_by(case)
            verdict.hits[name] += case.hits(guess)
            turned = {ORGANISATIONS - 1 - at: each for at, each in guess.items()}
            verdict.hits[name + BACKWARDS] += case.hits(turned)
    return verdict


_numbers = iter(range(1, sys.maxsize))


def _next_number() -> int:
    return next(_numbers)


@contextmanager
def organisations(kind: str) -> Iterator[World]:
    """An installation with the organisations, on a database as durable as in production."""
    with installation(kind, durable=True) as world:
        add_organisations(world)
        yield world


def attack_many(kind: str, waves: int, seed: int) -> Verdict:
    """So many waves, on fresh installations now and then."""
    verdict = Verdict()
    while verdict.waves < waves:
        with organisations(kind) as world:
            number = min(WAVES_PER_INSTALLATION, waves - verdict.waves)
            verdict.add(attack(Service(world), number, seed + verdict.waves))
    return verdict


# --- chance ---------------------------------------------------------------------------------------


def likelihood(hits: int, waves: int) -> float:
    """How likely a random order has at least so many hits in so many waves."""
    return min(_at_least(waves)[hits], 1.0) if hits else 1.0


@cache
def _at_least(waves: int) -> list[float]:
    one = np.array([_fixed_points(k, ORGANISATIONS) for k in range(ORGANISATIONS + 1)])
    total, power, left = np.ones(1), one, waves
    while left:
        if left & 1:
            total = np.convolve(total, power)
        power, left = np.convolve(power, power) if left > 1 else power, left >> 1
    chances: list[float] = np.cumsum(total[::-1])[::-1].tolist()
    return chances


def _fixed_points(wanted: int, size: int) -> float:
    """How likely a permutation of this size leaves so many in place."""
    rest = size - wanted
    derangements = sum((1, -1)[k % 2] * factorial(rest) // factorial(k) for k in range(rest + 1))
    return comb(size, wanted) * derangements / factorial(size)


def main() -> int:
    """Run, print the figures; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.unlinkable")
    parser.add_argument("--waves", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leak", choices=LEAKS)
    parser.add_argument("--database", choices=KINDS_OF_DATABASE)
    chosen = parser.parse_args()
    found = False
    for kind in (chosen.database,) if chosen.database else KINDS_OF_DATABASE:
        if chosen.leak:
            with organisations(kind) as world:
                verdict = attack(LEAKS[chosen.leak](world), chosen.waves, chosen.seed)
        else:
            verdict = attack_many(kind, chosen.waves, chosen.seed)
        print(f"{kind}: {verdict}")
        for line in verdict.lines():
            print(f"  {line}")
        found = found or bool(verdict.found)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
