"""Row 1: what was acknowledged outlives SIGKILL; and the harness sees when it does not.

SIGKILL leaves the operating system alive, so `synchronous=OFF` cannot be seen here: what was
written is kept by the page cache. Only the replay of a power cut (row 2) can see that.
"""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import delete, insert, update

from survey import store
from survey.standing import submitted_answers
from survey.tables import remark, response, response_version
from survey.tables import tally as tally_table
from tests.conftest import MakeWorld
from tests.harness.city import KINDS_OF_DATABASE, add_offices
from tests.harness.crashing import crash_run
from tests.harness.form import STATEMENTS, Sheet
from tests.harness.judge import Verdict, judge
from tests.harness.respondent import Ledger
from tests.world import World, selbstcheck

pytestmark = pytest.mark.slow  # for the build, not for every day

PLANTED = (sys.executable, "-m", "tests.harness.planted")


@pytest.mark.parametrize("kind", KINDS_OF_DATABASE)
def test_nothing_acknowledged_is_lost(kind: str) -> None:
    report = crash_run(kind, 3, seed=1, pace=30)
    assert report.clean, report


def test_a_receipt_before_the_commit_is_noticed() -> None:
    report = crash_run("sqlite", 4, seed=2, pace=30, command=(*PLANTED, "receipt-before-commit"))
    assert report.verdict.lost, report


def test_a_tally_apart_from_its_sheet_is_noticed() -> None:
    report = crash_run("sqlite", 2, seed=3, pace=60, command=(*PLANTED, "tally-apart"))
    assert report.verdict.half, report


SHEET: Sheet = dict.fromkeys(STATEMENTS, "4") | {"next_steps": "Sprechtag"}


def _submit_once(world: World, handle: str, sheet: Sheet, before: Sheet) -> None:
    write, questionnaire, base = world.database.write, selbstcheck(), store.content_hash
    write(lambda c: store.reopen(c, handle))
    write(lambda c: store.save(c, handle, questionnaire.keys, sheet, base(before)))
    key = f"{handle} {sheet['q1']}"
    write(lambda c: store.submit(c, handle, base(sheet), key, questionnaire, "de"))


def _submitted_twice(world: World) -> Ledger:
    """An invitation whose sheet was submitted, reopened, changed and submitted again."""
    handle = add_offices(world, 1)[0]
    first, second = SHEET, SHEET | {"q1": "2", "next_steps": "Merkblatt"}
    _submit_once(world, handle, first, {})
    _submit_once(world, handle, second, first)
    with world.database.read() as connection:
        assert submitted_answers(connection, world.standing(handle)) == second
    return Ledger(handle, None, [first, second], acknowledged=4)


DAMAGES = {
    "lost remark": (delete(remark), "lost"),
    "lost version": (delete(response_version), "half"),
    "lost answer": (update(response).values(answers=SHEET), "lost"),
    "lost draft": (update(response).values(draft={"q1": "1"}), "lost"),
    "one version too many": (update(response).values(version=3), "double"),
    "one version too few": (update(response).values(version=1), "lost"),
    "other points": (update(response).values(points=31), "half"),
    "other colour": (update(response).values(band="yellow"), "half"),
    "forgotten count": (delete(tally_table).where(tally_table.c.question == "q3"), "half"),
    "doubled count": (update(tally_table).values(count=2), "half"),
}


def test_the_judge_finds_nothing_where_nothing_is(new_world: MakeWorld) -> None:
    world = new_world()
    assert judge(world.database, [_submitted_twice(world)]) == Verdict()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_judge_sees_damage(new_world: MakeWorld, damage: str) -> None:
    world = new_world()
    ledger = _submitted_twice(world)
    statement, kind = DAMAGES[damage]
    world.database.write(lambda connection: connection.execute(statement))
    assert getattr(judge(world.database, [ledger]), kind)


def test_the_judge_sees_a_second_response(new_world: MakeWorld) -> None:
    world = new_world()
    ledger = _submitted_twice(world)
    standing = world.standing(ledger.handle)
    copy = {
        "id": "f" * 32,
        "wave_id": standing.wave_id,
        "audience": standing.audience,
        "mode": standing.mode,
        "invitation_id": standing.invitation_id,
        "unit_id": standing.unit_id,
        # The index allows no second counting response; a void one was never asked for.
        "state": "void",
    }
    world.database.write(lambda connection: connection.execute(insert(response), copy))
    assert judge(world.database, [ledger]).double
