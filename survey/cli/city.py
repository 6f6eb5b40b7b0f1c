"""Units and their personal links."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Connection

from survey import access
from survey.cli.common import Failure, main, open_database, say, settings
from survey.standing import of_wave


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
        open_database(settings()).write(lambda connection: store_units(connection, rows, report))
    say(report_lines(report))
    say([f"kind {kind}: {number}" for kind, number in sorted(report.kinds.items())])


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

    open_database(settings()).write(change)
    click.echo(f"{old} → {new}")


@main.command()
@click.argument("slug", metavar="WAVE")
def links(slug: str) -> None:
    """Die persönlichen Links eines Durchgangs, eine Zeile je Einheit."""
    config = settings()
    with open_database(config).read() as connection:
        standings = of_wave(connection, slug)
    if not standings:
        raise Failure(f"no wave '{slug}', or nobody is invited")
    for standing in standings:
        link = access.personal_link(config, standing)
        click.echo(f"{standing.unit_code}\t{standing.unit_name}\t{link}")
