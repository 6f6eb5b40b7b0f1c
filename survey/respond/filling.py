"""Filling: one section a page.

A GET joins a compiled page; a POST validates, saves in one transaction, and moves on. Whatever goes
wrong, the same page comes back with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import g, make_response, redirect, render_template, request, session
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from forms.builder import build_form
from forms.definition import Question, Questionnaire, Section
from forms.path import holds
from survey import access, store
from survey.database import Unavailable
from survey.locale import current, request_languages
from survey.locale import gettext as _
from survey.pages import Page, Slots
from survey.problems import Problem, unavailable
from survey.protection import form_token
from survey.respond import blueprint
from survey.respond.invited import (
    Invited,
    load,
    neighbours,
    not_open,
)
from survey.services import database, services

View = TypeVar("View", bound=Callable[..., Any])
CHECKED = Markup(" checked")


def gives_text_back(view: View) -> View:
    """Mark a view that answers an expired form token itself, with the text in the form."""
    view.gives_text_back = True  # type: ignore[attr-defined]  # read by survey.app
    return view


@blueprint.get("/w/<wave>/<handle>/<step>")
def show_step(wave: str, handle: str, step: str) -> str | Response:
    """One section, with what is saved."""
    invited = load(wave, handle)
    standing = invited.standing
    if not standing.takes_answers:
        raise not_open(standing)
    if standing.draft is None and standing.has_sheet:
        return redirect(f"{invited.root}/")
    section = _section(invited, step)
    if section.asked_if and not holds(
        invited.localised.questionnaire, section.asked_if, standing.draft or {}
    ):
        return redirect(f"{invited.root}/")
    saved = store.part(standing.draft, section.keys)
    return _page(invited, section, saved, base=store.content_hash(saved))


def _section(invited: Invited, step: str) -> Section:
    section = invited.section(step)
    if section is None:
        raise Problem(
            404,
            _("Diese Seite gibt es im Fragebogen nicht."),
            link=(f"{invited.root}/", _("Zur Übersicht")),
        )
    return section


@blueprint.post("/w/<wave>/<handle>/<step>")
@gives_text_back
def save_step(wave: str, handle: str, step: str) -> Response:  # one way out each
    """Keep what was typed and go to the next step."""
    invited = load(wave, handle, must_be_granted=False)
    section = _section(invited, step)
    form = _form(invited, section)()
    typed = form.answers()
    base = request.form.get("base", "")

    def again(status: int, notice: str, **more: Any) -> Response:
        page = _page(invited, section, typed, base=more.pop("base", base), notice=notice, **more)
        return make_response(page, status)

    if not access.is_granted(session, invited.standing):
        return again(403, _session_over(), shown=False)
    if g.get("stale_form"):
        return again(
            400,
            _(
                "Diese Seite war lange offen. Ihr Text ist noch da: Bitte drücken Sie noch "
                "einmal auf „Speichern und weiter“."
            ),
        )
    if not form.validate():
        return again(422, _("Bitte prüfen Sie die markierten Stellen."), errors=form.errors)
    try:
        keep(invited, section.keys, typed, base)
    except store.NotOpen as refused:
        raise not_open(refused.standing) from None
    except store.Conflict as conflict:
        now = store.content_hash(conflict.stored)
        reopening = isinstance(conflict, store.AlreadySubmitted)
        return again(409, changed(reopening), base=now, stored=conflict.stored, reopen=reopening)
    except Unavailable:
        return again(503, unavailable().title + " " + unavailable().cures[0])
    draft = {k: v for k, v in (invited.standing.draft or {}).items() if k not in section.keys}
    return go_on(invited, draft | typed, step)


def keep(invited: Invited, keys: tuple[str, ...], typed: Mapping[str, Any], base: str) -> None:
    """Store what was typed on one page; raises what `store.save` raises."""
    handle, reopen = invited.standing.handle, request.form.get("reopen") == "1"
    database().write(lambda c: store.save(c, handle, keys, typed, base, reopen=reopen))


def go_on(invited: Invited, draft: dict[str, Any], step: str) -> Response:
    """The way on after saving: as the pressed button says, by default the next visible step."""
    wish = request.form.get("then", "next")
    before, after = neighbours(invited, draft, step)
    if wish == "later":
        return redirect(f"{invited.root}/?saved=1", 303)
    if wish == "back":
        return redirect(f"{invited.root}/{before}", 303)
    if wish.startswith("language:") and wish[9:] in invited.frozen.languages:
        return redirect(f"/{wish[9:]}{invited.rest}/{step}", 303)
    return redirect(f"{invited.root}/{after}", 303)


def _session_over() -> str:
    return _(
        "Ihre Sitzung ist abgelaufen. Ihr Text ist noch hier, aber noch nicht "
        "gespeichert. Öffnen Sie Ihren persönlichen Link in einem neuen Tab und "
        "drücken Sie dort auf „Beginnen“ oder „Weiter“. Kommen Sie dann hierher zurück "
        "und drücken Sie noch einmal auf „Speichern und weiter“."
    )


def changed(reopening: bool) -> str:
    """What a 409 page says on top."""
    if reopening:
        return _(
            "Inzwischen wurde abgegeben, vielleicht aus Ihrem Team. Beide Fassungen stehen "
            "hier. Mit „Speichern und weiter“ öffnen Sie "
            "den Bogen wieder mit Ihrer Fassung; abgegeben bleibt bis dahin die andere."
        )
    return _(
        "Diese Seite wurde inzwischen von jemand anderem geändert. Beide Fassungen "
        "stehen hier. Mit „Speichern und weiter“ gilt Ihre; Sie können sie vorher "
        "ergänzen."
    )


def _form(invited: Invited, section: Section) -> Any:
    key = (invited.frozen.checksum, invited.localised.language)
    return build_form(invited.localised.questionnaire, (section,), key, _)


def _page(  # noqa: PLR0913  # what a page of this kind can differ in
    invited: Invited,
    section: Section,
    typed: Mapping[str, Any],
    *,
    base: str,
    notice: str = "",
    errors: Mapping[str, Any] | None = None,
    stored: Mapping[str, Any] | None = None,
    reopen: bool = False,
    shown: bool = True,
) -> str:
    page = compiled_section(invited, section)
    values = page.blank()
    values.update(_common(invited, shown=shown), base=base, reopen="1" if reopen else "")
    questionnaire = invited.localised.questionnaire
    for question in section.questions:
        values.update(answer_slots(question, typed))
        if errors:
            values.update(_error_slots(question, errors))
        if stored is not None:
            values[f"stored:{question.id}"] = _stored_fragment(questionnaire, question, stored)
    if not notice and invited.standing.phase == "grace":
        notice = grace_notice()
    if notice:
        marked = [q for q in section.questions if any(key in (errors or {}) for key in q.keys)]
        fragment = render_template("respond/notice.html", notice=notice, marked=marked)
        values["notice"] = Markup(fragment)  # noqa: S704  # escaped by the template
    return page.fill(values)


def grace_notice() -> str:
    """Said on every page between closing and the end of the grace."""
    return _(
        "Die Frist ist abgelaufen. Weil Sie vorher begonnen haben, können Sie noch bis zu einer "
        "Stunde nach dem Ende abgeben."
    )


def _common(invited: Invited, *, shown: bool) -> dict[str, str]:
    standing = invited.standing
    return {
        "csrf": form_token(),
        "rest": invited.rest,
        "wave": standing.wave_title,
        # Without the link in this browser, the page must not tell whose it is.
        "unit": standing.unit_name if shown else "…",
    }


def compiled_section(invited: Invited, section: Section) -> Page:
    """The page of a section, rendered once per questionnaire, section and language."""
    key = (invited.frozen.checksum, section.id, current().code, invited.standing.sample)
    return services().pages.get(key, lambda slots: render_section(invited, section, slots))


def render_section(invited: Invited, section: Section, slots: Slots | dict[str, str]) -> str:
    """The whole template with these values in its slots."""
    # A wave keeps its languages for ever; an installation may have dropped one since.
    known = request_languages()
    return render_template(
        "respond/section.html",
        localised=invited.localised,
        questionnaire=invited.localised.questionnaire,
        section=section,
        step=step_number(invited.localised.questionnaire, section),
        offered=[known[code] for code in invited.frozen.languages if code in known],
        sample=invited.standing.sample,
        slots=slots,
    )


def step_number(questionnaire: Questionnaire, section: Section) -> tuple[int, int]:
    """(number, of how many): follow-ups count with their page, checking the answers is the last."""
    main = [s.id for s in questionnaire.sections if s.asked_if is None]
    here = questionnaire.sections.index(section)
    return sum(s.id in main for s in questionnaire.sections[: here + 1]), len(main) + 1


def answer_slots(question: Question, answers: Mapping[str, Any]) -> dict[str, str]:
    """Slot values for what is answered to a question; what is not answered stays blank."""
    values: dict[str, str] = {}
    given = answers.get(question.id)
    if question.type in ("text", "lines"):
        values[question.id] = given or ""
    elif given:
        for code in [given] if isinstance(given, str) else given:
            values[f"{question.id}={code}"] = CHECKED
    if question.other:
        values[f"{question.id}.other"] = answers.get(f"{question.id}.other", "")
    return values


def _error_slots(question: Question, errors: Mapping[str, Any]) -> dict[str, str]:
    found = [str(message) for key in question.keys for message in errors.get(key, ())]
    if not found:
        return {}
    return {
        f"error:{question.id}": Markup('<p class="error" id="{}-error">{}</p>').format(
            question.id, " ".join(found)
        ),
        f"described:{question.id}": Markup(' aria-describedby="{}-error"').format(question.id),
    }


def _stored_fragment(
    questionnaire: Questionnaire, question: Question, stored: Mapping[str, Any]
) -> str:
    names = {option.code: option.text for option in questionnaire.options(question)}
    given = stored.get(question.id) or ()
    words = [names.get(code, code) for code in ([given] if isinstance(given, str) else given)]
    if f"{question.id}.other" in stored:
        words.append(str(stored[f"{question.id}.other"]))
    return Markup('<div class="stored"><strong>{}</strong> <p dir="auto">{}</p></div>').format(
        _("Gespeichert ist:"), Markup("<br>").join(escape(word) for word in words) or "–"
    )
