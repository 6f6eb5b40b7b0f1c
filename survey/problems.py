"""Pages for what went wrong: what happened, what to do now, and everything that was typed.

A `Problem` is raised where it is found and becomes a page in the reader's language with a request
id. Text that came with a refused POST is shown on the page: nothing typed is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from survey.access import Forbidden
from survey.database import Unavailable
from survey.locale import gettext as _
from survey.locale import preferred, request_languages

log = structlog.get_logger()

SHORTEST_TEXT_SHOWN = 3
"""Ticked codes and tokens are short; what is longer was typed."""
OWN_FIELDS = frozenset({"csrf_token", "base", "then", "submission_key", "password", "key"})


class Problem(Exception):
    """Something a reader has to be told.

    Args:
        status: HTTP status below 500, or 503.
        title: what happened, in the reader's language.
        cures: what to do now, a paragraph each.
        link: (address, words) of the way on.
    """

    def __init__(
        self, status: int, title: str, *cures: str, link: tuple[str, str] | None = None
    ) -> None:
        self.status = status
        self.title = title
        self.cures = cures
        self.link = link
        super().__init__(title)


def typed_texts() -> list[tuple[str, str]]:
    """(field, text) of everything longer that came with this request."""
    try:
        fields = request.form.items(multi=True)
        return [
            (name, text)
            for name, text in fields
            if name not in OWN_FIELDS and len(text) > SHORTEST_TEXT_SHOWN
        ]
    except HTTPException:
        return []


def page(problem: Problem) -> Response:
    """The page of a problem."""
    if "language" not in g:
        g.language = request_languages()[preferred()]
    html = render_template("problem.html", problem=problem, texts=typed_texts())
    return make_response(html, problem.status)


def _words(error: HTTPException) -> Problem:
    known: dict[int, Callable[[], Problem]] = {
        400: lambda: Problem(
            400,
            _("Diese Anfrage konnten wir nicht lesen."),
            _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
        ),
        403: lambda: Problem(
            403,
            _("Diese Seite ist für Sie nicht freigegeben."),
            _("Fragen Sie die Stelle, die Ihr Konto eingerichtet hat."),
        ),
        404: lambda: Problem(
            404,
            _("Diese Seite gibt es nicht."),
            _(
                "Prüfen Sie bitte die Adresse. Haben Sie einen persönlichen Link, dann öffnen "
                "Sie ihn noch einmal vollständig, am besten durch Kopieren und Einfügen."
            ),
        ),
        405: lambda: Problem(
            405,
            _("So lässt sich diese Seite nicht aufrufen."),
            _("Öffnen Sie sie bitte über die Schaltflächen und Links der vorherigen Seite."),
        ),
        413: lambda: Problem(
            413,
            _("Das ist zu viel auf einmal."),
            _(
                "Zusammen dürfen die Eingaben einer Seite höchstens 2 MiB groß sein. Gehen Sie "
                "mit der Zurück-Taste zum Formular, Ihr Text steht dort noch, und kürzen Sie "
                "ihn."
            ),
        ),
    }
    make = known.get(error.code or 0)
    return make() if make else Problem(error.code or 400, error.name, error.description or "")


def init_app(app: Flask) -> None:
    """Answer every refusal and every failure with a page."""

    @app.errorhandler(Problem)
    def _problem(error: Problem) -> Response:
        return page(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.code is not None and error.code < 400:  # noqa: PLR2004  # a redirect
            return make_response(error.get_response())
        answer = page(_words(error))
        for name, value in error.get_headers():
            if name == "Allow":
                answer.headers[name] = value
        if isinstance(error, RequestEntityTooLarge):
            # The rest of the body is unread: the connection cannot be used again.
            answer.headers["Connection"] = "close"
        return answer

    @app.errorhandler(Forbidden)
    def _forbidden(_error: Forbidden) -> Response:
        return page(
            Problem(
                403,
                _("Diese Seite ist für Ihre Rolle nicht freigegeben."),
                _(
                    "Brauchen Sie sie für Ihre Arbeit, wenden Sie sich an die Stelle, die Ihr "
                    "Konto eingerichtet hat."
                ),
            )
        )

    @app.errorhandler(Unavailable)
    def _unavailable(error: Unavailable) -> Response:
        log.error("database unavailable", error=str(error), request_id=g.get("request_id"))
        return page(unavailable())

    @app.errorhandler(OperationalError)
    def _no_database(error: OperationalError) -> Response:
        log.error("database unavailable", error=str(error.orig), request_id=g.get("request_id"))
        return page(unavailable())

    @app.errorhandler(IntegrityError)
    def _overtaken(error: IntegrityError) -> Response:
        # The constraints' last word in a race two requests ran; nothing of this one was stored.
        log.warning("constraint", error=str(error.orig), request_id=g.get("request_id"))
        return page(
            Problem(
                409,
                _("Das hat sich mit einer anderen Änderung überschnitten."),
                _("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."),
            )
        )

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> Response:
        log.error("unexpected", exc_info=error, request_id=g.get("request_id"))
        return page(
            Problem(
                500,
                _("Hier ist uns ein Fehler unterlaufen."),
                _(
                    "Es liegt nicht an Ihnen. Versuchen Sie es bitte noch einmal; bleibt es dabei, "
                    "nennen Sie uns die Kennung unten."
                ),
            )
        )


def unavailable() -> Problem:
    """The page while the database cannot take a write."""
    return Problem(
        503,
        _("Ihre Eingaben konnten gerade nicht gespeichert werden."),
        _(
            "Bitte versuchen Sie es in einer Minute noch einmal. Was Sie geschrieben "
            "haben, steht noch hier."
        ),
    )
