"""What the first page promises, and what a second person does at the wrong moment.

Each of these is a way in which a promise could be broken without anybody meaning to.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from survey import corrections
from survey.tables import invitation, wave_audience
from survey.waves import extend
from tests.client import Browser, Page
from tests.survey.walks import (
    LOWEST,
    MIDDLE,
    assert_tally_right,
    begin,
    fill,
    hand_in,
    sign_in,
)
from tests.world import World

SLUG = "selbstcheck-2026"


def test_a_small_units_sheet_cannot_be_moved_to_where_it_is_read_by_name(world: World) -> None:
    small, office = world.handles[1], world.handles[2]
    hand_in(world, small, MIDDLE)
    with pytest.raises(corrections.Taken):
        world.database.write(lambda c: corrections.move(c, small, office))
    page = sign_in(world).visit(f"/de/desk/waves/{SLUG}/units/{small}")
    assert page.all("#to option") == []
    assert office not in str(page.one("main"))


def test_an_earlier_sheet_that_was_not_read_by_name_is_not_shown_at_the_desk(world: World) -> None:
    small = world.handles[1]
    hand_in(world, small, LOWEST)
    world.move_closing(SLUG, -timedelta(days=300))
    kinds = ("amt", "abteilung", "eigenbetrieb")
    handles = world.add_wave(slug="next", previous_slug=SLUG, named_kinds=kinds)
    own = hand_in(world, handles[1], MIDDLE)
    assert "zuvor 8" in own.text
    page = sign_in(world).visit(f"/de/desk/waves/next/units/{handles[1]}")
    assert page.one("[data-total]")["data-total"] == "24"
    assert "zuvor" not in page.text


def test_marks_of_other_promises_are_not_shown(world: World) -> None:
    first, _, second, _ = world.handles
    for handle, promise in ((first, "Sprechtag"), (second, "Aushang")):
        hand_in(world, handle, MIDDLE | {"next_steps": promise})
    world.move_closing(SLUG, -timedelta(days=300))
    handles = world.add_wave(slug="next", previous_slug=SLUG)
    page = fill(begin(world, handles[0]), MIDDLE | {"promise:next_steps:0": "done"})
    assert "Sprechtag umgesetzt" in page.press("Jetzt abgeben").text
    world.database.write(lambda c: corrections.move(c, handles[0], handles[2]))
    assert "Aushang ohne Angabe" in begin(world, handles[2]).follow("Ergebnis ansehen").text


def test_the_same_submission_again_does_not_close_what_a_colleague_reopened(world: World) -> None:
    handle = world.handles[0]
    page = fill(begin(world, handle), MIDDLE)
    page.press("Jetzt abgeben")
    begin(world, handle).press("Antworten ändern")
    page.press("Jetzt abgeben")
    standing = world.standing(handle)
    assert standing.draft is not None
    assert standing.version == 1


def test_voiding_a_sheet_keeps_what_is_being_typed(world: World) -> None:
    handle = world.handles[0]
    hand_in(world, handle, MIDDLE)
    begin(world, handle).press("Antworten ändern").answer(q1="5").next()
    world.database.write(lambda c: corrections.void(c, handle, "Irrtum"))
    standing = world.standing(handle)
    assert standing.draft is not None
    assert (standing.state, standing.draft["q1"]) == ("draft", "5")
    assert_tally_right(world)


def test_a_unit_extended_after_closing_counts_as_begun_and_has_the_grace(world: World) -> None:
    handle = world.handles[0]
    page = begin(world, handle)
    forget = update(invitation).where(invitation.c.handle == handle).values(begun=None)
    world.database.write(lambda c: c.execute(forget))
    page.answer(q1="4").next()
    assert world.standing(handle).return_state == "begun"
    world.move_closing(SLUG, -timedelta(minutes=5))
    soon = update(invitation).values(begun=world.standing(handle).now - timedelta(hours=2))
    world.database.write(lambda c: c.execute(soon))
    assert world.standing(handle).phase == "grace"


def test_a_closed_link_is_not_exchanged(world: World) -> None:
    handle = world.handles[0]
    page = Browser(world).visit(world.link(handle))
    world.move_closing(SLUG, -timedelta(hours=3))
    assert "geschlossen" in page.submit(status=403).heading
    tomorrow = (world.standing(handle).now + timedelta(days=1)).date()
    world.database.write(lambda c: extend(c, handle, tomorrow, world.config.zone))
    assert page.submit().step == "sprache"


def test_grace_is_for_finishing_and_not_for_reopening(world: World) -> None:
    handle = world.handles[0]
    hand_in(world, handle, MIDDLE)
    overview = begin(world, handle)
    move = update(wave_audience).values(closes=world.standing(handle).now - timedelta(minutes=5))
    earlier = update(invitation).values(begun=world.standing(handle).now - timedelta(hours=2))
    world.database.write(lambda c: (c.execute(move), c.execute(earlier)))
    assert world.standing(handle).phase == "grace"
    assert "geschlossen" in overview.press("Antworten ändern", status=403).heading
    assert world.standing(handle).draft is None


def test_an_office_sees_its_smaller_units_before_it_has_answered_itself(world: World) -> None:
    hand_in(world, world.handles[1], MIDDLE)
    page = begin(world, world.handles[0]).follow("Übersicht")
    assert page.all("[aria-labelledby=overseen] li")[0].startswith("Abteilung Zehn-Eins")
    assert "24 von 40 Punkten" in page.text


def test_two_marks_on_one_promise_are_both_shown(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE | {"next_steps": "Sprechtag"})
    world.move_closing(SLUG, -timedelta(days=300))
    handle = world.add_wave(slug="next", previous_slug=SLUG)[0]
    pages = [_promise_page(world, handle) for _ in range(2)]
    pages[0].answer({"promise:next_steps:0": "done"}).next()
    page = pages[1].answer({"promise:next_steps:0": "dropped"}).next(status=409)
    assert page.value("promise:next_steps:0") == "dropped"
    assert "Gespeichert ist: umgesetzt" in page.text


def _promise_page(world: World, handle: str) -> Page:
    page = begin(world, handle)
    return page.browser.visit(page.path.rsplit("/", 1)[0] + "/promises")


def test_the_desk_session_holds_no_hash_of_the_device(world: World) -> None:
    browser = sign_in(world)
    with browser.client.session_transaction(base_url=browser.base_url) as session:
        assert "_id" not in session
        assert "_user_id" in session


@pytest.mark.parametrize(
    "then", ["//[", "//evil.example", "/\t\\evil.example", "https://x", "/a\n"]
)
def test_signing_in_leads_only_to_own_pages(world: World, then: str) -> None:
    page = Browser(world).visit(f"/de/desk/sign-in?{urlencode({'then': then})}")
    assert page.one("input[name=then]")["value"] == ""


def test_links_of_an_unknown_wave_are_no_file(world: World) -> None:
    browser = sign_in(world)
    for name in ("nothing", "a%0Ab", "%E2%82%AC"):
        browser.visit(f"/de/desk/waves/{name}/links.csv", status=404)
