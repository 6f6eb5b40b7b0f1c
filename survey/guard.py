"""Signed-in people: who they are, and the right every desk page asks for. Deny by default.

A blueprint protected here refuses every view that names no right, so that a forgotten decorator is
a page nobody sees and not a page everybody sees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response

from survey import access
from survey.locale import SOURCE_LANGUAGE, Language, choose, request_languages
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database, services

View = TypeVar("View", bound=Callable[..., Any])
ANYBODY = "anybody"


class Account(UserMixin):  # type: ignore[misc]  # Flask-Login has no type hints
    """The signed-in account; Flask-Login's id is the session's secret, so it can be revoked."""

    def __init__(self, signed_in: access.SignedIn, secret: str) -> None:
        self.account_id = signed_in.account_id
        self.name = signed_in.name
        self.role = signed_in.role
        self.secret = secret

    def get_id(self) -> str:
        """The session's secret."""
        return self.secret

    def may(self, right: str) -> bool:
        """Whether this account's role has a right; for templates."""
        return access.may(self.role, right)


def load_account(secret: str) -> Account | None:
    """The account behind a session, or None once it has expired or been revoked."""
    with database().read() as connection:
        signed_in = access.signed_in(connection, secret)
    return Account(signed_in, secret) if signed_in else None


def signed_in_account() -> Account:
    """The account of this request; views behind a right always have one."""
    account: Account = current_user._get_current_object()
    return account


def requires(right: str) -> Callable[[View], View]:
    """Name the right a view asks for."""

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]  # read by `_check`
        return view

    return mark


def desk_languages() -> dict[str, Language]:
    """The languages of the desk: German and those with a catalogue of its own."""
    folder = services().translations
    return {
        code: language
        for code, language in request_languages().items()
        if code == SOURCE_LANGUAGE or (folder / language.babel / "LC_MESSAGES" / "desk.po").exists()
    }


def protect(blueprint: Blueprint) -> None:
    """Let a blueprint take its language from the address and ask for the rights of its views."""
    blueprint.url_value_preprocessor(_choose_language)
    blueprint.before_request(_check)
    blueprint.context_processor(lambda: {"desk_languages": desk_languages()})


def _choose_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    code = (values or {}).pop("language", SOURCE_LANGUAGE)
    known = desk_languages()
    g.desk = True
    choose(known.get(code) or known[SOURCE_LANGUAGE])
    if code not in known:
        raise Problem(
            404,
            _("Den Schreibtisch gibt es in dieser Sprache nicht."),
            link=(f"/{g.language.code}/desk/", g.language.name),
        )


def _check() -> Response | None:
    view = current_app.view_functions[request.endpoint or ""]
    right = getattr(view, "right", None)
    if right == ANYBODY:
        return None
    if not current_user.is_authenticated:
        if request.method == "GET":
            here = request.full_path.rstrip("?")
            return redirect(url_for("desk.show_sign_in", language=g.language.code, then=here), 303)
        raise Problem(
            403,
            _("Ihre Anmeldung ist abgelaufen."),
            _("Melden Sie sich in einem neuen Tab an und wiederholen Sie dann den Schritt."),
            link=(url_for("desk.show_sign_in", language=g.language.code), _("Anmelden")),
        )
    if right is None:
        raise access.Forbidden("this view names no right")
    access.check_may(signed_in_account().role, right)
    return None
