"""„Nur für uns": fill, see, print; nothing is stored."""

from __future__ import annotations

import pytest

from tests.client import Browser
from tests.survey.walks import MIDDLE, contents
from tests.world import World

ADDRESS = "/de/only-us/selbstcheck-2025"


def test_a_result_without_a_trace(world: World, browser: Browser) -> None:
    before = contents(world)
    texts = {"next_steps": "=1+1", "q8_fields": ["other"], "q8_fields.other": "Chor"}
    page = browser.visit(ADDRESS).answer(MIDDLE | texts).press("Ergebnis zeigen")
    assert page.one("[data-total]")["data-total"] == "24"
    assert page.one("[data-total]")["data-band"] == "yellow"
    assert len(page.soup.select("[data-category]")) == 3
    assert "Nichts davon wurde gespeichert." in page.text
    assert "Chor" in page.text
    page = page.press("Antworten ändern")
    assert page.value("q1") == "3"
    assert page.value("q8_fields") == ["other"]
    assert page.value("next_steps") == "=1+1"
    page = page.answer(q1=5).press("Ergebnis zeigen")
    assert page.one("[data-total]")["data-total"] == "26"
    assert contents(world) == before
    with browser.client.session_transaction(base_url=browser.base_url) as session:
        assert set(session) <= {"csrf_token"}


def test_missing_answers_are_marked_and_the_others_kept(browser: Browser) -> None:
    page = browser.visit(ADDRESS).answer(q1=5, next_steps="Text").submit(status=422)
    assert len(page.all(".notice li")) == 7
    assert (page.value("q1"), page.value("next_steps")) == ("5", "Text")


def test_a_hidden_follow_up_is_not_in_the_result(browser: Browser) -> None:
    page = browser.visit(ADDRESS).answer(MIDDLE | {"q5": "1", "q5_next": "Versteckt"})
    page = page.press("Ergebnis zeigen")
    assert "Versteckt" not in page.all("section li")


def test_an_expired_token_keeps_everything(browser: Browser) -> None:
    page = browser.visit(ADDRESS).answer(MIDDLE | {"next_steps": "Text"})
    browser.lose_session()
    page = page.press("Ergebnis zeigen", status=400)
    assert (page.value("q8"), page.value("next_steps")) == ("3", "Text")
    assert page.press("Ergebnis zeigen").heading == "Ihr Ergebnis"


@pytest.mark.parametrize("name", ["unknown", "Selbstcheck", "selbstcheck-2025.toml", ".."])
def test_an_unknown_questionnaire(browser: Browser, name: str) -> None:
    browser.visit(f"/de/only-us/{name}", status=404)
