"""The unit's result as a PDF: for whom, of which submission, and what the desk gets of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from analysis.work import work_off
from survey import corrections, files, jobs, store
from survey.database import clock
from survey.standing import Standing
from survey.tables import invitation, wave
from tests.analysis.cities import answered, frozen
from tests.analysis.documents_reading import pdf_text
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import LOWEST, MIDDLE, begin, fill, hand_in, sign_in
from tests.world import OFFICES, World

SLUG = "selbstcheck-2026"
ORDER = "Ergebnis als PDF mitnehmen"
HIGHEST = dict.fromkeys(LOWEST, "5")
pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
"""Pages and documents are the same on either database; jobs have tests on both."""


def work(world: World) -> list[str]:
    """Do everything that waits."""
    lines = []
    while taken := jobs.take(world.database):
        lines.append(work_off(world.app, world.database, taken))
    return lines


def address(world: World, handle: str, language: str = "de") -> str:
    return f"/{language}/w/{world.standing(handle).wave_slug}/{handle}/result.pdf"


def is_pdf(page: Page) -> bool:
    return page.response.content_type == "application/pdf" and page.response.data[:4] == b"%PDF"


def submitted(world: World, handle: str, answers: dict[str, Any]) -> Page:
    """The result page of a unit that answers so."""
    return hand_in(world, handle, answers)


def test_ordered_waited_for_and_taken(world: World) -> None:
    handle = world.handles[0]
    page = submitted(world, handle, MIDDLE | {"next_steps": "Aushang in vier Sprachen"})
    waiting = page.press(ORDER)
    assert waiting.path == address(world, handle)
    assert waiting.response.headers["Refresh"] == "2"
    assert "wird gerade erstellt" in waiting.text
    assert work(world) == [f"wave {SLUG}: one unit's result made"]
    page = page.browser.visit(address(world, handle))
    assert is_pdf(page)
    assert page.response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Refresh" not in page.response.headers
    text = pdf_text(page.response.data)
    for wanted in ("Amt Zehn", "24 von 40", "Gelb", "Aushang in vier Sprachen"):
        assert wanted in text


def test_ordered_twice_it_is_made_once(world: World) -> None:
    page = submitted(world, world.handles[0], MIDDLE)
    page.press(ORDER)
    page.press(ORDER)
    assert len(work(world)) == 1
    assert is_pdf(page.press(ORDER).follow("PDF herunterladen"))
    assert work(world) == []


def test_only_with_the_own_link(world: World) -> None:
    own, other = world.handles[0], world.handles[2]
    page = submitted(world, own, MIDDLE)
    page.press(ORDER)
    work(world)
    stranger = Browser(world)
    stranger.visit(address(world, own), status=403)
    stranger.visit(world.link(other)).submit()
    stranger.visit(address(world, own), status=403)
    stranger.visit(address(world, own), status=None, method="POST")
    assert work(world) == []
    stranger.visit(f"/de/w/{SLUG}/{'x' * len(own)}/result.pdf", status=404)
    stranger.visit(f"/de/w/other/{own}/result.pdf", status=404)


def test_only_once_submitted_and_while_it_counts(world: World) -> None:
    handle = world.handles[0]
    page = begin(world, handle)
    browser = page.browser
    browser.visit(address(world, handle), status=404)
    page = fill(page, MIDDLE).press("Jetzt abgeben")
    page.press(ORDER)
    work(world)
    assert is_pdf(browser.visit(address(world, handle)))
    world.database.write(lambda c: corrections.void(c, handle, "doppelt"))
    browser.visit(address(world, handle), status=404)


def test_ordered_and_voided_before_the_worker_came(world: World) -> None:
    handle = world.handles[0]
    submitted(world, handle, MIDDLE).press(ORDER)
    world.database.write(lambda c: corrections.void(c, handle, "doppelt"))
    assert "nothing to make" in work(world)[0]


def test_after_a_new_submission_the_old_document_is_not_given(world: World) -> None:
    handle = world.handles[0]
    page = submitted(world, handle, MIDDLE)
    page.press(ORDER)
    work(world)
    world.database.write(lambda c: store.reopen(c, handle))
    # What was submitted last counts until the next submission.
    assert is_pdf(page.browser.visit(address(world, handle)))
    world.database.write(lambda c: answered(c, handle, frozen(), HIGHEST, "again"))
    old = page.browser.visit(address(world, handle))
    assert not is_pdf(old)
    assert "PDF erstellen" in old.text
    old.press("PDF erstellen")
    work(world)
    assert "40 von 40" in pdf_text(page.browser.visit(address(world, handle)).response.data)


@pytest.mark.parametrize(
    ("language", "points"),
    [("de", "55555222"), ("de", "33333333"), ("pl", "55555222"), ("pl", "44444221")],
)
def test_the_document_says_what_the_page_says(world: World, language: str, points: str) -> None:
    handle = world.handles[0]
    browser = submitted(world, handle, {f"q{n}": p for n, p in enumerate(points, 1)}).browser
    page = browser.visit(f"/{language}/w/{SLUG}/{handle}/result")
    said = [
        *page.all(".near"),
        *page.all(".notice strong, .notice li"),
        *page.all("[aria-labelledby=todo] :is(h2, h3, li)"),
        *page.all("[aria-labelledby=points] p.fine"),
    ]
    assert len(said) >= 5
    page.in_form("result.pdf").submit()
    work(world)
    text = pdf_text(browser.visit(address(world, handle, language)).response.data)
    assert [each for each in said if " ".join(each.split()) not in text] == []
    assert world.standing(handle).receipt in page.text
    assert world.standing(handle).receipt in text


def test_each_language_has_a_document_of_its_own(world: World) -> None:
    handle = world.handles[0]
    page = submitted(world, handle, MIDDLE)
    page.press(ORDER)
    page.browser.visit(f"/en/w/{SLUG}/{handle}/result").in_form("result.pdf").submit()
    assert len(work(world)) == 2
    german, english = (
        pdf_text(page.browser.visit(address(world, handle, language)).response.data)
        for language in ("de", "en")
    )
    assert "24 von 40" in german
    assert "24 of 40" in english


# --- what stands beside it ----------------------------------------------------------------------


def changed(world: World, table: Any, handle: str, **values: Any) -> None:
    standing = world.standing(handle)
    which = table.c.id == (standing.invitation_id if table is invitation else standing.wave_id)
    world.database.write(lambda c: c.execute(update(table).where(which).values(**values)))


def six_offices(new_world: MakeWorld) -> World:
    """A wave in which seven offices have answered; all others are five or more."""
    world = new_world()
    world.add_units([(str(n), f"Amt {n}", "amt", "") for n in range(10, 17)])
    world.add_wave()
    for number, handle in enumerate(world.handles):
        # A mean at the end of the scale would say what each of the others answered.
        hand_in(world, handle, HIGHEST if number % 2 else MIDDLE)
    return world


def document(world: World, handle: str) -> str:
    """The text of the unit's document as it is given now, made anew if it has to be."""
    standing = world.standing(handle)
    wanted = files.Wanted(standing, "de")
    world.database.write(lambda c: files.order_result(c, wanted))
    work(world)
    with world.database.read() as connection:
        made = files.fresh_result(connection, files.Wanted(world.standing(handle), "de"))
    assert made is not None
    return pdf_text(made.content)


