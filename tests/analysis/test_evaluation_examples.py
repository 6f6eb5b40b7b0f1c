"""The Selbstcheck's evaluation: worked examples of the rules, each counted again as a whole."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from analysis.evaluation.sections import WITHHELD, Evaluation
from survey import corrections
from survey.tables import unit
from survey.waves import add_branch_link
from tests.analysis.cities import (
    KINDS,
    answered,
    build,
    close,
    frozen,
    mark,
    office,
    reworded,
    sheet,
    with_thresholds,
    year,
)
from tests.analysis.comparing import assert_recounted, evaluated, strings, told
from tests.conftest import MakeWorld
from tests.world import selbstcheck

pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
"""What is counted after reading is the same on either database."""


def finding(evaluation: Evaluation, key: str) -> str:
    return next(s.finding for s in evaluation.sections if s.key == key)


def test_each_amt_counts_once_and_own_sheet_stands_beside_the_mean_beneath(
    new_world: MakeWorld,
) -> None:
    world = new_world()
    build(
        world,
        [
            office("GB", kind="geschaeftsbereich"),
            office("10", 0, staff=30),
            office("20", 0, staff=10),
            *(office(f"20.{n}", 2, "abteilung") for n in range(1, 6)),
            *(office(f"10.{n}", 1, "abteilung") for n in range(1, 3)),
        ],
    )
    sheets = {"10": sheet(5)} | {f"20.{n}": sheet(n) for n in range(1, 6)}
    year(world, "now", sheets | {"10.1": sheet(1), "10.2": sheet(1)})
    cells = told(assert_recounted(world, "now"))
    tree = {(row, column): cell for (s, _p, row, column), cell in cells.items() if s == "units"}
    assert tree["10", "total"] == 40
    assert tree["10", "beneath"] is WITHHELD
    assert (tree["20", "total"], tree["20", "beneath"], tree["20", "n"]) == (None, 24, 5)
    # (40 + 24) / 2: Amt 20 by what is beneath it, and nobody twice.
    assert (tree["@city", "beneath"], tree["@city", "n"]) == (32, 2)
    assert tree["@city", "weighted"] == (30 * 40 + 10 * 24) / 40
    assert tree["GB", "beneath"] == 32
    assert cells["standing", "bands", "now", "mean"] == 32
    # Colours count sheets that are read by name.
    assert cells["standing", "bands", "now", "sheets"] == 1
    assert not any(row.startswith(("10.", "20.")) for row, _column in tree)


def test_small_units_wait_for_the_end_of_the_last_extension(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office("20"), *(office(f"20.{n}", 0, "abteilung") for n in range(5))])
    sheets = {f"20.{n}": sheet(3) for n in range(5)}
    year(world, "now", sheets, ago=timedelta())
    cells = told(assert_recounted(world, "now"))
    assert cells["units", "tree", "20", "beneath"] is WITHHELD
    world.database.write(lambda c: close(c, "now", timedelta(minutes=59)))
    assert told(assert_recounted(world, "now"))["units", "tree", "20", "beneath"] is WITHHELD
    world.database.write(lambda c: close(c, "now", timedelta(minutes=61)))
    assert told(assert_recounted(world, "now"))["units", "tree", "20", "beneath"] == 24


def test_a_mean_of_several_sheets_gets_no_colour(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office("10")])
    asked = frozen()
    handle = year(world, "now", {"10": sheet(3)}, asked, ago=timedelta())["10"]
    key = world.config.link_key
    branch = world.database.write(lambda c: add_branch_link(c, handle, "Außenstelle", key))
    world.database.write(lambda c: answered(c, branch, asked, sheet(4)))
    cells = told(assert_recounted(world, "now"))
    assert cells["units", "tree", "10", "total"] == 28
    assert cells["units", "tree", "10", "band"] is None
    assert cells["standing", "bands", "now", "sheets"] == 2
    assert cells["standing", "bands", "now", "n"] == 1
    assert cells["return", "kinds", "@all", "invited"] == 1


def test_a_changed_statement_is_left_out_and_the_finding_does_not_deny_the_rest(
    new_world: MakeWorld,
) -> None:
    world = new_world()
    build(world, [office("10"), office("20")])
    both = {"10": sheet(2), "20": sheet(3)}
    year(world, "then", both, ago=timedelta(days=365))
    asked = frozen(reworded(selbstcheck(), "q4"))
    year(world, "now", {"10": sheet(4), "20": sheet(3)}, asked, previous="then")
    evaluation = assert_recounted(world, "now")
    cells = told(evaluation)
    assert cells["change", "statements", "q1", "change"] == 1
    assert ("change", "statements", "q4", "change") not in cells
    assert not any(key[:2] == ("change", "units") for key in cells)
    assert ("standing", "bands", "then", "mean") not in cells
    assert cells["standing", "years", "@category:language", "then"] == 7.5 / 15
    assert cells["standing", "years", "@category:organisation", "then"] is None
    assert finding(evaluation, "change").startswith("Vergleichbar sind 7 Aussagen")
    [section] = [s for s in evaluation.sections if s.key == "change"]
    assert any("Aussage 4." in note for note in section.notes)


def test_earlier_years_follow_todays_thresholds_beside_those_of_the_time(
    new_world: MakeWorld,
) -> None:
    world = new_world()
    build(world, [office("10"), office("20")])
    year(world, "then", {"10": sheet(2), "20": sheet(3)}, ago=timedelta(days=365))
    asked = frozen(with_thresholds(selbstcheck(), 15, 23))
    year(world, "now", {"10": sheet(2), "20": sheet(3)}, asked, previous="then")
    cells = told(assert_recounted(world, "now"))

    def colours(row: str) -> list[Any]:
        return [cells["standing", "bands", row, c] for c in ("red", "yellow", "green")]

    assert colours("now") == colours("then") == [0, 1, 1]
    assert colours("then@then") == [1, 1, 0]
    assert cells["standing", "bands", "then@then", "mean"] is None


def test_successors_stand_for_their_predecessors_and_are_told(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office("10"), office("20"), office("30"), office("40")])
    year(
        world,
        "then",
        {"10": sheet(1), "20": sheet(5), "30": sheet(3)},
        ago=timedelta(days=365),
    )

    def merge(connection: Any) -> None:
        ids = {row.code: row.id for row in connection.execute(select(unit))}
        for code, into in (("20", "40"), ("10", "40")):
            changed = update(unit).where(unit.c.code == code)
            connection.execute(changed.values(successor_id=ids[into]))

    world.database.write(merge)
    year(world, "now", {"40": sheet(3), "30": sheet(4)}, previous="then")
    evaluation = assert_recounted(world, "now")
    [part] = [p for s, p in evaluation.parts() if (s.key, p.key) == ("change", "units")]
    titles = {row.title: row.cells for row in part.table.rows}
    # Of the two that were merged the first; its old name stands beside.
    assert titles == {"30 amt 30": (24, 32, 8), "40 amt 40 (damals 10 amt 10)": (8, 24, 16)}


def test_a_unit_moved_in_the_tree_counts_where_it_was(new_world: MakeWorld) -> None:
    world = new_world()
    build(
        world,
        [
            office("GB 1", kind="geschaeftsbereich"),
            office("GB 2", kind="geschaeftsbereich"),
            office("10", 0),
            office("20", 1),
        ],
    )
    both = {"10": sheet(2), "20": sheet(4)}
    year(world, "then", both, ago=timedelta(days=365))

    def move(connection: Any) -> None:
        target = connection.scalar(select(unit.c.id).where(unit.c.code == "GB 2"))
        connection.execute(update(unit).where(unit.c.code == "10").values(parent_id=target))

    world.database.write(move)
    year(world, "now", both, previous="then")
    then, now = (told(assert_recounted(world, slug)) for slug in ("then", "now"))
    assert [then["units", "tree", gb, "beneath"] for gb in ("GB 1", "GB 2")] == [16, 32]
    assert now["units", "tree", "GB 2", "beneath"] == 24
    assert now["units", "tree", "GB 2", "n"] == 2


def test_promises_and_what_became_of_them(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office("10"), office("20"), office("20.1", 1, "abteilung")])
    promised = sheet(4) | {"q5_next": "Aushang\nSprechtag", "next_steps": "Kurs"}
    everybody = dict.fromkeys(("10", "20", "20.1"), promised)
    year(world, "then", everybody, ago=timedelta(days=365))
    asked = frozen()
    handles = year(world, "now", {}, asked, previous="then", ago=timedelta())
    world.database.write(lambda c: mark(c, handles["10"], asked, Random(1)))
    world.database.write(lambda c: answered(c, handles["10"], asked, sheet(4)))
    cells = told(assert_recounted(world, "now"))
    marks = {key[2]: cell for key, cell in cells.items() if key[1] == "marks" and key[3] == "count"}
    assert sum(int(str(n)) for n in marks.values()) == 6, "the small unit's are not among them"
    assert marks["unmarked"] == 4
    said = list(strings(evaluated(world, "now")))
    assert "Sprechtag" in said


def test_voided_and_moved_sheets_and_reasons(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office(str(n)) for n in range(10, 17)])
    handles = year(world, "now", {str(n): sheet(n - 9) for n in range(10, 14)}, ago=timedelta())

    def correct(connection: Any) -> None:
        corrections.void(connection, handles["10"], "doppelt")
        corrections.move(connection, handles["13"], handles["16"])

    world.database.write(correct)
    cells = told(assert_recounted(world, "now"))
    assert cells["standing", "bands", "now", "mean"] == (16 + 24 + 32) / 3
    assert cells["units", "tree", "16", "total"] == 32
    assert cells["units", "tree", "13", "total"] is None


@pytest.mark.parametrize("kinds", [(), KINDS])
def test_nobody_invited_and_nobody_answered(new_world: MakeWorld, kinds: tuple[str, ...]) -> None:
    world = new_world()
    if kinds:
        build(world, [office("10"), office("20")])
    year(world, "now", {}, ago=timedelta())
    for level in ("internal", "report", "public"):
        evaluation = evaluated(world, "now", level)
        said = list(strings(evaluation))
        assert evaluation.headline
        assert not any("nan" in text.split() or "None" in text for text in said)
    internal = assert_recounted(world, "now")
    assert finding(internal, "standing") == "Noch ist kein Bogen abgegeben."
    wanted = "0 von 2 eingeladenen Einheiten" if kinds else "Niemand ist eingeladen."
    assert finding(internal, "return").startswith(wanted)


def test_one_response_and_all_alike(new_world: MakeWorld) -> None:
    world = new_world()
    build(world, [office(str(n)) for n in range(10, 16)])
    year(world, "one", {"10": sheet(3)}, ago=timedelta(days=365))
    one = assert_recounted(world, "one")
    assert told(one)["statements", "distribution", "s1", "apart"] is None
    assert finding(one, "statements") == "Alle Aussagen liegen im Mittel bei 3,0 Punkten."
    year(world, "alike", {str(n): sheet(5) for n in range(10, 16)}, previous="one")
    alike = assert_recounted(world, "alike")
    assert told(alike)["statements", "distribution", "s1", "apart"] == 0
    assert finding(alike, "units") == "Alle Einheiten haben 40 Punkte."
    public = evaluated(world, "alike", "public")
    # 5,0 of 5 would tell everybody's answer.
    assert finding(public, "statements") == "Es sind zu wenige Bögen, um etwas zu zeigen."
