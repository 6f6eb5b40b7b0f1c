"""create_app: the only place where everything meets."""

from __future__ import annotations

import hashlib
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    request,
    send_from_directory,
)
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from analysis.views import blueprint as analysis_blueprint
from config import Config
from survey import desk, locale, problems, respond
from survey.database import Unavailable
from survey.locale import gettext as _
from survey.services import Services
from survey.standing import database_is_ready

BODY_LIMIT = 2 * 1024 * 1024
STATIC = Path(__file__).parent / "static"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}


def create_app(config: Config, translations: Path = locale.TRANSLATIONS) -> Flask:
    """The application for one installation. Connects to nothing yet: see `Services.database`."""
    app = Flask(__name__, static_folder=None)
    app.session_interface = Sessions()
    app.config.update(_flask_settings(config))
    app.extensions["services"] = Services(config, _stylesheet_version(), translations)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        services=app.extensions["services"], config=config, csrf_token=generate_csrf
    )
    locale.init_app(app, translations)
    problems.init_app(app)
    _protect(app, config)
    login = LoginManager(app)
    login.user_loader(desk.load_account)
    # Its check would put a hash of the device's address into the cookie.
    login.session_protection = None
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(desk.blueprint)
    app.register_blueprint(analysis_blueprint)
    _plain_addresses(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie; what signs it is made once, as its keys are, not once a request."""

    _signing: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """Signs and reads the session's cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing


def _flask_settings(config: Config) -> dict[str, Any]:
    hosts = {config.host, "127.0.0.1", "localhost"}
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "MAX_CONTENT_LENGTH": BODY_LIMIT,
        # Alike, or a long text is refused before it can be given back.
        "MAX_FORM_MEMORY_SIZE": BODY_LIMIT,
        "MAX_FORM_PARTS": 5000,
        "TRUSTED_HOSTS": sorted(hosts),
        "SESSION_COOKIE_NAME": "__Host-session" if config.secure else "session",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=1),
        # Checked by `_protect`, so that a page can give its text back.
        "WTF_CSRF_CHECK_DEFAULT": False,
        # A form may stay open over lunch, and with no-referrer no browser sends a referrer.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _protect(app: Flask, config: Config) -> None:
    csrf = CSRFProtect(app)

    @app.url_value_preprocessor
    def _name_request(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        # The first thing Flask calls: even an unknown language is refused with a request id.
        g.request_id = secrets.token_hex(6)

    @app.before_request
    def _refuse_unreadable() -> None:
        if "\0" in request.path:
            # No page has such an address, and PostgreSQL refuses to look for it.
            raise NotFound
        try:
            _readable = request.args
        except UnicodeDecodeError:
            # Raw bytes that are no UTF-8: browsers send none, and Werkzeug has no answer to them.
            raise BadRequest from None

    @app.before_request
    def _check_token() -> None:
        if request.method in SAFE_METHODS:
            return
        try:
            csrf.protect()
        except CSRFError:
            view = current_app.view_functions.get(request.endpoint or "")
            # A view that shows the form again with its text sees `g.stale_form`; all others refuse.
            g.stale_form = True
            if not getattr(view, "gives_text_back", False):
                raise problems.Problem(
                    400,
                    _("Diese Seite war zu lange offen."),
                    _("Laden Sie sie bitte neu und versuchen Sie es noch einmal."),
                ) from None

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name in headers.keys()}  # noqa: SIM118  # iterating gives pairs
        headers.extend([pair for pair in HEADERS.items() if pair[0].lower() not in present])
        if config.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        headers["X-Request-Id"] = g.get("request_id", "")
        language = g.get("language")
        if language is not None:
            headers["Content-Language"] = language.code
        return response


def _plain_addresses(app: Flask) -> None:
    """Addresses without a language."""

    @app.get("/")
    def home() -> AnyResponse:
        return redirect(f"/{locale.preferred()}/")

    @app.get("/l/<token>")
    def link_without_language(token: str) -> AnyResponse:
        return redirect(f"/{locale.preferred()}/l/{token}")

    @app.get("/desk")
    @app.get("/desk/")
    def desk_without_language() -> AnyResponse:
        return redirect(f"/{locale.preferred()}/desk/")

    @app.get("/healthz")
    def healthz() -> Response:
        try:
            with app.extensions["services"].database.read() as connection:
                database_is_ready(connection)
        except (DBAPIError, Unavailable):
            return make_response("database unavailable\n", 503)
        return make_response("ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"})

    @app.get("/static/<version>/<path:name>")
    def static(version: str, name: str) -> Response:
        del version  # names the content, so that browsers may keep it for ever
        answer = send_from_directory(STATIC, name)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return send_from_directory(STATIC, "icon.svg", mimetype="image/svg+xml")


def _stylesheet_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def configure_logging() -> None:
    """JSON lines on standard error, without addresses of people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
