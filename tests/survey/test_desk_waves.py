"""Making a wave, and what the commissioner does to single invitations; everything is logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from survey.tables import audit_event, invitation, response, wave
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import (
    MIDDLE,
    assert_tally_right,
    begin,
    contents,
    hand_in,
    rows,
    sign_in,
)
from tests.world import OFFICES, World

NEW = "/de/desk/waves/new"


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """Units, and no wave yet."""
    made = new_world()
    made.add_units(OFFICES)
    return made


def new_wave(page: Page, **changes: Any) -> Page:
    """The form filled so that it makes a wave."""
    given: dict[str, Any] = {
        "title": "Selbstcheck 2031",
        "slug": "selbstcheck-2031",
        "questionnaire": "selbstcheck-2025",
        "first_day": "2031-03-01",
        "last_day": "2031-03-31",
        "kinds": ["amt", "eigenbetrieb", "abteilung"],
        "named_kinds": ["amt", "eigenbetrieb"],
        "report_names_units": "1",
        "further_readers": "Stab der Bürgermeisterin",
        "staff_council_note": "beteiligt am 1. Februar",
    }
    return page.answer(given | changes)


def test_a_wave_is_made_with_a_link_for_every_unit(city: World) -> None:
    desk = sign_in(city)
    page = new_wave(desk.visit(NEW)).submit()
    assert page.path == "/de/desk/waves/selbstcheck-2031/"
    assert page.heading == "Selbstcheck 2031"
    made = rows(city, wave)[0]
    assert made["named_kinds"] == ["amt", "eigenbetrieb"]
    assert made["report_names_units"] is True
    assert made["opens"].isoformat() == "2031-02-28T23:00:00+00:00"
    codes = [row["unit_code"] for row in rows(city, invitation)]
    assert codes == ["10", "10.1", "20", "30"]
    event = next(e for e in rows(city, audit_event) if e["action"] == "wave_made")
    assert event["subject"] == "selbstcheck-2031"
    assert "4 invitations" in event["note"]
    assert "0 von 4" in desk.visit("/de/desk/").text


MISTAKES = [
    ({"title": ""}, "title", "Bitte geben Sie einen Titel an"),
    ({"title": "x" * 201}, "title", "Bitte geben Sie einen Titel an"),
    ({"slug": ""}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"slug": "Ä"}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"slug": "-x"}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"slug": "a/b"}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"slug": "x" * 61}, "slug", "Die Kurzbezeichnung darf nur"),
    ({"first_day": ""}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"first_day": "1.3.2031"}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"first_day": "9999-12-31"}, "first_day", "Bitte geben Sie den ersten Tag an."),
    ({"last_day": ""}, "last_day", "Bitte geben Sie den letzten Tag an."),
    ({"last_day": "2031-02-28"}, "last_day", "Der letzte Tag liegt vor dem ersten."),
    ({"first_day": "2020-01-01", "last_day": "2020-02-01"}, "last_day", "ist schon vorbei"),
    ({"kinds": []}, "kinds", "Bitte wählen Sie mindestens eine Art"),
    ({"staff_council_note": " "}, "staff_council_note", "Bitte halten Sie fest"),
    ({"staff_council_note": "x" * 2001}, "staff_council_note", "zu lang"),
    ({"further_readers": "x" * 2001}, "further_readers", "zu lang"),
]


@pytest.mark.parametrize(("change", "field", "said"), MISTAKES)
def test_a_mistake_is_marked_and_everything_else_kept(
    city: World, change: dict[str, Any], field: str, said: str
) -> None:
    page = new_wave(sign_in(city).visit(NEW), **change).submit(status=422)
    assert said in page.one(f"#{field}-error").get_text()
    assert page.one(f'.notice a[href="#{field}"]')
    kept = {"title": "Selbstcheck 2031", "last_day": "2031-03-31", "slug": "selbstcheck-2031"}
    assert {n: page.value(n) for n in kept if n not in change} == {
        n: v for n, v in kept.items() if n not in change
    }
    assert rows(city, wave) == []


def test_a_slug_stands_only_once(world: World) -> None:
    page = new_wave(sign_in(world).visit(NEW), slug="selbstcheck-2026").submit(status=422)
    assert "gibt es schon" in page.one("#slug-error").get_text()


def test_an_unknown_questionnaire_is_refused(city: World) -> None:
    page = new_wave(sign_in(city).visit(NEW), questionnaire="../../etc/passwd").submit(status=422)
    assert "Bitte wählen Sie einen Fragebogen." in page.text


def test_without_units_the_way_to_the_import_is_shown(new_world: MakeWorld) -> None:
    page = sign_in(new_world()).visit(NEW)
    assert page.follow("Jetzt einlesen").heading == "Organisationseinheiten"


# --- one invitation -------------------------------------------------------------------------------


def unit_page(world: World, desk: Browser, handle: str) -> Page:
    """The page of one unit."""
    return desk.visit(f"/de/desk/waves/selbstcheck-2026/units/{handle}")


def last_event(world: World) -> dict[str, Any]:
    """The newest line of the log."""
    return max(rows(world, audit_event), key=lambda event: event["id"])


def test_the_units_result_at_the_desk_is_the_units_own(world: World) -> None:
    handle = world.handles[0]
    theirs = hand_in(world, handle, MIDDLE | {"next_steps": "Ein Schritt"})
    ours = unit_page(world, sign_in(world), handle)
    assert ours.one("[data-total]").attrs == theirs.one("[data-total]").attrs
    assert "Ein Schritt" in ours.text


def test_a_sheet_is_voided_with_a_reason(world: World) -> None:
    handle = world.handles[0]
    hand_in(world, handle, MIDDLE)
    desk = sign_in(world)
    page = unit_page(world, desk, handle).in_form("/void").answer(reason="Doppelt")
    page = page.submit()
    assert "Erledigt und im Protokoll vermerkt." in page.text
    assert world.standing(handle).return_state == "begun"
    assert rows(world, response)[0]["void_reason"] == "Doppelt"
    event = last_event(world)
    assert (event["action"], event["subject"], event["note"]) == (
        "sheet_void",
        "10 Amt Zehn",
        "Doppelt",
    )
    assert_tally_right(world)
    assert hand_in(world, handle, MIDDLE).heading == "Ihr Ergebnis"


def test_a_sheet_is_moved_to_the_unit_it_was_meant_for(world: World) -> None:
    ten, _, twenty, _ = world.handles
    hand_in(world, ten, MIDDLE)
    page = unit_page(world, sign_in(world), ten).in_form("/move")
    page.answer(to=twenty, reason="Verwechselt").submit()
    assert world.standing(twenty).points == 24
    assert world.standing(ten).response_id is None
    assert last_event(world)["action"] == "sheet_move"
    assert "Verwechselt" in last_event(world)["note"]
    assert_tally_right(world)


def test_a_link_is_issued_anew_and_revoked(world: World) -> None:
    handle = world.handles[0]
    old = world.link(handle)
    desk = sign_in(world)
    unit_page(world, desk, handle).in_form("/reissue").submit()
    assert last_event(world)["action"] == "link_reissue"
    shown = unit_page(world, desk, handle).in_form("/show").submit()
    assert f"http://127.0.0.1:8000{world.link(handle)}" in shown.text
    assert last_event(world)["action"] == "link_show"
    assert world.link(handle) != old
    Browser(world).visit(world.link(handle))
    unit_page(world, desk, handle).in_form("/revoke").submit()
    assert last_event(world)["action"] == "link_revoke"
    Browser(world).visit(world.link(handle), status=410)
    assert "Der Link ist zurückgezogen." in unit_page(world, desk, handle).text


def test_an_extension_is_given_and_taken_back(world: World) -> None:
    handle = world.handles[0]
    world.move_closing("selbstcheck-2026", -timedelta(days=2))
    today = world.standing(handle).now.astimezone(world.config.zone).date()
    desk = sign_in(world)
    until = (today + timedelta(days=7)).isoformat()
    unit_page(world, desk, handle).in_form("/extend").answer(until=until).submit()
    assert begin(world, handle).step == "sprache"
    assert (last_event(world)["action"], last_event(world)["note"]) == ("link_extend", until)
    unit_page(world, desk, handle).in_form("/extend").answer(until="").submit()
    Browser(world).visit(world.link(handle), status=403)


@pytest.mark.parametrize(
    ("action", "fields", "status"),
    [
        ("void", {"reason": ""}, 422),
        ("void", {"reason": "x" * 301}, 422),
        ("move", {"reason": "", "to": ""}, 422),
        ("move", {"reason": "x", "to": "nowhere"}, 409),
        ("extend", {"until": "morgen"}, 422),
        ("extend", {"until": "2001-01-01"}, 422),
        ("extend", {"until": "9999-12-31"}, 422),
        ("explode", {}, 404),
    ],
)
def test_what_is_refused_changes_and_logs_nothing(
    world: World, action: str, fields: dict[str, str], status: int
) -> None:
    handle = world.handles[0]
    hand_in(world, handle, MIDDLE)
    desk = sign_in(world)
    page = unit_page(world, desk, handle).in_form("/void")
    before = contents(world)
    sent = {"csrf_token": str(page.value("csrf_token"))} | fields
    desk.send(page.address + f"/{action}", sent, status=status)
    assert contents(world) == before


def test_there_is_nothing_to_void_without_a_sheet(world: World) -> None:
    desk = sign_in(world)
    page = unit_page(world, desk, world.handles[0]).in_form("/extend")
    sent = {"csrf_token": str(page.value("csrf_token")), "reason": "x", "to": world.handles[2]}
    for action in ("void", "move"):
        desk.send(page.address + f"/{action}", sent, status=409)
    desk.send(page.address.replace(world.handles[0], "nobody") + "/void", sent, status=404)


def test_the_links_for_a_mail_merge(world: World) -> None:
    formula = update(invitation).where(invitation.c.unit_code == "20").values(unit_name="=Amt")
    world.database.write(lambda c: c.execute(formula))
    page = sign_in(world).visit("/de/desk/waves/selbstcheck-2026/links.csv")
    lines = page.html.splitlines()
    assert lines[0].lstrip("\ufeff") == "code;name;mail;state;link;audience;branch"
    link = f"http://127.0.0.1:8000{world.link(world.handles[0])}"
    assert lines[1] == f"10;Amt Zehn;;invited;{link};office;"
    assert lines[3].startswith("20;'=Amt;")
    assert last_event(world)["action"] == "links_exported"
