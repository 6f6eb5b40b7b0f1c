"""What the commissioner puts right: a sheet voided, or given to the unit it was meant for.

Like `store`: inside the caller's transaction, under lock, never committing.
"""

from __future__ import annotations

from sqlalchemy import Connection, update

from survey import files, tally
from survey.sheet import NothingToSubmit, StoreError
from survey.standing import Standing, by_handle
from survey.store import as_sheet, begin, begin_draft, set_no_sheet
from survey.tables import invitation, response


class Taken(StoreError):
    """The unit a sheet should move to has one already, or is not invited."""


def void(connection: Connection, handle: str, reason: str) -> None:
    """Take a submitted sheet out of everything; it stays stored as void, its unit may answer anew.

    Raises:
        NothingToSubmit: there is no submitted sheet.
    """
    standing = _with_sheet(connection, handle)
    tally.subtract(connection, as_sheet(standing))
    files.forget(connection, standing)
    connection.execute(
        update(response)
        .where(response.c.id == standing.response_id)
        .values(state="void", void_reason=reason, draft=None)
    )
    if standing.draft is not None:
        # What is being typed at this moment goes on, as a sheet of its own.
        begin_draft(connection, standing, standing.draft)


def move(connection: Connection, handle: str, to_handle: str) -> None:
    """Give a submitted sheet to the unit it was meant for; counts follow.

    Raises:
        NothingToSubmit: there is no submitted sheet.
        Taken: the other unit has begun one itself, is unknown, belongs to another wave, or is read
            by name where this one was promised not to be.
    """
    standing = _with_sheet(connection, handle)
    target = by_handle(connection, to_handle, lock=True)
    if (
        target is None
        or target.response_id is not None
        or (target.wave_id, target.audience) != (standing.wave_id, standing.audience)
        or (target.read_by_name and not standing.read_by_name)
    ):
        raise Taken(to_handle)
    tally.subtract(connection, as_sheet(standing))
    files.forget(connection, standing)
    connection.execute(
        update(response)
        .where(response.c.id == standing.response_id)
        .values(invitation_id=target.invitation_id, unit_id=target.unit_id)
    )
    set_no_sheet(connection, target.invitation_id, None, "")
    if target.begun is None:
        begin(connection, to_handle)
    # Whoever used the link was somebody else: its own unit has not begun.
    connection.execute(
        update(invitation).where(invitation.c.id == standing.invitation_id).values(begun=None)
    )
    tally.add(connection, as_sheet(standing) | {"unit_id": target.unit_id})


def _with_sheet(connection: Connection, handle: str) -> Standing:
    standing = by_handle(connection, handle, lock=True)
    if standing is None or not standing.has_sheet:
        raise NothingToSubmit("there is no submitted sheet")
    return standing
