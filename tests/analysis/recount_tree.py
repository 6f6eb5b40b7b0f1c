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
            secret = 0 if place.open else len(self.year.by_unit[place.id])
            return Value(own, secret, place.staff)
        worth = average([(1, p.worth) for p in parts if p.worth])
        return Value(worth, 0 if place.open else sum(p.secret for p in parts), place.staff)

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
        if guarded and secret and not (self.year.over and secret >= LEAST):
            self.hides.add(unit_id)
            new = [v for v in new if not v.secret]
        return told + new

    def summary(self, unit_id: int | None) -> Summary | None:
        """The mean beneath a unit, or the city's."""
        parts = [v for v in self.parts(unit_id) if v.worth]
        if not parts:
            return None
        worth = average([(1, v.worth) for v in parts if v.worth])
        assert worth is not None
        heavy = [(v.staff, v.worth) for v in parts if v.staff and v.worth and not v.secret]
        return Summary(worth, len(parts), average(heavy))


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
