"""A named wave as numbers: who was asked, who answered, points by unit; and the waves before it.

Reads the tally, never the responses: the time grows with units and questions, not with sheets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import Connection, and_, bindparam, select

from analysis.last_release import LastRelease, last_release, state_of
from analysis.rollup import Points, Rollup, Unit, rolled
from forms.definition import Questionnaire
from survey.over import is_over
from survey.questionnaires import Frozen, Library
from survey.tables import invitation, response, tally, unit, wave, wave_audience

TALLY_TYPES = ("int64", "object", "object", "int64")
MOST_WAVES = 10
"""Waves a comparison over the years goes back, this one included."""

_WAVES = select(wave.c.id, wave.c.previous_id, wave.c.slug)
_FACTS = (
    select(
        *(wave.c.id, wave.c.slug, wave.c.title, wave.c.opens, wave.c.named_kinds),
        *(wave.c.report_names_units, wave.c.sample, wave.c.revision, wave.c.staff_council_note),
        *(wave_audience.c.audience, wave_audience.c.closes),
        wave_audience.c.questionnaire_checksum.label("checksum"),
    )
    .join(wave_audience, wave_audience.c.wave_id == wave.c.id)
    .where(wave.c.id == bindparam("this"))
    .order_by(wave_audience.c.position)
    .limit(1)
)
_INVITED = (
    select(
        *(invitation.c.unit_id, invitation.c.handle, invitation.c.unit_code),
        *(invitation.c.unit_name, invitation.c.unit_kind, invitation.c.unit_staff),
        *(invitation.c.parent_unit_id, invitation.c.parent_name, invitation.c.begun),
        *(invitation.c.no_sheet_reason, invitation.c.no_sheet_note),
        response.c.state,
    )
    .select_from(
        invitation.outerjoin(
            response,
            and_(response.c.invitation_id == invitation.c.id, response.c.state != "void"),
        )
    )
    .where(invitation.c.wave_id == bindparam("this"))
    .order_by(invitation.c.unit_code, invitation.c.id)
)
_UNITS = select(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.parent_id, unit.c.staff)
_SUCCESSORS = select(unit.c.id, unit.c.successor_id).where(unit.c.successor_id.is_not(None))
_TALLY = select(tally.c.unit_id, tally.c.question, tally.c.value, tally.c.count).where(
    tally.c.wave_id == bindparam("this")
)


@dataclass(frozen=True)
class WaveNumbers:
    """One wave.

    Attributes:
        closed: whether nobody can answer any more, extensions and the hour's grace included.
        units: the tree as it was, groups that were not asked among them, by code.
        invited: one row an invitation: unit_id, handle, code, name, kind, parent, named, state
            (submitted, begun, invited, no_sheet), reason, note; none of waves before the last.
        tally: unit_id, question, value, count.
        points: by unit that submitted; `sheets` behind them.
    """

    id: int
    slug: str
    title: str
    opens: datetime
    closes: datetime
    closed: bool
    sample: bool
    names_units: bool
    revision: int
    staff_council_note: str
    frozen: Frozen
    units: tuple[Unit, ...]
    invited: pd.DataFrame
    tally: pd.DataFrame
    points: Mapping[int, Points]
    sheets: Mapping[int, int]
    released: LastRelease | None = None

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked, in German."""
        return self.frozen.questionnaire

    @cached_property
    def rollup(self) -> Rollup:
        """The tree with its means."""
        # A mean of smaller units made anew after a correction would tell the corrected sheet.
        unchanged = self.released is None or self.released.smaller == self.smaller
        return rolled(
            self.units,
            self.points,
            self.sheets,
            closed=self.closed and unchanged,
            ends=_ends(self.questionnaire),
        )

    @property
    def published(self) -> bool:
        """Whether it was released, and nothing was corrected since."""
        return self.released is not None and self.as_released

    @property
    def as_released(self) -> bool:
        """Whether nothing was corrected since the last release; True before the first."""
        return self.released is None or self.released.revision == self.revision

    @cached_property
    def named(self) -> frozenset[int]:
        """Units whose sheets are read by name."""
        return frozenset(unit.id for unit in self.units if unit.invited and unit.named)

    @cached_property
    def named_tally(self) -> pd.DataFrame:
        """The tally of the sheets that are read by name."""
        return self.tally[self.tally["unit_id"].isin(self.named)]

    @cached_property
    def named_counts(self) -> Mapping[str, Mapping[str, int]]:
        """How often which value was given on sheets read by name, by question; values sorted."""
        rows = self.named_tally[["question", "value", "count"]]
        found: dict[str, Counter[str]] = {}
        for question, value, number in zip(*(rows[c].tolist() for c in rows), strict=True):
            if question not in found:
                found[question] = Counter()
            found[question][value] += number
        return {question: dict(sorted(counts.items())) for question, counts in found.items()}

    @cached_property
    def smaller(self) -> str:
        """The state of the sheets that are not read by name."""
        return state_of(self.tally, self.points.keys() - self.named)

    @cached_property
    def named_points(self) -> dict[int, Points]:
        """Points of the units whose sheets are read by name."""
        return {u: p for u, p in self.points.items() if u in self.named}

    def unit(self, unit_id: int) -> Unit | None:
        """A unit of the tree."""
        return self._by_id.get(unit_id)

    @cached_property
    def _by_id(self) -> dict[int, Unit]:
        return {unit.id: unit for unit in self.units}


