"""A small city to test with: a fresh database of either kind, an open wave, and its links."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, update

from config import Config
from forms.definition import Questionnaire
from forms.loader import available, load
from survey import access, schema
from survey.app import create_app
from survey.database import Database
from survey.questionnaires import Frozen, freeze
from survey.standing import Standing, by_handle, of_wave
from survey.tables import unit, wave, wave_audience
from survey.waves import OFFICES as OFFICES_KEY
from survey.waves import Audience, WavePlan, make_wave

LINK_KEY = "link-key-of-the-tests-0123456789abcdef"
SECRET_KEY = "secret-key-of-the-tests-0123456789abc"
SELBSTCHECK = "selbstcheck-2025"


def make_config(url: str, instance: Path, **changes: Any) -> Config:
    """Settings of a test installation."""
    given: dict[str, Any] = {
        "secret_key": SECRET_KEY,
        "link_key": LINK_KEY,
        "instance_path": instance,
        "database_url": url,
        "public_url": "http://127.0.0.1:8000",
        "contact": "Büro für Integration (Musterstadt)",
        "contact_mail": "integration@musterstadt.example",
    }
    return Config(**given | changes)


def empty_database(url: str, template: Path | None = None) -> Database:
    """A migrated database at this URL; an SQLite file is copied from a template if given."""
    if template is not None and url.startswith("sqlite:///"):
        shutil.copy(template, url.removeprefix("sqlite:///"))
    database = Database(url)
    schema.upgrade(database)
    return database


@dataclass
class World:
    """One installation: settings, database, application, and what was put into it."""

    config: Config
    database: Database
    app: Flask
    handles: list[str] = field(default_factory=list)

    def link(self, handle: str, language: str = "de") -> str:
        """The path of a personal link, without host."""
        standing = self.standing(handle)
        token = access.link_token(self.config.link_key, handle, standing.link_generation)
        return f"/{language}/l/{token}"

    def standing(self, handle: str) -> Standing:
        """Where an invitation stands now."""
        with self.database.read() as connection:
            found = by_handle(connection, handle)
        assert found is not None, handle
        return found

    def standings(self, slug: str) -> list[Standing]:
        """All invitations of a wave."""
        with self.database.read() as connection:
            return of_wave(connection, slug)

    def add_units(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """Add units from (code, name, kind, parent's code)."""

        def add(connection: Connection) -> None:
            ids: dict[str, int] = {}
            for code, name, kind, parent in rows:
                key = connection.execute(
                    insert(unit).values(code=code, name=name, kind=kind, parent_id=ids.get(parent))
                ).inserted_primary_key
                ids[code] = int(key[0]) if key else 0

        self.database.write(add)

    def add_wave(self, frozen: Frozen | None = None, **changes: Any) -> list[str]:
        """Make a wave open since yesterday for a month; returns the handles by unit code."""
        today = date.today()  # noqa: DTZ011  # a day of slack on either side
        given: dict[str, Any] = {
            "slug": "selbstcheck-2026",
            "title": "Selbstcheck 2026",
            "first_day": today - timedelta(days=2),
            "named_kinds": ("amt", "eigenbetrieb"),
            "report_names_units": False,
            "staff_council_note": "beteiligt",
        }
        if "audiences" not in changes:
            kinds = changes.pop("kinds", ("amt", "eigenbetrieb", "abteilung", "sachgebiet"))
            last_day = changes.pop("last_day", today + timedelta(days=30))
            chosen = frozen or freeze(selbstcheck())
            given["audiences"] = (Audience(OFFICES_KEY, "", chosen, last_day, kinds),)
        plan = WavePlan(**given | changes)
        self.database.write(lambda c: make_wave(c, plan, self.config.zone, self.config.link_key))
        self.handles = [standing.handle for standing in self.standings(plan.slug)]
        return self.handles

    def move_closing(self, slug: str, delta: timedelta) -> None:
        """Put the closing of a wave this far from now (and its opening well before)."""
        standing = self.standings(slug)[0]
        closes = standing.now + delta

        def change(connection: Connection) -> None:
            connection.execute(
                update(wave_audience)
                .where(wave_audience.c.wave_id == standing.wave_id)
                .values(closes=closes)
            )
            connection.execute(
                update(wave)
                .where(wave.c.id == standing.wave_id)
                .values(opens=min(standing.opens, closes - timedelta(days=1)))
            )

        self.database.write(change)

    def add_account(self, name: str, role: str, password: str) -> int:
        """An account for the desk."""
        return self.database.write(
            lambda connection: access.add_account(connection, name, role, password)
        )

    def close(self) -> None:
        """Close every connection, the application's too."""
        services = self.app.extensions["services"]
        services.database.dispose()
        self.database.dispose()


OFFICES = (
    ("GB 1", "Geschäftsbereich 1", "geschaeftsbereich", ""),
    ("10", "Amt Zehn", "amt", "GB 1"),
    ("10.1", "Abteilung Zehn-Eins", "abteilung", "10"),
    ("20", "Amt Zwanzig", "amt", "GB 1"),
    ("30", "Eigenbetrieb Dreißig", "eigenbetrieb", "GB 1"),
)


def make_world(url: str, instance: Path, *, template: Path | None = None, **changes: Any) -> World:
    """An installation with a migrated database; add units and waves as a test needs them."""
    config = make_config(url, instance, **changes)
    return World(config, empty_database(url, template), create_app(config))


def selbstcheck() -> Questionnaire:
    """The real Selbstcheck."""
    return load(available()[SELBSTCHECK])
