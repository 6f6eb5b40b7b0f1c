"""The evaluation of a survey: what its sections say, to whom, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from analysis.evaluation.mirror import read_survey_mirror
from analysis.evaluation.sections import WITHHELD, Cell, Evaluation, Level, Part
from analysis.evaluation.survey_numbers import Survey, SurveyNumbers, read_survey
from analysis.evaluation.survey_whole import survey_evaluation
from forms.history import Finding, History, NamedDimension
from survey.history import import_histories
from survey.locale import speaking
from survey.tables import invitation
from survey.waves import add_branch_link
from tests.analysis.surveys import SLUG, entry, hand_in, handle_of, survey, unit_code, unseal
from tests.conftest import MakeWorld
from tests.world import LINK_KEY, World

pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
"""Both databases are asked in test_evaluation_survey_recount.py."""
LEVELS: tuple[Level, ...] = ("internal", "report", "public")
OFFICES = ("10", "20", "30")
SECRET = "Die Klingel ist zu hoch"


def numbers_of(world: World, slug: str = SLUG) -> SurveyNumbers:
    """What is read of the survey."""
    with world.database.snapshot() as connection:
        found = read_survey(connection, world.app.extensions["services"].library, slug, "de")
    assert found is not None
    return found


def evaluated(
    world: World, level: Level = "internal", language: str = "de", slug: str = SLUG
) -> Evaluation:
    """The whole evaluation."""
    library = world.app.extensions["services"].library
    with speaking(world.app, language), world.database.snapshot() as connection:
        numbers = read_survey(connection, library, slug, language)
        assert numbers is not None
        mirror = read_survey_mirror(connection, library, numbers, language, level)
        view = Survey(numbers, language, level)
        day = date(2026, 7, 1)
        return survey_evaluation(view, mirror, today=day, zone=world.config.zone)


def part(evaluation: Evaluation, key: str) -> Part:
    """The part of this name."""
    return next(part for _section, part in evaluation.parts() if part.key == key)


def keys(evaluation: Evaluation) -> list[str]:
    """The names of all parts."""
    return [part.key for _section, part in evaluation.parts()]


def words_of(evaluation: Evaluation) -> Iterator[str]:
    """Every word of an evaluation."""
    yield from (evaluation.title, evaluation.subtitle, evaluation.marking, *evaluation.headline)
    yield from (text for paragraph in evaluation.method for text in paragraph)
    for section in evaluation.sections:
        yield from (section.question, section.finding, *section.notes)
    for _section, each in evaluation.parts():
        yield from (each.title, *each.notes, each.table.corner)
        if each.chart:
            yield from (each.chart.title, each.chart.alternative)
        for row in each.table.rows:
            yield from (row.title, *(cell for cell in row.cells if isinstance(cell, str)))


def rows_of(part: Part) -> dict[str, tuple[Cell, ...]]:
    """Cells by the row's title."""
    return {row.title: row.cells for row in part.table.rows}


def close(world: World) -> None:
    """Let everything have ended hours ago."""
    world.move_closing(SLUG, timedelta(hours=-3))


def named(new_world: MakeWorld, **sheets: int) -> World:
    """A named survey with so many equal sheets: `office=3, association=7, provider=3` at most."""
    world = survey(new_world)
    codes = {"office": OFFICES, "association": tuple(f"V{n}" for n in range(1, 8))}
    codes["provider"] = ("T1", "T2", "T3")
    for audience, number in sheets.items():
        for code in codes[audience][:number]:
            hand_in(world, handle_of(world, code), entry(1, kind="doors") | {"front": "1"})
    return world


# --- return -----------------------------------------------------------------------------------


