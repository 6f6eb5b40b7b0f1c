"""Every number of a survey's evaluation, counted again from the raw sheets in plain Python.

Nothing here knows how the service counts: the sheets are those that were handed in, whose answers
stand together is read from the titles, and a number may be withheld but never be wrong or small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from analysis.evaluation.sections import WITHHELD, Cell, Part
from tests.analysis.surveys import entry, survey, unseal
from tests.analysis.test_evaluation_survey import LEVELS, evaluated
from tests.analysis.test_evaluation_survey_sheets import (
    AUDIENCES,
    FEW,
    RATED,
    UNITS,
    Sheet,
    Truth,
    anonymous_sheets,
    named_sheets,
    places_of,
    some_sheet,
)
from tests.conftest import MakeWorld
from tests.world import World


def test_recounted_on_both_databases(new_world: MakeWorld) -> None:
    chance = Random("both")
    world = survey(new_world)
    recounted(world, named_sheets(world, chance), anonymous=False)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
def test_random_named_waves(new_world: MakeWorld, seed: int) -> None:
    world = survey(new_world)
    sheets = named_sheets(world, Random(seed))
    recounted(world, sheets, anonymous=False)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
def test_random_anonymous_waves(new_world: MakeWorld, seed: int) -> None:
    world = survey(new_world, "anonymous")
    sheets = anonymous_sheets(world, Random(seed))
    recounted(world, sheets, anonymous=True)


@pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
def test_a_large_anonymous_wave_shows_numbers_of_every_kind(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    chance = Random("large")
    places = places_of(world)
    sheets = [
        Sheet(audience, "", some_sheet(chance, audience, places))
        for audience, number in (("association", 120), ("provider", 90), ("office", 3))
        for _ in range(number)
    ]
    unseal(world, [(sheet.audience, sheet.answers) for sheet in sheets])
    truth = recounted(world, sheets, anonymous=True)
    compared = ("audiences", "dimensions", "rated", "assigned", "concerned", "texts", "questions")
    assert all(truth.shown[kind] for kind in compared)


@pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
def test_the_recount_finds_a_threshold_of_one(
    new_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = survey(new_world, "anonymous")
    sheets = [Sheet("association", "", {"front": "1"} | entry(1, kind="doors"))] * 3
    unseal(world, [(sheet.audience, sheet.answers) for sheet in sheets])
    assert not recounted(world, sheets, anonymous=True).shown["dimensions"]
    monkeypatch.setattr("analysis.disclosure.threshold.THRESHOLD", 1)
    with pytest.raises(AssertionError, match=r"Vereine|sheets"):
        recounted(world, sheets, anonymous=True)


# --- counted again ------------------------------------------------------------------------------


def recounted(world: World, sheets: Sequence[Sheet], *, anonymous: bool) -> Truth:
    """Compare every number of every level; what was compared, all levels together."""
    every = Truth(sheets, anonymous, "internal")
    for level in LEVELS:
        truth = Truth(sheets, anonymous, level)
        for _section, part in evaluated(world, level).parts():
            CHECKS[part.key.partition("-")[0]](truth, part)
        every.shown += truth.shown
        every.hidden += truth.hidden
    return every


def check_audiences(truth: Truth, part: Part) -> None:
    """The return, in units, and the sheets."""
    for row in part.table.rows:
        title = " + ".join(AUDIENCES) if row.title == "Alle" else row.title
        audiences = [AUDIENCES[name] for name in title.split(" + ")]
        sheets = truth.of(title)
        invited = sum(len(UNITS[audience]) for audience in audiences)
        units = 0 if truth.anonymous else len({sheet.unit for sheet in sheets})
        exact = {"invited": invited, "submitted": units, "sheets": len(sheets), "taken_part": 0}
        exact |= {"unopened": invited - units, "begun": 0, "no_sheet": 0}
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            if column.key == "rate":
                assert cell is WITHHELD or cell == pytest.approx(units / invited)
            elif cell is not WITHHELD:
                assert cell == exact[column.key], (column.key, row.title)
                truth.shown["audiences"] += 1
                _not_few(truth, row.title, column.key, exact[column.key])
            else:
                truth.hidden["audiences"] += 1
        if truth.level != "internal" and not truth.whole(row.title):
            keys = [column.key for column in part.table.columns]
            # Of anonymous sheets nothing but their number leaves the desk.
            assert keys == ["sheets"] if truth.anonymous else keys[:2] == ["invited", "submitted"]
            _nobody_left_over(*(row.cells[:2] if len(keys) > 1 else (None, None)))


def _not_few(truth: Truth, title: str, column: str, number: int) -> None:
    """Sheets of organisations are few for nobody, units only for whoever reads them by name."""
    inside = truth.level == "internal" and (not truth.anonymous or column != "sheets")
    if title != "Alle" and not inside and not truth.whole(title) and column != "invited":
        assert number == 0 or number >= FEW, (title, column, truth.level)


def _nobody_left_over(invited: Cell, answered: Cell) -> None:
    if isinstance(invited, int) and isinstance(answered, int):
        assert not 0 < invited - answered < FEW


def check_rated(truth: Truth, part: Part) -> None:
    """Colours and the mean of a category, from each sheet's own ratings."""
    title = part.title.removeprefix("Einschätzung: ")
    colours = Counter(colour for sheet in truth.of(title) if (colour := colour_of(sheet)))
    n = colours.total()
    (row,) = part.table.rows
    cells = dict(zip((column.key for column in part.table.columns), row.cells, strict=True))
    for band in ("red", "yellow", "green"):
        truth.check(cells[band], colours[band], colours[band], title, "rated")
    truth.check(cells["n"], n, n, title, "rated")
    means = [mean for question in RATED if (mean := mean_of(truth.of(title), question)) is not None]
    number = cells["dimensions"]
    assert isinstance(number, int)
    assert number == len(means) if truth.whole(title) else number <= len(means)
    if isinstance(cells["mean"], float) and number == len(means):
        near = 1e-9 if truth.whole(title) else 0.05 + 1e-9
        assert abs(cells["mean"] - sum(means) / len(means)) <= near
        assert cells["share"] == pytest.approx(cells["mean"] / 5)


