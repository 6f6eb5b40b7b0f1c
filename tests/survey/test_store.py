"""The only writer of responses: what it refuses, and counts that always equal a recount."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from forms.scoring import Unanswered
from survey import corrections, store, tally
from survey.earlier import earlier
from survey.sheet import NothingToSubmit
from survey.standing import submitted_answers
from survey.tables import invitation, response, unit, wave
from survey.tables import tally as tally_table
from tests.survey.walks import LOWEST, MIDDLE, assert_tally_right, rows
from tests.world import World, selbstcheck

CHECK = selbstcheck()
EMPTY = store.content_hash({})


def fill(world: World, handle: str, answers: dict[str, Any]) -> None:
    """Begin and save a whole sheet at once."""

    def work(connection: Connection) -> None:
        store.begin(connection, handle)
        store.save(connection, handle, CHECK.keys, answers, EMPTY)

    world.database.write(work)


def submit(world: World, handle: str, key: str = "key") -> None:
    """Submit the draft as it is."""
    base = store.content_hash(world.standing(handle).draft)
    world.database.write(lambda c: store.submit(c, handle, base, key + handle, CHECK, "de"))


def hand_in(world: World, handle: str, answers: dict[str, Any]) -> None:
    """Fill and submit."""
    fill(world, handle, answers)
    submit(world, handle)


def total_rows(world: World) -> dict[tuple[int, str], int]:
    """The tally's totals: (unit, points) → count."""
    return {
        (r["unit_id"], r["value"]): r["count"]
        for r in rows(world, tally_table)
        if r["question"] == "@total"
    }


def test_drafts_do_not_count(world: World) -> None:
    fill(world, world.handles[0], MIDDLE)
    assert rows(world, tally_table) == []
    assert_tally_right(world)


def test_the_tally_is_a_recount_after_every_kind_of_write(world: World) -> None:
    ten, _, twenty, thirty = world.handles
    units = {h: world.standing(h).unit_id for h in world.handles}
    hand_in(world, ten, MIDDLE | {"q8_fields": ["exchange", "events"]})
    hand_in(world, thirty, MIDDLE)
    assert total_rows(world) == {(units[ten], "24"): 1, (units[thirty], "24"): 1}
    assert_tally_right(world)

    world.database.write(lambda c: store.reopen(c, ten))
    keys = CHECK.sections[0].keys
    base = store.content_hash(store.part(world.standing(ten).draft, keys))
    world.database.write(
        lambda c: store.save(c, ten, keys, {"q1": "5", "q2": "5", "q3": "5"}, base)
    )
    assert_tally_right(world)
    submit(world, ten, "second")
    assert total_rows(world)[(units[ten], "30")] == 1
    assert (units[ten], "24") not in total_rows(world)
    assert_tally_right(world)

    world.database.write(lambda c: corrections.move(c, ten, twenty))
    assert total_rows(world) == {(units[twenty], "30"): 1, (units[thirty], "24"): 1}
    assert_tally_right(world)

    world.database.write(lambda c: corrections.void(c, twenty, "Versehen"))
    assert total_rows(world) == {(units[thirty], "24"): 1}
    assert_tally_right(world)

    hand_in(world, twenty, LOWEST)
    assert total_rows(world)[(units[twenty], "8")] == 1
    assert_tally_right(world)


def test_every_count_raises_the_revision(world: World) -> None:
    def revision() -> int:
        return int(rows(world, wave)[0]["revision"])

    fill(world, world.handles[0], MIDDLE)
    assert revision() == 0
    submit(world, world.handles[0])
    assert revision() == 1
    world.database.write(lambda c: corrections.void(c, world.handles[0], "x"))
    assert revision() == 2


