"""What was promised last year is shown this year, whatever question 5 says now, and marked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from survey.tables import unit
from tests.client import Browser, Page
from tests.survey.walks import LOWEST, MIDDLE, assert_tally_right, begin, fill, hand_in
from tests.world import World

LAST, THIS = "selbstcheck-2025", "selbstcheck-2026"
PROMISED = {"q5_next": "- Sprechtag\n- Aushang", "next_steps": "Kurs <b>buchen</b>"}


@pytest.fixture
def years(world: World) -> World:
    """Last year's closed wave with promises of the first office, and this year's."""
    last = world.handles[0]
    hand_in(world, last, MIDDLE | PROMISED)
    world.move_closing(THIS, -timedelta(days=300))
    world.add_wave(slug="following", title="Selbstcheck 2027", previous_slug=THIS)
    return world


def promise_page(world: World, answers: dict[str, str]) -> Page:
    """The step that asks what became of the promises."""
    page = begin(world, world.handles[0])
    while page.step != "promises":
        names = {str(field["name"]) for field in page.form.select("[name]")}
        page = page.answer({n: a for n, a in answers.items() if n in names}).next()
    return page


@pytest.mark.parametrize("answers", [MIDDLE, LOWEST], ids=["q5 as before", "q5 low now"])
def test_promises_come_back_before_new_ones_are_made(years: World, answers: dict[str, str]) -> None:
    page = promise_page(years, answers)
    assert page.all("legend") == ["Sprechtag", "Aushang", "Kurs <b>buchen</b>"]
    assert "Selbstcheck 2026" in page.text
    assert page.next().step == "schritte"


def test_marks_are_kept_checked_counted_and_in_the_result(years: World) -> None:
    handle = years.handles[0]
    page = promise_page(years, LOWEST)
    page = page.answer({"promise:q5_next:0": "done", "promise:next_steps:0": "open"}).next()
    page = page.submit("back")
    assert page.value("promise:q5_next:0") == "done"
    page = fill(page.next(), LOWEST)
    assert "Sprechtag umgesetzt Aushang ohne Angabe Kurs <b>buchen</b> offen" in page.text
    page = page.press("Jetzt abgeben")
    assert page.all("ul.promises li") == [
        "Sprechtag umgesetzt",
        "Aushang ohne Angabe",
        "Kurs <b>buchen</b> offen",
    ]
    marks = years.standing(handle).promise_marks or {}
    assert marks["lines"] == {"q5_next:0": "done", "next_steps:0": "open"}
    assert_tally_right(years)


def test_the_result_compares_with_the_year_before(years: World) -> None:
    page = fill(promise_page(years, LOWEST).next(), LOWEST).press("Jetzt abgeben")
    assert "In „Selbstcheck 2026“ waren es 24 von 40 Punkten." in page.text
    before = [words.removeprefix("zuvor ") for words in page.all("table.points .before")]
    assert before == ["9", "3", "3", "3", "6", "3", "3", "9", "3", "3", "3", "24"]


def test_two_people_marking_promises_see_it(years: World) -> None:
    first = promise_page(years, LOWEST)
    browser = Browser(years)
    browser.visit(years.link(years.handles[0])).submit()
    second = browser.visit(first.address)
    first.answer({"promise:q5_next:0": "done"}).next()
    page = second.answer({"promise:q5_next:0": "dropped"}).next(status=409)
    assert page.value("promise:q5_next:0") == "dropped"
    page.next()
    draft = years.standing(years.handles[0]).draft or {}
    assert draft["@promises"]["lines"] == {"q5_next:0": "dropped"}


def test_time_outs_on_the_promises_page(years: World) -> None:
    page = promise_page(years, LOWEST).answer({"promise:q5_next:0": "done"})
    page.browser.lose_form_token()
    again = page.next(status=400)
    assert again.value("promise:q5_next:0") == "done"
    page.browser.lose_session()
    refused = again.next(status=403)
    assert "Sprechtag" not in refused.html


def test_a_mark_nobody_offered_is_ignored(years: World) -> None:
    page = promise_page(years, LOWEST)
    sent = {
        "csrf_token": str(page.value("csrf_token")),
        "base": str(page.value("base")),
        "promise:q5_next:0": "never",
        "promise:other:9": "done",
    }
    page.browser.send(page.address, sent)
    assert "@promises" not in (years.standing(years.handles[0]).draft or {})


def test_an_office_without_promises_is_not_asked(years: World) -> None:
    page = begin(years, years.handles[2])
    visited = [page.step]
    while page.step != "check":
        page = page.next()
        visited.append(page.step)
    assert "promises" not in visited
    assert page.browser.visit(page.path.replace("check", "promises")).step == "schritte"


def test_a_successor_is_shown_its_predecessors_promises(world: World) -> None:
    ten, twenty = world.handles[0], world.handles[2]
    hand_in(world, ten, MIDDLE | PROMISED)
    world.move_closing(THIS, -timedelta(days=300))
    heir = world.standing(twenty).unit_id
    world.database.write(
        lambda c: c.execute(update(unit).where(unit.c.code == "10").values(successor_id=heir))
    )
    handles = world.add_wave(slug="following", previous_slug=THIS)
    codes = [world.standing(handle).unit_code for handle in handles]
    assert codes == ["10.1", "20", "30"]
    page = begin(world, handles[1])
    page = page.browser.visit(page.path.replace("sprache", "promises"))
    assert "Das hat Amt Zehn" in page.text
