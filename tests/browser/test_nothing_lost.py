"""What people type survives colleagues, expired sessions, impatience and the back button."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from survey.standing import Standing
from tests.browser.conftest import NewPage
from tests.browser.filling import YELLOW, enter, press, walk
from tests.browser.site import Site

LONG = "Ein langer Bericht über unsere Sprechzeiten, mit „Anführung“ & <Klammern>.\n"
SAVE = "Speichern und weiter"


def _at_last_page(page: Page, site: Site, office: Standing) -> None:
    enter(page, site, office)
    page.goto(f"{site.root(office)}/schritte")


def _steps(site: Site, office: Standing) -> str:
    return str((site.now(office).draft or {}).get("next_steps"))


def test_two_colleagues_on_one_page_see_both_texts(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    first, second = new_page(), new_page()
    for page, text in ((first, "Text der Ersten"), (second, "Text der Zweiten")):
        _at_last_page(page, site, office)
        page.locator("textarea").fill(text)
    press(first, SAVE)
    with second.expect_response(lambda r: r.request.method == "POST") as refused:
        press(second, SAVE)
    assert refused.value.status == 409
    expect(second.locator("textarea")).to_have_value("Text der Zweiten")
    expect(second.locator(".stored")).to_contain_text("Text der Ersten")
    assert _steps(site, office) == "Text der Ersten"
    second.locator("textarea").fill("Text der Ersten und der Zweiten")
    press(second, SAVE)
    expect(second).to_have_url(re.compile("/check$"))
    assert _steps(site, office) == "Text der Ersten und der Zweiten"


def test_text_outlives_the_session(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    _at_last_page(page, site, office)
    text = (LONG * 100).strip()
    page.locator("textarea").fill(text)
    page.context.clear_cookies()
    press(page, SAVE)
    expect(page.locator("[role=alert]")).to_contain_text("abgelaufen")
    expect(page.locator("textarea")).to_have_value(text)
    assert office.unit_name not in page.content()
    tab = page.context.new_page()
    enter(tab, site, office)
    tab.close()
    press(page, SAVE)
    expect(page).to_have_url(re.compile("/check$"))
    assert _steps(site, office) == text


def test_text_that_is_too_long_is_given_back_whole(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    _at_last_page(page, site, office)
    text = (LONG * 400).strip()
    page.locator("textarea").fill(text)
    press(page, SAVE)
    expect(page.locator("#next_steps .error")).to_contain_text("höchstens 10000 Zeichen")
    assert page.locator("textarea").input_value() == text
    page.locator("textarea").fill(text[:9000])
    press(page, SAVE)
    expect(page).to_have_url(re.compile("/check$"))
    assert _steps(site, office) == text[:9000].strip()


def test_double_click_refresh_and_back_give_one_receipt(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    enter(page, site, office)
    walk(page, YELLOW)
    page.get_by_role("button", name="Jetzt abgeben").dblclick()
    expect(page).to_have_url(re.compile("/result"))
    receipt = page.locator(".printed").inner_text()
    page.reload()
    expect(page.locator(".printed")).to_have_text(receipt)
    page.go_back()
    expect(page.locator("h1")).to_be_visible()
    if page.get_by_role("button", name="Jetzt abgeben").is_visible():
        press(page, "Jetzt abgeben")
    page.goto(f"{site.root(office)}/result")
    expect(page.locator(".printed")).to_have_text(receipt)
    assert site.now(office).version == 1


def test_back_button_shows_what_is_saved(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    enter(page, site, office)
    page.locator('[name="q1"][value="4"]').check()
    press(page, SAVE)
    expect(page).to_have_url(re.compile("/organisation$"))
    page.go_back()
    expect(page.locator('[name="q1"][value="4"]')).to_be_checked()
    page.locator('[name="q1"][value="2"]').check()
    press(page, SAVE)
    expect(page).to_have_url(re.compile("/organisation$"))
    page.reload()
    press(page, "Zurück")
    expect(page.locator('[name="q1"][value="2"]')).to_be_checked()
    assert (site.now(office).draft or {})["q1"] == "2"
