"""Row 15: who wrote which sheet cannot be told; and the attacks see every planted leak."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from tests.harness.anonymous_wave import ORGANISATIONS, Service, hold_wave
from tests.harness.leaks import LEAKS
from tests.harness.searches import sealed_orders
from tests.harness.unlinkable import SIGNIFICANT, attack, likelihood, organisations
from tests.world import World

pytestmark = pytest.mark.slow  # for the build, not for every day

WAVES = 6


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def city(request: pytest.FixtureRequest) -> Iterator[World]:
    """One installation for the waves of all tests."""
    with organisations(request.param) as world:
        yield world


def kind_of(world: World) -> str:
    """The kind of its database."""
    return "sqlite" if world.database.is_sqlite else "postgresql"


def test_no_attack_is_better_than_chance(city: World) -> None:
    verdict = attack(Service(city), WAVES, seed=15)
    assert verdict.found == set(), "\n".join(verdict.lines())
    assert set(verdict.finds.values()) == {0}


@pytest.mark.parametrize(
    ("leak", "waves", "found", "only_on"),
    [
        (
            "plain at once",
            12,
            {"rows as they lie", "rows while open", "words while open", "tally increments"},
            {"postgresql": {"transaction numbers"}},
        ),
        (
            "flag with sheet",
            2,
            {"rows as they lie"},
            {"postgresql": {"shared transaction"}},
        ),
        (
            "no shuffle",
            2,
            set(),
            {
                "sqlite": {"sealed names in the order of rows"},
                "postgresql": {"rows as they lie", "remarks as they lie", "tally as it lies"},
            },
        ),
        ("no rewrite", 1, {"remains"}, {}),
        ("free pages", 1, {"remains"}, {}),
        ("language stored", 3, {"language"}, {}),
        ("time stored", 2, {"times", "times finer than a day"}, {}),
        ("ticket hash kept", 2, {"shared names", "names of before"}, {}),
        ("entry names kept", 2, {"names in logs", "names of before"}, {}),
        ("nothing secret", 2, {"guessed keys"}, {}),
        ("unpadded", 2, {"length", "lengths"}, {}),
        ("padded too little", 1, {"lengths"}, {}),
    ],
)
def test_a_planted_leak_is_found(
    city: World, leak: str, waves: int, found: set[str], only_on: dict[str, set[str]]
) -> None:
    verdict = attack(LEAKS[leak](city), waves, seed=16)
    expected = found | only_on.get(kind_of(city), set())
    assert expected <= verdict.found, "\n".join(verdict.lines())


def test_every_leak_has_its_line() -> None:
    marks = test_a_planted_leak_is_found.pytestmark  # type: ignore[attr-defined]
    assert {line[0] for line in marks[0].args[1]} == set(LEAKS)


def test_backups_tell_sets_of_unreadable_sheets(city: World) -> None:
    trace = hold_wave(Service(city), 10_000, Random(17))
    seen = [{row["id"] for row in copy.rows["sealed_sheet"]} for copy in trace.while_open]
    assert [len(each) for each in seen] == [5, 10, ORGANISATIONS]
    assert all(earlier < later for earlier, later in pairwise(seen))
    rows = trace.while_open[-1].rows["sealed_sheet"]
    assert len({len(row["body"]) for row in rows}) == 1
    assert len({row["body"][:40] for row in rows}) == ORGANISATIONS
    assert trace.after.rows["sealed_sheet"] == []
    if kind_of(city) == "sqlite":
        # WITHOUT ROWID: they lie in the order of their hashes.
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    else:
        # xmin and ctid do tell in which order they came; nothing leads on from there.
        assert sealed_orders(trace)["transaction numbers"] == ORGANISATIONS


def test_the_flags_keep_their_order_and_the_sheets_do_not(city: World) -> None:
    trace = hold_wave(Service(city), 10_001, Random(18))
    rows = [row for row in trace.after.rows["invitation"] if row["wave_id"] == trace.wave_id]
    assert all(row["taken_part"] for row in rows)
    if kind_of(city) == "postgresql":
        # VACUUM FULL copies rows as they lie and keeps xmin: who acted when is no secret.
        by_transaction = [row["handle"] for row in sorted(rows, key=lambda row: row["xmin"])]
        assert by_transaction == [who.handle for who in trace.acted]
        own = [row for row in trace.after.rows["response"] if row["wave_id"] == trace.wave_id]
        assert len({row["xmin"] for row in own}) == 1


def test_what_counts_as_better_than_chance() -> None:
    # One wave by hand: all fourteen right once in 14! orders; thirteen right means all are.
    assert likelihood(14, 1) == pytest.approx(1 / 87_178_291_200)
    assert likelihood(13, 1) == pytest.approx(likelihood(14, 1))
    assert likelihood(0, 1) == 1
    assert likelihood(1, 1) == pytest.approx(1 - 0.36787944, abs=1e-6)
    # Six waves: six hits are nothing, a third of all sheets is an alarm.
    assert likelihood(6, 6) > 0.5
    assert likelihood(28, 6) < SIGNIFICANT < likelihood(12, 6)
    # A thousand waves: two sheets in hundred more than chance are an alarm.
    assert likelihood(1200, 1000) < SIGNIFICANT < likelihood(1080, 1000)
