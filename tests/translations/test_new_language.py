"""A fourteenth language is added by files alone, from its first file to its first page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from survey.catalogue_checks import offers, problems, progress
from survey.catalogues import compile_stale
from survey.locale import languages
from survey.translation_import import take_in
from survey.translation_sheet import REVIEWED, TRANSLATION
from tests.client import Browser, Page
from tests.translations.folders import in_brackets, invite
from tests.translations.sheets import GERMAN, Sheet, exported, new_language
from tests.world import SELBSTCHECK, selbstcheck

ONLY_US = f"only-us/{SELBSTCHECK}"
OPTION = "stimme voll zu"
PARTLY = {f"q{number}": "3" for number in range(1, 9)}


@pytest.fixture
def turkish(folder: Path) -> Path:
    """A folder with Türkçe, which has nothing but its file and what an update made of it."""
    new_language(folder, "tr", "Türkçe")
    return folder


def fill(folder: Path, *, without: str = "") -> Sheet:
    """Export, fill what is empty but for one text, send back, compile."""
    sheet = Sheet(exported(folder, "tr"))
    sheet.fill(lambda line: sheet.cell(GERMAN, line).value != without)
    take_in(sheet.raw, folder)
    compile_stale(folder)
    return sheet


def offered(page: Page) -> list[str]:
    """The languages a page can be switched to, its own included."""
    return [str(each["lang"]) for each in page.soup.select(".languages li > *")]


def missing(folder: Path) -> tuple[str, ...]:
    """What keeps the self-check from being offered in Turkish."""
    [found] = [
        o.missing for o in offers(folder) if (o.language, o.questionnaire) == ("tr", SELBSTCHECK)
    ]
    return found


def test_a_new_language_is_all_open_and_offered_nowhere(turkish: Path, speaking: Any) -> None:
    [state] = [p for p in progress(turkish) if p.language == "tr"]
    assert (state.domain, state.open) == ("messages", state.messages)
    assert len(missing(turkish)) > 50
    browser = Browser(speaking(turkish))
    assert "tr" not in offered(browser.visit(f"/de/{ONLY_US}"))
    browser.visit(f"/tr/{ONLY_US}", status=404)


def test_a_filled_sheet_makes_a_language(turkish: Path, speaking: Any) -> None:
    fill(turkish)
    assert languages(turkish)["tr"].name == "Türkçe"
    assert missing(turkish) == ()
    of_catalogue = [p for p in problems(turkish) if p.startswith("translations/tr/LC_MESSAGES")]
    assert of_catalogue == []
    world = speaking(turkish)
    handle = invite(world, "w1", "Round one")
    browser = Browser(world)
    switch = browser.visit(f"/de/{ONLY_US}").soup.select('.languages [lang="tr"]')
    assert [(each.get_text(), each["dir"]) for each in switch] == [("Türkçe", "ltr")]
    page = browser.visit(f"/tr/{ONLY_US}")
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("tr", "ltr")
    assert in_brackets(OPTION) in page.text
    assert in_brackets(selbstcheck().questions["q1"].text) in page.text
    assert page.soup.select('main [lang="de"]') == []
    result = page.answer(PARTLY).submit("score")
    assert result.one("html")["lang"] == "tr"
    link = browser.visit(world.link(handle, "tr"))
    assert offered(link).count("tr") == 1
    assert link.one("html")["lang"] == "tr"


def test_one_missing_option_keeps_a_language_back(turkish: Path, speaking: Any) -> None:
    sheet = fill(turkish, without=OPTION)
    assert missing(turkish) == ("scales.agreement.options.5.text",)
    world = speaking(turkish)
    browser = Browser(world)
    assert "tr" not in offered(browser.visit(f"/de/{ONLY_US}"))
    assert browser.visit(f"/tr/{ONLY_US}", status=404).one("html")["lang"] == "tr"
    handle = invite(world, "w1", "Round one")
    assert "tr" not in offered(browser.visit(world.link(handle, "de")))
    again = Sheet(exported(turkish, "tr"))
    open_lines = [n for n in again.lines() if not again.cell(TRANSLATION, n).value]
    assert open_lines == sheet.lines_of(OPTION)
    fill(turkish)
    assert missing(turkish) == ()


def test_reviewing_all_of_it_takes_one_sheet(turkish: Path) -> None:
    fill(turkish)
    assert not languages(turkish)["tr"].reviewed
    sheet = Sheet(exported(turkish, "tr"))
    for line in sheet.lines():
        sheet.put(line, "ja", REVIEWED)
    report = take_in(sheet.raw, turkish)
    assert (report.changed, report.unchanged) == (0, 0)
    assert languages(turkish)["tr"].reviewed
    [state] = [p for p in progress(turkish) if p.language == "tr"]
    assert state.reviewed == state.messages == report.reviewed
