"""The Selbstcheck's evaluation: every number a second time, and who is told what of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from analysis.evaluation.sections import WITHHELD, Evaluation
from survey.tables import unit
from tests.analysis.cities_by_chance import random_city
from tests.analysis.comparing import assert_recounted, differences, evaluated, strings, told
from tests.analysis.recount import recount
from tests.conftest import MakeWorld
from tests.world import World

ON_SQLITE = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
"""What is counted after reading is the same on either database."""


@pytest.mark.parametrize("seed", range(5))
def test_every_number_is_that_of_a_recount(new_world: MakeWorld, seed: int) -> None:
    world = new_world()
    assert_recounted(world, random_city(world, seed))


@ON_SQLITE
def test_the_cities_by_chance_have_everything_that_is_hard(new_world: MakeWorld) -> None:
    """Else the comparison above would compare nothing."""
    seen: set[str] = set()
    for seed in range(100, 112):
        world = new_world()
        cells = told(assert_recounted(world, random_city(world, seed)))
        seen |= {f"{key[0]}.{key[1]}.{key[3]}" for key in cells}
        seen |= {"withheld" for cell in cells.values() if cell is WITHHELD}
        seen |= {"thresholds" for key in cells if key[2].endswith("@then")}
    hard = {"withheld", "thresholds", "units.tree.weighted", "standing.bands.weighted"}
    hard |= {"change.units.change", "change.heatmap.q1", "promises.units.dropped"}
    hard |= {"return.reasons.units", "cooperation.q8_fields.share", "standing.years.y0"}
    assert hard <= seen


@ON_SQLITE
def test_a_wrong_number_is_found(new_world: MakeWorld) -> None:
    world = new_world()
    slug = random_city(world, 2)
    with world.database.snapshot() as connection:
        wanted = recount(connection, slug)
    cells = told(evaluated(world, slug))
    key = next(k for k, cell in cells.items() if isinstance(cell, float))
    assert isinstance(cells[key], float)
    cells[key] = float(str(cells[key])) + 0.001
    assert len(differences(cells, wanted)) == 1


@ON_SQLITE
@pytest.mark.parametrize("seed", [5, 7])
def test_the_public_is_told_no_small_number_and_of_no_unit(new_world: MakeWorld, seed: int) -> None:
    world = new_world()
    slug = random_city(world, seed)
    evaluation = evaluated(world, slug, "public")
    kinds = {
        s.key: {c.key: c.kind for p in s.parts for c in p.table.columns}
        for s in evaluation.sections
    }
    for (section, part, row, column), cell in told(evaluation).items():
        if kinds[section][column] == "count" and isinstance(cell, int):
            assert cell == 0 or cell >= 5, (section, part, row, column, cell)
        assert column != "weighted"
    assert not any(part.named for _section, part in evaluation.parts())
    assert_names_nobody(world, evaluation)


@ON_SQLITE
@pytest.mark.parametrize("seed", [5, 7])
def test_a_report_that_promised_it_names_nobody(new_world: MakeWorld, seed: int) -> None:
    world = new_world()
    evaluation = evaluated(world, random_city(world, seed, names=False), "report")
    assert not any(part.named for _section, part in evaluation.parts())
    assert_names_nobody(world, evaluation)


@ON_SQLITE
def test_a_report_that_may_names_units_and_says_so(new_world: MakeWorld) -> None:
    world = new_world()
    evaluation = evaluated(world, random_city(world, 7), "report")
    assert any(part.named for _section, part in evaluation.parts())
    assert "Nicht zur Weitergabe" in evaluation.marking
    with pytest.raises(AssertionError):
        assert_names_nobody(world, evaluation)


def assert_names_nobody(world: World, evaluation: Evaluation) -> None:
    with world.database.read() as connection:
        rows = connection.execute(select(unit.c.name).where(unit.c.kind != "geschaeftsbereich"))
        names = [row.name.removesuffix(" neu") for row in rows]
    said = "\n".join(strings(evaluation))
    assert names
    assert [name for name in names if name in said] == []
