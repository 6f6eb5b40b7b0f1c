"""Questionnaires the commissioner brings: listed, checked, escaped, asked by new waves."""

from __future__ import annotations

import io
from typing import Any

import pytest

from forms.texts import source_texts
from survey.database import Database
from survey.questionnaires import Library, freeze, keep
from survey.tables import audit_event, questionnaire
from tests.client import Page
from tests.conftest import MakeWorld
from tests.forms.questionnaires import FOLDER, tiny
from tests.survey.walks import rows, sign_in
from tests.world import SELBSTCHECK, World

PLACE = "/de/desk/questionnaires"
BARRIERS = (FOLDER / "barriers.toml").read_text(encoding="utf-8")
SCRIPT = "<script>alert('&')</script>"


def upload(page: Page, content: str | bytes, *, name: str = "b.toml", status: int = 200) -> Page:
    """Send a file from the page of questionnaires."""
    raw = content.encode() if isinstance(content, str) else content
    sent: dict[str, Any] = {
        "csrf_token": str(page.value("csrf_token")),
        "file": (io.BytesIO(raw), name),
    }
    return page.browser.send(PLACE, sent, status=status)


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """Nothing but the installation."""
    made: World = new_world()
    return made


def listed(page: Page) -> dict[str, list[str]]:
    """The cells of the list by id."""
    found = {}
    for row in page.soup.select("tbody tr"):
        cells = [" ".join(cell.get_text().split()) for cell in row.select("td")]
        found[row.select("th")[0].get_text()] = cells
    return found


def test_the_files_of_the_folder_are_listed(city: World) -> None:
    title, version, languages, variants, origin = listed(sign_in(city).visit(PLACE))[SELBSTCHECK]
    assert "Selbstcheck" in title
    assert "Deutsch" in languages
    assert (variants, origin) == ("–", "mitgeliefert")
    assert version


def test_an_upload_is_kept_listed_and_logged(city: World) -> None:
    page = upload(sign_in(city).visit(PLACE), BARRIERS)
    assert "Aufgenommen" in page.text
    assert listed(page)["barriers"] == [
        "Umfrage zu Stufen",
        "1",
        "Deutsch",
        "für Ämter (inside), für Vereine (outside)",
        "hochgeladen",
    ]
    kept = rows(city, questionnaire)
    assert [(row["id"], row["uploaded"]) for row in kept] == [("barriers", True)]
    event = next(e for e in rows(city, audit_event) if e["action"] == "questionnaire_uploaded")
    assert event["subject"] == "barriers"


def english(without: str = "") -> str:
    """The translations of the barrier survey, one left out if wanted."""
    keys = [s.key for s in source_texts(tiny("barriers")) if s.key != without]
    return "\n[translations.en]\n" + "".join(f'"{key}" = "en {key}"\n' for key in keys)


def test_a_complete_language_is_offered(city: World) -> None:
    page = upload(sign_in(city).visit(PLACE), BARRIERS + english())
    assert listed(page)["barriers"][2] == "Deutsch, English"
    # „introduction" may fall back.
    page = upload(page, BARRIERS + english(without="introduction"))
    assert listed(page)["barriers"][2] == "Deutsch, English"


def test_an_incomplete_language_is_named_and_not_offered(city: World) -> None:
    lacking = "sections.tueren.questions.front.text"
    page = upload(sign_in(city).visit(PLACE), BARRIERS + english(without=lacking))
    assert "Nicht angeboten wird English" in page.text
    assert page.all("section code") == [lacking]
    assert listed(page)["barriers"][2] == "Deutsch"


REFUSED = [
    (b"", "Bitte wählen Sie eine TOML-Datei aus."),
    (b"\xff", "b.toml: byte 0 is not UTF-8; save as UTF-8"),
    (b"id =", "b.toml: not valid TOML"),
    (b"x" * (1024 * 1024 + 1), "b.toml: larger than 1 MiB"),
    (BARRIERS.replace('type = "rating"', 'type = "wish"').encode(), "'front' type"),
    (
        BARRIERS.replace('"barriers"', f'"{SELBSTCHECK}"', 1).encode(),
        "hat schon ein mitgelieferter",
    ),
    ((BARRIERS + "[translations.tlh]").encode(), "translations tlh: unknown language"),
    ((BARRIERS + '[translations.en]\n"no.key" = "x"').encode(), "unknown key 'no.key'"),
    (f'"{SCRIPT}" = 1\n{BARRIERS}'.encode(), f"{SCRIPT}: unknown key"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED)
def test_what_is_wrong_is_named_and_nothing_kept(city: World, content: bytes, said: str) -> None:
    page = upload(sign_in(city).visit(PLACE), content, status=422)
    assert said in " ".join(page.one(".notice").get_text().split())
    assert rows(city, questionnaire) == []


def test_many_mistakes_are_named_in_part(city: World) -> None:
    content = "".join(f"x{n} = 1\n" for n in range(60)) + BARRIERS
    page = upload(sign_in(city).visit(PLACE), content, status=422)
    assert len(page.all(".notice li")) == 50
    assert "Und 10 weitere." in page.text


def test_a_file_of_50_mb_is_refused_with_a_clear_page(city: World) -> None:
    page = sign_in(city).visit(PLACE)
    answer = upload(page, b"#" * (50 * 1024 * 1024), status=413)
    assert answer.heading == "Das ist zu viel auf einmal."
    assert rows(city, questionnaire) == []


def test_texts_of_an_upload_are_escaped_everywhere(city: World) -> None:
    content = BARRIERS.replace("Umfrage zu Stufen", SCRIPT).replace("für Vereine", SCRIPT)
    desk = sign_in(city)
    # The audit of every page refuses inline scripts.
    page = upload(desk.visit(PLACE), content.replace('version = "1"', f'version = "{SCRIPT}"'))
    assert listed(page)["barriers"][0] == SCRIPT
    assert SCRIPT in desk.visit("/de/desk/waves/new-survey").text
    page = upload(page, BARRIERS, name=f"{SCRIPT}.toml")
    assert "Aufgenommen" in page.text


def test_the_newest_upload_counts_even_if_it_was_there_before(city: World) -> None:
    page = sign_in(city).visit(PLACE)
    for version in ("1", "2", "1"):
        page = upload(page, BARRIERS.replace('version = "1"', f'version = "{version}"'))
        assert listed(page)["barriers"][1] == version
    assert len(rows(city, questionnaire)) == 2


def test_what_a_wave_froze_is_no_upload(city: World) -> None:
    database: Database = city.database
    database.write(lambda c: keep(c, freeze(tiny("barriers")).variant("inside", "named")))
    assert "barriers" not in listed(sign_in(city).visit(PLACE))
    with database.read() as connection:
        assert list(Library().wholes(connection, "barriers")) == []
