"""Units come in as they are: the city's own list, and files that are broken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from survey.tables import unit
from survey.units import MOST_ROWS, UnitImportError, generated_code, read_units, store_units
from tests.client import Page
from tests.conftest import MakeWorld
from tests.survey.walks import rows, sign_in
from tests.world import World

CITY = Path(__file__).parent.parent / "data" / "org_units.csv"


def bring_in(world: World, text: str) -> tuple[int, int, int]:
    """Import a text; (added, changed, unchanged)."""
    units, report = read_units(text)
    world.database.write(lambda c: store_units(c, units, report))
    return report.added, report.changed, report.unchanged


def test_the_citys_list_goes_in_as_it_is(new_world: MakeWorld) -> None:
    text = CITY.read_text(encoding="utf-8")
    units, report = read_units(text)
    assert len(units) == 120
    assert (report.generated_codes, report.names_from_codes) == (39, 38)
    assert report.left_out == []
    assert sum(report.kinds.values()) == 120
    world = new_world()
    assert bring_in(world, text) == (120, 0, 0)
    assert bring_in(world, text) == (0, 0, 120)
    assert len(rows(world, unit)) == 120


def test_parents_come_from_numbers_only() -> None:
    units, report = read_units(CITY.read_text(encoding="utf-8"))
    parents = {u.code: u.parent for u in units if u.parent}
    assert report.parents == len(parents) > 0
    for code, parent in parents.items():
        number = parent.rsplit(" ", 1)[-1]
        assert code.rsplit(" ", 1)[-1].startswith(number), f"{code} under {parent}"
    assert parents["10.3"] == "Amt 10"


@pytest.mark.parametrize(
    ("codes", "parents"),
    [
        (["Amt 10", "10.3"], {"10.3": "Amt 10"}),
        (["Amt 10", "10.3", "10.31"], {"10.3": "Amt 10", "10.31": "10.3"}),
        (["50", "50.64"], {"50.64": "50"}),
        (["Amt 1", "Amt 10"], {}),
        (["Amt 5", "50.1"], {}),
        (["Amt 10", "EB 10", "10.1"], {}),  # two candidates: nobody guesses
        (["Amt 10", "EB 10", "EB 10.1"], {"EB 10.1": "EB 10"}),
        (["GB 1", "10.1"], {}),
    ],
)
def test_a_parent_is_the_longest_shorter_number(codes: list[str], parents: dict[str, str]) -> None:
    units, _report = read_units("code\n" + "\n".join(codes))
    assert {u.code: u.parent for u in units if u.parent} == parents


def test_a_given_parent_wins_and_an_unknown_one_is_said() -> None:
    units, report = read_units("code,parent\nA,\nB,A\nC,Z\n")
    assert [u.parent for u in units] == ["", "A", ""]
    assert report.notes == [(4, "parent 'Z' is not in the file")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Büro für Straßen", "x-buero-fuer-strassen"),
        ("A & B", "x-a-b"),
        ("Ä" * 100, "x-" + "ae" * 29),
    ],
)
def test_a_code_is_made_from_the_name(name: str, code: str) -> None:
    assert generated_code(name) == code
    assert len(code) <= 60


def test_the_same_units_in_other_shapes() -> None:
    shapes = [
        "code,name,kind\n1,Eins,amt\n",
        "\ufeffcode;name_de;art\r\n1;Eins;Amt\r\n",
        "ART,Code,Bezeichnung,extra\namt, 1 ,  Eins ,x\n\n,,,\n",
        'code,name,kind\n"1","Eins","amt"\n',
    ]
    found = [[(u.code, u.name, u.kind) for u in read_units(shape)[0]] for shape in shapes]
    assert found == [[("1", "Eins", "amt")]] * 4


def test_what_is_left_out_is_named_with_its_line() -> None:
    units, report = read_units("code,name,kind\n1,Eins,amt\n,,amt\n1,Zwei,amt\n2,Drei,extern\n")
    assert [u.code for u in units] == ["1", "2"]
    assert report.left_out == [
        (3, "neither code nor name"),
        (4, "code '1' stands in line 2 already"),
    ]
    _units, report = read_units("code,kind\n1,amt\n2,extern\n", ["amt"])
    assert report.left_out == [(3, "2: kind 'extern' not chosen")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: no column 'code' or 'name'"),
        ("kind,parent\namt,1\n", "line 1: no column 'code' or 'name'"),
        ("nur Text ohne Spalten", "line 1: no column 'code' or 'name'"),
        ("code\n" + "1\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows; split it"),
    ],
)
def test_a_file_that_is_no_list_of_units(text: str, said: str) -> None:
    with pytest.raises(UnitImportError, match=said):
        read_units(text)


def test_what_a_database_would_refuse_becomes_visible() -> None:
    [found], _report = read_units("code,name\n1,a\x00b\n")
    assert found.name == "a\N{REPLACEMENT CHARACTER}b"


def test_a_unit_s_kind_says_whether_it_is_outside(new_world: MakeWorld) -> None:
    world = new_world()
    bring_in(world, "code,kind\n1,amt\n2,extern\n3,gremium\n")
    assert {r["code"]: r["inside"] for r in rows(world, unit)} == {
        "1": True,
        "2": False,
        "3": False,
    }
    assert len(world.add_wave(kinds=("amt",))) == 1


# --- upload ---------------------------------------------------------------------------------------


def upload(page: Page, content: bytes, *, then: str = "import", status: int = 200) -> Page:
    """Send a file with the form of the page."""
    page.with_button("Einlesen")
    fields = {
        "csrf_token": str(page.value("csrf_token")),
        "then": then,
        "file": (io.BytesIO(content), "units.csv"),
    }
    return page.browser.send(page.address, fields, status=status)


def test_the_citys_list_by_upload(new_world: MakeWorld) -> None:
    world = new_world()
    desk = sign_in(world, "administrator")
    page = upload(desk.visit("/de/desk/units"), CITY.read_bytes(), then="check")
    assert "Geprüft, nichts gespeichert" in page.text
    assert rows(world, unit) == []
    page = upload(page, CITY.read_bytes())
    for line in (
        "neu: 120, geändert: 0, unverändert: 0",
        "Kürzel aus dem Namen gebildet: 39",
        "Kürzel als Name übernommen: 38",
        "ausgelassen: 0",
    ):
        assert line in page.text
    assert "unverändert: 120" in upload(page, CITY.read_bytes()).text
    assert len(page.soup.select("table.sheets tbody tr")) == 120


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Bitte wählen Sie eine CSV-Datei aus."),
        ("code,name\n1,Büro".encode("latin-1"), "nicht in UTF-8 gespeichert (Byte 13)"),
        (b"x" * (1024 * 1024 + 1), "größer als 1 MiB"),
        (b"kind\namt\n", "no column 'code' or 'name'"),
        (b"PK\x03\x04" + bytes(200), ""),
    ],
)
def test_a_bad_upload_is_explained(new_world: MakeWorld, content: bytes, said: str) -> None:
    world = new_world()
    page = upload(sign_in(world).visit("/de/desk/units"), content, status=422)
    assert said in page.text
    assert rows(world, unit) == []


def test_a_name_that_is_a_script_is_a_text(new_world: MakeWorld) -> None:
    world = new_world()
    text = "code,name,kind\n1,<script>alert(1)</script>,<b>amt\n"
    page = upload(sign_in(world).visit("/de/desk/units"), text.encode())
    assert "<script>alert(1)</script>" in page.text
    assert not page.soup.find_all("script")


def test_what_is_no_language_becomes_german() -> None:
    rows, _report = read_units("name,language\nA,en\nB,das steht in der falschen Spalte\nC,\n")
    assert [row.language for row in rows] == ["en", "de", "de"]
