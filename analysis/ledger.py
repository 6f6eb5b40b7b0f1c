"""The ledger of releases: what was shown of a wave stays what is shown of it.

Every release is kept with its numbers and with fingerprints of the sheets it counts. A later one is
refused where both together would tell of a few sheets (analysis/disclosure/releases.py).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from analysis.disclosure.releases import Kind, Numbers, Release, Verdict, may_release
from analysis.evaluation.sections import WITHHELD, Evaluation, Part, Row
from forms.loader import canonical
from survey.database import clock
from survey.tables import release as release_table
from survey.tables import response

_SHEETS = select(response.c.id, response.c.version, response.c.answers).where(
    response.c.wave_id == bindparam("wave"), response.c.state == "submitted"
)
_RELEASED = (
    select(
        release_table.c.revision,
        release_table.c.document["tables"].label("tables"),
        release_table.c.sheets,
    )
    .where(release_table.c.wave_id == bindparam("wave"))
    .order_by(release_table.c.id)
)


def fingerprints(connection: Connection, link_key: str, wave_id: int) -> frozenset[str]:
    """One fingerprint a submitted sheet, another one whenever its answers change; 32 hex digits.

    Made with a key that is not in the database: of a sheet that was deleted it keeps nothing anyone
    could read or try out.
    """
    key = hmac.digest(link_key.encode(), f"ledger:{wave_id}".encode(), "sha256")
    return frozenset(
        _fingerprint(key, row) for row in connection.execute(_SHEETS, {"wave": wave_id})
    )


def _fingerprint(key: bytes, row: Any) -> str:
    answers = sha256(canonical(row.answers).encode()).hexdigest()
    message = f"{row.id}:{row.version}:{answers}"
    return hmac.new(key, message.encode(), sha256).hexdigest()[:32]


def released(connection: Connection, wave_id: int) -> tuple[Release, ...]:
    """What was released of a wave so far, the oldest first."""
    return tuple(
        Release(wave_id, row.revision, _tables(row.tables), frozenset(row.sheets))
        for row in connection.execute(_RELEASED, {"wave": wave_id})
    )


def release(
    connection: Connection,
    link_key: str,
    wave_id: int,
    revision: int,
    tables: Mapping[str, Numbers],
    numbers: Mapping[str, Any] = MappingProxyType({}),
) -> Verdict:
    """Release these tables of a wave if they may stand beside what was released before.

    To be called in a write transaction: two at once would not see each other.

    Args:
        numbers: what the tables were made of, as JSON, kept with the release: whoever shows it
            again makes them of nothing else.

    Returns:
        The verdict; its `shown` is what pages and files show.
    """
    sheets = fingerprints(connection, link_key, wave_id)
    new = Release(wave_id, revision, tables, sheets)
    verdict = may_release(new, released(connection, wave_id))
    if verdict.shown is new:
        connection.execute(
            insert(release_table).values(
                wave_id=wave_id,
                revision=revision,
                made=clock(connection),
                document={"tables": _document(tables), "numbers": dict(numbers)},
                # Sorted, they keep no order of arrival.
                sheets=sorted(sheets),
            )
        )
    return verdict


def _document(tables: Mapping[str, Numbers]) -> dict[str, Any]:
    return {
        key: {"cells": dict(numbers.cells), "kind": numbers.kind} for key, numbers in tables.items()
    }


def _tables(document: Mapping[str, Any]) -> dict[str, Numbers]:
    return {key: Numbers(each["cells"], each["kind"]) for key, each in document.items()}


def tables_of(
    evaluation: Evaluation,
    kinds: Mapping[str, Kind] = MappingProxyType({}),
    *,
    everything: bool = False,
) -> dict[str, Numbers]:
    """The numbers of an evaluation that do not stand under a unit's own name, row by row.

    Args:
        everything: those under the names of units too, because they are what others say of them.
        kinds: what is counted, by key of the part, where it is not sheets by what they say.
    """
    return {
        f"{section.key}/{part.key}/{row.key}": Numbers(
            _cells(part, row), kinds.get(part.key, "answers")
        )
        for section, part in evaluation.parts()
        if everything or not part.named
        for row in part.table.rows
    }


def _cells(part: Part, row: Row) -> dict[str, int | float | None]:
    return {
        column.key: None if cell is WITHHELD else cell
        for column, cell in zip(part.table.columns, row.cells, strict=True)
        if cell is WITHHELD or isinstance(cell, int | float)
    }
