"""„Nur für uns": the open page that computes, shows and prints, and stores nothing at all."""

from __future__ import annotations

from typing import Any

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response

from forms.builder import build_form
from forms.path import visible_answers
from survey.locale import gettext as _
from survey.messages import bands, promise_marks
from survey.outcome import outcome
from survey.problems import Problem
from survey.protection import form_token
from survey.questionnaires import Frozen
from survey.respond import blueprint
from survey.respond.drawing import answer_slots
from survey.respond.filling import gives_text_back
from survey.respond.refusals import not_in_language
from survey.services import services


def published(questionnaire: str) -> Frozen:
    """The scored questionnaire of this name in the reader's language; raises Problem."""
    frozen = services().library.published(questionnaire)
    if frozen is None or not frozen.questionnaire.scored:
        raise Problem(
            404,
            _("Diesen Fragebogen gibt es nicht."),
            link=(f"/{g.language.code}/", _("Zur Startseite")),
        )
    if g.language.code not in frozen.languages:
        raise not_in_language()
    return frozen


@blueprint.get("/only-us/<questionnaire>")
def show_only_us(questionnaire: str) -> str:
    """The whole questionnaire on one page."""
    return _form_page(published(questionnaire), {}, {})


def _form_page(
    frozen: Frozen, typed: dict[str, Any], errors: dict[str, Any], notice: str = ""
) -> str:
    localised = frozen.localised(g.language.code)
    slots: dict[str, str] = {}
    for question in localised.questionnaire.questions.values():
        slots |= answer_slots(question, typed)
    return render_template(
        "respond/only_us.html",
        localised=localised,
        questionnaire=localised.questionnaire,
        slots=_Blank(slots),
        errors=errors,
        notice=notice,
        csrf=form_token(),
        offered=frozen.languages,
    )


class _Blank(dict[str, str]):
    """Slots of a page rendered whole: what is not answered is empty."""

    def __missing__(self, _name: str) -> str:
        return ""


@blueprint.post("/only-us/<questionnaire>")
@gives_text_back
def score_only_us(questionnaire: str) -> Response:
    """The result, computed from the request and forgotten with the answer."""
    frozen = published(questionnaire)
    localised = frozen.localised(g.language.code)
    key = (frozen.checksum, g.language.code)
    form = build_form(localised.questionnaire, localised.questionnaire.sections, key, _)()
    typed = form.answers()
    if g.get("stale_form"):
        return make_response(
            _form_page(
                frozen,
                typed,
                {},
                _(
                    "Diese Seite war lange offen. Bitte drücken Sie noch einmal auf „Ergebnis "
                    "zeigen“."
                ),
            ),
            400,
        )
    if request.form.get("show") == "form":
        return make_response(_form_page(frozen, typed, {}))
    errors: dict[str, Any] = {} if form.validate() else dict(form.errors)
    for question in localised.questionnaire.scored.values():
        if question.id not in typed:
            errors[question.id] = [_("Bitte wählen Sie eine Antwort.")]
    if request.form.get("then") == "change" or errors:
        return make_response(_form_page(frozen, typed, errors), 422 if errors else 200)
    return make_response(
        render_template(
            "respond/only_us_result.html",
            outcome=outcome(localised, visible_answers(localised.questionnaire, typed)),
            typed=typed,
            band_names=bands(),
            marks=promise_marks(),
            offered=frozen.languages,
            questionnaire=localised.questionnaire,
        )
    )
