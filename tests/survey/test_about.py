"""Accessibility, data protection, imprint: in every language, filled by settings, in step."""

from __future__ import annotations

import hashlib
import inspect

import pytest

from config import ROOT
from survey.locale import languages
from survey.respond import about
from tests.client import Browser
from tests.conftest import MakeWorld
from tests.world import World

PAGES = ("accessibility", "privacy", "imprint")
FILLED = {
    "imprint": ("Stadt Musterstadt", "Musterplatz 1"),
    "privacy_officer": ("Datenschutz Musterstadt",),
    "supervisory_authority": ("Aufsicht Musterland",),
    "legal_basis": ("Artikel 6 Absatz 1 Buchstabe e DSGVO",),
    "retention": ("drei Jahre",),
    "enforcement_body": ("Durchsetzungsstelle Musterland",),
    "feedback_mail": "barrieren@example.org",
}
MISSING = "Diese Angabe hat die Stadt noch nicht eingetragen."
GONE_THROUGH = [("2026-11-21", "827535f5da7af277")]
"""When somebody went through the statement, and what it said then; the last line is today's."""


def test_the_date_of_the_statement_follows_its_changes() -> None:
    """Changed the statement? Go through it, set CHECKED_ON, and add a line; none is rewritten."""
    template = ROOT / "survey" / "templates" / "about" / "accessibility.html"
    text = template.read_text(encoding="utf-8") + inspect.getsource(about.known_gaps)
    said = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert GONE_THROUGH[-1] == (about.CHECKED_ON.isoformat(), said)
    days = [day for day, _said in GONE_THROUGH]
    assert days == sorted(set(days)), "a change needs a new date"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_in_every_language(world: World, name: str) -> None:
    browser = Browser(world)
    headings = set()
    for language in languages():
        page = browser.visit(f"/{language}/{name}")
        assert page.one("html")["lang"] == language
        headings.add(page.heading)
    assert len(headings) >= len(languages()) - 2, headings


def test_what_is_not_set_is_said_to_be_missing(world: World) -> None:
    browser = Browser(world)
    assert [browser.visit(f"/de/{name}").text.count(MISSING) for name in PAGES] == [1, 4, 1]


def test_settings_fill_the_pages(new_world: MakeWorld) -> None:
    browser = Browser(new_world(**FILLED))
    shown = {name: browser.visit(f"/ar/{name}") for name in PAGES}
    texts = " ".join(page.text for page in shown.values())
    for value in FILLED.values():
        for line in [value] if isinstance(value, str) else value:
            assert line in texts, line
    # What the city wrote is German, whatever the language of the page.
    for page in shown.values():
        for entered in page.soup.select(".entered"):
            assert (entered["lang"], entered["dir"]) == ("de", "ltr")
    mail = shown["accessibility"].one('a[href="mailto:barrieren@example.org"]')
    assert mail["dir"] == "ltr"


def test_the_statement_says_when_it_was_gone_through(world: World) -> None:
    day = f"{about.CHECKED_ON.day}. "
    assert day in Browser(world).visit("/de/accessibility").all(".fine")[-1]


def test_every_page_leads_to_them(world: World) -> None:
    page = Browser(world).visit("/uk/")
    links = {str(a["href"]) for a in page.soup.select("footer a")}
    assert {f"/uk/{name}" for name in PAGES} <= links
