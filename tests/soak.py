"""`make soak`: the reliability harnesses with new seeds for as long as wanted.

python -m tests.soak --minutes 60
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count, islice

from tests.harness.anonymous_wave import Service
from tests.harness.bursts import BURST, PAIR, BurstReport, submit_at_once
from tests.harness.city import KINDS_OF_DATABASE, add_offices, installation
from tests.harness.colleagues import work_together
from tests.harness.scores import Scored, score_by_command, with_blanks
from tests.harness.siege import Siege
from tests.harness.unlinkable import Verdict, attack, organisations

ALL_BLANKS_FROM = 5.0
"""Minutes from which on all 1,679,616 sheets with blanks are scored, not a hundredth of them."""
INVITATIONS_PER_MINUTE = 1500
PROBLEMS_SHOWN = 20


class Soak:
    """Two installations, one a kind of database, and what was found in them."""

    def __init__(self, stack: ExitStack, minutes: float, seed: int) -> None:
        self.ends = time.monotonic() + 60 * minutes
        self.problems: list[str] = []
        self.runs = 0
        self.bursts = {kind: BurstReport() for kind in KINDS_OF_DATABASE}
        self._seed = seed
        self._worlds = {k: stack.enter_context(installation(k)) for k in KINDS_OF_DATABASE}
        self._siege = Siege([stack.enter_context(installation(k)) for k in KINDS_OF_DATABASE])
        self.anonymous = {kind: Verdict() for kind in KINDS_OF_DATABASE}
        self._cities = {k: stack.enter_context(organisations(k)) for k in KINDS_OF_DATABASE}
        self._handles: dict[str, Iterator[str]] = {
            kind: iter(add_offices(world, int(INVITATIONS_PER_MINUTE * minutes) + 500))
            for kind, world in self._worlds.items()
        }

    def go(self) -> None:
        """Round after round until the time is over."""
        for round_number in count():
            for part in (self._storm, self._submit, self._work, self._unlink):
                if time.monotonic() > self.ends:
                    return
                part(self._seed + round_number)

    def _storm(self, seed: int) -> None:
        self._siege.storm(200, seed)

    def _submit(self, _seed: int) -> None:
        for kind, world in self._worlds.items():
            for size, sheets in ((PAIR, 20), (BURST, 2)):
                handles = list(islice(self._handles[kind], sheets))
                found = submit_at_once(world, handles, size)
                self.bursts[kind].submissions += found.submissions
                self.bursts[kind].invitations += found.invitations
                self.bursts[kind].problems += found.problems

    def _work(self, _seed: int) -> None:
        for kind, world in self._worlds.items():
            try:
                work_together(
                    world, partial(next, self._handles[kind]), 20, steps=40, repeatable=False
                )
                self.runs += 20
            except AssertionError as loss:
                # Its steps with it: another seed would not find the same.
                steps = "".join(traceback.format_exception(loss)[-40:])
                self.problems.append(f"{kind}: colleagues: {steps}")

    def _unlink(self, seed: int) -> None:
        for kind, world in self._cities.items():
            self.anonymous[kind].add(attack(Service(world), 2, seed))

    def lines(self) -> Iterator[str]:
        """The figures."""
        yield f"malformed: {self._siege.report}"
        for kind, report in self.bursts.items():
            yield f"double submit, {kind}: {report}"
            self.problems += report.problems
        yield f"colleagues: {self.runs} runs of 40 steps"
        for kind, verdict in self.anonymous.items():
            yield f"unlinkable, {kind}: {verdict}"
            self.problems += [f"{kind}: anonymity: {found}" for found in sorted(verdict.found)]
        self.problems += self._siege.report.problems


def blanks(minutes: float) -> Scored:
    """Sheets with unanswered statements, all or a sample."""
    return score_by_command(islice(with_blanks(), 0, None, 1 if minutes >= ALL_BLANKS_FROM else 97))


def main() -> int:
    """Run, print the figures; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    scored = blanks(chosen.minutes)
    print(f"with blanks: {scored}", flush=True)
    with ExitStack() as stack:
        soak = Soak(stack, chosen.minutes, chosen.seed)
        soak.go()
        for line in soak.lines():
            print(line)
    problems = soak.problems + scored.differences
    for problem in problems[:PROBLEMS_SHOWN]:
        print(f"  {problem}")
    print(f"{len(problems)} problems (seed {chosen.seed})")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
