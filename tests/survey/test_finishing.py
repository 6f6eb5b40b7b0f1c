"""Checking, submitting, the receipt, the result, reopening, and „kein Bogen"."""

from __future__ import annotations

import re

import pytest

from survey.tables import remark, response, response_version
from tests.client import Browser, Page
from tests.survey.walks import (
    LOWEST,
    MIDDLE,
    assert_tally_right,
    begin,
    fill,
    hand_in,
    rows,
)
from tests.world import World

RECEIPT = re.compile(r"Quittung ([0-9A-F]{4}-[0-9A-F]{4}-\d+)")


def receipt_on(page: Page) -> str:
    """The receipt a result page shows."""
    found = RECEIPT.search(page.text)
    assert found, page.say()
    return found[1]


def test_what_is_missing_is_listed_with_links_and_keeps_from_submitting(world: World) -> None:
    page = fill(begin(world, world.handles[0]), {"q1": "5", "q5": "1"})
    assert page.all(".notice h2") == ["6 Antworten fehlen noch"]
    assert page.all(".notice li")[0] == "Frage 2 beantworten"
    target = page.soup.select(".notice li a")[0]["href"]
    assert str(target).endswith("/sprache#q2")
    assert page.browser.visit(str(target)).one("#q2")
    assert "Jetzt abgeben" not in page.html
    page = page.browser.send(
        page.address,
        {n: str(page.value(n)) for n in ("csrf_token", "base", "submission_key")},
        status=422,
    )
    assert page.all(".notice h2") == ["6 Antworten fehlen noch"]
    assert world.standing(world.handles[0]).state == "draft"


def test_one_missing_answer_is_said_in_the_singular(world: World) -> None:
    page = fill(begin(world, world.handles[0]), {k: v for k, v in LOWEST.items() if k != "q7"})
    assert page.all(".notice h2") == ["Eine Antwort fehlt noch"]


@pytest.mark.parametrize(
    ("digits", "total", "band", "categories"),
    [
        ("11111111", "8", "red", ["3", "2", "3"]),
        ("33333333", "24", "yellow", ["9", "6", "9"]),
        ("44434434", "30", "green", ["12", "7", "11"]),
        ("55555555", "40", "green", ["15", "10", "15"]),
    ],
)
def test_the_result_says_the_points_to_programs_too(
    world: World, digits: str, total: str, band: str, categories: list[str]
) -> None:
    answers = {f"q{number}": digit for number, digit in enumerate(digits, 1)}
    page = hand_in(world, world.handles[0], answers)
    verdict = page.one("[data-total]")
    assert (verdict["data-total"], verdict["data-possible"]) == (total, "40")
    assert verdict["data-band"] == band
    found = page.soup.select("[data-category]")
    assert [e["data-category"] for e in found] == ["language", "organisation", "sensitivity"]
    assert [e["data-points"] for e in found] == categories
    assert [e["data-possible"] for e in found] == ["15", "10", "15"]
    assert "Vorläufige Schwellen" in page.text


def test_the_result_says_answers_advice_todos_and_texts(world: World) -> None:
    texts = {"q5_next": "Sprechtag\nAushang", "q8_fields": ["other"], "q8_fields.other": "Chor"}
    page = hand_in(world, world.handles[0], MIDDLE | {"q2": "1"} | texts)
    assert "Gelb weist auf deutliche Einschränkungen" in page.text
    weak = page.all("tr.weak th")
    assert len(weak) == 1
    assert weak[0].startswith("2. Wir nutzen verschiedene Instrumente")
    assert "Nutzung von Translator-Geräten" in page.text
    assert [li for li in page.all("section li") if li in ("Sprechtag", "Aushang", "Chor")] == [
        "Sprechtag",
        "Aushang",
        "Chor",
    ]


def test_a_red_category_under_a_green_total_is_said(world: World) -> None:
    answers = {f"q{n}": d for n, d in enumerate("55555222", 1)}
    page = hand_in(world, world.handles[0], answers)
    assert "Die grüne Gesamtzahl verdeckt etwas" in page.text
    assert page.all(".notice li") == [
        "„Interkulturelle Sensibilität/Menschenbilder“ für sich allein wäre rot (6 von 15 Punkten)."
    ]


