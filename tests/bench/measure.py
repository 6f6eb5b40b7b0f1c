"""Interleaved measurements: A B A B …, a ratio for each pair, median and spread.

Machines are noisy; two numbers taken one after the other in the same second share the noise.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

APPEND = b"\0" * 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bench's table; a goal is met by the median."""

    name: str
    ratios: Sequence[float]
    goal: float
    at_most: bool
    note: str
    shown: str = "{:.2f}"
    failed: bool = False

    @property
    def met(self) -> bool:
        """Whether the median reaches the goal and nothing went wrong on the way."""
        middle = statistics.median(self.ratios)
        reached = middle <= self.goal if self.at_most else middle >= self.goal
        return reached and not self.failed

    def text(self) -> str:
        """The printed line."""
        show = self.shown.format
        middle, low, high = statistics.median(self.ratios), min(self.ratios), max(self.ratios)
        spread = f"({show(low)}–{show(high)})" if len(self.ratios) > 1 else ""
        goal = f"{'≤' if self.at_most else '≥'} {show(self.goal)}"
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.name:<58} {show(middle):>8} {spread:<17} {goal:>9}  {verdict}\n    {self.note}"
        )


def interleaved(pairs: int, first: Callable[[], A], second: Callable[[], B]) -> list[tuple[A, B]]:
    """Results of A B A B …, pair by pair."""
    return [(first(), second()) for _ in range(pairs)]


def median(values: Sequence[float]) -> float:
    """The middle of several measurements."""
    return statistics.median(values)


def durable_appends(folder: Path, seconds: float = 0.5) -> float:
    """How many small appends a second the disk behind a folder makes durable: the bound of all."""
    path = folder / "appends"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    number, began = 0, time.monotonic()
    try:
        while time.monotonic() < began + seconds:
            os.write(descriptor, APPEND)
            os.fdatasync(descriptor)
            number += 1
        return number / (time.monotonic() - began)
    finally:
        os.close(descriptor)
        path.unlink()
