"""The `zugangscheck` command: everything an administrator does outside the browser."""

from survey.cli import (
    accounts,
    city,
    history,
    questionnaires,
    serving,
    translations,
    upkeep,
    work,
)
from survey.cli.common import main
from survey.cli.serving import prepare

__all__ = [
    "accounts",
    "city",
    "history",
    "main",
    "prepare",
    "questionnaires",
    "serving",
    "translations",
    "upkeep",
    "work",
]
