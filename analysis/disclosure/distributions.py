"""How often which answer was given, and the mean: as far as neither tells of a few sheets.

A number that is left out is chosen by what remains visible alone, so its absence tells no more than
the rules that stand here. docs/decisions/0023-releases.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from math import gcd
from operator import or_

from analysis.disclosure.threshold import THRESHOLD, is_small

CERTAIN = 100
"""From so many sheets a step of the scale on, more of them change nothing at its ends."""


@dataclass(frozen=True, slots=True)
class ReleasedDistribution:
    """What may be shown of one question; None where a number may not.

    Attributes:
        counts: sheets by answer.
        n: sheets that gave one of these answers.
        mean: of the points, rounded to one decimal: a file would tell the sum by further ones.
        unknown: sheets with an answer that has no points.
    """

    counts: Mapping[str, int] | None
    n: int | None
    mean: float | None = None
    unknown: int | None = None


def released_distribution(
    counts: Mapping[str, int],
    points: Mapping[str, int] | None = None,
    *,
    sheets: int | None = None,
) -> ReleasedDistribution:
    """The distribution of one question over sheets whose number is shown.

    All counts, or none where one is below THRESHOLD or all gave the same answer: that would tell
    what each of them said. A mean beside hidden counts only where n and mean tell of no answer that
    1 to THRESHOLD - 1 sheets gave it, nor that fewer than THRESHOLD did not.

    Args:
        counts: sheets by answer, every possible answer among them.
        points: what an answer is worth; those not in it count as unknown. Without points there is
            no mean and nothing is unknown.
        sheets: all sheets, those without any answer included; as many as answered if not given.
    """
    rated = {key: counts.get(key, 0) for key in (counts if points is None else points)}
    n, answered = sum(rated.values()), sum(counts.values())
    if is_small(n):
        return ReleasedDistribution(None, None)
    whole = n == 0 or _tells_of_nobody(tuple(rated.values()))
    return ReleasedDistribution(
        counts=rated if whole else None,
        n=n,
        mean=_mean(rated, points, whole=whole) if points and n else None,
        unknown=_unknown(answered - n, (answered if sheets is None else sheets) - answered),
    )


def whole_distribution(
    counts: Mapping[str, int], points: Mapping[str, int] | None = None
) -> ReleasedDistribution:
    """Everything, the mean unrounded: for the city's own offices in a named wave."""
    rated = {key: counts.get(key, 0) for key in (counts if points is None else points)}
    n = sum(rated.values())
    total = sum(worth * rated[key] for key, worth in points.items()) if points else 0
    return ReleasedDistribution(
        rated, n, total / n if points and n else None, sum(counts.values()) - n
    )


def released_mean(total: int, n: int, lowest: int, highest: int) -> float | None:
    """The mean, to one decimal, of n sheets worth `lowest` to `highest` points each.

    None where fewer than THRESHOLD are counted, or where the mean is so near an end of the scale
    that a single sheet could not have had any value: 8.0 of 8 to 40 says it of each of them.
    """
    others = (n - 1) * lowest, (n - 1) * highest
    tenths = _tenths(total, n) if n else 0
    possible = _sums(tenths, n)
    reachable = others[0] + highest < possible.stop and others[1] + lowest >= possible.start
    return tenths / 10 if n >= THRESHOLD and reachable else None


def _tells_of_nobody(counts: tuple[int, ...]) -> bool:
    """Whether no answer is that of a few, nor one answer that of all."""
    return not any(map(is_small, counts)) and sum(map(bool, counts)) > 1


def _unknown(unknown: int, blank: int) -> int | None:
    """Blank sheets are what all the others leave: a small number of either hides both."""
    return None if is_small(unknown) or is_small(blank) else unknown


def _mean(rated: Mapping[str, int], points: Mapping[str, int], *, whole: bool) -> float | None:
    n = sum(rated.values())
    tenths = _tenths(sum(points[key] * count for key, count in rated.items()), n)
    if not whole and not _leaves_open(tuple(sorted(points.values())), n, tenths):
        return None
    return tenths / 10


