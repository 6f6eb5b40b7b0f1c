"""Upkeep: the tally against the sheets, the catalogues against the sources."""

from __future__ import annotations

import sys

import click

from survey.cli.common import main, open_database, say, settings


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


@main.group()
def translations() -> None:
    """Übersetzungen: Meldungen sammeln, prüfen, übersetzen."""


@translations.command("update")
def update_translations() -> None:
    """Kataloge mit den Quelltexten abgleichen."""
    from survey.catalogues import compile_stale, update  # noqa: PLC0415

    say(update())
    compile_stale()


@translations.command("check")
def check_translations() -> None:
    """Veraltete, unvollständige oder fehlerhafte Kataloge nennen (Rückgabewert 1)."""
    from survey.catalogues import problems  # noqa: PLC0415

    found = problems()
    say(found)
    click.echo(f"{len(found)} problems")
    if found:
        sys.exit(1)


@translations.command("status")
def translation_status() -> None:
    """Stand je Sprache."""
    from survey.catalogues import status  # noqa: PLC0415

    say(status())


@translations.command("compile")
def compile_translations() -> None:
    """Kataloge für den Betrieb übersetzen (macht `make run` von selbst)."""
    from survey.catalogues import compile_stale  # noqa: PLC0415

    click.echo(f"{compile_stale()} compiled")
