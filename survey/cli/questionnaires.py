"""Questionnaires: checked, listed, and answer sheets scored by the file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forms.definition import Questionnaire
from forms.loader import available, load
from survey.cli.common import Failure, main


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

    QUESTIONNAIRE ist ein mitgelieferter Fragebogen oder der Pfad einer TOML-Datei.
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
    if questionnaire_id.endswith(".toml"):
        return load(Path(questionnaire_id))
    path = available().get(questionnaire_id)
    if path is None:
        raise Failure(f"no questionnaire '{questionnaire_id}'; known: {', '.join(available())}")
    return load(path)
