"""Servers with a planted defect: python -m tests.harness.planted DEFECT

A harness counts only if it sees the defect it was made for.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from survey import store, tally
from survey.cli import main
from survey.database import Database
from tests.harness.naive import submit_again_and_again

COMMIT_DELAY = 0.3


def receipt_before_commit() -> None:
    """The answer leaves at once; the write is made a moment later, like any write-behind cache."""
    honest = Database.write

    def write(database: Database, work: Callable[[Connection], Any]) -> Any:
        class RollBack(Exception):
            pass

        outcome: list[Any] = []

        def rehearse(connection: Connection) -> None:
            outcome.append(work(connection))
            raise RollBack

        try:
            honest(database, rehearse)
        except RollBack:
            threading.Timer(COMMIT_DELAY, honest, (database, work)).start()
        return outcome[-1]

    Database.write = write  # type: ignore[method-assign, assignment]


def submit_without_memory() -> None:
    """A repeated submission is stored a second time."""
    store.submit = submit_again_and_again


def tally_apart() -> None:
    """The counts are forgotten, as they are when a second transaction is cut off."""
    tally.add = lambda connection, sheet: None


DEFECTS = {
    "receipt-before-commit": receipt_before_commit,
    "submit-without-memory": submit_without_memory,
    "tally-apart": tally_apart,
}

if __name__ == "__main__":
    DEFECTS[sys.argv[1]]()
    main(["serve"])
