"""Units as a tree, and their import."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from survey import access
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.messages import kinds
from survey.services import database
from survey.tables import unit
from survey.units import (
    LARGEST_IMPORT,
    ImportReport,
    UnitImportError,
    read_units,
    store_units,
)


@blueprint.get("/units")
@requires("units")
def show_units() -> str:
    """All units, children under their parents."""
    return _page()


def _page(report: ImportReport | None = None, error: str = "", checked: bool = False) -> str:
    with database().read() as connection:
        rows = [row._mapping for row in connection.execute(select(unit).order_by(unit.c.code))]
    return render_template(
        "desk/units.html",
        tree=list(_tree([dict(row) for row in rows])),
        kinds=kinds(),
        report=report,
        error=error,
        checked=checked,
    )


def _tree(rows: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """(depth, unit) with children after their parent; what hangs in a circle comes last."""
    children: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        children.setdefault(row["parent_id"], []).append(row)
    found: list[tuple[int, dict[str, Any]]] = []
    waiting = [(0, row) for row in reversed(children.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        found.append((depth, row))
        waiting += [(depth + 1, child) for child in reversed(children.get(row["id"], []))]
    reached = {row["id"] for _depth, row in found}
    return found + [(0, row) for row in rows if row["id"] not in reached]


@blueprint.post("/units")
@requires("units")
def import_units() -> Response:
    """Read a CSV file; „nur prüfen" shows the report and stores nothing."""
    upload = request.files.get("file")
    raw = upload.read(LARGEST_IMPORT + 1) if upload else b""
    if not raw:
        return make_response(_page(error=_("Bitte wählen Sie eine CSV-Datei aus.")), 422)
    if len(raw) > LARGEST_IMPORT:
        return make_response(
            _page(error=_("Die Datei ist größer als 1 MiB. Bitte teilen Sie sie auf.")), 422
        )
    try:
        rows, report = read_units(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return make_response(
            _page(
                error=_(
                    "Die Datei ist nicht in UTF-8 gespeichert (Byte %(byte)s). In Excel: "
                    "„Speichern unter“, „CSV UTF-8“.",
                    byte=error.start,
                )
            ),
            422,
        )
    except UnitImportError as error:
        return make_response(_page(error=str(error)), 422)
    checked = request.form.get("then") == "check"
    if not checked:
        account_id = signed_in_account().account_id

        def work(connection: Any) -> None:
            report.added = report.changed = report.unchanged = 0
            store_units(connection, rows, report)
            access.log(connection, account_id, "units_imported", note=f"{len(rows)} rows")

        database().write(work)
    return make_response(_page(report=report, checked=checked))
