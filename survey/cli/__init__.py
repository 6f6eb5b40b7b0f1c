"""The `zugangscheck` command: everything an administrator does outside the browser."""

from survey.cli import accounts, city, questionnaires, serving, upkeep
from survey.cli.common import main
from survey.cli.serving import prepare

__all__ = ["accounts", "city", "main", "prepare", "questionnaires", "serving", "upkeep"]
