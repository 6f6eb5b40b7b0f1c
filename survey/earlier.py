"""The same unit's sheet of the wave before, found through its successors; what was said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from forms.definition import Answers
from survey.standing import Standing, remarks
from survey.tables import invitation, response, unit, wave, wave_audience


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same unit, or its predecessor, submitted in the wave before."""

    response_id: str
    version: int
    wave_title: str
    unit_name: str
    read_by_name: bool
    checksum: str
    answers: Answers
    texts: dict[str, str]
    category_points: dict[str, int]
    points: int | None
    possible: int | None
    band: str | None

    @property
    def identity(self) -> str:
        """Names this sheet as it is now; another version has another identity."""
        return f"{self.response_id}:{self.version}"


def marks_about(held: Mapping[str, Any] | None, before: Earlier | None) -> dict[str, str]:
    """The promise marks, by „question:line", if they are about this very sheet and version.

    After a move, or a change of the earlier sheet, they would stand beside other promises.
    """
    if not held or before is None or held.get("earlier") != before.identity:
        return {}
    return dict(held.get("lines", {}))


def _earlier() -> Select[Any]:
    chain = (
        select(unit.c.id)
        .where(unit.c.id == bindparam("unit"))
        # UNION drops repeats, so that a circle of successors ends.
        .cte("chain", recursive=True)
    )
    chain = chain.union(select(unit.c.id).where(unit.c.successor_id == chain.c.id))
    of_wave = and_(
        wave_audience.c.wave_id == response.c.wave_id,
        wave_audience.c.audience == response.c.audience,
    )
    return (
        select(
            response.c.id,
            response.c.version,
            wave.c.title,
            wave.c.named_kinds,
            invitation.c.unit_name,
            invitation.c.unit_kind,
            wave_audience.c.questionnaire_checksum,
            response.c.answers,
            response.c.category_points,
            response.c.points,
            response.c.possible,
            response.c.band,
        )
        .select_from(
            response.join(invitation, invitation.c.id == response.c.invitation_id)
            .join(wave, wave.c.id == response.c.wave_id)
            .join(wave_audience, of_wave)
        )
        .where(
            response.c.wave_id == bindparam("previous"),
            response.c.unit_id.in_(select(chain.c.id)),
            response.c.state == "submitted",
        )
        # Two offices merged into one: its own former sheet first, else the first of theirs.
        .order_by(response.c.unit_id != bindparam("unit"), response.c.unit_id, response.c.id)
        .limit(1)
    )


_EARLIER = _earlier()


def earlier(connection: Connection, standing: Standing) -> Earlier | None:
    """The unit's sheet of the previous wave, found by its successor chain where units changed."""
    if standing.previous_id is None:
        return None
    of_this = {"previous": standing.previous_id, "unit": standing.unit_id}
    row = connection.execute(_EARLIER, of_this).one_or_none()
    if row is None:
        return None
    return Earlier(
        response_id=row.id,
        version=row.version,
        wave_title=row.title,
        unit_name=row.unit_name,
        read_by_name=row.unit_kind in row.named_kinds,
        checksum=row.questionnaire_checksum,
        answers=row.answers or {},
        texts=remarks(connection, row.id),
        category_points=row.category_points or {},
        points=row.points,
        possible=row.possible,
        band=row.band,
    )
