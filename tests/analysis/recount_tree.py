"""The roll-up over the tree a second time: from the rules, every unit from the top downwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.analysis.recount_rows import GROUP, LEAST, Place, Worth, Year, average


@dataclass(frozen=True)
class Value:
    """What a unit stands for further up; `secret` sheets are shown nowhere by themselves."""

    worth: Worth | None
    secret: int
    staff: int | None
    hidden: tuple[Worth, ...] = ()
    """What each unit behind it has that is shown nowhere by itself."""


@dataclass(frozen=True)
class Summary:
    """A mean over units, and over those with a number of staff."""

    worth: Worth
    units: int
    heavy: Worth | None


class Tree:
    """The roll-up of one year, read from the rules: from every unit downwards."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.hides: set[int | None] = set()

    def below(self, unit_id: int | None) -> list[Place]:
        """The units directly beneath, None for those at the top."""
        places = self.year.places
        return [p for p in places.values() if (p.parent if p.parent in places else None) == unit_id]

    def value(self, place: Place) -> Value:
        """Its own sheet; without one the mean of what is counted beneath."""
        own, parts = self.year.own(place.id), self.parts(place.id)
        if own:
            if place.open:
                return Value(own, 0, place.staff)
            return Value(own, len(self.year.by_unit[place.id]), place.staff, (own,))
        worth = average([(1, p.worth) for p in parts if p.worth])
        if place.open:
            return Value(worth, 0, place.staff)
        hidden = tuple(each for p in parts for each in p.hidden)
        return Value(worth, sum(p.secret for p in parts), place.staff, hidden)

    def parts(self, unit_id: int | None) -> list[Value]:
        """What counts beneath a unit, or in the city: small units only together with enough."""
        place = self.year.places.get(unit_id) if unit_id else None
        through = place is None or place.kind == GROUP
        told: list[Value] = []
        new: list[Value] = []
        for child in self.below(unit_id):
            inner = self.parts(child.id) if through and child.kind == GROUP else []
            if any(v.worth for v in inner):
                (told if child.open else new).extend(inner)
            else:
                new.append(self.value(child))
        secret = sum(v.secret for v in new)
        guarded = place is None or place.open
        if guarded and secret and not (self.year.over and secret >= LEAST and self.open_ended(new)):
            self.hides.add(unit_id)
            new = [v for v in new if not v.secret]
        return told + new

    def open_ended(self, new: Iterable[Value]) -> bool:
        """Whether the mean of the hidden ones, to one decimal, leaves each of them any value."""
        hidden, form = [each for v in new for each in v.hidden], self.year.form
        n = len(hidden)
        for measure in ("@total", *(f"@category:{c}" for c in form.categories)):
            low = sum(min(form.scored[q].values()) for q in form.of(measure))
            high, total = form.most(measure), round(sum(each[measure] for each in hidden))
            alike = [t for t in range(n * low, n * high + 1) if _tenth(t, n) == _tenth(total, n)]
            highest, lowest = (n - 1) * low + high, (n - 1) * high + low
            if not (max(alike) >= highest and min(alike) <= lowest):
                return False
        return n >= LEAST

    def summary(self, unit_id: int | None) -> Summary | None:
        """The mean beneath a unit, or the city's."""
        parts = [v for v in self.parts(unit_id) if v.worth]
        if not parts:
            return None
        worth = average([(1, v.worth) for v in parts if v.worth])
        assert worth is not None
        heavy = [(v.staff, v.worth) for v in parts if v.staff and v.worth and not v.secret]
        return Summary(worth, len(parts), average(heavy))


def _tenth(total: int, n: int) -> int:
    """A mean in tenths, halves rounded up."""
    return (20 * total + n) // (2 * n)


def predecessors(
    now: Iterable[int], then: Iterable[int], followed: Mapping[int, int]
) -> dict[int, int]:
    """Whose former sheet stands beside each unit's: its own, else the first of those before it."""
    answering = set(now)
    found: dict[int, int] = {}
    for former in sorted(then, reverse=True):
        here, seen = former, {former}
        while here not in answering and followed.get(here, here) not in seen:
            here = followed[here]
            seen.add(here)
        if here in answering and found.get(here) != here:
            found[here] = former
    return found
