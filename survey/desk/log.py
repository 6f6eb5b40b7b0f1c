"""The audit log: what was done at the desk and by command, newest first."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import select

from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.services import database, services
from survey.tables import account, audit_event

LOG_LENGTH = 200


@blueprint.get("/log")
@requires("log")
def show_log() -> str:
    """The newest audit events. Administrators see everything but what concerns sheets."""
    query = (
        select(
            audit_event.c.at,
            account.c.name,
            audit_event.c.action,
            audit_event.c.subject,
            audit_event.c.note,
        )
        .outerjoin(account, account.c.id == audit_event.c.account_id)
        .order_by(audit_event.c.id.desc())
        .limit(LOG_LENGTH)
    )
    if not signed_in_account().may("results"):
        query = query.where(audit_event.c.wave_id.is_(None))
    with database().read() as connection:
        events = list(connection.execute(query))
    return render_template(
        "desk/log.html", events=events, names=action_names(), zone=services().config.zone
    )


def action_names() -> dict[str, str]:
    """What the log calls an action; one without a name is shown by its code alone."""
    return {
        "account_added": _("Konto angelegt"),
        "account_revoke": _("Sitzungen beendet"),
        "account_disable": _("Konto gesperrt"),
        "account_enable": _("Konto entsperrt"),
        "account_password": _("Passwort erneuert"),
        "password_changed": _("Passwort erneuert"),
        "sessions_revoked": _("Sitzungen beendet"),
        "signed_in": _("angemeldet"),
        "units_imported": _("Einheiten eingelesen"),
        "unit_succeeded": _("Nachfolge eingetragen"),
        "history_imported": _("frühere Befragung eingelesen"),
        "questionnaire_uploaded": _("Fragebogen hochgeladen"),
        "wave_made": _("Durchgang angelegt"),
        "wave_mode": _("Form der Befragung geändert"),
        "closing_changed": _("letzter Tag geändert"),
        "codes_made": _("Einmal-Codes erzeugt"),
        "links_exported": _("Links heruntergeladen"),
        "files_ordered": _("Dateien angefordert"),
        "link_show": _("Link angesehen"),
        "link_reissue": _("neuer Link ausgestellt"),
        "link_revoke": _("Link zurückgezogen"),
        "link_extend": _("Frist verlängert"),
        "link_branch": _("weiterer Link erzeugt"),
        "sheet_void": _("Bogen für ungültig erklärt"),
        "sheet_move": _("Bogen zugeordnet"),
        "quarantine_release": _("zurückgestellten Bogen freigegeben"),
        "quarantine_discard": _("zurückgestellten Bogen verworfen"),
    }
