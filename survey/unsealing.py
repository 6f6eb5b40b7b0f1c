"""Opening the sealed sheets of a closed anonymous wave, and leaving no trace of their order.

Done by `zugangscheck work` when the last audience has closed and the grace is over. One transaction
mixes the sheets, stores them as responses with new random ids, counts them, and deletes sheets,
drafts and codes; then the files are rewritten, so that free pages and journal hold nothing of
before. Only then the wave counts as unsealed: whatever was interrupted is done again.
docs/decisions/0017-sealed-sheets.md
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import SystemRandom
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from structlog import get_logger

from forms.definition import Questionnaire
from survey import sealed, tally
from survey.database import Database, clock, database_now
from survey.questionnaires import Library
from survey.sheet import scored_sheet
from survey.standing import GRACE
from survey.tables import (
    anonymous_draft,
    one_time_code,
    remark,
    response,
    sealed_sheet,
    wave,
    wave_audience,
)

REWRITTEN = ("sealed_sheet", "anonymous_draft", "one_time_code", "invitation", "response", "remark")
"""Tables whose files could still tell an order: rewritten after a wave was opened."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What was done to one wave."""

    slug: str
    sheets: int
    quarantined: int


def unseal_due(database: Database, library: Library, link_key: str) -> list[Unsealed]:
    """Open every anonymous wave that is over; repeating it does nothing."""
    with database.read() as connection:
        due = list(connection.execute(_due(connection)))
    emptied = [row for row in due if _emptied(database, library, link_key, row)]
    if not emptied:
        return []
    database.rewrite(REWRITTEN)
    done = [database.write(lambda c, row=row: _finish(c, row)) for row in emptied]  # type: ignore[misc]
    return [each for each in done if each is not None]


def _emptied(database: Database, library: Library, link_key: str, row: Any) -> bool:
    try:
        return database.write(lambda connection: _empty(connection, library, link_key, row))
    except sealed.Unreadable:
        # Sealed with another key. This wave waits for it; the others do not wait for this one.
        get_logger().error("cannot_unseal", wave=row.slug, cure="restore the former LINK_KEY")
        return False


def _due(connection: Connection) -> Any:
    return (
        select(wave.c.id, wave.c.slug)
        .join(wave_audience, wave_audience.c.wave_id == wave.c.id)
        .where(wave.c.mode == "anonymous", wave.c.unsealed.is_(None))
        .group_by(wave.c.id, wave.c.slug)
        .having(func.max(wave_audience.c.closes) <= clock(connection) - GRACE)
    )


def _empty(connection: Connection, library: Library, link_key: str, row: Any) -> bool:
    """Turn one wave's box into responses, under lock and looked at anew.

    False if there is nothing to finish: an extension came in between, or another worker was faster.
    """
    if not _still_due(connection, row):
        return False
    key = sealed.box_key(link_key, row.id)
    sheets = list(_sheets(connection, library, key, row.id))
    SystemRandom().shuffle(sheets)
    _store(connection, sheets)
    for table in (sealed_sheet, anonymous_draft, one_time_code):
        connection.execute(delete(table).where(table.c.wave_id == row.id))
    return True


def _still_due(connection: Connection, row: Any) -> bool:
    connection.execute(select(wave.c.id).where(wave.c.id == row.id).with_for_update())
    return any(due.id == row.id for due in connection.execute(_due(connection)))


def _finish(connection: Connection, row: Any) -> Unsealed | None:
    """Note that nothing is left of the box.

    None if another worker has noted it, or an extension came in between: its sheets come later.
    """
    if not _still_due(connection, row):
        return None
    connection.execute(update(wave).where(wave.c.id == row.id).values(unsealed=database_now()))
    of_wave = select(func.count()).where(response.c.wave_id == row.id)
    quarantined = of_wave.where(response.c.state == "quarantined")
    return Unsealed(row.slug, connection.scalar(of_wave) or 0, connection.scalar(quarantined) or 0)


def _sheets(
    connection: Connection, library: Library, key: bytes, wave_id: int
) -> Iterator[dict[str, Any]]:
    """The wave's sheets as rows of `response`, with their `texts`."""
    asked = _questionnaires(connection, library, wave_id)
    for row in connection.execute(select(sealed_sheet).where(sealed_sheet.c.wave_id == wave_id)):
        content = sealed.unseal(key, row.id, row.body)
        suspicion = content["suspicion"]
        yield {
            "id": token_hex(16),
            "wave_id": wave_id,
            "audience": row.audience,
            "mode": "anonymous",
            "state": "quarantined" if suspicion else "submitted",
            "void_reason": suspicion or None,
            "version": 1,
            **scored_sheet(renamed(content["draft"]), asked[row.audience]),
        }


def renamed(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft whose entries are named by nothing but their place: 01bbbb, 02bbbb, …

    What they were called stood in addresses, and so, with a time, in the logs of proxies.
    """
    entries = sorted({key.partition("@")[2] for key in draft} - {""})
    fresh = {entry: f"{place:02}bbbb" for place, entry in enumerate(entries, 1)}
    return {_with_entry(key, fresh): value for key, value in draft.items()}


def _with_entry(key: str, fresh: Mapping[str, str]) -> str:
    base, _at, entry = key.partition("@")
    return f"{base}@{fresh[entry]}" if entry else key


def _questionnaires(
    connection: Connection, library: Library, wave_id: int
) -> dict[str, Questionnaire]:
    rows = connection.execute(
        select(wave_audience.c.audience, wave_audience.c.questionnaire_checksum).where(
            wave_audience.c.wave_id == wave_id
        )
    ).all()
    return {row.audience: library.stored(connection, row[1]).questionnaire for row in rows}


def _store(connection: Connection, sheets: list[dict[str, Any]]) -> None:
    for sheet in sheets:
        texts = sheet.pop("texts")
        connection.execute(insert(response).values(**sheet))
        if texts:
            rows = [{"response_id": sheet["id"], "question": q, "body": b} for q, b in texts]
            connection.execute(insert(remark), rows)
        if sheet["state"] == "submitted":
            tally.add(connection, {**sheet, "unit_id": None, "promise_marks": None})


def drop_expired_drafts(database: Database) -> int:
    """Delete anonymous drafts whose day of expiry has come; returns how many."""

    def drop(connection: Connection) -> int:
        expired = anonymous_draft.c.expires <= clock(connection)
        return connection.execute(delete(anonymous_draft).where(expired)).rowcount

    return database.write(drop)
