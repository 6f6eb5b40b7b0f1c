"""Upkeep: the tally against the sheets."""

from __future__ import annotations

import sys

import click

from survey.cli.common import main, open_database, settings


@main.group()
def tally() -> None:
    """Die mitgeführten Zählungen gegen die Bögen prüfen oder neu aufbauen."""


@tally.command("verify")
def verify_tally() -> None:
    """Jede Abweichung zwischen Zählung und Bögen nennen; Rückgabewert 1, wenn es eine gibt."""
    from survey.tally import verify  # noqa: PLC0415

    with open_database(settings()).snapshot() as connection:
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

    click.echo(f"{open_database(settings()).write(rebuild)} rows")
