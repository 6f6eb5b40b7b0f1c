"""Jobs for the worker: rows in the database, taken one at a time, with progress. No broker.

A job is asked for once: while one of the same kind waits or runs, asking again gives that one. What
somebody waits for in front of a page comes before the files of whole waves, however old these are.
A worker that dies leaves a job without a sign of life; the next one takes it anew, a few times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, bindparam, case, insert, or_, select, update

from survey.database import Database, clock
from survey.tables import job, wave

Kind = Literal["files", "unit"]
State = Literal["waiting", "running", "done", "failed"]

SILENCE = timedelta(minutes=3)
"""Without a sign of life for so long, whoever worked on a job has died."""
MOST_ATTEMPTS = 3
AWAITED: tuple[Kind, ...] = ("unit",)
"""Ordered by a person who waits for it, and made in a second: these come first.

The files of a wave are many, most are ordered by the clock, and all waves that end on one day wait
together. They lose little: each unit has few documents, and asking twice makes none twice.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One job; `step` of `steps` are done, 0 of 0 before anything is known."""

    id: int
    wave_id: int
    kind: Kind
    subject: str
    state: State
    step: int
    steps: int
    attempts: int
    requested: datetime

    @property
    def pending(self) -> bool:
        """Whether it is still to be done."""
        return self.state in ("waiting", "running")


_COLUMNS = (
    *(job.c.id, job.c.wave_id, job.c.kind, job.c.subject),
    *(job.c.state, job.c.step, job.c.steps, job.c.attempts, job.c.requested),
)
_LATEST = (
    select(*_COLUMNS)
    .where(
        job.c.wave_id == bindparam("wave"),
        job.c.kind == bindparam("of_kind"),
        job.c.subject == bindparam("about"),
    )
    .order_by(job.c.id.desc())
    .limit(1)
)


def latest(connection: Connection, wave_id: int, kind: Kind, subject: str = "") -> Job | None:
    """The newest job of this kind, done or not."""
    of_this = {"wave": wave_id, "of_kind": kind, "about": subject}
    row = connection.execute(_LATEST, of_this).one_or_none()
    return Job(*row) if row else None


def ask(connection: Connection, wave_id: int, kind: Kind, subject: str = "") -> int:
    """Ask for something to be made; returns the job's id, that of a pending one if there is."""
    # Two who ask at once wait for each other here, and the second finds the job of the first.
    connection.execute(select(wave.c.id).where(wave.c.id == wave_id).with_for_update())
    present = latest(connection, wave_id, kind, subject)
    if present and present.pending:
        return present.id
    key = connection.execute(
        insert(job).values(
            wave_id=wave_id,
            kind=kind,
            subject=subject,
            state="waiting",
            requested=clock(connection),
        )
    ).inserted_primary_key
    return int(key[0]) if key else 0


def take(database: Database) -> Job | None:
    """The oldest job that waits, awaited ones first, now running and ours; None without any."""
    with database.read() as connection:
        # Looked at first: an idle worker must not write every second.
        if connection.execute(_due(connection)).first() is None:
            return None
    return database.write(_take)


def _due(connection: Connection) -> Select[Any]:
    silent = clock(connection) - SILENCE
    died = and_(job.c.state == "running", job.c.beat < silent)
    behind = case((job.c.kind.in_(AWAITED), 0), else_=1)
    return (
        select(*_COLUMNS)
        .where(or_(job.c.state == "waiting", died))
        .order_by(behind, job.c.requested, job.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _take(connection: Connection) -> Job | None:
    while row := connection.execute(_due(connection)).one_or_none():
        taken = Job(*row)
        if taken.attempts < MOST_ATTEMPTS:
            return _begun(connection, taken)
        # Given up; whoever waits behind it must not wait for another look.
        finish(connection, taken.id, "failed")
    return None


def _begun(connection: Connection, taken: Job) -> Job:
    connection.execute(
        update(job)
        .where(job.c.id == taken.id)
        .values(state="running", attempts=taken.attempts + 1, beat=clock(connection), step=0)
    )
    return taken


def progress(connection: Connection, job_id: int, step: int, steps: int) -> None:
    """Say how far a job is, and that somebody is alive."""
    connection.execute(
        update(job).where(job.c.id == job_id).values(step=step, steps=steps, beat=clock(connection))
    )


def finish(connection: Connection, job_id: int, state: Literal["done", "failed"]) -> None:
    """Close a job."""
    connection.execute(update(job).where(job.c.id == job_id).values(state=state))


def give_back(connection: Connection, job_id: int) -> None:
    """Let a job wait again: its worker was told to stop, or the database was away."""
    connection.execute(
        update(job).where(job.c.id == job_id, job.c.state == "running").values(state="waiting")
    )
