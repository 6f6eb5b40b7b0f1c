"""The tiny questionnaires, one a feature."""

from __future__ import annotations

from pathlib import Path

from forms.definition import Questionnaire
from forms.loader import available, load

FOLDER = Path(__file__).parent.parent / "questionnaires"
NAMES = tuple(available(FOLDER))


def tiny(name: str) -> Questionnaire:
    """One of tests/questionnaires/."""
    return load(FOLDER / f"{name}.toml")
