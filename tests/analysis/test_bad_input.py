"""What no city should be and some are: the page and every file of it are made, and make sense."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from sqlalchemy import Connection, insert, select, update

from analysis.counts import sheets
from analysis.exports import AnswerTable
from analysis.making import make, orders, read_material
from analysis.survey_wave import read_wave
from survey.questionnaires import Frozen
from survey.sample import made_up_sheet
from survey.standing import of_wave
from survey.tables import unit
from tests.analysis.cities import (
    answered,
    build,
    frozen,
    office,
    reworded,
    sheet,
    with_thresholds,
    year,
)
from tests.analysis.comparing import assert_recounted
from tests.analysis.documents_reading import pdf_pages, pdf_text
from tests.conftest import MakeWorld
from tests.survey.walks import sign_in
from tests.world import World, selbstcheck

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("new_world", ["sqlite"], indirect=True),
]
BEGINNINGS = {
    **{"pdf": b"%PDF-", "docx": b"PK", "pptx": b"PK", "xlsx": b"PK", "zip": b"PK"},
    **{"sav": b"$FL", "parquet": b"PAR1", "svg": b"<", "json": b"{", "csv": b""},
}
LONG = " mit einem Namen, der nicht aufhören will"
UNITS = 300
PREVIOUS = timedelta(days=365)


def nobody_invited(world: World) -> None:
    year(world, "now", {})


def nobody_answered(world: World) -> None:
    build(world, [office("10"), office("20")])
    year(world, "now", {})


def one_response(world: World) -> None:
    build(world, [office("10"), office("20")])
    year(world, "now", {"10": sheet(4)}, report_names_units=True)


def all_alike(world: World) -> None:
    build(world, [office(str(n), staff=10) for n in range(10, 17)])
    everybody = {str(n): sheet(5) for n in range(10, 17)}
    year(world, "then", everybody, ago=PREVIOUS)
    year(world, "now", everybody, previous="then", report_names_units=True)


def moved_and_reworded(world: World) -> None:
    build(world, [office("GB", kind="geschaeftsbereich"), *(office(str(n), 0) for n in range(8))])
    everybody = {str(n): sheet(n % 5 + 1) for n in range(8)}
    year(world, "then", everybody, ago=PREVIOUS)
    world.database.write(
        lambda c: c.execute(update(unit).where(unit.c.code == "3").values(parent_id=None))
    )
    asked = frozen(with_thresholds(reworded(selbstcheck(), "q4"), 12, 24))
    year(world, "now", everybody, asked, previous="then", report_names_units=True)


def made_of(world: World, languages: tuple[str, ...]) -> dict[str, bytes]:
    """Every file the worker would make, by its name without the wave's."""
    library = world.app.extensions["services"].library
    with world.database.snapshot() as connection:
        found = read_wave(connection, library, "now")
        assert found is not None
        asked = found.audiences[0].frozen
        read = list(sheets(connection, "now"))
        answers = AnswerTable(asked.questionnaire, lambda: read)
        material = read_material(world.app, connection, "now", answers, asked)
    assert material is not None
    wanted = [o for o in orders(material, public=True) if o.language in languages]
    return {o.name.removeprefix("now-"): make(world.app, o).content for o in wanted}


def assert_sensible(made: dict[str, bytes], said: str) -> None:
    """Each file is of its kind, can be opened, and says the same finding."""
    assert len(made) >= 11
    for name, content in made.items():
        ending = name.rpartition(".")[2]
        assert content.startswith(BEGINNINGS[ending]), name
        assert content, name
    text = pdf_text(made["report-de.pdf"])
    assert " ".join(said.split()) in text
    assert not re.search(r"\b(?:nan|None|inf)\b", text)
    assert pdf_pages(made["public-de.pdf"]) == 1
    assert Presentation(io.BytesIO(made["slides-de.pptx"])).slides
    for sheet_ in openpyxl.load_workbook(io.BytesIO(made["results-de.xlsx"])).worksheets:
        for line in sheet_.iter_rows():
            assert not any(cell.data_type == "f" for cell in line), sheet_.title
    assert ZipFile(io.BytesIO(made["figures-de.zip"])).testzip() is None
    told = json.loads(made["results-de.json"])
    frame = pd.read_parquet(io.BytesIO(made["answers.parquet"]))
    assert len(frame) == len(told["answers"])
    lines = list(csv.reader(io.StringIO(made["tables-de.csv"].decode())))
    assert {len(line) for line in lines} == {len(lines[0])}


