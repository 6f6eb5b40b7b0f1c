"""Starting: `run` for a first look, `serve` in production, `upgrade` for the schema."""

from __future__ import annotations

import os

from sqlalchemy import Connection, func, select

from config import Config, from_environment, with_instance_secrets
from forms.loader import available, load
from survey import access, schema
from survey.anonymous import audiences
from survey.cli.common import main, open_database, say, settings
from survey.cli.work import start_worker
from survey.database import Database
from survey.standing import of_wave
from survey.tables import account, wave
from survey.waves import OFFICES

MOST_LINKS_PRINTED = 5


@main.command()
def run() -> None:
    """Alles einrichten, mit Beispielstadt, und starten: zum Ansehen und Entwickeln."""
    from survey import serve as server  # noqa: PLC0415  # gunicorn is not needed by other commands
    from survey.catalogues import compile_stale  # noqa: PLC0415

    config = from_environment(with_instance_secrets(os.environ))
    compile_stale()
    lines = prepare(config)
    worker = start_worker()
    try:
        server.serve(config, lambda: say([f"ready: {config.public_url}/", *lines]))
    finally:
        worker.terminate()


def prepare(config: Config) -> list[str]:
    """Database, sample city and accounts for `run`, made if missing; returns the lines to print."""
    config.instance_path.mkdir(parents=True, exist_ok=True)
    database = Database(config.database_url)
    schema.upgrade(database)
    with database.read() as connection:
        empty = connection.scalar(select(func.count()).select_from(wave)) == 0
        accounts = connection.scalar(select(func.count()).select_from(account)) or 0
    if empty:
        from survey.questionnaires import freeze  # noqa: PLC0415  # only needed the first time
        from survey.sample import load_sample  # noqa: PLC0415
        from survey.sample_survey import load_sample_survey  # noqa: PLC0415

        load_sample(database, config, freeze(load(available()["selbstcheck-2025"])))
        load_sample_survey(database, config, freeze(load(available()["zugangshemmnisse-2026"])))
    if not accounts:
        _first_accounts(database, config)
    lines = _links(database, config) + _access_lines(database, config)
    database.dispose()
    return lines


def _first_accounts(database: Database, config: Config) -> None:
    passwords = {name: access.new_password() for name in ("commissioner", "administrator")}

    def add(connection: Connection) -> None:
        for role, password in passwords.items():
            access.add_account(connection, role, role, password)

    kept = config.instance_path / "access.env"
    kept.touch(mode=0o600)
    kept.write_text("".join(f"{n}={p}\n" for n, p in passwords.items()), encoding="utf-8")
    database.write(add)


def _links(database: Database, config: Config) -> list[str]:
    with database.read() as connection:
        slugs = connection.scalars(
            select(wave.c.slug).where(wave.c.sample).order_by(wave.c.opens.desc())
        )
        standings = [s for slug in list(slugs) for s in of_wave(connection, slug)]
    unanswered = [s for s in standings if s.takes_answers and s.return_state == "invited"]
    offices = [s for s in unanswered if s.audience == OFFICES]
    named = [s for s in unanswered if s.audience != OFFICES and s.mode == "named"]
    # One a kind, so that all variants can be tried.
    asked = {s.audience: s for s in reversed(named)}
    return [
        *(f"office link: {access.personal_link(config, s)}" for s in offices[:MOST_LINKS_PRINTED]),
        *(f"barrier link: {access.personal_link(config, s)}" for s in asked.values()),
        *(f"open barrier survey: {address}" for address in _open_surveys(database, config)),
    ]


def _open_surveys(database: Database, config: Config) -> list[str]:
    with database.read() as connection:
        slugs = connection.scalars(
            select(wave.c.slug).where(wave.c.sample, wave.c.mode == "anonymous")
        )
        found = [s for slug in list(slugs) for s in audiences(connection, slug)]
    return [
        f"{config.public_url}/de/o/{s.wave_slug}/{s.audience}" for s in found if s.phase == "open"
    ]


def _access_lines(database: Database, config: Config) -> list[str]:
    kept = config.instance_path / "access.env"
    if not kept.exists():
        return []
    lines = []
    for line in kept.read_text(encoding="utf-8").splitlines():
        name, password = line.split("=", 1)
        with database.read() as connection:
            fits = access.password_fits(connection, name, password)
        shown = password if fits else "(geändert: zugangscheck account password)"
        lines.append(f"{name}: {config.public_url}/de/desk/ user {name} password {shown}")
    return lines


@main.command()
def serve() -> None:
    """Im Betrieb starten. Richtet nichts ein; die Datenbank muss auf dem Stand sein."""
    from survey import serve as server  # noqa: PLC0415
    from survey.catalogues import compile_stale  # noqa: PLC0415

    config = from_environment(os.environ)
    compile_stale()
    open_database(config).dispose()
    server.serve(config, lambda: say([f"ready: {config.public_url}/"]))


@main.command()
def upgrade() -> None:
    """Die Datenbank auf den Stand dieses Programms bringen."""
    config = settings()
    config.instance_path.mkdir(parents=True, exist_ok=True)
    schema.upgrade(Database(config.database_url))
    say([f"schema version {schema.newest()}"])
