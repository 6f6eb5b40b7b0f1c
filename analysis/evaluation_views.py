"""The commissioner's evaluation of a wave, and the files made of it.

The evaluation is computed once for each state of the wave and kept as the page's words; pandas is
imported at one seam, and late.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from analysis.evaluation.sections import WITHHELD
from analysis.file_names import Offered, offered
from analysis.stamp import stamp
from analysis.survey_page import address, blueprint
from analysis.survey_wave import SurveyWave, read_wave
from survey import access, files, jobs
from survey.database import clock
from survey.guard import requires, signed_in_account
from survey.locale import day, request_languages
from survey.locale import desk_gettext as _
from survey.messages import bands
from survey.problems import Problem
from survey.services import database, services
from survey.standing import Standing, of_wave

LOOK_AGAIN = "2"
"""Seconds until a page that waits for the worker asks again by itself."""


@blueprint.get("/evaluation")
@requires("results")
def show_evaluation(wave: str) -> str:
    """Every question with its finding, its chart, which is its table, and its notes."""
    with database().snapshot() as connection:
        found = _wave(connection, wave)
        body = _body(connection, found)
    return _page("desk/evaluation.html", found, "evaluation", body=body)


def _wave(connection: Connection, slug: str) -> SurveyWave:
    found = read_wave(connection, services().library, slug)
    if found is None:
        raise Problem(
            404,
            _("Diesen Durchgang gibt es nicht."),
            link=(f"/{g.language.code}/desk/", _("Alle Durchgänge")),
        )
    return found


def _body(connection: Connection, found: SurveyWave) -> Markup:
    """The sections as they stand on the page, made once for each state of the wave."""
    mark = stamp(connection, found.slug)
    made = [f.name for f in files.listed(connection, found.id) if f.stamp == mark]
    key = ("evaluation", found.slug, g.language.code, mark, bool(made))
    kept: Markup | None = services().kept.get(key)
    if kept is not None:
        return kept
    from analysis.reading import read_evaluation  # noqa: PLC0415  # the one seam to pandas

    zone = services().config.zone
    today = clock(connection).astimezone(zone).date()
    evaluation = read_evaluation(
        connection, services().library, found.slug, "internal", today=today, zone=zone
    )
    pictures = {name: address(found.slug, f"files/{name}") for name in made}
    drawn = render_template(
        "desk/evaluation_body.html",
        evaluation=evaluation,
        pictures=pictures,
        band_names=bands(),
        withheld=WITHHELD,
    )
    body = Markup(drawn)  # noqa: S704  # our own template's
    services().kept.put(key, body)
    return body


# --- files --------------------------------------------------------------------------------------


@blueprint.get("/files")
@requires("results")
def show_files(wave: str) -> Response:
    """What can be taken away, how old it is, and how far the worker is."""
    with database().read() as connection:
        found = _wave(connection, wave)
        kept = files.listed(connection, found.id)
        mark = stamp(connection, wave)
        job = jobs.latest(connection, found.id, "files")
    names = {language.code: language.name for language in request_languages().values()}
    page = _page(
        "desk/files.html",
        found,
        "files",
        shown=_by_kind(kept, wave),
        outdated=bool(kept) and kept[0].stamp != mark,
        made=day(kept[0].made, services().config.zone) if kept else "",
        job=job,
        language_names=names,
        sealed=found.anonymous and not found.readable,
    )
    answer = make_response(page)
    if job and job.pending:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _by_kind(kept: list[files.Kept], slug: str) -> list[tuple[Offered, list[tuple[Any, str]]]]:
    """What is offered, each with its files and their languages; pictures of the page left out."""
    told = sorted(((offered(f.name, slug), f) for f in kept), key=lambda each: each[0].order)
    found: dict[str, tuple[Offered, list[tuple[Any, str]]]] = {}
    for each, file in told:
        if each.title:
            found.setdefault(each.title, (each, []))[1].append((file, each.language))
    return list(found.values())


@blueprint.post("/files")
@requires("results")
def order_files(wave: str) -> AnyResponse:
    """Ask the worker to make all files anew."""
    with database().read() as connection:
        found = _wave(connection, wave)
    account = signed_in_account().account_id

    def work(connection: Connection) -> None:
        jobs.ask(connection, found.id, "files")
        access.log(connection, account, "files_ordered", wave_id=found.id, subject=found.title)

    database().write(work)
    return redirect(address(wave, "files"), 303)


@blueprint.get("/files/<name>")
@requires("results")
def send_file(wave: str, name: str) -> Response:
    """One file. Results of single units are not among these: see `send_result`."""
    with database().read() as connection:
        found = _wave(connection, wave)
        made = files.read(connection, found.id, name)
    if made is None or made.subject:
        raise Problem(
            404,
            _("Diese Datei gibt es nicht oder nicht mehr."),
            _("Auf der Seite „Dateien“ steht, was da ist; dort lässt sie sich neu anfordern."),
            link=(address(wave, "files"), _("Zu den Dateien")),
        )
    return _sent(made)


def _sent(made: files.Made) -> Response:
    answer = make_response(made.content)
    answer.headers["Content-Type"] = made.media_type
    # Pictures stand on the page; everything else is taken away.
    how = "inline" if made.media_type == "image/svg+xml" else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{made.name}"'
    return answer


# --- one unit's result --------------------------------------------------------------------------


@blueprint.post("/units/<handle>/result.pdf")
@requires("results")
def order_result(wave: str, handle: str) -> AnyResponse:
    """Ask for a unit's result as a document, in the language its sheet was filled in."""
    wanted = files.Wanted(*_readable(wave, handle), at_desk=True)
    database().write(lambda c: files.order_result(c, wanted))
    return redirect(address(wave, f"units/{handle}/result.pdf?waiting=1"), 303)


