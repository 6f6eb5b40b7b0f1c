"""Protection of small groups: the one place that says what may be shown. Pure: no web, no database.

Merged audiences, suppressed cells, distributions with their means, and populations that overlap.
docs/decisions/0023-releases.md says what whoever reads all that is released is assumed to know.
"""

from analysis.disclosure.distributions import (
    ReleasedDistribution,
    released_distribution,
    released_mean,
    whole_distribution,
)
from analysis.disclosure.groups import Group, merged
from analysis.disclosure.tables import Sheets, Shown, protected, unprotected
from analysis.disclosure.threshold import THRESHOLD, publishable
from analysis.disclosure.together import chosen, safe_together

__all__ = [
    "THRESHOLD",
    "Group",
    "ReleasedDistribution",
    "Sheets",
    "Shown",
    "chosen",
    "merged",
    "protected",
    "publishable",
    "released_distribution",
    "released_mean",
    "safe_together",
    "unprotected",
    "whole_distribution",
]
