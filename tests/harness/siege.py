"""Row 11: the same malformed requests at several installations; none may fail, all must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse

from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, select, update

from survey import access, store, tally
from survey.tables import (
    account,
    invitation,
    remark,
    response,
    response_version,
    sign_in,
    unit,
    wave,
)  # fmt: skip
from survey.tables import tally as tally_table
from tests.harness.form import STATEMENTS
from tests.harness.hostile import SESSION, TOKEN, Attack, Attacker
from tests.world import OFFICES, World, selbstcheck

REFRESH_EVERY = 40
"""Some attacks succeed in signing out or in revoking a link; then everybody comes back."""
REQUIRED = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "cache-control",
    "x-frame-options", "permissions-policy", "cross-origin-opener-policy",
}  # fmt: skip
ROLES = ("nobody", "respondent", "commissioner", "administrator")
HANDLES = ("bcdfghjkmn", "bcdfghjkmp", "bcdfghjkmq", "bcdfghjkmr")
WATCHED = (response, remark, response_version, tally_table, invitation, unit, wave, account)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one installation answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def problems(self, method: str) -> list[str]:
        """What is wrong with it, whatever was asked."""
        found = [f"status {self.status}"] if self.status >= 500 or self.status < 200 else []
        names = [name.lower() for name, _value in self.headers]
        found += [f"no {name}" for name in sorted(REQUIRED.difference(names))]
        found += [f"twice {name}" for name in REQUIRED if names.count(name) > 1]
        found += [f"header {n!r}: {v!r}" for n, v in self.headers if {*"\r\n\0"} & {*v}]
        for name, value in self.headers:
            if name == "Location" and not _is_own(value):
                found.append(f"sends away: {value}")
        if b"Traceback" in self.body or b'File "/' in self.body:
            found.append("traceback")
        if method == "HEAD" and self.body:
            found.append("HEAD with a body")
        return found


def _is_own(address: str) -> bool:
    path = address.removeprefix("http://127.0.0.1:8000")
    return path.startswith("/") and not path.startswith(("//", "/\\"))


@dataclass
class SiegeReport:
    """Figures of a siege."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        return (
            f"{self.requests} malformed requests to {len(self.routes)} routes ({told}), "
            f"{len(self.problems)} problems"
        )