def test_the_return_inside_shows_every_audience(new_world: MakeWorld) -> None:
    world = named(new_world, office=1, association=6, provider=2)
    branch = world.database.write(
        lambda c: add_branch_link(c, handle_of(world, "10"), "Nord", LINK_KEY)
    )
    hand_in(world, branch, entry(1, what=SECRET))
    declines = update(invitation).where(invitation.c.handle == handle_of(world, "20"))
    world.database.write(lambda c: c.execute(declines.values(no_sheet_reason="declined")))
    found = part(evaluated(world), "audiences")
    assert [column.key for column in found.table.columns] == [
        *("invited", "submitted", "begun", "unopened", "no_sheet", "sheets", "rate")
    ]
    assert rows_of(found) == {
        "Ämter": (3, 1, 0, 1, 1, 2, 1 / 3),
        "Vereine": (7, 6, 0, 1, 0, 6, 6 / 7),
        "Träger": (3, 2, 0, 1, 0, 2, 2 / 3),
        "Alle": (13, 9, 0, 3, 1, 10, 9 / 13),
    }


def test_the_report_hides_few_organisations_and_every_total_that_tells_them(
    new_world: MakeWorld,
) -> None:
    world = named(new_world, office=3, association=2)
    close(world)
    # 38 - 22 - 14 = 2: the total less the offices would be the associations.
    assert rows_of(part(evaluated(world, "report"), "audiences")) == {
        "Ämter": (3, 3, 3, 1.0),
        "Vereine": (WITHHELD, WITHHELD, WITHHELD, WITHHELD),
        "Träger": (WITHHELD, 0, 0, WITHHELD),
        "Alle": (WITHHELD, WITHHELD, WITHHELD, WITHHELD),
    }
    assert rows_of(part(evaluated(world, "public"), "audiences"))["Ämter"] == (WITHHELD,) * 4


def test_who_did_not_answer_is_hidden_too_where_it_is_few(new_world: MakeWorld) -> None:
    world = named(new_world, association=6)
    close(world)
    assert rows_of(part(evaluated(world, "report"), "audiences"))["Vereine"] == (
        *(WITHHELD, 6, 6, WITHHELD),
    )


def test_two_small_audiences_stand_together_everywhere(new_world: MakeWorld) -> None:
    world = named(new_world, association=4, provider=2)
    close(world)
    for level in LEVELS:
        found = evaluated(world, level)
        assert part(found, "dimensions-association").title == "Dimensionen: Vereine + Träger"
        assert [c.title for c in part(found, "assigned").table.columns] == ["Vereine + Träger"]
    report = rows_of(part(evaluated(world, "report"), "audiences"))
    assert report["Vereine + Träger"] == (WITHHELD, 6, 6, WITHHELD)


