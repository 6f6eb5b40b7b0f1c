"""The mirror: which two waves stand beside each other, and what is said of them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import update

from analysis.evaluation.mirror import read_mirror, read_survey_mirror
from analysis.evaluation.sections import WITHHELD, Level, Part, Section
from analysis.evaluation.survey_numbers import read_survey
from analysis.evaluation.survey_partner import partner
from analysis.numbers import read_chain
from analysis.publishing import publish
from analysis.survey_wave import read_wave
from forms.definition import Mode
from forms.loader import available, load
from survey import corrections
from survey.database import database_now
from survey.locale import speaking
from survey.questionnaires import Frozen, freeze
from survey.tables import invitation, wave
from survey.waves import Audience
from tests.analysis.surveys import SLUG, hand_in, handle_of, survey
from tests.conftest import MakeWorld
from tests.world import World

pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
CHECK = "selbstcheck-2026"
APART = "Verschiedene Fragen, kein gemessener Abstand."
POINTS = {"10": 2, "20": 3, "30": 5}
"""What each office gives itself in every statement."""


@cache
def asked(variant: str, mode: Mode) -> Frozen:
    """The survey of barriers as one audience gets it."""
    return freeze(load(available()["zugangshemmnisse-2026"])).variant(variant, mode)


def audiences(mode: Mode = "named") -> list[Audience]:
    """Offices and associations, asked for a month."""
    last_day = date.today() + timedelta(days=30)  # noqa: DTZ011  # a day of slack on either side
    return [
        Audience("office", "Ämter", asked("office", mode), last_day, ("amt", "eigenbetrieb")),
        Audience("association", "Vereine", asked("association", mode), last_day, ("verein",)),
    ]


def rating(points: int) -> dict[str, str]:
    """The same answer to every dimension."""
    return {key: str(points) for key in asked("office", "named").questionnaire.ratings}


def both(new_world: MakeWorld, associations: int = 6) -> World:
    """A Selbstcheck and a survey of the same city, both over."""
    world = survey(new_world, audiences=audiences())
    world.add_wave(kinds=("amt", "eigenbetrieb"))
    for standing in world.standings(CHECK):
        points = POINTS[standing.unit_code]
        hand_in(world, standing.handle, {f"q{n}": str(points) for n in range(1, 9)})
        hand_in(world, handle_of(world, standing.unit_code), rating(points))
    for number in range(associations):
        hand_in(world, handle_of(world, f"V{number + 1}"), rating(1 + number % 3))
    over(world)
    return world


def over(world: World, *slugs: str) -> None:
    """Let waves have ended hours ago."""
    for slug in slugs or (CHECK, SLUG):
        world.move_closing(slug, timedelta(hours=-3))


def partner_of(world: World, slug: str) -> str | None:
    """The wave that may stand beside this one."""
    with world.database.snapshot() as connection:
        return partner(connection, world.app.extensions["services"].library, slug)


def of_check(world: World, level: Level = "internal") -> Section | None:
    """The mirror in the evaluation of the Selbstcheck."""
    library = world.app.extensions["services"].library
    with speaking(world.app, "de"), world.database.snapshot() as connection:
        chain = read_chain(connection, library, CHECK)
        assert chain is not None
        return read_mirror(connection, library, chain, "de", level)


def of_survey(world: World, level: Level = "internal") -> Section | None:
    """The mirror in the evaluation of the survey."""
    library = world.app.extensions["services"].library
    with speaking(world.app, "de"), world.database.snapshot() as connection:
        numbers = read_survey(connection, library, SLUG, "de")
        assert numbers is not None
        return read_survey_mirror(connection, library, numbers, "de", level)


def part(section: Section | None, key: str) -> Part:
    """A part of the mirror."""
    assert section is not None
    return next(each for each in section.parts if each.key == key)


# --- what it shows ------------------------------------------------------------------------------


def test_shares_stand_side_by_side(new_world: MakeWorld) -> None:
    world = both(new_world)
    found = of_check(world)
    table = part(found, "categories").table
    assert [row.key for row in table.rows] == ["language", "organisation", "sensitivity"]
    for row in table.rows:
        # 2, 3 and 5 of 5 points; 1, 2, 3, 1, 2 and 3 of 5.
        assert table.cell(row.key, "@check") == pytest.approx(10 / 15)
        assert table.cell(row.key, "association") == pytest.approx(2 / 5)
        assert table.cell(row.key, "@check@n") == 3
        assert table.cell(row.key, "association@n") == 6
    assert of_survey(world) == found


@pytest.mark.parametrize("level", ["report", "public"])
def test_what_leaves_the_desk_waits_for_both_releases(new_world: MakeWorld, level: Level) -> None:
    world = both(new_world)
    assert of_check(world, level) is None
    assert of_survey(world, level) is None
    released(world, SLUG)
    table = part(of_check(world, level), "categories").table
    # Three offices are too few where nobody is named.
    assert table.cell("language", "@check") is WITHHELD
    assert table.cell("language", "association") == pytest.approx(2 / 5)
    assert of_survey(world, level) is None
    released(world, CHECK)
    assert of_survey(world, level) is not None
    # A correction would show in numbers that are not those of the release.
    handle = world.standings(CHECK)[0].handle
    world.database.write(lambda c: corrections.void(c, handle, "doppelt"))
    assert of_survey(world, level) is None


def released(world: World, slug: str) -> None:
    """Release what a wave says."""
    with world.database.snapshot() as connection:
        found = read_wave(connection, world.app.extensions["services"].library, slug)
    assert found is not None
    publish(world.app, world.database, found)


def test_dimensions_stand_beside_the_offices_own_block(new_world: MakeWorld) -> None:
    table = part(of_check(both(new_world)), "dimensions").table
    assert len(table.rows) == 17
    for row in table.rows:
        assert table.cell(row.key, "office") == pytest.approx(10 / 3)
        assert table.cell(row.key, "association") == 2.0
        assert (table.cell(row.key, "office@n"), table.cell(row.key, "association@n")) == (3, 6)


def test_it_says_that_nothing_is_measured(new_world: MakeWorld) -> None:
    found = of_check(both(new_world))
    assert found is not None
    assert found.finding.endswith(APART)
    assert APART in found.notes
    charts = [each.chart for each in found.parts if each.chart]
    assert all(APART in chart.title for chart in charts)
    columns = [column for each in found.parts for column in each.table.columns]
    assert not [column for column in columns if column.kind == "change"]


def test_return_and_sheets_of_both(new_world: MakeWorld) -> None:
    table = part(of_check(both(new_world)), "sources").table
    rows = {row.key: row.cells for row in table.rows}
    assert rows["@check"][2:] == (3, 1.0)
    assert rows["office"][1:] == ("Ihre Einschätzung Ihrer eigenen Organisationseinheit", 3, 1.0)
    assert rows["association"][1:3] == ("Ihre Einschätzung der Stadtverwaltung", 6)
    assert rows["association"][3] == pytest.approx(6 / 7)


def test_the_public_sees_no_small_number(new_world: MakeWorld) -> None:
    world = both(new_world)
    released(world, SLUG)
    found = of_check(world, "public")
    table = part(found, "categories").table
    assert table.cell("language", "@check") is WITHHELD
    assert table.cell("language", "association") == pytest.approx(2 / 5)
    assert part(found, "sources").table.cell("@check", "sheets") is WITHHELD
    assert part(found, "sources").table.cell("@check", "return") is WITHHELD
    # The offices' own ratings are three sheets.
    assert found is not None
    assert [each.key for each in found.parts] == ["categories", "sources"]


@pytest.mark.parametrize(("associations", "there"), [(0, False), (4, False), (5, True)])
def test_no_mirror_without_five_sheets(
    new_world: MakeWorld, associations: int, there: bool
) -> None:
    world = both(new_world, associations)
    assert (of_check(world) is not None) is there
    assert (of_survey(world) is not None) is there


# --- partners -----------------------------------------------------------------------------------


def test_partners_find_each_other_once_both_are_over(new_world: MakeWorld) -> None:
    world = both(new_world)
    assert (partner_of(world, CHECK), partner_of(world, SLUG)) == (SLUG, CHECK)
    world.move_closing(SLUG, timedelta(days=2))
    assert partner_of(world, CHECK) is None
    assert of_check(world) is None
    assert partner_of(world, SLUG) == CHECK


def test_an_extension_or_the_grace_keeps_a_wave_open(new_world: MakeWorld) -> None:
    world = both(new_world)
    world.move_closing(SLUG, timedelta(minutes=-30))
    assert partner_of(world, CHECK) is None
    over(world)
    assert partner_of(world, CHECK) == SLUG
    first = invitation.c.handle == handle_of(world, "V7")
    later = world.standings(SLUG)[0].now + timedelta(days=1)
    world.database.write(
        lambda c: c.execute(update(invitation).where(first).values(extended_until=later))
    )
    assert partner_of(world, CHECK) is None


@pytest.mark.parametrize(("days", "found"), [(360, SLUG), (370, None)])
def test_partners_close_within_a_year(new_world: MakeWorld, days: int, found: str | None) -> None:
    world = both(new_world)
    world.move_closing(SLUG, timedelta(days=-days))
    assert partner_of(world, CHECK) == found


def test_the_newest_of_several(new_world: MakeWorld) -> None:
    world = both(new_world)
    for slug, days in (("hemmnisse-neu", 1), ("hemmnisse-alt", 9)):
        plan: dict[str, Any] = {"slug": slug, "title": slug, "audiences": audiences()}
        world.add_wave(**plan)
        world.move_closing(slug, timedelta(days=-days))
    assert partner_of(world, CHECK) == SLUG
    world.move_closing(SLUG, timedelta(days=-5))
    assert partner_of(world, CHECK) == "hemmnisse-neu"


def test_samples_stand_beside_samples_only(new_world: MakeWorld) -> None:
    world = both(new_world)
    of_sample = update(wave).where(wave.c.slug == CHECK).values(sample=True)
    world.database.write(lambda c: c.execute(of_sample))
    assert partner_of(world, CHECK) is None


def test_other_categories_are_no_partner(new_world: MakeWorld) -> None:
    world = survey(new_world)
    world.add_wave()
    over(world)
    assert partner_of(world, CHECK) is None
    assert partner_of(world, "unbekannt") is None


def test_an_anonymous_survey_counts_once_it_is_unsealed(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous", audiences=audiences("anonymous"))
    world.add_wave()
    over(world)
    assert partner_of(world, CHECK) is None
    opened = update(wave).where(wave.c.slug == SLUG).values(unsealed=database_now())
    world.database.write(lambda c: c.execute(opened))
    assert partner_of(world, CHECK) == SLUG
