"""The commissioner's pages of a wave: what they say, and never say (docs/decisions/0011)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import LOWEST, MIDDLE, begin, hand_in, sign_in
from tests.world import OFFICES, World

WAVE = "/de/desk/waves/selbstcheck-2026/"
SECRET = "Geheimer Schritt der Abteilung"
PAGES = ("", "evaluation", "answers.csv", "answers.csv?for=excel", "?sort=total&order=desc")


@pytest.fixture
def desk(world: World) -> Browser:
    """Two offices answered, one declined, and a smaller unit answered too."""
    ten, ten_one, twenty, thirty = world.handles
    hand_in(world, ten, MIDDLE | {"next_steps": "=HYPERLINK(1)", "q8_fields": ["events"]})
    hand_in(world, twenty, LOWEST)
    hand_in(world, ten_one, {f"q{n}": "5" for n in range(1, 9)} | {"next_steps": SECRET})
    page = begin(world, thirty)
    page = page.browser.visit(page.path.replace("sprache", "no-sheet"))
    page.answer(reason="with_other", note="Amt 20").press("Mitteilen")
    return sign_in(world)


def test_the_return_and_the_colours(desk: Browser) -> None:
    page = desk.visit(WAVE)
    figures = dict(zip(page.all(".figures dt"), page.all(".figures dd"), strict=True))
    assert figures["eingeladen"] == "4"
    assert figures["abgegeben"].startswith("3 ")
    assert figures["kein Bogen"] == "1"
    # Colours count the sheets that are read by name: not the smaller unit's green one.
    assert (figures["Rot"], figures["Gelb"], figures["Grün"]) == ("1 Bogen", "1 Bogen", "0 Bögen")
    assert "Amt 20" in page.text


def names(page: Page) -> list[str]:
    """The units of the table in order."""
    return [name[:2] for name in page.all("table.sheets tbody th")]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["10", "20", "30"]),
        ("?sort=code&order=desc", ["30", "20", "10"]),
        ("?sort=total", ["20", "10", "30"]),
        ("?sort=total&order=desc", ["10", "20", "30"]),
        ("?sort=language", ["20", "10", "30"]),
        ("?sort=unit_id;DROP", ["10", "20", "30"]),
        ("?sort=", ["10", "20", "30"]),
    ],
)
def test_sorting(desk: Browser, query: str, order: list[str]) -> None:
    assert names(desk.visit(WAVE + query)) == order


@pytest.mark.parametrize("page", PAGES)
def test_a_smaller_units_sheet_is_read_nowhere(desk: Browser, world: World, page: str) -> None:
    shown = desk.visit(WAVE + page).html
    assert SECRET not in shown
    assert "40</strong>" not in shown
    if "csv" in page:
        assert "Zehn-Eins" not in shown


def test_a_smaller_units_own_page_shows_no_result(desk: Browser, world: World) -> None:
    page = desk.visit(f"{WAVE}units/{world.handles[1]}")
    assert "nicht mit Namen gelesen" in page.text
    assert not page.soup.select("[data-total]")
    assert SECRET not in page.html


def test_statements(desk: Browser) -> None:
    page = desk.visit(f"{WAVE}evaluation")
    rows = page.soup.select("[aria-labelledby=statements-distribution] tbody tr")
    assert len(rows) == 8
    numbers = [td.get_text(strip=True) for td in rows[0].select("td.number")]
    assert numbers == ["1", "0", "1", "0", "0", "2", "2,0", "2,0"]


def test_pages_without_any_sheet(world: World) -> None:
    desk = sign_in(world)
    assert names(desk.visit(WAVE)) == ["10", "20", "30"]
    assert "Noch ist kein Bogen abgegeben." in desk.visit(f"{WAVE}evaluation").text
    assert len(desk.visit(f"{WAVE}answers.csv").html.splitlines()) == 1


@pytest.mark.parametrize("path", ["", "evaluation", "files", "answers.csv", "units/nobody"])
def test_an_unknown_wave(world: World, path: str) -> None:
    sign_in(world).visit(f"/de/desk/waves/unknown/{path}", status=404)


def sheet(desk: Browser, query: str, delimiter: str) -> list[dict[str, str]]:
    """The answers as a spreadsheet program reads them."""
    text = desk.visit(f"{WAVE}answers.csv{query}").html
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))


@pytest.mark.parametrize(("query", "delimiter"), [("", ","), ("?for=excel", ";")])
def test_the_answers_as_csv(desk: Browser, query: str, delimiter: str) -> None:
    first, second = sheet(desk, query, delimiter)
    assert (first["unit_code"], first["unit_name"], first["version"]) == ("10", "Amt Zehn", "1")
    assert [first[f"q{n}"] for n in range(1, 9)] == ["3"] * 8
    assert (first["q8_fields.events"], first["q8_fields.exchange"]) == ("1", "0")
    assert (first["points.language"], first["total"], first["possible"]) == ("9", "24", "40")
    assert (first["band"], second["band"]) == ("yellow", "red")
    # A formula is text to every spreadsheet program.
    assert first["next_steps"] == "'=HYPERLINK(1)"


def test_the_forms_for_programs_and_for_excel(desk: Browser) -> None:
    plain = desk.visit(f"{WAVE}answers.csv").response
    excel = desk.visit(f"{WAVE}answers.csv?for=excel").response
    assert plain.data.startswith(b"unit_code,")
    assert excel.data.startswith("\ufeffunit_code;".encode())
    assert plain.headers["Content-Disposition"] == 'attachment; filename="selbstcheck-2026.csv"'
    assert "excel" in excel.headers["Content-Disposition"]


def small_units(world: World, number: int) -> list[str]:
    """A wave with this many smaller units, all of which answered."""
    children = [(f"10.{n}", f"Sachgebiet {n}", "sachgebiet", "10") for n in range(2, 2 + number)]
    world.add_units([*OFFICES[:2], *children])
    handles = world.add_wave()
    for place, handle in enumerate(handles[1:]):
        hand_in(world, handle, MIDDLE if place % 2 else LOWEST)
    return handles


@pytest.mark.parametrize(("number", "closed"), [(4, True), (5, False), (5, True)])
def test_the_mean_of_smaller_units_comes_after_closing_from_five_sheets_on(
    new_world: MakeWorld, number: int, closed: bool
) -> None:
    world = new_world()
    small_units(world, number)
    if closed:
        world.move_closing("selbstcheck-2026", -timedelta(hours=2))
    text = sign_in(world).visit(WAVE).text
    shown = number >= 5 and closed
    assert ("14,4 Punkte (n = 5)" in text) == shown
    assert ("erscheint nach dem Ende" in text) != shown
