"""Jobs and the files they make: taken once, taken anew after a death, given up, never half."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Connection, update

from analysis import work
from analysis.stamp import stamp
from survey import files, jobs
from survey.cli import main
from survey.database import Database, clock
from survey.files import Made
from survey.jobs import Job
from survey.tables import job
from tests.conftest import MakeWorld
from tests.survey.walks import MIDDLE, hand_in, rows
from tests.world import LINK_KEY, SECRET_KEY, World

SLUG = "selbstcheck-2026"
AT_ONCE = 8
OVER = -timedelta(hours=2)


def asked(world: World, kind: jobs.Kind = "files", subject: str = "") -> int:
    wave_id = world.standings(SLUG)[0].wave_id
    return world.database.write(lambda c: jobs.ask(c, wave_id, kind, subject))


def latest(world: World, kind: jobs.Kind = "files", subject: str = "") -> Job:
    wave_id = world.standings(SLUG)[0].wave_id
    with world.database.read() as connection:
        found = jobs.latest(connection, wave_id, kind, subject)
    assert found is not None
    return found


def die(world: World, job_id: int, silent: timedelta = jobs.SILENCE) -> None:
    """Let a job's last sign of life be this and a second old."""

    def change(connection: Connection) -> None:
        beat = clock(connection) - silent - timedelta(seconds=1)
        connection.execute(update(job).where(job.c.id == job_id).values(beat=beat))

    world.database.write(change)


# --- one job ------------------------------------------------------------------------------------


def test_asked_twice_it_is_one_job_until_it_is_done(world: World) -> None:
    first = asked(world)
    assert asked(world) == first
    taken = jobs.take(world.database)
    assert taken is not None
    assert asked(world) == first, "while it runs, too"
    world.database.write(lambda c: jobs.finish(c, first, "done"))
    assert asked(world) != first
    assert asked(world, "unit", "a:de") != asked(world, "unit", "b:de")


def at_once(world: World, do: Any) -> list[Any]:
    """What several do at the same moment, each on a connection of its own."""
    database, start = Database(world.config.database_url, pool_size=AT_ONCE), Barrier(AT_ONCE)

    def one(_number: int) -> Any:
        start.wait()
        return do(database)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, range(AT_ONCE)))
    database.dispose()
    return found


def test_many_ask_at_once_for_one_job(world: World) -> None:
    wave_id = world.standings(SLUG)[0].wave_id
    found = at_once(world, lambda d: d.write(lambda c: jobs.ask(c, wave_id, "files")))
    assert len(set(found)) == 1
    assert len(rows(world, job)) == 1


def test_many_workers_take_each_job_once(world: World) -> None:
    wanted = {asked(world, "unit", f"{number}:de") for number in range(5)}
    found = [taken.id for taken in at_once(world, jobs.take) if taken]
    # Who finds the oldest one taken looks again a second later.
    while later := jobs.take(world.database):
        found.append(later.id)
    assert sorted(found) == sorted(wanted)


def test_the_oldest_comes_first_and_says_how_far_it_is(world: World) -> None:
    first, second = asked(world, "unit", "a:de"), asked(world, "unit", "b:de")
    taken = jobs.take(world.database)
    assert taken is not None
    assert taken.id == first
    world.database.write(lambda c: jobs.progress(c, first, 3, 7))
    now = latest(world, "unit", "a:de")
    assert (now.state, now.step, now.steps, now.attempts, now.pending) == ("running", 3, 7, 1, True)
    other = jobs.take(world.database)
    assert other is not None
    assert other.id == second
    assert jobs.take(world.database) is None


def test_who_waits_for_a_result_does_not_wait_for_the_files_of_waves(world: World) -> None:
    world.add_wave(slug="another", title="Selbstcheck 2027")
    other = world.standings("another")[0].wave_id
    ordered = [asked(world), world.database.write(lambda c: jobs.ask(c, other, "files"))]
    awaited = [asked(world, "unit", "a:de"), asked(world, "unit", "b:ar:desk")]
    taken = [jobs.take(world.database) for _job in range(2)]
    assert [job.id for job in taken if job] == awaited
    # One that comes while files are made is next; what has died behind it is not forgotten.
    running = jobs.take(world.database)
    assert running is not None
    assert running.id == ordered[0]
    die(world, running.id)
    late = asked(world, "unit", "c:vi")
    following = [jobs.take(world.database) for _job in range(4)]
    assert [job.id if job else None for job in following] == [late, *ordered, None]


def test_a_job_whose_worker_died_is_taken_anew(world: World) -> None:
    number = asked(world)
    jobs.take(world.database)
    die(world, number, jobs.SILENCE - timedelta(seconds=30))
    assert jobs.take(world.database) is None, "it may only be slow"
    world.database.write(lambda c: jobs.progress(c, number, 5, 7))
    die(world, number)
    again = jobs.take(world.database)
    assert again is not None
    assert again.id == number
    now = latest(world)
    assert (now.attempts, now.step) == (2, 0)


