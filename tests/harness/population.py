"""Populations to attack: waves over some years, small audiences, lopsided answers, corrections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from random import Random

from forms.definition import Questionnaire
from forms.loader import available, load
from forms.rating import ratings
from survey.questionnaires import Frozen, freeze
from tests.forms.questionnaires import tiny

AUDIENCES = ("association", "beirat", "office", "provider", "initiative")
OFFICE = "office"
"""Rates itself; all the others rate the city."""
MOST_SHEETS = 20
PLACES = ("unit:1", "unit:2", "unit:3", "unit:4", "whole", "unsure")


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet: `entries` are (places, category); its name and version make it another one."""

    name: str
    version: int
    audience: str
    answers: dict[str, str]
    entries: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class PaperWave:
    """One year: the audiences asked, and the sheets as they were at each release."""

    year: int
    questionnaire: str
    audiences: tuple[str, ...]
    revisions: tuple[tuple[PaperSheet, ...], ...]


@cache
def questionnaire_of(name: str, audience: str) -> Frozen:
    """What an audience is asked."""
    whole = tiny(name) if name == "barriers" else load(available()[name])
    variants = [variant.id for variant in whole.variants]
    return freeze(whole).variant(variants[0 if audience == OFFICE else 1], "anonymous")


@cache
def categories_of(name: str) -> tuple[str, ...]:
    """The categories an entry can be assigned to, and none."""
    return (*(category.id for category in questionnaire_of(name, "").questionnaire.categories), "")


@dataclass(frozen=True, slots=True)
class _Tastes:
    """How likely each answer is to each question in one wave, and each place and category.

    In a wave of two `camps` each sheet says of everything the one thing or the other.
    """

    options: dict[str, tuple[list[str | None], list[float]]]
    places: list[float]
    categories: list[float]
    camps: tuple[dict[str, str], ...] = ()


def population(chance: Random) -> Iterator[PaperWave]:
    """The waves of one city, one after the other."""
    name = chance.choice(("barriers", "zugangshemmnisse-2026"))
    number = chance.randint(1, len(AUDIENCES))
    audiences = tuple(chance.sample(AUDIENCES, number))
    for year in range(2026, 2026 + chance.randint(1, 3)):
        tastes = _tastes(name, chance)
        size = _size if not tastes.camps else _large_size
        sheets = tuple(
            _sheet(f"{year} {audience} {place}", audience, name, tastes, chance)
            for audience in audiences
            for place in range(size(chance))
        )
        revisions = [sheets]
        while chance.random() < 0.4 and len(revisions) < 4:
            revisions.append(_corrected(revisions[-1], len(revisions), name, tastes, chance))
        yield PaperWave(year, name, audiences, tuple(revisions))


def _size(chance: Random) -> int:
    """Mostly few: that is where the danger is."""
    return chance.choice(
        (chance.randint(0, 5), chance.randint(3, 9), chance.randint(0, MOST_SHEETS))
    )


def _large_size(chance: Random) -> int:
    return chance.randint(MOST_SHEETS // 2, MOST_SHEETS)


def _tastes(name: str, chance: Random) -> _Tastes:
    rated = questionnaire_of(name, "").questionnaire
    options = {
        key: ([*worth, "unknown", None], _weights(len(worth) + 2, chance))
        for key, worth in rated.ratings.items()
    }
    ends = (1, -1) if chance.random() < 0.15 else ()
    camps = tuple(
        {
            key: chance.choice([*worth][::end][: len(worth) // 2])
            for key, worth in rated.ratings.items()
        }
        for end in ends
    )
    return _Tastes(
        options,
        _weights(len(PLACES), chance),
        _weights(len(categories_of(name)), chance),
        camps,
    )


def _weights(number: int, chance: Random) -> list[float]:
    """From even to nearly all alike."""
    slope = chance.choice((0.5, 2.0, 8.0))
    return [chance.random() ** slope + 1e-9 for _ in range(number)]


def _sheet(
    name: str, audience: str, questionnaire: str, tastes: _Tastes, chance: Random
) -> PaperSheet:
    if tastes.camps:
        return PaperSheet(name, 1, audience, chance.choice(tastes.camps), ())
    given = {
        key: chance.choices(options, weights)[0]
        for key, (options, weights) in tastes.options.items()
    }
    entries = tuple(
        (
            tuple(set(chance.choices(PLACES, tastes.places, k=chance.choice((0, 1, 1, 1, 2))))),
            chance.choices(categories_of(questionnaire), tastes.categories)[0],
        )
        for _ in range(chance.choice((0, 1, 1, 2, 5)))
    )
    answers = {key: value for key, value in given.items() if value is not None}
    return PaperSheet(name, 1, audience, answers, entries)


def _corrected(
    sheets: tuple[PaperSheet, ...], revision: int, name: str, tastes: _Tastes, chance: Random
) -> tuple[PaperSheet, ...]:
    """Some sheets more, some fewer, or some changed, as corrections after a release are."""
    number = chance.choice((9, 14, 20) if tastes.camps else (0, 1, 1, 2, 4, 5, 6, 10))
    kind = chance.choice(("come", "come", "go", "change"))
    if kind == "come":
        audience = chance.choice(sheets).audience if sheets else AUDIENCES[0]
        return sheets + tuple(
            _sheet(f"late {revision} {n}", audience, name, tastes, chance) for n in range(number)
        )
    picked = set(chance.sample(range(len(sheets)), min(number, len(sheets))))
    if kind == "go":
        return tuple(sheet for place, sheet in enumerate(sheets) if place not in picked)
    return tuple(
        _changed(sheet, name, tastes, chance) if place in picked else sheet
        for place, sheet in enumerate(sheets)
    )


def _changed(sheet: PaperSheet, name: str, tastes: _Tastes, chance: Random) -> PaperSheet:
    other = _sheet(sheet.name, sheet.audience, name, tastes, chance)
    return replace(other, version=sheet.version + 1)


def rated_questionnaire(wave: PaperWave, audience: str) -> Questionnaire:
    """What an audience of this wave rated."""
    return questionnaire_of(wave.questionnaire, audience).questionnaire


def colours(wave: PaperWave, sheet: PaperSheet) -> dict[str, str]:
    """The colour of every category of a sheet that has one."""
    return _colours(wave.questionnaire, sheet.audience, tuple(sheet.answers.items()))


@lru_cache(maxsize=10_000)
def _colours(
    questionnaire: str, audience: str, answers: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    rated = ratings(questionnaire_of(questionnaire, audience).questionnaire, dict(answers))
    return {each.category: each.band for each in rated if each.band}
