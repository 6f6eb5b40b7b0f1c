"""Every kind of page there is, and how to get there: for the audits and the screenshots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playwright.sync_api import BrowserContext, FilePayload, Page

from survey import store
from survey.waves import revoke_link
from tests.browser.filling import YELLOW, enter, fill, press, walk
from tests.browser.site import DAILY, DESK_LANGUAGES, Site
from tests.harness.form import PAGES

# Which office of the sample city plays which part.
UNTOUCHED, FILLING, COMPLETE, DISPUTED = "M 40", "M 51", "M 10", "M 33"
SUBMITTED, REVOKED, PARENT, CHILD = "M 41", "M 33.1", "M 50", "M 50.2"
DECLINED, LATE = "M 66", "M 20"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"
UNITS: FilePayload = {
    "name": "oe.csv",
    "mimeType": "text/csv",
    "buffer": b"code,name\n1,\n,\n2,Amt Zwei\n",
}


@dataclass
class Stage:
    """The served city and one signed-in browser profile per part."""

    site: Site
    profiles: dict[str, BrowserContext]
    _granted: set[str] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: count(1))

    def enter(self, page: Page, code: str, language: str, step: str) -> None:
        """Open a page of an office, through its link the first time."""
        standing = self.site.standing(code)
        if code not in self._granted:
            enter(page, self.site, standing, "de")
            self._granted.add(code)
        page.goto(f"{self.site.root(standing, language)}/{step}")

    def forget(self, page: Page) -> None:
        """Lose the session, as when a browser is closed."""
        page.context.clear_cookies()
        self._granted.clear()

    def desk(self, page: Page, language: str, path: str = "") -> None:
        """Open a page of the desk; its profile is signed in."""
        page.goto(self.site.url(f"/{language}/desk/{path}"))

    def wave(self, page: Page, language: str, path: str = "", slug: str = "") -> None:
        """Open a page of a wave at the desk."""
        self.desk(page, language, f"waves/{slug or self.site.this_year}/{path}")

    def change_behind(self, code: str, keys: tuple[str, ...]) -> None:
        """A colleague saves something else in the meantime."""
        standing = self.site.standing(code)
        typed = {keys[0]: f"Fassung der Kollegin {next(self._numbers)}: {LONG_WORD}"}
        base = store.content_hash(store.part(standing.draft, keys))
        self.site.database.write(lambda c: store.save(c, standing.handle, keys, typed, base))


def make_stage(site: Site, new_profile: Callable[[], BrowserContext]) -> Stage:
    """Sign everybody in and bring the offices to where the scenes need them."""
    profiles = {
        part: new_profile() for part in ("respondent", "visitor", "commissioner", "administrator")
    }
    for account in ("commissioner", "administrator"):
        page = profiles[account].new_page()
        sign_in(page, site, account)
        page.close()
    stage = Stage(site, profiles)
    revoked = site.standing(REVOKED).handle
    site.database.write(lambda c: revoke_link(c, revoked))
    page = profiles["respondent"].new_page()
    enter(page, site, site.standing(FILLING))
    for step in ("organisation", "sensibilitaet"):
        page.goto(f"{site.root(site.standing(FILLING))}/{step}")
        fill(page, dict(PAGES)[step], YELLOW)
        with page.expect_navigation():
            press(page, "Speichern und weiter")
    for code in (COMPLETE, PARENT):
        enter(page, site, site.standing(code))
        walk(page, YELLOW)
    press(page, "Jetzt abgeben")
    page.close()
    return stage


def sign_in(page: Page, site: Site, account: str, language: str = "de") -> None:
    """Sign in at the desk by its form."""
    page.goto(site.url(f"/{language}/desk/sign-in"))
    page.locator("#name").fill(account)
    page.locator("#password").fill(site.password(account))
    page.locator("main form .button").click()
    page.locator("nav.rooms").wait_for()


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of page: whose it is, how to open it, and the status it comes with."""

    part: str
    open: Callable[[Stage, Page, str], object]
    status: int = 200

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages the page is looked at in every day."""
        return DAILY if self.part == "respondent" else DESK_LANGUAGES


def _office(code: str, step: str = "") -> Callable[[Stage, Page, str], object]:
    return lambda stage, page, language: stage.enter(page, code, language, step)


def _link(code: str, last_year: bool = False) -> Callable[[Stage, Page, str], object]:
    def open_link(stage: Stage, page: Page, language: str) -> None:
        site = stage.site
        standing = site.standing(code, site.last_year if last_year else "")
        page.goto(site.link(standing, language))

    return open_link


def _path(path: str) -> Callable[[Stage, Page, str], object]:
    return lambda stage, page, language: page.goto(stage.site.url(f"/{language}/{path}"))


def _too_long(stage: Stage, page: Page, language: str) -> None:
    stage.enter(page, FILLING, language, "schritte")
    fill(page, ("next_steps",), {"next_steps": f"{LONG_WORD} " * 200})
    page.locator('.actions [value="next"]').click()


def _conflict(stage: Stage, page: Page, language: str) -> None:
    stage.enter(page, DISPUTED, language, "schritte")
    fill(page, ("next_steps",), {"next_steps": f"Meine Fassung: {LONG_WORD}"})
    stage.change_behind(DISPUTED, ("next_steps",))
    page.locator('.actions [value="next"]').click()


def _expired(stage: Stage, page: Page, language: str) -> None:
    stage.enter(page, FILLING, language, "zusammenarbeit")
    fill(page, ("q8_fields", "q8_fields.other"), YELLOW)
    stage.forget(page)
    page.locator('.actions [value="next"]').click()


def _refused_with_text(stage: Stage, page: Page, language: str) -> None:
    stage.enter(page, FILLING, language, "no-sheet")
    page.locator("#note").fill(f"Wir antworten mit anderen. {LONG_WORD}")
    stage.forget(page)
    page.locator("main form .button").first.click()


def _only_us(sheet: dict[str, Any]) -> Callable[[Stage, Page, str], object]:
    def open_only_us(stage: Stage, page: Page, language: str) -> None:
        page.goto(stage.site.url(f"/{language}/only-us/selbstcheck-2025"))
        fill(page, tuple(YELLOW), sheet)
        page.locator('main [value="score"]').click()

    return open_only_us


def _post_empty(path: str, button: str) -> Callable[[Stage, Page, str], object]:
    def post(stage: Stage, page: Page, language: str) -> None:
        stage.desk(page, language, path)
        page.locator(button).first.click()

    return post


def _wrong_password(stage: Stage, page: Page, language: str) -> None:
    page.goto(stage.site.url(f"/{language}/desk/sign-in"))
    page.locator("#name").fill("nobody")
    page.locator("#password").fill("wrong")
    page.locator("main form .button").click()


def _check_units(stage: Stage, page: Page, language: str) -> None:
    stage.desk(page, language, "units")
    page.locator("main summary").click()
    page.locator("#file").set_input_files(UNITS)
    page.locator('[value="check"]').click()


def _unit(code: str, unfold: bool = False) -> Callable[[Stage, Page, str], object]:
    def open_unit(stage: Stage, page: Page, language: str) -> None:
        stage.wave(page, language, f"units/{stage.site.standing(code).handle}")
        for summary in page.locator("main summary").all() if unfold else ():
            summary.click()

    return open_unit


RESPONDENT: dict[str, Scene] = {
    "home": Scene("respondent", _path("")),
    "accessibility": Scene("respondent", _path("accessibility")),
    "privacy": Scene("respondent", _path("privacy")),
    "imprint": Scene("respondent", _path("imprint")),
    "print": Scene("respondent", _office(FILLING, "print")),
    "link": Scene("respondent", _link(UNTOUCHED)),
    "link-closed": Scene("respondent", _link(LATE, last_year=True), 403),
    "link-revoked": Scene("respondent", _link(REVOKED), 410),
    "link-unknown": Scene("respondent", _path("l/unknown"), 404),
    "scale": Scene("respondent", _office(FILLING, "sprache")),
    "lines": Scene("respondent", _office(FILLING, "massnahmen")),
    "ticks": Scene("respondent", _office(FILLING, "zusammenarbeit")),
    "promises": Scene("respondent", _office(FILLING, "promises")),
    "too-long": Scene("respondent", _too_long, 422),
    "conflict": Scene("respondent", _conflict, 409),
    "expired": Scene("respondent", _expired, 403),
    "refused-with-text": Scene("respondent", _refused_with_text, 403),
    "overview": Scene("respondent", _office(DISPUTED)),
    "overview-submitted": Scene("respondent", _office(SUBMITTED)),
    "check-missing": Scene("respondent", _office(DISPUTED, "check")),
    "check": Scene("respondent", _office(COMPLETE, "check")),
    "result": Scene("respondent", _office(SUBMITTED, "result")),
    "result-parent": Scene("respondent", _office(PARENT, "result?submitted=1")),
    "no-sheet": Scene("respondent", _office(FILLING, "no-sheet")),
    "overview-declined": Scene("respondent", _office(DECLINED)),
    "not-us": Scene("respondent", _office(FILLING, "not-us")),
    "only-us": Scene("respondent", _path("only-us/selbstcheck-2025")),
    "only-us-missing": Scene("respondent", _only_us({"q1": "3"}), 422),
    "only-us-result": Scene("respondent", _only_us(YELLOW)),
}
DESK: dict[str, Scene] = {
    "sign-in": Scene("visitor", _path("desk/sign-in")),
    "sign-in-wrong": Scene("visitor", _wrong_password, 403),
    "waves": Scene("commissioner", lambda s, p, language: s.desk(p, language)),
    "new-wave": Scene("commissioner", _path("desk/waves/new")),
    "new-wave-faulty": Scene("commissioner", _post_empty("waves/new", "main .button"), 422),
    "wave": Scene("commissioner", lambda s, p, language: s.wave(p, language)),
    "wave-closed": Scene(
        "commissioner", lambda s, p, language: s.wave(p, language, slug=s.site.last_year)
    ),
    "evaluation": Scene(
        "commissioner",
        lambda s, p, language: s.wave(p, language, "evaluation", slug=s.site.last_year),
    ),
    "files": Scene(
        "commissioner", lambda s, p, language: s.wave(p, language, "files", slug=s.site.last_year)
    ),
    "unit": Scene("commissioner", _unit(SUBMITTED, unfold=True)),
    "unit-open": Scene("commissioner", _unit(UNTOUCHED)),
    "unit-small": Scene("commissioner", _unit(CHILD)),
    "units": Scene("administrator", _path("desk/units")),
    "units-checked": Scene("administrator", _check_units),
    "forbidden": Scene("administrator", _path("desk/waves/new"), 403),
    "accounts": Scene("administrator", _path("desk/accounts")),
    "accounts-faulty": Scene("administrator", _post_empty("accounts", "main .fields .button"), 422),
    "log": Scene("commissioner", _path("desk/log")),
}
SCENES = RESPONDENT | DESK
