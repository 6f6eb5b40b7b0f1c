"""One-time codes to hand out on paper: made, printed once, and never shown again."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from flask import g, make_response, render_template, request, session
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from survey import access
from survey.codes import MOST_AT_ONCE, counts, make_codes
from survey.desk import blueprint
from survey.desk.settings import load_audiences, load_wave, open_address, settings_address
from survey.guard import requires, signed_in_account
from survey.locale import SOURCE_LANGUAGE
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database


@blueprint.get("/waves/<wave>/codes")
@requires("waves")
def show_codes(wave: str) -> str:
    """How many codes were made; how many are spent is said to nobody here."""
    with database().snapshot() as connection:
        return _page(connection, wave)


def _page(connection: Connection, slug: str, given: str = "", error: str = "") -> str:
    row = load_wave(connection, slug)
    return render_template(
        "desk/codes.html",
        wave=row,
        sample=row.sample,
        takes_codes=_takes_codes(row),
        audiences=load_audiences(connection, row.id),
        made=counts(connection, row.id)[0],
        given=given,
        error=error,
        order=token_hex(8),
    )


def _takes_codes(row: Any) -> bool:
    return row.mode == "anonymous" and row.codes_required and row.unsealed is None


@blueprint.post("/waves/<wave>/codes")
@requires("waves")
def print_codes(wave: str) -> Response:
    """Make codes and show them on the one sheet they will ever be on."""
    account_id = signed_in_account().account_id
    written, audience = request.form.get("number", ""), request.form.get("audience", "")
    number = _number(written)
    if number is None:
        error = _("Bitte geben Sie eine ganze Zahl von 1 bis 500 ein.")
        with database().snapshot() as connection:
            return make_response(_page(connection, wave, written, error), 422)

    if _is_repeated(request.form.get("order", "")[:16]):
        raise Problem(
            409,
            _("Diese Codes wurden schon gezeigt."),
            _("Neu laden erzeugt keine. Weitere Codes bestellen Sie auf der Seite davor."),
            link=(f"/{g.language.code}/desk/waves/{wave}/codes", _("Zurück")),
        )

    def work(connection: Connection) -> tuple[Any, str, list[str]]:
        row = load_wave(connection, wave, lock=True)
        if not _takes_codes(row):
            raise _no_codes(wave)
        keys = [each.audience for each in load_audiences(connection, row.id)]
        codes = make_codes(connection, row.id, number)
        note = str(number)
        access.log(
            connection, account_id, "codes_made", wave_id=row.id, subject=row.slug, note=note
        )
        return row, audience if audience in keys else keys[0], codes

    row, key, codes = database().write(work)
    address = open_address(row.slug, key, SOURCE_LANGUAGE)
    return make_response(
        render_template(
            "desk/codes_sheet.html", wave=row, sample=row.sample, address=address, codes=codes
        )
    )


def _is_repeated(order: str) -> bool:
    """Whether this browser sent the same order before, as reloading the sheet does."""
    orders = list(session.get("code_orders", []))
    if order and order in orders:
        return True
    session["code_orders"] = [*orders, order][-5:]
    return False


def _number(written: str) -> int | None:
    plain = written.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > len(str(MOST_AT_ONCE)):
        return None
    return int(plain) if 1 <= int(plain) <= MOST_AT_ONCE else None


def _no_codes(slug: str) -> Problem:
    return Problem(
        409,
        _("In diesem Durchgang werden keine Einmal-Codes verlangt."),
        _("Codes gibt es nur in anonymen Befragungen, die sie verlangen, bis zu deren Ende."),
        link=(settings_address(slug), _("Zurück")),
    )
