"""Named sheets read one by one: for the files that hold every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from survey.standing import Standing, of_wave, remarks
from survey.tables import response


def sheets(connection: Connection, slug: str) -> Iterator[tuple[Standing, dict[str, Any]]]:
    """Submitted sheets that may be read by name, with all their answers: for the CSV."""
    for standing in of_wave(connection, slug):
        if standing.has_sheet and standing.unit_kind in standing.named_kinds:
            texts = remarks(connection, standing.response_id or "")
            yield standing, {**(standing.answers or {}), **texts}


def language_of(connection: Connection, response_id: str) -> str:
    """The language a named sheet was filled in, German where it is not known."""
    return (
        connection.scalar(select(response.c.language).where(response.c.id == response_id)) or "de"
    )
