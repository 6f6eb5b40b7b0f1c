"""A named barrier survey through the front door: entries, concerned units, ratings, the result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from survey.tables import invitation, remark, response, unit
from tests.analysis.surveys import SLUG, handle_of, survey, unit_code
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import assert_tally_right, begin, rows
from tests.world import World

ARABIC = "الاستمارات طويلة ولا أحد يشرحها لنا"


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """A city with a named barrier survey of three audiences."""
    return survey(new_world)


def first_entry(world: World, code: str = "V1") -> Page:
    """The empty page of an organisation's first entry."""
    return begin(world, handle_of(world, code)).follow("Eine Stufe nennen")


def to_check(page: Page, **answers: str) -> Page:
    """Go on from the list of entries to the check page, answering what is named."""
    page = (
        page.follow("Weiter") if "Weiter" in page.all("a") else page.follow("Weiter ohne Eintrag")
    )
    while page.step != "check":
        asked = {str(field["name"]) for field in page.form.select("[name]")}
        page = page.answer({k: v for k, v in answers.items() if k in asked}).next()
    return page


def test_from_link_to_result(city: World) -> None:
    place = unit_code(city, "10")
    page = first_entry(city)
    assert page.heading == "Stufe"
    assert "Was heißt „Stufe“?" in page.text
    page = page.answer(what=ARABIC, place=["whole", place], kind="doors").next()
    assert page.all(".entries a") == ["Stufe 1"]
    page = to_check(page, better="Der Aufzug", front="1", back="3", may_name="yes")
    assert ARABIC in page.text
    assert "10 Amt Zehn" in page.text
    page = page.press("Jetzt abgeben")
    assert "Quittung" in page.text
    assert "Danke für die Stufen." in page.text
    assert page.one("[data-category=doors]")["data-band"] == "red"
    [stored] = rows(city, response)
    entry = next(key for key in stored["answers"] if key.startswith("place@")).partition("@")[2]
    assert stored["answers"] == {
        f"place@{entry}": ["whole", place],
        f"kind@{entry}": "doors",
        "front": "1",
        "back": "3",
        "may_name": "yes",
    }
    assert stored["category_bands"] == {"doors": "red"}
    assert stored["points"] is None
    texts = {row["question"]: row["body"] for row in rows(city, remark)}
    assert texts == {f"what@{entry}": ARABIC, "better": "Der Aufzug"}
    assert_tally_right(city)


def test_entries_are_added_changed_and_deleted(city: World) -> None:
    page = first_entry(city).answer(what="eins").submit("another")
    page = page.answer(what="zwei").submit("another").answer(what="drei").next()
    assert page.all(".entries .typed") == ["eins", "zwei", "drei"]
    page = page.follow("Stufe 2").answer(what="zwei, genauer").next()
    assert page.all(".entries .typed") == ["eins", "zwei, genauer", "drei"]
    page = page.follow("Stufe 1").submit("delete")
    assert page.all(".entries .typed") == ["zwei, genauer", "drei"]


def test_an_entry_sent_twice_is_one_entry(city: World) -> None:
    page = first_entry(city).answer(what="eins")
    page.next()
    again = page.next()
    assert again.all(".entries .typed") == ["eins"]


def test_two_colleagues_add_an_entry_at_once(city: World) -> None:
    handle = handle_of(city, "V1")
    one, two = (begin(city, handle).follow("Eine Stufe nennen") for _ in range(2))
    one.answer(what="von der einen").next()
    page = two.answer(what="vom anderen").next()
    assert sorted(page.all(".entries .typed")) == ["vom anderen", "von der einen"]


def test_the_same_entry_changed_by_two_shows_both_texts(city: World) -> None:
    handle = handle_of(city, "V1")
    first_entry(city).answer(what="alt").next()
    browsers = [begin(city, handle).browser for _ in range(2)]
    one, two = (b.visit(f"/de/w/{SLUG}/{handle}/stufen").follow("Stufe 1") for b in browsers)
    one.answer(what="neu von der einen").next()
    page = two.answer(what="neu vom anderen").next(status=409)
    assert "neu von der einen" in page.text
    assert page.value("what") == "neu vom anderen"
    page = page.next()
    assert page.all(".entries .typed") == ["neu vom anderen"]


