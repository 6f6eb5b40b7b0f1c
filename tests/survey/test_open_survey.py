"""An anonymous survey through the front door: the open address, the ticket, codes, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from survey.codes import make_codes
from survey.questionnaires import Library
from survey.tables import (
    anonymous_draft,
    invitation,
    one_time_code,
    remark,
    response,
    sealed_sheet,
    tally,
    wave,
)
from survey.unsealing import unseal_due
from tests.analysis.surveys import SLUG, handle_of, survey
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.test_barriers import ARABIC, to_check
from tests.survey.walks import assert_tally_right, contents, rows
from tests.world import World

OPEN = f"/de/o/{SLUG}/association"


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """A city with an anonymous barrier survey of three audiences."""
    return survey(new_world, "anonymous")


def start(world: World, browser: Browser | None = None) -> Page:
    """The list of entries of a fresh sheet."""
    return (browser or Browser(world)).visit(OPEN).press("Beginnen")


def hand_in(world: World, what: str = ARABIC, browser: Browser | None = None) -> Page:
    """The result of somebody who names one barrier."""
    page = start(world, browser).follow("Eine Stufe nennen").answer(what=what, kind="doors").next()
    return to_check(page, front="1", back="1").press("Jetzt abgeben")


def close(world: World) -> None:
    """Let every audience and the hour of grace be over, and do the closing work."""
    world.move_closing(SLUG, timedelta(hours=-2))
    unseal_due(world.database, Library(), world.config.link_key)


def test_the_audiences_are_offered(city: World) -> None:
    page = Browser(city).visit(f"/de/o/{SLUG}")
    assert page.all(".choices a") == ["Ämter", "Vereine", "Träger"]
    page = page.follow("Vereine")
    for promise in ("anonym", "keinen Namen", "verschlossen", "gemischt", "verraten"):
        assert promise in page.text


def test_looking_at_the_first_page_stores_nothing(city: World) -> None:
    before = contents(city)
    Browser(city).visit(OPEN)
    assert contents(city) == before


def test_from_the_open_address_to_the_result(city: World) -> None:
    page = hand_in(city)
    assert "Danke, Ihr Bogen ist abgegeben." in page.text
    assert "Quittung" not in page.text
    assert ARABIC in page.text
    assert page.one("[data-category=doors]")["data-band"] == "red"
    assert (rows(city, response), rows(city, remark), rows(city, tally)) == ([], [], [])
    assert rows(city, anonymous_draft) == []
    [sheet] = rows(city, sealed_sheet)
    assert ARABIC not in sheet["body"]
    assert "kann nicht mehr geändert werden" in page.follow("Übersicht und Weitermach-Code").text


def test_after_closing_the_sheets_are_ordinary_responses_of_nobody(city: World) -> None:
    words = {f"Satz {number}" for number in range(6)}
    for each in sorted(words):
        hand_in(city, each)
    close(city)
    stored = rows(city, response)
    assert len(stored) == 6
    for row in stored:
        facts = ("unit_id", "invitation_id", "language", "submitted", "submission_key", "draft")
        assert {row[name] for name in facts} == {None}
    assert {row["body"] for row in rows(city, remark)} == words
    assert rows(city, sealed_sheet) == []
    assert_tally_right(city)


def test_sending_twice_is_one_sheet(city: World) -> None:
    page = to_check(start(city), front="1")
    first, second = page.press("Jetzt abgeben"), page.press("Jetzt abgeben")
    assert first.heading == second.heading
    assert len(rows(city, sealed_sheet)) == 1


def test_a_draft_goes_on_elsewhere_by_its_code(city: World) -> None:
    page = start(city).follow("Eine Stufe nennen").answer(what="begonnen").submit("later")
    code = page.all(".address code")[0]
    other = (
        Browser(city)
        .visit(OPEN)
        .with_button("Weitermachen")
        .answer(ticket=code.upper().replace(" ", "-"))
    )
    page = other.press("Weitermachen")
    page = page.browser.visit(f"/de/w/{SLUG}/open-association/stufen")
    assert page.all(".entries .typed") == ["begonnen"]
    wrong = (
        Browser(city)
        .visit(OPEN)
        .with_button("Weitermachen")
        .answer(ticket=("c" if code[0] == "b" else "b") + code[1:])
        .press("Weitermachen", status=422)
    )
    assert "Weitermach-Code" in wrong.all(".notice")[0]


def test_a_draft_can_be_read_by_nobody_else(city: World) -> None:
    start(city).follow("Eine Stufe nennen").answer(what="geheimer Satz").next()
    [draft] = rows(city, anonymous_draft)
    assert "geheimer" not in draft["body"]
    assert draft["expires"].hour == draft["expires"].minute == draft["expires"].second == 0


def test_a_browser_can_be_made_to_forget(city: World) -> None:
    page = start(city).follow("Eine Stufe nennen").answer(what="weg damit").submit("later")
    browser, code = page.browser, page.all(".address code")[0]
    page.press("Diesen Browser alles vergessen lassen")
    browser.visit(f"/de/w/{SLUG}/open-association/", status=403)
    page = browser.visit(OPEN).with_button("Weitermachen").answer(ticket=code)
    page.press("Weitermachen").press("Entwurf endgültig löschen")
    assert rows(city, anonymous_draft) == []
    browser.visit(f"/de/w/{SLUG}/open-association/", status=403)


def test_a_browser_forgets_a_submitted_sheet_also_after_the_end(city: World) -> None:
    page = hand_in(city)
    city.move_closing(SLUG, timedelta(hours=-2))
    page = page.browser.visit(page.path)
    assert ARABIC in page.text
    page.press("Diesen Browser alles vergessen lassen")
    assert ARABIC not in page.browser.visit(page.path, status=403).text


def test_an_expired_session_gives_the_text_back(city: World) -> None:
    page = start(city).follow("Eine Stufe nennen").answer(what="nicht verlieren")
    page.browser.lose_session()
    page = page.next(status=403)
    assert page.value("what") == "nicht verlieren"
    start(city, page.browser)
    page = page.next()
    assert page.all(".entries .typed") == ["nicht verlieren"]


@pytest.mark.parametrize("path", ["not-us", "no-sheet", "promises", "reopen"])
def test_pages_that_need_an_organisation_are_not_there(city: World, path: str) -> None:
    page = start(city)
    method = "POST" if path == "reopen" else "GET"
    address = f"/de/w/{SLUG}/open-association/{path}"
    if method == "GET":
        page.browser.visit(address, status=404)
    else:
        token = page.browser.visit(OPEN).value("csrf_token")
        page.browser.send(address, {"csrf_token": token}, status=404)


def test_who_begins_late_is_told_and_who_began_in_time_has_an_hour(city: World) -> None:
    page = start(city).follow("Eine Stufe nennen").answer(what="knapp")
    city.move_closing(SLUG, timedelta(minutes=-30))
    assert "geschlossen" in Browser(city).visit(OPEN, status=403).text
    page = to_check(page.next()).press("Jetzt abgeben")
    assert "Danke" in page.text
    assert len(rows(city, sealed_sheet)) == 1


def test_after_closing_the_result_is_gone(city: World) -> None:
    page = hand_in(city)
    close(city)
    page = page.browser.visit(page.path, status=None)
    assert ARABIC not in page.text


def test_taking_part_is_said_apart_from_every_sheet(city: World) -> None:
    handle = handle_of(city, "V1")
    page = Browser(city).visit(city.link(handle))
    assert "anonym" in page.text
    page = page.press("Wir haben teilgenommen")
    said = {r["handle"] for r in rows(city, invitation) if r["taken_part"]}
    assert said == {handle}
    assert {r["begun"] for r in rows(city, invitation)} == {None}
    page.press("Zurücknehmen")
    assert not any(r["taken_part"] for r in rows(city, invitation))


def test_one_time_codes_are_spent_once(new_world: MakeWorld) -> None:
    city = survey(new_world, "anonymous", codes_required=True)
    wave_id = rows(city, wave)[0]["id"]
    [code] = city.database.write(lambda c: make_codes(c, wave_id, 1))
    page = Browser(city).visit(OPEN).with_button("Beginnen")
    page = page.answer(code="falsch").press("Beginnen", status=422).with_button("Beginnen")
    assert "kennen wir nicht" in page.text
    page = page.answer(code=code.lower().replace("-", " ")).press("Beginnen")
    assert page.heading == "Stufen"
    again = Browser(city).visit(OPEN).with_button("Beginnen")
    again = again.answer(code=code).press("Beginnen", status=422)
    assert "schon benutzt" in again.text
    [spent] = rows(city, one_time_code)
    assert spent["spent"]
    assert code not in str(spent)


def test_many_sheets_of_one_connection_wait_for_a_look(city: World) -> None:
    for number in range(22):
        hand_in(city, f"Satz {number}")
    close(city)
    states = [row["state"] for row in rows(city, response)]
    assert (states.count("submitted"), states.count("quarantined")) == (20, 2)
    assert_tally_right(city)


def test_the_mode_of_a_wave_cannot_be_switched_under_its_sheets(city: World) -> None:
    hand_in(city)
    close(city)
    with pytest.raises(Exception, match="(?i)foreign key|check"):
        city.database.write(lambda c: c.execute(update(wave).values(mode="named", unsealed=None)))
