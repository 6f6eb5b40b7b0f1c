"""One-time codes: readable, spent once, hashed; the sheet to cut up is shown once."""

from __future__ import annotations

import math
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from survey.access import HANDLE_LETTERS
from survey.codes import CODE_LENGTH, counts, make_codes, normalised, spend
from survey.database import clock
from survey.questionnaires import freeze
from survey.tables import audit_event, one_time_code, wave
from survey.waves import Audience
from tests.conftest import MakeWorld
from tests.forms.questionnaires import tiny
from tests.survey.walks import contents, rows, sign_in
from tests.world import OFFICES, World

CODES = "/de/desk/waves/stufen-2026/codes"
SHAPE = re.compile(f"[{HANDLE_LETTERS}]{{4}}(-[{HANDLE_LETTERS}]{{4}}){{2}}")


@pytest.fixture
def anonymous(new_world: MakeWorld) -> World:
    """An open anonymous wave of two audiences that asks for codes."""
    made = new_world()
    made.add_units(OFFICES)
    outside = freeze(tiny("barriers")).variant("outside", "anonymous")
    with made.database.read() as connection:
        last = clock(connection).date() + timedelta(days=30)
    made.add_wave(
        slug="stufen-2026",
        title="Stufen <b>2026</b>",
        mode="anonymous",
        codes_required=True,
        audiences=(
            Audience("vereine", "Vereine", outside, last, ("amt",)),
            Audience("traeger", "Träger", outside, last),
        ),
    )
    return made


def wave_id(world: World) -> int:
    """The id of the only wave."""
    return int(rows(world, wave)[0]["id"])


def make(world: World, number: int) -> list[str]:
    """Codes made without the page."""
    return world.database.write(lambda c: make_codes(c, wave_id(world), number))


def test_a_code_holds_55_bit() -> None:
    assert CODE_LENGTH * math.log2(len(HANDLE_LETTERS)) >= 55


def test_codes_are_readable_and_stored_as_hashes(anonymous: World) -> None:
    codes = make(anonymous, 500)
    assert len(set(codes)) == 500
    assert all(SHAPE.fullmatch(code) for code in codes)
    stored = [row["code_hash"] for row in rows(anonymous, one_time_code)]
    assert len(stored) == 500
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in stored)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("bcdf-ghjk-2345", "bcdfghjk2345"),
        (" BCDF GHJK\t2345\n", "bcdfghjk2345"),
        ("bcdf–ghjk—2345", "bcdfghjk2345"),
        ("bcdf\u200eghjk\u00a02345", "bcdfghjk2345"),
        ("ｂｃｄｆｇｈｊｋ２３４５", "bcdfghjk2345"),
        ("bcdfghjk٢٣٤٥", "bcdfghjk2345"),
        ("bcdfghjk۲۳۴۵", "bcdfghjk2345"),
        ("", ""),
        ("\x00-\ud800", ""),
        ("x" * 100_000, "x" * 100),
    ],
)
def test_how_a_code_may_be_typed(typed: str, same: str) -> None:
    assert normalised(typed) == same


def test_a_code_is_spent_once(anonymous: World) -> None:
    code, other = make(anonymous, 2)
    key = wave_id(anonymous)

    def try_codes(connection: Connection) -> list[str]:
        typed = (code.upper(), code, other[:-1], "", other + "x", other.replace("-", " "))
        return [spend(connection, key, each) for each in typed]

    tried = anonymous.database.write(try_codes)
    assert tried == ["spent", "used", "unknown", "unknown", "unknown", "spent"]
    assert anonymous.database.write(lambda c: counts(c, key)) == (2, 2)


def test_a_code_of_another_wave_is_unknown(anonymous: World) -> None:
    (code,) = make(anonymous, 1)
    key = wave_id(anonymous)
    assert anonymous.database.write(lambda c: spend(c, key + 1, code)) == "unknown"
    assert anonymous.database.write(lambda c: counts(c, key)) == (1, 0)
    assert anonymous.database.write(lambda c: counts(c, key + 1)) == (0, 0)


def test_of_many_at_once_one_wins(anonymous: World) -> None:
    (code,) = make(anonymous, 1)
    key = wave_id(anonymous)

    def one(_number: int) -> str:
        return anonymous.database.write(lambda c: spend(c, key, code))

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(one, range(24)))
    assert sorted(results) == ["spent", *["used"] * 23]


# --- the page -------------------------------------------------------------------------------------


def test_the_sheet_is_shown_once_and_logged_by_number(anonymous: World) -> None:
    desk = sign_in(anonymous)
    page = desk.visit(CODES)
    assert "Bisher erzeugt: 0" in page.text
    sheet = page.answer(number="12", audience="traeger").submit()
    codes = sheet.all(".code")
    assert len(set(codes)) == 12
    assert "Stufen <b>2026</b>" in sheet.all(".card")[0]
    assert "http://127.0.0.1:8000/de/o/stufen-2026/traeger" in sheet.all(".card")[0]
    assert "Dieser Code gehört zu niemandem; er gilt einmal." in sheet.all(".card")[0]
    event = next(e for e in rows(anonymous, audit_event) if e["action"] == "codes_made")
    assert (event["note"], event["wave_id"]) == ("12", wave_id(anonymous))
    anonymous.database.write(lambda c: spend(c, wave_id(anonymous), codes[0]))
    after = desk.visit(CODES)
    assert "Bisher erzeugt: 12" in after.text
    assert not any(code in after.html for code in codes)
    assert not re.search(r"\b11?\b", after.text.replace("(1 bis 500)", ""))


@pytest.mark.parametrize("number", ["", "0", "501", "-1", "1.5", "zwölf", "٣", "9" * 5000])
def test_a_wrong_number_is_explained_and_makes_nothing(anonymous: World, number: str) -> None:
    page = sign_in(anonymous).visit(CODES).answer(number=number).submit(status=422)
    assert "von 1 bis 500" in page.one("#number-error").get_text()
    assert page.value("number") == number
    assert rows(anonymous, one_time_code) == []


def change(world: World, **values: Any) -> None:
    """Change the only wave."""
    world.database.write(lambda c: c.execute(update(wave).values(**values)))


@pytest.mark.parametrize("why", ["codes_required", "unsealed"])
def test_a_wave_that_takes_no_codes_makes_none(anonymous: World, why: str) -> None:
    desk = sign_in(anonymous)
    page = desk.visit(CODES).answer(number="3")
    with anonymous.database.read() as connection:
        now = clock(connection)
    change(anonymous, **{why: now if why == "unsealed" else False})
    before = contents(anonymous)
    assert "keine Einmal-Codes verlangt" in page.submit(status=409).heading
    assert contents(anonymous) == before
    assert "keine Einmal-Codes verlangt" in desk.visit(CODES).text


def test_codes_of_a_wave_there_is_not(anonymous: World) -> None:
    desk = sign_in(anonymous)
    token = desk.visit(CODES).value("csrf_token")
    desk.visit(CODES.replace("2026", "1999"), status=404)
    sent = {"csrf_token": token, "number": "3"}
    desk.send(CODES.replace("2026", "1999"), sent, status=404)
