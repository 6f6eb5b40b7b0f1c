"""What was released last of a wave, in short: whether its numbers are still those.

A correction after a release would show in every mean that is made anew: who has both, has the
corrected sheet. What is not held with the release is shown only while nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, bindparam, select

from survey.tables import release

SMALLER = "smaller"
"""The key under which a Selbstcheck's release keeps the state of its smaller units' sheets."""
_LAST = (
    select(release.c.revision, release.c.document["numbers"].label("numbers"))
    .where(release.c.wave_id == bindparam("this"))
    .order_by(release.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class LastRelease:
    """The revision that was released, and the state of smaller units' sheets then."""

    revision: int
    smaller: str


def last_release(connection: Connection, wave_id: int) -> LastRelease | None:
    """The last release of a wave, or None."""
    row = connection.execute(_LAST, {"this": wave_id}).one_or_none()
    return LastRelease(row.revision, (row.numbers or {}).get(SMALLER, "")) if row else None


def state_of(tally: pd.DataFrame, units: Collection[int]) -> str:
    """The state of the totals of these units' sheets: another one after any correction."""
    rows = tally[tally["unit_id"].isin(units) & tally["question"].str.startswith("@")]
    listed = sorted(zip(*(rows[column].tolist() for column in rows), strict=True))
    return hashlib.sha256(repr(listed).encode()).hexdigest()
