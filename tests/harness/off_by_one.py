"""The command with a planted defect: a total on a threshold gets the next colour."""

from __future__ import annotations

from forms import scoring
from forms.definition import Band, Bands
from survey.cli import main


def band(points: int, bands: Bands) -> Band:
    """`forms.scoring.band` with < where ≤ belongs."""
    for step in bands.steps:
        if points < step.highest:
            return step.band
    return bands.steps[-1].band


if __name__ == "__main__":
    scoring.band = band
    main()
