"""Signing in and out: argon2, throttled by name, sessions that can be revoked."""

from __future__ import annotations

import re

from flask import g, make_response, redirect, render_template, request, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from forms.fields import cleaned
from survey import access
from survey.desk import blueprint
from survey.guard import ANYBODY, Account, requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.services import database

LONGEST_NAME = 60
# One leading slash, and nothing a browser would read as another host.
OWN_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@blueprint.get("/sign-in")
@requires(ANYBODY)
def show_sign_in() -> str | Response:
    """The form."""
    if current_user.is_authenticated:
        return redirect(f"/{g.language.code}/desk/")
    return render_template("desk/sign_in.html", name="", error="", then=_way_on())


@blueprint.post("/sign-in")
@requires(ANYBODY)
def sign_in() -> Response:
    """Check name and password; the same answer for a wrong name and a wrong password."""
    name = cleaned(request.form.get("name"))[:LONGEST_NAME]
    password = request.form.get("password", "")
    if request.form.get("show"):
        return _again(name, 200, "")
    try:
        with database().read() as connection:
            access.check_throttle(connection, name)
    except access.Throttled as throttled:
        return _again(
            name,
            429,
            _(
                "Zu viele Versuche. Bitte warten Sie %(minutes)s Minuten.",
                minutes=throttled.minutes,
            ),
        )
    with database().read() as connection:
        account_id = access.password_fits(connection, name, password)
    if account_id is None:
        database().write(lambda connection: access.note_failure(connection, name))
        return _again(name, 403, _("Name und Passwort passen nicht zusammen."))

    def start(connection: Connection) -> str:
        access.log(connection, account_id, "signed_in")
        return access.start_session(connection, account_id)

    secret = database().write(start)
    with database().read() as connection:
        signed_in = access.signed_in(connection, secret)
    if signed_in is None:
        return _again(name, 403, _("Name und Passwort passen nicht zusammen."))
    login_user(Account(signed_in, secret))
    # Flask-Login's hash of the device's address and browser; nothing here asks for it.
    session.pop("_id", None)
    return redirect(_in_this_language(_way_on()) or f"/{g.language.code}/desk/", 303)


def _in_this_language(path: str) -> str:
    # Who changed the language to sign in reads on in it.
    return re.sub(r"^/[^/]+/desk\b", f"/{g.language.code}/desk", path)


def _again(name: str, status: int, error: str) -> Response:
    page = render_template("desk/sign_in.html", name=name, error=error, then=_way_on())
    return make_response(page, status)


def _way_on() -> str:
    """Where to go after signing in: only to a page of our own."""
    then = request.values.get("then", "")
    return then if OWN_PAGE.fullmatch(then) else ""


@blueprint.post("/sign-out")
@requires(ANYBODY)
def sign_out() -> Response:
    """End this session, on the server as well."""
    if current_user.is_authenticated:
        secret = signed_in_account().secret
        database().write(lambda connection: access.end_session(connection, secret))
        logout_user()
    return redirect(f"/{g.language.code}/desk/sign-in", 303)
