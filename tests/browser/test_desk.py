"""The commissioner makes a wave and looks after its units; the administrator keeps the accounts."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from survey.standing import Standing
from tests.browser.conftest import NewPage
from tests.browser.filling import YELLOW, enter, press, walk
from tests.browser.scenes import sign_in
from tests.browser.site import Site


def test_commissioner_makes_a_wave(site: Site, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, site, "commissioner")
    page.get_by_role("link", name="Neuer Durchgang").click()
    page.locator("#slug").fill("Selbst Check")
    press(page, "Durchgang anlegen und Links erzeugen")
    assert page.locator("[role=alert] li").count() == 3  # slug, last day, staff council
    page.locator('[role=alert] a[href="#last_day"]').click()
    today = site.standing("M 10").now.date()
    page.locator("#slug").fill("selbstcheck-neu")
    page.locator("#last_day").fill((today + timedelta(days=20)).isoformat())
    page.locator("#staff_council_note").fill("Zustimmung liegt vor.")
    page.locator("#previous").select_option(site.this_year)
    press(page, "Durchgang anlegen und Links erzeugen")
    expect(page).to_have_url(re.compile("/waves/selbstcheck-neu/"))
    invited = page.locator(".figures dd").first
    assert int(invited.inner_text()) == page.locator("tbody tr").count() == 12
    office = site.standing("M 50", "selbstcheck-neu")
    with page.expect_download() as download:
        page.get_by_role("link", name="Persönliche Links zum Versenden").click()
    assert site.link(office) in download.value.path().read_text(encoding="utf-8-sig")


def _act(page: Page, summary: str, button: str, **fields: str) -> None:
    """Unfold an action of a unit, fill its fields and press its button."""
    details = page.locator("details").filter(has_text=summary)
    details.locator("summary").click()
    for name, value in fields.items():
        field = details.locator(f'[name="{name}"]')
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    details.get_by_role("button", name=button).click()
    expect(page.locator("[role=status]")).to_contain_text("im Protokoll vermerkt")


def test_commissioner_acts_on_one_unit(site: Site, new_page: NewPage) -> None:
    office = site.fresh_office()
    respondent, desk = new_page(), new_page()
    enter(respondent, site, office)
    walk(respondent, YELLOW)
    press(respondent, "Jetzt abgeben")
    sign_in(desk, site, "commissioner")
    unit = site.url(f"/de/desk/waves/{office.wave_slug}/units/{office.handle}")
    desk.goto(unit)
    until = office.now.date() + timedelta(days=90)
    _act(desk, "Frist verlängern", "Verlängern", until=until.isoformat())
    assert site.now(office).extended_until is not None
    old_link = site.link(office)
    _act(desk, "Neuen Link ausstellen", "Neuen Link ausstellen")
    _refused(respondent, f"{site.root(office)}/result", 410)
    # Only hashes are kept: a link that was replaced cannot be told from one that never was.
    _refused(respondent, old_link, 404)
    enter(respondent, site, site.now(office))
    expect(respondent.get_by_role("heading", level=1)).to_have_text("Übersicht")
    _act(desk, "für ungültig erklären", "Für ungültig erklären", reason="Versehentlich abgegeben")
    assert not site.now(office).has_sheet
    respondent.reload()
    expect(respondent.get_by_text("Ihr Bogen ist abgegeben.")).to_have_count(0)
    _act(desk, "Neuen Link ausstellen", "Link zurückziehen")
    _refused(respondent, site.link(site.now(office)), 410)
    desk.get_by_role("link", name="Protokoll").click()
    for action in ("link_extend", "link_reissue", "sheet_void", "link_revoke"):
        entry = desk.locator("tbody tr").filter(has_text=action).first
        expect(entry).to_contain_text(office.unit_name)


def _refused(page: Page, address: str, status: int) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address


def test_commissioner_moves_a_sheet(site: Site, new_page: NewPage) -> None:
    mistaken, meant = _two_of_one_wave(site)
    respondent, desk = new_page(), new_page()
    enter(respondent, site, mistaken)
    walk(respondent, YELLOW)
    press(respondent, "Jetzt abgeben")
    sign_in(desk, site, "commissioner")
    desk.goto(site.url(f"/de/desk/waves/{mistaken.wave_slug}/units/{mistaken.handle}"))
    _act(desk, "anderen Einheit", "Zuordnen", to=meant.handle, reason="Falscher Link benutzt")
    assert site.now(meant).has_sheet
    assert not site.now(mistaken).has_sheet


def _two_of_one_wave(site: Site) -> tuple[Standing, Standing]:
    first, second = site.fresh_office(), site.fresh_office()
    while first.wave_slug != second.wave_slug:
        first, second = second, site.fresh_office()
    return first, second


def test_administrator_keeps_accounts(site: Site, new_page: NewPage) -> None:
    page, other = new_page(), new_page()
    sign_in(page, site, "administrator")
    page.locator("#name").fill("zweite-stelle")
    page.get_by_label("Beauftragte: Durchgänge und Ergebnisse").check()
    press(page, "Konto anlegen")
    password = page.locator("[role=status] code").inner_text()
    other.goto(site.url("/de/desk/sign-in"))
    other.locator("#name").fill("zweite-stelle")
    other.locator("#password").fill(password)
    press(other, "Anmelden")
    expect(other.get_by_role("heading", level=1)).to_have_text("Durchgänge")
    row = page.locator("tbody tr").filter(has_text="zweite-stelle")
    row.get_by_role("button", name="Sperren", exact=True).click()
    expect(row).to_contain_text("gesperrt")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Anmelden")
    row.get_by_role("button", name="Entsperren").click()
    row.get_by_role("button", name="Neues Passwort").click()
    assert page.locator("[role=status] code").inner_text() != password
    _refused(page, site.url(f"/de/desk/waves/{site.this_year}/"), 403)
