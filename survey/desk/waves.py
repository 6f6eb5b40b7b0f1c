"""The list of waves, and making a new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import g, make_response, redirect, render_template, request
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response

from forms.fields import cleaned
from forms.loader import available
from survey import access
from survey.database import clock, database_now
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import day, last_day
from survey.locale import desk_gettext as _
from survey.messages import kinds
from survey.services import database, services
from survey.tables import invitation, response, unit, wave, wave_audience
from survey.waves import SLUG, WavePlan, end_of, make_wave

DEFAULT_KINDS = ("amt", "eigenbetrieb")
LONGEST_TITLE = 200
LONGEST_TEXT = 2000


@blueprint.get("/")
@requires("log")
def index() -> str | Response:
    """Where each role starts."""
    account = signed_in_account()
    if not account.may("waves"):
        return redirect(f"/{g.language.code}/desk/accounts")
    zone = services().config.zone
    with database().read() as connection:
        found = list(connection.execute(_waves()))
    rows = [
        {
            "slug": row.slug,
            "title": row.title,
            "sample": row.sample,
            "opens": day(row.opens, zone),
            "closes": last_day(row.closes, zone),
            "state": _state(row),
            "invited": row.invited,
            "submitted": row.submitted,
        }
        for row in found
    ]
    return render_template("desk/waves.html", waves=rows)


def _waves() -> Any:
    submitted = (
        select(func.count())
        .select_from(response)
        .where(response.c.wave_id == wave.c.id, response.c.state == "submitted")
        .scalar_subquery()
    )
    invited = (
        select(func.count())
        .select_from(invitation)
        .where(invitation.c.wave_id == wave.c.id)
        .scalar_subquery()
    )
    return (
        select(
            wave.c.slug,
            wave.c.title,
            wave.c.sample,
            wave.c.opens,
            wave_audience.c.closes,
            database_now().label("now"),
            invited.label("invited"),
            submitted.label("submitted"),
        )
        .join(wave_audience, wave_audience.c.wave_id == wave.c.id)
        .order_by(wave.c.opens.desc())
    )


def _state(row: Any) -> str:
    if row.now < row.opens:
        return _("noch nicht offen")
    return _("offen") if row.now < row.closes else _("geschlossen")


@blueprint.get("/waves/new")
@requires("waves")
def show_new_wave() -> str:
    """The form for a new wave, filled with what is most likely."""
    today = _today()
    given = {
        "title": f"Selbstcheck {today.year}",
        "slug": f"selbstcheck-{today.year}",
        "first_day": today.isoformat(),
        "last_day": "",
    }
    return _new_wave_page(given, list(DEFAULT_KINDS), list(DEFAULT_KINDS), [])


def _today() -> date:
    with database().read() as connection:
        return clock(connection).astimezone(services().config.zone).date()


def _new_wave_page(
    given: Mapping[str, str], chosen: list[str], named: list[str], errors: list[tuple[str, str]]
) -> str:
    with database().read() as connection:
        counted = connection.execute(
            select(unit.c.kind, func.count()).where(unit.c.inside).group_by(unit.c.kind)
        )
        counts = {kind: number for kind, number in counted}  # noqa: C416  # rows are not pairs
        previous = list(
            connection.execute(select(wave.c.slug, wave.c.title).order_by(wave.c.opens.desc()))
        )
    return render_template(
        "desk/new_wave.html",
        given=given,
        chosen=chosen,
        named=named,
        errors=errors,
        faulty=dict(errors),
        counts=dict(sorted(counts.items())),
        kinds=kinds(),
        previous=previous,
        questionnaires=list(available()),
    )


@blueprint.post("/waves/new")
@requires("waves")
def create_wave() -> Response:
    """Make the wave, or give the form back with every mistake named."""
    given = {name: cleaned(value) for name, value in request.form.items()}
    chosen, named = request.form.getlist("kinds"), request.form.getlist("named_kinds")
    with database().read() as connection:
        errors, plan = _checked(connection, given, chosen, named)
    frozen = services().library.published(given.get("questionnaire", ""))
    if frozen is None:
        errors.append(("questionnaire", _("Bitte wählen Sie einen Fragebogen.")))
    if errors or plan is None or frozen is None:
        return make_response(_new_wave_page(given, chosen, named, errors), 422)
    config = services().config

    def make(connection: Connection) -> int:
        invited = make_wave(connection, plan, frozen, config.zone, config.link_key)
        note = f"{frozen.questionnaire.id} {frozen.checksum[:12]}, {invited} invitations"
        account = signed_in_account().account_id
        access.log(connection, account, "wave_made", subject=plan.slug, note=note)
        return invited

    database().write(make)
    return redirect(f"/{g.language.code}/desk/waves/{plan.slug}/", 303)


Errors = Iterator[tuple[str, str]]
"""(field, what is wrong and how to mend it)"""


def _checked(
    connection: Connection, given: Mapping[str, str], chosen: list[str], named: list[str]
) -> tuple[list[tuple[str, str]], WavePlan | None]:
    """Every mistake of the form, or the plan it makes."""
    present = set(connection.scalars(select(unit.c.kind).where(unit.c.inside).distinct()))
    first, last = _date(given.get("first_day")), _date(given.get("last_day"))
    errors = [
        *_name_errors(connection, given),
        *_period_errors(connection, first, last),
        *_reader_errors(given, present.intersection(chosen)),
    ]
    if errors or first is None or last is None:
        return errors, None
    return [], WavePlan(
        slug=given["slug"],
        title=given["title"],
        first_day=first,
        last_day=last,
        kinds=[kind for kind in chosen if kind in present],
        named_kinds=[kind for kind in named if kind in chosen],
        report_names_units=given.get("report_names_units") == "1",
        staff_council_note=given["staff_council_note"],
        further_readers=given.get("further_readers", ""),
        previous_slug=given.get("previous", ""),
    )


def _name_errors(connection: Connection, given: Mapping[str, str]) -> Errors:
    title, slug = given.get("title", ""), given.get("slug", "")
    if not title or len(title) > LONGEST_TITLE:
        yield "title", _("Bitte geben Sie einen Titel an (höchstens 200 Zeichen).")
    if not SLUG.match(slug):
        yield (
            "slug",
            _(
                "Die Kurzbezeichnung darf nur aus kleinen Buchstaben, Ziffern und Bindestrichen "
                "bestehen, zum Beispiel selbstcheck-2026."
            ),
        )
    elif connection.scalar(select(wave.c.id).where(wave.c.slug == slug)) is not None:
        yield "slug", _("Einen Durchgang mit dieser Kurzbezeichnung gibt es schon.")


def _period_errors(connection: Connection, first: date | None, last: date | None) -> Errors:
    if first is None:
        yield "first_day", _("Bitte geben Sie den ersten Tag an.")
    if last is None:
        yield "last_day", _("Bitte geben Sie den letzten Tag an.")
    elif first is not None and last < first:
        yield "last_day", _("Der letzte Tag liegt vor dem ersten.")
    elif end_of(last, services().config.zone) <= clock(connection):
        yield "last_day", _("Der letzte Tag ist schon vorbei.")


def _reader_errors(given: Mapping[str, str], invited: set[str]) -> Errors:
    if not invited:
        yield (
            "kinds",
            _(
                "Bitte wählen Sie mindestens eine Art von Organisationseinheiten. Gibt es keine "
                "zur Auswahl, lesen Sie zuerst Organisationseinheiten ein."
            ),
        )
    if not given.get("staff_council_note"):
        yield (
            "staff_council_note",
            _("Bitte halten Sie fest, wie die Personalvertretung beteiligt wurde."),
        )
    for name in ("staff_council_note", "further_readers"):
        if len(given.get(name, "")) > LONGEST_TEXT:
            yield name, _("Der Text ist zu lang: höchstens 2000 Zeichen.")


def _date(written: str | None) -> date | None:
    try:
        found = date.fromisoformat(written or "")
    except ValueError:
        return None
    # Years a calendar picker can slip to would overflow when a day is added.
    return found if 2000 <= found.year <= 2200 else None  # noqa: PLR2004
