"""Links, sign-in, roles, and the rule „may X do Y to Z". Deny by default.

A personal link's token is an HMAC of the invitation's handle and link generation: it can be printed
again at any time, and raising the generation revokes it. Stored is only its hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from secrets import choice, token_urlsafe
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from config import Config
from survey.database import clock, database_now
from survey.standing import Standing
from survey.tables import account, audit_event, sign_in, sign_in_failure

# Without vowels and look-alikes: can be read over the telephone and spells no word.
HANDLE_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
HANDLE_LENGTH = 10
TOKEN_BYTES = 16
MOST_LINKS = 20
"""Links one browser session keeps open; the oldest goes first, or the cookie outgrows its limit."""

SESSION_HOURS = 12
FAILURES_ALLOWED = 5
FAILURE_WINDOW = timedelta(minutes=15)

RIGHTS: Final[dict[str, frozenset[str]]] = {
    "commissioner": frozenset({"waves", "results", "units", "log"}),
    "administrator": frozenset({"accounts", "units", "log"}),
}
"""What a role may do. „results" is every page and file that shows an answer or what follows from
one; an administrator never has it."""


class Forbidden(Exception):
    """The signed-in role lacks a right."""


class Throttled(Exception):
    """Too many failed sign-ins; `minutes` until the next try."""

    minutes = int(FAILURE_WINDOW.total_seconds() // 60)


def may(role: str, right: str) -> bool:
    """Whether a role has a right; an unknown role has none."""
    return right in RIGHTS.get(role, frozenset())


def check_may(role: str, right: str) -> None:
    """Raises Forbidden unless the role has the right."""
    if not may(role, right):
        raise Forbidden(right)


def may_read_sheet(role: str, unit_kind: str, named_kinds: Collection[str]) -> bool:
    """Whether a role may read a unit's own sheet: named results only at the wave's level."""
    return may(role, "results") and unit_kind in named_kinds


# --- personal links ---------------------------------------------------------------------------


def new_handle() -> str:
    """A public name for an invitation: no secret, but not guessable in order either."""
    return "".join(choice(HANDLE_LETTERS) for _ in range(HANDLE_LENGTH))


def link_token(link_key: str, handle: str, generation: int) -> str:
    """The token of a personal link: 128 bit as 26 small letters and digits."""
    message = f"link:{handle}:{generation}".encode()
    digest = hmac.digest(link_key.encode(), message, "sha256")
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip("=").lower()


def personal_link(config: Config, standing: Standing, language: str = "de") -> str:
    """The address of a unit's personal link as it is now; empty once it is revoked."""
    if standing.revoked:
        return ""
    token = link_token(config.link_key, standing.handle, standing.link_generation)
    return f"{config.public_url}/{language}/l/{token}"


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def grant(session: MutableMapping[str, Any], standing: Standing) -> None:
    """Let this browser session work on an invitation until its link is revoked."""
    links = dict(session.get("links", {}))
    links.pop(standing.handle, None)
    links[standing.handle] = standing.link_generation
    session["links"] = dict(list(links.items())[-MOST_LINKS:])


def is_granted(session: MutableMapping[str, Any], standing: Standing) -> bool:
    """Whether this session may work on the invitation by the link as it is now."""
    granted = session.get("links", {}).get(standing.handle)
    return granted == standing.link_generation and not standing.revoked


# --- accounts ---------------------------------------------------------------------------------

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified when no account has the name: a wrong name takes as long as a wrong password."""
    return _hasher.hash(token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account behind a session."""

    account_id: int
    name: str
    role: str


def new_password() -> str:
    """A password to hand over once: 96 bit."""
    return token_urlsafe(12)


def add_account(connection: Connection, name: str, role: str, password: str) -> int:
    """Make an account and return its id."""
    key = connection.execute(
        insert(account).values(
            name=name, role=role, password_hash=_hasher.hash(password), created=database_now()
        )
    ).inserted_primary_key
    return int(key[0]) if key else 0


def set_password(connection: Connection, name: str, password: str) -> bool:
    """Replace a password and end the account's sessions; False for an unknown name."""
    found = connection.scalar(select(account.c.id).where(account.c.name == name))
    if found is None:
        return False
    connection.execute(
        update(account).where(account.c.id == found).values(password_hash=_hasher.hash(password))
    )
    end_sessions(connection, found)
    return True


def password_fits(connection: Connection, name: str, password: str) -> int | None:
    """The account's id if name and password belong together and it is not disabled."""
    row = connection.execute(
        select(account.c.id, account.c.password_hash, account.c.disabled).where(
            account.c.name == name
        )
    ).one_or_none()
    try:
        _hasher.verify(row.password_hash if row else _nobody(), password)
    except (VerificationError, InvalidHashError):
        return None
    return row.id if row and not row.disabled else None


def check_throttle(connection: Connection, name: str) -> None:
    """Raises Throttled after FAILURES_ALLOWED failures within FAILURE_WINDOW for this name."""
    failures = connection.scalar(
        select(func.count())
        .select_from(sign_in_failure)
        .where(
            sign_in_failure.c.name_hash == token_hash(name),
            sign_in_failure.c.at > clock(connection) - FAILURE_WINDOW,
        )
    )
    if (failures or 0) >= FAILURES_ALLOWED:
        raise Throttled


def note_failure(connection: Connection, name: str) -> None:
    """Count a failed sign-in and forget those outside the window."""
    now = clock(connection)
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.at < now - FAILURE_WINDOW))
    connection.execute(insert(sign_in_failure).values(name_hash=token_hash(name), at=now))


def start_session(connection: Connection, account_id: int) -> str:
    """Begin a session of SESSION_HOURS and return its secret; expired ones are cleared away."""
    now = clock(connection)
    connection.execute(delete(sign_in).where(sign_in.c.expires < now))
    secret = token_urlsafe(24)
    connection.execute(
        insert(sign_in).values(
            session_hash=token_hash(secret),
            account_id=account_id,
            started=now,
            expires=now + timedelta(hours=SESSION_HOURS),
        )
    )
    return secret


def signed_in(connection: Connection, secret: str) -> SignedIn | None:
    """The account behind a session secret, unless expired, revoked or disabled."""
    row = connection.execute(
        select(account.c.id, account.c.name, account.c.role)
        .select_from(sign_in.join(account, account.c.id == sign_in.c.account_id))
        .where(
            and_(
                sign_in.c.session_hash == token_hash(secret),
                sign_in.c.expires > database_now(),
                account.c.disabled.is_(False),
            )
        )
    ).one_or_none()
    return SignedIn(*row) if row else None


def end_session(connection: Connection, secret: str) -> None:
    """Revoke one session."""
    connection.execute(delete(sign_in).where(sign_in.c.session_hash == token_hash(secret)))


def end_sessions(connection: Connection, account_id: int) -> int:
    """Revoke all sessions of an account; returns how many there were."""
    return connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id)).rowcount


def log(  # an entry is these things
    connection: Connection,
    account_id: int | None,
    action: str,
    *,
    wave_id: int | None = None,
    subject: str = "",
    note: str = "",
) -> None:
    """Write an audit event in the same transaction as what it tells."""
    connection.execute(
        insert(audit_event).values(
            at=database_now(),
            account_id=account_id,
            action=action,
            wave_id=wave_id,
            subject=subject[:300],
            note=note[:500],
        )
    )
