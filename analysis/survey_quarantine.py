"""The quarantined sheets of an anonymous wave, looked through one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import g, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from analysis.entries import read_quarantined
from analysis.survey_page import address, blueprint, load_readable, load_survey, page
from analysis.survey_words import Says, categories, quarantine_reasons
from survey import access, quarantine
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database


@blueprint.get("/quarantine")
@requires("results")
def show_quarantine(wave: str) -> str:
    """The sheets that do not count yet, why, and what they say."""
    with database().snapshot() as connection:
        found = load_survey(connection, wave)
        readable = found.anonymous and found.readable
        sheets = read_quarantined(connection, found, g.language.code) if readable else {}
        why = quarantine.reasons(connection, found.id) if readable else {}
    return page(
        "desk/survey_quarantine.html",
        found,
        "quarantine",
        readable=readable,
        sheets=sheets,
        why=why,
        reasons=quarantine_reasons(),
        category_names=dict(categories(found)),
        says=Says(found),
        done=request.args.get("done", ""),
    )


DECISIONS: Mapping[str, Callable[[Connection, int, str], str]] = {
    "release": quarantine.release,
    "discard": quarantine.discard,
}


@blueprint.post("/quarantine/<response_id>/<action>")
@requires("results")
def decide(wave: str, response_id: str, action: str) -> Response:
    """Release a sheet into the counts or discard it; the log names the reason, not the sheet."""
    account_id = signed_in_account().account_id

    def work(connection: Connection) -> None:
        found = load_readable(connection, wave)
        if action not in DECISIONS:
            raise Problem(404, _("Diese Seite gibt es nicht."))
        reason = DECISIONS[action](connection, found.id, response_id)
        access.log(
            connection,
            account_id,
            f"quarantine_{action}",
            wave_id=found.id,
            subject=found.slug,
            note=reason,
        )

    try:
        database().write(work)
    except quarantine.NotQuarantined:
        raise Problem(
            409,
            _("Über diesen Bogen ist schon entschieden."),
            link=(address(wave, "quarantine"), _("Zu den zurückgestellten Bögen")),
        ) from None
    return redirect(address(wave, f"quarantine?done={action}"), 303)