def others(text: str) -> set[int]:
    """Over how many others the means are that stand beside the own points."""
    assert ("Im Vergleich" in text) == ("Eine Rangfolge gibt es nicht" in text)
    return {int(n) for n in re.findall(r" 3(?:,0)? \d,\d (\d+)\b", text)}


def test_the_comparison_comes_when_the_last_can_no_longer_answer(new_world: MakeWorld) -> None:
    world = six_offices(new_world)
    own, other = world.handles[0], world.handles[1]
    assert others(document(world, own)) == set()

    def extended(by: timedelta) -> None:
        def change(connection: Connection) -> None:
            until = clock(connection) + by
            which = invitation.c.handle == other
            connection.execute(update(invitation).where(which).values(extended_until=until))

        world.database.write(change)

    world.move_closing(SLUG, -timedelta(hours=2))
    extended(timedelta(days=1))
    assert others(document(world, own)) == set()
    extended(-timedelta(minutes=61))
    assert others(document(world, own)) == {6}
    world.database.write(lambda c: corrections.void(c, other, "doppelt"))
    assert others(document(world, own)) == {5}
    world.database.write(lambda c: corrections.void(c, world.handles[2], "doppelt"))
    assert others(document(world, own)) == set()


# --- the desk -----------------------------------------------------------------------------------


