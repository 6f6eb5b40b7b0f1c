"""Whether something further may be released of a wave of which something was released before.

Two releases differ by the sheets that came, went or were corrected between them. Whoever has both
has the difference too: it must be one that may be shown itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.disclosure.distributions import released_distribution
from analysis.disclosure.threshold import is_small
from analysis.disclosure.together import MOST, safe_together

Number = int | float | None
"""A count, a mean or share made of the counts beside it, or None where it is withheld."""


Kind = Literal["answers", "sizes", "entries"]
"""Sheets by what they say, their number perhaps among them; sheets of groups by size alone; or
entries, of which five may stand on a single sheet."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one row or distribution as they were shown, and what they count."""

    cells: Mapping[str, Number]
    kind: Kind = "answers"


@dataclass(frozen=True, slots=True)
class Release:
    """What was shown of a wave at one of its revisions; `sheets`: fingerprints of those counted."""

    wave: int
    revision: int
    tables: Mapping[str, Numbers]
    sheets: frozenset[str]


Reason = Literal["first", "same", "further", "few", "different"]
"""Nothing was released before; the same numbers were; others were and nothing follows from both;
1 to THRESHOLD - 1 sheets could be told from both; something about those that changed could."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a release may stand or not; `shown` is the one to be shown: itself or an earlier one."""

    reason: Reason
    shown: Release

    @property
    def allowed(self) -> bool:
        """Whether the numbers asked about may be shown."""
        return self.reason in ("first", "same", "further")


def may_release(new: Release, earlier: Iterable[Release]) -> Verdict:
    """Whether a release may stand beside the earlier ones of its wave, the oldest first.

    Releases of other waves do not matter: no sheet is counted in two waves, so nothing can be
    subtracted.
    """
    before = [each for each in earlier if each.wave == new.wave]
    if not before:
        return Verdict("first", new)
    for each in reversed(before):
        if each.tables == new.tables:
            return Verdict("same", each)
    populations = [each.sheets for each in (*before, new)]
    if len(populations) > MOST or not safe_together(populations):
        return Verdict("few", before[-1])
    if not all(_may_follow(new, each) for each in before):
        return Verdict("different", before[-1])
    return Verdict("further", new)


def _may_follow(new: Release, old: Release) -> bool:
    """Whether sheets only came, or only went, and what they say could be shown of them alone."""
    grown = old.sheets < new.sheets or new.sheets < old.sheets
    return (
        grown
        and old.tables.keys() == new.tables.keys()
        and all(_tells_nothing(old.tables[key], new.tables[key]) for key in new.tables)
    )


def _tells_nothing(old: Numbers, new: Numbers) -> bool:
    if old == new:
        return True
    values = [*old.cells.values(), *new.cells.values()]
    # Something withheld is an unknown in two sets of equations.
    if old.kind != new.kind or old.cells.keys() != new.cells.keys() or None in values:
        return False
    changes = [abs(n - m) for n, m in zip(_counts(old), _counts(new), strict=True) if n != m]
    if old.kind == "sizes":
        return not any(map(is_small, changes))
    return old.kind == "answers" and _publishable(changes)


def _counts(numbers: Numbers) -> list[int]:
    """The counts in the order of their keys, 0 for what is made of them."""
    return [n if isinstance(n, int) else 0 for _key, n in sorted(numbers.cells.items())]


def _publishable(changes: list[int]) -> bool:
    """Whether those who changed could be shown as a distribution; a total says nothing more."""
    if changes and 2 * max(changes) == sum(changes):
        changes.remove(max(changes))
    counts = {str(place): change for place, change in enumerate(changes)}
    return bool(changes) and released_distribution(counts).counts is not None
