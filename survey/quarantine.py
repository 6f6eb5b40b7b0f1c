"""Quarantined sheets of an unsealed anonymous wave: each is released into the counts or discarded.

Works inside a transaction its caller opened and never commits.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from survey import tally
from survey.tables import response, wave

DECISIONS = ("release", "discard")


class NotQuarantined(Exception):
    """There is no such sheet, or it was decided already."""


def reasons(connection: Connection, wave_id: int) -> dict[str, str]:
    """Why each quarantined sheet is one, by response id; in the order of random ids."""
    rows = connection.execute(
        select(response.c.id, response.c.void_reason)
        .where(response.c.wave_id == wave_id, response.c.state == "quarantined")
        .order_by(response.c.id)
    )
    return {row.id: row.void_reason or "" for row in rows}


def release(connection: Connection, wave_id: int, response_id: str) -> str:
    """Let a quarantined sheet count; returns why it did not.

    Raises:
        NotQuarantined: nothing to release.
    """
    sheet = _quarantined(connection, wave_id, response_id)
    _leave(connection, response_id, state="submitted", void_reason=None)
    tally.add(connection, sheet)
    return str(sheet["void_reason"] or "")


def discard(connection: Connection, wave_id: int, response_id: str) -> str:
    """Take a quarantined sheet out for good; it stays stored as void with its reason.

    Raises:
        NotQuarantined: nothing to discard.
    """
    sheet = _quarantined(connection, wave_id, response_id)
    _leave(connection, response_id, state="void")
    return str(sheet["void_reason"] or "")


def _quarantined(connection: Connection, wave_id: int, response_id: str) -> dict[str, Any]:
    row = connection.execute(
        select(response)
        .join(wave, wave.c.id == response.c.wave_id)
        .where(
            response.c.id == response_id,
            response.c.wave_id == wave_id,
            response.c.state == "quarantined",
            wave.c.unsealed.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise NotQuarantined(response_id)
    return dict(row._mapping)


def _leave(connection: Connection, response_id: str, **changes: Any) -> None:
    changed = connection.execute(
        update(response)
        .where(response.c.id == response_id, response.c.state == "quarantined")
        .values(**changes)
    )
    # Two people decided at the same moment: the row's lock let one of them through.
    if changed.rowcount != 1:
        raise NotQuarantined(response_id)