def test_submitting_twice_has_one_receipt(world: World) -> None:
    check = fill(begin(world, world.handles[0]), MIDDLE)
    first = check.press("Jetzt abgeben")
    second = check.press("Jetzt abgeben")
    reloaded = first.browser.visit(first.address)
    assert receipt_on(first) == receipt_on(second) == receipt_on(reloaded)
    assert world.standing(world.handles[0]).version == 1
    assert len(rows(world, response)) == 1
    assert_tally_right(world)


def test_two_colleagues_submitting_the_same_draft_have_one_receipt(world: World) -> None:
    handle = world.handles[0]
    one = fill(begin(world, handle), MIDDLE)
    browser = Browser(world)
    browser.visit(world.link(handle)).submit()
    two = browser.visit(one.address)
    assert receipt_on(one.press("Jetzt abgeben")) == receipt_on(two.press("Jetzt abgeben"))
    assert world.standing(handle).version == 1


def test_a_draft_changed_since_the_check_page_is_checked_anew(world: World) -> None:
    check = fill(begin(world, world.handles[0]), MIDDLE)
    root = check.path.removesuffix("check")
    check.browser.visit(f"{root}sprache").answer(q1=5).next()
    page = check.press("Jetzt abgeben", status=409)
    assert "stimme voll zu (5)" in page.text
    assert world.standing(world.handles[0]).state == "draft"
    assert page.press("Jetzt abgeben").one("[data-total]")["data-total"] == "26"


def test_an_expired_token_at_submission_shows_the_check_page_again(world: World) -> None:
    check = fill(begin(world, world.handles[0]), MIDDLE)
    check.browser.lose_form_token()
    page = check.press("Jetzt abgeben", status=400)
    assert page.heading == "Antworten prüfen"
    assert page.press("Jetzt abgeben").heading == "Ihr Ergebnis"


def test_nothing_saved_is_nothing_to_submit(world: World) -> None:
    page = begin(world, world.handles[0])
    sent = {"csrf_token": str(page.value("csrf_token")), "base": ""}
    page.browser.send(page.path.replace("sprache", "check"), sent, status=409)


def test_without_a_draft_check_and_result_lead_to_the_overview(world: World) -> None:
    page = begin(world, world.handles[0])
    for step in ("check", "result"):
        assert page.browser.visit(page.path.replace("sprache", step)).heading == "Übersicht"


# --- changing what was submitted ------------------------------------------------------------------


def test_reopening_keeps_the_submitted_sheet_until_the_next(world: World) -> None:
    handle = world.handles[0]
    page = hand_in(world, handle, MIDDLE | {"next_steps": "Alt"})
    root, visit, first = page.path.removesuffix("result"), page.browser.visit, receipt_on(page)
    page = visit(root).press("Antworten ändern")
    assert (page.step, page.value("q1")) == ("sprache", "3")
    page = page.answer(q1=5).next()
    shown = visit(f"{root}result")
    assert shown.one("[data-total]")["data-total"] == "24"
    assert "Sie ändern gerade Ihre Antworten" in shown.text
    assert_tally_right(world)
    page = fill(page, {"next_steps": "Neu"}).press("Jetzt abgeben")
    assert page.one("[data-total]")["data-total"] == "26"
    assert receipt_on(page)[:9] == first[:9]
    assert receipt_on(page).endswith("-2")
    version = rows(world, response_version)[0]
    assert (version["version"], version["points"], version["band"]) == (1, 24, "yellow")
    assert version["remarks"] == {"next_steps": "Alt"}
    assert [r["body"] for r in rows(world, remark)] == ["Neu"]
    assert_tally_right(world)


