"""Settings of one installation, read from the environment once and frozen.

Knows no Flask and no database: `survey.app` and `survey.cli` read it and hand on what others need.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
HIGHEST_PORT = 65535

USUAL_CONTACT = "Büro der Integrations- und Ausländerbeauftragten"
"""What the office that asks is usually called; translated where a city has not named another."""
LINES = (
    "letterhead",
    "imprint",
    "privacy_officer",
    "supervisory_authority",
    "legal_basis",
    "retention",
    "enforcement_body",
)
"""Settings of several lines."""


class ConfigError(Exception):
    """A setting that is missing or cannot be used; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting; `describe` in the metadata is the line of the table in docs/betrieb.md."""

    secret_key: str = field(
        repr=False, metadata={"describe": "signs cookies; at least 32 characters"}
    )
    link_key: str = field(
        repr=False, metadata={"describe": "makes personal links; never change it in a wave"}
    )
    instance_path: Path = field(metadata={"describe": "folder for database, secrets, lock files"})
    database_url: str = field(repr=False, metadata={"describe": "sqlite:///… or postgresql://…"})
    public_url: str = field(
        metadata={"describe": "address people open; https makes cookies Secure"}
    )
    secret_key_fallbacks: tuple[str, ...] = field(
        default=(),
        metadata={"describe": "earlier SECRET_KEYs, comma separated, while they run out"},
    )
    timezone: str = field(
        default="Europe/Berlin", metadata={"describe": "closing is the end of a day here"}
    )
    proxy_hops: int = field(default=0, metadata={"describe": "trusted reverse proxies in front"})
    bind: str = field(default="127.0.0.1", metadata={"describe": "address the server listens on"})
    port: int = field(default=8000, metadata={"describe": "port the server listens on"})
    workers: int = field(default=2, metadata={"describe": "server processes"})
    threads: int = field(default=4, metadata={"describe": "requests a process serves at once"})
    tls_cert: str = field(default="", metadata={"describe": "certificate file, if served directly"})
    tls_key: str = field(default="", metadata={"describe": "key file for TLS_CERT"})
    organisation: str = field(default="Musterstadt", metadata={"describe": "name of the city"})
    self_check: str = field(
        default="selbstcheck-2025", metadata={"describe": "questionnaire offered as „nur für uns“"}
    )
    contact: str = field(
        default=USUAL_CONTACT,
        metadata={"describe": "office to ask when a link does not work"},
    )
    contact_mail: str = field(default="", metadata={"describe": "mail address of that office"})
    letterhead: tuple[str, ...] = field(
        default=(),
        metadata={"describe": "lines at the head of reports, separated by |; else CONTACT"},
    )
    letterhead_logo: str = field(
        default="", metadata={"describe": "SVG or PNG file for the head of reports, up to 2 MiB"}
    )

    imprint: tuple[str, ...] = field(
        default=(), metadata={"describe": "lines of the Impressum, separated by |"}
    )
    privacy_officer: tuple[str, ...] = field(
        default=(), metadata={"describe": "data protection officer, lines separated by |"}
    )
    supervisory_authority: tuple[str, ...] = field(
        default=(), metadata={"describe": "authority for complaints on data, lines separated by |"}
    )
    legal_basis: tuple[str, ...] = field(
        default=(), metadata={"describe": "legal basis of the surveys, lines separated by |"}
    )
    retention: tuple[str, ...] = field(
        default=(), metadata={"describe": "how long answers are kept, lines separated by |"}
    )
    feedback_mail: str = field(
        default="", metadata={"describe": "mail address for barriers; else CONTACT"}
    )
    enforcement_body: tuple[str, ...] = field(
        default=(), metadata={"describe": "enforcement body (BITV), lines separated by |"}
    )

    @property
    def secure(self) -> bool:
        """True when people reach the service over HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days begin and end."""
        return ZoneInfo(self.timezone)

    @property
    def host(self) -> str:
        """The host name people open, without port."""
        return urlsplit(self.public_url).hostname or ""


def from_environment(environ: Mapping[str, str]) -> Config:
    """Settings from environment variables of the same names in capitals.

    Raises:
        ConfigError: a secret is missing or short, a number is none, an address is no address.
    """
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    port = _number(environ, "PORT", 8000, 1, HIGHEST_PORT)
    given: dict[str, object] = {
        "instance_path": instance,
        "database_url": environ.get("DATABASE_URL") or f"sqlite:///{instance}/zugangscheck.sqlite",
        "public_url": (environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        "secret_key_fallbacks": tuple(
            key for key in environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key
        ),
        **{name: _lines(environ, name) for name in LINES},
        "port": port,
        "proxy_hops": _number(environ, "PROXY_HOPS", 0, 0, 5),
        "workers": _number(environ, "WORKERS", 2, 1, 64),
        "threads": _number(environ, "THREADS", 4, 1, 64),
    }
    for known in fields(Config):
        value = environ.get(known.name.upper())
        if known.name not in given and value is not None:
            given[known.name] = value
    _refuse_unusable(given)
    return Config(**given)  # type: ignore[arg-type]  # checked name by name just above


def _refuse_unusable(given: Mapping[str, object]) -> None:
    for name in ("secret_key", "link_key"):
        if len(str(given.get(name, ""))) < SHORTEST_SECRET:
            raise ConfigError(
                f"{name.upper()}: missing or shorter than {SHORTEST_SECRET} characters; "
                f'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
    if given["secret_key"] == given["link_key"]:
        raise ConfigError("LINK_KEY: must differ from SECRET_KEY, or one leak opens both")
    address = urlsplit(str(given["public_url"]))
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ConfigError(
            f"PUBLIC_URL: '{given['public_url']}' is no address; "
            "give it like https://zugangscheck.example.org"
        )
    if not str(given["database_url"]).startswith(("sqlite:///", "postgresql")):
        raise ConfigError(
            "DATABASE_URL: give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        )
    logo = str(given.get("letterhead_logo", ""))
    if logo and not Path(logo).is_file():
        raise ConfigError(f"LETTERHEAD_LOGO: there is no file '{logo}'; give an SVG or PNG file")
    zone = str(given.get("timezone", "Europe/Berlin"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"TIMEZONE: '{zone}' is not known; give it like Europe/Berlin") from error


def _lines(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    lines = environ.get(name.upper(), "").split("|")
    return tuple(line.strip() for line in lines if line.strip())


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    written = environ.get(name) or str(default)
    if not written.isascii() or not written.isdigit() or not least <= int(written) <= most:
        raise ConfigError(f"{name}: '{written}' is not a whole number from {least} to {most}")
    return int(written)


def with_instance_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, completed by secrets kept in the instance folder (made on first use).

    For `make run` only: a production start takes its secrets from the environment or fails.
    """
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    kept = instance / "secrets.env"
    if not kept.exists():
        kept.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        kept.write_text(
            f"SECRET_KEY={token_urlsafe(48)}\nLINK_KEY={token_urlsafe(48)}\n", encoding="utf-8"
        )
    lines = kept.read_text(encoding="utf-8").splitlines()
    secrets = dict(line.split("=", 1) for line in lines if "=" in line)
    return {**secrets, **environ}
