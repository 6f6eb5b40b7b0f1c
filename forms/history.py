"""Earlier surveys as files: what the sources hold of them, and nothing else.

A file says who was asked and answered, what was found, and what the source does not say. Which
dimension of today's questionnaire a finding belongs to is decided by the file's author; `mapping`
says so to every reader.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from forms.definition import Key, Model, Slug
from forms.loader import LARGEST_FILE, model_problems

FindingKind = Literal["finding", "key_statement", "positive"]
DIMENSIONS: Mapping[str, Mapping[str, str]] = {
    "language": {
        "language_material": "Informationsmaterial",
        "language_forms": "Formulare",
        "language_website": "Internetauftritt",
        "language_staff": "Personal",
        "language_outreach": "Zielgruppenansprache",
        "language_funding": "Fördermittel/Fördermittelportal Ressourcenzugang",
    },
    "organisation": {
        "organisation_staff": "Personal",
        "organisation_service": "Dienstleistungsorientierung",
        "organisation_processes": "Verwaltungsprozesse",
        "organisation_transparency": "Transparenz",
        "organisation_orientation": "räumliche Orientierung",
        "organisation_appointments": "Terminvergabe",
        "organisation_access": "technischer Zugang",
        "organisation_security": "Wachschutz",
    },
    "sensitivity": {
        "sensitivity_fear": "Behördenangst/Unsicherheit",
        "sensitivity_awareness": "interkulturelle Sensibilität",
        "sensitivity_images": "Menschenbilder",
    },
}
"""Dimensions by category, with the words of the evaluation of 2023; the ids are those of the rating
questions of the barrier survey."""


def _without_controls(text: str) -> str:
    """The text itself; PostgreSQL stores no NUL, and no page shows other controls."""
    if any(ord(letter) < ord(" ") and letter != "\n" for letter in text):
        raise ValueError("holds a control character; remove it")
    return text


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_without_controls),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_without_controls),
]
# Strict: neither "22" nor true is a number.
Number = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Year = Annotated[int, Field(strict=True, ge=1950, le=2100)]
Mark = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]


class Period(Model):
    """From the first to the last day; `who` where an audience had several periods."""

    first_day: date
    last_day: date
    who: Words | None = None


class Audience(Model):
    """Who answered, as one group where the source has one; `participants` as printed."""

    id: Key
    title: Words
    returned: Number | None = None
    periods: tuple[Period, ...] = ()
    participants: tuple[Words, ...] = Field(default=(), max_length=1000)
    note: Words | None = None
    place: Words | None = None


class NamedDimension(Model):
    """A dimension the survey's own evaluation names; `title` as printed there."""

    id: Key
    title: Words
    place: Words | None = None
    note: Words | None = None


class Finding(Model):
    """One finding of the source; `place` is where it stands there."""

    id: Mark
    kind: FindingKind
    category: Key
    text: Words
    dimension: Key | None = None
    place: Words | None = None


class Count(Model):
    """A number the source gives for a topic; without `counted` it does not say of what."""

    topic: Words
    number: Number
    counted: Words | None = None
    category: Key | None = None
    dimension: Key | None = None
    place: Words | None = None


class History(Model):
    """What the sources hold of one earlier survey; `missing` says what they do not."""

    slug: Slug
    year: Year
    title: Title
    source: Words
    missing: Words
    mapping: Words
    period: Words | None = None
    asked: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    audiences: tuple[Audience, ...] = Field(default=(), max_length=50)
    dimensions: tuple[NamedDimension, ...] = Field(default=(), max_length=100)
    findings: tuple[Finding, ...] = Field(default=(), max_length=500)
    counts: tuple[Count, ...] = Field(default=(), max_length=500)


class HistoryError(Exception):
    """A file that cannot be used; `problems` are lines for its author."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def load(path: Path) -> History:
    """Read and check the file of an earlier survey.

    Raises:
        HistoryError: the file cannot be read, is too large, or does not pass a check.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise HistoryError([f"{path.name}: cannot be read ({error.strerror})"]) from error
    return read(raw, path.name)


