"""Questionnaires: checked, listed, and answer sheets scored by the file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from forms.definition import Bands, Category, Questionnaire, RatingBands, Section
from forms.loader import available, load
from forms.uploads import read_upload
from forms.variants import variant
from survey.cli.common import Failure, main
from survey.locale import languages


@main.group()
def questionnaire() -> None:
    """Fragebögen prüfen und auflisten."""


@questionnaire.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_questionnaire(file: Path) -> None:
    """Sagen, was an einer Fragebogendatei falsch ist, oder sie zusammenfassen."""
    try:
        upload = read_upload(file.read_bytes(), file.name, languages())
    except OSError as error:
        raise Failure(f"{file.name}: cannot be read ({error.strerror})") from error
    found = upload.questionnaire
    click.echo(f"{file.name}: good")
    for line in summary(found):
        click.echo(f"  {line}")
    for code in upload.texts:
        click.echo(f"  language {code}: complete")
    for code, keys in upload.missing.items():
        click.echo(f"  language {code}: {len(keys)} texts missing: {', '.join(keys[:10])}")


def summary(found: Questionnaire) -> Iterator[str]:
    """What a questionnaire holds, a line each, for its author to compare with what was meant."""
    yield f"{found.id}, version {found.version}: {found.short_title}"
    yield f"{len(found.sections)} sections, {_counted(found)}"
    for each in found.variants:
        reduced = variant(found, each.id, "named")
        named = f"{len(reduced.sections)} sections, {len(reduced.questions)} questions"
        yield f"variant {each.id}: {named} in a named wave ({each.title})"
    for section in found.sections:
        yield from _peculiarities(section)
    for category in found.categories:
        yield f"category {category.id}: {_gathered(found, category)}"
    if found.bands:
        total = sum(found.most_points(question) for question in found.scored)
        steps = ", ".join(f"{s.band} to {s.highest}" for s in found.bands.steps)
        yield f"total {found.least_total} to {total}: {steps}{_note(found.bands)}"


def _counted(found: Questionnaire) -> str:
    rated = f", {len(found.ratings)} rated" if found.ratings else ""
    return f"{len(found.questions)} questions, {len(found.scored)} scored{rated}"


def _peculiarities(section: Section) -> Iterator[str]:
    if section.repeat:
        asked = f"{len(section.questions)} questions an entry"
        yield f"section {section.id}: {asked}, at most {section.repeat.most} entries"
    if section.variants:
        yield f"section {section.id}: only for {', '.join(section.variants)}"
    if section.mode:
        yield f"section {section.id}: only in {section.mode} waves"


def _gathered(found: Questionnaire, category: Category) -> str:
    rated = found.rated_members.get(category.id)
    if rated:
        return f"ratings {', '.join(rated)}{_colours(category.rating_bands)}"
    members = found.members[category.id]
    points = sum(found.most_points(question) for question in members)
    return f"questions {', '.join(members)}; {points} points"


def _colours(bands: RatingBands | None) -> str:
    if bands is None:
        return "; no colours"
    steps = ", ".join(
        f"{s.band} below {s.below}" if s.below is not None else f"else {s.band}"
        for s in bands.steps
    )
    return f"; mean {steps} if {bands.least_rated:.0%} are rated{_note(bands)}"


def _note(bands: Bands | RatingBands) -> str:
    return " (provisional)" if bands.provisional else ""


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