def test_a_wrong_count_is_found_and_rebuilt(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    world.database.write(
        lambda c: c.execute(
            update(tally_table).where(tally_table.c.question == "q1").values(count=7)
        )
    )
    with world.database.snapshot() as connection:
        [((_, _, _, question, value), kept, counted)] = tally.verify(connection)
    assert (question, value, kept, counted) == ("q1", "3", 7, 1)
    world.database.write(tally.rebuild)
    assert_tally_right(world)


def test_what_a_sheet_counts_as() -> None:
    sheet = {
        "answers": {"q1": "3", "q8_fields": ["a", "b"], "kind@01bcdf": "x", "kind@02bcdf": "x"},
        "promise_marks": {"earlier": "x", "lines": {"q5_next:0": "done", "q5_next:1": "done"}},
        "category_points": {"language": 9},
        "category_bands": {"doors": "red"},
        "points": 24,
        "band": "yellow",
    }
    assert tally.counted(sheet) == [
        ("@band", "yellow"),
        ("@category:language", "9"),
        ("@category_band:doors", "red"),
        ("@promise", "done"),
        ("@promise", "done"),
        ("@sheet", "submitted"),
        ("@total", "24"),
        ("kind", "x"),
        ("kind", "x"),
        ("q1", "3"),
        ("q8_fields", "a"),
        ("q8_fields", "b"),
    ]
    scores = ("category_points", "category_bands", "points", "band")
    nothing = dict.fromkeys(("answers", "promise_marks", *scores))
    assert tally.counted(nothing) == [("@sheet", "submitted")]


def test_texts_are_remarks_and_not_answers(world: World) -> None:
    texts = {"q5_next": "Sprechtag", "q8_fields": ["other"], "q8_fields.other": "Chor"}
    hand_in(world, world.handles[0], MIDDLE | texts)
    standing = world.standing(world.handles[0])
    assert standing.answers == MIDDLE | {"q8_fields": ["other"]}
    with world.database.read() as connection:
        assert submitted_answers(connection, standing) == MIDDLE | texts
    assert standing.draft is None
    assert standing.category_points == {"language": 9, "organisation": 6, "sensitivity": 9}
    assert (standing.points, standing.possible, standing.band) == (24, 40, "yellow")


REFUSED: list[tuple[str, Callable[[Connection, str, str], object], type[Exception]]] = [
    ("void nothing", lambda c, a, _: corrections.void(c, a, "x"), NothingToSubmit),
    ("move nothing", corrections.move, NothingToSubmit),
    (
        "submit nothing",
        lambda c, a, _: store.submit(c, a, EMPTY, "k", CHECK, "de"),
        NothingToSubmit,
    ),
    ("save nowhere", lambda c, _, __: store.save(c, "none", (), {}, EMPTY), NothingToSubmit),
    ("a stale page", lambda c, a, _: store.save(c, a, ("q1",), {"q1": "1"}, "old"), store.Conflict),
]


@pytest.mark.parametrize(("work", "refusal"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_the_store_refuses(
    world: World, work: Callable[[Connection, str, str], object], refusal: type[Exception]
) -> None:
    one, two = world.handles[:2]
    with pytest.raises(refusal):
        world.database.write(lambda c: work(c, one, two))
    assert rows(world, response) == []


def test_an_incomplete_sheet_is_not_submitted(world: World) -> None:
    fill(world, world.handles[0], {"q1": "5"})
    with pytest.raises(Unanswered):
        submit(world, world.handles[0])
    assert world.standing(world.handles[0]).state == "draft"


def test_a_sheet_is_not_moved_over_another(world: World) -> None:
    ten, _, twenty, _ = world.handles
    hand_in(world, ten, MIDDLE)
    fill(world, twenty, {"q1": "1"})
    for target in (twenty, ten, "nowhere", ""):
        with pytest.raises(corrections.Taken):
            world.database.write(lambda c, target=target: corrections.move(c, ten, target))  # type: ignore[misc]
    assert_tally_right(world)


def test_a_sheet_is_not_moved_to_another_wave(world: World) -> None:
    ten = world.handles[0]
    hand_in(world, ten, MIDDLE)
    other = world.add_wave(slug="another")[2]
    with pytest.raises(corrections.Taken):
        world.database.write(lambda c: corrections.move(c, ten, other))


def test_a_moved_sheet_belongs_to_its_new_unit(world: World) -> None:
    ten, _, twenty, _ = world.handles
    hand_in(world, ten, MIDDLE)
    world.database.write(lambda c: corrections.move(c, ten, twenty))
    # Strangers used its link: the unit itself has not begun.
    assert world.standing(ten).return_state == "invited"
    moved = world.standing(twenty)
    assert (moved.return_state, moved.points) == ("submitted", 24)
    assert moved.begun is not None


def test_the_chain_of_predecessors_ends_even_in_a_circle(world: World) -> None:
    hand_in(world, world.handles[1], LOWEST)
    wave_before = world.standing(world.handles[1]).wave_slug
    new = world.add_wave(slug="following", previous_slug=wave_before)
    ids = {row["code"]: row["id"] for row in rows(world, unit)}

    def work(connection: Connection) -> None:
        for old, heir in (("10", "20"), ("20", "30"), ("30", "10"), ("10.1", "10")):
            change = update(unit).where(unit.c.code == old).values(successor_id=ids[heir])
            connection.execute(change)

    world.database.write(work)
    thirty = world.standing(new[3])
    with world.database.read() as connection:
        found = earlier(connection, thirty)
    assert found
    assert (thirty.unit_code, found.unit_name, found.points) == ("30", "Abteilung Zehn-Eins", 8)


# --- what the database itself refuses -------------------------------------------------------------

GOOD_SCORE = {"points": 24, "possible": 40, "category_points": {"language": 9}, "band": "yellow"}
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("unknown state", {"state": "lost"}, "state_known"),
    ("unknown band", {"band": "blue"}, "band_known"),
    ("more points than possible", GOOD_SCORE | {"points": 41}, "points_within_possible"),
    ("half a score", {"points": 24}, "score_whole"),
    ("a score without categories", GOOD_SCORE | {"category_points": None}, "score_whole"),
    ("submitted without answers", {"state": "submitted"}, "submitted_has_answers"),
    ("a draft without content", {"draft": None}, "draft_has_content"),
    ("named without unit", {"unit_id": None}, "named_has_unit"),
    ("named without invitation", {"invitation_id": None}, "named_has_unit"),
    ("unknown unit", {"unit_id": 999_999}, "(?i)foreign key"),
    ("unknown audience", {"audience": "nobody"}, "(?i)foreign key"),
]


def good_response(world: World) -> dict[str, Any]:
    """A row the database takes."""
    standing = world.standing(world.handles[0])
    return {
        "id": "r",
        "wave_id": standing.wave_id,
        "audience": standing.audience,
        "mode": "named",
        "invitation_id": standing.invitation_id,
        "unit_id": standing.unit_id,
        "state": "draft",
        "draft": {},
    }


@pytest.mark.parametrize(("change", "rule"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_the_database_refuses_bad_responses(
    world: World, change: dict[str, Any], rule: str
) -> None:
    good = good_response(world)
    with pytest.raises(IntegrityError, match=rule):
        world.database.write(lambda c: c.execute(insert(response), good | change))
    world.database.write(lambda c: c.execute(insert(response), good))


NAMELESS: dict[str, Any] = {
    "mode": "anonymous",
    "unit_id": None,
    "invitation_id": None,
    "state": "submitted",
    "draft": None,
    "answers": {},
}
"""What makes an anonymous response of a named one."""


@pytest.mark.parametrize("column", ["unit_id", "invitation_id", "language", "submitted", "draft"])
def test_an_anonymous_response_names_nobody(world: World, column: str) -> None:
    good = good_response(world)
    identifying = {
        "unit_id": good["unit_id"],
        "invitation_id": good["invitation_id"],
        "language": "de",
        "submitted": world.standing(world.handles[0]).now,
        "draft": {"q1": "3"},
    }
    world.database.write(lambda c: c.execute(update(wave).values(mode="anonymous")))
    bare = good | NAMELESS
    with pytest.raises(IntegrityError, match="anonymous_names_nobody"):
        world.database.write(
            lambda c: c.execute(insert(response), bare | {column: identifying[column]})
        )
    world.database.write(lambda c: c.execute(insert(response), bare))


def test_a_named_wave_takes_no_anonymous_response(world: World) -> None:
    bare = good_response(world) | NAMELESS
    with pytest.raises(IntegrityError, match="(?i)foreign key"):
        world.database.write(lambda c: c.execute(insert(response), bare))


def test_one_counting_sheet_for_each_invitation_and_one_submission_key(world: World) -> None:
    good = good_response(world) | {"submission_key": "k"}
    world.database.write(lambda c: c.execute(insert(response), good))
    with pytest.raises(IntegrityError):
        world.database.write(
            lambda c: c.execute(insert(response), good | {"id": "s", "submission_key": "l"})
        )
    other = world.standing(world.handles[2])
    elsewhere = {"id": "s", "invitation_id": other.invitation_id, "unit_id": other.unit_id}
    with pytest.raises(IntegrityError):
        world.database.write(lambda c: c.execute(insert(response), good | elsewhere))
    void = {"id": "v", "state": "void", "submission_key": "m"}
    world.database.write(lambda c: c.execute(insert(response), good | void))


@pytest.mark.parametrize(
    ("table", "values", "rule"),
    [
        (unit, {"parent_id": unit.c.id}, "not_its_own_parent"),
        (unit, {"successor_id": unit.c.id}, "not_its_own_successor"),
        (wave, {"mode": "secret"}, "mode_known"),
        (wave, {"previous_id": wave.c.id}, "not_its_own_previous"),
        (invitation, {"no_sheet_reason": "lazy"}, "no_sheet_reason_known"),
        (invitation, {"link_generation": 0}, "link_generation_counts_up"),
    ],
)
def test_the_database_refuses_bad_states(
    world: World, table: Any, values: dict[str, Any], rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        world.database.write(lambda c: c.execute(update(table).values(**values)))


def test_counts_are_never_negative(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    with pytest.raises(IntegrityError, match="count_not_negative"):
        world.database.write(
            lambda c: c.execute(update(tally_table).values(count=tally_table.c.count - 2))
        )
    with world.database.read() as connection:
        assert connection.scalar(select(tally_table.c.count).limit(1)) == 1
