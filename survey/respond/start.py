"""Before and around the filling: home, personal link, overview, „Das sind wir nicht"."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response

from forms.path import entry_ids, visible_sections
from survey import access, store
from survey.earlier import marks_about
from survey.locale import gettext as _
from survey.locale import last_day, remember_language, request_languages
from survey.messages import bands, no_sheet_reasons
from survey.problems import Problem
from survey.qr import qr_code
from survey.respond import blueprint
from survey.respond.invited import (
    Invited,
    behind,
    load,
    load_named,
    promises_of,
    visible_steps,
)
from survey.respond.open import readable
from survey.respond.refusals import (
    ask_office,
    not_open,
    revoked_link,
    unknown_link,
)
from survey.services import database, services
from survey.standing import Standing, by_token_hash


@blueprint.get("/")
def home() -> Response:
    """What this is, and the open self-check."""
    published = services().library.published(services().config.self_check)
    offered = published.languages if published else list(request_languages())
    return remember_language(make_response(render_template("respond/home.html", offered=offered)))


def _behind(token: str) -> Standing:
    with database().read() as connection:
        standing = by_token_hash(connection, access.token_hash(token))
    if standing is None:
        raise unknown_link()
    if standing.revoked:
        raise revoked_link()
    return standing


@blueprint.get("/l/<token>")
def show_link(token: str) -> str:
    """Who is asked, what happens to the answers, and a button. Opening consumes nothing."""
    standing = _behind(token)
    if standing.phase == "not_yet" or (standing.phase == "closed" and not standing.has_sheet):
        raise not_open(standing)
    if standing.mode == "anonymous":
        return _taken_part_page(standing)
    frozen = behind(standing).frozen
    return render_template(
        "respond/link.html",
        standing=standing,
        offered=frozen.languages,
        questionnaire=frozen.questionnaire,
        last_day=last_day(standing.ends, services().config.zone),
    )


def _taken_part_page(standing: Standing) -> str:
    """The link of an anonymous wave: where the open survey is, and „we have taken part"."""
    path = f"/{g.language.code}/o/{standing.wave_slug}/{standing.audience}"
    return render_template(
        "respond/taken_part.html",
        standing=standing,
        offered=behind(standing).frozen.languages,
        open_path=path,
        open_address=f"{services().config.public_url}{path}",
        last_day=last_day(standing.ends, services().config.zone),
    )


@blueprint.post("/l/<token>")
def exchange_link(token: str) -> Response:
    """Exchange the link for a session; the token leaves the address."""
    standing = _behind(token)
    if standing.phase == "not_yet" or (standing.phase == "closed" and not standing.has_sheet):
        raise not_open(standing)
    if standing.mode == "anonymous":
        said = request.form.get("then") != "withdraw"
        database().write(lambda c: store.say_taken_part(c, standing.handle, said=said))
        return redirect(request.path, 303)
    if standing.begun is None and standing.takes_answers:
        database().write(lambda connection: store.begin(connection, standing.handle))
    access.grant(session, standing)
    invited = behind(standing)
    if standing.response_id is None and standing.takes_answers and not standing.no_sheet_reason:
        first = invited.frozen.questionnaire.sections[0].id
        return remember_language(redirect(f"{invited.root}/{first}", 303))
    return remember_language(redirect(f"{invited.root}/", 303))


@blueprint.get("/w/<wave>/<handle>/")
def overview(wave: str, handle: str) -> str:
    """Where the unit stands: what is done, what is open, the link for going on elsewhere."""
    invited = load(wave, handle)
    standing = invited.standing
    config = services().config
    link = "" if invited.is_open else access.personal_link(config, standing, g.language.code)
    return render_template(
        "respond/overview.html",
        invited=invited,
        standing=standing,
        steps=_progress(invited),
        base=store.content_hash(standing.draft),
        saved=request.args.get("saved") == "1",
        link=link,
        qr=qr_code(link, _("QR-Code mit dieser Adresse")) if link else "",
        code=readable(invited.ticket.secret) if invited.ticket else "",
        last_day=last_day(standing.ends, config.zone),
        reasons=no_sheet_reasons(),
        overseen=invited.overseen(),
        band_names=bands(),
        offered=invited.frozen.languages,
    )


def _progress(invited: Invited) -> list[tuple[str, str, str]]:
    """(step, title, state) of every step of an open draft; state is empty, part or whole."""
    draft = invited.standing.draft or {}
    earlier = invited.earlier()
    before = promises_of(earlier, invited)
    questionnaire = invited.localised.questionnaire
    sections = {s.id: s for s in visible_sections(questionnaire, draft)}
    rows = []
    for step in visible_steps(invited, draft, with_promises=bool(before)):
        if step not in sections:
            marked = marks_about(draft.get(store.PROMISES), earlier)
            whole, some = len(marked) == len(before), bool(marked)
            rows.append((step, _("Was aus den Zusagen des Vorjahres wurde"), _state(whole, some)))
            continue
        section = sections[step]
        answered = [bool(draft.get(q.id)) for q in section.questions]
        if section.repeat:
            answered = [True] * len(entry_ids(section, draft)) or [False]
        rows.append((step, sections[step].title, _state(all(answered), any(answered))))
    return rows


def _state(whole: bool, some: bool) -> str:
    return "whole" if whole else "part" if some else "empty"


@blueprint.route("/w/<wave>/<handle>/not-us", methods=["GET", "POST"])
def not_us(wave: str, handle: str) -> str | Response:
    """For somebody who holds another office's link: close it here and tell whom."""
    invited = load_named(wave, handle)
    if request.method == "GET":
        return render_template(
            "respond/not_us.html", invited=invited, offered=invited.frozen.languages
        )
    links = dict(session.get("links", {}))
    links.pop(handle, None)
    session["links"] = links
    raise Problem(
        200,
        _("Danke. Dieser Link ist in Ihrem Browser geschlossen."),
        _(
            "Nichts wurde geändert. Bitte löschen Sie die Einladung und sagen Sie "
            "Bescheid, damit der Link die richtige Stelle erreicht."
        ),
        ask_office(),
    )