def test_the_desk_gets_results_read_by_name_and_no_others(world: World) -> None:
    for handle in world.handles[:2]:
        hand_in(world, handle, MIDDLE)
    amt, abteilung = world.handles[0], world.handles[1]
    assert world.standing(abteilung).unit_kind == "abteilung"
    desk = sign_in(world)
    desk.visit(f"/de/desk/waves/{SLUG}/units/{abteilung}/result.pdf", status=404)
    desk.visit(f"/de/desk/waves/{SLUG}/units/{world.handles[2]}/result.pdf", status=404)
    page = desk.visit(f"/de/desk/waves/{SLUG}/units/{amt}").in_form("result.pdf").submit()
    assert page.response.headers["Refresh"]
    work(world)
    assert is_pdf(desk.visit(f"/de/desk/waves/{SLUG}/units/{amt}/result.pdf"))
    # The unit's own documents are not among the wave's files.
    name = files.Wanted(world.standing(amt), "de", at_desk=True).name
    desk.visit(f"/de/desk/waves/{SLUG}/files/{name}", status=404)


def test_a_small_units_own_document_is_not_given_at_the_desk(world: World) -> None:
    abteilung = world.handles[1]
    hand_in(world, abteilung, MIDDLE).press(ORDER)
    work(world)
    desk = sign_in(world)
    desk.visit(f"/de/desk/waves/{SLUG}/units/{abteilung}/result.pdf", status=404)
    name = files.Wanted(world.standing(abteilung), "de").name
    desk.visit(f"/de/desk/waves/{SLUG}/files/{name}", status=404)


def test_the_administrator_gets_none_of_it(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    browser = sign_in(world, "administrator")
    at = f"/de/desk/waves/{SLUG}"
    for path in ("evaluation", "files", "files/x.pdf", f"units/{world.handles[0]}/result.pdf"):
        browser.visit(f"{at}/{path}", status=403)
    for path in ("files", f"units/{world.handles[0]}/result.pdf"):
        browser.visit(f"{at}/{path}", status=None, method="POST")
    assert work(world) == []


def test_an_earlier_sheet_not_read_by_name_stays_out_of_the_desks_document(
    new_world: MakeWorld,
) -> None:
    world = new_world()
    world.add_units(OFFICES)
    world.add_wave()
    before = world.handles[0]
    hand_in(world, before, LOWEST | {"next_steps": "Geheimer Aushang"})
    changed(world, wave, before, named_kinds=["eigenbetrieb"])
    world.move_closing(SLUG, -timedelta(days=300))
    handle = world.add_wave(slug="following", title="Selbstcheck 2027", previous_slug=SLUG)[0]
    page = begin(world, handle)
    while page.step != "promises":
        names = {str(field["name"]) for field in page.form.select("[name]")}
        page = page.answer({n: a for n, a in MIDDLE.items() if n in names}).next()
    page = fill(page.next(), MIDDLE).press("Jetzt abgeben")
    page.press(ORDER)
    desk = sign_in(world)
    at = f"/de/desk/waves/following/units/{handle}"
    desk.visit(at).in_form("result.pdf").submit()
    work(world)
    own = pdf_text(page.browser.visit(address(world, handle)).response.data)
    theirs = pdf_text(desk.visit(f"{at}/result.pdf").response.data)
    assert "Geheimer Aushang" in own
    assert "Frühere Ergebnisse" in own
    assert "24 von 40" in theirs
    assert "Geheimer Aushang" not in theirs
    assert "Frühere Ergebnisse" not in theirs
    assert "Zuvor" not in theirs
    assert ("Quittung" in own, "Quittung" in theirs) == (True, False)


def test_the_stamp_of_a_document_fits_its_column(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    changed(world, wave, world.handles[0], revision=99_999_999)
    standing: Standing = world.standing(world.handles[0])
    with world.database.read() as connection:
        assert len(files.result_stamp(connection, standing)) + 8 <= 64
    assert len(files.Wanted(standing, "x" * 12, at_desk=True).subject) <= 40
