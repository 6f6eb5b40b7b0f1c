"""Open surveys: the address without a link, the ticket, and „we have taken part".

A ticket is made at „Beginnen", lies in this browser's session and nowhere else, and is shown to the
respondent as a code to go on with.
"""

from __future__ import annotations

import re

from flask import g, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response

from forms.fields import cleaned
from survey import anonymous, codes, sealed
from survey.locale import gettext as _
from survey.locale import last_day, remember_language, request_languages
from survey.problems import Problem
from survey.respond import blueprint
from survey.respond.invited import (
    Invited,
    behind,
    frozen_of,
    held_ticket,
    open_audience,
)
from survey.respond.refusals import not_in_language, not_open, unknown_survey
from survey.services import database, services
from survey.standing import Standing

STARTS_AN_HOUR = 60
"""Sheets one connection may begin within an hour, a worker: a room full of people shares one."""
CODES_AN_HOUR = 30
SHEETS_AN_HOUR = 20
"""Sheets of one connection within an hour from which on they are looked at by a person."""
MOST_ADDRESSES = 5
MOST_TICKETS = 10


@blueprint.get("/o/<wave>")
def show_audiences(wave: str) -> str | Response:
    """Which group somebody answers for; with a single one its page at once."""
    with database().read() as connection:
        found = anonymous.audiences(connection, wave)
    if not found:
        raise unknown_survey()
    if len(found) == 1:
        return redirect(f"/{g.language.code}/o/{wave}/{found[0].audience}")
    if all(each.phase in ("not_yet", "closed") for each in found):
        raise not_open(found[0])
    spoken = {code for each in found for code in frozen_of(each).languages}
    offered = [code for code in request_languages() if code in spoken]
    here = [each for each in found if g.language.code in frozen_of(each).languages]
    if not here:
        raise not_in_language()
    return render_template(
        "respond/open_audiences.html",
        audiences=found,
        behind=[behind(each) for each in here],
        offered=offered,
    )


@blueprint.get("/o/<wave>/<audience>")
def show_open(wave: str, audience: str) -> str:
    """What is asked, what is not stored, and a button."""
    return _first_page(_here(wave, audience))


def _here(wave: str, audience: str) -> Invited:
    """This browser's sheet of the survey, or the survey as somebody without a ticket sees it."""
    found = open_audience(wave, audience)
    ticket = held_ticket(wave, audience)
    if ticket:
        with database().read() as connection:
            standing = anonymous.by_ticket(connection, ticket, services().config.link_key)
        if standing:
            return behind(standing, ticket)
    return behind(found)


def _first_page(here: Invited, error: str = "") -> str:
    standing = here.standing
    if standing.phase in ("not_yet", "closed"):
        raise not_open(standing)
    return render_template(
        "respond/open_start.html",
        standing=standing,
        here=here,
        offered=here.frozen.languages,
        questionnaire=here.localised.questionnaire,
        localised=here.localised,
        codes_required=codes_required(standing),
        draft_days=anonymous.DRAFT_DAYS,
        last_day=last_day(standing.closes, services().config.zone),
        error=error,
        faulty="ticket" if request.form.get("ticket") else "code",
        typed={name: cleaned(request.form.get(name))[:200] for name in ("code", "ticket")},
    )


def codes_required(standing: Standing) -> bool:
    """Whether beginning takes a one-time code."""
    with database().read() as connection:
        return anonymous.codes_required(connection, standing.wave_slug)


@blueprint.post("/o/<wave>/<audience>")
def begin_open(wave: str, audience: str) -> Response:
    """Begin with a fresh ticket, go on with the one held or typed, or forget it."""
    here = _here(wave, audience)
    standing, wish = here.standing, request.form.get("then", "begin")
    if wish in ("forget", "delete"):
        # Also when all is over: on a shared device nothing should stay behind.
        return _forget(here, delete=wish == "delete")
    if standing.phase in ("not_yet", "closed"):
        raise not_open(standing)
    if request.form.get("show"):
        return _again(here, 200, "")
    # The Enter key in the field of the code says „begin" too.
    if wish == "continue" or request.form.get("ticket"):
        return _continue(here, request.form.get("ticket", ""))
    return _go_on(here) if here.ticket else _begin_afresh(here)


def _begin_afresh(here: Invited) -> Response:
    standing = here.standing
    if services().limits.count("begin", request.remote_addr or "") > STARTS_AN_HOUR:
        return _again(
            here,
            429,
            _(
                "Von diesem Anschluss wurden gerade sehr viele Bögen begonnen. Bitte versuchen Sie "
                "es in einer Stunde noch einmal."
            ),
        )
    if codes_required(standing) and (refused := _spend_code(here)):
        return refused
    secret = sealed.new_ticket(services().config.link_key, standing.wave_id, standing.audience)
    return _hold(here, secret)