def test_given_up_it_keeps_nobody_waiting(world: World) -> None:
    number, behind = asked(world, "unit", "a:de"), asked(world)
    for _attempt in range(jobs.MOST_ATTEMPTS):
        taken = jobs.take(world.database)
        assert taken is not None
        assert taken.id == number
        die(world, number)
    following = jobs.take(world.database)
    assert following is not None
    assert following.id == behind
    assert latest(world, "unit", "a:de").state == "failed"
    assert asked(world, "unit", "a:de") != number, "who asks again gets a new one"


def test_given_back_it_waits_again_but_what_is_done_stays_done(world: World) -> None:
    number = asked(world)
    jobs.take(world.database)
    world.database.write(lambda c: jobs.give_back(c, number))
    assert latest(world).state == "waiting"
    jobs.take(world.database)
    world.database.write(lambda c: jobs.finish(c, number, "done"))
    world.database.write(lambda c: jobs.give_back(c, number))
    assert latest(world).state == "done"


def test_a_job_that_breaks_is_tried_again_and_then_lets_the_others_pass(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = work.MAKERS["unit"]

    def broken(app: Flask, database: Database, taken: Job) -> str:
        if taken.subject == "somebody:de":
            raise RuntimeError("a planted defect")
        return whole(app, database, taken)

    monkeypatch.setitem(work.MAKERS, "unit", broken)
    asked(world, "unit", "somebody:de")
    asked(world, "unit", "nobody:de")
    lines = []
    while taken := jobs.take(world.database):
        lines.append(work.work_off(world.app, world.database, taken))
    assert [line.partition(": ")[2] for line in lines] == [
        *["failed: RuntimeError"] * jobs.MOST_ATTEMPTS,
        "nothing to make: nobody:de",
    ]
    assert latest(world, "unit", "somebody:de").state == "failed"
    assert latest(world, "unit", "nobody:de").state == "failed"


# --- files --------------------------------------------------------------------------------------


def test_files_are_replaced_all_or_none(world: World) -> None:
    wave_id = world.standings(SLUG)[0].wave_id

    def keep(*made: Made, subject: str = "") -> None:
        world.database.write(lambda c: files.replace(c, wave_id, made, "state", subject))

    def names(subject: str = "") -> list[str]:
        with world.database.read() as connection:
            return [kept.name for kept in files.listed(connection, wave_id, subject)]

    keep(Made("a.csv", "text/csv", b"1"), Made("b.csv", "text/csv", b"2"))
    keep(Made("unit.pdf", "application/pdf", b"%PDF"), subject="handle:de")

    def half() -> Iterator[Made]:
        yield Made("c.csv", "text/csv", b"3")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        world.database.write(lambda c: files.replace(c, wave_id, half(), "state"))
    assert names() == ["a.csv", "b.csv"]
    keep(Made("b.csv", "text/csv", b"22"))
    assert names() == ["b.csv"]
    assert names("handle:de") == ["unit.pdf"]
    with world.database.read() as connection:
        kept = files.read(connection, wave_id, "b.csv")
        assert files.read(connection, wave_id, "a.csv") is None
    assert kept is not None
    assert kept.content == b"22"


# --- the worker ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
def test_the_worker_looks_once_and_makes_everything(
    new_world: MakeWorld, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    asked(world, "unit", f"{world.handles[0]}:en")
    asked(world, "unit", "nobody:de")
    world.move_closing(SLUG, OVER)
    monkeypatch.setattr("os.nice", lambda _by: 0)  # the tests after this one stay as they are
    settings = {
        "DATABASE_URL": world.config.database_url,
        "SECRET_KEY": SECRET_KEY,
        "LINK_KEY": LINK_KEY,
        "PUBLIC_URL": "https://check.example",
    }
    for _time in range(2):
        said = CliRunner(env=settings).invoke(main, ["work", "--once"], catch_exceptions=False)
        assert said.exit_code == 0
        if _time == 0:
            assert f"wave {SLUG}: files ordered" in said.output
            assert f"wave {SLUG}: one unit's result made" in said.output
            assert "nothing to make: nobody:de" in said.output
        else:
            assert "files" not in said.output
    done = latest(world)
    assert (done.state, done.step) == ("done", done.steps)
    standing = world.standing(world.handles[0])
    with world.database.read() as connection:
        kept = files.listed(connection, standing.wave_id)
        result = files.fresh_result(connection, files.Wanted(standing, "en"))
        assert {each.stamp for each in kept} == {stamp(connection, SLUG)}
    assert len(kept) == done.steps >= 20
    # It was made in this same run, after closing, so it is about the state the wave is in now.
    assert result is not None
    assert result.content.startswith(b"%PDF")
