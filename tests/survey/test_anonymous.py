"""Sheets without a link: saved under a ticket, sealed when handed in, unreadable until closing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from survey import anonymous, sealed, store
from survey.anonymous import MOST_SHEET_CHARACTERS, Ticket, TooLarge
from survey.database import clock
from survey.sheet import NothingToSubmit
from survey.tables import anonymous_draft, response, sealed_sheet, tally, unit
from survey.unsealing import drop_expired_drafts
from tests.conftest import MakeWorld
from tests.survey import anonymously as open_survey
from tests.survey.anonymously import DRAFT, hand_in, save, standing, submit, ticket, wave_id
from tests.survey.walks import contents, rows
from tests.world import LINK_KEY, World

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """An open anonymous wave."""
    return open_survey.make_anonymous(new_world())


def test_pages_add_up_to_a_draft_only_the_ticket_opens(city: World) -> None:
    held = ticket(city)
    assert (standing(city, held).state, standing(city, held).draft) == (None, None)
    save(city, held, {"better": "Türen"}, {})
    save(city, held, {"front": "3"}, {})
    save(city, held, {"better": "Tore"}, {"better": "Türen"})
    assert standing(city, held).draft == {"better": "Tore", "front": "3"}
    assert standing(city, held).state == "draft"
    assert standing(city, ticket(city)).draft is None
    (row,) = rows(city, anonymous_draft)
    assert row["id"] == sealed.draft_id(held.secret)
    assert held.secret not in str(row)
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(sealed.box_key(LINK_KEY, wave_id(city)), row["id"], row["body"])


def test_an_expiry_is_a_day(city: World) -> None:
    save(city, ticket(city), {"better": "Türen"}, {})
    with city.database.read() as connection:
        now = clock(connection)
    (row,) = rows(city, anonymous_draft)
    expires = row["expires"]
    assert (expires.hour, expires.minute, expires.second, expires.microsecond) == (0, 0, 0, 0)
    longest = timedelta(days=anonymous.DRAFT_DAYS)
    assert longest - DAY < expires - now <= longest


def test_two_tabs_meet_as_a_conflict_and_a_repeated_save_does_not(city: World) -> None:
    held = ticket(city)
    save(city, held, {"better": "Türen"}, {})
    before = contents(city)
    save(city, held, {"better": "Türen"}, {})
    assert contents(city) == before
    with pytest.raises(store.Conflict) as met:
        save(city, held, {"better": "Tore"}, {})
    assert met.value.stored == {"better": "Türen"}
    assert contents(city) == before


def test_a_sheet_is_sealed_once(city: World) -> None:
    held = hand_in(city)
    assert rows(city, anonymous_draft) == []
    (row,) = rows(city, sealed_sheet)
    assert row["id"] == sealed.sheet_id(held.secret)
    assert (row["audience"], len(row)) == ("vereine", 4)
    before = contents(city)
    submit(city, held, DRAFT)
    submit(city, held, {"whatever": "the page showed"})
    assert contents(city) == before
    found = standing(city, held)
    assert (found.has_sheet, found.answers, found.draft) == (True, DRAFT, None)
    with pytest.raises(store.NotOpen):
        save(city, held, {"better": "Tore"}, {"better": DRAFT["better"]})
    assert contents(city) == before


def test_nothing_readable_or_countable_while_open(city: World) -> None:
    for _ in range(3):
        hand_in(city)
    assert rows(city, response) == rows(city, tally) == []
    stored = str(contents(city)["sealed_sheet"])
    assert "Stufe vor" not in stored
    assert "unit:17" not in stored
    assert len({len(row["body"]) for row in rows(city, sealed_sheet)}) == 1


@pytest.mark.parametrize("draft", [{}, {"better": ""}, {"may_name": "yes"}])
def test_nothing_is_no_sheet(city: World, draft: dict[str, Any]) -> None:
    held = ticket(city)
    save(city, held, draft or {"better": ""}, {})
    before = contents(city)
    with pytest.raises(NothingToSubmit):
        submit(city, held, draft or {"better": ""})
    assert contents(city) == before


def test_a_sheet_needs_a_draft_and_the_one_that_was_shown(city: World) -> None:
    held = ticket(city)
    with pytest.raises(NothingToSubmit):
        submit(city, held, DRAFT)
    save(city, held, DRAFT, {})
    with pytest.raises(store.Conflict):
        submit(city, held, DRAFT | {"front": "5"})
    assert rows(city, sealed_sheet) == []


@pytest.mark.parametrize(
    ("slug", "audience", "issued_for"),
    [
        ("stufen-2026", "vereine", "traeger"),
        ("stufen-2026", "niemand", "niemand"),
        ("gibt-es-nicht", "vereine", "vereine"),
    ],
)
def test_a_ticket_of_elsewhere_is_nothing(
    city: World, slug: str, audience: str, issued_for: str
) -> None:
    strange = Ticket(slug, audience, sealed.new_ticket(LINK_KEY, wave_id(city), issued_for))
    with city.database.read() as connection:
        assert anonymous.by_ticket(connection, strange, LINK_KEY) is None
    with pytest.raises(NothingToSubmit):
        save(city, strange, {"better": "x"}, {})
    with pytest.raises(NothingToSubmit):
        submit(city, strange, {"better": "x"})


def test_a_named_wave_knows_no_tickets(world: World) -> None:
    slug = "selbstcheck-2026"
    secret = sealed.new_ticket(LINK_KEY, wave_id(world, slug), "office")
    with world.database.read() as connection:
        assert anonymous.by_ticket(connection, Ticket(slug, "office", secret), LINK_KEY) is None
        assert anonymous.audiences(connection, slug) == []


@pytest.mark.parametrize(
    ("closed", "taken"),
    [(-MINUTE, True), (MINUTE, True), (59 * MINUTE, True), (61 * MINUTE, False)],
)
def test_a_ticket_has_an_hours_grace(city: World, closed: timedelta, taken: bool) -> None:
    held = ticket(city)
    save(city, held, {"better": "Türen"}, {})
    open_survey.close(city, closed)
    if taken:
        save(city, held, {"front": "3"}, {})
        submit(city, held, {"better": "Türen", "front": "3"})
        assert len(rows(city, sealed_sheet)) == 1
        return
    before = contents(city)
    with pytest.raises(store.NotOpen):
        save(city, held, {"front": "3"}, {})
    with pytest.raises(store.NotOpen):
        submit(city, held, {"better": "Türen"})
    assert contents(city) == before


def test_without_a_ticket_there_is_no_grace(city: World) -> None:
    open_survey.close(city, MINUTE)
    with city.database.read() as connection:
        assert [each.phase for each in anonymous.audiences(connection, open_survey.SLUG)] == [
            "closed",
            "closed",
        ]


def test_a_sheet_longer_than_any_honest_one_is_refused(city: World) -> None:
    held = ticket(city)
    longest = MOST_SHEET_CHARACTERS - len('{"better":""}')
    save(city, held, {"better": "x" * longest}, {})
    with pytest.raises(TooLarge):
        save(city, held, {"front": "3"}, {})
    assert set(standing(city, held).draft or {}) == {"better"}


@pytest.mark.parametrize(("left", "dropped"), [(DAY, 0), (MINUTE, 0), (-MINUTE, 1), (-DAY, 1)])
def test_expired_drafts_are_dropped(city: World, left: timedelta, dropped: int) -> None:
    old, fresh = ticket(city), ticket(city)
    save(city, old, {"better": "alt"}, {})
    save(city, fresh, {"better": "neu"}, {})
    name = sealed.draft_id(old.secret)
    with city.database.read() as connection:
        expires = clock(connection) + left
    row = anonymous_draft.c.id == name
    city.database.write(
        lambda c: c.execute(update(anonymous_draft).where(row).values(expires=expires))
    )
    assert drop_expired_drafts(city.database) == dropped
    assert standing(city, fresh).draft == {"better": "neu"}
    assert (standing(city, old).draft is None) == bool(dropped)


def test_a_forgotten_draft_is_gone(city: World) -> None:
    held = ticket(city)
    save(city, held, DRAFT, {})
    city.database.write(lambda c: anonymous.forget_draft(c, held))
    assert rows(city, anonymous_draft) == []


@pytest.mark.parametrize("column", ["unit_id", "invitation_id", "language", "submitted", "draft"])
def test_the_database_refuses_what_would_name_somebody(city: World, column: str) -> None:
    with city.database.read() as connection:
        now = clock(connection)
    values: dict[str, Any] = {
        "unit_id": rows(city, unit)[0]["id"],
        "invitation_id": city.standing(city.handles[0]).invitation_id,
        "language": "ar",
        "submitted": now,
        "draft": {"better": "x"},
    }
    plain = {
        "id": "f" * 32,
        "wave_id": wave_id(city),
        "audience": "vereine",
        "mode": "anonymous",
        "state": "submitted",
        "answers": {},
    }
    with pytest.raises(IntegrityError, match="anonymous_names_nobody"):
        city.database.write(
            lambda c: c.execute(insert(response).values(**plain, **{column: values[column]}))
        )
    city.database.write(lambda c: c.execute(insert(response).values(**plain)))


def test_taking_part_is_said_apart_from_any_sheet(city: World) -> None:
    hand_in(city)
    before = contents(city)
    handle = city.handles[0]
    city.database.write(lambda c: store.say_taken_part(c, handle, said=True))
    assert city.standing(handle).taken_part
    after = contents(city)
    assert {name for name in after if after[name] != before[name]} == {"invitation"}
    city.database.write(lambda c: store.say_taken_part(c, handle, said=False))
    assert contents(city) == before
    open_survey.close(city, MINUTE)
    with pytest.raises(store.NotOpen):
        city.database.write(lambda c: store.say_taken_part(c, handle, said=True))


def test_two_pages_saved_at_once_are_both_kept(city: World) -> None:
    for _ in range(6):
        held = ticket(city)
        save(city, held, {"front": "1"}, {})
        with ThreadPoolExecutor(2) as pool:
            saves = [
                pool.submit(save, city, held, {"better": "Türen"}, {}),
                pool.submit(save, city, held, {"back": "3"}, {}),
            ]
            for each in saves:
                each.result()
        assert standing(city, held).draft == {"front": "1", "better": "Türen", "back": "3"}


def test_two_first_pages_at_once_are_both_kept(city: World) -> None:
    for _ in range(6):
        held = ticket(city)
        with ThreadPoolExecutor(2) as pool:
            pages: list[dict[str, Any]] = [{"better": "Türen"}, {"back": "3"}]
            for each in [pool.submit(save, city, held, page, {}) for page in pages]:
                each.result()
        assert standing(city, held).draft == {"better": "Türen", "back": "3"}


def test_handing_in_twice_at_once_is_one_sheet(city: World) -> None:
    for number in range(1, 7):
        held = ticket(city)
        save(city, held, DRAFT, {})
        with ThreadPoolExecutor(2) as pool:
            for each in [pool.submit(submit, city, held, DRAFT) for _ in range(2)]:
                each.result()
        assert len(rows(city, sealed_sheet)) == number
