"""The commissioner's pages of a survey: return, entries, concerned units, ratings."""

from __future__ import annotations

from collections.abc import Collection

from flask import g, request
from sqlalchemy import Connection

from analysis import evaluation_views, survey_files, survey_quarantine
from analysis.audiences import read_sheets, return_by_audience, sheet_groups
from analysis.concerned import ConcernedTable, concerned_table
from analysis.entries import participants, read_entries
from analysis.evaluation.survey_numbers import SurveyNumbers, read_survey
from analysis.presence import compare
from analysis.rated import rated
from analysis.survey_page import (
    blueprint,
    load_survey,
    page,
    refuse_survey,
    survey_called,
)
from analysis.survey_wave import SurveyWave, is_closed
from analysis.survey_words import (
    Says,
    categories,
    choice,
    options,
    phases,
    places,
    places_of,
    states,
)
from survey.guard import requires
from survey.history import histories
from survey.locale import day, last_day, request_languages
from survey.services import database, services
from survey.standing import of_wave

# Evaluation, files and quarantine are routes of the same blueprint, registered by importing them.
__all__ = [
    "blueprint",
    "evaluation_views",
    "refuse_survey",
    "show_survey",
    "survey_called",
    "survey_files",
    "survey_quarantine",
]


# --- return -----------------------------------------------------------------------------------


def show_survey(wave: SurveyWave) -> str:
    """Return by audience, and what may be read when."""
    with database().snapshot() as connection:
        standings = of_wave(connection, wave.slug)
        sheets = read_sheets(connection, wave)
        named = participants(wave, read_entries(connection, wave)) if not wave.anonymous else ()
    zone = services().config.zone
    sealed = wave.anonymous and not wave.readable
    return page(
        "desk/survey_wave.html",
        wave,
        "return",
        returns=return_by_audience(wave, standings),
        groups=() if sealed else sheet_groups(wave, {k: s.submitted for k, s in sheets.items()}),
        standings=standings,
        named=named,
        quarantined=0 if sealed else sum(each.quarantined for each in sheets.values()),
        opens=day(wave.opens, zone),
        closing={a.key: last_day(a.closes, zone) for a in wave.audiences},
        unsealed=day(wave.unsealed, zone) if wave.unsealed else "",
        closed=is_closed(wave, standings),
        phases=phases(),
        states=states(),
    )


# --- entries ----------------------------------------------------------------------------------


@blueprint.get("/entries")
@requires("results")
def show_entries(wave: str) -> str:
    """Entries and free texts: by organisation, or shuffled; `?category=` and `?concerned=`."""
    with database().snapshot() as connection:
        found = load_survey(connection, wave)
        readings = read_entries(connection, found, g.language.code) if found.readable else None
    if readings is None:
        return page("desk/survey_entries.html", found, "entries", readings=None)
    category, concerned = request.args.get("category", ""), request.args.get("concerned", "")
    chosen = [
        entry
        for entry in readings.entries
        if category in ("", entry.category or "-")
        and concerned in ("", *(choice(key) for key in places_of(entry)))
    ]
    return page(
        "desk/survey_entries.html",
        found,
        "entries",
        readings=readings,
        entries=chosen,
        filtered=bool(category or concerned),
        category=category,
        concerned=concerned,
        categories=[(choice(key), title) for key, title in categories(found)],
        places=[(choice(key), title) for key, title in places(found, readings)],
        category_names=dict(categories(found)),
        says=Says(found),
        languages_by_code={code: each.name for code, each in request_languages().items()},
    )


# --- tables -----------------------------------------------------------------------------------


@blueprint.get("/concerned")
@requires("results")
def show_concerned(wave: str) -> str:
    """Entries by concerned unit and category: the city's offices, and all others protected."""
    with database().snapshot() as connection:
        found = load_survey(connection, wave)
        if not found.readable:
            return page("desk/survey_concerned.html", found, "concerned", readings=None)
        readings = read_entries(connection, found, g.language.code)
        numbers = _numbers(connection, wave)
        closed = numbers.closed
    guarded = {key for key, own in numbers.sheets.items() if own.protected}
    free = [a.title for a in found.audiences if a.key not in guarded]
    others = [a.title for a in found.audiences if a.key in guarded]
    return page(
        "desk/survey_concerned.html",
        found,
        "concerned",
        readings=readings,
        closed=closed,
        free=free,
        others=others,
        free_table=_table(
            found, numbers, {a.key for a in found.audiences} - guarded, protect=False
        ),
        other_table=_table(found, numbers, guarded, protect=True) if closed else None,
    )


def _numbers(connection: Connection, slug: str) -> SurveyNumbers:
    """What was released, or, before that, what is counted: the same as in every file."""
    numbers = read_survey(connection, services().library, slug, g.language.code)
    if numbers is None:
        raise LookupError(slug)
    return numbers


def _table(
    wave: SurveyWave, numbers: SurveyNumbers, audiences: Collection[str], *, protect: bool
) -> ConcernedTable | None:
    entries = [entry for entry in numbers.entries if entry.sheet.audience in audiences]
    if not entries:
        return None
    return concerned_table(entries, categories(wave), options(wave), protect=protect)


@blueprint.get("/ratings")
@requires("results")
def show_ratings(wave: str) -> str:
    """How each dimension was rated, by audience."""
    with database().snapshot() as connection:
        found = load_survey(connection, wave)
        if not found.readable:
            return page("desk/survey_ratings.html", found, "ratings", rated=None)
        numbers = _numbers(connection, wave)
        closed = numbers.closed
    return page(
        "desk/survey_ratings.html",
        found,
        "ratings",
        rated=rated(found, numbers.sheets, numbers.counts, g.language.code, closed=closed),
        closed=closed,
    )


@blueprint.get("/earlier")
@requires("results")
def show_earlier(wave: str) -> str:
    """Earlier surveys beside this one: what was named then, and how it is rated now."""
    language = g.language.code
    with database().snapshot() as connection:
        found = load_survey(connection, wave)
        surveys = histories(connection)
        numbers = _numbers(connection, wave)
    asked = next((a for a in found.audiences if a.questionnaire.ratings), None)
    if asked is None or not surveys:
        return page("desk/survey_earlier.html", found, "earlier", comparison=None)
    now = (
        rated(found, numbers.sheets, numbers.counts, language, closed=numbers.closed)
        if found.readable
        else None
    )
    return page(
        "desk/survey_earlier.html",
        found,
        "earlier",
        comparison=compare(surveys, asked.localised(language).questionnaire),
        groups=now.groups if now else (),
        means={
            (number, dimension.question): (dimension.mean, dimension.given.n)
            for number, group in enumerate(now.groups if now else ())
            for category in group.categories
            for dimension in category.dimensions
        },
    )
