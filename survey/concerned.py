"""The units a barrier can concern: the city's own, as a tree to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from forms.definition import UNIT, Answers
from forms.fields import UNIT_CODE
from survey.tables import unit


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to choose: `code` is what an answer holds, `depth` 0 for the top of the tree."""

    code: str
    label: str
    depth: int


def places(connection: Connection) -> list[Place]:
    """The units of the administration that exist now, each below its parent, by their codes."""
    found = connection.execute(
        select(unit.c.id, unit.c.code, unit.c.name, unit.c.parent_id)
        .where(unit.c.inside, unit.c.successor_id.is_(None))
        .order_by(unit.c.code)
    ).all()
    present = {row.id for row in found}
    below: dict[int | None, list[tuple[int, str]]] = {}
    for row in found:
        parent = row.parent_id if row.parent_id in present else None
        below.setdefault(parent, []).append((row.id, _label(row)))
    return list(_walk(below, None, 0))


def _walk(
    below: dict[int | None, list[tuple[int, str]]], top: int | None, depth: int
) -> Iterable[Place]:
    for unit_id, label in below.get(top, ()):
        yield Place(f"{UNIT}{unit_id}", label, depth)
        yield from _walk(below, unit_id, depth + 1)


def place_names(connection: Connection, answers: Answers) -> dict[str, str]:
    """Code and name of every unit these answers concern, by answer code.

    Of those too that others followed since; one that was deleted has none.
    """
    given = (value for value in answers.values() if not isinstance(value, str))
    ids = {int(c.removeprefix(UNIT)) for codes in given for c in codes if UNIT_CODE.fullmatch(c)}
    if not ids:
        return {}
    rows = connection.execute(
        select(unit.c.id, unit.c.code, unit.c.name).where(unit.c.id.in_(sorted(ids)))
    )
    return {f"{UNIT}{row.id}": _label(row) for row in rows}


def _label(row: Any) -> str:
    return str(row.code if row.name == row.code else f"{row.code} {row.name}")
