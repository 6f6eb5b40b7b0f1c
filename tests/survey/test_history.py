"""Earlier surveys on both databases: by command, by upload, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from forms.history import History, load
from survey.history import histories, store_history
from survey.tables import audit_event
from survey.tables import history as history_table
from tests.client import Page
from tests.conftest import MakeWorld
from tests.survey.test_cli import run
from tests.survey.walks import rows, sign_in
from tests.world import World

FOLDER = Path(__file__).parent.parent.parent / "forms" / "history"
FILES = sorted(FOLDER.glob("*.toml"))
PAGE = "/de/desk/history"
SMALL = b"""slug = "klein-2020"
year = 2020
title = "<script>alert(1)</script>"
source = "Musterstadt"
missing = "alles"
mapping = "keine"
"""


def kept(world: World) -> list[History]:
    """The earlier surveys a world holds."""
    with world.database.read() as connection:
        return histories(connection)


def store(world: World, history: History) -> str:
    """Keep one survey; what became of it."""
    return world.database.write(lambda connection: store_history(connection, history))


def logged(world: World) -> list[tuple[str, str]]:
    """(slug, what became of it) of every import in the log."""
    events = [row for row in rows(world, audit_event) if row["action"] == "history_imported"]
    return [(row["subject"], row["note"]) for row in sorted(events, key=lambda row: row["id"])]


def upload(page: Page, content: bytes, *, name: str = "s.toml", status: int = 200) -> Page:
    """Send a file with the form of the page."""
    page.with_button("Einlesen")
    fields = {"csrf_token": str(page.value("csrf_token")), "file": (io.BytesIO(content), name)}
    return page.browser.send(page.address, fields, status=status)


# --- storing --------------------------------------------------------------------------------------


def test_what_is_stored_comes_back_by_year(new_world: MakeWorld) -> None:
    world = new_world()
    surveys = [load(path) for path in FILES]
    assert [store(world, survey) for survey in reversed(surveys)] == ["added"] * 3
    assert kept(world) == surveys
    assert [survey.year for survey in kept(world)] == [2017, 2023, 2023]


def test_storing_again_changes_only_what_differs(new_world: MakeWorld) -> None:
    world = new_world()
    survey = load(FILES[1])
    assert store(world, survey) == "added"
    [before] = rows(world, history_table)
    assert store(world, survey) == "unchanged"
    assert rows(world, history_table) == [before]
    renamed = survey.model_copy(update={"title": "Anders", "year": 2022})
    assert store(world, renamed) == "changed"
    [after] = rows(world, history_table)
    assert (after["title"], after["year"], after["added"]) == ("Anders", 2022, before["added"])
    assert kept(world) == [renamed]


# --- the command ----------------------------------------------------------------------------------


def test_the_files_by_command(new_world: MakeWorld) -> None:
    world = new_world()
    answer = run("history", "import", *FILES, world=world)
    assert answer.returncode == 0, answer.stderr
    slugs = [path.stem for path in FILES]
    assert answer.stdout.splitlines() == [f"{slug}: added" for slug in slugs]
    assert logged(world) == [(slug, "added") for slug in slugs]
    assert "befragung-2017: unchanged" in run("history", "import", FILES[0], world=world).stdout
    assert run("history", "list", world=world).stdout.splitlines() == [
        "2017\tbefragung-2017\tBefragung 2017 zu Zugangshemmnissen",
        "2023\tbefragung-2023\tBefragung 2023 zu Zugangshemmnissen",
        "2023\tkonferenz-2023\tKonferenz des DSM e. V. 11/2023",
    ]


def test_one_bad_file_keeps_the_good_ones_out(new_world: MakeWorld, tmp_path: Path) -> None:
    world = new_world()
    bad, worse = tmp_path / "bad.toml", tmp_path / "worse.toml"
    bad.write_bytes(SMALL.replace(b"year = 2020", b"year = 'x'"))
    worse.write_bytes(b"code,name\n1,Eins\n")
    answer = run("history", "import", FILES[0], bad, worse, FILES[0], world=world)
    assert answer.returncode == 1
    assert "bad.toml: year: Input should be a valid integer" in answer.stderr
    assert "worse.toml: not valid TOML" in answer.stderr
    assert "slug 'befragung-2017' stands in 2 files; keep one" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert kept(world) == []
    assert logged(world) == []


# --- the page -------------------------------------------------------------------------------------


def test_the_page_shows_returns_findings_counts_and_sources(new_world: MakeWorld) -> None:
    world = new_world()
    desk = sign_in(world)
    page = desk.visit(PAGE)
    assert page.heading == "Frühere Befragungen"
    assert "Noch ist keine frühere Befragung eingelesen." in page.text
    for path in FILES:
        page = upload(page, path.read_bytes(), name=path.name)
        assert "neu" in page.all(".notice.good")[0]
    assert page.all("h2") == [survey.title for survey in kept(world)]
    assert page.all("table.returns td.number") == ["22", "14", "2"]
    assert len(page.soup.select("table.returns li")) == 22 + 14 + 2
    assert page.all("table.counts td.number") == ["19", "8", "10", "8", "10"]
    assert page.all("table.counts td:nth-child(3)") == ["nicht angegeben"] * 5
    assert len(page.soup.select("ul.findings li")) == 4 + 17
    for words in (
        "Träger und Vereine sind in der Quelle nicht getrennt; sie bleiben eine Gruppe.",
        "3. April 2023 – 31. Juli 2023 ( Vereine, Initiativen )",
        "Auswertung der Befragung 2023 (Anlage 2 des Zwischenberichts), Folie 6",
        "keine Rücklaufquote",
        "Kernaussage OB-6: Orientierung in den Verwaltungsgebäuden",
        "positive Rückmeldung P-2: deutlich bessere Beschilderung der Gebäude",
    ):
        assert words in page.text
    assert logged(world) == [(path.stem, "added") for path in FILES]
    assert "history_imported" in desk.visit("/de/desk/log").text
    assert "unverändert" in upload(page, FILES[0].read_bytes()).all(".notice.good")[0]
    assert logged(world)[-1] == ("befragung-2017", "unchanged")
    # A file's own words stay German, and say so, at an English desk too.
    english = desk.visit("/en/desk/history")
    assert english.all('h2 [lang="de"]') == [survey.title for survey in kept(world)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Bitte wählen Sie eine TOML-Datei aus."),
        (b"x" * (1024 * 1024 + 1), "größer als 1 MiB"),
        (b"code,name\n1,Eins\n", "s.toml: not valid TOML"),
        ("title = 'Büro'".encode("latin-1"), "s.toml: byte 10 is not UTF-8"),
        (SMALL + b"extra = 1\n", "s.toml: extra: unknown key; remove it or correct its spelling"),
        (
            SMALL + b'[[counts]]\ntopic = "Sprache"\nnumber = -1\n',
            "s.toml: counts number 1 number: Input should be greater than or equal to 0",
        ),
        (
            SMALL + b'[[dimensions]]\nid = "smell"\ntitle = "Geruch"\n',
            "s.toml: dimensions: unknown dimension 'smell'; known: language_material",
        ),
        (b"".join(b"k%d = 1\n" % number for number in range(100)), "Weitere Fehler: 76"),
        (b"a = " + b"[" * 50_000, "s.toml: "),
    ],
)
def test_a_bad_upload_is_explained_in_place(
    new_world: MakeWorld, content: bytes, said: str
) -> None:
    world = new_world()
    page = upload(sign_in(world).visit(PAGE), content, status=422)
    assert said in page.one("[role=alert]").get_text(" ")
    assert kept(world) == []
    assert logged(world) == []


def test_an_upload_of_50_mb_is_refused(new_world: MakeWorld) -> None:
    world = new_world()
    page = upload(sign_in(world).visit(PAGE), b"#" * (50 * 1024 * 1024), status=413)
    assert page.heading
    assert kept(world) == []


def test_a_text_that_is_a_script_is_a_text(new_world: MakeWorld) -> None:
    world = new_world()
    page = upload(sign_in(world).visit(PAGE), SMALL, name="<b>.toml")
    assert "<script>alert(1)</script>" in page.text
    assert not page.soup.find_all("script")


def test_an_administrator_neither_reads_nor_writes_them(new_world: MakeWorld) -> None:
    world = new_world()
    sign_in(world, "administrator").visit(PAGE, status=403)
