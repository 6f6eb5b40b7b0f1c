"""Languages at the front door: added by files alone, in both directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from survey.questionnaires import freeze
from tests.client import Browser, Page
from tests.translations.folders import INTRODUCTION, Q1, add_language, in_brackets, invite
from tests.world import SELBSTCHECK, selbstcheck

ONLY_US = f"only-us/{SELBSTCHECK}"
PARTLY = {f"q{number}": "3" for number in range(1, 9)}
NONE: frozenset[str] = frozenset()


def offered(page: Page) -> list[str]:
    """The languages a page can be switched to, its own included."""
    return [str(each["lang"]) for each in page.soup.select(".languages li > *")]


def test_a_complete_language_is_offered(folder: Path, speaking: Any) -> None:
    add_language(folder, "eo", "ltr", without=NONE)
    assert freeze(selbstcheck(), folder).languages == ["de", "en", "eo"]
    browser = Browser(speaking(folder))
    assert offered(browser.visit("/de/")) == ["de", "en", "eo"]
    assert offered(browser.visit(f"/de/{ONLY_US}")) == ["de", "en", "eo"]
    page = browser.visit(f"/eo/{ONLY_US}")
    assert in_brackets("stimme voll zu") in page.text
    assert page.soup.select('main [lang="de"]') == []


def test_a_language_that_lacks_a_question_is_not_offered(folder: Path, speaking: Any) -> None:
    add_language(folder, "eo", "ltr", without=frozenset({Q1}))
    assert freeze(selbstcheck(), folder).languages == ["de", "en"]
    browser = Browser(speaking(folder))
    assert offered(browser.visit(f"/de/{ONLY_US}")) == ["de", "en"]
    refused = browser.visit(f"/eo/{ONLY_US}", status=404)
    assert refused.heading == in_brackets("Diesen Fragebogen gibt es in dieser Sprache noch nicht.")
    # Everything else is there in the new language, and the way on leads to a page that exists.
    assert refused.follow("Deutsch").status == 200


def test_a_language_of_respondents_has_no_desk(folder: Path, speaking: Any) -> None:
    add_language(folder, "eo", "ltr", without=NONE)
    browser = Browser(speaking(folder))
    assert browser.visit("/en/desk/sign-in").heading == "Sign in"
    browser.visit("/eo/desk/sign-in", status=404)


def test_a_running_wave_keeps_the_languages_it_began_with(folder: Path, speaking: Any) -> None:
    world = speaking(folder)
    handle = invite(world, "w1", "Round one")
    add_language(folder, "eo", "ltr", without=NONE)
    page = Browser(world).visit(world.link(handle, "en"))
    assert offered(page) == ["de", "en"]


def test_help_that_stays_german_is_marked(folder: Path, speaking: Any) -> None:
    lacking = frozenset({INTRODUCTION, *(f"{SELBSTCHECK}:{t}" for t in ("thanks", "todo_source"))})
    add_language(folder, "ar", "rtl", without=lacking)
    browser = Browser(speaking(folder))
    form = browser.visit(f"/ar/{ONLY_US}")
    result = form.answer(PARTLY).submit("score")
    texts = selbstcheck()
    for page, text in [
        (form, texts.introduction),
        (result, texts.thanks),
        (result, f"{texts.todo_source}."),
    ]:
        marked = [e for e in page.soup.select('main [lang="de"]') if e.get_text() == text]
        assert [(e["lang"], e["dir"]) for e in marked] == [("de", "ltr")], text


def test_a_language_from_right_to_left(folder: Path, speaking: Any) -> None:
    add_language(folder, "ar", "rtl", without=NONE)
    world = speaking(folder)
    handle = invite(world, "w1", "Round one")
    browser = Browser(world)
    pages = [browser.visit("/ar/"), browser.visit(f"/ar/{ONLY_US}")]
    pages.append(browser.visit(world.link(handle, "ar")).submit())
    pages.append(browser.visit("/ar/nowhere", status=404))
    for page in pages:
        assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar", "rtl"), page.path
    switch = [e for e in pages[0].soup.select(".languages a") if e["lang"] == "de"]
    assert [e["dir"] for e in switch] == ["ltr"]
    # The scale is mirrored: red, the lowest, stands at the right.
    result = pages[1].answer(PARTLY).submit("score")
    lefts = {
        str(r["class"][0]): float(str(r["x"]).rstrip("%"))
        for r in result.soup.select(".scale rect")
    }
    assert lefts["fill-red"] > lefts["fill-yellow"] > lefts["fill-green"]


def test_a_translated_questionnaire_keeps_nothing_the_german_one_has_computed() -> None:
    german = selbstcheck()
    assert german.questions["q1"].text.startswith("Wir können")
    english = freeze(german).localised("en").questionnaire
    assert english.questions["q1"].text.startswith("We ourselves")
    assert english.scored["q1"] is english.sections[0].questions[0]


def test_plurals_need_no_german_catalogue(folder: Path, speaking: Any) -> None:
    app = speaking(folder).app
    template = app.jinja_env.from_string(
        "{{ ngettext('Eine Antwort fehlt noch', '%(num)s Antworten fehlen noch', number) }}"
    )
    with app.test_request_context("/de/"):
        said = [template.render(number=number) for number in (0, 1, 2)]
    assert said == [
        "0 Antworten fehlen noch",
        "Eine Antwort fehlt noch",
        "2 Antworten fehlen noch",
    ]