def _again(here: Invited, status: int, error: str) -> Response:
    return make_response(_first_page(here, error), status)


def _hold(here: Invited, secret: str) -> Response:
    """Put a ticket into this browser's session and show the sheet."""
    wave, audience = here.standing.wave_slug, here.standing.audience
    tickets = dict(session.get("tickets", {}))
    tickets[f"{wave}/{audience}"] = secret
    session["tickets"] = dict(list(tickets.items())[-MOST_TICKETS:])
    return _go_on(_here(wave, audience))


def _go_on(here: Invited) -> Response:
    first = here.localised.questionnaire.sections[0].id
    fresh = here.standing.draft is None and not here.standing.has_sheet
    return remember_language(redirect(f"{here.root}/{first if fresh else ''}", 303))


def _continue(here: Invited, typed: str) -> Response:
    """Take the code of a sheet begun elsewhere."""
    standing, config = here.standing, services().config
    if _tried_too_often():
        return _again(here, 429, _too_many_codes())
    secret = re.sub(r"[^a-z2-7]", "", cleaned(typed)[:200].lower())
    if not sealed.ticket_fits(config.link_key, standing.wave_id, standing.audience, secret):
        services().limits.count("code", request.remote_addr or "")
        return _again(
            here,
            422,
            _(
                "Dieser Weitermach-Code passt nicht zu dieser Befragung. Bitte vergleichen Sie ihn "
                "Zeichen für Zeichen; er hat 40 Buchstaben und Ziffern."
            ),
        )
    return _hold(here, secret)


def _tried_too_often() -> bool:
    # Wrong codes alone are counted: a room full of people may share one connection.
    return services().limits.seen("code", request.remote_addr or "") >= CODES_AN_HOUR


def _too_many_codes() -> str:
    return _(
        "Von diesem Anschluss kamen zu viele Codes. Bitte versuchen Sie es in einer Stunde noch "
        "einmal."
    )


def _spend_code(here: Invited) -> Response | None:
    """Spend the typed one-time code, in a transaction of its own; None when it was good."""
    typed = cleaned(request.form.get("code"))[:100]
    if _tried_too_often():
        return _again(here, 429, _too_many_codes())
    if not typed:
        return _again(here, 422, _("Bitte geben Sie den Code von Ihrem Zettel ein."))
    wave_id = here.standing.wave_id
    result = database().write(lambda connection: codes.spend(connection, wave_id, typed))
    if result == "spent":
        return None
    services().limits.count("code", request.remote_addr or "")
    message = {
        "used": _(
            "Dieser Code wurde schon benutzt; jeder gilt einmal. Haben Sie selbst damit begonnen, "
            "machen Sie mit Ihrem Weitermach-Code weiter. Sonst bitten Sie um einen neuen."
        ),
        "unknown": _(
            "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem "
            "Zettel."
        ),
    }[result]
    return _again(here, 422, message)


def _forget(here: Invited, *, delete: bool) -> Response:
    """Let this browser know nothing more of the sheet; the draft waits for its code or goes too."""
    ticket = here.ticket
    if ticket and delete:
        database().write(lambda connection: anonymous.forget_draft(connection, ticket))
    tickets = dict(session.get("tickets", {}))
    tickets.pop(f"{here.standing.wave_slug}/{here.standing.audience}", None)
    session["tickets"] = tickets
    raise Problem(
        200,
        _("Dieser Browser weiß nichts mehr von Ihrem Bogen."),
        _("Ihr Entwurf ist gelöscht.")
        if delete
        else _(
            "Was Sie abgegeben haben, bleibt abgegeben. Einen Entwurf öffnen Sie mit dem "
            "Weitermach-Code wieder."
        ),
        link=(here.start, _("Zur ersten Seite")),
    )


def readable(secret: str) -> str:
    """A ticket in groups of five, as it is shown and typed."""
    return " ".join(secret[at : at + 5] for at in range(0, len(secret), 5))


def suspicion(invited: Invited) -> str:
    """Why a sheet should be looked at by a person before it counts; "" for nearly all."""
    if services().limits.seen("submit", request.remote_addr or "") >= SHEETS_AN_HOUR:
        return "many"
    texts = " ".join(str(value) for value in (invited.standing.draft or {}).values())
    return "addresses" if len(re.findall(r"https?://|www\.", texts)) > MOST_ADDRESSES else ""


def count_submission(invited: Invited) -> None:
    """Note, for this hour and in memory only, that this connection handed in a sheet."""
    if not invited.standing.has_sheet:
        services().limits.count("submit", request.remote_addr or "")