def test_open_changes_can_be_dropped(world: World) -> None:
    handle = world.handles[0]
    page = hand_in(world, handle, MIDDLE)
    root, visit = page.path.removesuffix("result"), page.browser.visit
    visit(root).press("Antworten ändern").answer(q1=5).next()
    page = visit(root).press("Änderungen verwerfen")
    assert "Antworten ändern" in page.text
    assert world.standing(handle).draft is None
    assert world.standing(handle).points == 24


def test_a_submitted_sheet_is_not_filled_without_reopening(world: World) -> None:
    page = hand_in(world, world.handles[0], MIDDLE)
    page = page.browser.visit(page.path.replace("result", "sprache"))
    assert page.heading == "Übersicht"
    assert "Ihr Bogen ist abgegeben." in page.text


def test_a_parent_sees_its_childrens_sheets_beside_its_own(world: World) -> None:
    ten, ten_one = world.handles[0], world.handles[1]
    hand_in(world, ten_one, LOWEST)
    page = hand_in(world, ten, MIDDLE)
    assert "Abteilung Zehn-Eins: 8 von 40 Punkten" in page.text
    twenty = hand_in(world, world.handles[2], MIDDLE)
    assert "Zehn-Eins" not in twenty.html


# --- no sheet -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "note"),
    [("no_contact", ""), ("with_other", "Amt 20"), ("declined", ""), ("other", "Umzug")],
)
def test_no_sheet_is_an_answer_and_can_be_withdrawn(world: World, reason: str, note: str) -> None:
    page = begin(world, world.handles[0])
    root = page.path.removesuffix("sprache")
    page = page.browser.visit(root).follow("Wir geben keinen Bogen ab")
    page = page.answer(reason=reason, note=note).press("Mitteilen")
    assert "dass es von Ihnen keinen Bogen gibt" in page.text
    assert world.standing(world.handles[0]).return_state == "no_sheet"
    page = page.press("Wir antworten doch")
    assert page.follow("Weiter ausfüllen").step == "sprache"
    assert world.standing(world.handles[0]).return_state == "begun"


@pytest.mark.parametrize(
    ("reason", "note", "said"),
    [
        ("", "nur eine Bemerkung", "Bitte wählen Sie einen Grund aus."),
        ("lazy", "", "Bitte wählen Sie einen Grund aus."),
        ("with_other", " ", "Bitte nennen Sie die Organisationseinheit"),
        ("other", "x" * 301, "Die Ergänzung ist zu lang: höchstens 300 Zeichen."),
    ],
)
def test_an_unclear_reason_is_asked_again_with_the_note(
    world: World, reason: str, note: str, said: str
) -> None:
    page = begin(world, world.handles[0])
    page = page.browser.visit(page.path.replace("sprache", "no-sheet"))
    sent = {"csrf_token": str(page.value("csrf_token")), "reason": reason, "note": note}
    page = page.browser.send(page.address, sent, status=422)
    assert said in page.text
    assert page.value("note") == note.strip()
    assert world.standing(world.handles[0]).no_sheet_reason is None


def test_a_sheet_wins_over_a_reason(world: World) -> None:
    handle = world.handles[0]
    page = begin(world, handle)
    sprache = page.address
    page = page.browser.visit(page.path.replace("sprache", "no-sheet"))
    page.answer(reason="declined").press("Mitteilen")
    page = fill(page.browser.visit(sprache), MIDDLE).press("Jetzt abgeben")
    assert world.standing(handle).return_state == "submitted"
    page = page.browser.visit(page.path.replace("result", "no-sheet"))
    page.answer(reason="declined").press("Mitteilen")
    assert world.standing(handle).no_sheet_reason is None


def test_an_expired_token_keeps_the_note(world: World) -> None:
    page = begin(world, world.handles[0])
    page = page.browser.visit(page.path.replace("sprache", "no-sheet"))
    page.browser.lose_form_token()
    page = page.answer(reason="other", note="Wir ziehen um").press("Mitteilen", status=400)
    assert (page.value("reason"), page.value("note")) == ("other", "Wir ziehen um")
    assert page.press("Mitteilen").heading == "Übersicht"
