"""The desk's pages of an evaluation and of the files made of it, in every state of a wave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, update

from analysis.file_names import offered
from analysis.stamp import stamp
from survey import corrections, files, jobs
from survey.files import Made
from survey.locale import speaking
from survey.tables import audit_event, file, job, unit, wave
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.walks import LOWEST, MIDDLE, hand_in, rows, sign_in
from tests.world import World

SLUG = "selbstcheck-2026"
WAVE = f"/de/desk/waves/{SLUG}"
pytestmark = pytest.mark.parametrize("new_world", ["sqlite"], indirect=True)
NAMES = (
    *(
        f"{kind}-{language}.{end}"
        for language in ("de", "en")
        for kind, end in (
            ("report", "pdf"),
            ("report", "docx"),
            ("slides", "pptx"),
            ("public", "pdf"),
            ("results", "xlsx"),
            ("tables", "csv"),
            ("results", "json"),
            ("figures", "zip"),
        )
    ),
    *("tables-de-excel.csv", "tables-en-excel.csv", "answers.sav", "answers.parquet"),
)


def keep(world: World, *names: str, content: bytes = b"content", media: str = "text/csv") -> None:
    """Files of the state the wave is in now."""
    wave_id = world.standings(SLUG)[0].wave_id

    def work(connection: Connection) -> None:
        made = [Made(name, media, content) for name in names]
        files.replace(connection, wave_id, made, stamp(connection, SLUG))

    world.database.write(work)


def order(page: Page) -> Page:
    return page.in_form("/files").submit()


# --- the evaluation -----------------------------------------------------------------------------


def test_the_evaluation_follows_every_change(world: World) -> None:
    desk = sign_in(world)
    page = desk.visit(f"{WAVE}/evaluation")
    assert "Noch ist kein Bogen abgegeben." in page.text
    assert "0 von 4 eingeladenen Einheiten haben geantwortet (0" in page.text
    hand_in(world, world.handles[0], MIDDLE)
    page = desk.visit(f"{WAVE}/evaluation")
    assert "Das Mittel liegt bei 24,0 von 40 Punkten (n = 1)." in page.text
    assert page.text == desk.visit(f"{WAVE}/evaluation").text
    hand_in(world, world.handles[2], LOWEST)
    assert "16,0 von 40 Punkten (n = 2)" in desk.visit(f"{WAVE}/evaluation").text
    world.database.write(lambda c: corrections.void(c, world.handles[0], "doppelt"))
    assert "8,0 von 40 Punkten (n = 1)" in desk.visit(f"{WAVE}/evaluation").text
    renamed = update(unit).where(unit.c.code == "GB 1").values(name="Umbenannt")
    world.database.write(lambda c: c.execute(renamed))
    english = desk.visit(f"/en/desk/waves/{SLUG}/evaluation")
    assert "8.0" in english.text
    assert "Noch" not in english.text


def test_every_section_has_a_finding_tables_and_heads_that_are_linked(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE | {"q8_fields": ["events"]})
    page = sign_in(world).visit(f"{WAVE}/evaluation")
    linked = [str(a["href"]).removeprefix("#") for a in page.soup.select("ol.contents a")]
    sections = page.soup.select("section.answer")
    assert linked == [str(s["aria-labelledby"]) for s in sections][: len(linked)]
    assert {"standing", "statements", "units", "return", "cooperation"} <= set(linked)
    for section in sections[:-1]:
        assert section.select_one("p.lead") is not None
    for table in page.soup.select("section.part table"):
        wide = len(table.select("thead th"))
        assert {len(row.select("th, td")) for row in table.select("tbody tr")} == {wide}


def test_small_units_are_not_in_it_by_name(world: World) -> None:
    for handle in world.handles:
        hand_in(world, handle, MIDDLE)
    world.move_closing(SLUG, -timedelta(hours=2))
    page = sign_in(world).visit(f"{WAVE}/evaluation")
    assert "Amt Zehn" in page.text
    assert "Abteilung Zehn-Eins" not in page.text


def test_a_wave_to_which_nobody_is_invited(new_world: MakeWorld) -> None:
    world = new_world()
    world.add_wave()
    desk = sign_in(world)
    page = desk.visit(f"{WAVE}/evaluation")
    assert "Niemand ist eingeladen." in page.text
    assert desk.visit(f"{WAVE}/files").status == 200
    for path in ("evaluation", "files", "files/x.pdf"):
        desk.visit(f"/de/desk/waves/unknown/{path}", status=404)


# --- files --------------------------------------------------------------------------------------


def test_nothing_ordered_running_done_outdated_and_failed(world: World) -> None:
    desk = sign_in(world)
    page = desk.visit(f"{WAVE}/files")
    assert "Noch sind keine Dateien erstellt." in page.text
    page = order(page)
    assert page.path == f"{WAVE}/files"
    assert page.response.headers["Refresh"] == "2"
    assert "Gleich geht es los." in page.text
    assert [row["action"] for row in rows(world, audit_event)].count("files_ordered") == 1
    taken = jobs.take(world.database)
    assert taken is not None
    world.database.write(lambda c: jobs.progress(c, taken.id, 3, 20))
    page = desk.visit(f"{WAVE}/files")
    assert "3 von 20 fertig." in page.text
    assert (page.one("progress")["value"], page.one("progress")["max"]) == ("3", "20")
    assert "Dateien erstellen" not in page.all("button")
    keep(world, *(f"{SLUG}-{name}" for name in NAMES))
    world.database.write(lambda c: jobs.finish(c, taken.id, "done"))
    page = desk.visit(f"{WAVE}/files")
    assert "Refresh" not in page.response.headers
    assert "Seitdem hat sich etwas geändert." not in page.text
    hand_in(world, world.handles[0], MIDDLE)
    page = desk.visit(f"{WAVE}/files")
    assert "Seitdem hat sich etwas geändert." in page.text
    order(page)
    again = jobs.take(world.database)
    assert again is not None
    world.database.write(lambda c: jobs.finish(c, again.id, "failed"))
    page = desk.visit(f"{WAVE}/files")
    assert "konnten nicht erstellt werden" in page.text
    assert page.all("tbody th"), "what was made before is still there"


def test_every_file_is_told_of_in_words_and_can_be_taken(world: World) -> None:
    keep(world, *(f"{SLUG}-{name}" for name in NAMES), f"{SLUG}-standing-years-de.svg")
    desk = sign_in(world)
    page = desk.visit(f"{WAVE}/files")
    links = {str(a["href"]) for a in page.soup.select("tbody a")}
    assert links == {f"{WAVE}/files/{SLUG}-{name}" for name in NAMES}
    assert all(heading.strip() for heading in page.all("tbody th"))
    for link in sorted(links):
        given = desk.visit(link)
        assert given.response.data == b"content"
        name = link.rpartition("/")[2]
        assert given.response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_picture_stands_on_its_page_while_it_is_fresh(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    world.move_closing(SLUG, -timedelta(days=300))
    world.add_wave(slug="following", title="Selbstcheck 2027", previous_slug=SLUG)
    hand_in(world, world.handles[0], LOWEST)
    following = world.standings("following")[0].wave_id
    name = "following-standing-years-de.svg"

    def work(connection: Connection) -> None:
        made = [Made(name, "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")]
        files.replace(connection, following, made, stamp(connection, "following"))

    desk = sign_in(world)
    address = "/de/desk/waves/following/evaluation"
    assert desk.visit(address).soup.select("img.picture") == []
    world.database.write(work)
    picture = desk.visit(address).one("img.picture")
    assert picture["alt"]
    given = desk.visit(str(picture["src"]))
    assert given.response.headers["Content-Disposition"].startswith("inline")
    hand_in(world, world.handles[2], LOWEST)
    assert desk.visit(address).soup.select("img.picture") == []


def test_what_is_not_there_is_said_so(world: World) -> None:
    keep(world, f"{SLUG}-report-de.pdf")
    desk = sign_in(world)
    for name in ("other.pdf", f"{SLUG}-report-en.pdf", "..%2f..%2fsecrets.env", "%00"):
        desk.visit(f"{WAVE}/files/{name}", status=404)


def test_a_wave_that_goes_takes_its_files_along(new_world: MakeWorld) -> None:
    world = new_world()
    world.add_wave()
    [of_wave] = [row["id"] for row in rows(world, wave)]

    def work(connection: Connection) -> None:
        files.replace(connection, of_wave, [Made("a.csv", "text/csv", b"1")], "state")
        jobs.ask(connection, of_wave, "files")

    world.database.write(work)
    world.database.write(lambda c: c.execute(delete(wave).where(wave.c.id == of_wave)))
    assert rows(world, file) == rows(world, job) == []


def test_strangers_get_nothing(world: World) -> None:
    keep(world, f"{SLUG}-report-de.pdf")
    nobody = Browser(world)
    for path in ("evaluation", "files", f"files/{SLUG}-report-de.pdf"):
        assert nobody.visit(f"{WAVE}/{path}", status=None).path.endswith("/sign-in")


@pytest.mark.parametrize("language", ["de", "en"])
def test_names_of_files_and_nothing_else_are_known(new_world: MakeWorld, language: str) -> None:
    with speaking(new_world().app, language):
        known = [offered(f"{SLUG}-{name}", SLUG) for name in NAMES]
        assert all(each.title and each.about for each in known)
        assert [k.language for k, name in zip(known, NAMES, strict=True)] == [
            name.partition("-")[2][:2] if "-" in name else "" for name in NAMES
        ]
        assert len({each.title for each in known}) == 11
        # The mayor's report first, raw data last.
        first, *_rest, last = sorted(zip(known, NAMES, strict=True), key=lambda k: k[0].order)
        assert (first[1], last[1]) == ("report-de.pdf", "answers.parquet")
        for name in ("standing-years-de.svg", "x", "", "report", "report-de.exe"):
            assert offered(f"{SLUG}-{name}", SLUG).title == ""


def test_a_slug_with_words_of_ours_is_no_riddle(new_world: MakeWorld) -> None:
    with speaking(new_world().app, "de"):
        told = offered("report-tables-2026-tables-en-excel.csv", "report-tables-2026")
    assert (told.title, told.language) == ("Tabellen als CSV für Excel", "en")


def test_a_sheet_of_a_unit_without_a_code_has_a_row(world: World) -> None:
    world.database.write(
        lambda c: c.execute(insert(unit).values(code="=1+1", name="=1+1", kind="amt"))
    )
    world.add_wave(slug="second", title="=Zweiter <b>Durchgang</b>")
    handle = next(s.handle for s in world.standings("second") if s.unit_code == "=1+1")
    hand_in(world, handle, MIDDLE)
    page = sign_in(world).visit("/de/desk/waves/second/evaluation")
    assert "=1+1" in page.all("tbody th")
    assert "<b>Durchgang" not in page.html
