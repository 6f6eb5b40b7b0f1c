"""Earlier surveys: read in from files, and listed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from forms.history import History, HistoryError, load
from survey.cli.common import Failure, main, open_database, settings


@main.group()
def history() -> None:
    """Frühere Befragungen einlesen und auflisten."""


@history.command("import")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def import_files(files: tuple[Path, ...]) -> None:
    """Frühere Befragungen aus TOML-Dateien einlesen: alle oder, bei einem Fehler, keine."""
    from survey.history import import_histories  # noqa: PLC0415

    found = _read(files)
    database = open_database(settings())
    outcomes = database.write(lambda connection: import_histories(connection, found, None))
    for one, outcome in zip(found, outcomes, strict=True):
        click.echo(f"{one.slug}: {outcome}")


def _read(files: tuple[Path, ...]) -> list[History]:
    """The surveys of all files, or one failure that names every problem of every file."""
    found: list[History] = []
    problems: list[str] = []
    for file in files:
        try:
            found.append(load(file))
        except HistoryError as error:
            problems += error.problems
    times = Counter(one.slug for one in found)
    problems += [f"slug '{s}' stands in {n} files; keep one" for s, n in times.items() if n > 1]
    if problems:
        raise Failure("\n".join(problems))
    return found


@history.command("list")
def list_histories() -> None:
    """Die eingelesenen früheren Befragungen, die älteste zuerst."""
    from survey.history import histories  # noqa: PLC0415

    with open_database(settings()).read() as connection:
        for one in histories(connection):
            click.echo(f"{one.year}\t{one.slug}\t{one.title}")
