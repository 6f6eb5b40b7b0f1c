"""Pages of the commissioner and the administrator: sign-in, waves, sheets, units, accounts, log."""

from __future__ import annotations

from flask import Blueprint

from survey.guard import load_account, protect

blueprint = Blueprint("desk", __name__, url_prefix="/<language>/desk")
protect(blueprint)

from survey.desk import (  # noqa: E402  # routes
    accounts,
    codes,
    history,
    log,
    questionnaires,
    settings,
    sheets,
    sign_in,
    surveys,
    units,
    waves,
)

__all__ = [
    "accounts",
    "blueprint",
    "codes",
    "history",
    "load_account",
    "log",
    "questionnaires",
    "settings",
    "sheets",
    "sign_in",
    "surveys",
    "units",
    "waves",
]