def colour_of(sheet: Sheet) -> str | None:
    """By thirds of the scale from 1 to 5, where two of three were rated."""
    given = [int(sheet.answers[q]) for q in RATED if sheet.answers.get(q, "unknown") != "unknown"]
    if len(given) < 2:
        return None
    mean = Fraction(sum(given), len(given))
    return "red" if mean < Fraction(7, 3) else "yellow" if mean < Fraction(11, 3) else "green"


def mean_of(sheets: Sequence[Sheet], question: str) -> float | None:
    """The mean of a question's ratings."""
    given = [s.answers[question] for s in sheets if s.answers.get(question, "unknown") != "unknown"]
    return sum(map(int, given)) / len(given) if given else None


def check_dimensions(truth: Truth, part: Part) -> None:
    """Every answer to every rating question."""
    title = part.title.removeprefix("Dimensionen: ")
    sheets = truth.of(title)
    for row in part.table.rows:
        given = Counter(sheet.answers[row.key] for sheet in sheets if row.key in sheet.answers)
        n = given["5"] + given["3"] + given["1"]
        values: dict[str, tuple[float | None, int]] = {
            **{code: (given[code], given[code]) for code in ("1", "3", "5")},
            "n": (n, n),
            "mean": (mean_of(sheets, row.key), n),
            "unknown": (given["unknown"], given["unknown"]),
        }
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            truth.check(cell, *values[column.key], title, "dimensions")


