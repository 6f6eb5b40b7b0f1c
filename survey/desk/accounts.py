"""Accounts, kept by the administrator."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request
from sqlalchemy import Connection, func, select, update
from werkzeug.wrappers import Response

from forms.fields import cleaned
from survey import access
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database
from survey.tables import account, sign_in

NAME = re.compile(r"^[\w.@-]{2,60}$")


@blueprint.get("/accounts")
@requires("accounts")
def show_accounts() -> str:
    """All accounts and their open sessions."""
    return _page()


def _page(
    error: str = "", made: tuple[str, str] | None = None, name: str = "", chosen: str = ""
) -> str:
    sessions = (
        select(func.count())
        .select_from(sign_in)
        .where(sign_in.c.account_id == account.c.id)
        .scalar_subquery()
    )
    with database().read() as connection:
        rows = list(
            connection.execute(
                select(
                    account.c.id,
                    account.c.name,
                    account.c.role,
                    account.c.disabled,
                    sessions.label("sessions"),
                ).order_by(account.c.name)
            )
        )
    return render_template(
        "desk/accounts.html",
        accounts=rows,
        roles=role_names(),
        error=error,
        made=made,
        name=name,
        chosen=chosen,
    )


def role_names() -> dict[str, str]:
    """The roles and what they are called."""
    return {
        "commissioner": _("Beauftragte: Durchgänge und Ergebnisse"),
        "administrator": _("Verwaltung: Konten und Einheiten, keine Antworten"),
    }


@blueprint.post("/accounts")
@requires("accounts")
def add_account() -> Response:
    """Make an account; its password is shown this once."""
    name, role = cleaned(request.form.get("name")), request.form.get("role", "")
    if request.form.get("show"):
        return make_response(_page(name=name[:60], chosen=role))
    if not NAME.match(name):
        return make_response(
            _page(
                error=_(
                    "Der Name darf 2 bis 60 Buchstaben, Ziffern, Punkte und Bindestriche haben."
                ),
                name=name[:60],
                chosen=role,
            ),
            422,
        )
    if role not in access.RIGHTS:
        return make_response(_page(error=_("Bitte wählen Sie eine Rolle."), name=name), 422)
    password = access.new_password()
    actor = signed_in_account().account_id

    def add(connection: Connection) -> bool:
        if connection.scalar(select(account.c.id).where(account.c.name == name)) is not None:
            return False
        access.add_account(connection, name, role, password)
        access.log(connection, actor, "account_added", subject=f"{name} ({role})")
        return True

    if not database().write(add):
        return make_response(
            _page(error=_("Ein Konto mit diesem Namen gibt es schon."), name=name, chosen=role), 422
        )
    return make_response(_page(made=(name, password)))


def _disable(connection: Connection, account_id: int, value: bool) -> None:
    connection.execute(update(account).where(account.c.id == account_id).values(disabled=value))
    access.end_sessions(connection, account_id)


ACTIONS: dict[str, Callable[[Connection, int], Any]] = {
    "revoke": access.end_sessions,
    "disable": lambda connection, account_id: _disable(connection, account_id, True),
    "enable": lambda connection, account_id: _disable(connection, account_id, False),
}


@blueprint.post("/accounts/<int:account_id>/<action>")
@requires("accounts")
def change_account(account_id: int, action: str) -> Response:
    """End an account's sessions, disable or enable it, or give it a new password."""
    actor = signed_in_account().account_id
    if action == "disable" and account_id == actor:
        return make_response(_page(error=_("Das eigene Konto kann man nicht sperren.")), 422)
    password = access.new_password()

    def change(connection: Connection) -> str | None:
        name = connection.scalar(select(account.c.name).where(account.c.id == account_id))
        if name is None or action not in {*ACTIONS, "password"}:
            return None
        if action == "password":
            access.set_password(connection, name, password)
        else:
            ACTIONS[action](connection, account_id)
        access.log(connection, actor, f"account_{action}", subject=name)
        return str(name)

    # The ids of both databases are 32 bit wide; a larger number names no account.
    name = database().write(change) if account_id < 2**31 else None
    if name is None:
        raise Problem(404, _("Dieses Konto gibt es nicht."))
    return make_response(_page(made=(name, password) if action == "password" else None))