class Besieged:
    """One installation, with the same invitations, accounts and sessions as its sisters."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.add_units(OFFICES)
        world.add_wave()
        world.database.write(self._same_handles)
        for role in ROLES[2:]:
            world.add_account(role, role, f"password of the {role}")
        self._fill(HANDLES[1])
        self._state: tuple[Any, ...] = ()

    def _same_handles(self, connection: Connection) -> None:
        ids = connection.scalars(select(invitation.c.id).order_by(invitation.c.unit_code)).all()
        for each, handle in zip(ids, HANDLES, strict=True):
            token = access.link_token(self.world.config.link_key, handle, 1)
            connection.execute(
                update(invitation)
                .where(invitation.c.id == each)
                .values(handle=handle, token_hash=access.token_hash(token))
            )

    def _fill(self, handle: str) -> None:
        sheet: dict[str, Any] = dict.fromkeys(STATEMENTS, "4") | {"next_steps": "Sprechtag"}
        questionnaire, base = selbstcheck(), store.content_hash
        write = self.world.database.write
        write(lambda c: store.save(c, handle, questionnaire.keys, sheet, base({})))
        write(lambda c: store.submit(c, handle, base(sheet), "filled", questionnaire, "de"))

    def refresh(self) -> None:
        """Everybody is signed in, every link holds."""
        self.world.database.write(self._restore)
        self.sessions = {role: self._session(role) for role in ROLES}
        self.fingerprint()

    def _restore(self, connection: Connection) -> None:
        connection.execute(update(account).values(disabled=False))
        for handle in HANDLES:
            token = access.link_token(self.world.config.link_key, handle, 1)
            connection.execute(
                update(invitation)
                .where(invitation.c.handle == handle)
                .values(link_generation=1, revoked=False, token_hash=access.token_hash(token))
            )

    def _session(self, role: str) -> tuple[bytes, bytes]:
        client = self.world.app.test_client()
        with client.session_transaction() as session:
            if role == "respondent":
                session["links"] = dict.fromkeys(HANDLES, 1)
            elif role != "nobody":
                session["_user_id"] = self.world.database.write(lambda c: _signed_in(c, role))
            session["csrf_token"] = "0" * 40
        with self.world.app.test_request_context():
            from flask import session as here  # noqa: PLC0415  # only meant inside a request

            here["csrf_token"] = "0" * 40
            token = generate_csrf()
        cookie = client.get_cookie("session")
        assert cookie is not None
        return f"session={cookie.value}".encode(), token.encode()

    def suffer(self, attack: Attack, role: str) -> Outcome:
        """Answer one attack, as the server would call the application."""
        cookie, token = self.sessions[role]
        environ = _environ(attack, cookie, token)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_error: object) -> Any:
            started.append((status, headers))
            return lambda _data: None

        answer: StartResponse = start
        chunks = self.world.app.wsgi_app(environ, answer)
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        return Outcome(int(started[-1][0].split()[0]), started[-1][1], body)

    def fingerprint(self) -> bool:
        """Whether anything stored differs from the last time this was asked."""
        with self.world.database.snapshot() as connection:
            now = tuple(sorted(map(str, connection.execute(select(table)))) for table in WATCHED)
        changed, self._state = now != self._state, now
        return changed


def _signed_in(connection: Connection, role: str) -> str:
    found = connection.scalar(select(account.c.id).where(account.c.name == role))
    connection.execute(sign_in.delete().where(sign_in.c.account_id == found))
    return access.start_session(connection, int(found or 0))


def _environ(attack: Attack, cookie: bytes, token: bytes) -> dict[str, Any]:
    body = attack.body.replace(TOKEN, token)
    return {
        "REQUEST_METHOD": attack.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": attack.path.decode("latin-1"),
        "QUERY_STRING": attack.query.decode("latin-1"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": attack.cookie.replace(SESSION, cookie).decode("latin-1"),
        "CONTENT_TYPE": attack.content_type,
        "CONTENT_LENGTH": str(len(body)) if attack.length is None else attack.length,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **attack.headers,
    }


def known(world: World) -> dict[str, tuple[bytes, ...]]:
    """Values that lead somewhere, by their name in a route."""
    key = world.config.link_key
    return {
        "language": (b"de", b"de", b"de", b"en", b"ar"),
        "wave": (b"selbstcheck-2026",),
        "handle": tuple(handle.encode() for handle in HANDLES),
        "token": tuple(access.link_token(key, handle, 1).encode() for handle in HANDLES),
        "step": (b"sprache", b"organisation", b"massnahmen", b"zusammenarbeit", b"promises"),
        "questionnaire": (b"selbstcheck-2025",),
        "action": (b"void", b"move", b"reissue", b"revoke", b"extend", b"disable", b"enable",
                   b"password"),
        "account_id": (b"1", b"2", b"99"),
        "version": (b"x",),
        "name": (b"zugangscheck.css",),
    }  # fmt: skip


class Siege:
    """Attacks on several installations at once; `report` tells what came of them."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.report = SiegeReport()
        self._worlds = worlds
        self._sisters = [Besieged(world) for world in worlds]

    def storm(self, requests: int, seed: int) -> None:
        """Send that many attacks to every installation and compare."""
        attacker = Attacker(self._worlds[0].app, known(self._worlds[0]), seed)
        for number in range(requests):
            if number % REFRESH_EVERY == 0:
                for each in self._sisters:
                    each.refresh()
            # Turns of the roles must not keep step with the turns of the routes.
            role = ROLES[(number + number // 97 + seed) % len(ROLES)]
            _one(self._sisters, attacker.attack(), role, self.report)
        self._verify()

    def _verify(self) -> None:
        for world in self._worlds:
            with world.database.snapshot() as connection:
                differences = tally.verify(connection)
            self.report.problems += [f"tally {difference}" for difference in differences]


def besiege(worlds: Sequence[World], requests: int, seed: int = 0) -> SiegeReport:
    """One storm on fresh installations."""
    siege = Siege(worlds)
    siege.storm(requests, seed)
    return siege.report


def _one(sisters: list[Besieged], attack: Attack, role: str, report: SiegeReport) -> None:
    outcomes = [each.suffer(attack, role) for each in sisters]
    found = [p for outcome in outcomes for p in outcome.problems(attack.method)]
    if len({outcome.status for outcome in outcomes}) > 1:
        found.append(f"statuses {[outcome.status for outcome in outcomes]}")
    for each, outcome in zip(sisters, outcomes, strict=True):
        harmless = attack.method in ("GET", "HEAD", "OPTIONS") or outcome.status >= 400
        if each.fingerprint() and harmless:
            found.append(f"status {outcome.status}, and something was stored")
    report.requests += len(sisters)
    report.routes.add(attack.rule)
    report.statuses.update(outcome.status for outcome in outcomes)
    told = f"{role}: {attack}"[:1000]
    report.problems += [f"{problem}: {told}" for problem in found]
