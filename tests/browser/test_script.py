"""What the small script adds, and that a page without it lacks nothing."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page, Route, expect

from survey.standing import Standing
from tests.browser.conftest import NewPage
from tests.browser.filling import enter, press
from tests.browser.site import Site, words

SAVED, UNSAVED = "Automatisch gespeichert.", "Noch nicht gespeichert."
STATE = "[data-state]"
AFTER_A_PAUSE = 12_000
"""Milliseconds: the script waits four seconds after the last key."""
LONGEST = 10_000


def _page(site: Site, new_page: NewPage, step: str, language: str = "de") -> tuple[Page, Standing]:
    office, page = site.fresh_office(), new_page(java_script_enabled=True)
    enter(page, site, office)
    page.goto(f"{site.root(office, language)}/{step}")
    return page, office


def test_it_saves_while_somebody_writes(site: Site, new_page: NewPage) -> None:
    page, office = _page(site, new_page, "schritte", "ar")
    page.locator("#next_steps-text").fill("Ein Sprechtag")
    expect(page.locator(STATE)).to_have_text(words("ar", SAVED), timeout=AFTER_A_PAUSE)
    assert (site.now(office).draft or {})["next_steps"] == "Ein Sprechtag"
    # What is saved once more does not come into conflict with what the script saved.
    page.locator("#next_steps-text").fill("Zwei Sprechtage")
    press(page, "Speichern und weiter", "ar")
    page.wait_for_url("**/check")
    assert (site.now(office).draft or {})["next_steps"] == "Zwei Sprechtage"


def test_a_save_that_fails_is_said_and_the_button_still_works(
    site: Site, new_page: NewPage
) -> None:
    page, office = _page(site, new_page, "schritte")
    page.route("**/autosave", lambda route: route.fulfill(status=409))
    page.locator("#next_steps-text").fill("Ein Sprechtag")
    expect(page.locator(STATE)).to_contain_text(UNSAVED, timeout=AFTER_A_PAUSE)
    assert not (site.now(office).draft or {}).get("next_steps")
    page.unroute("**/autosave")
    press(page, "Speichern und weiter")
    page.wait_for_url("**/check")
    assert (site.now(office).draft or {})["next_steps"] == "Ein Sprechtag"


def test_pressing_the_button_while_a_save_is_on_its_way_is_no_conflict(
    site: Site, new_page: NewPage
) -> None:
    page, office = _page(site, new_page, "schritte")

    def slowly(route: Route) -> None:
        page.locator("#next_steps-text").fill("Zwei Sprechtage")
        page.locator('.actions [value="next"]').click(no_wait_after=True)
        route.continue_()

    page.route("**/autosave", slowly)
    page.locator("#next_steps-text").fill("Ein Sprechtag")
    page.wait_for_url("**/check", timeout=AFTER_A_PAUSE)
    assert (site.now(office).draft or {})["next_steps"] == "Zwei Sprechtage"


def test_it_asks_before_unsaved_text_is_left(site: Site, new_page: NewPage) -> None:
    page, _office = _page(site, new_page, "schritte")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.locator("#next_steps-text").press_sequentially("Noch nicht gespeichert")
    page.locator(".unit a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.locator("#next_steps-text").input_value() == "Noch nicht gespeichert"
    press(page, "Speichern und weiter")
    page.wait_for_url("**/check")
    assert asked == ["beforeunload"], "saving is not leaving"


def test_it_counts_characters_when_there_are_many(site: Site, new_page: NewPage) -> None:
    page, _office = _page(site, new_page, "schritte")
    count = page.locator("#next_steps-text-count")
    page.locator("#next_steps-text").fill("kurz")
    expect(count).to_be_hidden()
    page.locator("#next_steps-text").fill("x" * (LONGEST + 1))
    expect(count).to_have_text(f"{LONGEST + 1} von höchstens {LONGEST} Zeichen")
    expect(count).to_have_class("help count error")


def test_it_announces_a_follow_up(site: Site, new_page: NewPage) -> None:
    page, _office = _page(site, new_page, "organisation")
    hint = page.locator('[data-of="q5"]')
    page.locator('[name="q5"][value="2"]').check()
    expect(hint).to_be_hidden()
    page.locator('[name="q5"][value="3"]').check()
    expect(hint).to_be_visible()
    press(page, "Speichern und weiter")
    page.wait_for_url("**/massnahmen")


def test_without_the_script_nothing_waits_for_it(site: Site, new_page: NewPage) -> None:
    office, page = site.fresh_office(), new_page()
    enter(page, site, office)
    page.goto(f"{site.root(office)}/schritte")
    expect(page.locator(STATE)).to_be_empty()
    expect(page.locator("#next_steps-text-count")).to_be_hidden()
    page.locator("#next_steps-text").fill("Ein Sprechtag")
    press(page, "Speichern und weiter")
    page.wait_for_url("**/check")
    assert (site.now(office).draft or {})["next_steps"] == "Ein Sprechtag"
