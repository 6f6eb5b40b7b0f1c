"""Row 13: `zugangscheck score` against the form's arithmetic written down once more."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.harness.form import ANSWERS, STATEMENTS, expected
from tests.world import SELBSTCHECK

COMMAND = (str(Path(sys.executable).with_name("zugangscheck")), "score", SELBSTCHECK)
HEADER = ",".join(STATEMENTS)
ADDED = "language,organisation,sensitivity,total,band"
BLANK = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """What the command made of sheets, and how many rows were not as they should be.

    Seconds are the processor's, not the clock's: others may be at work on the same machine.
    """

    sheets: int
    seconds: float
    differences: list[str]

    def __str__(self) -> str:
        return f"{self.sheets} sheets in {self.seconds:.1f} s, {len(self.differences)} differences"


def with_blanks() -> Iterator[tuple[str, ...]]:
    """Every sheet on which statements may be unanswered: 6⁸ = 1,679,616."""
    return product((BLANK, *ANSWERS), repeat=len(STATEMENTS))


def score_by_command(
    sheets: Iterable[tuple[str, ...]], command: tuple[str, ...] = COMMAND
) -> Scored:
    """Let the command score them and compare every row."""
    rows = list(sheets)
    right, refused = _expected_output(rows)
    given = "\n".join([HEADER, *map(",".join, rows), ""])
    before = _seconds_of_children()
    outcome = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    seconds = _seconds_of_children() - before
    differences = _differences(right, outcome.stdout.splitlines())
    differences += _differences(refused, outcome.stderr.splitlines())
    if outcome.returncode != (1 if refused else 0):
        differences.append(f"exit status {outcome.returncode}")
    return Scored(len(rows), seconds, differences)


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _expected_output(rows: list[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    scored, refused = [f"{HEADER},{ADDED}"], []
    for line, row in enumerate(rows, start=2):
        missing = [s for s, answer in zip(STATEMENTS, row, strict=True) if answer == BLANK]
        if missing:
            refused.append(f"line {line}: no answer to {', '.join(missing)}")
            continue
        right = expected(dict(zip(STATEMENTS, row, strict=True)))
        points = f"{right.language},{right.organisation},{right.sensitivity},{right.total}"
        scored.append(f"{','.join(row)},{points},{right.band}")
    if refused:
        refused.append(f"{len(refused)} rows refused")
    return scored, refused


def _differences(right: list[str], found: list[str]) -> list[str]:
    differences = [
        f"should be {r!r}, is {f!r}" for r, f in zip(right, found, strict=False) if r != f
    ]
    if len(right) != len(found):
        differences.append(f"{len(found)} lines, should be {len(right)}")
    return differences
