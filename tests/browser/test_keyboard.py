"""Everything by keyboard alone, every stop visible."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.filling import enter, open_follow_up
from tests.browser.site import Site

FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect()
  return {
    what: e === document.body ? 'nothing' : e.name ? `${e.name}=${e.value}` : e.textContent.trim(),
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 4 && box.height > 4,
  }
}"""
MOST_STOPS = 40


def _tab_to(page: Page, wanted: str) -> list[str]:
    """Press Tab until the focus is on what is wanted; every stop on the way must be visible."""
    stops: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        stops.append(focused["what"])
        if focused["what"] == "nothing":
            break
        assert focused["seen"], f"no outline on {stops}"
        assert focused["inside"], f"out of sight: {stops}"
        if focused["what"].startswith(wanted):
            return stops
    raise AssertionError(f"{wanted} is not among {stops}")


def test_skip_link_leads_to_the_content(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site.link(site.fresh_office()))
    assert _tab_to(page, "Zum Inhalt") == ["Zum Inhalt"]
    page.keyboard.press("Enter")
    assert _tab_to(page, "Beginnen") == ["Beginnen"]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/de/w/.*/sprache"))


def test_selbstcheck_by_keyboard(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    enter(page, site, office)
    for question, downs in (("q1", 0), ("q2", 1), ("q3", 2)):
        _tab_to(page, f"{question}=5")
        page.keyboard.press("Space")
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # „Save and go on", not the language switch that comes first on the page.
    expect(page).to_have_url(re.compile("/de/w/.*/organisation$"))
    assert site.now(office).draft == {"q1": "5", "q2": "4", "q3": "3"}
    _tab_to(page, "q5=5")
    page.keyboard.press("Space")
    _tab_to(page, "then=next")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("/massnahmen$"))
    _tab_to(page, "q5_next=")
    page.keyboard.type("Erstens")
    page.keyboard.press("Enter")
    page.keyboard.type("Zweitens")
    _tab_to(page, "then=next")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sensibilitaet$"))
    assert (site.now(office).draft or {})["q5_next"] == "Erstens\nZweitens"


def test_enter_in_a_text_field_goes_on(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    enter(page, site, office)
    open_follow_up(page, site, office)
    _tab_to(page, "q8_fields=committees")
    page.keyboard.press("Space")
    _tab_to(page, "q8_fields.other=")
    page.keyboard.type("Stadtteilfest")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/de/w/.*/schritte$"))
    draft = site.now(office).draft or {}
    assert (draft["q8_fields"], draft["q8_fields.other"]) == (["committees"], "Stadtteilfest")


def test_desk_by_keyboard(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site.url("/de/desk/"))
    _tab_to(page, "name=")
    page.keyboard.type("commissioner")
    _tab_to(page, "password=")
    page.keyboard.type(site.password("commissioner"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Durchgänge")
    _tab_to(page, "Selbstcheck")
    page.keyboard.press("Enter")
    expect(page.locator(".figures").first).to_be_visible()
    _tab_to(page, "M 41")
    page.keyboard.press("Enter")
    expect(page.locator("main details").first).to_be_visible()
    _tab_to(page, "Frist verlängern")
    page.keyboard.press("Enter")
    stops = _tab_to(page, "until=")
    assert len(stops) == 1
