"""A survey's numbers as they were released: read instead of what the tables say since.

Pages, files and the mirror of a Selbstcheck are all made of the same numbers. Once released, these
are held here with the ledger's entry, until another release may stand beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, select

from analysis.audiences import AudienceReturn, Counts, Sheets
from analysis.entries import Entry
from survey.tables import release


@dataclass(frozen=True, slots=True)
class Written:
    """One free text without its words; `category` is its entry's, None outside the entries."""

    sheet: int
    audience: str
    question: str
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything counted of one survey, as JSON can hold it.

    Attributes:
        counts: (audience, question, value, count).
        entries: by language, because options among the concerned have names.
    """

    revision: int
    returns: tuple[AudienceReturn, ...]
    sheets: dict[str, Sheets]
    counts: tuple[tuple[str, str, str, int], ...]
    entries: dict[str, tuple[Entry, ...]]
    texts: tuple[Written, ...]
    withheld: int

    @property
    def by_question(self) -> Counts:
        """(audience, question) → value → count."""
        found: dict[tuple[str, str], Counter[str]] = {}
        for audience, question, value, number in self.counts:
            found.setdefault((audience, question), Counter())[value] = number
        return found


HELD: TypeAdapter[Held] = TypeAdapter(Held)
_LAST = (
    select(release.c.document["numbers"])
    .where(release.c.wave_id == bindparam("this"))
    .order_by(release.c.id.desc())
    .limit(1)
)


def rows_of(counts: Counts) -> tuple[tuple[str, str, str, int], ...]:
    """The counts as rows, sorted."""
    return tuple(
        (audience, question, value, number)
        for (audience, question), values in sorted(counts.items())
        for value, number in sorted(values.items())
    )


def dumped(held: Held) -> dict[str, Any]:
    """As JSON stores it."""
    document: dict[str, Any] = HELD.dump_python(held, mode="json")
    return document


def held(connection: Connection, wave_id: int) -> Held | None:
    """What was released last of a wave, or None if nothing was."""
    document = connection.scalar(_LAST, {"this": wave_id})
    return HELD.validate_python(document) if document else None