@dataclass(frozen=True)
class Chain:
    """A wave and those before it, the newest of them first; `successors` of units that are gone."""

    now: WaveNumbers
    before: tuple[WaveNumbers, ...]
    successors: Mapping[int, int]

    @property
    def last(self) -> WaveNumbers | None:
        """The wave before."""
        return self.before[0] if self.before else None


def read_chain(
    connection: Connection, library: Library, slug: str, *, most: int = MOST_WAVES
) -> Chain | None:
    """A named wave with its predecessors, or None if there is no such wave.

    Of waves before the last only what is counted of whole sheets is read.

    Args:
        most: waves to read, this one included.
    """
    waves = {row.id: row for row in connection.execute(_WAVES)}
    here = next((row.id for row in waves.values() if row.slug == slug), None)
    if here is None:
        return None
    ids: list[int] = []
    while here in waves and here not in ids and len(ids) < most:
        ids.append(here)
        here = waves[here].previous_id
    units = {row.id: row for row in connection.execute(_UNITS)}
    found = [
        _numbers(connection, library, wave_id, units, whole=place < 2)  # noqa: PLR2004  # two years
        for place, wave_id in enumerate(ids)
    ]
    successors = {row.id: row.successor_id for row in connection.execute(_SUCCESSORS)}
    return Chain(found[0], tuple(found[1:]), successors)


def read_numbers(connection: Connection, library: Library, wave_id: int) -> WaveNumbers:
    """One named wave by itself."""
    units = {row.id: row for row in connection.execute(_UNITS)}
    return _numbers(connection, library, wave_id, units, whole=True)


def _numbers(
    connection: Connection, library: Library, wave_id: int, units: Mapping[int, Any], *, whole: bool
) -> WaveNumbers:
    facts = connection.execute(_FACTS, {"this": wave_id}).one()
    rows = connection.execute(_INVITED, {"this": wave_id}).all()
    frozen = library.stored(connection, facts.checksum)
    tally = _tally(connection, wave_id, whole=whole)
    points, sheets = _points(tally, frozen.questionnaire)
    return WaveNumbers(
        id=facts.id,
        slug=facts.slug,
        title=facts.title,
        opens=facts.opens,
        closes=facts.closes,
        closed=is_over(connection, wave_id, "named", None),
        sample=facts.sample,
        names_units=facts.report_names_units,
        revision=facts.revision,
        staff_council_note=facts.staff_council_note,
        frozen=frozen,
        units=_tree(rows, facts.named_kinds, units),
        invited=_invited(rows if whole else (), facts.named_kinds),
        tally=tally,
        points=points,
        sheets=sheets,
        released=last_release(connection, wave_id),
    )


