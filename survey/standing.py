"""Where an invitation stands: everything a request needs to know, read in one SELECT.

Invitation, wave, audience, response and the database's clock come together, so that a page never
mixes two moments. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.types import String

from forms.definition import AnswerValue
from survey.database import database_now
from survey.prepared import Prepared
from survey.tables import invitation, remark, response, wave, wave_audience

GRACE = timedelta(minutes=60)
"""How long a form begun before closing can still be finished."""

Phase = Literal["not_yet", "open", "grace", "closed"]
Return = Literal["invited", "begun", "submitted", "no_sheet"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One invitation with its wave and its response at the moment `now` of the database's clock."""

    now: datetime
    invitation_id: int
    handle: str
    link_generation: int
    revoked: bool
    unit_id: int
    unit_code: str
    unit_name: str
    unit_kind: str
    parent_name: str
    overseer_name: str
    begun: datetime | None
    extended_until: datetime | None
    no_sheet_reason: str | None
    no_sheet_note: str
    wave_id: int
    wave_slug: str
    wave_title: str
    mode: str
    sample: bool
    opens: datetime
    previous_id: int | None
    named_kinds: list[str]
    report_names_units: bool
    further_readers: str
    staff_council_note: str
    audience: str
    checksum: str
    closes: datetime
    response_id: str | None
    state: str | None
    draft: dict[str, Any] | None
    submission_key: str | None
    version: int | None
    submitted: datetime | None
    answers: dict[str, AnswerValue] | None
    promise_marks: dict[str, Any] | None
    category_points: dict[str, int] | None
    category_bands: dict[str, str] | None
    points: int | None
    possible: int | None
    band: str | None
    taken_part: bool
    branch: str

    @property
    def receipt(self) -> str:
        """The number on the receipt: the same for the same submission, whoever asks."""
        key = self.response_id or ""
        return f"{key[:4]}-{key[4:8]}-{self.version or 0}".upper()

    @property
    def ends(self) -> datetime:
        """The moment of closing for this unit, its own extension included."""
        return max(self.closes, self.extended_until) if self.extended_until else self.closes

    @property
    def phase(self) -> Phase:
        """Whether answers are taken now; begun before closing, there is an hour's grace."""
        if self.now < self.opens:
            return "not_yet"
        if self.now < self.ends:
            return "open"
        if self.begun and self.begun < self.ends and self.now < self.ends + GRACE:
            return "grace"
        return "closed"

    @property
    def takes_answers(self) -> bool:
        """True while saving and submitting are possible."""
        return self.phase in ("open", "grace")

    @property
    def has_sheet(self) -> bool:
        """True once something was submitted, whatever is being changed now."""
        return self.state == "submitted"

    @property
    def read_by_name(self) -> bool:
        """Whether the commissioner reads this unit's own sheet (domain rule: the wave's level)."""
        return self.unit_kind in self.named_kinds

    @property
    def return_state(self) -> Return:
        """How this invitation counts in the return."""
        if self.has_sheet:
            return "submitted"
        if self.no_sheet_reason:
            return "no_sheet"
        return "begun" if self.begun else "invited"


_FIRST_COLUMNS = (
    database_now().label("now"),
    invitation.c.id.label("invitation_id"),
    invitation.c.handle,
    invitation.c.link_generation,
    invitation.c.revoked,
    invitation.c.unit_id,
    invitation.c.unit_code,
    invitation.c.unit_name,
    invitation.c.unit_kind,
    invitation.c.parent_name,
    invitation.c.overseer_name,
    invitation.c.begun,
    invitation.c.extended_until,
    invitation.c.no_sheet_reason,
    invitation.c.no_sheet_note,
    wave.c.id.label("wave_id"),
    wave.c.slug.label("wave_slug"),
    wave.c.title.label("wave_title"),
    wave.c.mode,
    wave.c.sample,
    wave.c.opens,
    wave.c.previous_id,
    wave.c.named_kinds,
    wave.c.report_names_units,
    wave.c.further_readers,
    wave.c.staff_council_note,
    wave_audience.c.audience,
    wave_audience.c.questionnaire_checksum.label("checksum"),
    wave_audience.c.closes,
    response.c.id.label("response_id"),
    response.c.state,
    response.c.draft,
    response.c.submission_key,
    response.c.version,
    response.c.submitted,
    response.c.answers,
    response.c.promise_marks,
    response.c.category_points,
    response.c.category_bands,
    response.c.points,
    response.c.possible,
    response.c.band,
    invitation.c.taken_part,
    invitation.c.branch,
)


