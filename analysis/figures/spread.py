"""Labels beside points: moved apart as little as needed."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Positions at least a gap apart, in the same order, each as near to its wanted one as can be.

    Neighbours too near one another share the shift (pooled adjacent positions). All stay between
    lowest and highest; where there are too many for that, they stand at equal distances.
    """
    if not wanted:
        return []
    gap = min(gap, (highest - lowest) / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    # Less its share of the gaps, a position may be anything not below the one before.
    shifted = _rising([wanted[place] - gap * rank for rank, place in enumerate(order)])
    room = highest - gap * (len(wanted) - 1)
    found = [0.0] * len(wanted)
    for rank, (place, position) in enumerate(zip(order, shifted, strict=True)):
        found[place] = min(max(position, lowest), room) + gap * rank
    return found


def _rising(numbers: Sequence[float]) -> list[float]:
    """The never falling numbers nearest to these, in the sense of least squares."""
    pools: list[tuple[float, int]] = []
    for number in numbers:
        total, size = number, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            earlier, many = pools.pop()
            total, size = total + earlier, size + many
        pools.append((total, size))
    return [total / size for total, size in pools for _each in range(size)]
