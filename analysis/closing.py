"""What is due when a wave is over: its files are ordered, once for each of its states."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import Flask
from sqlalchemy import Connection, bindparam, select

from analysis.stamp import stamp
from analysis.survey_wave import SurveyWave, read_wave
from survey import jobs
from survey.database import Database, clock
from survey.over import is_over
from survey.tables import file, wave

PATIENCE = timedelta(hours=1)
"""Before what failed is tried again by itself."""
_WAVES = select(wave.c.id, wave.c.slug, wave.c.mode, wave.c.unsealed).order_by(wave.c.id)
_KEPT = (
    select(file.c.stamp).where(file.c.wave_id == bindparam("this"), file.c.subject == "").limit(1)
)


def order_due(app: Flask, database: Database) -> list[str]:
    """Release every wave that is over, then ask for the files of those whose are outdated.

    First all releases: what stands beside another wave's numbers is made of released ones. What
    failed is asked for again after a while; the commissioner can sooner.
    """
    with database.read() as connection:
        due = [
            (row.id, row.slug)
            for row in connection.execute(_WAVES).all()
            if is_over(connection, row.id, row.mode, row.unsealed)
            and _is_due(connection, row.id, row.slug)
        ]
    if not due:
        return []
    from analysis.publishing import Changed, publish  # noqa: PLC0415  # pandas: only when needed

    for _wave_id, slug in due:
        found = _read(app, database, slug)
        # What was changed this moment is due again in the next round.
        with suppress(Changed):
            publish(app, database, found)
    for wave_id, _slug in due:
        database.write(lambda c, wave_id=wave_id: jobs.ask(c, wave_id, "files"))  # type: ignore[misc]  # bound at once
    return [f"wave {slug}: files ordered" for _wave_id, slug in due]


def _read(app: Flask, database: Database, slug: str) -> SurveyWave:
    with database.snapshot() as connection:
        found = read_wave(connection, app.extensions["services"].library, slug)
    if found is None:
        raise LookupError(slug)
    return found


def _is_due(connection: Connection, wave_id: int, slug: str) -> bool:
    latest = jobs.latest(connection, wave_id, "files")
    if latest and latest.pending:
        return False
    if latest and latest.state == "failed" and clock(connection) - latest.requested < PATIENCE:
        return False
    return connection.scalar(_KEPT, {"this": wave_id}) != stamp(connection, slug)
