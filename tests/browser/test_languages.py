"""Every language as somebody uses it: begun, switched in the middle, handed in, read, printed."""

from __future__ import annotations

import re
from collections.abc import Container

import pytest
from playwright.sync_api import Locator, Page, expect

from survey.locale import languages
from tests.browser.conftest import NewPage
from tests.browser.filling import YELLOW, enter, fill, press, switch, walk
from tests.browser.scenes import DESK, RESPONDENT, Stage
from tests.browser.site import DAILY, OTHERS, Site
from tests.browser.survey_scenes import SURVEY
from tests.harness.form import expected

KNOWN = languages()
SCENES = RESPONDENT | DESK | SURVEY
TYPED = ("open-start", "no-sheet", "only-us", "entry", "ticks", "lines", "promises")
"""Pages of respondents with fields."""
TYPED_AT_DESK = ("sign-in", "new-wave", "new-survey", "accounts")
EACH = [*DAILY, *(pytest.param(code, marks=pytest.mark.slow) for code in OTHERS)]
SAID_GERMAN = """() => [...document.querySelectorAll('main bdi[lang=de], .unit bdi[lang=de]')]
  .map(e => [e.textContent, getComputedStyle(e).direction])"""


@pytest.mark.parametrize("language", EACH)
def test_fill_switch_hand_in_read_print(site: Site, new_page: NewPage, language: str) -> None:
    """Begun in German, gone on with in this language, and everything said in it to the end."""
    office, page = site.fresh_office(), new_page(viewport={"width": 360, "height": 740})
    enter(page, site, office)
    fill(page, ("q1", "q2"), YELLOW)
    if language != "de":
        switch(page, KNOWN[language].name)
    _is_in(page, language)
    expect(page.locator('[name="q2"][value="3"]')).to_be_checked()
    walk(page, YELLOW, language)
    _is_in(page, language)
    press(page, "Jetzt abgeben", language)
    expect(page.locator(".verdict")).to_have_attribute("data-total", str(expected(YELLOW).total))
    _is_in(page, language)
    assert site.now(office).has_sheet
    page.emulate_media(media="print")
    expect(page.locator(".languages")).to_be_hidden()
    expect(page.locator(".verdict")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def _is_in(page: Page, language: str) -> None:
    known = KNOWN[language]
    html = page.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", known.direction)
    expect(page.locator("details.languages summary")).to_contain_text(known.name)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == (
        known.direction
    )


@pytest.mark.parametrize("language", EACH)
def test_a_survey_in_every_language(site: Site, new_page: NewPage, language: str) -> None:
    """The open survey: begun, a barrier written, everything else skipped, handed in."""
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(site.url(f"/{language}/o/{site.open_survey}/vereine"))
    _is_in(page, language)
    press(page, "Beginnen", language)
    page.locator(".actions a.button").first.click()
    page.locator("#what-text").fill("Ein Hemmnis, zum Beispiel ein Formular")
    press(page, "Speichern und weiter", language)
    page.goto(page.url.rsplit("/", 1)[0] + "/check")
    _is_in(page, language)
    press(page, "Jetzt abgeben", language)
    expect(page.locator("[role=status]")).to_be_visible()
    _is_in(page, language)


@pytest.mark.parametrize("name", [*TYPED, *TYPED_AT_DESK])
def test_switching_loses_nothing_that_was_typed(stage: Stage, name: str) -> None:
    scene = SCENES[name]
    # The first page of a survey has no field for those who have begun.
    page = stage.profiles["visitor" if name == "open-start" else scene.part].new_page()
    try:
        scene.open(stage, page, "de")
        typed = _type_everywhere(page)
        assert typed
        switch(page, "English")
        page.wait_for_url("**/en/**")
        assert page.locator("html").get_attribute("lang") == "en"
        assert _held(page, typed) == typed
        switch(page, "Deutsch")
        page.wait_for_url("**/de/**")
        assert _held(page, typed) == typed
    finally:
        page.close()


FIELDS = (
    "#answers :is(input[type=text], textarea, select):not([hidden]), input[form=answers],"
    "#answers :is(input[type=radio], input[type=checkbox], input[type=date])"
)


def _fields(page: Page) -> list[Locator]:
    return [field for field in page.locator(FIELDS).all() if field.is_visible()]


def _type_everywhere(page: Page) -> dict[str, list[str]]:
    for number, field in enumerate(_fields(page)):
        if field.get_attribute("type") in ("radio", "checkbox"):
            field.check()
        elif field.get_attribute("type") == "date":
            field.fill("2031-03-04")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(index=field.locator("option").count() - 1)
        else:
            field.fill(f"getippt {number} „ä“ ياء")
    return _held(page)


def _held(page: Page, asked: Container[str] | None = None) -> dict[str, list[str]]:
    """What the fields hold by name; a form may offer a further empty row that was not asked for."""
    held: dict[str, list[str]] = {}
    for field in _fields(page):
        name = str(field.get_attribute("name"))
        if asked is not None and name not in asked:
            continue
        ticked = field.get_attribute("type") in ("radio", "checkbox")
        if not ticked or field.is_checked():
            held.setdefault(name, []).append(field.input_value())
    return held


def test_german_names_are_said_to_be_german(site: Site, new_page: NewPage) -> None:
    """In an Arabic page every name the city wrote keeps its language and its direction."""
    office, page = site.fresh_office(), new_page()
    page.goto(site.link(office, "ar"))
    names = dict(page.evaluate(SAID_GERMAN))
    assert {office.unit_name, office.wave_title} <= set(names)
    assert set(names.values()) == {"ltr"}


def test_the_link_remembers_the_language(site: Site, new_page: NewPage) -> None:
    """What is handed on within a team opens in the language it was handed on in."""
    office, page = site.fresh_office(), new_page()
    enter(page, site, office)
    page.goto(f"{site.root(office, 'ar')}/")
    shown = page.locator(".address code").inner_text()
    assert shown == site.link(office, "ar")
    fresh = new_page()
    fresh.goto(shown)
    _is_in(fresh, "ar")
    # An address without a language leads this browser back to it.
    fresh.locator("main form .button").click()
    fresh.goto(site.url("/"))
    expect(fresh).to_have_url(re.compile("/ar/$"))
