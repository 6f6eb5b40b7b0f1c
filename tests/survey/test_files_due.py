"""When files of a wave are due: at closing, once for each state, and never of a stale one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from analysis.closing import order_due
from analysis.stamp import stamp
from survey import corrections, files, jobs
from survey.database import clock
from survey.files import Made
from survey.tables import invitation, job, unit
from survey.waves import set_closing
from tests.survey.walks import LOWEST, MIDDLE, hand_in, rows
from tests.world import World

SLUG = "selbstcheck-2026"
OVER = -timedelta(hours=2)


def made_by_hand(world: World, slug: str = SLUG) -> None:
    """What the worker does at the end of a job: keep files of the state the wave is in now."""
    wave_id = world.standings(slug)[0].wave_id

    def keep(connection: Connection) -> None:
        made = [Made(f"{slug}-report-de.pdf", "application/pdf", b"%PDF")]
        files.replace(connection, wave_id, made, stamp(connection, slug))

    taken = jobs.take(world.database)
    assert taken is not None
    world.database.write(keep)
    world.database.write(lambda c: jobs.finish(c, taken.id, "done"))


def test_files_are_ordered_at_closing_once_for_each_state(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    hand_in(world, world.handles[1], LOWEST)
    assert order_due(world.app, world.database) == []
    world.move_closing(SLUG, -timedelta(minutes=30))
    assert order_due(world.app, world.database) == [], "somebody may be in the hour's grace"
    world.move_closing(SLUG, OVER)
    assert order_due(world.app, world.database) == [f"wave {SLUG}: files ordered"]
    assert order_due(world.app, world.database) == [], "it waits"
    made_by_hand(world)
    assert order_due(world.app, world.database) == [], "it is done"
    world.database.write(lambda c: corrections.void(c, world.handles[0], "doppelt"))
    assert order_due(world.app, world.database) == [f"wave {SLUG}: files ordered"]
    made_by_hand(world)
    assert order_due(world.app, world.database) == []


def test_an_extension_of_one_unit_keeps_the_files_waiting(world: World) -> None:
    world.move_closing(SLUG, OVER)

    def extended(by: timedelta) -> None:
        def change(connection: Connection) -> None:
            until = clock(connection) + by
            which = invitation.c.handle == world.handles[2]
            connection.execute(update(invitation).where(which).values(extended_until=until))

        world.database.write(change)

    extended(timedelta(days=1))
    assert order_due(world.app, world.database) == []
    extended(-timedelta(minutes=61))
    assert len(order_due(world.app, world.database)) == 1


def test_what_failed_is_ordered_again_after_an_hour(world: World) -> None:
    world.move_closing(SLUG, OVER)
    order_due(world.app, world.database)
    taken = jobs.take(world.database)
    assert taken is not None
    number = taken.id
    world.database.write(lambda c: jobs.finish(c, number, "failed"))
    assert order_due(world.app, world.database) == []
    an_hour_ago = update(job).values(requested=job_clock(world) - timedelta(minutes=61))
    world.database.write(lambda c: c.execute(an_hour_ago))
    assert len(order_due(world.app, world.database)) == 1


def job_clock(world: World) -> datetime:
    with world.database.read() as connection:
        return clock(connection)


def parent_renamed(world: World) -> None:
    changed = update(unit).where(unit.c.code == "GB 1").values(name="Anders")
    world.database.write(lambda c: c.execute(changed))


def parent_moved(world: World) -> None:
    changed = update(unit).where(unit.c.code == "GB 1").values(kind="amt")
    world.database.write(lambda c: c.execute(changed))


def successor_named(world: World) -> None:
    ids = [row["id"] for row in rows(world, unit)]
    changed = update(unit).where(unit.c.id == ids[1]).values(successor_id=ids[3])
    world.database.write(lambda c: c.execute(changed))


def another_successor(world: World) -> None:
    ids = [row["id"] for row in rows(world, unit)]
    changed = update(unit).where(unit.c.id == ids[1]).values(successor_id=ids[4])
    world.database.write(lambda c: c.execute(changed))


def declined(reason: str) -> Any:
    def change(world: World) -> None:
        changed = update(invitation).where(invitation.c.handle == world.handles[3])
        world.database.write(lambda c: c.execute(changed.values(no_sheet_reason=reason)))

    return change


def closing_later(world: World) -> None:
    first = world.standings(SLUG)[0]
    later = first.now.date() + timedelta(days=90)
    zone = world.config.zone
    world.database.write(lambda c: set_closing(c, first.wave_id, first.audience, later, zone))


def test_whatever_the_evaluation_shows_is_in_its_stamp(world: World) -> None:
    def mark() -> str:
        with world.database.read() as connection:
            return stamp(connection, SLUG)

    seen = [mark()]
    assert mark() == seen[0]
    for change in (
        lambda w: hand_in(w, w.handles[0], MIDDLE),
        lambda w: w.database.write(lambda c: corrections.void(c, w.handles[0], "doppelt")),
        declined("no_contact"),
        declined("declined"),
        parent_renamed,
        parent_moved,
        successor_named,
        another_successor,
        closing_later,
        lambda w: w.move_closing(SLUG, OVER),
    ):
        change(world)
        seen.append(mark())
    assert len(set(seen)) == len(seen)
    with world.database.read() as connection:
        assert stamp(connection, "unknown") == ""


def test_a_sheet_of_the_wave_before_changes_the_stamp(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    before = world.handles[0]
    world.add_wave(slug="following", title="Selbstcheck 2027", previous_slug=SLUG)
    with world.database.read() as connection:
        first = stamp(connection, "following")
    world.database.write(lambda c: corrections.void(c, before, "doppelt"))
    with world.database.read() as connection:
        assert stamp(connection, "following") != first
