"""Sheets without a link: where a ticket's sheet stands, and the only writer of sealed rows.

The counterpart of `standing` and `store` for anonymous waves. Nothing written here has a unit, a
language, a time or an order; a day of expiry is all a draft tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    String,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from forms.definition import Questionnaire
from forms.loader import canonical
from survey import sealed, store
from survey.database import database_now
from survey.prepared import Prepared
from survey.sheet import NothingToSubmit, StoreError, scored_sheet
from survey.standing import Standing
from survey.tables import anonymous_draft, sealed_sheet, wave, wave_audience

OPEN = "open-"
"""Stands in addresses, before the audience, where a named wave has an invitation's handle; no
handle has a vowel."""
DRAFT_DAYS = 30
"""Days a draft is kept after the last save, at most until the wave is closed."""
MOST_SHEET_CHARACTERS = 300_000


class TooLarge(StoreError):
    """The whole sheet is longer than any honest one."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A respondent's right to one sheet of one audience of a wave."""

    slug: str
    audience: str
    secret: str


def audiences(connection: Connection, slug: str) -> list[Standing]:
    """The audiences of an anonymous wave as somebody without a ticket sees them, in order."""
    rows = connection.execute(_AUDIENCES, {"slug": slug})
    return [_standing(Row._make([*row, None, None]), None) for row in rows]


def codes_required(connection: Connection, slug: str) -> bool:
    """Whether a one-time code is asked for at the beginning."""
    return bool(connection.scalar(select(wave.c.codes_required).where(wave.c.slug == slug)))


def by_ticket(connection: Connection, ticket: Ticket, link_key: str) -> Standing | None:
    """Where the sheet of a ticket stands: nothing yet, a draft, or submitted and still sealed.

    None for a ticket this installation did not issue for this audience.
    """
    secret = ticket.secret
    draft_id, sheet_id = sealed.draft_id(secret), sealed.sheet_id(secret)
    of_this = {"slug": ticket.slug, "audience": ticket.audience}
    found = _BY_TICKET.one(connection, {**of_this, "draft": draft_id, "sheet": sheet_id})
    row = Row(*found) if found else None
    if row is None or not sealed.ticket_fits(link_key, row.wave_id, row.audience, secret):
        return None
    sheet = draft = None
    if row.sheet_body:
        sheet = sealed.unseal(sealed.box_key(link_key, row.wave_id), sheet_id, row.sheet_body)
    elif row.draft_body:
        draft = sealed.unseal(sealed.draft_key(secret), draft_id, row.draft_body)
    return _standing(row, ticket, draft, sheet)


class Row(NamedTuple):
    """What is read of an audience, and of a ticket's sealed rows."""

    now: datetime
    wave_id: int
    wave_slug: str
    wave_title: str
    sample: bool
    opens: datetime
    report_names_units: bool
    further_readers: str
    staff_council_note: str
    audience: str
    audience_title: str
    checksum: str
    closes: datetime
    sheet_body: str | None
    draft_body: str | None


_FACTS = (
    database_now().label("now"),
    wave.c.id.label("wave_id"),
    wave.c.slug.label("wave_slug"),
    wave.c.title.label("wave_title"),
    wave.c.sample,
    wave.c.opens,
    wave.c.report_names_units,
    wave.c.further_readers,
    wave.c.staff_council_note,
    wave_audience.c.audience,
    wave_audience.c.title.label("audience_title"),
    wave_audience.c.questionnaire_checksum.label("checksum"),
    wave_audience.c.closes,
)
_ASKED = wave.join(wave_audience, wave_audience.c.wave_id == wave.c.id)
_AUDIENCES = (
    select(*_FACTS)
    .select_from(_ASKED)
    .where(wave.c.slug == bindparam("slug"), wave.c.mode == "anonymous")
    .order_by(wave_audience.c.position)
)
_BY_TICKET = Prepared(
    select(
        *_FACTS,
        sealed_sheet.c.body.label("sheet_body"),
        anonymous_draft.c.body.label("draft_body"),
    )
    .select_from(
        _ASKED.outerjoin(sealed_sheet, sealed_sheet.c.id == bindparam("sheet")).outerjoin(
            anonymous_draft,
            # What is to be deleted is gone, also where nobody has cleared it away yet.
            (anonymous_draft.c.id == bindparam("draft"))
            & (anonymous_draft.c.expires > database_now()),
        )
    )
    .where(
        wave.c.slug == bindparam("slug"),
        wave_audience.c.audience == bindparam("audience"),
        # Written out: a literal of this statement, not a fourth parameter.
        wave.c.mode == literal_column("'anonymous'", String),
    )
)