def _tally(connection: Connection, wave_id: int, *, whole: bool) -> pd.DataFrame:
    query = _TALLY if whole else _TALLY.where(tally.c.question.startswith("@"))
    rows = connection.execute(query, {"this": wave_id}).all()
    # By columns: from rows as they come, pandas takes ten times as long.
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    names = ("unit_id", "question", "value", "count")
    return pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=kind)
            for name, column, kind in zip(names, columns, TALLY_TYPES, strict=True)
        }
    )


def _points(
    counts: pd.DataFrame, questionnaire: Questionnaire
) -> tuple[dict[int, Points], dict[int, int]]:
    """Points by unit and question, of several sheets of a unit their mean; and sheets by unit."""
    sums: dict[int, dict[str, float]] = {}
    numbers: dict[tuple[int, str], int] = {}
    known: dict[tuple[str, str], float | None] = {}
    for unit_id, question, value, count in zip(*(counts[c].tolist() for c in counts), strict=True):
        pair = question, value
        if pair not in known:
            known[pair] = _worth(questionnaire, question, value)
        worth = known[pair]
        if worth is not None:
            of_unit = sums.setdefault(unit_id, {})
            of_unit[question] = of_unit.get(question, 0.0) + worth * count
            numbers[unit_id, question] = numbers.get((unit_id, question), 0) + count
    points: dict[int, Points] = {
        u: {q: total / numbers[u, q] for q, total in of_unit.items()} for u, of_unit in sums.items()
    }
    return points, {u: max(numbers[u, q] for q in of_unit) for u, of_unit in sums.items()}


def _ends(questionnaire: Questionnaire) -> dict[str, tuple[int, int]]:
    """The least and the most points of a complete sheet, in total and by category."""
    worth = {q: (min(p.values()), max(p.values())) for q, p in questionnaire.points.items()}
    groups = {f"@category:{c}": members for c, members in questionnaire.members.items() if members}
    groups |= {"@total": tuple(worth)} if worth else {}
    return {
        key: (sum(worth[m][0] for m in members), sum(worth[m][1] for m in members))
        for key, members in groups.items()
    }


def _worth(questionnaire: Questionnaire, question: str, value: str) -> float | None:
    if question == "@total" or question.startswith("@category:"):
        return float(value)
    return questionnaire.points.get(question, {}).get(value)


def _tree(
    rows: Iterable[Any], named_kinds: list[str], units: Mapping[int, Any]
) -> tuple[Unit, ...]:
    """Invited units as they were; what lies above them and was not asked, as it is now."""
    found = {
        r.unit_id: Unit(
            id=r.unit_id,
            code=r.unit_code,
            name=r.unit_name,
            kind=r.unit_kind,
            parent=r.parent_unit_id,
            staff=r.unit_staff,
            named=r.unit_kind in named_kinds,
        )
        for r in rows
    }
    then = {r.parent_unit_id: r.parent_name for r in rows if r.parent_unit_id}
    waiting = [u.parent for u in found.values() if u.parent]
    while waiting:
        above = waiting.pop()
        if above in found or above not in units:
            continue
        row = units[above]
        name = then.get(above) or row.name
        found[above] = Unit(
            above, row.code, name, row.kind, row.parent_id, row.staff, invited=False
        )
        if row.parent_id:
            waiting.append(row.parent_id)
    return tuple(sorted(found.values(), key=lambda u: (u.code, u.id)))


def _invited(rows: Iterable[Any], named_kinds: list[str]) -> pd.DataFrame:
    columns = (
        *("unit_id", "handle", "code", "name", "kind", "parent"),
        *("named", "state", "reason", "note"),
    )
    return pd.DataFrame(
        [
            (
                *(r.unit_id, r.handle, r.unit_code, r.unit_name, r.unit_kind, r.parent_name),
                *(r.unit_kind in named_kinds, _state(r)),
                *(r.no_sheet_reason or "", r.no_sheet_note),
            )
            for r in rows
        ],
        columns=list(columns),
    ).astype({"named": "bool"})


def _state(row: Any) -> str:
    if row.state == "submitted":
        return "submitted"
    if row.no_sheet_reason:
        return "no_sheet"
    return "begun" if row.begun else "invited"