# Written out, not bound: the index covers only what is not void, and to use it SQLite has to know
# the value when it plans. With a bound one it plans anew at every execution, 68 µs instead of 12.
_VOID = literal_column("'void'", String)


def _standings() -> Select[Any]:
    return select(*_FIRST_COLUMNS).select_from(
        invitation.join(wave, wave.c.id == invitation.c.wave_id)
        .join(
            wave_audience,
            and_(
                wave_audience.c.wave_id == invitation.c.wave_id,
                wave_audience.c.audience == invitation.c.audience,
            ),
        )
        .outerjoin(
            response,
            and_(response.c.invitation_id == invitation.c.id, response.c.state != _VOID),
        )
    )


_BY_HANDLE = Prepared(_standings().where(invitation.c.handle == bindparam("handle")))
_LOCK = select(invitation.c.id).where(invitation.c.handle == bindparam("handle")).with_for_update()
_BY_TOKEN = Prepared(_standings().where(invitation.c.token_hash == bindparam("token_hash")))
_OF_WAVE = (
    _standings()
    .where(wave.c.slug == bindparam("slug"))
    .order_by(invitation.c.unit_code, invitation.c.id)
)
_OVERSEEN = (
    _standings()
    .where(
        invitation.c.wave_id == bindparam("wave"),
        invitation.c.overseer_unit_id == bindparam("overseer"),
        response.c.state == "submitted",
    )
    .order_by(invitation.c.unit_code)
)
_REMARKS = select(remark.c.question, remark.c.body).where(
    remark.c.response_id == bindparam("response")
)


def by_handle(connection: Connection, handle: str, *, lock: bool = False) -> Standing | None:
    """The standing of one invitation; `lock` makes other writers of it wait (PostgreSQL)."""
    if lock and connection.dialect.name == "postgresql":
        # A statement of its own: a joined row read by a SELECT that had to wait for its lock
        # would still be the one from before the other writer's commit.
        connection.execute(_LOCK, {"handle": handle})
    row = _BY_HANDLE.one(connection, {"handle": handle})
    return Standing(*row) if row else None


def by_token_hash(connection: Connection, token_hash: str) -> Standing | None:
    """The standing behind a personal link."""
    row = _BY_TOKEN.one(connection, {"token_hash": token_hash})
    return Standing(*row) if row else None


def of_wave(connection: Connection, slug: str) -> list[Standing]:
    """All invitations of a wave, by the units' codes."""
    return [Standing(*row) for row in connection.execute(_OF_WAVE, {"slug": slug})]


def overseen(connection: Connection, standing: Standing) -> list[Standing]:
    """Submitted sheets of the smaller units below this one in the same wave."""
    of_this = {"wave": standing.wave_id, "overseer": standing.unit_id}
    return [Standing(*row) for row in connection.execute(_OVERSEEN, of_this)]


def remarks(connection: Connection, response_id: str) -> dict[str, str]:
    """The free texts of a submitted response by answer key."""
    rows = connection.execute(_REMARKS, {"response": response_id})
    return {row.question: row.body for row in rows}


def submitted_answers(connection: Connection, standing: Standing) -> dict[str, AnswerValue]:
    """What was submitted last, texts included; empty if nothing was."""
    if not standing.has_sheet or standing.response_id is None:
        return {}
    return {**(standing.answers or {}), **remarks(connection, standing.response_id)}


def database_is_ready(connection: Connection) -> bool:
    """True when the database answers with the tables of this version."""
    return connection.scalar(select(func.count()).select_from(wave)) is not None
