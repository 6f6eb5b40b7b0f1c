"""Files made of a wave, kept in the database: the same on every host, gone with their wave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select

from survey import jobs
from survey.database import clock
from survey.standing import GRACE, Standing
from survey.tables import file, invitation, wave, wave_audience


@dataclass(frozen=True, slots=True)
class Kept:
    """One file without its content; `stamp` is the state of the wave its numbers belong to."""

    name: str
    subject: str
    media_type: str
    size: int
    stamp: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it was made; `subject` is an invitation's handle where it is one unit's result."""

    name: str
    media_type: str
    content: bytes
    subject: str = ""


_LISTED = (
    select(
        *(file.c.name, file.c.subject, file.c.media_type),
        *(file.c.size, file.c.stamp, file.c.made),
    )
    .where(file.c.wave_id == bindparam("wave"), file.c.subject == bindparam("about"))
    .order_by(file.c.name)
)
_ONE = select(file.c.media_type, file.c.content, file.c.subject).where(
    file.c.wave_id == bindparam("wave"), file.c.name == bindparam("called")
)

_BEFORE = wave.alias("before")
_REVISIONS = select(
    wave.c.revision,
    select(_BEFORE.c.revision)
    .where(_BEFORE.c.id == bindparam("before"))
    .scalar_subquery()
    .label("before"),
    select(func.max(wave_audience.c.closes))
    .where(wave_audience.c.wave_id == bindparam("this"))
    .scalar_subquery()
    .label("closes"),
    select(func.max(invitation.c.extended_until))
    .where(invitation.c.wave_id == bindparam("this"))
    .scalar_subquery()
    .label("extended"),
).where(wave.c.id == bindparam("this"))


def listed(connection: Connection, wave_id: int, subject: str = "") -> list[Kept]:
    """The files of a wave, or of one unit in it, by name."""
    rows = connection.execute(_LISTED, {"wave": wave_id, "about": subject})
    return [Kept(*row) for row in rows]


def read(connection: Connection, wave_id: int, name: str) -> Made | None:
    """One file with its content."""
    row = connection.execute(_ONE, {"wave": wave_id, "called": name}).one_or_none()
    return Made(name, row.media_type, row.content, row.subject) if row else None


def replace(
    connection: Connection, wave_id: int, made: Iterable[Made], stamp: str, subject: str = ""
) -> None:
    """Keep these files of a wave, or of one unit in it, instead of all it had."""
    of_these = (file.c.wave_id == wave_id, file.c.subject == subject)
    connection.execute(delete(file).where(*of_these))
    now = clock(connection)
    for each in made:
        connection.execute(
            insert(file).values(
                wave_id=wave_id,
                name=each.name,
                subject=subject,
                media_type=each.media_type,
                content=each.content,
                size=len(each.content),
                stamp=stamp,
                made=now,
            )
        )


# --- one unit's result --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """One unit's result as a document: in which language, and whether the desk reads it.

    At the desk an earlier sheet may have to be left out, so the two are never the same file.
    """

    standing: Standing
    language: str
    at_desk: bool = False

    @property
    def subject(self) -> str:
        """What its job and its file are called by: „handle:language", „:desk" behind it there."""
        return f"{self.standing.handle}:{self.language}" + (":desk" if self.at_desk else "")

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.standing.wave_slug}-{self.subject.replace(':', '-')}.pdf"


def parts_of(subject: str) -> tuple[str, str, bool]:
    """(handle, language, whether at the desk) of a subject."""
    handle, language, *desk = subject.split(":")
    return handle, language, bool(desk)


def result_stamp(connection: Connection, standing: Standing) -> str:
    """Which submission a unit's document is about, and which state of what stands beside it.

    That is the sheet of the wave before, and the others once nobody can answer any more.
    """
    of_this = {"this": standing.wave_id, "before": standing.previous_id or 0}
    row = connection.execute(_REVISIONS, of_this).one()
    over = max(row.closes, row.extended or row.closes) + GRACE <= standing.now
    others = str(row.revision) if over else ""
    return f"{standing.response_id}:{standing.version}:{others}:{row.before or ''}"


def fresh_result(connection: Connection, wanted: Wanted) -> Made | None:
    """The document about what was submitted last, if it is made already."""
    standing = wanted.standing
    for kept in listed(connection, standing.wave_id, wanted.subject):
        if kept.stamp == result_stamp(connection, standing):
            return read(connection, standing.wave_id, kept.name)
    return None


def order_result(connection: Connection, wanted: Wanted) -> None:
    """Ask the worker for the document, unless it is there or asked for already."""
    if fresh_result(connection, wanted) is None:
        jobs.ask(connection, wanted.standing.wave_id, "unit", wanted.subject)


def forget(connection: Connection, standing: Standing) -> None:
    """Delete what was made of a sheet that is taken back: its document, and files with answers.

    What the public was given stays: a release is final.
    """
    of_unit = file.c.subject.startswith(f"{standing.handle}:", autoescape=True)
    internal = and_(file.c.subject == "", file.c.name.not_like("%-public-%"))
    connection.execute(
        delete(file).where(file.c.wave_id == standing.wave_id, or_(of_unit, internal))
    )
