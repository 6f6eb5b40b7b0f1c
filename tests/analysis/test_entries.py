"""Raw entries: who wrote them, whom they concern, and when they may be read."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, update

from analysis.entries import Readings, StillSealed, read_entries
from analysis.survey_wave import SurveyWave, parts, read_wave
from survey.tables import unit
from survey.waves import add_branch_link
from tests.analysis.surveys import (
    KINDS,
    SLUG,
    asked,
    entry,
    hand_in,
    handle_of,
    survey,
    unit_code,
    unseal,
)
from tests.conftest import MakeWorld
from tests.world import LINK_KEY, World


def wave_of(world: World) -> SurveyWave:
    """The survey as it is now."""
    with world.database.read() as connection:
        found = read_wave(connection, world.app.extensions["services"].library, SLUG)
    assert found is not None
    return found


def read(world: World, language: str = "de") -> Readings:
    """Everything that may be read of the survey."""
    with world.database.snapshot() as connection:
        return read_entries(connection, wave_of(world), language)


def test_the_parts_of_an_entry_are_found_by_what_they_are() -> None:
    found = parts(asked("inside", "named").questionnaire)
    assert found is not None
    assert found.section.id == "stufen"
    assert (found.concerned and found.concerned.id, found.category and found.category.id) == (
        "place",
        "kind",
    )


def test_named_sheets_in_the_order_of_organisations(new_world: MakeWorld) -> None:
    world = survey(new_world)
    hand_in(world, handle_of(world, "V2"), entry(1, what="zweite") | {"better": "nichts"})
    hand_in(world, handle_of(world, "20"), entry(1, what="eins") | entry(2, kind="doors"))
    found = read(world)
    assert [(s.code, s.organisation, s.audience, s.language) for s in found.sheets] == [
        ("20", "Amt Zwanzig", "office", "ar"),
        ("V2", "Verein 2", "association", "ar"),
    ]
    assert [(e.sheet.code, e.number, dict(e.answers), e.category) for e in found.entries] == [
        ("20", 1, {"what": "eins"}, ""),
        ("20", 2, {"kind": "doors"}, "doors"),
        ("V2", 1, {"what": "zweite"}, ""),
    ]
    assert [(t.sheet.code, t.question, t.body) for t in found.texts] == [("V2", "better", "nichts")]


def test_a_branch_is_named(new_world: MakeWorld) -> None:
    world = survey(new_world)
    first = handle_of(world, "T1")
    branch = world.database.write(lambda c: add_branch_link(c, first, "Zweig Nord", LINK_KEY))
    hand_in(world, branch, entry(1, what="im Norden"))
    (sheet,) = read(world).sheets
    assert (sheet.organisation, sheet.branch) == ("Träger 1", "Zweig Nord")


def test_concerned_units_have_names_for_ever(new_world: MakeWorld) -> None:
    world = survey(new_world)
    ten, twenty, thirty = (unit_code(world, code) for code in ("10", "20", "30"))
    places = ["whole", ten, twenty, "unit:999999"]
    hand_in(world, handle_of(world, "V1"), entry(1, what="Stufe", place=places))
    follows = update(unit).where(unit.c.code == "20").values(successor_id=int(thirty[5:]))
    world.database.write(lambda c: c.execute(follows))
    (found,) = read(world).entries
    assert [(c.key, c.code, c.name, c.successor, c.gone) for c in found.concerned] == [
        ("whole", "", "im ganzen Haus", "", False),
        (ten, "10", "Amt Zehn", "", False),
        (twenty, "20", "Amt Zwanzig", "30 Eigenbetrieb Dreißig", False),
        ("unit:999999", "", "", "", True),
    ]


def test_a_unit_that_was_removed_is_gone(new_world: MakeWorld) -> None:
    world = survey(new_world)
    code = unit_code(world, "10.1")
    hand_in(world, handle_of(world, "V1"), entry(1, place=[code]))
    world.database.write(lambda c: c.execute(delete(unit).where(unit.c.code == "10.1")))
    (found,) = read(world).entries
    assert [c.gone for c in found.concerned] == [True]


def test_a_circle_of_successors_ends(new_world: MakeWorld) -> None:
    world = survey(new_world)
    ten, twenty = (unit_code(world, code) for code in ("10", "20"))

    def follow(connection: Connection) -> None:
        for code, follower in (("10", twenty), ("20", ten)):
            follows = update(unit).where(unit.c.code == code)
            connection.execute(follows.values(successor_id=int(follower[5:])))

    world.database.write(follow)
    hand_in(world, handle_of(world, "V1"), entry(1, place=[ten]))
    (found,) = read(world).entries
    assert found.concerned[0].successor == "20 Amt Zwanzig"


def test_units_not_read_by_name_are_withheld(new_world: MakeWorld) -> None:
    kinds = tuple(kind for kind in KINDS if kind != "verein")
    world = survey(new_world, named_kinds=kinds)
    hand_in(world, handle_of(world, "V1"), entry(1, what="für uns"))
    hand_in(world, handle_of(world, "T1"), entry(1, what="für alle"))
    found = read(world)
    assert [e.answers["what"] for e in found.entries] == ["für alle"]
    assert found.withheld == 1


def test_a_sealed_wave_is_read_by_nobody(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    with pytest.raises(StillSealed):
        read(world)


def test_anonymous_entries_follow_no_order_and_no_sheet(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    one_sheet = {k: v for n in range(1, 5) for k, v in entry(n, what=f"Stufe {n}").items()}
    sheets = [
        ("association", {k: f"{v} von {number}" for k, v in one_sheet.items()})
        for number in range(8)
    ]
    unseal(world, sheets, quarantined=[("office", entry(1, what="verdächtig"))])
    found = read(world)
    assert {(s.code, s.organisation, s.branch, s.language) for s in found.sheets} == {("",) * 4}
    assert len(found.entries) == 32
    written = [str(e.answers["what"]) for e in found.entries]
    assert "verdächtig" not in written
    # Neither the order of writing nor one sheet after the other: 32 entries in either order by
    # chance would be a miracle.
    assert written != [text for _audience, sheet in sheets for text in sheet.values()]
    numbers = [e.sheet.number for e in found.entries]
    assert numbers != sorted(numbers)
    assert [e.answers for e in read(world).entries] == [e.answers for e in found.entries]
