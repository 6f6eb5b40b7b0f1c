"""create_app: the only place where everything meets."""

from __future__ import annotations

import gzip
import hashlib
from datetime import timedelta
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    request,
    send_from_directory,
)
from flask_login import LoginManager
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from analysis.survey_views import blueprint as analysis_survey_blueprint
from analysis.views import blueprint as analysis_blueprint
from config import Config
from forms.fields import LONGEST_TEXT
from survey import desk, locale, problems, protection, respond
from survey.database import Unavailable
from survey.services import Services
from survey.standing import database_is_ready

BODY_LIMIT = 2 * 1024 * 1024
STATIC = Path(__file__).parent / "static"


def create_app(config: Config, translations: Path = locale.TRANSLATIONS) -> Flask:
    """The application for one installation. Connects to nothing yet: see `Services.database`."""
    app = Flask(__name__, static_folder=None)
    app.config.update(_flask_settings(config))
    app.extensions["services"] = Services(config, _stylesheet_version(), translations)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        services=app.extensions["services"], config=config, longest_text=LONGEST_TEXT
    )
    locale.init_app(app, translations)
    problems.init_app(app)
    protection.init_app(app, secure=config.secure)
    login = LoginManager(app)
    login.user_loader(desk.load_account)
    # Its check compares a hash of the device's address; see `desk.sign_in`, which drops it.
    login.session_protection = None
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(desk.blueprint)
    app.register_blueprint(analysis_blueprint)
    app.register_blueprint(analysis_survey_blueprint)
    _plain_addresses(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


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


def _plain_addresses(app: Flask) -> None:
    """Addresses without a language."""
    compressed = _compressed()

    @app.get("/")
    def home() -> AnyResponse:
        return redirect(f"/{locale.preferred()}/")

    @app.get("/l/<token>")
    def link_without_language(token: str) -> AnyResponse:
        return redirect(f"/{locale.preferred()}/l/{token}")

    @app.get("/o/<path:survey>")
    def survey_without_language(survey: str) -> AnyResponse:
        return redirect(f"/{locale.preferred()}/o/{quote(survey)}")

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
        if name in compressed and request.accept_encodings["gzip"]:
            # Nothing secret is in these; pages, which carry tokens, are not compressed here.
            answer = Response(compressed[name], mimetype=guess_type(name)[0])
            answer.headers["Content-Encoding"] = "gzip"
        else:
            answer = send_from_directory(STATIC, name)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        answer.vary.add("Accept-Encoding")
        return answer

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return send_from_directory(STATIC, "icon.svg", mimetype="image/svg+xml")


@cache
def _compressed() -> dict[str, bytes]:
    """Our text files, packed once a process."""
    paths = (path for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))
    return {path.name: gzip.compress(path.read_bytes(), mtime=0) for path in paths}


def _stylesheet_version() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