def test_anonymous_sheets_beside_who_says_to_have_taken_part(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    taken = update(invitation).where(invitation.c.unit_code.in_(("V1", "V2")))
    world.database.write(lambda c: c.execute(taken.values(taken_part=True)))
    unseal(world, [("association", entry(1, kind="doors"))] * 6)
    assert rows_of(part(evaluated(world), "audiences")) == {
        "Ämter": (3, 0, 0),
        "Vereine": (7, 2, 6),
        "Träger": (3, 0, 0),
        "Alle": (13, 2, 6),
    }
    assert rows_of(part(evaluated(world, "report"), "audiences"))["Vereine"] == (6,)


# --- what is shown when -------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_a_sealed_wave_says_so_and_nothing_else(new_world: MakeWorld, level: Level) -> None:
    found = evaluated(survey(new_world, "anonymous"), level)
    (section,) = found.sections
    assert section.parts == ()
    assert found.headline == (section.finding,)
    assert "versiegelt" in section.finding


def test_before_closing_only_offices_and_nothing_for_the_public(new_world: MakeWorld) -> None:
    world = named(new_world, office=3, association=7)
    for level in ("internal", "report"):
        found = evaluated(world, level)
        assert {key for key in keys(found) if key.startswith("dimensions")} == {"dimensions-office"}
        assert "concerned-others" not in keys(found)
    assert rows_of(part(evaluated(world, "report"), "audiences"))["Vereine"] == (WITHHELD,) * 4
    (section,) = evaluated(world, "public").sections
    assert section.parts == ()


@pytest.mark.parametrize(
    ("sheets", "shown"), [(0, False), (1, False), (4, False), (5, True), (7, True)]
)
@pytest.mark.parametrize("level", LEVELS)
def test_organisations_from_five_sheets_on(
    new_world: MakeWorld, sheets: int, shown: bool, level: Level
) -> None:
    world = named(new_world, association=sheets)
    close(world)
    found = evaluated(world, level)
    assert ("dimensions-association" in keys(found)) is shown
    assert all(section.finding for section in found.sections)
    if shown:
        dimension = part(found, "dimensions-association").table
        # All alike: the counts would say what each of them answered.
        assert dimension.cell("front", "1") is WITHHELD
        assert dimension.cell("front", "n") == sheets
        assert part(found, "assigned").table.cell("doors", "association") == sheets


def test_offices_whole_for_the_report_and_from_five_on_for_the_public(
    new_world: MakeWorld,
) -> None:
    world = named(new_world, office=3)
    close(world)
    assert part(evaluated(world, "report"), "dimensions-office").table.cell("front", "1") == 3
    assert "dimensions-office" not in keys(evaluated(world, "public"))


def test_groups_that_rated_something_else_stand_apart(new_world: MakeWorld) -> None:
    world = named(new_world, office=3, association=7)
    close(world)
    found = evaluated(world)
    assert "Eingeschätzt wurde: „Ihre eigenen Stufen“." in part(found, "dimensions-office").notes
    assert "Eingeschätzt wurde: „Ihre Einschätzung der Stadt“." in (
        part(found, "dimensions-association").notes
    )


def test_no_section_holds_a_text(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    sheet = entry(1, what=SECRET, kind="doors") | {"better": SECRET, "front": "3"}
    unseal(world, [("association", sheet)] * 10)
    assert SECRET not in repr(numbers_of(world))
    for level in LEVELS:
        found = evaluated(world, level)
        assert not any(SECRET in words for words in words_of(found))
        texts = part(found, "texts").table
        assert texts.cell("doors", "association") == 10
        assert texts.cell("doors", "association@sheets") == 10
        assert part(found, "questions").table.cell("better", "association") == 10


def test_only_the_commissioner_reads_which_units_are_concerned(new_world: MakeWorld) -> None:
    world = survey(new_world)
    place = [unit_code(world, "10"), unit_code(world, "20")]
    for code in OFFICES:
        hand_in(world, handle_of(world, code), entry(1, place=place, kind="doors"))
    close(world)
    inside, report = evaluated(world), evaluated(world, "report")
    assert rows_of(part(inside, "concerned-own"))["10 Amt Zehn"][0] == 3
    assert part(inside, "concerned-own").named
    assert not any("Amt Zehn" in words for words in words_of(report))
    assert not any(each.named for _section, each in report.parts())
    # Each of three entries names two units.
    assert rows_of(part(report, "concerned-own"))["einzelne Organisationseinheiten"][0] == 6


def test_earlier_surveys_by_presence(new_world: MakeWorld) -> None:
    world = named(new_world, office=3)
    earlier = History(
        slug="stufen-2023",
        year=2023,
        title="Stufen 2023",
        source="Bericht",
        missing="Zahlen.",
        mapping="von Hand",
        dimensions=(NamedDimension(id="front", title="Vorne"),),
        findings=(
            Finding(id="1", kind="positive", category="doors", text="Gut", dimension="back"),
        ),
    )
    assert "presence" not in keys(evaluated(world))
    world.database.write(lambda c: import_histories(c, [earlier], None))
    found = rows_of(part(evaluated(world), "presence"))
    assert found["Vordertür"] == ("genannt", 1.0, 3)
    assert found["Hintertür"] == ("besser geworden", None, 0)
    assert found["Seitentür"] == (None, None, 0)
    assert found["Türen als Ganzes"] == (None, None, None)
