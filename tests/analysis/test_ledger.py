"""What was released of a wave stays; what comes later must not tell of few beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, delete, select, update

from analysis.disclosure.releases import Kind, Numbers, Release, may_release
from analysis.evaluation.sections import WITHHELD, Column, Evaluation, Part, Row, Section, Table
from analysis.ledger import fingerprints, release, released, tables_of
from survey.tables import release as release_table
from survey.tables import response, wave
from tests.analysis.surveys import SLUG, survey, unseal
from tests.conftest import MakeWorld
from tests.world import World

KEY = "a key for links that is long enough for this"
WAVE = 7


def sheets(*ranges: range) -> frozenset[str]:
    """Fingerprints by number."""
    return frozenset(str(number) for numbers in ranges for number in numbers)


def row(kind: Kind = "answers", **cells: float | None) -> dict[str, Numbers]:
    """One table of one row."""
    return {"row": Numbers(cells, kind)}


FIRST = Release(WAVE, 1, row(yes=8, no=12, n=20, mean=3.4), sheets(range(20)))


@pytest.mark.parametrize(
    ("tables", "who", "reason"),
    [
        (FIRST.tables, FIRST.sheets, "same"),
        # The same numbers tell nothing, whoever stands behind them.
        (FIRST.tables, sheets(range(21)), "same"),
        (row(yes=9, no=12, n=21, mean=3.4), sheets(range(21)), "few"),
        (row(yes=8, no=8, n=16, mean=3.0), sheets(range(16)), "few"),
        # Two corrected: two have gone and two have come.
        (row(yes=9, no=11, n=20, mean=3.5), sheets(range(18), range(50, 52)), "few"),
        # The same sheets, protected another way.
        (row(yes=None, no=None, n=20, mean=3.4), FIRST.sheets, "different"),
        (row(yes=14, no=18, n=32, mean=3.5), sheets(range(32)), "further"),
        (row(yes=18, no=23, n=41, mean=3.4), sheets(range(41)), "further"),
        # Twelve came; two of them said yes.
        (row(yes=10, no=22, n=32, mean=3.2), sheets(range(32)), "different"),
        # Five came, and all of them said yes.
        (row(yes=13, no=12, n=25, mean=3.7), sheets(range(25)), "different"),
        # Six corrected, from one answer to the other.
        (row(yes=14, no=6, n=20, mean=4.0), sheets(range(14), range(50, 56)), "different"),
        # A mean beside what is hidden.
        (row(yes=None, no=None, n=26, mean=3.3), sheets(range(26)), "different"),
        (row(yes=14, n=32), sheets(range(32)), "different"),
        (row("entries", yes=14, no=18, n=32, mean=3.5), sheets(range(32)), "different"),
        ({}, sheets(range(32)), "different"),
    ],
)
def test_what_may_follow_a_release(
    tables: dict[str, Numbers], who: frozenset[str], reason: str
) -> None:
    new = Release(WAVE, 2, tables, who)
    verdict = may_release(new, [FIRST])
    assert verdict.reason == reason
    assert verdict.allowed == (reason not in ("few", "different"))
    assert verdict.shown == (new if reason == "further" else FIRST)


def test_no_sheet_is_in_two_waves() -> None:
    new = replace(FIRST, wave=WAVE + 1, tables=row(yes=9, no=12))
    assert may_release(new, [FIRST]).reason == "first"


def test_several_releases_together() -> None:
    """No two of them differ by fewer than five sheets; what is left by all three is one."""
    first = replace(FIRST, tables=row("sizes", n=10), sheets=sheets(range(10)))
    second = replace(first, revision=2, tables=row("sizes", n=20), sheets=sheets(range(20)))
    assert may_release(second, [first]).reason == "further"
    third = replace(first, revision=3, tables=row("sizes", n=14), sheets=sheets(range(14)))
    verdict = may_release(third, [first, second])
    assert (verdict.reason, verdict.shown) == ("few", second)
    fourth = replace(third, tables=row("sizes", n=15), sheets=sheets(range(15)))
    assert may_release(fourth, [first, second]).reason == "further"


@pytest.mark.parametrize(
    ("kind", "before", "after", "allowed"),
    [
        ("sizes", 10, 16, True),
        ("sizes", 10, 12, False),
        # One number alone may be one answer that all who came gave.
        ("answers", 10, 16, False),
        ("entries", 10, 16, False),
    ],
)
def test_what_is_counted_matters(kind: Kind, before: int, after: int, allowed: bool) -> None:
    old = replace(FIRST, tables=row(kind, n=before), sheets=sheets(range(20)))
    new = replace(FIRST, tables=row(kind, n=after), sheets=sheets(range(26)))
    assert may_release(new, [old]).allowed == allowed


def test_a_ledger_of_too_many_releases_is_closed() -> None:
    kept = [
        replace(FIRST, revision=n, tables=row(n=n), sheets=sheets(range(5 * n)))
        for n in range(1, 41)
    ]
    new = replace(FIRST, revision=41, tables=row(n=41), sheets=sheets(range(205)))
    assert may_release(new, kept).reason == "few"


# --- in the database --------------------------------------------------------------------------


def rating(front: str) -> dict[str, str]:
    """A sheet that says one thing."""
    return {"front": front}


@pytest.fixture
def world(new_world: MakeWorld) -> World:
    """An unsealed wave of ten sheets."""
    world = survey(new_world, "anonymous")
    unseal(world, [("association", rating("5" if n % 2 else "1")) for n in range(10)])
    return world


def wave_id(connection: Connection) -> int:
    """The wave's."""
    return int(connection.execute(select(wave.c.id).where(wave.c.slug == SLUG)).scalar_one())


