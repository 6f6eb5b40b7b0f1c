"""Every kind of page of the barrier survey, for the same audits and screenshots."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page

from tests.browser.scenes import LONG_WORD, Scene, Stage

UNANSWERED, ANSWERED = "V 2", "V 1"
BROKEN: FilePayload = {
    "name": "kaputt.toml",
    "mimeType": "application/toml",
    "buffer": b'id = "kaputt"\nversion = "1"\n',
}
Open = Callable[[Stage, Page, str], object]


def _open(path: str = "") -> Open:
    """The first page of the open survey, or what lies behind a path of it."""

    def visit(stage: Stage, page: Page, language: str) -> None:
        page.goto(stage.site.url(f"/{language}/o/{stage.site.open_survey}{path}"))

    return visit


def _begun(step: str = "") -> Open:
    """A step of an anonymous sheet, begun in this profile if it was not."""

    def visit(stage: Stage, page: Page, language: str) -> None:
        _open("/vereine")(stage, page, "de")
        page.locator('.actions [value="begin"]').click()
        root = f"/{language}/w/{stage.site.open_survey}/open-vereine/"
        page.goto(stage.site.url(f"{root}{step}"))

    return visit


def _entry(stage: Stage, page: Page, language: str) -> None:
    _begun("hemmnisse/07bcdf")(stage, page, language)
    page.locator("#what-text").fill(f"Ein Hemmnis: {LONG_WORD}")
    page.locator('.actions [value="next"]').click()
    page.goto(page.url + "/07bcdf")
    page.locator("details.places summary").click()


def _wrong_code(stage: Stage, page: Page, language: str) -> None:
    stage.forget(page)
    _open("/vereine")(stage, page, language)
    page.locator("#ticket").fill("abcde 23456")
    page.locator('[value="continue"]').click()


def _result(stage: Stage, page: Page, language: str) -> None:
    stage.forget(page)
    _entry(stage, page, "de")
    for section in ("bewertung-sprache", "bewertung-sensibilitaet"):
        _begun(section)(stage, page, "de")
        for question in page.locator("fieldset.question").all():
            question.locator("input").nth(1).check()
        page.locator('.actions [value="next"]').click()
    _begun("check")(stage, page, language)
    page.locator("form.actions .button").first.click()


def _link(slug_of: Callable[[Stage], str], code: str) -> Open:
    def visit(stage: Stage, page: Page, language: str) -> None:
        page.goto(stage.site.link(stage.site.standing(code, slug_of(stage)), language))

    return visit


def _desk(path: str, slug_of: Callable[[Stage], str]) -> Open:
    return lambda stage, page, language: stage.wave(page, language, path, slug=slug_of(stage))


def _named(stage: Stage) -> str:
    return str(stage.site.survey)


def _sealed(stage: Stage) -> str:
    return str(stage.site.open_survey)


def _past(stage: Stage) -> str:
    return str(stage.site.past_survey)


def _pressed(path: str, button: str) -> Open:
    def press(stage: Stage, page: Page, language: str) -> None:
        stage.desk(page, language, path)
        page.locator(button).first.click()

    return press


def _upload(path: str) -> Open:
    def send(stage: Stage, page: Page, language: str) -> None:
        stage.desk(page, language, path)
        if not page.locator("#file").is_visible():
            page.locator("main summary").first.click()
        page.locator("#file").set_input_files(BROKEN)
        page.locator("main form .button").first.click()

    return send


SURVEY: dict[str, Scene] = {
    "open-audiences": Scene("respondent", _open()),
    "open-start": Scene("respondent", _open("/vereine")),
    "open-print": Scene("respondent", _open("/vereine/print")),
    "poster": Scene("respondent", _open("/vereine/poster")),
    "open-wrong-code": Scene("respondent", _wrong_code, 422),
    "open-unknown": Scene("respondent", _open("/nobody"), 404),
    "entries": Scene("respondent", _begun("hemmnisse")),
    "entry": Scene("respondent", _entry),
    "ratings": Scene("respondent", _begun("bewertung-organisation")),
    "open-overview": Scene("respondent", _begun()),
    "open-check": Scene("respondent", _begun("check")),
    "open-result": Scene("respondent", _result),
    "barrier-link": Scene("respondent", _link(_named, UNANSWERED)),
    "taken-part": Scene("respondent", _link(_sealed, UNANSWERED)),
    "new-survey": Scene("commissioner", _pressed("waves/new-survey", "main summary")),
    "new-survey-faulty": Scene("commissioner", _pressed("waves/new-survey", "main .button"), 422),
    "questionnaires": Scene("commissioner", _pressed("questionnaires", "h1")),
    "questionnaire-broken": Scene("commissioner", _upload("questionnaires"), 422),
    "history": Scene("commissioner", _pressed("history", "h1")),
    "history-broken": Scene("commissioner", _upload("history"), 422),
    "survey": Scene("commissioner", _desk("", _named)),
    "survey-settings": Scene("commissioner", _desk("settings", _sealed)),
    "survey-entries": Scene("commissioner", _desk("entries", _named)),
    "survey-concerned": Scene("commissioner", _desk("concerned", _named)),
    "survey-ratings": Scene("commissioner", _desk("ratings", _named)),
    "survey-sealed": Scene("commissioner", _desk("entries", _sealed)),
    "survey-past": Scene("commissioner", _desk("", _past)),
    "survey-past-entries": Scene("commissioner", _desk("entries", _past)),
    "survey-past-concerned": Scene("commissioner", _desk("concerned", _past)),
    "survey-past-evaluation": Scene("commissioner", _desk("evaluation", _past)),
    "survey-quarantine": Scene("commissioner", _desk("quarantine", _past)),
    "survey-earlier": Scene("commissioner", _desk("earlier", _past)),
}
