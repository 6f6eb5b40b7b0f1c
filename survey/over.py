"""Whether a wave is over: nobody can answer it any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from survey.database import clock
from survey.standing import GRACE
from survey.tables import invitation, wave_audience

_ENDS = select(wave_audience.c.closes).where(wave_audience.c.wave_id == bindparam("this"))
_EXTENDED = select(invitation.c.extended_until).where(
    invitation.c.wave_id == bindparam("this"), invitation.c.extended_until.is_not(None)
)


def is_over(connection: Connection, wave_id: int, mode: str, unsealed: datetime | None) -> bool:
    """Whether nobody can answer any more, extensions and the hour's grace included.

    An anonymous wave is over when its sheets are opened.
    """
    if mode == "anonymous":
        return unsealed is not None
    of_this = {"this": wave_id}
    ends = [*connection.scalars(_ENDS, of_this), *connection.scalars(_EXTENDED, of_this)]
    return bool(max(ends) + GRACE <= clock(connection))
