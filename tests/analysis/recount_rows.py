"""What a recount reads: the waves of a chain from their rows, every sheet scored anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from survey.database import clock
from survey.standing import GRACE
from survey.tables import (
    invitation,
    questionnaire,
    remark,
    response,
    unit,
    wave,
    wave_audience,
)

HIDDEN = "hidden"
"""There is a number, and it may not be shown."""
LEAST = 5
GROUP = "geschaeftsbereich"
COLOURS = ("red", "yellow", "green")
MARKS = ("done", "in_progress", "open", "dropped", "")

Number = Fraction | int | str | None
Numbers = dict[tuple[str, str, str, str], Number]
"""By section, part, row and column."""
Worth = Mapping[str, Fraction]


@dataclass(frozen=True)
class Sheet:
    """A submitted sheet, scored anew from its answers."""

    id: str
    unit: int
    version: int
    answers: Mapping[str, Any]
    marks: Mapping[str, Any]
    texts: Mapping[str, str]
    worth: Worth

    @property
    def total(self) -> int:
        """Its points."""
        return int(self.worth["@total"])


@dataclass(frozen=True)
class Place:
    """A unit in the tree of a year."""

    id: int
    code: str
    kind: str
    parent: int | None
    staff: int | None
    open: bool
    """Whether a row of its own shows it: read by name, or not asked at all."""


class Form:
    """What was asked, from the stored document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        definition = document["definition"]
        self.scales = {s["id"]: s["options"] for s in definition.get("scales", [])}
        self.questions = [q for s in definition["sections"] for q in s["questions"]]
        self.asked_if = {
            q["id"]: s.get("asked_if") for s in definition["sections"] for q in s["questions"]
        }
        self.categories = [c["id"] for c in definition.get("categories", [])]
        self.steps = [(s["band"], s["highest"]) for s in definition["bands"]["steps"]]

    def options(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A question's options, its own or its scale's."""
        found: list[dict[str, Any]] = question.get("options") or self.scales[question["scale"]]
        return found

    @cached_property
    def scored(self) -> dict[str, dict[str, int]]:
        """Points by question and option."""
        return {
            q["id"]: {o["code"]: o["points"] for o in self.options(q)}
            for q in self.questions
            if q["type"] == "scale"
        }

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Questions by category."""
        found: dict[str, list[str]] = {category: [] for category in self.categories}
        for question in self.questions:
            if question["id"] in self.scored:
                found[question["category"]].append(question["id"])
        return found

    def text(self, question: str) -> str:
        """Its words."""
        return str(next(q["text"] for q in self.questions if q["id"] == question))

    def number(self, question: str) -> str:
        """The number it is printed with."""
        return str(next(q["number"] for q in self.questions if q["id"] == question))

    def most(self, measure: str) -> int:
        """The most points of a question, a category or all."""
        return sum(max(self.scored[q].values()) for q in self.of(measure))

    def of(self, measure: str) -> list[str]:
        """The questions behind a measure."""
        if measure == "@total":
            return list(self.scored)
        return self.members[measure[10:]] if measure.startswith("@category:") else [measure]

    def colour(self, points: int) -> str:
        """The colour of a total."""
        return str(next(band for band, highest in self.steps if points <= highest))

    def worth(self, answers: Mapping[str, Any]) -> dict[str, Fraction]:
        """Points of every measure."""
        measures = [*self.scored, "@total", *(f"@category:{c}" for c in self.categories)]
        return {m: Fraction(sum(self.scored[q][answers[q]] for q in self.of(m))) for m in measures}


@dataclass
class Year:
    """One wave, whole."""

    id: int
    slug: str
    form: Form
    named_kinds: list[str]
    over: bool
    invited: list[Any]
    sheets: list[Sheet]
    places: dict[int, Place]
    by_unit: dict[int, list[Sheet]] = field(default_factory=lambda: defaultdict(list))

    def is_named(self, unit_id: int) -> bool:
        """Whether the unit was asked and is read by name."""
        return any(i.unit_id == unit_id and i.unit_kind in self.named_kinds for i in self.invited)

    @cached_property
    def named_sheets(self) -> list[Sheet]:
        """The sheets read by name."""
        return [s for s in self.sheets if self.is_named(s.unit)]

    def own(self, unit_id: int) -> Worth | None:
        """A unit's points, the mean of its sheets; it counts once."""
        sheets = self.by_unit.get(unit_id)
        return average([(1, s.worth) for s in sheets]) if sheets else None

    @cached_property
    def named_units(self) -> dict[int, Worth]:
        """Points of the units read by name."""
        found = {u: self.own(u) for u in sorted({s.unit for s in self.named_sheets})}
        return {u: worth for u, worth in found.items() if worth}


def average(weighted: Iterable[tuple[int, Worth]]) -> Worth | None:
    """The weighted mean of every measure."""
    given = list(weighted)
    if not given:
        return None
    weight = sum(w for w, _worth in given)
    return {m: Fraction(sum(w * worth[m] for w, worth in given), weight) for m in given[0][1]}


# --- reading ------------------------------------------------------------------------------------


def read_years(connection: Connection, slug: str) -> list[Year]:
    """The wave and those before it, newest first."""
    waves = {row.id: row for row in connection.execute(select(wave))}
    here = next(row for row in waves.values() if row.slug == slug)
    found = [_year(connection, here)]
    while here.previous_id:
        here = waves[here.previous_id]
        found.append(_year(connection, here))
    return found


def _year(connection: Connection, row: Any) -> Year:
    audience = connection.execute(
        select(wave_audience).where(wave_audience.c.wave_id == row.id)
    ).one()
    document = connection.scalar(
        select(questionnaire.c.document).where(
            questionnaire.c.checksum == audience.questionnaire_checksum
        )
    )
    form = Form(document or {})
    invited = list(connection.execute(select(invitation).where(invitation.c.wave_id == row.id)))
    ends = [audience.closes, *(i.extended_until for i in invited if i.extended_until)]
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for each in connection.execute(select(remark)):
        texts[each.response_id][each.question] = each.body
    sheets = [
        Sheet(
            each.id,
            each.unit_id,
            each.version,
            each.answers,
            each.promise_marks or {},
            texts[each.id],
            form.worth(each.answers),
        )
        for each in connection.execute(
            select(response).where(response.c.wave_id == row.id, response.c.state == "submitted")
        )
    ]
    year = Year(
        id=row.id,
        slug=row.slug,
        form=form,
        named_kinds=row.named_kinds,
        over=max(ends) + GRACE <= clock(connection),
        invited=invited,
        sheets=sheets,
        places=_places(connection, row, invited),
    )
    for sheet in sheets:
        year.by_unit[sheet.unit].append(sheet)
    return year


def _places(connection: Connection, row: Any, invited: list[Any]) -> dict[int, Place]:
    now = {each.id: each for each in connection.execute(select(unit))}
    places = {
        i.unit_id: Place(
            i.unit_id,
            i.unit_code,
            i.unit_kind,
            i.parent_unit_id,
            i.unit_staff,
            i.unit_kind in row.named_kinds,
        )
        for i in invited
    }
    for place in list(places.values()):
        above = place.parent
        while above and above not in places:
            u = now[above]
            places[above] = Place(u.id, u.code, u.kind, u.parent_id, u.staff, open=True)
            above = u.parent_id
    return places
