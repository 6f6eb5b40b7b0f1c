"""The `zugangscheck` command: everything an administrator does outside the browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, func, select

from config import ROOT, Config, ConfigError, from_environment, with_instance_secrets
from forms.definition import Questionnaire
from forms.loader import QuestionnaireError, available, load
from survey import access, schema
from survey.database import Database, Unavailable
from survey.standing import of_wave
from survey.tables import account, wave

MOST_LINKS_PRINTED = 5


class Failure(click.ClickException):
    """A message on standard error and exit status 1."""


class Command(click.Group):
    """Turns what users can cure into one clear line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (ConfigError, schema.WrongSchema, QuestionnaireError, Unavailable) as error:
            raise Failure(str(error)) from error


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Zugangscheck: Selbstcheck und Befragung zu Zugangshemmnissen.

    Alle Einstellungen kommen aus der Umgebung; docs/betrieb.md nennt sie.
    """


def _config() -> Config:
    # The instance folder completes what the environment lacks only where it was made for that.
    instance = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance")
    if (instance / "secrets.env").exists():
        return from_environment(with_instance_secrets(os.environ))
    return from_environment(os.environ)


def _open(config: Config) -> Database:
    database = Database(config.database_url)
    schema.check(database)
    return database


@main.command()
def run() -> None:
    """Alles einrichten, mit Beispielstadt, und starten: zum Ansehen und Entwickeln."""
    from survey import serve as server  # noqa: PLC0415  # gunicorn is not needed by other commands
    from survey.catalogues import compile_stale  # noqa: PLC0415

    config = from_environment(with_instance_secrets(os.environ))
    compile_stale()
    lines = prepare(config)
    server.serve(config, lambda: _say([f"ready: {config.public_url}/", *lines]))


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

        load_sample(database, config, freeze(load(available()["selbstcheck-2025"])))
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
    return [
        f"office link: {personal_link(config, s.handle, s.link_generation)}"
        for s in unanswered[:MOST_LINKS_PRINTED]
    ]


def personal_link(config: Config, handle: str, generation: int, language: str = "de") -> str:
    """The address of a personal link."""
    token = access.link_token(config.link_key, handle, generation)
    return f"{config.public_url}/{language}/l/{token}"


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


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line)
    sys.stdout.flush()


@main.command()
def serve() -> None:
    """Im Betrieb starten. Richtet nichts ein; die Datenbank muss auf dem Stand sein."""
    from survey import serve as server  # noqa: PLC0415

    config = from_environment(os.environ)
    _open(config).dispose()
    server.serve(config, lambda: _say([f"ready: {config.public_url}/"]))


@main.command()
def upgrade() -> None:
    """Die Datenbank auf den Stand dieses Programms bringen."""
    config = _config()
    config.instance_path.mkdir(parents=True, exist_ok=True)
    schema.upgrade(Database(config.database_url))
    click.echo(f"schema version {schema.newest()}")


# --- questionnaires -----------------------------------------------------------------------------


@main.group()
def questionnaire() -> None:
    """Fragebögen prüfen und auflisten."""


@questionnaire.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_questionnaire(file: Path) -> None:
    """Sagen, was an einer Fragebogendatei falsch ist, oder sie zusammenfassen."""
    found = load(file)
    total = sum(found.most_points(question) for question in found.scored)
    click.echo(f"{file.name}: good")
    click.echo(f"  {found.id}, version {found.version}: {found.short_title}")
    counted = f"{len(found.questions)} questions, {len(found.scored)} scored"
    click.echo(f"  {len(found.sections)} sections, {counted}")
    for category in found.categories:
        members = found.members[category.id]
        points = sum(found.most_points(question) for question in members)
        click.echo(f"  category {category.id}: questions {', '.join(members)}; {points} points")
    if found.bands:
        steps = ", ".join(f"{s.band} to {s.highest}" for s in found.bands.steps)
        note = " (provisional)" if found.bands.provisional else ""
        click.echo(f"  total {found.least_total} to {total}: {steps}{note}")


@questionnaire.command("list")
def list_questionnaires() -> None:
    """Die mitgelieferten Fragebögen."""
    for path in available().values():
        found = load(path)
        click.echo(f"{found.id}\t{found.version}\t{found.short_title}")


@main.command()
@click.argument("questionnaire_id", metavar="QUESTIONNAIRE")
def score(questionnaire_id: str) -> None:
    """Bögen aus einer CSV-Datei auswerten: zugangscheck score selbstcheck-2025 < in.csv > out.csv

    Eine Spalte je bewerteter Frage (q1,…,q8) in beliebiger Reihenfolge, weitere Spalten bleiben.
    Fehlerhafte Zeilen stehen mit Nummer und Grund auf der Fehlerausgabe (Rückgabewert 1).
    """
    from survey.scoring_file import HeaderError, score_file  # noqa: PLC0415

    found = _known_questionnaire(questionnaire_id)
    source = open(0, encoding="utf-8", errors="replace", newline="", closefd=False)  # noqa: SIM115
    target = open(1, "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
    try:
        refused = score_file(found, source, target, sys.stderr)
    except HeaderError as error:
        raise Failure(str(error)) from error
    finally:
        target.flush()
    if refused:
        print(f"{refused} rows refused", file=sys.stderr)
        sys.exit(1)


def _known_questionnaire(questionnaire_id: str) -> Questionnaire:
    path = available().get(questionnaire_id)
    if path is None:
        raise Failure(f"no questionnaire '{questionnaire_id}'; known: {', '.join(available())}")
    return load(path)


# --- units and waves ----------------------------------------------------------------------------


@main.group()
def units() -> None:
    """Organisationseinheiten einlesen und auflisten."""


@units.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kinds", help="nur diese Arten, durch Komma getrennt (sonst alle)")
@click.option("--check", "only_check", is_flag=True, help="nur prüfen, nichts speichern")
def import_units(file: Path, kinds: str | None, only_check: bool) -> None:
    """Einheiten aus CSV einlesen: code, name oder name_de, kind; parent, language, mail."""
    from survey.units import UnitImportError, read_units, report_lines, store_units  # noqa: PLC0415

    try:
        rows, report = read_units(
            file.read_text(encoding="utf-8-sig"), kinds.split(",") if kinds else None
        )
    except OSError as error:
        raise Failure(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except UnitImportError as error:
        raise Failure(f"{file}: {error}") from error
    if not only_check:
        _open(_config()).write(lambda connection: store_units(connection, rows, report))
    _say(report_lines(report))
    _say([f"kind {kind}: {number}" for kind, number in sorted(report.kinds.items())])


@units.command("succeed")
@click.argument("old")
@click.argument("new")
def succeed_unit(old: str, new: str) -> None:
    """Eine Einheit (Kürzel OLD) geht in einer anderen (NEW) auf; Vergleiche folgen ihr."""
    from survey.units import set_successor  # noqa: PLC0415

    def change(connection: Connection) -> None:
        problem = set_successor(connection, old, new)
        if problem:
            raise Failure(problem)
        access.log(connection, None, "unit_succeeded", subject=f"{old} → {new}")

    _open(_config()).write(change)
    click.echo(f"{old} → {new}")


@main.command()
@click.argument("slug", metavar="WAVE")
def links(slug: str) -> None:
    """Die persönlichen Links eines Durchgangs, eine Zeile je Einheit."""
    config = _config()
    with _open(config).read() as connection:
        standings = of_wave(connection, slug)
    if not standings:
        raise Failure(f"no wave '{slug}', or nobody is invited")
    for standing in standings:
        link = personal_link(config, standing.handle, standing.link_generation)
        click.echo(f"{standing.unit_code}\t{standing.unit_name}\t{link}")


# --- accounts -----------------------------------------------------------------------------------


@main.group("account")
def accounts() -> None:
    """Konten für den Schreibtisch der Beauftragten und die Verwaltung."""


@accounts.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(sorted(access.RIGHTS)), required=True)
def add_account(name: str, role: str) -> None:
    """Ein Konto anlegen; das Passwort wird einmal ausgegeben."""
    password = access.new_password()

    def add(connection: Connection) -> None:
        if connection.scalar(select(account.c.id).where(account.c.name == name)) is not None:
            raise Failure(f"account '{name}' exists already")
        access.add_account(connection, name, role, password)
        access.log(connection, None, "account_added", subject=f"{name} ({role})")

    _open(_config()).write(add)
    click.echo(f"user {name} password {password}")


@accounts.command("password")
@click.argument("name")
def new_password(name: str) -> None:
    """Ein neues Passwort vergeben; alle Sitzungen des Kontos enden."""
    password = access.new_password()

    def change(connection: Connection) -> None:
        if not access.set_password(connection, name, password):
            raise Failure(f"no account '{name}'")
        access.log(connection, None, "password_changed", subject=name)

    _open(_config()).write(change)
    click.echo(f"user {name} password {password}")


@accounts.command("revoke")
@click.argument("name")
def revoke_sessions(name: str) -> None:
    """Alle Sitzungen eines Kontos beenden."""

    def revoke(connection: Connection) -> int:
        found = connection.scalar(select(account.c.id).where(account.c.name == name))
        if found is None:
            raise Failure(f"no account '{name}'")
        access.log(connection, None, "sessions_revoked", subject=name)
        return access.end_sessions(connection, found)

    click.echo(f"{_open(_config()).write(revoke)} sessions ended")


# --- tally --------------------------------------------------------------------------------------


@main.group()
def tally() -> None:
    """Die mitgeführten Zählungen gegen die Bögen prüfen oder neu aufbauen."""


@tally.command("verify")
def verify_tally() -> None:
    """Jede Abweichung zwischen Zählung und Bögen nennen; Rückgabewert 1, wenn es eine gibt."""
    from survey.tally import verify  # noqa: PLC0415

    with _open(_config()).snapshot() as connection:
        differences = verify(connection)
    for key, kept, counted in differences:
        click.echo(f"{key}: kept {kept}, counted {counted}")
    click.echo(f"{len(differences)} differences")
    if differences:
        sys.exit(1)


@tally.command("rebuild")
def rebuild_tally() -> None:
    """Die Zählungen aus den Bögen neu aufbauen."""
    from survey.tally import rebuild  # noqa: PLC0415

    click.echo(f"{_open(_config()).write(rebuild)} rows")


# --- translations -------------------------------------------------------------------------------


@main.group()
def translations() -> None:
    """Übersetzungen: Meldungen sammeln, prüfen, übersetzen."""


@translations.command("update")
def update_translations() -> None:
    """Kataloge mit den Quelltexten abgleichen."""
    from survey.catalogues import compile_stale, update  # noqa: PLC0415

    _say(update())
    compile_stale()


@translations.command("check")
def check_translations() -> None:
    """Veraltete, unvollständige oder fehlerhafte Kataloge nennen (Rückgabewert 1)."""
    from survey.catalogues import problems  # noqa: PLC0415

    found = problems()
    _say(found)
    click.echo(f"{len(found)} problems")
    if found:
        sys.exit(1)


@translations.command("status")
def translation_status() -> None:
    """Stand je Sprache."""
    from survey.catalogues import status  # noqa: PLC0415

    _say(status())


@translations.command("compile")
def compile_translations() -> None:
    """Kataloge für den Betrieb übersetzen (macht `make run` von selbst)."""
    from survey.catalogues import compile_stale  # noqa: PLC0415

    click.echo(f"{compile_stale()} compiled")
