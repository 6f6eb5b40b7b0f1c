"""Pages of the commissioner and the administrator: sign-in, waves, sheets, units, accounts, log."""

from __future__ import annotations

from flask import Blueprint

from survey.guard import load_account, protect

blueprint = Blueprint("desk", __name__, url_prefix="/<language>/desk")
protect(blueprint)

from survey.desk import accounts, sheets, sign_in, units, waves  # noqa: E402  # routes

__all__ = ["accounts", "blueprint", "load_account", "sheets", "sign_in", "units", "waves"]