# --- what a mean leaves open ------------------------------------------------------------------


def _tenths(total: int, n: int) -> int:
    """The mean in tenths of a point, halves rounded up."""
    return (20 * total + n) // (2 * n)


def _sums(tenths: int, n: int) -> range:
    """The totals that are shown as this mean."""
    return range(-(-(2 * tenths - 1) * n // 20), -(-(2 * tenths + 1) * n // 20))


def _leaves_open(worth: tuple[int, ...], n: int, tenths: int) -> bool:
    """Whether n and this mean, beside hidden counts, tell of no answer that few or all gave it."""
    if len(set(worth)) <= 2:  # noqa: PLR2004  # number and mean are two equations for two counts
        return False
    step = gcd(*(each - worth[0] for each in worth))
    steps = tuple((each - worth[0]) // step for each in worth)
    low, high = _margins(steps, min(n, CERTAIN * steps[-1]))
    totals = _sums(tenths, n)
    above, below = totals.start - n * worth[0], n * worth[-1] - totals.stop + 1
    return above > low * step and below > high * step


@lru_cache(maxsize=1024)
def _margins(steps: tuple[int, ...], n: int) -> tuple[int, int]:
    """How near to the lowest and to the highest possible total of n sheets a total may tell.

    Any total further from both leaves each answer open even if it is known exactly, as it may be
    from other means. And those nearer do not tell by being left out: if they had too little in
    common, more are left out with them.
    """
    ways = [way for place in range(len(steps)) for way in _ways(steps, n, place)]
    highest = n * steps[-1]
    telling = [t for t in range(highest + 1) if len({way >> t & 1 for way in ways}) > 1]
    low = max((t for t in telling if 2 * t <= highest), default=0)
    high = max((highest - t for t in telling if 2 * t >= highest), default=0)
    while low + high < highest:
        left_out = ((2 << low) - 1) | ((2 << high) - 1) << highest - high
        if all(left_out & way for way in ways):
            break
        low, high = low + 1, high + 1
    return low, high


def _ways(steps: tuple[int, ...], n: int, place: int) -> tuple[int, int]:
    """The totals, as bits, of hidden counts in which an answer is that of none or of many,
    and of those in which it is not that of all but a few."""
    worth = steps[place]
    whole, small = _others(steps[:place] + steps[place + 1 :], n)
    alike = sum({1 << n * each for at, each in enumerate(steps) if at != place})
    open_end, no_end = alike | 1 << n * worth, alike
    for others in range(n + 1):
        own = n - others
        if not is_small(own):
            open_end |= small[others] << own * worth
        if others >= THRESHOLD:
            hidden = small[others] | (whole[others] if is_small(own) else 0)
            no_end |= hidden << own * worth
    return open_end, no_end


def _others(steps: tuple[int, ...], n: int) -> tuple[list[int], list[int]]:
    """By number of sheets the totals, as bits: with no answer of only a few, and with one."""
    whole, small = [1] + [0] * n, [0] * (n + 1)
    for worth in steps:
        both = [a | b for a, b in zip(whole, small, strict=True)]
        few = [
            reduce(or_, (both[m - v] << v * worth for v in range(1, min(m, THRESHOLD - 1) + 1)), 0)
            for m in range(n + 1)
        ]
        whole = _or_many(whole, worth)
        small = [a | b for a, b in zip(_or_many(small, worth), few, strict=True)]
    return whole, small


def _or_many(totals: list[int], worth: int) -> list[int]:
    """The same, or with THRESHOLD or more sheets of this worth added."""
    many = [0] * len(totals)
    for m in range(THRESHOLD, len(totals)):
        many[m] = totals[m - THRESHOLD] << THRESHOLD * worth | many[m - 1] << worth
    return [a | b for a, b in zip(totals, many, strict=True)]
