"""What an attacker holds of a database: rows with what the system adds to them, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from survey.database import Database
from survey.tables import (
    anonymous_draft,
    invitation,
    one_time_code,
    remark,
    response,
    sealed_sheet,
    tally,
)

TABLES = (invitation, one_time_code, anonymous_draft, sealed_sheet, response, remark, tally)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup: rows in the order in which they lie, the database's files and its journal."""

    rows: dict[str, list[Row]]
    files: bytes
    journal: bytes

    @property
    def everything(self) -> bytes:
        """Every byte."""
        return self.files + self.journal


class Copier:
    """Copies one database again and again; of PostgreSQL's log what was written since it began."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._from = "" if database.is_sqlite else self._log_position()

    def copy(self) -> Copy:
        """Everything as it is now."""
        if not self._database.is_sqlite:
            self._ask("CHECKPOINT")
        with self._database.read() as connection:
            rows = {table.name: _rows(connection, table) for table in TABLES}
        files, journal = self._sqlite() if self._database.is_sqlite else self._postgresql()
        return Copy(rows, files, journal)

    def _sqlite(self) -> tuple[bytes, bytes]:
        path = Path(str(self._database.engine.url.database))
        beside = [path.with_name(f"{path.name}-{end}") for end in ("wal", "shm")]
        return path.read_bytes(), b"".join(each.read_bytes() for each in beside if each.exists())

    def _postgresql(self) -> tuple[bytes, bytes]:
        data = Path(str(self._database.engine.url.query["host"])) / "data"
        oid = self._ask("SELECT oid FROM pg_database WHERE datname = current_database()")
        found = (data / "base" / str(oid)).iterdir()
        files = sorted((path for path in found if path.is_file()), key=lambda p: _number(p.name))
        first, start = self._segment(self._from)
        last, end = self._segment(self._log_position())
        segments = sorted(p for p in (data / "pg_wal").iterdir() if first <= p.name <= last)
        log = b"".join(p.read_bytes()[: end if p.name == last else None] for p in segments)
        return b"".join(path.read_bytes() for path in files), log[start:]

    def _segment(self, position: str) -> tuple[str, int]:
        name = self._ask(f"SELECT pg_walfile_name('{position}')")
        return str(name), int(
            self._ask(f"SELECT (pg_walfile_name_offset('{position}')).file_offset")
        )

    def _log_position(self) -> str:
        return str(self._ask("SELECT pg_current_wal_insert_lsn()"))

    def _ask(self, statement: str) -> Any:
        with self._database.read() as connection:
            outcome = connection.exec_driver_sql(statement)
            return outcome.scalar() if outcome.returns_rows else None


def _number(name: str) -> tuple[int, str]:
    digits = name.partition("_")[0].partition(".")[0]
    return (int(digits) if digits.isdigit() else 0, name)


def _rows(connection: Connection, table: Table) -> list[Row]:
    """All rows as they lie, with xmin, xmax and ctid, or with the rowid where there is one."""
    if connection.dialect.name == "postgresql":
        hidden = "xmin::text::bigint AS xmin, xmax::text::bigint AS xmax, ctid::text AS ctid, "
        order = f"ORDER BY {table.name}.ctid"
    elif table.dialect_options["sqlite"]["with_rowid"]:
        hidden, order = "rowid AS rowid, ", "ORDER BY rowid"
    else:
        hidden = order = ""
    # Spelled out: the attacker reads with tools of the database, not with ours.
    statement = f"SELECT {hidden}{table.name}.* FROM {table.name} {order}"
    return [dict(row) for row in connection.exec_driver_sql(statement).mappings()]