def test_more_entries_than_fit_are_refused_with_the_text(city: World) -> None:
    page = first_entry(city)
    for number in range(4):
        page = page.answer(what=f"Stufe {number}").submit("another" if number < 3 else "next")
    assert "Noch eine Stufe nennen" not in page.all("a")
    address = f"/de/w/{SLUG}/{handle_of(city, 'V1')}/stufen/05bcdf"
    page = page.browser.visit(address).answer(what="eine zu viel").next(status=422)
    assert "Mehr als 4 Einträge" in page.text
    assert page.value("what") == "eine zu viel"


@pytest.mark.parametrize("entry", ["1", "01abcd", "01BCDF", "01bcdfg", "x" * 300])
def test_an_entry_that_cannot_be_is_no_page(city: World, entry: str) -> None:
    page = begin(city, handle_of(city, "V1"))
    page.browser.visit(f"/de/w/{SLUG}/{handle_of(city, 'V1')}/stufen/{entry}", status=404)


def test_a_long_entry_is_given_back_whole(city: World) -> None:
    text = "x" * (1024 * 1024)
    page = first_entry(city).answer(what=text).next(status=422)
    assert "zu lang" in page.text
    assert page.value("what") == text


def test_a_unit_removed_meanwhile_is_named_and_the_text_kept(city: World) -> None:
    page = first_entry(city)
    place = unit_code(city, "20")
    page = page.answer(what="eine Schwelle", place=[place])
    successor = int(unit_code(city, "10").removeprefix("unit:"))
    city.database.write(
        lambda c: c.execute(update(unit).where(unit.c.code == "20").values(successor_id=successor))
    )
    page = page.next(status=422)
    assert "20 Amt Zwanzig" in page.text
    assert page.value("what") == "eine Schwelle"
    assert page.value("place") == []
    assert page.next().all(".entries .typed") == ["eine Schwelle"]


@pytest.mark.parametrize("place", ["unit:0", "unit:999999999999", "unit:x", "roof", "unit:99999"])
def test_a_place_nobody_offered_is_refused(city: World, place: str) -> None:
    page = first_entry(city)
    fields = {"csrf_token": page.value("csrf_token"), "base": page.value("base"), "place": place}
    page.browser.send(page.address, fields, status=422)


def test_an_empty_sheet_is_not_handed_in(city: World) -> None:
    page = to_check(begin(city, handle_of(city, "V1")))
    page = page.press("Jetzt abgeben", status=409)
    assert "noch nichts gespeichert" in page.text


def test_only_what_is_for_the_audience_is_asked(city: World) -> None:
    office = begin(city, handle_of(city, "10")).follow("Weiter ohne Eintrag")
    assert "Was haben Sie selbst getan?" in office.text
    association = begin(city, handle_of(city, "V1")).follow("Weiter ohne Eintrag")
    assert "Was haben Sie selbst getan?" not in association.text


def test_a_form_begun_in_time_has_an_hour(city: World) -> None:
    page = first_entry(city).answer(what="knapp")
    earlier = city.standing(handle_of(city, "V1")).now - timedelta(hours=1)
    city.database.write(
        lambda c: c.execute(
            update(invitation).where(invitation.c.begun.is_not(None)).values(begun=earlier)
        )
    )
    city.move_closing(SLUG, timedelta(minutes=-30))
    page = page.next()
    assert "Die Frist ist abgelaufen" in page.text
    page = to_check(page).press("Jetzt abgeben")
    assert "Danke" in page.text
    Browser(city).visit(city.link(handle_of(city, "V2")), status=403)


def test_a_submitted_sheet_is_opened_again_with_its_entries(city: World) -> None:
    page = first_entry(city).answer(what="eins", kind="doors").next()
    page = to_check(page, front="5").press("Jetzt abgeben")
    page = page.follow("Übersicht").press("Antworten ändern")
    assert page.all(".entries .typed") == ["eins"]
    page = page.follow("Stufe 1")
    assert (page.value("what"), page.value("kind")) == ("eins", "doors")
    page = to_check(page.answer(what="eins, genauer").next()).press("Jetzt abgeben")
    assert "eins, genauer" in page.text
    assert len(rows(city, response)) == 1
    assert_tally_right(city)
