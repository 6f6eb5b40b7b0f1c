"""The sample city behind a real server, with as many invited offices as the tests ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import polib
from sqlalchemy import select

from config import Config
from survey import access
from survey.cli import prepare
from survey.database import Database
from survey.locale import TRANSLATIONS, languages
from survey.questionnaires import Frozen, freeze
from survey.sample import KINDS, NAMED_KINDS
from survey.standing import Standing, by_handle, of_wave
from survey.tables import wave
from survey.waves import OFFICES, Audience, WavePlan, make_wave
from tests.harness.server import Server, free_port
from tests.world import make_config, selbstcheck

DAILY = ("de", "de-simple", "ar", "vi")
"""What is looked at every day; the source, one from right to left, one with many accents."""
OTHERS = tuple(code for code in languages() if code not in DAILY)
"""What is looked at by the build only."""
DESK_LANGUAGES = ("de", "en")


class Site:
    """One installation that is being served."""

    def __init__(self, config: Config, database: Database) -> None:
        self.config = config
        self.database = database
        self._numbers = count(1)
        self._unused: list[Standing] = []
        with database.read() as connection:
            waves = select(wave.c.slug).where(wave.c.sample).order_by(wave.c.opens.desc())
            slugs = list(connection.scalars(waves))
        checks = [s for s in slugs if s.startswith("selbstcheck-")]
        self.this_year, self.last_year, _before = checks
        self.open_survey, self.past_survey = (s for s in slugs if "-anonym-" in s)
        [self.survey] = set(slugs) - {*checks, self.open_survey, self.past_survey}

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.config.public_url}{path}"

    def password(self, account: str) -> str:
        """The password of an account that came with the sample city."""
        lines = (self.config.instance_path / "access.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)[account]

    def standing(self, code: str, slug: str = "") -> Standing:
        """The invitation of a unit, into this year's sample wave unless another is named."""
        with self.database.read() as connection:
            standings = of_wave(connection, slug or self.this_year)
        return next(s for s in standings if s.unit_code == code)

    def now(self, standing: Standing) -> Standing:
        """The same invitation as it stands now."""
        with self.database.read() as connection:
            found = by_handle(connection, standing.handle)
        assert found is not None
        return found

    def link(self, standing: Standing, language: str = "de") -> str:
        """An invitation's personal link."""
        key, generation = self.config.link_key, standing.link_generation
        token = access.link_token(key, standing.handle, generation)
        return self.url(f"/{language}/l/{token}")

    def root(self, standing: Standing, language: str = "de") -> str:
        """Where the invitation's pages are, without trailing slash."""
        return self.url(f"/{language}/w/{standing.wave_slug}/{standing.handle}")

    def fresh_office(self) -> Standing:
        """An office that nobody has answered for and that promised nothing before."""
        if not self._unused:
            self._unused = self._new_wave(f"probe-{next(self._numbers)}")
        return self._unused.pop()

    def _new_wave(self, slug: str) -> list[Standing]:
        today = self.standing("M 10").now.date()
        plan = WavePlan(
            slug=slug,
            title="Selbstcheck (Probe)",
            first_day=today - timedelta(days=2),
            audiences=[
                Audience(OFFICES, "", _frozen_selbstcheck(), today + timedelta(days=30), KINDS)
            ],
            named_kinds=NAMED_KINDS,
            report_names_units=False,
            staff_council_note="beteiligt",
        )
        config = self.config
        self.database.write(lambda c: make_wave(c, plan, config.zone, config.link_key))
        with self.database.read() as connection:
            return of_wave(connection, slug)


@cache
def _frozen_selbstcheck() -> Frozen:
    return freeze(selbstcheck())


@contextmanager
def sample_site(folder: Path, **settings: Any) -> Iterator[Site]:
    """The sample city, made anew and served until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    given: dict[str, Any] = {"port": port, "public_url": f"http://127.0.0.1:{port}"} | settings
    url = str(given.pop("url", f"sqlite:///{folder}/city.sqlite"))
    config = make_config(url, folder, **given)
    prepare(config)
    database = Database(config.database_url)
    try:
        with Server(config):
            yield Site(config, database)
    finally:
        database.dispose()


def words(language: str, german: str, domain: str = "messages") -> str:
    """A text of ours in this language. Raises KeyError if it is not translated."""
    if language == "de":
        return german
    for name in (domain, "messages"):
        if translated := _catalogue(language, name).get(german):
            return translated
    raise KeyError(f"no {language} for „{german}“ in {domain}")


@cache
def _catalogue(language: str, domain: str) -> dict[str, str]:
    path = TRANSLATIONS / languages()[language].babel / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.translated()}
