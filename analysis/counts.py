"""From the database to tidy tables: the only reader of analyses.

Numbers come from the tally, which grows with units and questions and not with sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import Connection, bindparam, select

from survey.standing import Standing, of_wave, remarks
from survey.tables import tally

_TALLY = select(tally.c.unit_id, tally.c.question, tally.c.value, tally.c.count).where(
    tally.c.wave_id == bindparam("wave_id"), tally.c.audience == bindparam("audience")
)


def invitations(standings: list[Standing]) -> pd.DataFrame:
    """One row an invitation: unit_id, handle, code, name, kind, parent, named, state, reason.

    `named` is whether results of this unit's kind reach the commissioner by name.
    """
    return pd.DataFrame(
        [
            {
                "unit_id": s.unit_id,
                "handle": s.handle,
                "code": s.unit_code,
                "name": s.unit_name,
                "kind": s.unit_kind,
                "parent": s.parent_name,
                "named": s.unit_kind in s.named_kinds,
                "state": s.return_state,
                "reason": s.no_sheet_reason or "",
                "note": s.no_sheet_note,
            }
            for s in standings
        ],
        columns=[
            *("unit_id", "handle", "code", "name", "kind", "parent"),
            *("named", "state", "reason", "note"),
        ],
    )


def counts(connection: Connection, wave_id: int, audience: str) -> pd.DataFrame:
    """The tally of a wave: unit_id, question, value (text), count."""
    rows = connection.execute(_TALLY, {"wave_id": wave_id, "audience": audience}).all()
    return pd.DataFrame(rows, columns=["unit_id", "question", "value", "count"]).astype(
        {"unit_id": "int64", "question": "object", "value": "object", "count": "int64"}
    )


def sheets(connection: Connection, slug: str) -> Iterator[tuple[Standing, dict[str, Any]]]:
    """Submitted sheets that may be read by name, with all their answers: for the CSV."""
    for standing in of_wave(connection, slug):
        if standing.has_sheet and standing.unit_kind in standing.named_kinds:
            texts = remarks(connection, standing.response_id or "")
            yield standing, {**(standing.answers or {}), **texts}
