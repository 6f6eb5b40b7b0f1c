"""What the commissioner does to invitations: links, extension, void, move. All logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import g, make_response, redirect, request
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from forms.fields import cleaned
from survey import access, corrections
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import SOURCE_LANGUAGE
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database, services
from survey.sheet import NothingToSubmit
from survey.spreadsheet import BYTE_ORDER_MARK, csv_line
from survey.standing import Standing, by_handle, of_wave
from survey.tables import invitation, unit
from survey.waves import add_branch_link, extend, reissue_link, revoke_link

LONGEST_REASON = 300
LONGEST_BRANCH = 100


class Refused(Exception):
    """An action that cannot be done; the message is for the commissioner."""


def _void(connection: Connection, standing: Standing) -> str:
    reason = _reason()
    corrections.void(connection, standing.handle, reason)
    return reason


def _move(connection: Connection, standing: Standing) -> str:
    reason, target = _reason(), cleaned(request.form.get("to"))[:20]
    corrections.move(connection, standing.handle, target)
    return f"→ {target}: {reason}"


def _reissue(connection: Connection, standing: Standing) -> str:
    reissue_link(connection, standing.handle, services().config.link_key)
    return f"generation {standing.link_generation + 1}"


def _revoke(connection: Connection, standing: Standing) -> str:
    revoke_link(connection, standing.handle)
    return ""


def _extend(connection: Connection, standing: Standing) -> str:
    zone = services().config.zone
    written = request.form.get("until", "")
    try:
        until = date.fromisoformat(written) if written else None
    except ValueError:
        raise Refused(_("Bitte geben Sie den letzten Tag an, zum Beispiel 2026-12-31.")) from None
    if until is not None and not standing.now.date() <= until <= date(
        standing.now.year + 2, 12, 31
    ):
        raise Refused(
            _(
                "Der letzte Tag der Verlängerung muss heute oder später liegen, höchstens zwei "
                "Jahre."
            )
        )
    extend(connection, standing.handle, until, zone)
    return written or "taken back"


def _reason() -> str:
    reason = cleaned(request.form.get("reason"))
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Bitte geben Sie einen Grund an (höchstens 300 Zeichen); er steht dann im Protokoll.")
        )
    return reason


def _show(_connection: Connection, _standing: Standing) -> str:
    # Behind a link lies a unit's own result: who looks at one is written down.
    return ""


def _branch(connection: Connection, standing: Standing) -> str:
    name = cleaned(request.form.get("branch"))
    if not name or len(name) > LONGEST_BRANCH or "\n" in name:
        raise Refused(_("Bitte nennen Sie die Zweigstelle (eine Zeile, höchstens 100 Zeichen)."))
    if standing.mode != "named":
        raise Refused(
            _(
                "In einer anonymen Befragung gehört zu keinem Link ein Bogen; ein weiterer Link "
                "ist nicht nötig."
            )
        )
    same = select(invitation.c.id).where(
        invitation.c.wave_id == standing.wave_id,
        invitation.c.unit_id == standing.unit_id,
        invitation.c.branch == name,
    )
    if connection.scalar(same) is not None:
        raise Refused(_("Für diese Zweigstelle gibt es schon einen Link."))
    add_branch_link(connection, standing.handle, name, services().config.link_key)
    return name


ACTIONS: dict[str, Callable[[Connection, Standing], str]] = {
    "show": _show,
    "void": _void,
    "move": _move,
    "reissue": _reissue,
    "revoke": _revoke,
    "extend": _extend,
    "branch": _branch,
}


@blueprint.post("/waves/<wave>/units/<handle>/<action>")
@requires("results")
def act(wave: str, handle: str, action: str) -> Response:
    """Do one of ACTIONS and log it in the same transaction."""
    back = f"/{g.language.code}/desk/waves/{wave}/units/{handle}"
    account_id = signed_in_account().account_id

    def work(connection: Connection) -> Standing:
        # In one order, whatever the direction of a move, or two moves wait for each other.
        for each in sorted({handle, cleaned(request.form.get("to"))[:20] or handle}):
            by_handle(connection, each, lock=True)
        standing = by_handle(connection, handle)
        if standing is None or standing.wave_slug != wave or action not in ACTIONS:
            raise Problem(404, _("Diese Seite gibt es nicht."))
        note = ACTIONS[action](connection, standing)
        access.log(
            connection,
            account_id,
            f"sheet_{action}" if action in ("void", "move") else f"link_{action}",
            wave_id=standing.wave_id,
            subject=f"{standing.unit_code} {standing.unit_name}",
            note=note,
        )
        return standing

    try:
        standing = database().write(work)
    except Refused as refused:
        raise Problem(422, str(refused), link=(back, _("Zurück"))) from None
    except NothingToSubmit:
        raise Problem(
            409, _("Diese Einheit hat keinen abgegebenen Bogen."), link=(back, _("Zurück"))
        ) from None
    except corrections.Taken:
        raise Problem(
            409,
            _(
                "Dieser Einheit kann der Bogen nicht zugeordnet werden: Die Einheit hat selbst "
                "einen begonnen oder ist nicht eingeladen."
            ),
            link=(back, _("Zurück")),
        ) from None
    if action == "show":
        title = _("Persönlicher Link: %(unit)s", unit=standing.unit_name)
        raise Problem(200, title, _own_link(standing), link=(back, _("Zurück")))
    return redirect(f"{back}?done={action}", 303)


def _link(connection: Connection, standing: Standing, language: str) -> str:
    """The personal link in the unit's own language, if the wave speaks it."""
    offered = services().library.stored(connection, standing.checksum).languages
    spoken = language if language in offered else SOURCE_LANGUAGE
    return access.personal_link(services().config, standing, spoken)


def _own_link(standing: Standing) -> str:
    of_unit = select(unit.c.language).where(unit.c.id == standing.unit_id)
    with database().read() as connection:
        return _link(connection, standing, connection.scalar(of_unit) or SOURCE_LANGUAGE)


@blueprint.get("/waves/<wave>/links.csv")
@requires("waves")
def export_links(wave: str) -> Response:
    """Every unit's personal link for a mail merge; who fetches them is logged."""
    account_id = signed_in_account().account_id

    def read(connection: Connection) -> list[tuple[Standing, str, str]]:
        standings = of_wave(connection, wave)
        if not standings:
            raise Problem(404, _("Diesen Durchgang gibt es nicht, oder niemand ist eingeladen."))
        count, first = f"{len(standings)} links", standings[0].wave_id
        access.log(connection, account_id, "links_exported", wave_id=first, note=count)
        rows = connection.execute(select(unit.c.id, unit.c.mail, unit.c.language))
        known = {row.id: row for row in rows}
        return [
            (
                each,
                known[each.unit_id].mail or "",
                _link(connection, each, known[each.unit_id].language),
            )
            for each in standings
        ]

    lines = [
        BYTE_ORDER_MARK,
        csv_line(["code", "name", "mail", "state", "link", "audience", "branch"], ";"),
    ]
    for standing, mail, link in database().write(read):
        state = "taken_part" if standing.taken_part else standing.return_state
        facts = (standing.unit_code, standing.unit_name, mail, state)
        cells = [*facts, link, standing.audience, standing.branch]
        lines.append(csv_line(cells, ";"))
    answer = make_response("".join(lines))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{wave}-links.csv"'
    return answer
