"""After the last section: check answers, submit, receipt and result, reopen, or no sheet at all."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from forms.fields import cleaned
from forms.path import (
    entry_answers,
    entry_ids,
    hidden_texts,
    visible_answers,
    visible_sections,
)
from forms.scoring import Unanswered
from survey import store
from survey.database import Unavailable
from survey.earlier import marks_about
from survey.locale import day, last_day
from survey.locale import gettext as _
from survey.messages import bands, no_sheet_reasons, promise_marks
from survey.outcome import Outcome, read_outcome
from survey.problems import Problem, unavailable
from survey.respond import blueprint
from survey.respond.drawing import grace_notice, names_of_places
from survey.respond.filling import gives_text_back
from survey.respond.invited import (
    Invited,
    load,
    load_named,
    promises_of,
)
from survey.respond.open import count_submission, suspicion
from survey.respond.refusals import not_open
from survey.services import database, services
from survey.sheet import NothingToSubmit

LONGEST_NOTE = 300


@blueprint.get("/w/<wave>/<handle>/check")
def check_answers(wave: str, handle: str) -> str | Response:
    """All answers on one page, what is missing first."""
    invited = load(wave, handle)
    if not invited.standing.takes_answers:
        raise not_open(invited.standing)
    if invited.standing.draft is None:
        return redirect(f"{invited.root}/")
    return _check_page(invited)


def _check_page(invited: Invited, notice: str = "") -> str:
    draft: dict[str, Any] = invited.standing.draft or {}
    questionnaire = invited.localised.questionnaire
    visible = visible_answers(questionnaire, draft)
    before = invited.earlier()
    sections = visible_sections(questionnaire, draft)
    return render_template(
        "respond/check.html",
        invited=invited,
        questionnaire=questionnaire,
        sections=sections,
        answers=visible,
        entries={
            s.id: [(e, entry_answers(s, visible, e)) for e in entry_ids(s, visible)]
            for s in sections
            if s.repeat
        },
        place_names=names_of_places(visible),
        missing=[q for q in questionnaire.scored.values() if q.id not in visible],
        hidden=[questionnaire.questions[name] for name in hidden_texts(questionnaire, draft)],
        promises=promises_of(before, invited),
        held=marks_about(draft.get(store.PROMISES), before),
        marks=promise_marks(),
        base=store.content_hash(draft),
        submission_key=token_hex(16),
        notice=notice or (grace_notice() if invited.standing.phase == "grace" else ""),
        offered=invited.frozen.languages,
        last_day=last_day(invited.standing.ends, services().config.zone),
    )


@blueprint.post("/w/<wave>/<handle>/check")
@gives_text_back
def submit(wave: str, handle: str) -> Response:
    """Submit what the check page showed; the same submission twice has one receipt."""
    invited = load(wave, handle)
    base = request.form.get("base", "")
    key = cleaned(request.form.get("submission_key"))[:64] or token_hex(16)
    if g.get("stale_form"):
        return _check_again(
            wave,
            handle,
            400,
            _("Diese Seite war lange offen. Bitte drücken Sie noch einmal auf „Jetzt abgeben“."),
        )
    try:
        invited.submit(base, key, suspicion(invited) if invited.is_open else "")
        if invited.is_open:
            count_submission(invited)
    except store.NotOpen as refused:
        raise not_open(refused.standing) from None
    except NothingToSubmit:
        raise Problem(
            409,
            _("Es ist noch nichts gespeichert, was abgegeben werden könnte."),
            link=(f"{invited.root}/", _("Zur Übersicht")),
        ) from None
    except store.Conflict:
        return _check_again(
            wave,
            handle,
            409,
            _(
                "Inzwischen hat jemand Antworten geändert. Bitte prüfen Sie den neuen Stand "
                "und geben Sie dann ab."
            ),
        )
    except Unanswered:
        return _check_again(wave, handle, 422, "")
    except Unavailable:
        return _check_again(
            wave,
            handle,
            503,
            _("Gerade konnte nicht abgegeben werden. Ihre Antworten sind als Entwurf gespeichert.")
            + " "
            + unavailable().cures[0],
        )
    return redirect(f"{invited.root}/result?submitted=1", 303)


def _check_again(wave: str, handle: str, status: int, notice: str) -> Response:
    fresh = load(wave, handle)
    if fresh.standing.draft is None:
        return redirect(f"{fresh.root}/", 303)
    return make_response(_check_page(fresh, notice), status)


@blueprint.get("/w/<wave>/<handle>/result")
def result(wave: str, handle: str) -> str | Response:
    """What was submitted last, scored, with the form's advice; the receipt on top."""
    invited = load(wave, handle)
    standing = invited.standing
    if not standing.has_sheet:
        return redirect(f"{invited.root}/")
    return render_template(
        "respond/result.html",
        invited=invited,
        outcome=_outcome(invited),
        just_submitted=request.args.get("submitted") == "1",
        receipt=standing.receipt,
        submitted_on=day(standing.submitted or standing.now, services().config.zone),
        overseen=invited.overseen(),
        band_names=bands(),
        marks=promise_marks(),
        offered=invited.frozen.languages,
        last_day=last_day(standing.ends, services().config.zone),
    )


