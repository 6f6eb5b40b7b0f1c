"""Filling a questionnaire with the mouse, page by page, as the printed form orders it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from survey.standing import Standing
from tests.browser.site import Site, words
from tests.harness.form import PAGES, asked

YELLOW: dict[str, Any] = {
    **{"q1": "2", "q2": "3", "q3": "2", "q4": "4", "q5": "3", "q6": "3", "q7": "3", "q8": "4"},
    "q5_past": "Aushang am Eingang in vier Sprachen",
    "q5_next": "Merkblätter neu fassen\nBeschwerdeweg erklären",
    "q8_fields": ["exchange", "other"],
    "q8_fields.other": "Stadtteilfest <gemeinsam> & „offen“",
    "next_steps": "Dienstags einen offenen Sprechtag anbieten",
}
"""Twenty-four points of forty."""


def enter(page: Page, site: Site, standing: Standing, language: str = "de") -> None:
    """Open a personal link and press its button."""
    page.goto(site.link(standing, language))
    page.locator("main form .button").click()
    page.wait_for_url("**/w/**")


def fill(page: Page, keys: tuple[str, ...], sheet: Mapping[str, Any]) -> None:
    """Answer the questions of one page; what the sheet lacks stays empty."""
    for key in keys:
        given = sheet.get(key)
        field = page.locator(f'[name="{key}"]')
        if given is None:
            continue
        if key.startswith("q8_fields") and isinstance(given, list):
            for code in given:
                page.locator(f'[name="{key}"][value="{code}"]').check()
        elif field.count() > 1:
            page.locator(f'[name="{key}"][value="{given}"]').check()
        else:
            field.fill(given)


def press(page: Page, german: str, language: str = "de") -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=words(language, german), exact=True).click()


def switch(page: Page, name: str) -> None:
    """Choose a language by its own name, as a link or as a button of the form."""
    places = page.locator("details.languages")
    if places.get_attribute("open") is None:
        places.locator("summary").click()
    places.locator("a, button").get_by_text(name, exact=True).click()


def open_follow_up(page: Page, site: Site, standing: Standing) -> None:
    """Agree to the eighth statement, and so come to the page with the tick-boxes."""
    page.goto(f"{site.root(standing)}/sensibilitaet")
    fill(page, ("q8",), YELLOW)
    press(page, "Speichern und weiter")
    page.wait_for_url("**/zusammenarbeit")


def walk(page: Page, sheet: Mapping[str, Any], language: str = "de") -> None:
    """From the first page to „check answers", the earlier promises marked on the way."""
    for step, keys in PAGES:
        if not asked(step, sheet):
            continue
        if page.url.endswith("/promises"):
            mark_promises(page)
            press(page, "Speichern und weiter", language)
        expect(page).to_have_url(re.compile(f"/{step}$"))
        fill(page, keys, sheet)
        press(page, "Speichern und weiter", language)


def mark_promises(page: Page) -> None:
    """Say what became of each promise, every time something else."""
    marks = ("done", "in_progress", "open", "dropped")
    for number, group in enumerate(page.locator("fieldset.question").all()):
        group.locator(f'input[value="{marks[number % 4]}"]').check()
