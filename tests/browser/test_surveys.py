"""Two barrier surveys from the commissioner's form to the entries she reads, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from survey.questionnaires import Library
from survey.tables import wave, wave_audience
from survey.unsealing import unseal_due
from tests.browser.conftest import NewPage
from tests.browser.filling import press
from tests.browser.scenes import sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.slow  # for the build, not for every day

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
ARABIC = "الاستمارات طويلة ولا أحد يشرحها لنا"
AUDIENCES = (
    ("Ämter", "office", ("amt",)),
    ("Träger", "provider", ("traeger", "arbeitsgruppe")),
    ("Vereine", "association", ("verein",)),
)
CODES = 6


def make_survey(page: Page, site: Site, mode: str, slug: str, *, codes: bool = False) -> None:
    """Fill the commissioner's form for a survey of three audiences."""
    page.goto(site.url("/de/desk/waves/new-survey"))
    page.locator("#title").fill(f"Befragung {slug}")
    page.locator("#slug").fill(slug)
    page.locator(f'[name="mode"][value="{mode}"]').check()
    page.locator('[name="codes_required"]').set_checked(codes)
    today = page.locator("#first_day").input_value()
    for number, (title, variant, kinds) in enumerate(AUDIENCES, 1):
        part = page.locator("main details").nth(number - 1)
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        part.get_by_label("Name der Zielgruppe").fill(title)
        part.locator("select").select_option(value=_choice(part, variant))
        part.locator('input[type="date"]').fill(f"{int(today[:4]) + 1}{today[4:]}")
        for kind in kinds:
            part.locator(f'input[value="{kind}"]').check()
    page.locator("#staff_council_note").fill("beteiligt")
    press(page, "Befragung anlegen")
    expect(page.locator("h1")).to_contain_text(slug)


def _choice(part: Locator, variant: str) -> str:
    """The value of the option that gives an audience this variant of the barrier survey."""
    values = [option.get_attribute("value") or "" for option in part.locator("option").all()]
    return next(v for v in values if "zugangshemmnisse" in v and v.endswith(variant))


def fill_sheet(page: Page, what: str) -> None:
    """From the list of entries to the thanks: one barrier, every rating, the rest left empty."""
    page.get_by_role("link", name="Ein Hemmnis nennen").click()
    page.locator("#what-text").fill(what)
    page.locator('[name="where"][value="whole"]').check()
    press(page, "Speichern und weiter")
    expect(page.locator(".entries")).to_contain_text(what)
    page.get_by_role("link", name="Weiter", exact=True).click()
    while not page.url.endswith("/check"):
        for question in page.locator("fieldset.rating").all():
            question.locator("input").nth(3).check()
        press(page, "Speichern und weiter")
    press(page, "Jetzt abgeben")
    expect(page.locator("[role=status]")).to_contain_text("Danke")
    expect(page.locator('[data-category="language"]')).to_have_attribute("data-band", "red")


def close(site: Site, slug: str) -> None:
    """Let every audience and the hour of grace be over, and do what the worker does then."""
    of_wave = select(wave.c.id).where(wave.c.slug == slug).scalar_subquery()

    with site.database.read() as connection:
        opens = connection.scalar(select(wave.c.opens).where(wave.c.slug == slug))
    assert opens is not None
    earlier = opens - timedelta(days=2)
    site.database.write(
        lambda c: (
            c.execute(update(wave).where(wave.c.slug == slug).values(opens=earlier)),
            c.execute(
                update(wave_audience)
                .where(wave_audience.c.wave_id == of_wave)
                .values(closes=earlier + timedelta(days=1))
            ),
        )
    )
    unseal_due(site.database, Library(), site.config.link_key)


def test_a_named_survey_of_three_audiences(site: Site, new_page: NewPage) -> None:
    desk = new_page(viewport=DESK)
    sign_in(desk, site, "commissioner")
    make_survey(desk, site, "named", "namentlich")
    written = {"M 40": "Lange Wege", "T 2": "Kein Dolmetschen", "V 4": ARABIC}
    for code, what in written.items():
        page = new_page(viewport=PHONE if code == "V 4" else DESK)
        page.goto(site.link(site.standing(code, "namentlich")))
        page.locator("main form .button").click()
        fill_sheet(page, what)
    desk.goto(site.url("/de/desk/waves/namentlich/entries"))
    for what in written.values():
        expect(desk.get_by_text(what, exact=True)).to_be_visible()
    expect(desk.locator("main")).to_contain_text("Initiative Offene Tür")


def test_an_anonymous_survey_with_codes(site: Site, new_page: NewPage) -> None:
    desk = new_page(viewport=DESK)
    sign_in(desk, site, "commissioner")
    make_survey(desk, site, "anonymous", "verdeckt", codes=True)
    desk.goto(site.url("/de/desk/waves/verdeckt/codes"))
    desk.locator("#number").fill(str(CODES))
    press(desk, "Codes erzeugen und zeigen")
    codes = desk.locator("code.code").all_inner_texts()
    assert len(set(codes)) == CODES
    for number, code in enumerate(codes):
        page = new_page(viewport=PHONE)
        page.goto(site.url("/de/o/verdeckt/vereine"))
        page.locator("#code").fill(code)
        press(page, "Beginnen")
        fill_sheet(page, f"{ARABIC} {number}")
    page = new_page(viewport=PHONE)
    page.goto(site.url("/de/o/verdeckt/vereine"))
    page.locator("#code").fill(codes[0])
    press(page, "Beginnen")
    expect(page.locator("[role=alert]")).to_contain_text("schon benutzt")
    desk.goto(site.url("/de/desk/waves/verdeckt/entries"))
    expect(desk.locator("main")).to_contain_text("Noch versiegelt")
    close(site, "verdeckt")
    desk.goto(site.url("/de/desk/waves/verdeckt/entries"))
    read = desk.locator("article .typed").all_inner_texts()
    assert sorted(read) == [f"{ARABIC} {number}" for number in range(CODES)]
    assert "Verein " not in desk.locator("article").first.inner_text()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_taking_part_is_said_on_the_own_link(
    site: Site, new_page: NewPage, size: dict[str, int]
) -> None:
    page = new_page(viewport=size)
    code = "V 5" if size == PHONE else "V 6"
    page.goto(site.link(site.standing(code, site.open_survey)))
    press(page, "Wir haben teilgenommen")
    expect(page.locator("main")).to_contain_text("Wir haben notiert: Sie haben teilgenommen.")
    press(page, "Zurücknehmen")
    expect(page.get_by_role("button", name="Wir haben teilgenommen")).to_be_visible()