def _standing(
    row: Row,
    ticket: Ticket | None,
    draft: dict[str, Any] | None = None,
    sheet: dict[str, Any] | None = None,
) -> Standing:
    """The standing of a sheet that belongs to nobody: `unit_name` is the audience's title."""
    return Standing(
        now=row.now,
        invitation_id=0,
        handle=f"{OPEN}{row.audience}",
        link_generation=0,
        revoked=False,
        unit_id=0,
        unit_code="",
        unit_name=row.audience_title,
        unit_kind="",
        parent_name="",
        overseer_name="",
        # A ticket is only given out while the wave is open: whoever holds one has begun in time.
        begun=row.opens if ticket else None,
        extended_until=None,
        no_sheet_reason=None,
        no_sheet_note="",
        wave_id=row.wave_id,
        wave_slug=row.wave_slug,
        wave_title=row.wave_title,
        mode="anonymous",
        sample=row.sample,
        opens=row.opens,
        previous_id=None,
        named_kinds=[],
        report_names_units=row.report_names_units,
        further_readers=row.further_readers,
        staff_council_note=row.staff_council_note,
        audience=row.audience,
        checksum=row.checksum,
        closes=row.closes,
        response_id=sealed.sheet_id(ticket.secret) if ticket and sheet else None,
        state="submitted" if sheet else "draft" if draft is not None else None,
        draft=draft,
        submission_key=None,
        version=1,
        submitted=None,
        answers=sheet["draft"] if sheet else None,
        promise_marks=None,
        category_points=None,
        category_bands=None,
        points=None,
        possible=None,
        band=None,
        taken_part=False,
        branch="",
    )


def save(
    connection: Connection,
    ticket: Ticket,
    link_key: str,
    keys: tuple[str, ...],
    typed: Mapping[str, Any],
    base: str,
) -> None:
    """Keep what was typed on one page in the ticket's sealed draft; as `store.save`.

    Raises:
        NotOpen: no answers are taken now, or the sheet was submitted.
        Conflict: the page's content changed since `base`.
        TooLarge: the sheet has become longer than MOST_SHEET_CHARACTERS.
    """
    _one_at_a_time(connection, ticket)
    standing = _writable(connection, ticket, link_key)
    changed = store.merged(standing, standing.draft, keys, typed, base)
    if changed is None:
        return
    if len(canonical(changed)) > MOST_SHEET_CHARACTERS:
        raise TooLarge("the whole sheet")
    name = sealed.draft_id(ticket.secret)
    body = sealed.seal(sealed.draft_key(ticket.secret), name, changed)
    midnight = standing.now.replace(hour=0, minute=0, second=0, microsecond=0)
    values = {"body": body, "expires": midnight + timedelta(days=DRAFT_DAYS)}
    if standing.draft is None:
        connection.execute(delete(anonymous_draft).where(anonymous_draft.c.id == name))
        connection.execute(
            insert(anonymous_draft).values(id=name, wave_id=standing.wave_id, **values)
        )
    else:
        connection.execute(
            update(anonymous_draft).where(anonymous_draft.c.id == name).values(**values)
        )


def submit(
    connection: Connection,
    ticket: Ticket,
    link_key: str,
    base: str,
    questionnaire: Questionnaire,
    *,
    suspicion: str = "",
) -> None:
    """Seal the draft as a submitted sheet; repeating it changes nothing.

    Args:
        base: content hash of the draft as the check-answers page showed it.
        suspicion: why the sheet goes into quarantine when the wave has closed; usually nothing.

    Raises:
        NotOpen, Conflict, Unanswered, NothingToSubmit: as `store.submit`.
    """
    _one_at_a_time(connection, ticket)
    # Waits for whoever opens the box, or makes them wait: no sheet falls in behind its back.
    connection.execute(
        select(wave.c.id).where(wave.c.slug == ticket.slug).with_for_update(read=True)
    )
    standing = by_ticket(connection, ticket, link_key)
    if standing is None:
        raise NothingToSubmit("no such wave")
    if standing.has_sheet:
        return
    if not standing.takes_answers:
        raise store.NotOpen(standing)
    if standing.draft is None:
        raise NothingToSubmit("nothing was saved yet")
    if store.content_hash(standing.draft) != base:
        raise store.Conflict(standing, standing.draft)
    # Scored only to refuse now what could not be scored when the box is opened.
    scored_sheet(standing.draft, questionnaire)
    name = sealed.sheet_id(ticket.secret)
    content = {"draft": standing.draft, "suspicion": suspicion}
    body = sealed.seal(sealed.box_key(link_key, standing.wave_id), name, content)
    connection.execute(
        insert(sealed_sheet).values(
            id=name, wave_id=standing.wave_id, audience=standing.audience, body=body
        )
    )
    forget_draft(connection, ticket)


def forget_draft(connection: Connection, ticket: Ticket) -> None:
    """Delete a ticket's draft."""
    name = sealed.draft_id(ticket.secret)
    connection.execute(delete(anonymous_draft).where(anonymous_draft.c.id == name))


def _one_at_a_time(connection: Connection, ticket: Ticket) -> None:
    """Let the writes of one ticket wait for each other.

    A statement of its own, before anything is read. PostgreSQL has no row to lock for a draft that
    is not there yet; SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        name = sealed.draft_id(ticket.secret)
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _writable(connection: Connection, ticket: Ticket, link_key: str) -> Standing:
    standing = by_ticket(connection, ticket, link_key)
    if standing is None:
        raise NothingToSubmit("no such wave")
    if not standing.takes_answers or standing.has_sheet:
        raise store.NotOpen(standing)
    return standing
