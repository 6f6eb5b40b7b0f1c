"""The same numbers in the page, CSV, workbook, SPSS file, report and slides, for random waves.

None is compared with another: each is read back and compared with the recount of the responses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyreadstat
import pytest

from analysis.counts import sheets
from analysis.evaluation.sections import Cell, Evaluation
from analysis.exports import AnswerTable
from analysis.making import Material, make, orders, read_material
from analysis.survey_wave import read_wave
from tests.analysis import outputs
from tests.analysis.cities_by_chance import random_city
from tests.analysis.comparing import Key, told
from tests.analysis.recount import recount
from tests.analysis.recount_rows import Number, read_years
from tests.conftest import MakeWorld
from tests.survey.walks import sign_in
from tests.world import World

SEEDS = (3, 8, 21)
pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
"""What is read is the same on either database (test_evaluation_office.py)."""


@dataclass(frozen=True)
class City:
    """A random city whose newest wave is over, and everything that is made of it."""

    world: World
    slug: str
    material: Material
    numbers: Mapping[Key, Number]

    @property
    def internal(self) -> Evaluation:
        """As the commissioner reads it."""
        return self.material.evaluations["internal", "de"]

    @property
    def report(self) -> Evaluation:
        """As the mayor does, units named."""
        return self.material.evaluations["report", "de"]

    def file(self, ending: str) -> bytes:
        """One of the files the worker makes."""
        [order] = [o for o in orders(self.material, public=True) if o.name.endswith(ending)]
        return make(self.world.app, order).content


def city_of(world: World, seed: int) -> City:
    slug = random_city(world, seed, closed=True)
    library = world.app.extensions["services"].library
    with world.database.snapshot() as connection:
        found = read_wave(connection, library, slug)
        assert found is not None
        frozen = found.audiences[0].frozen
        read = list(sheets(connection, slug))
        answers = AnswerTable(frozen.questionnaire, lambda: read)
        material = read_material(world.app, connection, slug, answers, frozen)
        numbers = recount(connection, slug)
    assert material is not None
    assert set(told(material.evaluations["internal", "de"])) == set(numbers)
    return City(world, slug, material, numbers)


def changed(evaluation: Evaluation) -> Evaluation:
    """The same with one number a little higher."""
    sections = list(evaluation.sections)
    section = next(s for s in sections if s.key == "statements")
    part = section.parts[0]
    row = part.table.rows[3]
    place = part.table.position("mean")
    cell = row.cells[place]
    assert isinstance(cell, float)
    cells: tuple[Cell, ...] = (*row.cells[:place], cell + 0.2, *row.cells[place + 1 :])
    rows = tuple(replace(r, cells=cells) if r is row else r for r in part.table.rows)
    parts = (replace(part, table=replace(part.table, rows=rows)), *section.parts[1:])
    at = sections.index(section)
    sections[at] = replace(section, parts=parts)
    return replace(evaluation, sections=tuple(sections))


@pytest.mark.parametrize("seed", SEEDS)
def test_page_tables_workbook_and_slides(new_world: MakeWorld, seed: int) -> None:
    city = city_of(new_world(), seed)
    page = sign_in(city.world).visit(f"/de/desk/waves/{city.slug}/evaluation").html
    internal, report = city.internal, city.report
    everything = set(city.numbers)
    for read, of, rounded in (
        (outputs.of_csv(city.file("tables-de.csv")), internal, False),
        (outputs.of_csv(city.file("tables-de-excel.csv"), for_excel=True), internal, False),
        (outputs.of_workbook(city.file("results-de.xlsx"), internal), internal, False),
        (outputs.of_page(page, internal), internal, True),
    ):
        assert set(read) == everything
        assert outputs.other_numbers(read, city.numbers, of, rounded=rounded) == []
    slides = outputs.of_slides(city.file("slides-de.pptx"), report)
    drawn = {key: None if city.numbers[key] == "hidden" else city.numbers[key] for key in slides}
    assert {key[0] for key in slides} >= {"standing", "statements", "units", "return"}
    assert outputs.other_numbers(slides, drawn, report, rounded=False) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_report(new_world: MakeWorld, seed: int) -> None:
    city = city_of(new_world(), seed)
    assert outputs.missing_in(city.file("report-de.pdf"), city.report, city.numbers) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_spss(new_world: MakeWorld, seed: int, tmp_path: Path) -> None:
    """Points, answers and colours of the file are those of the responses, sheet by sheet."""
    city = city_of(new_world(), seed)
    path = tmp_path / "answers.sav"
    path.write_bytes(city.file("answers.sav"))
    frame, _meta = pyreadstat.read_sav(str(path))
    with city.world.database.snapshot() as connection:
        year = read_years(connection, city.slug)[0]
    bands = {"red": 1, "yellow": 2, "green": 3}
    wanted = sorted(
        (
            year.places[s.unit].code,
            *(float(s.worth[q]) for q in year.form.scored),
            *(float(s.worth[f"@category:{c}"]) for c in year.form.categories),
            float(s.total),
            float(bands[year.form.colour(s.total)]),
        )
        for s in year.named_sheets
    )
    names = [*year.form.scored, *(f"points_{c}" for c in year.form.categories), "total", "band"]
    found = sorted(
        (code, *map(float, cells))
        for code, *cells in frame[["unit_code", *names]].itertuples(index=False, name=None)
    )
    assert found == wanted
    ticked = frame.filter(like="q8_fields_").drop(columns="q8_fields_other_text")
    for name, column in ticked.items():
        code = str(name).removeprefix("q8_fields_")
        # Not asked is missing, and is in no mean.
        assert column.sum() == city.numbers["cooperation", "q8_fields", code, "count"]
        share = city.numbers["cooperation", "q8_fields", code, "share"]
        if share is not None:
            assert column.mean() == pytest.approx(float(share))


def test_one_changed_number_is_found_in_every_output(new_world: MakeWorld) -> None:
    city = city_of(new_world(), SEEDS[0])
    planted = {key: changed(e) for key, e in city.material.evaluations.items()}
    wrong = replace(city, material=replace(city.material, evaluations=planted))
    [place] = [
        key for key, cell in told(wrong.internal).items() if cell != told(city.internal)[key]
    ]
    csv = outputs.of_csv(wrong.file("tables-de.csv"))
    book = outputs.of_workbook(wrong.file("results-de.xlsx"), city.internal)
    for read in (csv, book):
        assert outputs.other_numbers(read, city.numbers, city.internal, rounded=False) == [place]
    pdf = wrong.file("report-de.pdf")
    [line] = outputs.missing_in(pdf, city.report, city.numbers)
    assert line.startswith("statements-distribution 4.")
    # And in the page: one letter of one cell.
    page = sign_in(city.world).visit(f"/de/desk/waves/{city.slug}/evaluation").html
    share = f"{float(city.numbers['standing', 'bands', city.slug, 'mean'] or 0):.1f}"
    shown = share.replace(".", ",")
    assert shown in page
    read = outputs.of_page(page.replace(f">{shown}<", ">99,9<"), city.internal)
    assert outputs.other_numbers(read, city.numbers, city.internal, rounded=True)
    slides = outputs.of_slides(city.file("slides-de.pptx"), city.report)
    key = next(k for k, cell in slides.items() if isinstance(cell, float) and cell)
    lied = {**slides, key: float(str(slides[key])) + 1}
    drawn = {k: None if city.numbers[k] == "hidden" else city.numbers[k] for k in slides}
    assert outputs.other_numbers(lied, drawn, city.report, rounded=False) == [key]