def _outcome(invited: Invited) -> Outcome:
    with database().snapshot() as connection:
        return read_outcome(connection, services().library, invited.standing, invited.localised)


@blueprint.post("/w/<wave>/<handle>/reopen")
def reopen(wave: str, handle: str) -> Response:
    """Open a submitted sheet for changes, or drop the open changes."""
    invited = load_named(wave, handle)
    if request.form.get("then") == "discard":
        return _discard(invited, request.form.get("base", ""))
    _write(lambda connection: store.reopen(connection, handle))
    return redirect(f"{invited.root}/{invited.localised.questionnaire.sections[0].id}", 303)


def _discard(invited: Invited, base: str) -> Response:
    handle = invited.standing.handle
    try:
        _write(lambda connection: store.discard_changes(connection, handle, base))
    except store.Conflict:
        raise Problem(
            409,
            _("Inzwischen hat jemand weitergeschrieben."),
            _("Darum wurde nichts verworfen. Sehen Sie sich den neuen Stand zuerst an."),
            link=(f"{invited.root}/", _("Zur Übersicht")),
        ) from None
    return redirect(f"{invited.root}/", 303)


@blueprint.get("/w/<wave>/<handle>/no-sheet")
def show_no_sheet(wave: str, handle: str) -> str:
    """Reasons for handing in no sheet."""
    invited = load_named(wave, handle)
    if not invited.standing.takes_answers:
        raise not_open(invited.standing)
    return _no_sheet_page(invited, invited.standing.no_sheet_reason, invited.standing.no_sheet_note)


def _no_sheet_page(invited: Invited, reason: str | None, note: str, error: str = "") -> str:
    return render_template(
        "respond/no_sheet.html",
        invited=invited,
        reasons=no_sheet_reasons(),
        reason=reason,
        note=note,
        error=error,
        longest=LONGEST_NOTE,
        offered=invited.frozen.languages,
    )


@blueprint.post("/w/<wave>/<handle>/no-sheet")
@gives_text_back
def save_no_sheet(wave: str, handle: str) -> Response:  # noqa: PLR0911  # one way out each
    """Keep the reason, or take it back."""
    invited = load_named(wave, handle)
    reason = request.form.get("reason", "")
    note = cleaned(request.form.get("note"))

    def again(status: int, error: str) -> Response:
        return make_response(_no_sheet_page(invited, reason, note, error), status)

    if g.get("stale_form"):
        return again(400, _("Diese Seite war lange offen. Bitte senden Sie noch einmal ab."))
    if request.form.get("show"):
        return make_response(_no_sheet_page(invited, reason, note))
    if request.form.get("then") == "withdraw":
        _write(lambda c: store.withdraw_decline(c, handle))
        return redirect(f"{invited.root}/", 303)
    if reason not in no_sheet_reasons():
        return again(422, _("Bitte wählen Sie einen Grund aus."))
    if len(note) > LONGEST_NOTE:
        return again(
            422, _("Die Ergänzung ist zu lang: höchstens %(most)s Zeichen.", most=LONGEST_NOTE)
        )
    if reason == "with_other" and not note:
        return again(
            422, _("Bitte nennen Sie die Organisationseinheit, mit der Sie gemeinsam antworten.")
        )
    try:
        _write(lambda c: store.decline(c, handle, reason, note))
    except store.AlreadySubmitted:
        return redirect(f"{invited.root}/", 303)
    except Unavailable:
        return again(503, unavailable().title + " " + unavailable().cures[0])
    return redirect(f"{invited.root}/", 303)


def _write(work: Any) -> None:
    try:
        database().write(work)
    except store.NotOpen as refused:
        raise not_open(refused.standing) from None
