"""The unit's result as a PDF: ordered by a button, made by the worker, fetched when it is there."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from survey import files, jobs
from survey.locale import gettext as _
from survey.problems import Problem
from survey.respond import blueprint
from survey.respond.invited import Invited, load_named
from survey.services import database

LOOK_AGAIN = "2"
"""Seconds until a page that waits for the worker asks again by itself."""


@blueprint.post("/w/<wave>/<handle>/result.pdf")
def order_result(wave: str, handle: str) -> Response:
    """Ask for the document."""
    invited = _with_result(wave, handle)
    wanted = files.Wanted(invited.standing, g.language.code)
    database().write(lambda c: files.order_result(c, wanted))
    return redirect(f"{invited.root}/result.pdf?waiting=1", 303)


@blueprint.get("/w/<wave>/<handle>/result.pdf")
def result_file(wave: str, handle: str) -> Response:
    """The document, or how far it is; who was `waiting` gets a page that leads to it."""
    invited = _with_result(wave, handle)
    wanted = files.Wanted(invited.standing, g.language.code)
    with database().read() as connection:
        made = files.fresh_result(connection, wanted)
        job = jobs.latest(connection, wanted.standing.wave_id, "unit", wanted.subject)
    if made is None or "waiting" in request.args:
        pending = made is None and bool(job and job.pending)
        return _waiting(invited, ready=made is not None, pending=pending, failed=bool(job))
    answer = make_response(made.content)
    answer.headers["Content-Type"] = made.media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


def _waiting(invited: Invited, *, ready: bool, pending: bool, failed: bool) -> Response:
    page = render_template(
        "respond/take_away.html",
        invited=invited,
        ready=ready,
        pending=pending,
        failed=failed and not pending,
        offered=invited.frozen.languages,
    )
    answer = make_response(page)
    if pending:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _with_result(wave: str, handle: str) -> Invited:
    invited = load_named(wave, handle)
    if not invited.standing.has_sheet or not invited.localised.questionnaire.scored:
        raise Problem(
            404,
            _("Noch gibt es kein Ergebnis."),
            _("Sobald Ihr Bogen abgegeben ist, können Sie es hier mitnehmen."),
            link=(f"{invited.root}/", _("Zur Übersicht")),
        )
    return invited