@blueprint.get("/units/<handle>/result.pdf")
@requires("results")
def send_result(wave: str, handle: str) -> Response:
    """A unit's result, or how far it is; who was `waiting` gets a page that leads to it."""
    wanted = files.Wanted(*_readable(wave, handle), at_desk=True)
    with database().read() as connection:
        found = _wave(connection, wave)
        made = files.fresh_result(connection, wanted)
        job = jobs.latest(connection, wanted.standing.wave_id, "unit", wanted.subject)
    if made is not None and "waiting" not in request.args:
        return _sent(made)
    unit, ready = wanted.standing, made is not None
    answer = make_response(
        _page("desk/result_file.html", found, "units", unit=unit, job=job, ready=ready)
    )
    if job and job.pending and not ready:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _readable(slug: str, handle: str) -> tuple[Standing, str]:
    """The invitation and the language of its sheet; raises the Problem of what may not be read."""
    with database().read() as connection:
        found = next((s for s in of_wave(connection, slug) if s.handle == handle), None)
        frozen = services().library.stored(connection, found.checksum) if found else None
        language = _answered_in(connection, found) if found else "de"
    role = signed_in_account().role
    may = found and access.may_read_sheet(role, found.unit_kind, found.named_kinds)
    if not found or not may or not found.has_sheet or not frozen or not frozen.questionnaire.scored:
        raise Problem(
            404,
            _("Ein Ergebnis dieser Einheit gibt es hier nicht."),
            link=(address(slug), _("Zum Durchgang")),
        )
    return found, language if language in request_languages() else "de"


def _answered_in(connection: Connection, standing: Standing) -> str:
    from analysis.counts import language_of  # noqa: PLC0415  # behind the seam

    return language_of(connection, standing.response_id or "")


def _page(template: str, found: SurveyWave, tab: str, **more: object) -> str:
    frame = "desk/survey_base.html" if found.is_survey else "desk/wave_base.html"
    return render_template(template, frame=frame, wave=found, sample=found.sample, tab=tab, **more)