@pytest.mark.parametrize(
    ("build_it", "said"),
    [
        (nobody_invited, "Niemand ist eingeladen."),
        (nobody_answered, "0 von 2 eingeladenen Einheiten haben geantwortet"),
        (one_response, "Das Mittel liegt bei 32,0 von 40 Punkten (n = 1)"),
        (all_alike, "Alle Einheiten haben 40 Punkte."),
        (moved_and_reworded, "Vergleichbar sind 7 Aussagen, die Gesamtzahl nicht."),
    ],
)
def test_page_and_files(new_world: MakeWorld, build_it: Callable[[World], None], said: str) -> None:
    world = new_world()
    build_it(world)
    assert_recounted(world, "now")
    page = sign_in(world).visit("/de/desk/waves/now/evaluation")
    assert said in page.text
    assert_sensible(made_of(world, ("de",)), said)


# --- the nastiest -------------------------------------------------------------------------------


def nastiest(world: World) -> None:
    """Three hundred units with names that never end, some of them formulas, over two years."""
    chance = Random(300)

    def units(connection: Connection) -> None:
        for place in range(UNITS):
            kind = "geschaeftsbereich" if place < 8 else "amt" if place % 3 else "abteilung"
            parent = place % 8 + 1 if place >= 8 else None
            name = f"{'=' if place % 5 == 0 else ''}Einheit {place}{LONG * 5}"[:200]
            connection.execute(
                insert(unit).values(
                    code=f"={place}" if place % 7 == 0 else f"M {place:03}",
                    name=name,
                    kind=kind,
                    parent_id=parent,
                    staff=place if place % 2 else None,
                )
            )

    world.database.write(units)
    asked = frozen(with_thresholds(reworded(selbstcheck(), "q7"), 14, 26))
    for slug, previous, questionnaire, ago in (
        ("then", "", frozen(), PREVIOUS),
        ("now", "then", asked, timedelta(days=3)),
    ):
        made = {"report_names_units": True, "title": f"={slug}{LONG * 4}"[:200]}
        year(world, slug, {}, questionnaire, previous, ago=timedelta(), **made)
        world.database.write(partial(_all_answer, slug=slug, asked=questionnaire, chance=chance))
        world.move_closing(slug, -ago)
        world.database.write(_some_move)


def _some_move(connection: Connection) -> None:
    moving = update(unit).where(unit.c.id % 9 == 0, unit.c.id > 8)  # no group
    connection.execute(moving.values(parent_id=1))


def _all_answer(connection: Connection, slug: str, asked: Frozen, chance: Random) -> None:
    """Sheets of all but every sixth unit."""
    for standing in of_wave(connection, slug):
        if chance.random() < 5 / 6:
            given = made_up_sheet(asked.questionnaire, chance, chance.uniform(1, 5))
            answered(connection, standing.handle, asked, given)


def test_the_nastiest_city(new_world: MakeWorld) -> None:
    world = new_world()
    nastiest(world)
    evaluation = assert_recounted(world, "now")
    page = sign_in(world).visit("/de/desk/waves/now/evaluation")
    with world.database.read() as connection:
        names = connection.scalars(select(unit.c.name).where(unit.c.kind == "amt")).all()
    shown = set(page.all("tbody th"))
    assert all(any(name in title for title in shown) for name in names)
    assert_sensible(made_of(world, ("de",)), evaluation.sections[0].finding)
