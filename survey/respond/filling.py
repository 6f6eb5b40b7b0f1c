"""Filling: one section a page.

A GET joins a compiled page; a POST validates, saves in one transaction, and moves on. Whatever goes
wrong, the same page comes back with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import g, make_response, redirect, request
from werkzeug.wrappers import Response

from forms.builder import build_form
from forms.definition import Section
from forms.path import ENTRY, holds
from survey import store
from survey.anonymous import TooLarge
from survey.database import Unavailable
from survey.locale import gettext as _
from survey.problems import Problem, unavailable
from survey.respond import blueprint
from survey.respond.drawing import Part, gone, section_page
from survey.respond.entries import after_entry, entry_list, in_language, too_many
from survey.respond.invited import Invited, load, neighbours
from survey.respond.refusals import not_open

View = TypeVar("View", bound=Callable[..., Any])


def gives_text_back(view: View) -> View:
    """Mark a view that answers an expired form token itself, with the text in the form."""
    view.gives_text_back = True  # type: ignore[attr-defined]  # read by survey.app
    return view


@blueprint.get("/w/<wave>/<handle>/<step>", defaults={"entry": ""})
@blueprint.get("/w/<wave>/<handle>/<step>/<entry>")
def show_step(wave: str, handle: str, step: str, entry: str) -> str | Response:
    """One section, or one entry of a section that repeats, with what is saved."""
    invited = load(wave, handle)
    standing = invited.standing
    if not standing.takes_answers:
        raise not_open(standing)
    if standing.draft is None and standing.has_sheet:
        return redirect(f"{invited.root}/")
    section = section_of(invited, step)
    if section.asked_if and not holds(
        invited.localised.questionnaire, section.asked_if, standing.draft or {}
    ):
        return redirect(f"{invited.root}/")
    if section.repeat and not entry:
        return entry_list(invited, section)
    part = part_of(section, entry)
    saved = part.plain(standing.draft or {})
    return section_page(invited, part, saved, base=store.content_hash(part.keyed(saved)))


def section_of(invited: Invited, step: str) -> Section:
    """The section an address names; raises Problem."""
    section = invited.section(step)
    if section is None:
        raise Problem(
            404,
            _("Diese Seite gibt es im Fragebogen nicht."),
            link=(f"{invited.root}/", _("Zur Übersicht")),
        )
    return section


def part_of(section: Section, entry: str) -> Part:
    """The section, or the entry of it an address names; raises Problem."""
    if bool(section.repeat) != bool(entry) or (entry and not ENTRY.fullmatch(entry)):
        raise Problem(404, _("Diese Seite gibt es im Fragebogen nicht."))
    return Part(section, entry)


@blueprint.post("/w/<wave>/<handle>/<step>", defaults={"entry": ""})
@blueprint.post("/w/<wave>/<handle>/<step>/<entry>")
@gives_text_back
def save_step(  # noqa: PLR0911  # one way out each
    wave: str, handle: str, step: str, entry: str
) -> Response:
    """Keep what was typed and go to the next step."""
    invited = load(wave, handle, must_be_granted=False)
    part = part_of(section_of(invited, step), entry)
    form = form_of(invited, part.section)()
    deleted = bool(entry) and request.form.get("then") == "delete"
    typed = {} if deleted else form.answers()
    base = request.form.get("base", "")

    def again(status: int, notice: str, **more: Any) -> Response:
        kept = form.answers()
        page = section_page(invited, part, kept, base=more.pop("base", base), notice=notice, **more)
        return make_response(page, status)

    if not invited.granted:
        return again(403, _session_over(invited), shown=invited.is_open)
    if g.get("stale_form"):
        return again(
            400,
            _(
                "Diese Seite war lange offen. Ihr Text ist noch da: Bitte drücken Sie noch "
                "einmal auf „Speichern und weiter“."
            ),
        )
    errors = {} if deleted or form.validate() else dict(form.errors)
    errors = errors or gone(part.section, typed)
    if errors:
        return again(422, _("Bitte prüfen Sie die markierten Stellen."), errors=errors)
    if full := too_many(invited, part, typed):
        return again(422, full)
    try:
        keep(invited, part.keys, part.keyed(typed), base)
    except store.NotOpen as refused:
        if invited.is_open and refused.standing.has_sheet:
            raise _sealed_already(invited) from None
        raise not_open(refused.standing) from None
    except store.Conflict as conflict:
        now = store.content_hash(conflict.stored)
        reopening = isinstance(conflict, store.AlreadySubmitted)
        theirs = part.plain(conflict.stored)
        said = changed(reopening, one_person=invited.is_open)
        return again(409, said, base=now, stored=theirs, reopen=reopening)
    except TooLarge:
        return again(422, _("Der ganze Bogen ist zu lang geworden. Bitte kürzen Sie Ihre Texte."))
    except Unavailable:
        return again(503, unavailable().title + " " + unavailable().cures[0])
    if entry:
        return after_entry(invited, part)
    draft = {k: v for k, v in (invited.standing.draft or {}).items() if k not in part.keys}
    return go_on(invited, draft | typed, step)


def _sealed_already(invited: Invited) -> Problem:
    return Problem(
        409,
        _("Ihr Bogen ist schon abgegeben."),
        _("Er ist verschlossen und kann nicht mehr geändert werden."),
        link=(f"{invited.root}/result", _("Ihre Antworten")),
    )


def keep(invited: Invited, keys: tuple[str, ...], typed: Mapping[str, Any], base: str) -> None:
    """Store what was typed on one page; raises what `store.save` raises."""
    invited.save(keys, typed, base, reopen=request.form.get("reopen") == "1")


def go_on(invited: Invited, draft: dict[str, Any], step: str) -> Response:
    """The way on after saving: as the pressed button says, by default the next visible step."""
    wish = request.form.get("then", "next")
    before, after = neighbours(invited, draft, step)
    if wish == "later":
        return redirect(f"{invited.root}/?saved=1", 303)
    if wish == "back":
        return redirect(f"{invited.root}/{before}", 303)
    return in_language(wish, invited, step) or redirect(f"{invited.root}/{after}", 303)


def _session_over(invited: Invited) -> str:
    if invited.is_open:
        return _(
            "Ihre Sitzung ist abgelaufen. Ihr Text ist noch hier, aber noch nicht gespeichert. "
            "Öffnen Sie die Adresse der Befragung in einem neuen Tab und drücken Sie dort auf "
            "„Beginnen“, oder geben Sie Ihren Weitermach-Code ein. Kommen Sie dann hierher zurück "
            "und drücken Sie noch einmal auf „Speichern und weiter“."
        )
    return _(
        "Ihre Sitzung ist abgelaufen. Ihr Text ist noch hier, aber noch nicht "
        "gespeichert. Öffnen Sie Ihren persönlichen Link in einem neuen Tab und "
        "drücken Sie dort auf „Beginnen“ oder „Weiter“. Kommen Sie dann hierher zurück "
        "und drücken Sie noch einmal auf „Speichern und weiter“."
    )


def changed(reopening: bool, *, one_person: bool = False) -> str:
    """What a 409 page says on top; an anonymous sheet has one person, perhaps two devices."""
    if one_person:
        return _(
            "Diese Seite wurde inzwischen auf einem anderen Gerät geändert. Beide Fassungen stehen "
            "hier. Mit „Speichern und weiter“ gilt die Fassung im Feld; Sie können sie vorher "
            "ergänzen."
        )
    if reopening:
        return _(
            "Inzwischen wurde abgegeben, vielleicht aus Ihrem Team. Beide Fassungen stehen "
            "hier. Mit „Speichern und weiter“ öffnen Sie "
            "den Bogen wieder mit Ihrer Fassung; abgegeben bleibt die andere, bis Sie neu abgeben."
        )
    return _(
        "Diese Seite wurde inzwischen von jemand anderem geändert. Beide Fassungen "
        "stehen hier. Mit „Speichern und weiter“ gilt Ihre; Sie können sie vorher "
        "ergänzen."
    )


def form_of(invited: Invited, section: Section) -> Any:
    """The class of the form of a page."""
    key = (invited.frozen.checksum, invited.localised.language)
    return build_form(invited.localised.questionnaire, (section,), key, _)
