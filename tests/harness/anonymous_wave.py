"""Anonymous waves of fourteen organisations, handed in through the real service, one after another.

The worst case for anonymity: every sheet is distinctive, each organisation says „we have taken
part" the moment its sheet is in, and the attacker knows who acted when.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from random import Random
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from forms.definition import Questionnaire
from survey import anonymous, codes, sealed, store
from survey.access import token_hash
from survey.anonymous import Ticket
from survey.database import clock
from survey.questionnaires import Frozen, Library, freeze
from survey.tables import wave
from survey.unsealing import unseal_due
from survey.waves import Audience
from tests.forms.questionnaires import tiny
from tests.harness.evidence import Copier, Copy
from tests.world import World

ORGANISATIONS = 14
"""As many as answered in 2023."""
BACKUP_EVERY = 5
LANGUAGES = ("de", "ar", "uk", "fa", "tr", "en", "fr")
AUDIENCE = "vereine"
PAGES = (("what", "place", "kind"), ("better", "front", "back"))
ENTRY_LETTERS = "bcdfghjkmnpqrstvwxz"
NO_CONTENT = store.content_hash({})


@dataclass(slots=True)
class Organisation:
    """Who answers, and what: `word` stands in its sheet and in no other."""

    handle: str
    code: str
    language: str
    word: str
    draft: dict[str, Any]
    ticket: Ticket

    @property
    def sheet_id(self) -> str:
        """The name of its sealed sheet."""
        return sealed.sheet_id(self.ticket.secret)


@dataclass(frozen=True, slots=True)
class Trace:
    """One wave: who did what in which order, and all an attacker can lay hands on."""

    wave_id: int
    slug: str
    acted: list[Organisation]
    while_open: list[Copy]
    after: Copy
    log: list[str]


@dataclass
class Service:
    """The real way of a sheet; planted leaks are small variants of it (tests/harness/leaks.py)."""

    world: World
    library: Library = field(default_factory=Library)

    def around(self) -> AbstractContextManager[Any]:
        """Holds during the whole wave."""
        return nullcontext()

    def hand_in(self, who: Organisation) -> None:
        """Submit, and say so on the own link as a separate act."""
        self.write(lambda c: self.submit(c, who))
        self.write(lambda c: store.say_taken_part(c, who.handle, said=True))

    def submit(self, connection: Connection, who: Organisation) -> None:
        """Hand in one sheet."""
        link_key, base = self.world.config.link_key, store.content_hash(who.draft)
        anonymous.submit(connection, who.ticket, link_key, base, asked())

    def close(self) -> None:
        """What `zugangscheck work` does when the wave is over."""
        unseal_due(self.world.database, self.library, self.world.config.link_key)

    def write(self, work: Callable[[Connection], Any]) -> Any:
        """One transaction."""
        return self.world.database.write(work)


@cache
def outside() -> Frozen:
    """What organisations are asked anonymously."""
    return freeze(tiny("barriers")).variant("outside", "anonymous")


@cache
def asked() -> Questionnaire:
    """The questionnaire of `outside`."""
    return outside().questionnaire


def add_organisations(world: World) -> None:
    """The organisations that are invited into every wave."""
    world.add_units([(f"V {n}", f"Verein {n}", "verein", "") for n in range(ORGANISATIONS)])


def hold_wave(service: Service, number: int, chance: Random) -> Trace:
    """One wave from its first code to its unsealing."""
    slug = f"stufen-{number}"
    with service.around(), capture_logs() as said:
        wave_id = _make_wave(service.world, slug)
        acted = _organisations(service.world, wave_id, slug, chance)
        copier = Copier(service.world.database)
        log: list[str] = []
        while_open = _answer(service, acted, chance, copier, log)
        service.world.move_closing(slug, -timedelta(hours=2))
        service.close()
        after = copier.copy()
    return Trace(wave_id, slug, acted, while_open, after, log + [repr(line) for line in said])


def _make_wave(world: World, slug: str) -> int:
    with world.database.read() as connection:
        last_day = clock(connection).date() + timedelta(days=30)
    audience = Audience(AUDIENCE, "Vereine", outside(), last_day, ("verein",))
    world.add_wave(slug=slug, mode="anonymous", codes_required=True, audiences=(audience,))
    with world.database.read() as connection:
        return int(connection.scalar(select(wave.c.id).where(wave.c.slug == slug)) or 0)


def _organisations(world: World, wave_id: int, slug: str, chance: Random) -> list[Organisation]:
    """The organisations in the order in which they will act."""
    made = world.database.write(lambda c: codes.make_codes(c, wave_id, ORGANISATIONS))
    places = chance.sample(range(100, 1000), ORGANISATIONS)
    found = []
    for at, (handle, code) in enumerate(zip(world.handles, made, strict=True)):
        word = f"Zq{token_hex(8)}qZ"
        secret = sealed.new_ticket(world.config.link_key, wave_id, AUDIENCE)
        found.append(
            Organisation(
                *(handle, code, LANGUAGES[at % len(LANGUAGES)], word),
                _draft(word, places[at], at, chance),
                Ticket(slug, AUDIENCE, secret),
            )
        )
    chance.shuffle(found)
    return found


def _draft(word: str, place: int, size: int, chance: Random) -> dict[str, Any]:
    """A sheet with its word in both texts, from one line to four pages long."""
    entry = "01" + "".join(chance.choice(ENTRY_LETTERS) for _ in range(4))
    length = int(60 * 1.5**size)
    filler = "".join(chance.choice("abcdefgh ijklmnop ") for _ in range(length))
    return {
        f"what@{entry}": f"{word} {filler}",
        f"place@{entry}": [f"unit:{place}"],
        f"kind@{entry}": chance.choice(("doors", "none")),
        "better": f"Besser: {word}",
        "front": chance.choice(("5", "3", "1")),
        "back": chance.choice(("5", "3", "1", "unknown")),
    }


def _answer(
    service: Service,
    acted: list[Organisation],
    chance: Random,
    copier: Copier,
    log: list[str],
) -> list[Copy]:
    """Everybody hands in; the next one may already have begun. Returns the backups."""
    copies, begun = [], 0
    for at, who in enumerate(acted, 1):
        ahead = min(at + chance.choice((0, 0, 1, 3)), len(acted))
        while begun < ahead:
            _fill(service, acted[begun], log)
            begun += 1
        service.hand_in(who)
        if at % BACKUP_EVERY == 0 or at == len(acted):
            copies.append(copier.copy())
    return copies


def _fill(service: Service, who: Organisation, log: list[str]) -> None:
    """Spend a code and save page by page, as a proxy in front of the service would log it."""
    service.write(lambda c: codes.spend(c, wave_of(c, who), who.code))
    link_key = service.world.config.link_key
    for names in PAGES:
        typed = {k: v for k, v in who.draft.items() if k.partition("@")[0] in names}
        entry = next((f"/{key.partition('@')[2]}" for key in typed if "@" in key), "")
        path = f"/de/w/{who.ticket.slug}/open-{AUDIENCE}/{names[0]}{entry}"
        log.append(f"{datetime.now(UTC).isoformat()} POST {path}")
        service.write(partial(_save, who, link_key, typed))


def _save(who: Organisation, link_key: str, typed: dict[str, Any], connection: Connection) -> None:
    anonymous.save(connection, who.ticket, link_key, tuple(typed), typed, NO_CONTENT)


def wave_of(connection: Connection, who: Organisation) -> int:
    """The id of the wave an organisation answers in."""
    return int(connection.scalar(select(wave.c.id).where(wave.c.slug == who.ticket.slug)) or 0)


def code_hash(who: Organisation) -> str:
    """What is stored of its one-time code."""
    return token_hash(codes.normalised(who.code))
