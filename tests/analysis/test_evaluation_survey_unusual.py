"""Surveys that are unusual, and tables that must not tell what another one hides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from analysis.evaluation.sections import WITHHELD, Level
from analysis.evaluation.survey_numbers import read_survey
from survey.tables import invitation, unit, wave_audience
from tests.analysis.surveys import SLUG, entry, survey, unit_code, unseal
from tests.analysis.test_evaluation_survey import (
    LEVELS,
    close,
    evaluated,
    named,
    numbers_of,
    part,
    words_of,
)
from tests.conftest import MakeWorld
from tests.world import World

pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)


def test_the_report_tells_no_more_than_the_table_of_units(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    ten, twenty = unit_code(world, "10"), unit_code(world, "20")
    named = [[ten]] * 7 + [[twenty]] * 3 + [["whole"]] * 6
    unseal(world, [("association", entry(1, place=place, kind="doors")) for place in named])
    inside = part(evaluated(world), "concerned-others").table
    report = part(evaluated(world, "report"), "concerned-others").table
    assert (inside.cell(ten, "doors"), inside.cell("@others", "doors")) == (7, WITHHELD)
    assert (inside.cell("whole", "doors"), report.cell("whole", "doors")) == (WITHHELD, WITHHELD)
    # 10 units less the 7 that are shown would be the 3 that are not.
    assert report.cell("@units", "doors") is WITHHELD


def test_texts_are_hidden_where_their_entries_are(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    doors, none = entry(1, what="a", kind="doors"), entry(1, what="b", kind="none")
    unsure = entry(1, what="c")
    sheets = [doors] * 3 + [none] * 6 + [entry(1, kind="none")] * 4 + [unsure] * 7
    unseal(world, [("association", sheet) for sheet in sheets])
    found = evaluated(world)
    entries, texts = (part(found, key).table for key in ("assigned", "texts"))
    # By entries the partner of the three is the one of seven, by texts it would be that of six.
    assert [entries.cell(key, "association") for key in ("doors", "none", "@none")] == [
        *(WITHHELD, 10, WITHHELD),
    ]
    assert [texts.cell(key, "association") for key in ("doors", "none", "@none")] == [WITHHELD] * 3


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("mode", ["named", "anonymous"])
def test_an_empty_wave(new_world: MakeWorld, mode: Any, level: Level) -> None:
    world = survey(new_world, mode)
    if mode == "anonymous":
        unseal(world, [])
    close(world)
    found = evaluated(world, level)
    assert all(section.finding for section in found.sections)
    assert "n = 0" not in " ".join(words_of(found))


def test_a_wave_nobody_is_invited_to(new_world: MakeWorld) -> None:
    world = survey(new_world)
    world.database.write(lambda c: c.execute(invitation.delete()))
    assert evaluated(world).sections[0].finding == "Niemand ist eingeladen."


def test_three_hundred_concerned_units_and_long_labels(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    long = "Verein " + "x" * 193

    def add(connection: Connection) -> None:
        rows = [
            {"code": f"X{n}", "name": f"{'Amt ' * 50}{n:03}"[-200:], "kind": "abteilung"}
            for n in range(300)
        ]
        connection.execute(insert(unit), rows)
        audience = update(wave_audience).where(wave_audience.c.audience == "association")
        connection.execute(audience.values(title=long))

    world.database.write(add)
    places = [unit_code(world, f"X{n}") for n in range(300)]
    sheets: list[tuple[str, Mapping[str, Any]]] = [
        ("association", entry(1, place=places, kind="doors") | {"front": "1"})
    ] * 12
    unseal(world, sheets)
    inside = part(evaluated(world), "concerned-others").table
    assert len([row for row in inside.rows if row.key.startswith("unit:")]) == 300
    assert inside.cell(places[0], "doors") == 12
    report = part(evaluated(world, "report"), "concerned-others").table
    assert report.cell("@units", "doors") == 12 * 300
    assert any(column.title == long for column in part(evaluated(world), "assigned").table.columns)


def test_the_evaluation_in_english_names_the_wave_as_it_is(new_world: MakeWorld) -> None:
    world = named(new_world, office=1)
    found = evaluated(world, language="en")
    assert (found.language, found.title, found.slug) == ("en", "Stufen 2026", SLUG)
    assert found.revision == numbers_of(world).revision > 0


def test_no_self_check_is_read_as_a_survey(world: World) -> None:
    library = world.app.extensions["services"].library
    with world.database.snapshot() as connection:
        assert read_survey(connection, library, "selbstcheck-2026", "de") is None
        assert read_survey(connection, library, "unbekannt", "de") is None
