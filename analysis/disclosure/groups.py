"""Audiences too small to be shown are merged, everywhere alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.disclosure.threshold import is_small


@dataclass(frozen=True, slots=True)
class Group:
    """Audiences that are shown together, with the number of their sheets."""

    keys: tuple[str, ...]
    title: str
    sheets: int

    @property
    def tells(self) -> bool:
        """Whether title and number would tell how many sheets a single small audience has.

        Whoever is merged handed in something: five audiences with five sheets have one each.
        """
        return is_small(self.sheets) or self.sheets == len(self.keys) > 1


def merged(audiences: Sequence[Group]) -> tuple[Group, ...]:
    """Groups of at least THRESHOLD sheets: the smallest is joined to the next smallest.

    Returns:
        The groups in the order of their first audience; none if all together are too few. Whoever
        has no sheet at all is in no group.
    """
    order = {key: place for place, a in enumerate(audiences) for key in a.keys}
    titles = {a.keys: a.title for a in audiences}
    groups = sorted((a for a in audiences if a.sheets), key=lambda a: (a.sheets, order[a.keys[0]]))
    while len(groups) > 1 and groups[0].tells:
        keys = tuple(sorted(groups[0].keys + groups[1].keys, key=order.__getitem__))
        title = " + ".join(t for of, t in titles.items() if set(of) <= set(keys))
        joined = Group(keys, title, groups[0].sheets + groups[1].sheets)
        groups = sorted([joined, *groups[2:]], key=lambda a: (a.sheets, order[a.keys[0]]))
    kept = (group for group in groups if not group.tells)
    return tuple(sorted(kept, key=lambda a: order[a.keys[0]]))
