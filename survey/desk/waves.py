"""The list of waves, and making a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, make_response, redirect, render_template, request
from sqlalchemy import Connection, distinct, func, select
from werkzeug.wrappers import Response

from forms.fields import cleaned
from forms.loader import available
from survey import access
from survey.database import database_now
from survey.desk import blueprint
from survey.desk.wave_form import (
    Errors,
    Kind,
    date_of,
    earlier_waves,
    known_kinds,
    length_errors,
    name_errors,
    period_errors,
    staff_council_errors,
    today,
)
from survey.guard import requires, signed_in_account
from survey.locale import day, last_day
from survey.locale import desk_gettext as _
from survey.messages import kinds
from survey.questionnaires import Frozen
from survey.services import database, services
from survey.tables import invitation, response, wave, wave_audience
from survey.waves import OFFICES, Audience, WavePlan, make_wave

DEFAULT_KINDS = ("amt", "eigenbetrieb")
SMALLEST_SHOWN = 5
"""Fewer anonymous sheets are not counted out: the few could be recognised."""


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
            "returned": _returned(row),
        }
        for row in found
    ]
    return render_template("desk/waves.html", waves=rows)


def _waves() -> Any:
    # A unit counts once, however many of its branches have a link of their own.
    submitted = _count(response.c.id, response).where(response.c.state == "submitted")
    units = _count(distinct(response.c.unit_id), response).where(response.c.state == "submitted")
    closes = select(func.max(wave_audience.c.closes)).where(wave_audience.c.wave_id == wave.c.id)
    return select(
        wave.c.slug,
        wave.c.title,
        wave.c.sample,
        wave.c.mode,
        wave.c.unsealed,
        wave.c.opens,
        closes.scalar_subquery().label("closes"),
        database_now().label("now"),
        _count(distinct(invitation.c.unit_id), invitation).scalar_subquery().label("invited"),
        units.scalar_subquery().label("units"),
        submitted.scalar_subquery().label("sheets"),
    ).order_by(wave.c.opens.desc(), wave.c.id.desc())


def _count(what: Any, table: Any) -> Any:
    return select(func.count(what)).select_from(table).where(table.c.wave_id == wave.c.id)


def _returned(row: Any) -> str:
    """The return of a wave; of an anonymous one nothing before its sheets are unsealed."""
    if row.mode == "named":
        return _("%(submitted)s von %(invited)s", submitted=row.units, invited=row.invited)
    if row.unsealed is None:
        return _("bis zum Ende versiegelt")
    if row.sheets < SMALLEST_SHOWN:
        return _("weniger als %(number)s Bögen", number=SMALLEST_SHOWN)
    return _("%(number)s Bögen", number=row.sheets)


def _state(row: Any) -> str:
    if row.now < row.opens:
        return _("noch nicht offen")
    return _("offen") if row.now < row.closes else _("geschlossen")


@blueprint.get("/waves/new")
@requires("waves")
def show_new_wave() -> str:
    """The form for a new wave, filled with what is most likely."""
    first = today()
    given = {
        "title": f"Selbstcheck {first.year}",
        "slug": f"selbstcheck-{first.year}",
        "first_day": first.isoformat(),
        "last_day": "",
    }
    return _new_wave_page(given, list(DEFAULT_KINDS), list(DEFAULT_KINDS), [])


def _new_wave_page(
    given: Mapping[str, str], chosen: list[str], named: list[str], errors: list[tuple[str, str]]
) -> str:
    with database().read() as connection:
        counts = {each.name: each.number for each in _inside(connection)}
        previous = earlier_waves(connection)
    return render_template(
        "desk/new_wave.html",
        given=given,
        chosen=chosen,
        named=named,
        errors=errors,
        faulty=dict(errors),
        counts=counts,
        kinds=kinds(),
        previous=previous,
        questionnaires=[name for name in available() if _plain(name)],
    )


def _inside(connection: Connection) -> list[Kind]:
    return [each for each in known_kinds(connection).values() if each.inside]


def _plain(name: str) -> Frozen | None:
    """A published questionnaire that asks everybody the same; those with variants are surveys."""
    found = services().library.published(name)
    return None if found is None or found.questionnaire.variants else found


@blueprint.post("/waves/new")
@requires("waves")
def create_wave() -> Response:
    """Make the wave, or give the form back with every mistake named."""
    given = {name: cleaned(value) for name, value in request.form.items()}
    chosen, named = request.form.getlist("kinds"), request.form.getlist("named_kinds")
    if request.form.get("show"):
        return make_response(_new_wave_page(given, chosen, named, []))
    with database().read() as connection:
        frozen = _plain(given.get("questionnaire", ""))
        errors, plan = _checked(connection, given, frozen, chosen, named)
    if errors or plan is None or frozen is None:
        return make_response(_new_wave_page(given, chosen, named, errors), 422)
    config = services().config

    def make(connection: Connection) -> int:
        invited = make_wave(connection, plan, config.zone, config.link_key)
        note = f"{frozen.questionnaire.id} {frozen.checksum[:12]}, {invited} invitations"
        account = signed_in_account().account_id
        access.log(connection, account, "wave_made", subject=plan.slug, note=note)
        return invited

    database().write(make)
    return redirect(f"/{g.language.code}/desk/waves/{plan.slug}/", 303)


def _checked(
    connection: Connection,
    given: Mapping[str, str],
    frozen: Frozen | None,
    chosen: list[str],
    named: list[str],
) -> tuple[list[tuple[str, str]], WavePlan | None]:
    """Every mistake of the form, or the plan it makes."""
    present = {each.name for each in _inside(connection)}
    first, last = date_of(given.get("first_day")), date_of(given.get("last_day"))
    errors = [
        *name_errors(connection, given),
        *period_errors(connection, first, {"last_day": last}),
        *_reader_errors(given, present.intersection(chosen)),
    ]
    if frozen is None:
        errors.append(("questionnaire", _("Bitte wählen Sie einen Fragebogen.")))
    if errors or first is None or last is None or frozen is None:
        return errors, None
    invited = [kind for kind in chosen if kind in present]
    return [], WavePlan(
        slug=given["slug"],
        title=given["title"],
        first_day=first,
        audiences=[Audience(OFFICES, "", frozen, last, invited)],
        named_kinds=[kind for kind in named if kind in chosen],
        report_names_units=given.get("report_names_units") == "1",
        staff_council_note=given["staff_council_note"],
        further_readers=given.get("further_readers", ""),
        previous_slug=given.get("previous", ""),
    )


def _reader_errors(given: Mapping[str, str], invited: set[str]) -> Errors:
    if not invited:
        yield (
            "kinds",
            _(
                "Bitte wählen Sie mindestens eine Art von Organisationseinheiten. Gibt es keine "
                "zur Auswahl, lesen Sie zuerst Organisationseinheiten ein."
            ),
        )
    yield from staff_council_errors(given)
    yield from length_errors(given)
