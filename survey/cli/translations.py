"""Translations: catalogues against the sources, how far they are, sheets for translators."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from survey.cli.common import Failure, main, say


@main.group()
def translations() -> None:
    """Übersetzungen: sammeln, prüfen, an Übersetzende geben, zurücknehmen."""


@translations.command("update")
def update_translations() -> None:
    """Kataloge mit den Quelltexten abgleichen."""
    from survey.catalogues import compile_stale, update  # noqa: PLC0415

    say(update())
    compile_stale()


@translations.command("check")
def check_translations() -> None:
    """Veraltete, unvollständige oder fehlerhafte Kataloge nennen (Rückgabewert 1)."""
    from survey.catalogue_checks import problems  # noqa: PLC0415

    found = problems()
    say(found)
    click.echo(f"{len(found)} problems")
    if found:
        sys.exit(1)


@translations.command("status")
def translation_status() -> None:
    """Stand je Sprache, und welcher Fragebogen in welcher Sprache angeboten wird."""
    from survey.catalogue_checks import offers, progress  # noqa: PLC0415

    say([str(line) for line in [*progress(), *offers()]])


@translations.command("compile")
def compile_translations() -> None:
    """Kataloge für den Betrieb übersetzen (macht `make run` von selbst)."""
    from survey.catalogues import compile_stale  # noqa: PLC0415

    click.echo(f"{compile_stale()} compiled")


@translations.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_translations(code: str, file: Path) -> None:
    """Alle Texte einer Sprache als XLSX-Datei für Übersetzende."""
    from survey.translation_rows import CannotExport, rows  # noqa: PLC0415
    from survey.translation_sheet import workbook  # noqa: PLC0415

    try:
        lines = rows(code)
        file.write_bytes(workbook(code, lines))
    except CannotExport as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{file.name}: lässt sich nicht schreiben ({error.strerror})") from error
    click.echo(f"{file.name}: {len(lines)} Zeilen")


@translations.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und berichten, nichts schreiben.")
def import_translations(file: Path, *, dry_run: bool) -> None:
    """Eine ausgefüllte XLSX-Datei prüfen und übernehmen; bei einem Fehler nichts davon."""
    from survey.catalogues import compile_stale  # noqa: PLC0415
    from survey.translation_file import LARGEST_FILE, SheetError  # noqa: PLC0415
    from survey.translation_import import take_in  # noqa: PLC0415

    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST_FILE + 1)
        report = take_in(raw, write=not dry_run)
    except SheetError as error:
        raise Failure("\n".join(error.lines)) from error
    except OSError as error:
        raise Failure(f"{file.name}: lässt sich nicht lesen ({error.strerror})") from error
    say(report.lines(dry_run=dry_run))
    if not dry_run:
        compile_stale()
