"""The settings of a wave: its mode until it opens, and the closing of each audience."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import g, redirect, render_template, request
from sqlalchemy import Connection, func, select, update
from werkzeug.wrappers import Response

from survey import access
from survey.database import clock, database_now
from survey.desk import blueprint
from survey.desk.surveys import MODES
from survey.guard import requires, signed_in_account
from survey.locale import day, last_day, request_languages
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.questionnaires import keep
from survey.services import database, services
from survey.standing import GRACE
from survey.tables import invitation, wave, wave_audience
from survey.waves import set_closing


def load_wave(connection: Connection, slug: str, *, lock: bool = False) -> Any:
    """The row of a wave with the database's clock as `now`; raises Problem for an unknown one.

    `lock` makes other changes of the wave wait.
    """
    wanted = select(wave, database_now().label("now")).where(wave.c.slug == slug)
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise Problem(
            404,
            _("Diesen Durchgang gibt es nicht."),
            link=(f"/{g.language.code}/desk/", _("Alle Durchgänge")),
        )
    return row


def load_audiences(connection: Connection, wave_id: int) -> list[Any]:
    """The audiences of a wave in order, each with the number of its links as `links`."""
    links = (
        select(func.count(invitation.c.id))
        .where(
            invitation.c.wave_id == wave_audience.c.wave_id,
            invitation.c.audience == wave_audience.c.audience,
        )
        .scalar_subquery()
    )
    return list(
        connection.execute(
            select(wave_audience, links.label("links"))
            .where(wave_audience.c.wave_id == wave_id)
            .order_by(wave_audience.c.position, wave_audience.c.audience)
        )
    )


def open_address(slug: str, audience: str, language: str) -> str:
    """Where people without a link answer an anonymous wave."""
    return f"{services().config.public_url}/{language}/o/{slug}/{audience}"


def settings_address(slug: str) -> str:
    """The settings page of a wave, without host."""
    return f"/{g.language.code}/desk/waves/{slug}/settings"


@blueprint.get("/waves/<wave>/settings")
@requires("waves")
def show_settings(wave: str) -> str:
    """The facts of a wave, and what can still be changed."""
    zone = services().config.zone
    with database().snapshot() as connection:
        row = load_wave(connection, wave)
        audiences = [_shown(connection, row, each) for each in load_audiences(connection, row.id)]
    return render_template(
        "desk/wave_settings.html",
        wave=row,
        sample=row.sample,
        opens=day(row.opens, zone),
        before_opening=row.now < row.opens,
        audiences=audiences,
        names={code: language.name for code, language in request_languages().items()},
        done="done" in request.args,
    )


def _shown(connection: Connection, row: Any, each: Any) -> dict[str, Any]:
    frozen = services().library.stored(connection, each.questionnaire_checksum)
    anonymous = row.mode == "anonymous"
    return {
        "key": each.audience,
        "title": each.title,
        "questionnaire": frozen.questionnaire,
        "languages": frozen.languages,
        "links": each.links,
        "closes": last_day(each.closes, services().config.zone),
        "addresses": {
            code: open_address(row.slug, each.audience, code) for code in frozen.languages
        }
        if anonymous
        else {},
    }


# --- the mode -------------------------------------------------------------------------------------


@blueprint.post("/waves/<wave>/mode")
@requires("waves")
def change_mode(wave: str) -> Response:
    """Another mode, until the first answer could come."""
    account_id = signed_in_account().account_id
    mode, codes = request.form.get("mode", ""), request.form.get("codes_required") == "1"

    def work(connection: Connection) -> None:
        row = load_wave(connection, wave, lock=True)
        _check_mode(connection, row, mode)
        if mode != row.mode:
            _ask_in(connection, row, mode)
        _store_mode(connection, row, mode, codes=codes)
        note = f"{row.mode} → {mode}" + (", codes" if codes and mode == "anonymous" else "")
        access.log(connection, account_id, "wave_mode", wave_id=row.id, subject=row.slug, note=note)

    database().write(work)
    return redirect(f"{settings_address(wave)}?done=mode", 303)


def _check_mode(connection: Connection, row: Any, mode: str) -> None:
    if mode not in MODES:
        raise _refusal(
            422, row.slug, _("Bitte wählen Sie, ob namentlich oder anonym geantwortet wird.")
        )
    # The clock is read after the lock: whoever waited for it may have waited past the opening.
    if clock(connection) >= row.opens:
        raise _refusal(
            409,
            row.slug,
            _("Die Form der Befragung steht fest."),
            _(
                "Seit der Eröffnung kann die erste Antwort gekommen sein, im Vertrauen auf das, "
                "was auf der ersten Seite stand. Legen Sie eine neue Befragung an, wenn Sie "
                "anders fragen möchten."
            ),
        )
    library = services().library
    asked = [
        library.stored(connection, each.questionnaire_checksum).questionnaire
        for each in load_audiences(connection, row.id)
    ]
    if mode == "anonymous" and any(questionnaire.scored for questionnaire in asked):
        raise _refusal(
            409,
            row.slug,
            _("Dieser Fragebogen gibt Punkte und kann nicht anonym gestellt werden."),
            _("Seine Ergebnisse gehören zu einer Organisationseinheit."),
        )
    if mode == "named" and not all(each.links for each in load_audiences(connection, row.id)):
        raise _refusal(
            409,
            row.slug,
            _("In einer Zielgruppe ist niemand eingeladen."),
            _(
                "Namentlich antworten kann nur, wer einen persönlichen Link hat. Legen Sie die "
                "Befragung neu an und wählen Sie für jede Zielgruppe, wer eingeladen wird."
            ),
        )


def _ask_in(connection: Connection, row: Any, mode: str) -> None:
    """Freeze for every audience what it is asked in the other mode."""
    library = services().library
    for each in load_audiences(connection, row.id):
        found = library.in_mode(
            connection, each.questionnaire_checksum, MODES[row.mode], MODES[mode]
        )
        if found is None:
            raise _refusal(
                409,
                row.slug,
                _("Der Fragebogen liegt für die andere Form der Befragung nicht vor."),
                _(
                    "Er wurde inzwischen geändert oder enthält dafür keine Frage. Legen Sie die "
                    "Befragung bitte neu an."
                ),
            )
        keep(connection, found)
        connection.execute(
            update(wave_audience)
            .where(wave_audience.c.wave_id == row.id, wave_audience.c.audience == each.audience)
            .values(questionnaire_checksum=found.checksum)
        )


def _store_mode(connection: Connection, row: Any, mode: str, *, codes: bool) -> None:
    named = mode == "named"
    invited = select(invitation.c.unit_kind).where(invitation.c.wave_id == row.id).distinct()
    # A wave made anonymous reads nobody by name; as a named survey it reads all it invites.
    kinds = list(row.named_kinds) or sorted(connection.scalars(invited))
    connection.execute(
        update(wave)
        .where(wave.c.id == row.id)
        .values(
            mode=mode,
            codes_required=codes and not named,
            report_names_units=row.report_names_units and named,
            named_kinds=kinds if named else list(row.named_kinds),
        )
    )


# --- the closing of an audience -------------------------------------------------------------------


@blueprint.post("/waves/<wave>/audiences/<audience>/closing")
@requires("waves")
def change_closing(wave: str, audience: str) -> Response:
    """Another last day for one audience, until the sheets were unsealed."""
    account_id, zone = signed_in_account().account_id, services().config.zone
    written = request.form.get("last_day", "")

    def work(connection: Connection) -> None:
        row = load_wave(connection, wave, lock=True)
        audiences = load_audiences(connection, row.id)
        if audience not in {each.audience for each in audiences}:
            raise Problem(404, _("Diese Seite gibt es nicht."))
        closes = max(each.closes for each in audiences)
        until = _checked_day(row, written, clock(connection), closes)
        set_closing(connection, row.id, audience, until, zone)
        access.log(
            connection,
            account_id,
            "closing_changed",
            wave_id=row.id,
            subject=f"{row.slug} {audience}",
            note=until.isoformat(),
        )

    database().write(work)
    return redirect(f"{settings_address(wave)}?done=closing", 303)


def _checked_day(row: Any, written: str, now: datetime, closes: datetime) -> date:
    """The typed day; `closes` is when the last audience of the wave closes so far."""
    if row.unsealed is not None:
        raise _refusal(
            409,
            row.slug,
            _("Die Antworten sind schon entsiegelt."),
            _("Wer jetzt noch antwortete, wäre an der Zeit zu erkennen."),
        )
    if row.mode == "anonymous" and now >= closes + GRACE:
        raise _refusal(
            409,
            row.slug,
            _("Die Befragung ist zu Ende."),
            _("Ihre Bögen werden schon geöffnet; der letzte Tag lässt sich nicht mehr ändern."),
        )
    zone = services().config.zone
    today = now.astimezone(zone).date()
    try:
        until = date.fromisoformat(written)
    except ValueError:
        raise _refusal(
            422, row.slug, _("Bitte geben Sie den letzten Tag an, zum Beispiel 2026-12-31.")
        ) from None
    if not today <= until <= date(today.year + 2, 12, 31):
        raise _refusal(
            422, row.slug, _("Der letzte Tag muss heute oder später liegen, höchstens zwei Jahre.")
        )
    if until < row.opens.astimezone(zone).date():
        raise _refusal(422, row.slug, _("Der letzte Tag liegt vor dem ersten."))
    return until


def _refusal(status: int, slug: str, title: str, *cures: str) -> Problem:
    return Problem(status, title, *cures, link=(settings_address(slug), _("Zurück")))