def marks(world: World) -> frozenset[str]:
    """The fingerprints now."""
    with world.database.read() as connection:
        return fingerprints(connection, KEY, wave_id(connection))


def test_fingerprints_follow_their_sheets(world: World) -> None:
    before = marks(world)
    assert before == marks(world)
    assert len(before) == 10
    with world.database.read() as connection:
        ids = list(connection.scalars(select(response.c.id)))
        assert fingerprints(connection, KEY + "x", wave_id(connection)).isdisjoint(before)
    assert not any(mark in sheet or sheet in mark for mark in before for sheet in ids)

    def correct(connection: Connection) -> None:
        of_this = update(response).where(response.c.id == ids[0])
        connection.execute(of_this.values(answers={"front": "3"}))
        connection.execute(delete(response).where(response.c.id == ids[1]))
        connection.execute(update(response).where(response.c.id == ids[2]).values(state="void"))

    world.database.write(correct)
    after = marks(world)
    assert (len(after), len(after & before)) == (8, 7)


def test_a_release_stays(world: World) -> None:
    tables = row(yes=5, no=5, n=10, mean=3.0)

    def let(connection: Connection, numbers: dict[str, Numbers], revision: int) -> str:
        return release(
            connection, KEY, wave_id(connection), revision, numbers, {"made of": revision}
        ).reason

    assert world.database.write(lambda c: let(c, tables, 1)) == "first"
    assert world.database.write(lambda c: let(c, tables, 1)) == "same"
    with world.database.read() as connection:
        document = connection.execute(select(release_table.c.document)).scalar_one()
    assert document["numbers"] == {"made of": 1}
    with world.database.read() as connection:
        (kept,) = released(connection, wave_id(connection))
        stored = connection.execute(select(release_table.c.sheets)).scalar_one()
    assert kept == Release(kept.wave, 1, tables, marks(world))
    assert stored == sorted(stored)
    unseal(world, [("association", rating("5"))])
    assert world.database.write(lambda c: let(c, row(yes=6, no=5, n=11, mean=3.2), 2)) == "few"
    unseal(world, [("association", rating(each)) for each in "5555511111"])
    numbers = row(yes=11, no=10, n=21, mean=3.1)
    assert world.database.write(lambda c: let(c, numbers, 3)) == "further"
    with world.database.read() as connection:
        found = released(connection, wave_id(connection))
    assert [each.revision for each in found] == [1, 3]


def test_numbers_of_an_evaluation() -> None:
    columns = (
        Column("yes", "Ja", "count"),
        Column("share", "Anteil", "share"),
        Column("word", "", "text"),
    )
    rows = (Row("a", "A", (5, 0.5, "viel")), Row("b", "B", (WITHHELD, WITHHELD, None)))
    parts = (
        Part("open", "", Table("", columns, rows)),
        Part("own", "", Table("", columns, rows), named=True),
    )
    evaluation = Evaluation(
        slug="", title="", subtitle="", headline=(), method=(), level="public", marking="",
        sections=(Section("where", "", "", parts),),
        sample=True, language="de", revision=1, made=date(2026, 1, 1), closes=date(2026, 1, 1),
    )  # fmt: skip
    assert tables_of(evaluation, {"open": "sizes"}) == {
        "where/open/a": Numbers({"yes": 5, "share": 0.5}, "sizes"),
        "where/open/b": Numbers({"yes": None, "share": None}, "sizes"),
    }
