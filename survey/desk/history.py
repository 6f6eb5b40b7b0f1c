"""Earlier surveys: what the sources hold of them, and reading in another."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from flask import make_response, render_template, request
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from forms.history import DIMENSIONS, Finding, History, HistoryError, Period, read
from forms.loader import LARGEST_FILE
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.history import Stored, histories, import_histories
from survey.locale import day
from survey.locale import desk_gettext as _
from survey.services import database

MOST_PROBLEMS_SHOWN = 30


@blueprint.get("/history")
@requires("waves")
def show_history() -> str:
    """All earlier surveys, the earliest first."""
    return _page()


@blueprint.post("/history")
@requires("waves")
def import_history() -> Response:
    """Read in the file of one earlier survey; what is wrong with it stands on the page."""
    upload = request.files.get("file")
    raw = upload.read(LARGEST_FILE + 1) if upload else b""
    if not upload or not raw:
        return make_response(_page(error=_("Bitte wählen Sie eine TOML-Datei aus.")), 422)
    if len(raw) > LARGEST_FILE:
        return make_response(_page(error=_("Die Datei ist größer als 1 MiB.")), 422)
    try:
        found = read(raw, secure_filename(upload.filename or "")[-100:] or "file")
    except HistoryError as error:
        refused = _("Die Datei wurde nicht eingelesen, gespeichert ist nichts davon.")
        return make_response(_page(error=refused, problems=error.problems), 422)
    account_id = signed_in_account().account_id
    [outcome] = database().write(lambda c: import_histories(c, [found], account_id))
    return make_response(_page(stored=(found.title, _outcomes()[outcome])))


def _page(
    error: str = "",
    problems: tuple[str, ...] = (),
    stored: tuple[str, str] | None = None,
) -> str:
    with database().read() as connection:
        found = histories(connection)
    return render_template(
        "desk/history.html",
        surveys=[_shown(history) for history in found],
        error=error,
        problems=problems[:MOST_PROBLEMS_SHOWN],
        further_problems=len(problems[MOST_PROBLEMS_SHOWN:]),
        stored=stored,
    )


def _shown(history: History) -> dict[str, Any]:
    """An earlier survey as its page tells it."""
    categories = _categories()
    return {
        "history": history,
        "audiences": [(audience, _periods(audience.periods)) for audience in history.audiences],
        "categories": [
            (
                categories[category],
                [named for named in history.dimensions if named.id in dimensions],
                [(f, dimensions.get(f.dimension or "")) for f in _of(history, category)],
            )
            for category, dimensions in DIMENSIONS.items()
        ],
        "counts": [
            (c, categories.get(c.category or ""), _dimension(c.category, c.dimension))
            for c in history.counts
        ],
        "kinds": _kinds(),
    }


def _of(history: History, category: str) -> list[Finding]:
    return [finding for finding in history.findings if finding.category == category]


def _dimension(category: str | None, dimension: str | None) -> str | None:
    return DIMENSIONS.get(category or "", {}).get(dimension or "")


def _periods(periods: tuple[Period, ...]) -> list[tuple[str, str | None]]:
    """(days, who) of every period."""
    return [(f"{_day(p.first_day)} – {_day(p.last_day)}", p.who) for p in periods]


def _day(on: date) -> str:
    return day(datetime.combine(on, time(), UTC), UTC)


def _categories() -> dict[str, str]:
    return {
        "language": _("Sprache/Kommunikation"),
        "organisation": _("Organisation/Behörde"),
        "sensitivity": _("Interkulturelle Sensibilität/Menschenbilder"),
    }


def _kinds() -> dict[str, str]:
    return {
        "finding": _("Befund"),
        "key_statement": _("Kernaussage"),
        "positive": _("positive Rückmeldung"),
    }


def _outcomes() -> dict[Stored, str]:
    return {"added": _("neu"), "changed": _("geändert"), "unchanged": _("unverändert")}
