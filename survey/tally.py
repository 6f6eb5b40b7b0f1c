"""Counts kept in the writer's transaction: (wave, audience, unit, question, value) → count.

Analyses read these few hundred rows and never the responses, so their time does not grow with the
number of sheets. Beside the answers the tally holds, as questions of their own, `@sheet`, `@total`,
`@band`, `@category:<id>` (points), `@category_band:<id>` (rated categories), `@promise`
(marks).
`recount` is the same table computed from the responses: `verify` compares, `rebuild` replaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from forms.path import base_key
from survey.tables import NO_UNIT, response, tally, wave

Count = tuple[str, str]
SHEET: Count = ("@sheet", "submitted")
"""What every sheet counts once: nobody has to count responses to know how many there are."""
TallyKey = tuple[int, str, int, str, str]
"""wave, audience, unit (0 for none), question, value"""


def counted(sheet: Mapping[str, Any]) -> list[Count]:
    """(question, value) pairs one submitted sheet adds, sorted.

    Args:
        sheet: answers, promise_marks, category_points, category_bands, points, band as in
            `response`.
    """
    pairs: list[Count] = [SHEET]
    for key, given in (sheet["answers"] or {}).items():
        # The entries of a sheet are counted together.
        question = base_key(key)
        pairs += [(question, value) for value in ([given] if isinstance(given, str) else given)]
    if sheet["points"] is not None:
        pairs.append(("@total", str(sheet["points"])))
        pairs += [(f"@category:{c}", str(p)) for c, p in sheet["category_points"].items()]
    if sheet["band"] is not None:
        pairs.append(("@band", sheet["band"]))
    pairs += [(f"@category_band:{c}", b) for c, b in (sheet["category_bands"] or {}).items()]
    pairs += [
        ("@promise", mark) for mark in (sheet["promise_marks"] or {}).get("lines", {}).values()
    ]
    return sorted(pairs)


DRIVERS: dict[str, tuple[Any, Literal["qmark", "format"]]] = {
    "sqlite": (sqlite, "qmark"),
    "postgresql": (postgresql, "format"),
}


@cache
def _upsert(dialect: str, rows: int) -> str:
    """One statement that counts so many rows, compiled once and handed to the driver as it is.

    Bound by SQLAlchemy row by row, a sheet's fifteen take several times as long as the counting.
    """
    kind, paramstyle = DRIVERS[dialect]
    statement = kind.insert(tally)
    counting = statement.on_conflict_do_update(
        index_elements=list(tally.primary_key.columns),
        set_={"count": tally.c.count + statement.excluded.count},
    )
    sql = str(counting.compile(dialect=kind.dialect(paramstyle=paramstyle)))
    head, _values, rest = sql.partition(" VALUES ")
    one, _conflict, tail = rest.partition(" ON CONFLICT ")
    return f"{head} VALUES {', '.join([one] * rows)} ON CONFLICT {tail}"


@cache
def _raise_revision(dialect: str) -> str:
    kind, paramstyle = DRIVERS[dialect]
    raising = update(wave).where(wave.c.id == bindparam("w")).values(revision=wave.c.revision + 1)
    # The 1 is a parameter too, and stands before the wave.
    return str(raising.compile(dialect=kind.dialect(paramstyle=paramstyle)))


_SUBTRACT = (
    update(tally)
    .where(
        tally.c.wave_id == bindparam("w"),
        tally.c.audience == bindparam("a"),
        tally.c.unit_id == bindparam("u"),
        tally.c.question == bindparam("q"),
        tally.c.value == bindparam("v"),
    )
    .values(count=tally.c.count - bindparam("n"))
)


def add(connection: Connection, sheet: Mapping[str, Any]) -> None:
    """Count a sheet; its row needs wave_id, audience, unit_id beside the counted columns."""
    place = (sheet["wave_id"], sheet["audience"], sheet["unit_id"] or NO_UNIT)
    # Sorted, or two submissions lock the same rows in opposite order and deadlock.
    counts = sorted(Counter(counted(sheet)).items())
    cells = [cell for pair, number in counts for cell in (*place, *pair, number)]
    if counts:
        connection.exec_driver_sql(_upsert(connection.dialect.name, len(counts)), tuple(cells))
    connection.exec_driver_sql(_raise_revision(connection.dialect.name), (1, sheet["wave_id"]))


def subtract(connection: Connection, sheet: Mapping[str, Any]) -> None:
    """Take a sheet out of the counts again: before it is replaced, moved or voided."""
    unit = sheet["unit_id"] or NO_UNIT
    rows = [
        {"w": sheet["wave_id"], "a": sheet["audience"], "u": unit, "q": q, "v": v, "n": number}
        for (q, v), number in sorted(Counter(counted(sheet)).items())
    ]
    if rows:
        connection.execute(_SUBTRACT, rows)
        connection.execute(
            delete(tally).where(
                tally.c.wave_id == sheet["wave_id"],
                tally.c.audience == sheet["audience"],
                tally.c.unit_id == unit,
                tally.c.count == 0,
            )
        )
    connection.exec_driver_sql(_raise_revision(connection.dialect.name), (1, sheet["wave_id"]))


def recount(connection: Connection) -> Counter[TallyKey]:
    """The whole tally computed anew from all submitted responses."""
    counts: Counter[TallyKey] = Counter()
    for sheet in _submitted(connection):
        unit = sheet["unit_id"] or NO_UNIT
        for question, value in counted(sheet):
            counts[(sheet["wave_id"], sheet["audience"], unit, question, value)] += 1
    return counts


def _submitted(connection: Connection) -> Iterator[Mapping[str, Any]]:
    columns = response.c
    rows = connection.execute(
        select(
            columns.wave_id,
            columns.audience,
            columns.unit_id,
            columns.answers,
            columns.promise_marks,
            columns.category_points,
            columns.category_bands,
            columns.points,
            columns.band,
        ).where(columns.state == "submitted"),
        # For this statement only: kept by the connection, PostgreSQL would stream a DELETE as well.
        execution_options={"yield_per": 1000},
    )
    return (dict(row._mapping) for row in rows)


def stored(connection: Connection) -> Counter[TallyKey]:
    """The tally as it is kept."""
    return Counter(
        {
            (row.wave_id, row.audience, row.unit_id, row.question, row.value): row.count
            for row in connection.execute(select(tally))
        }
    )


def verify(connection: Connection) -> list[tuple[TallyKey, int, int]]:
    """Every difference as (key, kept, recounted); empty when the tally is right.

    Run it in one snapshot, or a submission in between shows as a difference.
    """
    kept, counted_anew = stored(connection), recount(connection)
    keys = sorted(kept.keys() | counted_anew.keys())
    return [(k, kept[k], counted_anew[k]) for k in keys if kept[k] != counted_anew[k]]


def rebuild(connection: Connection) -> int:
    """Replace the tally by a recount; returns the number of rows. Raises every wave's revision."""
    if connection.dialect.name == "postgresql":
        # A submission between the recount and the delete would lose its counts.
        connection.exec_driver_sql("LOCK TABLE response IN SHARE ROW EXCLUSIVE MODE")
    rows = [
        dict(zip(("wave_id", "audience", "unit_id", "question", "value"), key, strict=True))
        | {"count": number}
        for key, number in sorted(recount(connection).items())
    ]
    connection.execute(delete(tally))
    if rows:
        connection.execute(insert(tally), rows)
    connection.execute(update(wave).values(revision=wave.c.revision + 1))
    return len(rows)
