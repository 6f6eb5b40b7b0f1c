"""The threshold everything here keeps, and what it says of a single number."""

from __future__ import annotations

THRESHOLD = 5
"""No mean or count over fewer sheets where people or single units could be recognised."""


def is_small(sheets: int) -> bool:
    """Whether so many sheets are some, and too few to be shown; none at all may always be said."""
    return 0 < sheets < THRESHOLD


def publishable(sheets: int, *, closed: bool) -> bool:
    """Whether a mean over this many sheets of units that are not shown by name may be shown.

    Only once the wave is closed: a mean over five sheets today and six tomorrow gives away the
    sixth by subtraction.
    """
    return closed and sheets >= THRESHOLD
