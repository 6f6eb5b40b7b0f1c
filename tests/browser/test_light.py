"""A question page is light: what it weighs with all it loads, and how soon it can be used on 2G."""

from __future__ import annotations

import gzip
import time

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import NewPage, Profiles
from tests.browser.filling import enter
from tests.browser.scenes import Stage
from tests.browser.site import DAILY, OTHERS, Site
from tests.browser.survey_scenes import SURVEY

HEAVIEST = 30_000
"""Bytes of a page with everything it loads, compressed."""
PATIENCE_OF_READERS = 2.0
"""Seconds until somebody on a slow telephone can answer."""
REGULAR_2G = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
STEPS = ("sprache", "organisation", "sensibilitaet", "schritte")
EACH = [*DAILY, *(pytest.param(code, marks=pytest.mark.slow) for code in OTHERS)]


def _weights(page: Page, address: str) -> dict[str, int]:
    """Bytes on the wire by address, fetched with nothing kept: what is not compressed is taken as
    it is sent, which is what a proxy may still make smaller."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # no built-ins
    page.goto(address, wait_until="networkidle")
    return {answer.url: _sent(answer) for answer in answers}


def _sent(answer: Response) -> int:
    body = answer.body()
    return len(gzip.compress(body)) if answer.headers.get("content-encoding") else len(body)


@pytest.mark.parametrize("language", EACH)
def test_a_question_page_weighs_little(site: Site, profiles: Profiles, language: str) -> None:
    office = site.fresh_office()
    page = profiles.new(java_script_enabled=True).new_page()
    enter(page, site, office)
    for step in STEPS:
        fresh = profiles.new(java_script_enabled=True)
        fresh.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what Playwright gave
        weights = _weights(fresh.new_page(), f"{site.root(office, language)}/{step}")
        assert len(weights) >= 3, weights
        assert all(address.startswith(site.url("/")) for address in weights), "a third party"
        print(f"{language} {step}: {sum(weights.values())} bytes")
        assert sum(weights.values()) < HEAVIEST, weights
        fresh.close()


def test_a_rating_page_of_a_survey_weighs_little(stage: Stage) -> None:
    page = stage.profiles["respondent"].new_page()
    SURVEY["ratings"].open(stage, page, "ar")
    weights = _weights(page, page.url)
    print(f"ar ratings: {sum(weights.values())} bytes")
    assert sum(weights.values()) < HEAVIEST, weights
    page.close()


@pytest.mark.parametrize("language", ["ar", "vi"])
def test_usable_on_2g(site: Site, new_page: NewPage, language: str) -> None:
    """From the press of a button to an answer that can be ticked; the profile is DevTools' 2G."""
    office, page = site.fresh_office(), new_page(java_script_enabled=True)
    enter(page, site, office)
    fresh = new_page(java_script_enabled=True)
    fresh.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # as above
    network = fresh.context.new_cdp_session(fresh)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", REGULAR_2G)
    begun = time.monotonic()
    fresh.goto(f"{site.root(office, language)}/sprache", wait_until="commit")
    fresh.locator('[name="q1"][value="3"]').check()
    waited = time.monotonic() - begun
    print(f"usable after {waited:.2f} s on 2G in {language}")
    assert waited < PATIENCE_OF_READERS