def check_assigned(truth: Truth, part: Part) -> None:
    """Entries by their own category."""
    for row in part.table.rows:
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            found = [
                sheet
                for sheet in truth.of(column.title)
                for given in sheet.entries()
                if row.key in ("@all", given.get("kind", "@none"))
            ]
            truth.check(cell, len(found), _sheets(found), column.title, "assigned")


def _sheets(found: Sequence[Sheet]) -> int:
    return len({id(sheet) for sheet in found})


def check_concerned(truth: Truth, part: Part) -> None:
    """Entries by place and category; an entry with two places counts in both rows."""
    title = part.title.removeprefix("Betroffene Organisationseinheiten: ")
    rows = {row.key for row in part.table.rows}
    named = {p for s in truth.of(title) for e in s.entries() for p in e.get("place", ())}
    rare = {p for p in named if p.startswith("unit:") and _naming(truth.of(title), p) < FEW}
    rare = set() if truth.whole(title) else rare
    assert not rare & rows
    for row in part.table.rows:
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            found = [
                sheet
                for sheet in truth.of(title)
                for given in sheet.entries()
                for place in places_in(given, rows, rare)
                if place == row.key and column.key in ("@all", given.get("kind", "@none"))
            ]
            truth.check(cell, len(found), _sheets(found), title, "concerned")


def _naming(sheets: Sequence[Sheet], place: str) -> int:
    """How many sheets name a place."""
    return sum(any(place in e.get("place", ()) for e in sheet.entries()) for sheet in sheets)


def places_in(given: Mapping[str, Any], rows: set[str], rare: set[str]) -> list[str]:
    """The rows an entry counts in: rare units are one row, and where none is named all are."""
    places = {"@others" if p in rare else p for p in given.get("place", ())} or {"@none"}
    if "@units" not in rows:
        return list(places)
    return ["@units" if p.startswith(("unit:", "@others")) else p for p in places]


def check_totals(truth: Truth, part: Part) -> None:
    """Mentions by category: every place of an entry is one; several units in one row are one."""
    title = part.title.removeprefix("Nennungen nach Kategorie: ")
    with_entries = [sheet for sheet in truth.of(title) if sheet.entries()]
    for row in part.table.rows:
        found = [
            sheet
            for sheet in truth.of(title)
            for given in sheet.entries()
            if row.key in ("@all", given.get("kind", "@none"))
        ]
        mentions, sheets = row.cells
        if mentions is not WITHHELD:
            assert isinstance(mentions, int)
            assert _sheets(found) <= len(found) <= mentions <= 2 * len(found)
            assert truth.whole(title) or not found or _sheets(found) >= FEW
        if row.key == "@all":
            truth.check(sheets, len(with_entries), len(with_entries), title, "totals")


def check_texts(truth: Truth, part: Part) -> None:
    """Texts in entries by the entry's category, and the sheets they come from."""
    for row in part.table.rows:
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            title, _colon, what = column.title.partition(": ")
            found = [
                sheet
                for sheet in truth.of(title)
                for given in sheet.entries()
                if "what" in given and given.get("kind", "@none") == row.key
            ]
            number = _sheets(found) if what == "aus Bögen" else len(found)
            truth.check(cell, number, _sheets(found), title, "texts")


def check_questions(truth: Truth, part: Part) -> None:
    """Texts outside the entries, one a sheet; those who wrote nothing are not a few either."""
    for row in part.table.rows:
        for column, cell in zip(part.table.columns, row.cells, strict=True):
            sheets = truth.of(column.title)
            number = sum(row.key in sheet.answers for sheet in sheets)
            truth.check(cell, number, number, column.title, "questions")
            if cell is not WITHHELD and not truth.whole(column.title):
                assert not 0 < len(sheets) - number < FEW


CHECKS: dict[str, Callable[[Truth, Part], None]] = {
    "audiences": check_audiences,
    "rated": check_rated,
    "dimensions": check_dimensions,
    "assigned": check_assigned,
    "concerned": check_concerned,
    "totals": check_totals,
    "texts": check_texts,
    "questions": check_questions,
}
