"""When the last audience has closed, sheets become responses: all, once, counted, in no order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from survey import codes, store, unsealing
from survey import database as database_module
from survey.database import Database, Unavailable, clock
from survey.questionnaires import Library
from survey.tables import (
    anonymous_draft,
    one_time_code,
    remark,
    response,
    sealed_sheet,
    tally,
    wave,
    wave_audience,
)
from survey.unsealing import Unsealed, renamed, unseal_due
from tests.conftest import MakeWorld
from tests.survey import anonymously as open_survey
from tests.survey.anonymously import DRAFT, SLUG, close, hand_in, save, ticket, wave_id
from tests.survey.walks import assert_tally_right, contents, rows
from tests.world import LINK_KEY, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """An open anonymous wave."""
    return open_survey.make_anonymous(new_world())


def unseal(world: World) -> list[Unsealed]:
    """One look of `zugangscheck work`."""
    return unseal_due(world.database, Library(), LINK_KEY)


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        ((-DAY, -DAY), False),
        ((DAY, -MINUTE), False),
        ((DAY, MINUTE), False),
        ((DAY, HOUR - MINUTE), False),
        ((DAY, HOUR + MINUTE), True),
        ((HOUR + MINUTE, DAY), True),
        ((MINUTE, DAY), False),
    ],
)
def test_all_audiences_are_closed_for_an_hour(
    city: World, closed: tuple[timedelta, ...], due: bool
) -> None:
    hand_in(city)
    close(city, *closed)
    before = contents(city)
    assert unseal(city) == ([Unsealed(SLUG, 1, 0)] if due else [])
    assert (contents(city) == before) != due


def test_sheets_become_responses_of_nobody(city: World) -> None:
    hand_in(city)
    hand_in(city, "traeger", front="5", what="")
    close(city, 2 * HOUR)
    assert unseal(city) == [Unsealed(SLUG, 2, 0)]
    found = {row["audience"]: row for row in rows(city, response)}
    assert set(found) == {"vereine", "traeger"}
    own = found["vereine"]
    assert own["answers"] == {
        "place@01bbbb": ["whole", "unit:17"],
        "kind@01bbbb": "doors",
        "front": "3",
        "back": "1",
    }
    assert own["category_bands"] == {"doors": "red"}
    empty = ("invitation_id", "unit_id", "language", "submitted", "submission_key", "draft")
    assert [row[name] for row in found.values() for name in empty] == [None] * 12
    texts = {row["question"]: row["body"] for row in rows(city, remark)[:2]}
    assert texts == {"what@01bbbb": DRAFT["what@01bcdf"], "better": DRAFT["better"]}
    assert_tally_right(city)
    counts = {(r["audience"], r["question"], r["value"]): r["count"] for r in rows(city, tally)}
    assert counts["vereine", "front", "3"] == counts["traeger", "front", "5"] == 1


def test_drafts_and_codes_are_gone(city: World) -> None:
    hand_in(city)
    save(city, ticket(city), {"better": "nie abgegeben"}, {})
    made = city.database.write(lambda c: codes.make_codes(c, wave_id(city), 5))
    city.database.write(lambda c: codes.spend(c, wave_id(city), made[0]))
    close(city, 2 * HOUR)
    unseal(city)
    assert (
        rows(city, sealed_sheet) == rows(city, anonymous_draft) == rows(city, one_time_code) == []
    )


def test_a_wave_without_sheets_is_unsealed_too(city: World) -> None:
    close(city, 2 * HOUR)
    assert unseal(city) == [Unsealed(SLUG, 0, 0)]
    assert unseal(city) == []
    assert rows(city, wave)[0]["unsealed"] is not None


def test_repeating_changes_nothing(city: World) -> None:
    hand_in(city)
    close(city, 2 * HOUR)
    unseal(city)
    before = contents(city)
    assert unseal(city) == []
    assert contents(city) == before


def test_other_waves_stay_sealed(city: World) -> None:
    open_survey.add_anonymous_wave(city, "stufen-2027")
    other = ticket(city, slug="stufen-2027")
    save(city, other, DRAFT, {})
    open_survey.submit(city, other, DRAFT)
    hand_in(city)
    close(city, 2 * HOUR)
    assert unseal(city) == [Unsealed(SLUG, 1, 0)]
    assert [row["wave_id"] for row in rows(city, sealed_sheet)] == [wave_id(city, "stufen-2027")]
    assert open_survey.standing(city, other).answers == DRAFT


def test_an_extension_postpones(city: World) -> None:
    hand_in(city)
    close(city, 2 * HOUR)
    with city.database.read() as connection:
        row = connection.execute(select(wave.c.id, wave.c.slug)).one()
        tomorrow = clock(connection) + DAY
    open_survey.set_closes(city, "traeger", tomorrow)
    # A worker that had looked before the extension looks again under lock.
    library = Library()
    assert not city.database.write(lambda c: unsealing._empty(c, library, LINK_KEY, row))
    assert city.database.write(lambda c: unsealing._finish(c, row)) is None
    assert unseal(city) == []
    hand_in(city, "traeger")
    close(city, 2 * HOUR)
    assert unseal(city) == [Unsealed(SLUG, 2, 0)]


def test_suspicious_sheets_wait_and_are_not_counted(city: World) -> None:
    hand_in(city, front="5")
    hand_in(city, front="1", suspicion="many")
    close(city, 2 * HOUR)
    assert unseal(city) == [Unsealed(SLUG, 2, 1)]
    states = {
        row["answers"]["front"]: (row["state"], row["void_reason"]) for row in rows(city, response)
    }
    assert states == {"5": ("submitted", None), "1": ("quarantined", "many")}
    assert_tally_right(city)
    assert {r["value"] for r in rows(city, tally) if r["question"] == "front"} == {"5"}


def test_two_workers_open_a_box_once(city: World) -> None:
    for _ in range(10):
        hand_in(city)
    close(city, 2 * HOUR)
    start = Barrier(2)

    def work(_number: int) -> list[Unsealed]:
        database = Database(city.config.database_url)
        start.wait()
        try:
            return unseal_due(database, Library(), LINK_KEY)
        finally:
            database.dispose()

    with ThreadPoolExecutor(2) as pool:
        done = [each for found in pool.map(work, range(2)) for each in found]
    assert done == [Unsealed(SLUG, 10, 0)]
    assert len(rows(city, response)) == 10
    assert_tally_right(city)


class PowerCut(Exception):
    """Ends a worker between opening a box and cleaning up."""


@pytest.mark.parametrize("failure", [PowerCut, Unavailable])
def test_a_cleaning_that_failed_is_done_again(
    city: World, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    hand_in(city)
    close(city, 2 * HOUR)
    cleaned: list[object] = []

    def fail(_database: Database, _tables: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(Database, "rewrite", fail)
        with pytest.raises(failure):
            unseal(city)
    assert rows(city, wave)[0]["unsealed"] is None
    honest = Database.rewrite

    def clean(database: Database, tables: tuple[str, ...]) -> None:
        cleaned.append(tables)
        honest(database, tables)

    monkeypatch.setattr(Database, "rewrite", clean)
    assert unseal(city) == [Unsealed(SLUG, 1, 0)]
    assert (len(cleaned), len(rows(city, response))) == (1, 1)
    assert_tally_right(city)


def test_while_somebody_sees_what_was_before_the_wave_waits(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader keeps SQLite's journal, and PostgreSQL's deleted rows: a long backup, for one."""
    hand_in(city)
    close(city, 2 * HOUR)
    monkeypatch.setattr(database_module, "LOCK_PATIENCE", 0.1)
    impatient = Database(city.config.database_url)
    with city.database.snapshot() as reader:
        reader.execute(select(wave_audience)).all()
        with pytest.raises(Unavailable, match="somebody is reading"):
            unseal_due(impatient, Library(), LINK_KEY)
        impatient.dispose()
        assert rows(city, wave)[0]["unsealed"] is None
    assert unseal(city) == [Unsealed(SLUG, 1, 0)]


