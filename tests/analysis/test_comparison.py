"""One unit beside the others: from five others, after the end, never a rank, nobody to be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from analysis.evaluation.office import Wave
from analysis.evaluation.sections import Part
from analysis.evaluation.units import comparison
from analysis.numbers import read_chain
from survey.locale import speaking
from tests.analysis.cities import build, office, sheet, year
from tests.conftest import MakeWorld
from tests.world import World

pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
GB = "geschaeftsbereich"


def compared(world: World, code: str) -> Part | None:
    with speaking(world.app, "de"), world.database.snapshot() as connection:
        chain = read_chain(connection, world.app.extensions["services"].library, "now")
        assert chain is not None
        unit = next(u for u in chain.now.units if u.code == code)
        return comparison(Wave(chain, "de", "internal"), unit.id)


def columns(part: Part | None) -> dict[str, Any]:
    """The first statement's points by column."""
    if part is None:
        return {}
    row = part.table.rows[0]
    return dict(zip((c.key for c in part.table.columns), row.cells, strict=True))


def city(world: World, first: int, second: int = 0, kind: str = "amt", **how: Any) -> None:
    """Two Geschäftsbereiche with so many offices, whose first points are 1, 2, 3, 4, 5, 1 …"""
    rows = [office("GB 1", kind=GB), office("GB 2", kind=GB)]
    rows += [office(f"1.{n}", 0) for n in range(first)]
    rows += [office(f"2.{n}", 1, kind) for n in range(second)]
    build(world, rows)
    sheets = {str(r["code"]): sheet(n % 5 + 1) for n, r in enumerate(rows[2:])}
    year(world, "now", sheets, **how)


@pytest.mark.parametrize(("offices", "shown"), [(5, False), (6, True), (7, True)])
def test_with_at_least_five_others(new_world: MakeWorld, offices: int, shown: bool) -> None:
    world = new_world()
    city(world, offices)
    found = columns(compared(world, "1.0"))
    assert bool(found) == shown
    if shown:
        others = [n % 5 + 1 for n in range(1, offices)]
        assert found["own"] == 1
        assert found["city"] == sum(others) / len(others)


@pytest.mark.parametrize("ago", [timedelta(), timedelta(minutes=59)])
def test_only_when_nobody_can_answer_any_more(new_world: MakeWorld, ago: timedelta) -> None:
    world = new_world()
    city(world, 9, ago=ago)
    assert compared(world, "1.0") is None


def test_beside_the_city_its_geschaeftsbereich_and_its_kind(new_world: MakeWorld) -> None:
    world = new_world()
    city(world, 8, 11, kind="eigenbetrieb")
    part = compared(world, "1.0")
    assert part is not None
    assert set(columns(part)) == {"own", "city", "group", "kind"}
    values = [n % 5 + 1 for n in range(19)]
    assert columns(part)["city"] == pytest.approx(sum(values[1:]) / 18)
    assert columns(part)["group"] == columns(part)["kind"] == sum(values[1:8]) / 7
    assert part.table.columns[1].title.replace("\N{NO-BREAK SPACE}", " ") == "alle anderen (n = 18)"
    assert len(part.table.rows) == 8
    assert part.named
    assert not any("Rang" in c.title for c in part.table.columns)


@pytest.mark.parametrize(
    ("first", "second", "kind", "shown"),
    [
        # Four in the other Geschäftsbereich: their mean would be city less group.
        (7, 4, "amt", {"own", "city", "kind"}),
        (7, 5, "amt", {"own", "city", "group", "kind"}),
        # Only five others in its own: a group of four is none.
        (5, 9, "amt", {"own", "city", "kind"}),
        # Three of another kind: those of its own kind are all but three.
        (7, 3, "eigenbetrieb", {"own", "city"}),
    ],
)
def test_no_mean_lets_a_smaller_group_be_found(
    new_world: MakeWorld, first: int, second: int, kind: str, shown: set[str]
) -> None:
    world = new_world()
    city(world, first, second, kind)
    assert set(columns(compared(world, "1.0"))) == shown


def test_small_units_and_those_without_a_sheet_have_none(new_world: MakeWorld) -> None:
    world = new_world()
    rows = [office(f"1{n}") for n in range(8)] + [office("99", 0, "abteilung")]
    build(world, rows)
    year(world, "now", {str(r["code"]): sheet(3) for r in rows[1:]})
    assert compared(world, "10") is None, "no sheet"
    assert compared(world, "99") is None, "not read by name"
    # And a small unit is not among the others.
    part = compared(world, "11")
    assert part is not None
    assert part.table.columns[1].title == "alle anderen (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}6)"
