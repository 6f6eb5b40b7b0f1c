"""Planted leaks: small variants of the real way of a sheet, each of which tells who wrote what."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, select

from survey import anonymous, sealed, store, unsealing
from survey.database import Database
from survey.sheet import scored_sheet
from survey.tables import sealed_sheet
from tests.harness.anonymous_wave import AUDIENCE, Organisation, Service, asked, wave_of


@contextmanager
def swapped(owner: Any, **values: Any) -> Iterator[None]:
    """Other values in a module or class until the block ends."""
    before = {name: getattr(owner, name) for name in values}
    for name, value in values.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


class PlainAtOnce(Service):
    """Responses are stored, and counted, when they are submitted."""

    def submit(self, connection: Connection, who: Organisation) -> None:
        """Store the sheet as unsealing would."""
        unsealing._store(
            connection,
            [
                {
                    "id": token_hex(16),
                    "wave_id": wave_of(connection, who),
                    "audience": AUDIENCE,
                    "mode": "anonymous",
                    "state": "submitted",
                    "version": 1,
                    **scored_sheet(who.draft, asked()),
                }
            ],
        )
        anonymous.forget_draft(connection, who.ticket)


class FlagWithSheet(PlainAtOnce):
    """„We have taken part" is noted in the transaction of the sheet."""

    def hand_in(self, who: Organisation) -> None:
        """Both at once."""

        def work(connection: Connection) -> None:
            self.submit(connection, who)
            store.say_taken_part(connection, who.handle, said=True)

        self.write(work)


class Unmixed:
    """A shuffling that leaves everything where it is."""

    def shuffle(self, _sheets: list[Any]) -> None:
        """Do nothing."""


class NoShuffle(Service):
    """Sheets are stored in the order in which they are read."""

    def close(self) -> None:
        """Unseal without shuffling."""
        with swapped(unsealing, SystemRandom=Unmixed):
            super().close()


class NoRewrite(Service):
    """Nothing is written anew after unsealing."""

    def close(self) -> None:
        """Unseal without rewriting."""
        with swapped(Database, rewrite=lambda _database, _tables: None):
            super().close()


class FreePages(NoRewrite):
    """As NoRewrite, and SQLite leaves in free pages what was deleted; its journal is emptied."""

    def close(self) -> None:
        """Unseal, and only empty the journal."""
        self._pragma("secure_delete = OFF")
        super().close()
        self._pragma("wal_checkpoint(TRUNCATE)")
        self._pragma("secure_delete = ON")

    def _pragma(self, setting: str) -> None:
        if self.world.database.is_sqlite:
            with self.world.database.read() as connection:
                connection.exec_driver_sql(f"PRAGMA {setting}")


@dataclass
class Noted(Service, ABC):
    """Something about the submission is kept with the sheet and stored when it is opened."""

    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    @abstractmethod
    def note(self, who: Organisation) -> dict[str, Any]:
        """What is kept."""

    def submit(self, connection: Connection, who: Organisation) -> None:
        """Hand in and take the note."""
        super().submit(connection, who)
        self.notes[who.sheet_id] = self.note(who)

    def close(self) -> None:
        """Unseal with the notes."""
        honest = unsealing._sheets

        def sheets(connection: Connection, library: Any, key: bytes, wave_id: int) -> Any:
            names = select(sealed_sheet.c.id).where(sealed_sheet.c.wave_id == wave_id)
            keyed = {unseal_once(connection, key, n): n for n in connection.scalars(names).all()}
            for sheet in honest(connection, library, key, wave_id):
                note = self.notes[keyed[dict(sheet["texts"])["better"]]]
                answers = sheet["answers"] | note.pop("answers", {})
                yield {**sheet, **note, "answers": answers}

        with swapped(unsealing, _sheets=sheets):
            super().close()


def unseal_once(connection: Connection, key: bytes, name: str) -> str:
    """The distinctive text of a sealed sheet."""
    body = connection.scalar(select(sealed_sheet.c.body).where(sealed_sheet.c.id == name))
    return str(sealed.unseal(key, name, str(body))["draft"]["better"])


class LanguageStored(Noted):
    """The language of the pages is kept."""

    def note(self, who: Organisation) -> dict[str, Any]:
        """The language."""
        return {"answers": {"@language": who.language}}


class TimeStored(Noted):
    """The moment of submission is kept."""

    def note(self, who: Organisation) -> dict[str, Any]:
        """The moment."""
        return {"answers": {"@at": datetime.now(UTC).isoformat()}}


class TicketHashKept(Noted):
    """The hash that named the sealed sheet becomes the response's submission key."""

    def note(self, who: Organisation) -> dict[str, Any]:
        """The hash."""
        return {"submission_key": who.sheet_id}


class EntryNamesKept(Service):
    """Entries keep the names that stood in addresses."""

    def close(self) -> None:
        """Unseal without giving new names."""
        with swapped(unsealing, renamed=dict):
            super().close()


class NothingSecret(Service):
    """The key of the box is made of the wave's number."""

    def around(self) -> AbstractContextManager[Any]:
        """The whole wave."""

        def box_key(_link_key: str, wave_id: int) -> bytes:
            return hashlib.sha256(f"box:{wave_id}".encode()).digest()

        return swapped(sealed, box_key=box_key)


class Unpadded(Service):
    """Sealed contents are as long as what they hold."""

    block = 1

    def around(self) -> AbstractContextManager[Any]:
        """The whole wave."""
        return swapped(sealed, BLOCK=self.block)


class PaddedTooLittle(Unpadded):
    """Sealed contents are filled up to pages shorter than a long sheet."""

    block = 4096


LEAKS: dict[str, Callable[..., Service]] = {
    "plain at once": PlainAtOnce,
    "flag with sheet": FlagWithSheet,
    "no shuffle": NoShuffle,
    "no rewrite": NoRewrite,
    "free pages": FreePages,
    "language stored": LanguageStored,
    "time stored": TimeStored,
    "ticket hash kept": TicketHashKept,
    "entry names kept": EntryNamesKept,
    "nothing secret": NothingSecret,
    "unpadded": Unpadded,
    "padded too little": PaddedTooLittle,
}
