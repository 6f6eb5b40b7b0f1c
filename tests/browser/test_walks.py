"""From the link to the result and on to the commissioner, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.standing import Standing
from tests.browser.conftest import NewPage
from tests.browser.filling import YELLOW, enter, fill, open_follow_up, press, switch, walk
from tests.browser.scenes import sign_in
from tests.browser.site import DESK_LANGUAGES, Site, sample_site, words
from tests.harness.form import expected
from tests.postgres import PostgresServer

SIZES = ({"width": 390, "height": 844}, {"width": 1280, "height": 900})
TOTAL = expected(YELLOW).total


def _submit(page: Page, site: Site, office: Standing, language: str = "de") -> str:
    """Walk from link to result; returns the receipt's line."""
    enter(page, site, office, language)
    walk(page, YELLOW, language)
    press(page, "Jetzt abgeben", language)
    expect(page.locator(".verdict")).to_have_attribute("data-total", str(TOTAL))
    return page.locator("[role=status]").inner_text()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
@pytest.mark.parametrize("language", DESK_LANGUAGES)
def test_from_link_to_commissioner(
    site: Site, new_page: NewPage, language: str, size: dict[str, int]
) -> None:
    office = site.fresh_office()
    respondent = new_page(viewport=size)
    receipt = _submit(respondent, site, office, language)
    assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}-1$", receipt), receipt
    expect(respondent.locator(".verdict")).to_have_attribute("data-band", "yellow")
    for text in ("Merkblätter neu fassen", YELLOW["q8_fields.other"], YELLOW["next_steps"]):
        expect(respondent.get_by_text(text, exact=True)).to_be_visible()
    _commissioner_reads(new_page(viewport=size), site, office, language)


def _commissioner_reads(page: Page, site: Site, office: Standing, language: str = "de") -> None:
    sign_in(page, site, "commissioner", language)
    page.goto(site.url(f"/{language}/desk/waves/{office.wave_slug}/"))
    named = office.unit_kind in office.named_kinds
    row = page.locator("tbody tr" if named else "main li").filter(has_text=office.unit_name)
    expect(row).to_contain_text(words(language, "abgegeben", "desk"))
    page.locator(f'main a[href$="/{office.handle}"]').click()
    expect(page.locator(".verdict")).to_have_count(1 if named else 0)
    if named:
        expect(page.locator(".verdict")).to_have_attribute("data-total", str(TOTAL))


def test_promises_of_last_year_come_back(site: Site, new_page: NewPage) -> None:
    office = site.standing("ME 55")
    page = new_page()
    enter(page, site, office)
    walk(page, YELLOW)
    press(page, "Jetzt abgeben")
    kept = page.locator("ul.promises li")
    expect(kept.first).to_contain_text("umgesetzt")
    assert kept.count() == page.locator("ul.promises .mark-done, ul.promises .mark").count()
    expect(page.locator(".verdict")).to_contain_text(f"In „Selbstcheck {site.last_year[-4:]}")
    assert page.locator(".before").count() >= 12  # eight statements, three categories, the total


def test_language_switch_keeps_what_was_typed(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    page = new_page()
    enter(page, site, office)
    open_follow_up(page, site, office)
    fill(page, ("q8_fields", "q8_fields.other"), YELLOW)
    switch(page, "English")
    expect(page).to_have_url(re.compile("/en/w/.*/zusammenarbeit$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator('[name="q8_fields"][value="exchange"]')).to_be_checked()
    expect(page.locator('[name="q8_fields.other"]')).to_have_value(YELLOW["q8_fields.other"])
    assert (site.now(office).draft or {})["q8_fields"] == YELLOW["q8_fields"]


def test_only_us_stores_nothing_and_takes_changes(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site.url("/de/"))
    page.get_by_role("link", name="Selbstcheck ausfüllen").click()
    fill(page, tuple(YELLOW), {**YELLOW, "q3": None})
    press(page, "Ergebnis zeigen")
    page.locator('[role=alert] a[href="#q3"]').click()
    page.locator('[name="q3"][value="2"]').check()
    press(page, "Ergebnis zeigen")
    expect(page.locator(".verdict")).to_have_attribute("data-total", str(TOTAL))
    press(page, "Antworten ändern")
    expect(page.locator('[name="next_steps"]')).to_have_value(YELLOW["next_steps"])
    page.locator('[name="q1"][value="5"]').check()
    press(page, "Ergebnis zeigen")
    expect(page.locator(".verdict")).to_have_attribute("data-total", str(TOTAL + 3))


def test_printed_result_has_one_total_and_no_navigation(site: Site, new_page: NewPage) -> None:
    page = new_page()
    _submit(page, site, site.fresh_office())
    page.emulate_media(media="print")
    for hidden in ("header.top", "footer", "nav", "a.button, button", ".unit a"):
        for element in page.locator(hidden).all():
            expect(element).to_be_hidden()
    expect(page.locator(".verdict .total:visible")).to_have_text([str(TOTAL)])
    expect(page.locator(".unit strong")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_https_as_in_the_open(new_page: NewPage, tmp_path: Path, certificate: Any) -> None:
    port = certificate.port
    with sample_site(tmp_path / "city", port=port, public_url=f"https://127.0.0.1:{port}") as site:
        page = new_page(ignore_https_errors=True)
        sent: list[dict[str, str]] = []
        page.on("request", lambda request: sent.append(request.all_headers()))
        office = site.fresh_office()
        answer = page.goto(site.link(office))
        assert answer is not None
        assert "max-age=" in answer.headers["strict-transport-security"]
        _submit(page, site, office)
        assert not [headers for headers in sent if headers.get("referer")]
        session = next(c for c in page.context.cookies() if "session" in c["name"])
        assert session["name"] == "__Host-session"
        assert (session["secure"], session["httpOnly"], session["path"]) == (True, True, "/")
        assert session["sameSite"] == "Lax"


@pytest.fixture(scope="module")
def postgresql_site(
    postgresql_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The sample city on PostgreSQL."""
    url = postgresql_server.create_database("browser")
    with sample_site(tmp_path_factory.mktemp("city"), url=url) as served:
        yield served


@pytest.mark.postgresql
def test_whole_walk_on_postgresql(postgresql_site: Site, new_page: NewPage) -> None:
    office = postgresql_site.fresh_office()
    _submit(new_page(), postgresql_site, office)
    _commissioner_reads(new_page(), postgresql_site, office)