def test_nobody_hands_in_behind_an_opened_box(city: World) -> None:
    """A submission that waits for the box finds the wave closed."""
    held = ticket(city)
    save(city, held, DRAFT, {})
    close(city, HOUR - MINUTE)
    with ThreadPoolExecutor(2) as pool, city.database.engine.begin() as connection:
        if city.database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(select(wave.c.id).where(wave.c.slug == SLUG).with_for_update())
        late = pool.submit(open_survey.submit, city, held, DRAFT)
        with pytest.raises(TimeoutError):
            late.result(timeout=0.3)
        connection.execute(wave_audience.update().values(closes=clock(connection) - HOUR - MINUTE))
        connection.commit()
        with pytest.raises(store.NotOpen):
            late.result(timeout=5)
    assert unseal(city) == [Unsealed(SLUG, 0, 0)]


@pytest.mark.parametrize(
    ("draft", "named"),
    [
        ({}, {}),
        ({"better": "x"}, {"better": "x"}),
        ({"what@02ghjk": "b", "kind@02ghjk": "c"}, {"what@01bbbb": "b", "kind@01bbbb": "c"}),
        (
            {"what@01zzzz": "1", "what@01bcdf": "0", "what@12bcdf": "2", "kind@12bcdf": "k"},
            {"what@01bbbb": "0", "what@02bbbb": "1", "what@03bbbb": "2", "kind@03bbbb": "k"},
        ),
    ],
)
def test_entries_keep_their_order_and_lose_their_names(
    draft: dict[str, str], named: dict[str, str]
) -> None:
    assert renamed(draft) == named


def test_a_wave_sealed_with_another_key_waits_and_loses_nothing(city: World) -> None:
    hand_in(city)
    close(city, 2 * HOUR)
    before = contents(city)
    assert unseal_due(city.database, Library(), "another key of thirty-two characters") == []
    assert contents(city) == before
    assert [each.sheets for each in unseal(city)] == [1]
