"""The files of a survey: entries, texts, ratings."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request

from analysis.entries import Readings, read_entries
from analysis.survey_exports import entries_csv, ratings_csv, texts_csv
from analysis.survey_page import address, blueprint, load_readable
from analysis.survey_wave import SurveyWave
from survey.guard import requires
from survey.locale import desk_gettext as _
from survey.problems import Problem
from survey.services import database


@blueprint.get("/entries.csv")
@requires("results")
def entries_file(wave: str) -> Response:
    """One line an entry: `?for=excel` or plain."""
    found, readings = _read(wave)
    gone = _("nicht mehr vorhanden")
    return _file(wave, "entries", entries_csv(found, readings, gone, for_excel=_for_excel()))


@blueprint.get("/texts.csv")
@requires("results")
def texts_file(wave: str) -> Response:
    """One line a free text outside the entries."""
    found, readings = _read(wave)
    return _file(wave, "texts", texts_csv(found, readings, for_excel=_for_excel()))


@blueprint.get("/ratings.csv")
@requires("results")
def ratings_file(wave: str) -> Response:
    """One line a sheet of a named wave."""
    found, readings = _read(wave)
    if found.anonymous:
        raise Problem(
            404,
            _("Bewertungen einzelner Bögen gibt es bei einer anonymen Umfrage nicht."),
            link=(address(wave, "ratings"), _("Bewertungen")),
        )
    return _file(wave, "ratings", ratings_csv(found, readings, for_excel=_for_excel()))


def _read(slug: str) -> tuple[SurveyWave, Readings]:
    with database().snapshot() as connection:
        wave = load_readable(connection, slug)
        return wave, read_entries(connection, wave)


def _for_excel() -> bool:
    return request.args.get("for") == "excel"


def _file(slug: str, name: str, lines: Iterator[str]) -> Response:
    answer = Response("".join(lines), content_type="text/csv; charset=utf-8")
    suffix = "-excel" if _for_excel() else ""
    named = f'attachment; filename="{slug}-{name}{suffix}.csv"'
    answer.headers["Content-Disposition"] = named
    return answer
