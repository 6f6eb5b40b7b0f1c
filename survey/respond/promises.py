"""Looking back: what became of the promises of the wave before, marked line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from survey import store
from survey.database import Unavailable
from survey.earlier import marks_about
from survey.locale import gettext as _
from survey.messages import promise_marks
from survey.problems import Problem, unavailable
from survey.respond import blueprint
from survey.respond.filling import changed, gives_text_back, go_on, keep
from survey.respond.invited import (
    PROMISE_STEP,
    Invited,
    load,
    load_named,
    promises_of,
)
from survey.respond.refusals import ask_office, not_open


@blueprint.get(f"/w/<wave>/<handle>/{PROMISE_STEP}")
def show_promises(wave: str, handle: str) -> str | Response:
    """The earlier promises with the marks given so far."""
    invited = load_named(wave, handle)
    standing = invited.standing
    if not standing.takes_answers:
        raise not_open(standing)
    if standing.draft is None and standing.has_sheet:
        return redirect(f"{invited.root}/")
    held = (standing.draft or {}).get(store.PROMISES) or {}
    return _page(invited, held, base=store.content_hash(_content(held)))


def _content(held: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft holds of this page: nothing at all while no line is marked."""
    return {store.PROMISES: dict(held)} if held else {}


def _page(
    invited: Invited,
    held: Mapping[str, Any],
    *,
    base: str,
    notice: str = "",
    stored: Mapping[str, Any] | None = None,
) -> Response | str:
    before = invited.earlier()
    promises = promises_of(before, invited)
    if before is None or not promises:
        return redirect(f"{invited.root}/{invited.localised.questionnaire.sections[-1].id}")
    return render_template(
        "respond/promises.html",
        invited=invited,
        before=before,
        promises=promises,
        marks=promise_marks(),
        held=marks_about(held, before),
        stored=None if stored is None else marks_about(stored, before),
        base=base,
        notice=notice,
        offered=invited.frozen.languages,
    )


@blueprint.post(f"/w/<wave>/<handle>/{PROMISE_STEP}")
@gives_text_back
def save_promises(wave: str, handle: str) -> Response:
    """Keep the marks; lines that are not last time's are ignored."""
    invited = load(wave, handle, must_be_granted=False)
    if not invited.granted or invited.is_open:
        # Promises are the unit's own text: not shown without its link, and a few clicks to redo.
        raise Problem(
            403,
            _("Ihre Sitzung ist abgelaufen."),
            _("Öffnen Sie bitte Ihren persönlichen Link noch einmal."),
            ask_office(),
        )
    held = _marked(invited)
    base = request.form.get("base", "")

    def again(status: int, notice: str, base: str = base, stored: Any = None) -> Response:
        page = _page(invited, held, base=base, notice=notice, stored=stored)
        return make_response(page, status)

    if g.get("stale_form"):
        return again(400, _("Diese Seite war lange offen. Bitte speichern Sie noch einmal."))
    try:
        keep(invited, (store.PROMISES,), _content(held), base)
    except store.NotOpen as refused:
        raise not_open(refused.standing) from None
    except store.Conflict as conflict:
        reopening = isinstance(conflict, store.AlreadySubmitted)
        now = conflict.stored.get(store.PROMISES) or {}
        return again(409, changed(reopening), store.content_hash(conflict.stored), now)
    except Unavailable:
        return again(503, unavailable().title + " " + unavailable().cures[0])
    return go_on(invited, dict(invited.standing.draft or {}), PROMISE_STEP)


def _marked(invited: Invited) -> dict[str, Any]:
    """The marks of this request: the sheet they are about, and a mark by „question:line"."""
    before = invited.earlier()
    lines = {
        line: request.form[f"promise:{line}"]
        for line, _text in promises_of(before, invited)
        if request.form.get(f"promise:{line}") in promise_marks()
    }
    return {"earlier": before.identity, "lines": lines} if before and lines else {}
