"""What the commissioner sees of a survey, and what nobody sees."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from config import ROOT
from forms.history import load
from survey.history import import_histories
from survey.tables import audit_event, invitation, response
from survey.waves import add_branch_link
from tests.analysis.surveys import (
    KINDS,
    PAGE,
    entry,
    hand_in,
    handle_of,
    survey,
    unit_code,
    unseal,
)
from tests.client import Browser, Page, words
from tests.conftest import MakeWorld
from tests.survey.walks import PASSWORD, assert_tally_right, rows, sign_in
from tests.world import LINK_KEY, World

PAGES = ("", "entries", "concerned", "ratings", "quarantine", "earlier")
FILES = ("entries.csv", "texts.csv", "ratings.csv")
SECRET = "Die Klingel ist zu hoch"


def table(page: Page, place: int = 0) -> dict[str, list[str]]:
    """The rows of a table by their first cell, the last row included."""
    found = page.soup.select("table")[place]
    return {
        words(row.find("th")): [words(cell) for cell in row.find_all("td")]
        for row in found.select("tbody tr, tfoot tr")
    }


def lines(desk: Browser, path: str, delimiter: str = ",") -> list[dict[str, str]]:
    """A file as a spreadsheet program reads it."""
    text = desk.visit(PAGE + path).html
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))


def rating(front: str, back: str) -> dict[str, str]:
    """Answers to the rating block."""
    return {"front": front, "back": back}


# --- return -----------------------------------------------------------------------------------


def test_the_return_by_audience(new_world: MakeWorld) -> None:
    world = survey(new_world)
    first = handle_of(world, "T1")
    branch = world.database.write(lambda c: add_branch_link(c, first, "Nord", LINK_KEY))
    for handle in (first, branch, handle_of(world, "10")):
        hand_in(world, handle, entry(1, what="Stufe"))
    page = sign_in(world).visit(PAGE)
    found = table(page)
    # invited, begun, submitted, no sheet; the provider's two sheets are one unit's.
    assert [cell.split()[0] for cell in found["Träger"][1:]] == ["3", "0", "1", "0"]
    assert [cell.split()[0] for cell in found["Ämter"][1:]] == ["3", "0", "1", "0"]
    assert [cell.split()[0] for cell in found["Vereine"][1:]] == ["7", "0", "0", "0"]
    assert "offen" in found["Ämter"][0]
    assert "Träger 1 (Nord)" in page.text


def test_the_return_of_a_sealed_wave_counts_no_sheets(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    taken = update(invitation).where(invitation.c.handle == handle_of(world, "V1"))
    world.database.write(lambda c: c.execute(taken.values(taken_part=True)))
    desk = sign_in(world)
    assert table(desk.visit(PAGE))["Vereine"][1:] == ["7", "1"]
    assert "Noch versiegelt" in desk.visit(PAGE).text


@pytest.mark.parametrize(
    ("associations", "providers", "said"),
    [
        (4, 0, "Weniger als 5 Bögen: Darum wird nichts gezeigt."),
        (5, 0, "Vereine : 5 Bögen"),
        (5, 1, "Vereine + Träger : 6 Bögen"),
        (5, 5, "Vereine : 5 Bögen; Träger : 5 Bögen"),
        (2, 2, "Weniger als 5 Bögen: Darum wird nichts gezeigt."),
    ],
)
def test_audiences_with_few_sheets_are_merged(
    new_world: MakeWorld, associations: int, providers: int, said: str
) -> None:
    world = survey(new_world, "anonymous")
    written = entry(1, what=SECRET)
    unseal(world, [("association", written)] * associations + [("provider", written)] * providers)
    desk = sign_in(world)
    assert said in desk.visit(PAGE).text
    number = associations + providers
    shown = desk.visit(PAGE + "entries").all("article")
    assert len(shown) == (number if number >= 5 else 0)


def test_a_wave_without_personal_links_has_its_pages(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous", slug="offen-2026")
    world.database.write(lambda c: c.execute(invitation.delete()))
    assert "Vereine" in sign_in(world).visit("/de/desk/waves/offen-2026/").text


@pytest.mark.parametrize("path", ["answers.csv"])
def test_pages_of_a_self_check_lead_to_the_survey(new_world: MakeWorld, path: str) -> None:
    page = sign_in(survey(new_world)).visit(PAGE + path, status=404)
    assert page.follow("Zur Umfrage").heading == "Stufen 2026"


@pytest.mark.parametrize("path", [*PAGES[1:], *FILES])
def test_pages_of_a_survey_lead_back_to_a_self_check(world: World, path: str) -> None:
    page = sign_in(world).visit(f"/de/desk/waves/selbstcheck-2026/{path}", status=404)
    assert page.follow("Zum Durchgang").heading == "Selbstcheck 2026"


@pytest.mark.parametrize("path", [*PAGES[1:], *FILES])
def test_an_unknown_wave(world: World, path: str) -> None:
    sign_in(world).visit(f"/de/desk/waves/unknown/{path}", status=404)


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_administrators_see_nothing_of_a_survey(new_world: MakeWorld, path: str) -> None:
    sign_in(survey(new_world), "administrator").visit(PAGE + path, status=403)


# --- entries ----------------------------------------------------------------------------------


@pytest.fixture
def named(new_world: MakeWorld) -> World:
    """Two organisations named what they stumble over, and an office did."""
    world = survey(new_world)
    ten = unit_code(world, "10")
    first = entry(1, what=SECRET, place=["whole"], kind="doors")
    second = entry(2, what="=SUM(1)", place=[ten, "unit:999999"])
    hand_in(world, handle_of(world, "V1"), first | second | {"better": "Die Rampe"})
    hand_in(world, handle_of(world, "20"), entry(1, what="سلم", kind="none") | {"may_name": "no"})
    return world


def test_entries_by_organisation(named: World) -> None:
    page = sign_in(named).visit(PAGE + "entries")
    assert page.all("main h2") == ["20 Amt Zwanzig", "V1 Verein 1"]
    assert "3 von 3 Einträgen aus 2 Bögen" in page.text
    assert page.all(".texts dt") == ["Was ist besser geworden?"]
    first, second, third = page.all("article")
    assert "keine davon" in first
    assert "im ganzen Haus" in second
    assert "10 Amt Zehn nicht mehr vorhanden" in third
    assert "nicht zugeordnet" in third


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?category=doors", 1),
        ("?category=-", 1),
        ("?category=none", 1),
        ("?concerned=whole", 1),
        ("?concerned=-", 1),
        ("?concerned=@gone", 1),
        ("?category=doors&concerned=-", 0),
        ("?category=<b>", 0),
        ("?category=&concerned=", 3),
    ],
)
def test_filters(named: World, query: str, number: int) -> None:
    page = sign_in(named).visit(PAGE + "entries" + query)
    assert len(page.all("article")) == number
    assert ("Die Rampe" in page.text) == (number == 3)


def test_the_filter_offers_what_was_named(named: World) -> None:
    page = sign_in(named).visit(PAGE + "entries?concerned=whole")
    assert page.all("#concerned option") == [
        *("alle", "im ganzen Haus", "weiß ich nicht genau"),
        *("nicht mehr vorhanden", "keine Angabe", "10 Amt Zehn"),
    ]
    assert words(page.one("#concerned option[selected]")) == "im ganzen Haus"


def test_the_desk_in_english(named: World) -> None:
    desk = sign_in(named)
    for path in PAGES:
        assert desk.visit(PAGE.replace("/de/", "/en/") + path).heading == "Stufen 2026"


@pytest.mark.parametrize("path", PAGES[1:-1])
def test_a_sealed_wave_says_why_nothing_is_shown(new_world: MakeWorld, path: str) -> None:
    page = sign_in(survey(new_world, "anonymous")).visit(PAGE + path)
    assert "Noch versiegelt" in page.text
    assert not page.soup.select("main table, article")


@pytest.mark.parametrize("path", FILES)
def test_a_sealed_wave_has_no_files(new_world: MakeWorld, path: str) -> None:
    page = sign_in(survey(new_world, "anonymous")).visit(PAGE + path, status=404)
    assert "versiegelt" in page.heading


def test_anonymous_entries_stand_alone(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    both = entry(1, what=SECRET) | entry(2, what="Das Licht") | {"better": "Die Rampe"}
    others = [("office", entry(1, what="Die Tür"))] * 4
    unseal(world, [("association", both), *others])
    desk = sign_in(world)
    page = desk.visit(PAGE + "entries")
    assert len(page.all("article")) == 6
    assert page.all("section.texts h2") == ["Was ist besser geworden?"]
    assert not page.soup.select("section.sheet")
    (text,) = lines(desk, "texts.csv")
    assert (text["text"], text["organisation"], text["audience"]) == (
        "Die Rampe",
        "",
        "Ämter + Vereine",
    )
    for written in (text, *lines(desk, "entries.csv")):
        assert not {"sheet", "entry"}.intersection(written)
    assert "anonymen" in desk.visit(PAGE + "ratings.csv", status=404).heading


# --- tables -----------------------------------------------------------------------------------


def test_concerned_units_of_offices_are_counted_whole(named: World) -> None:
    page = sign_in(named).visit(PAGE + "concerned")
    assert page.all("thead th") == [
        *("Betroffene Organisationseinheit", "Türen", "keine davon", "nicht zugeordnet"),
        "zusammen",
    ]
    assert table(page) == {
        "im ganzen Haus": ["0", "0", "0", "0"],
        "weiß ich nicht genau": ["0", "0", "0", "0"],
        "keine Angabe": ["0", "1", "0", "1"],
        "Nennungen, aus n = 1 Bögen": ["0", "1", "0", "1"],
    }
    # The associations' table waits until nobody can answer, and then for five sheets.
    assert "wenn niemand mehr antworten kann" in page.text
    named.move_closing("stufen-2026", -timedelta(hours=2))
    assert "weniger als 5 Bögen" in sign_in_again(named).visit(PAGE + "concerned").text


def sign_in_again(world: World) -> Browser:
    """The commissioner of a world that has one, in another browser."""
    browser = Browser(world)
    page = browser.visit("/de/desk/sign-in").answer(name="commissioner", password=PASSWORD)
    page.press("Anmelden")
    return browser


def test_concerned_units_of_others_are_protected(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    ten, twenty = unit_code(world, "10"), unit_code(world, "20")
    sheets: list[tuple[str, dict[str, Any]]] = [
        ("association", entry(1, what="a", place=[ten], kind="doors")) for _ in range(6)
    ]
    sheets += [("provider", entry(1, what="b", place=["whole"], kind="doors")) for _ in range(3)]
    sheets += [("office", entry(1, what="c", place=["whole"], kind="none")) for _ in range(5)]
    sheets += [("office", entry(1, what="d", place=[twenty], kind="none"))]
    unseal(world, sheets)
    page = sign_in(world).visit(PAGE + "concerned")
    found = table(page)
    # What fewer than five sheets name is not named here.
    assert "20 Amt Zwanzig" not in page.text
    assert set(found) >= {"10 Amt Zehn", "seltener genannte Organisationseinheiten"}
    for cells in found.values():
        assert not {"1", "2", "3", "4"}.intersection(cells)
    # 3 of „doors" are hidden, and with them what would give them away.
    assert found["im ganzen Haus"][:2] == ["·", "·"]
    assert "n = 15" in page.text


def test_ratings_of_offices_and_of_others(new_world: MakeWorld) -> None:
    world = survey(new_world)
    hand_in(world, handle_of(world, "10"), rating("1", "unknown"))
    hand_in(world, handle_of(world, "20"), rating("1", "3"))
    for number, front in enumerate(("5", "5", "1", "1", "3"), 1):
        hand_in(world, handle_of(world, f"V{number}"), rating(front, "3" if number == 1 else "5"))
    hand_in(world, handle_of(world, "T1"), rating("3", "unknown"))
    desk = sign_in(world)
    page = desk.visit(PAGE + "ratings")
    assert page.all("section.ratings h2") == ["Ämter"]
    assert "Ihre eigenen Stufen" in page.text
    # 5, 3, 1, n, mean, „weiß ich nicht"
    assert table(page) == {
        "Vordertür": ["0", "0", "2", "2", "1,0", "0"],
        "Hintertür": ["0", "1", "0", "1", "3,0", "1"],
        "Seitentür": ["0", "0", "0", "0", "–", "0"],
    }
    assert "Farben: n = 1" in page.text
    assert "Vereine, Träger" in page.text
    world.move_closing("stufen-2026", -timedelta(hours=2))
    page = desk.visit(PAGE + "ratings")
    assert page.all("section.ratings h2") == ["Ämter", "Vereine + Träger"]
    assert "Ihre Einschätzung der Stadt" in page.text
    assert table(page, 1) == {
        # No distribution may be shown: the columns are left out.
        "Vordertür": ["6", "3,0", "0"],
        # Five sheets and 4.6 can only be four times 5 and once 3.
        "Hintertür": ["5", "·", "·"],
        "Seitentür": ["0", "–", "0"],
    }


def test_earlier_surveys_stand_beside(new_world: MakeWorld) -> None:
    world = survey(new_world)
    hand_in(world, handle_of(world, "10"), rating("1", "3"))
    desk = sign_in(world)
    assert "Noch ist keine frühere Befragung eingelesen" in desk.visit(PAGE + "earlier").text
    files = [load(path) for path in sorted((ROOT / "forms" / "history").glob("*.toml"))]
    world.database.write(lambda c: import_histories(c, files, None))
    page = desk.visit(PAGE + "earlier")
    # The tiny questionnaire asks for none of the dimensions of 2023: only the wave has numbers.
    assert table(page)["Vordertür"] == ["–", "–", "–", "1,0 n = 1"]
    assert "Systemkenntnisse/Gesundheit: 8" in page.text


def test_too_few_ratings_are_not_shown(new_world: MakeWorld) -> None:
    world = survey(new_world, "anonymous")
    offices = [("office", rating("1", "1"))] * 4
    others = [("association", rating("5", "5"))] * 2 + [("provider", rating("3", "3"))] * 2
    unseal(world, [*offices, *others])
    page = sign_in(world).visit(PAGE + "ratings")
    # Eight sheets, but offices and others rated different things.
    assert not page.soup.select("table")
    assert "weniger als 5 Bögen sind: Ämter, Vereine, Träger" in page.text


# --- quarantine -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "state", "counted"), [("Freigeben", "submitted", 1), ("Verwerfen", "void", 0)]
)
def test_quarantined_sheets_are_looked_through(
    new_world: MakeWorld, button: str, state: str, counted: int
) -> None:
    world = survey(new_world, "anonymous")
    doubtful = entry(1, what=SECRET) | {"better": "Die Rampe"} | rating("1", "3")
    others = [("association", rating("5", "5"))] * 5
    unseal(world, others, quarantined=[("association", doubtful)])
    desk = sign_in(world)
    assert "1 zurückgestellter Bogen" in desk.visit(PAGE).text
    assert SECRET not in desk.visit(PAGE + "entries").text
    page = desk.visit(PAGE + "quarantine")
    assert SECRET in page.text
    assert "ungewöhnlich viele Bögen" in page.text
    assert "hohe Stufe" in page.text
    page = page.press(button)
    assert "Kein Bogen ist zurückgestellt" in page.text
    assert state in [row["state"] for row in rows(world, response)]
    assert "quarantined" not in [row["state"] for row in rows(world, response)]
    assert len(desk.visit(PAGE + "entries").all("article")) == counted
    assert_tally_right(world)
    (logged,) = [e for e in rows(world, audit_event) if e["action"].startswith("quarantine")]
    assert (logged["subject"], logged["note"]) == ("stufen-2026", "many")


@pytest.mark.parametrize(("action", "status"), [("release", 409), ("discard", 409), ("burn", 404)])
def test_nothing_is_decided_twice(new_world: MakeWorld, action: str, status: int) -> None:
    world = survey(new_world, "anonymous")
    first, second = unseal(world, [], quarantined=[("office", entry(1, what=SECRET))] * 2)
    desk = sign_in(world)
    page = desk.visit(PAGE + "quarantine").in_form(f"{first}/release")
    token = {"csrf_token": page.value("csrf_token")}
    page.submit()
    desk.send(f"{PAGE}quarantine/{first}/{action}", token, status=status)
    assert_tally_right(world)
    states = {row["id"]: row["state"] for row in rows(world, response)}
    assert states == {first: "submitted", second: "quarantined"}


# --- files ------------------------------------------------------------------------------------


def test_entries_as_a_file(named: World) -> None:
    desk = sign_in(named)
    office, first, second = lines(desk, "entries.csv")
    assert list(office) == [
        *("audience", "organisation_code", "organisation", "branch", "language", "sheet", "entry"),
        *("what", "place", "kind", "concerned_codes", "concerned_names"),
    ]
    assert (office["organisation"], office["what"], office["kind"]) == (
        "Amt Zwanzig",
        "سلم",
        "none",
    )
    assert (first["sheet"], first["entry"], first["concerned_codes"]) == ("2", "1", "whole")
    assert first["concerned_names"] == "im ganzen Haus"
    # A formula is text to every spreadsheet program.
    assert second["what"] == "'=SUM(1)"
    assert second["concerned_codes"] == "10; unit:999999"
    assert second["concerned_names"] == "10 Amt Zehn; nicht mehr vorhanden"
    assert lines(desk, "entries.csv?for=excel", ";") == [office, first, second]


def test_texts_and_ratings_as_files(named: World) -> None:
    desk = sign_in(named)
    (text,) = lines(desk, "texts.csv")
    assert (text["organisation"], text["question"], text["text"]) == (
        "Verein 1",
        "better",
        "Die Rampe",
    )
    assert text["question_text"] == "Was ist besser geworden?"
    hand_in(named, handle_of(named, "V2"), rating("3", "unknown"))
    *_others, last = lines(desk, "ratings.csv")
    assert (last["organisation"], last["front"], last["back"], last["side"]) == (
        *("Verein 2", "3", "unknown", ""),
    )
    assert last["band.doors"] == ""
    answer = desk.visit(PAGE + "ratings.csv?for=excel").response
    assert "stufen-2026-ratings-excel.csv" in answer.headers["Content-Disposition"]


def test_sheets_not_read_by_name_are_in_no_page_and_no_file(new_world: MakeWorld) -> None:
    kinds = tuple(kind for kind in KINDS if kind != "verein")
    world = survey(new_world, named_kinds=kinds)
    hand_in(world, handle_of(world, "V1"), entry(1, what=SECRET) | {"better": SECRET})
    desk = sign_in(world)
    for path in (*PAGES, *FILES):
        assert SECRET not in desk.visit(PAGE + path).html
    assert "1 Bogen fehlt hier" in desk.visit(PAGE + "entries").text
    assert lines(desk, "ratings.csv") == []