def read(raw: bytes, name: str) -> History:
    """The earlier survey a file holds; `name` stands before every problem.

    Raises:
        HistoryError: the file is too large, no TOML in UTF-8, or does not pass a check.
    """
    if len(raw) > LARGEST_FILE:
        raise HistoryError([f"{name}: larger than 1 MiB; shorten texts or split it"])
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise HistoryError([f"{name}: byte {error.start} is not UTF-8; save as UTF-8"]) from error
    except RecursionError as error:
        raise HistoryError([f"{name}: brackets nested too deeply; unfold them"]) from error
    # Not only TOMLDecodeError: an endless number is refused by Python itself.
    except ValueError as error:
        raise HistoryError([f"{name}: not valid TOML: {error}"]) from error
    return parse(document, name)


def parse(document: Mapping[str, Any], name: str) -> History:
    """Build an earlier survey from a document; `name` stands before every problem.

    Raises:
        HistoryError: the document does not pass a check.
    """
    try:
        history = History.model_validate(document)
    except ValidationError as error:
        raise HistoryError(model_problems(error, document, name)) from error
    problems = [f"{name}: {problem}" for check in CHECKS for problem in check(history)]
    if problems:
        raise HistoryError(problems)
    return history


def _ids_stand_once(history: History) -> Iterator[str]:
    kinds: dict[str, list[str]] = {
        "audience": [audience.id for audience in history.audiences],
        "dimension": [dimension.id for dimension in history.dimensions],
        "finding": [finding.id for finding in history.findings],
        "count of topic": [count.topic for count in history.counts],
    }
    kinds |= {f"audience '{a.id}' participant": list(a.participants) for a in history.audiences}
    for kind, names in kinds.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{kind} '{name}' stands {times} times; keep one"


def _places_are_known(history: History) -> Iterator[str]:
    known = [dimension for members in DIMENSIONS.values() for dimension in members]
    for dimension in history.dimensions:
        if dimension.id not in known:
            yield f"dimensions: unknown dimension '{dimension.id}'; known: {', '.join(known)}"
    for finding in history.findings:
        place = f"finding '{finding.id}'"
        yield from _place_problems(place, finding.category, finding.dimension)
    for count in history.counts:
        yield from _place_problems(f"count '{count.topic}'", count.category, count.dimension)


def _place_problems(place: str, category: str | None, dimension: str | None) -> Iterator[str]:
    if category is None:
        if dimension is not None:
            yield f"{place} has dimension '{dimension}' but no category; add it"
    elif category not in DIMENSIONS:
        yield f"{place} has unknown category '{category}'; known: {', '.join(DIMENSIONS)}"
    elif dimension is not None and dimension not in DIMENSIONS[category]:
        known = ", ".join(DIMENSIONS[category])
        yield f"{place} has unknown dimension '{dimension}'; known in '{category}': {known}"


def _periods_fit(history: History) -> Iterator[str]:
    for audience in history.audiences:
        for period in audience.periods:
            place = f"audience '{audience.id}': period {period.first_day} to {period.last_day}"
            if period.last_day < period.first_day:
                yield f"{place} ends before it begins; exchange the days"
            elif history.year not in range(period.first_day.year, period.last_day.year + 1):
                yield f"{place} is not in the year {history.year}; correct one of them"


def _lists_fit_their_number(history: History) -> Iterator[str]:
    for audience in history.audiences:
        listed = len(audience.participants)
        if listed and audience.returned not in (None, listed) and not audience.note:
            yield (
                f"audience '{audience.id}' returned {audience.returned}, but {listed} participants "
                "are listed; correct it, or say in 'note' that the source differs"
            )


CHECKS: tuple[Callable[[History], Iterator[str]], ...] = (
    _ids_stand_once,
    _places_are_known,
    _periods_fit,
    _lists_fit_their_number,
)
