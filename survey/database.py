"""The engine, and the two ways to use it: `read`, and `write` as one retried transaction.

SQLite: WAL, synchronous=FULL, one writer at a time by a file lock (SQLite's own waiting sleeps, and
a read that turns into a write fails at once), BEGIN IMMEDIATE. PostgreSQL: rows are locked by the
statements themselves.
"""

from __future__ import annotations

import fcntl
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, create_engine, event, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

LOCK_PATIENCE = 10.0
"""Seconds a writer waits for its turn before the user is asked to try again."""
ATTEMPTS = 4
# Serialisation failure, deadlock, and the server going away or coming back.
RETRIED_SQLSTATES = ("40001", "40P01", "57P01", "57P02", "57P03", "08")


class Unavailable(Exception):
    """The database could not take the write now; nothing of it was stored."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and in UTC in Python, timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would mean something else on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class database_now(FunctionElement[datetime]):  # noqa: N801  # reads as the SQL function it is
    """The database's clock at this statement: the only clock that decides about closing."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite_now(_element: object, _compiler: object, **_kw: object) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(database_now, "postgresql")
def _postgresql_now(_element: object, _compiler: object, **_kw: object) -> str:
    return "clock_timestamp()"


def clock(connection: Connection) -> datetime:
    """The database's clock now."""
    now: datetime = connection.execute(select(database_now())).scalar_one()
    return now


class Database:
    """One database. Make it after a fork: connections and locks do not survive one."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url if not url.startswith("postgresql://") else f"postgresql+psycopg{url[10:]}"
        self.is_sqlite = url.startswith("sqlite")
        # An error's text goes into the log; the values of a statement are answers and do not.
        options: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": 4,
            "hide_parameters": True,
        }
        if self.is_sqlite:
            options["connect_args"] = {"timeout": LOCK_PATIENCE, "check_same_thread": False}
        else:
            options["pool_pre_ping"] = True
            options["connect_args"] = {"connect_timeout": 5}
        self.engine = create_engine(self.url, **options)
        self._turn = threading.Lock()
        self._lock_path = Path(f"{self.engine.url.database}.lock")
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            # SQLite is told by `write` and `snapshot` themselves when to begin. A listener for
            # "begin" would do it too, but makes every use of a connection half as dear again.
            self._reader = self._snapshot = self.engine
        else:
            self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._snapshot = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for single SELECTs; each sees the newest committed state."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose SELECTs all see the same state: for pages made of several tables."""
        with self._snapshot.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and commit; what it returns is durable.

        `work` may run more than once and must have no other effect than on the database.

        Raises:
            Unavailable: lock, connection or disk did not recover within a few attempts.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._one_writer(), self.engine.begin() as connection:
                    if self.is_sqlite:
                        connection.exec_driver_sql("BEGIN IMMEDIATE")
                    return work(connection)
            except DBAPIError as error:
                if not _passing(error):
                    if isinstance(error, OperationalError):
                        raise Unavailable(str(error.orig)) from error
                    raise
                if attempt == ATTEMPTS:
                    raise Unavailable(str(error.orig)) from error
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=LOCK_PATIENCE):
            raise Unavailable("other writers did not finish")
        try:
            # One thread of a process waits here for the other processes, asleep in the kernel; the
            # others wait above and give up in time. The lock belongs to this one descriptor.
            with self._lock_path.open("a") as lock:
                fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
                yield
        finally:
            self._turn.release()

    def rewrite(self, tables: Sequence[str]) -> None:
        """Write tables anew, so that nothing deleted and no order of arrival is left in the files.

        SQLite rewrites the whole file and empties its journal; PostgreSQL rewrites the tables.

        Raises:
            Unavailable: somebody was reading or writing for too long; something may be left.
        """
        try:
            with self._one_writer(), self.engine.connect() as connection:
                self._rewrite(connection.execution_options(isolation_level="AUTOCOMMIT"), tables)
        except DBAPIError as error:
            raise Unavailable(str(error.orig)) from error

    def _rewrite(self, alone: Connection, tables: Sequence[str]) -> None:
        if not self.is_sqlite:
            for table in tables:
                _rewrite_table(alone, table)
            return
        alone.exec_driver_sql("VACUUM")
        # A reader who does not end keeps the journal; SQLite says so in a row, not as an error.
        if alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
            raise Unavailable("the journal could not be emptied: somebody is reading")

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _passing(error: DBAPIError) -> bool:
    """Whether a second attempt can succeed."""
    state = getattr(error.orig, "sqlstate", None) or ""
    message = str(error.orig)
    return (
        error.connection_invalidated
        or state.startswith(RETRIED_SQLSTATES)
        or "database is locked" in message
        or (isinstance(error, OperationalError) and "connection" in message)
    )


def _rewrite_table(alone: Connection, table: str) -> None:
    """Wait for whoever still sees a state of before: PostgreSQL keeps deleted rows for them."""
    deadline = time.monotonic() + LOCK_PATIENCE
    while _kept_by_vacuum(alone, table):
        if time.monotonic() > deadline:
            raise Unavailable(f"{table}: deleted rows could not be removed: somebody is reading")
        time.sleep(1)


def _kept_by_vacuum(alone: Connection, table: str) -> int:
    """Rewrite a table; returns how many deleted rows PostgreSQL says it had to keep."""
    said: list[str] = []

    def note(notice: Any) -> None:
        said.append(notice.message_detail or "")

    driver: Any = alone.connection.driver_connection
    driver.add_notice_handler(note)
    try:
        alone.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}")
    finally:
        driver.remove_notice_handler(note)
    # „3 dead row versions cannot be removed yet", in the server's language.
    return sum(int(found.group()) for found in (re.match(r"\d+", each) for each in said) if found)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: we say when, and which kind.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {int(LOCK_PATIENCE * 1000)}",
    ):
        connection.execute(f"PRAGMA {pragma}")
