"""What protects every request: headers, the form token, the signed session, readable input."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from hmac import compare_digest
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest, NotFound

from survey.locale import gettext as _
from survey.problems import REQUEST_ID, Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# As Flask-WTF has it: it is the one that checks the token.
CSRF_SALT = "wtf-csrf-token"
CSRF_FIELD = "csrf_token"

POLICY = "Content-Security-Policy"
NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
OWN_SCRIPT = f"{NO_SCRIPT}; script-src 'self'; connect-src 'self'"
"""For pages of questions: `g.scripted`."""
HEADERS = (
    (POLICY, NO_SCRIPT),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("X-Frame-Options", "DENY"),
)
CONTROL = frozenset(map(chr, (*range(0x20), 0x7F)))
NOT_KEPT = ("Cache-Control", "no-store")
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def init_app(app: Flask, *, secure: bool) -> None:
    """Protect an application; `secure` when people reach it over HTTPS."""
    app.session_interface = Sessions()
    app.wsgi_app = Headers(app.wsgi_app, secure=secure)  # type: ignore[method-assign]
    csrf = CSRFProtect(app)
    app.jinja_env.globals["csrf_token"] = form_token
    app.before_request(_refuse_unreadable)
    app.before_request(lambda: _check_form_token(csrf))
    app.after_request(_name_language)


class Headers:
    """Puts the security headers and a request id on every answer, errors and redirects too.

    Outside of Flask, so that nothing raised inside can leave without them.
    """

    def __init__(self, app: WSGIApplication, *, secure: bool) -> None:
        self._app = app
        self._pairs = [*HEADERS, HTTPS_ONLY] if secure else [*HEADERS]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ[REQUEST_ID] = request_id = token_hex(6)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            given = {name for name, _value in headers}
            headers += [pair for pair in self._pairs if pair[0] not in given]
            headers.append(("X-Request-Id", request_id))
            if not any(name == NOT_KEPT[0] for name, _value in headers):
                headers.append(NOT_KEPT)
            return start_response(status, headers, *exc_info)

        return self._app(environ, start)


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie; what signs it is made once, as its keys are, not once a request."""

    _signing: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """Signs and reads the session's cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing


def form_token() -> str:
    """The token a form of this session carries: signed once, not anew for every page."""
    held = session.get(CSRF_FIELD)
    return _signed(str(current_app.secret_key), held) if held else str(generate_csrf())


@lru_cache(maxsize=4096)
def _signed(secret_key: str, held: str) -> str:
    return str(URLSafeTimedSerializer(secret_key, salt=CSRF_SALT).dumps(held))


def _check_form_token(csrf: CSRFProtect) -> None:
    if request.method in SAFE_METHODS:
        return
    sent = request.form.get(CSRF_FIELD, "")
    if session.get(CSRF_FIELD) and compare_digest(sent.encode(), form_token().encode()):
        # The very token this process signed for this session: nothing is left to verify.
        return
    try:
        csrf.protect()
    except CSRFError:
        view: Callable[..., Any] | None = current_app.view_functions.get(request.endpoint or "")
        # A view that shows the form again with its text sees `g.stale_form`; all others refuse.
        g.stale_form = True
        if not getattr(view, "gives_text_back", False):
            raise Problem(
                400,
                _("Diese Seite war zu lange offen."),
                _("Laden Sie sie bitte neu und versuchen Sie es noch einmal."),
            ) from None


def _refuse_unreadable() -> None:
    if not CONTROL.isdisjoint(request.path):
        # No page has such an address; PostgreSQL refuses NUL, and a redirect would carry the rest.
        raise NotFound
    query = request.query_string
    if not query.isascii() or not CONTROL.isdisjoint(query.decode()):
        # Browsers send no raw bytes here; Werkzeug has no answer to those that are no UTF-8, and
        # its redirect to a tidier address would carry a line break into a header.
        raise BadRequest


def _name_language(response: Response) -> Response:
    if g.get("scripted"):
        response.headers[POLICY] = OWN_SCRIPT
    language = g.get("language")
    if language is not None:
        response.headers.add("Content-Language", language.code)
    return response
