"""What is due when a wave is over: its files are ordered, once for each of its states."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from analysis.stamp import stamp
from survey import jobs
from survey.database import Database
from survey.over import is_over
from survey.tables import file, wave

_WAVES = select(wave.c.id, wave.c.slug, wave.c.mode, wave.c.unsealed).order_by(wave.c.id)
_KEPT = (
    select(file.c.stamp).where(file.c.wave_id == bindparam("this"), file.c.subject == "").limit(1)
)


def order_due(database: Database) -> list[str]:
    """Ask for the files of every wave that is over and has none, or outdated ones.

    What failed is not asked for again by itself: the commissioner can.
    """
    with database.read() as connection:
        due = [
            (row.id, row.slug)
            for row in connection.execute(_WAVES).all()
            if is_over(connection, row.id, row.mode, row.unsealed)
            and _is_due(connection, row.id, row.slug)
        ]
    for wave_id, _slug in due:
        database.write(lambda c, wave_id=wave_id: jobs.ask(c, wave_id, "files"))  # type: ignore[misc]  # bound at once
    return [f"wave {slug}: files ordered" for _wave_id, slug in due]


def _is_due(connection: Connection, wave_id: int, slug: str) -> bool:
    latest = jobs.latest(connection, wave_id, "files")
    if latest and (latest.pending or latest.state == "failed"):
        return False
    return connection.scalar(_KEPT, {"this": wave_id}) != stamp(connection, slug)
