"""Filling the sheet through the front door: pages, drafts, follow-ups, languages, colleagues."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.texts import source_texts
from survey import store
from survey.questionnaires import Frozen, freeze
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import LOWEST, MIDDLE, begin, contents, fill, hand_in
from tests.world import OFFICES, World, selbstcheck

LONG = "ein langer Text über zwei Zeilen\nmit Umlauten: äöüß"


def test_the_selbstcheck_page_by_page(world: World) -> None:
    page = begin(world, world.handles[0])
    assert page.heading == "Sprache/Kommunikation"
    page = page.answer(q1=5, q2=4, q3=3).next()
    assert page.heading == "Organisation/Behörde"
    page = page.answer(q4=5, q5=3).next()
    assert page.heading == "Maßnahmen und Schritte"
    page = page.answer(q5_past="Kurs", q5_next="Sprechtag\nAushang").next()
    assert page.heading == "Interkulturelle Sensibilität/Menschenbilder"
    page = page.answer(q6=2, q7=2, q8=4).next()
    assert page.heading == "Zusammenarbeit mit Migrant*innenorganisationen"
    page = page.answer({"q8_fields": ["exchange", "other"], "q8_fields.other": "Chor"}).next()
    assert page.heading == "Nächste Schritte"
    page = page.answer(next_steps="Weiter so").next()
    assert page.heading == "Antworten prüfen"
    for shown in ("stimme voll zu (5)", "Sprechtag Aushang", "regelmäßiger Fachaustausch", "Chor"):
        assert shown in page.text


@pytest.mark.parametrize(
    ("q5", "q8", "steps"),
    [
        ("1", "1", ["organisation", "sensibilitaet", "schritte", "check"]),
        ("2", "2", ["organisation", "sensibilitaet", "schritte", "check"]),
        ("3", "2", ["organisation", "massnahmen", "sensibilitaet", "schritte", "check"]),
        ("2", "3", ["organisation", "sensibilitaet", "zusammenarbeit", "schritte", "check"]),
    ],
)
def test_follow_ups_are_pages_of_their_own(
    world: World, q5: str, q8: str, steps: list[str]
) -> None:
    page = begin(world, world.handles[0]).answer(q1=1, q2=1, q3=1).next()
    passed = [page.step]
    while page.step != "check":
        answers = {"organisation": {"q4": "1", "q5": q5}, "sensibilitaet": {"q8": q8}}
        page = page.answer(answers.get(page.step, {})).next()
        passed.append(page.step)
    assert passed == steps


def test_a_page_may_be_saved_empty_and_in_part(world: World) -> None:
    handle = world.handles[0]
    page = begin(world, handle).next()
    assert page.step == "organisation"
    assert world.standing(handle).draft == {}
    page.answer(q5=1).next()
    assert world.standing(handle).draft == {"q5": "1"}


def test_going_back_keeps_what_was_typed(world: World) -> None:
    page = begin(world, world.handles[0]).answer(q1=5).next()
    page = page.answer(q4=2).submit("back")
    assert (page.step, page.value("q1")) == ("sprache", "5")
    page = page.next()
    assert (page.step, page.value("q4")) == ("organisation", "2")
    assert page.value("q5") == ""
    assert page.submit("back").submit("back").heading == "Übersicht"


def test_saving_for_later_and_going_on_elsewhere(world: World) -> None:
    page = begin(world, world.handles[0]).answer(q1=5, q2=5, q3=5).submit("later")
    assert "Gespeichert." in page.text
    assert page.soup.select("ol.steps li.whole a")[0].get_text() == "Sprache/Kommunikation"
    link = page.one("p.address").get_text().strip()
    other_device = Browser(world)
    page = other_device.visit(link.removeprefix("http://127.0.0.1:8000")).press("Weiter")
    assert page.heading == "Übersicht"
    page = page.follow("Weiter ausfüllen")
    assert page.heading == "Organisation/Behörde"


def test_the_enter_key_means_go_on(world: World) -> None:
    page = begin(world, world.handles[0])
    first = page.soup.select('form#answers button, button[form="answers"]')[0]
    assert first["value"] == "next"


def test_a_filled_page_may_be_saved_twice(world: World) -> None:
    page = begin(world, world.handles[0]).answer(q1=5)
    first, second = page.next(), page.next()
    assert first.step == second.step == "organisation"


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({"q1": "6"}, "q1"),
        ({"q1": "5 OR 1=1"}, "q1"),
        ({"q1": "\x00"}, "q1"),
    ],
)
def test_an_answer_nobody_offered_is_refused(
    world: World, fields: dict[str, str], marked: str
) -> None:
    page = begin(world, world.handles[0])
    sent = {"csrf_token": page.value("csrf_token"), "base": page.value("base"), **fields}
    page = page.browser.send(page.address, sent, status=422)
    assert page.one(f"#{marked}-error").get_text().startswith("Bitte wählen Sie")
    assert page.one(f'a[href="#{marked}"]')
    assert world.standing(world.handles[0]).draft is None


def test_too_long_a_text_is_given_back_whole(world: World) -> None:
    begin(world, world.handles[0], browser := Browser(world))
    page = browser.visit(f"/de/w/selbstcheck-2026/{world.handles[0]}/schritte")
    text = "ä" * 10_001
    page = page.answer(next_steps=text).next(status=422)
    assert page.value("next_steps") == text
    assert "höchstens 10000 Zeichen" in page.text
    assert page.answer(next_steps=text[1:]).next().step == "check"


# --- texts a changed answer hides -----------------------------------------------------------------


def test_a_hidden_text_stays_in_the_draft_is_named_and_dropped(world: World) -> None:
    handle = world.handles[0]
    page = fill(begin(world, handle), MIDDLE | {"q5_next": "Ein Versprechen"})
    root = page.path.removesuffix("check")
    page = page.browser.visit(f"{root}organisation").answer(q5=1).next()
    assert page.step == "sensibilitaet"
    assert (world.standing(handle).draft or {})["q5_next"] == "Ein Versprechen"
    page = page.browser.visit(f"{root}check")
    assert "werden bei der Abgabe verworfen" in page.text
    assert "in den folgenden 12 Monaten" in page.all(".notice li")[0]
    page = page.press("Jetzt abgeben")
    assert "Ein Versprechen" not in page.html
    assert "Ein Versprechen" not in repr(contents(world))


def test_a_hidden_text_comes_back_with_its_question(world: World) -> None:
    page = fill(begin(world, world.handles[0]), MIDDLE | {"q5_next": "Ein Versprechen"})
    root = page.path.removesuffix("check")
    visit = page.browser.visit
    visit(f"{root}organisation").answer(q5=1).next()
    page = visit(f"{root}organisation").answer(q5=4).next()
    assert (page.step, page.value("q5_next")) == ("massnahmen", "Ein Versprechen")


# --- two people -----------------------------------------------------------------------------------


def two_people(world: World) -> tuple[Page, Page]:
    """The first page of one office in two browsers."""
    handle = world.handles[0]
    first = begin(world, handle)
    browser = Browser(world)
    browser.visit(world.link(handle)).submit()
    return first, browser.visit(first.address)


def test_colleagues_on_one_page_see_both_texts(world: World) -> None:
    first, second = two_people(world)
    first.answer(q1=5, q2=1).next()
    page = second.answer(q1=2).next(status=409)
    assert page.value("q1") == "2"
    assert "Beide Fassungen stehen hier" in page.text
    assert "stimme voll zu" in page.all("#q1 .stored")[0]
    assert (world.standing(world.handles[0]).draft or {})["q1"] == "5"
    page.answer(q2=3).next()
    assert world.standing(world.handles[0]).draft == {"q1": "2", "q2": "3"}


def test_a_third_change_while_deciding_is_shown_again(world: World) -> None:
    first, second = two_people(world)
    first.answer(q1=5).next()
    page = second.answer(q1=2).next(status=409)
    first.browser.visit(first.address).answer(q1=4).next()
    page = page.next(status=409)
    assert "stimme eher zu" in page.all("#q1 .stored")[0]


def test_colleagues_on_different_pages_do_not_disturb_each_other(world: World) -> None:
    first, second = two_people(world)
    second = second.browser.visit(second.address.replace("sprache", "organisation"))
    first.answer(q1=5, q2=5, q3=5).next()
    second.answer(q4=2, q5=2).next()
    assert world.standing(world.handles[0]).draft == {
        "q1": "5",
        "q2": "5",
        "q3": "5",
        "q4": "2",
        "q5": "2",
    }


def test_colleagues_with_the_same_answers_do_not_conflict(world: World) -> None:
    first, second = two_people(world)
    first.answer(q1=5).next()
    assert second.answer(q1=5).next().step == "organisation"


def test_a_save_after_a_colleague_submitted_shows_both_and_may_reopen(world: World) -> None:
    handle = world.handles[0]
    _, late = two_people(world)
    hand_in(world, handle, MIDDLE)
    page = late.answer(q1=5, q2=5, q3=5).next(status=409)
    assert "Inzwischen wurde abgegeben" in page.text
    assert world.standing(handle).draft is None
    page = page.next()
    standing = world.standing(handle)
    assert page.step == "organisation"
    assert (standing.draft or {})["q1"] == "5"
    assert (standing.draft or {})["q8"] == "3"
    assert (standing.points, standing.version) == (24, 1)


# --- time-outs: text is never lost ----------------------------------------------------------------


def test_an_expired_session_gives_the_text_back(world: World) -> None:
    handle = world.handles[0]
    begin(world, handle, browser := Browser(world))
    page = browser.visit(f"/de/w/selbstcheck-2026/{handle}/schritte").answer(next_steps=LONG)
    browser.lose_session()
    page = page.next(status=403)
    assert "Ihre Sitzung ist abgelaufen" in page.text
    assert page.value("next_steps") == LONG
    assert "Amt Zehn" not in page.html
    # The link in a second tab, then the same button again.
    browser.visit(world.link(handle)).submit()
    assert page.next().step == "check"
    assert world.standing(handle).draft == {"next_steps": LONG}


def test_an_expired_token_gives_the_text_back(world: World) -> None:
    handle = world.handles[0]
    begin(world, handle, browser := Browser(world))
    page = browser.visit(f"/de/w/selbstcheck-2026/{handle}/schritte").answer(next_steps=LONG)
    browser.lose_form_token()
    page = page.next(status=400)
    assert page.value("next_steps") == LONG
    assert world.standing(handle).draft is None
    assert page.next().step == "check"
    assert world.standing(handle).draft == {"next_steps": LONG}


def test_a_page_that_gives_nothing_back_shows_the_typed_text(world: World) -> None:
    page = begin(world, world.handles[0])
    root = page.path.removesuffix("sprache")
    page.browser.lose_form_token()
    sent = {"csrf_token": "old", "note": LONG}
    answer = page.browser.send(f"{root}not-us", sent, status=400)
    assert LONG in answer.html
    assert "old" not in answer.all("textarea")


def test_another_site_cannot_send_a_form(world: World) -> None:
    page = begin(world, world.handles[0])
    page.browser.send(page.address, {"q1": "5"}, status=400)
    page.browser.send(page.path.replace("sprache", "reopen"), {}, status=400)
    assert world.standing(world.handles[0]).draft is None


# --- languages ------------------------------------------------------------------------------------


def bilingual() -> Frozen:
    """The Selbstcheck with English texts made for the test, the introduction left German."""
    frozen = freeze(selbstcheck())
    texts = {
        source.key: f"EN {source.text}"
        for source in source_texts(frozen.questionnaire)
        if source.key != "introduction"
    }
    return replace(frozen, checksum="b" * 64, texts={"en": texts})


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """A wave in German and English."""
    made = new_world()
    made.add_units(OFFICES)
    made.add_wave(bilingual())
    return made


def test_switching_the_language_keeps_what_was_typed(city: World) -> None:
    handle = city.handles[0]
    page = begin(city, handle).answer(q1=5, q3=2)
    page = page.press("English")
    assert page.path == f"/en/w/selbstcheck-2026/{handle}/sprache"
    assert page.heading == "EN Sprache/Kommunikation"
    assert (page.value("q1"), page.value("q2"), page.value("q3")) == ("5", "", "2")
    page = page.answer(q2=4).press("Deutsch")
    assert page.heading == "Sprache/Kommunikation"
    assert page.value("q2") == "4"


def test_what_stayed_german_is_marked(city: World) -> None:
    page = begin(city, city.handles[0]).press("English")
    assert page.one('p.lead[lang="de"]').get_text().startswith("Bitte kreuzen Sie an")


def test_a_sheet_begun_in_one_language_is_submitted_in_another(city: World) -> None:
    page = begin(city, city.handles[0]).press("English")
    page = fill(page, LOWEST)
    assert page.path.startswith("/en/")
    page.one("main form button")
    page = page.submit()
    assert page.one("[data-total]")["data-total"] == "8"
    assert "EN Rot weist auf" in page.text


def test_a_language_without_this_questionnaire_leads_to_the_german_page(
    new_world: MakeWorld,
) -> None:
    world = new_world()
    world.add_units(OFFICES)
    world.add_wave(replace(bilingual(), checksum="a" * 64, texts={}))
    page = begin(world, world.handles[0])
    page = page.browser.visit(page.path.replace("/de/", "/en/"), status=404)
    assert page.one("main a.button")["href"] == page.path.replace("/en/", "/de/")


@pytest.mark.parametrize("address", ["/xx/", "/xx/l/token", "/xx/desk/", "/DE/", "/zz/w/a/b/c"])
def test_an_unknown_language_gets_a_page_that_helps(
    world: World, browser: Browser, address: str
) -> None:
    page = browser.visit(address, status=404)
    assert page.one("main a.button")
    assert page.response.headers["X-Request-Id"] in page.html


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/nowhere", "/de/nowhere", "/de/w/", "/static/x/app.py"])
def test_an_unknown_address(world: World, browser: Browser, address: str) -> None:
    assert browser.visit(address, status=404).heading == "Diese Seite gibt es nicht."


def test_an_unknown_step_leads_to_the_overview(world: World, browser: Browser) -> None:
    page = begin(world, world.handles[0], browser)
    page = browser.visit(page.path.replace("sprache", "unknown"), status=404)
    assert page.follow("Zur Übersicht").heading == "Übersicht"


@pytest.mark.parametrize(
    ("method", "address"),
    [("POST", "/de/"), ("DELETE", "/de/l/x"), ("PUT", "/de/only-us/selbstcheck-2025")],
)
def test_a_wrong_method(world: World, browser: Browser, method: str, address: str) -> None:
    with browser.client.session_transaction(base_url=browser.base_url) as session:
        session["csrf_token"] = "x"
    # Without a token the request is refused before its method is looked at.
    page = browser.visit(address, method=method, status=None)
    assert page.status in (400, 405)


def test_a_wrong_method_names_the_right_ones(world: World, browser: Browser) -> None:
    page = begin(world, world.handles[0], browser)
    answer = browser.visit(page.path.replace("sprache", "reopen"), status=None)
    assert answer.status in (404, 405)


# --- size -----------------------------------------------------------------------------------------


def test_a_mebibyte_of_text_comes_back(world: World) -> None:
    begin(world, world.handles[0], browser := Browser(world))
    page = browser.visit(f"/de/w/selbstcheck-2026/{world.handles[0]}/schritte")
    text = "ein Wort " * (1024 * 1024 // 9)
    page = page.answer(next_steps=text).next(status=422)
    assert page.value("next_steps") == text.strip()


def test_more_than_two_mebibytes_are_refused(world: World) -> None:
    begin(world, world.handles[0], browser := Browser(world))
    page = browser.visit(f"/de/w/selbstcheck-2026/{world.handles[0]}/schritte")
    page = page.answer(next_steps="x" * (2 * 1024 * 1024 + 1)).next(status=413)
    assert page.heading == "Das ist zu viel auf einmal."
    assert world.standing(world.handles[0]).draft is None


def test_many_fields_do_no_harm(world: World) -> None:
    page = begin(world, world.handles[0])
    sent = {f"f{n}": "x" for n in range(1001)}
    sent |= {"csrf_token": str(page.value("csrf_token")), "base": str(page.value("base"))}
    page.browser.send(page.address, sent)
    assert world.standing(world.handles[0]).draft == {}


def test_every_page_of_a_section_holds_what_it_was_made_from(world: World) -> None:
    page = begin(world, world.handles[0]).answer(q1=5).next().submit("back")
    assert page.value("base") == store.content_hash({"q1": "5"})
