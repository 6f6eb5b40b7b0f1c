"""Pages for what went wrong: what happened, what to do now, and everything that was typed.

A `Problem` is raised where it is found and becomes a page in the reader's language with a request
id. Text that came with a refused POST is shown on the page: nothing typed is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from survey.access import Forbidden
from survey.database import Unavailable
from survey.locale import choose, preferred, request_languages
from survey.locale import gettext as _

log = structlog.get_logger()

REQUEST_ID = "zugangscheck.request_id"
"""Where in a request's environment its id stands: in the log, in a header, on the page."""
SHORTEST_TEXT_SHOWN = 3
"""Ticked codes and tokens are short; what is longer was typed."""
OWN_FIELDS = frozenset(
    {
        "csrf_token",
        "base",
        "then",
        "submission_key",
        "password",
        "key",
        "last_day",
        "until",
        "order",
    }
)


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


def request_id() -> str:
    """The id of this request, for the log and the reader."""
    return str(request.environ.get(REQUEST_ID, ""))


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


def _take_language() -> None:
    # An address without a page has no view either that would have taken its language out.
    if "language" not in g:
        known, code = request_languages(), request.path.split("/")[1]
        choose(known[code if code in known else preferred()])


def page(problem: Problem) -> Response:
    """The page of a problem."""
    _take_language()
    # A link to another language would lose what was sent.
    here, known = request.path.split("/")[1], request_languages()
    offered = [*known] if request.method == "GET" and here in known and not g.get("desk") else []
    html = render_template(
        "problem.html",
        problem=problem,
        texts=typed_texts(),
        request_id=request_id(),
        offered=offered,
    )
    return make_response(html, problem.status)


def _unreadable() -> Problem:
    return Problem(
        400,
        _("Diese Anfrage konnten wir nicht lesen."),
        _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    )


def _forbidden() -> Problem:
    return Problem(
        403,
        _("Diese Seite ist für Ihre Rolle nicht freigegeben."),
        _(
            "Brauchen Sie sie für Ihre Arbeit, wenden Sie sich an die Stelle, die Ihr Konto "
            "eingerichtet hat."
        ),
    )


def _not_found() -> Problem:
    return Problem(
        404,
        _("Diese Seite gibt es nicht."),
        _(
            "Prüfen Sie bitte die Adresse. Haben Sie einen persönlichen Link, dann öffnen Sie ihn "
            "noch einmal vollständig, am besten durch Kopieren und Einfügen."
        ),
    )


def _wrong_method() -> Problem:
    return Problem(
        405,
        _("So lässt sich diese Seite nicht aufrufen."),
        _("Öffnen Sie sie bitte über die Schaltflächen und Links der vorherigen Seite."),
    )


def _overtaken() -> Problem:
    return Problem(
        409,
        _("Das hat sich mit einer anderen Änderung überschnitten."),
        _("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."),
    )


def _too_large() -> Problem:
    return Problem(
        413,
        _("Das ist zu viel auf einmal."),
        _(
            "Zusammen dürfen die Eingaben einer Seite höchstens 2 MiB groß sein. Gehen Sie mit "
            "der Zurück-Taste zum Formular, Ihr Text steht dort noch, und kürzen Sie ihn."
        ),
    )


def _bug() -> Problem:
    return Problem(
        500,
        _("Hier ist uns ein Fehler unterlaufen."),
        _(
            "Es liegt nicht an Ihnen. Versuchen Sie es bitte noch einmal; bleibt es dabei, nennen "
            "Sie uns die Kennung unten."
        ),
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


BY_STATUS: dict[int, Callable[[], Problem]] = {
    400: _unreadable,
    403: _forbidden,
    404: _not_found,
    405: _wrong_method,
    413: _too_large,
}


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 400
    if status < 400:  # noqa: PLR2004  # a redirect
        return make_response(error.get_response())
    _take_language()  # before the words are chosen
    known = BY_STATUS.get(status)
    answer = page(known() if known else Problem(status, error.name, error.description or ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    if isinstance(error, RequestEntityTooLarge):
        # The rest of the body is unread: the connection cannot be used again.
        answer.headers["Connection"] = "close"
    return answer


def _answer_unavailable(error: Exception) -> Response:
    log.error("database unavailable", error=str(error), request_id=request_id())
    return page(unavailable())


def _answer_overtaken(error: IntegrityError) -> Response:
    # The constraints' last word in a race two requests ran; nothing of this one was stored.
    # The first line names the constraint; PostgreSQL's next ones may quote the refused row.
    said = str(error.orig).partition("\n")[0]
    log.warning("constraint", error=said, request_id=request_id())
    return page(_overtaken())


def _answer_bug(error: Exception) -> Response:
    log.error("unexpected", exc_info=error, request_id=request_id())
    return page(_bug())


def init_app(app: Flask) -> None:
    """Answer every refusal and every failure with a page."""
    app.register_error_handler(Problem, page)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Forbidden, lambda _error: page(_forbidden()))
    app.register_error_handler(Unavailable, _answer_unavailable)
    app.register_error_handler(OperationalError, _answer_unavailable)
    app.register_error_handler(IntegrityError, _answer_overtaken)
    app.register_error_handler(Exception, _answer_bug)
