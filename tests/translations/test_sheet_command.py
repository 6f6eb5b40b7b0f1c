"""`zugangscheck translations`: export, import, status."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from survey.cli import main
from survey.locale import TRANSLATIONS, languages
from tests.translations.sheets import (
    GERMAN,
)


def test_the_command_exports_and_takes_in(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in TRANSLATIONS.rglob("*.po")}
    run, file = CliRunner().invoke, str(tmp_path / "uk.xlsx")
    made = run(main, ["translations", "export", "uk", file])
    assert made.exit_code == 0, made.output
    nowhere = run(main, ["translations", "export", "uk", str(tmp_path / "none" / "x.xlsx")])
    assert nowhere.exit_code == 1
    assert "lässt sich nicht schreiben" in nowhere.output
    for options in (["--dry-run"], []):
        taken = run(main, ["translations", "import", file, *options])
        assert taken.exit_code == 0, taken.output
        assert "uk: " in taken.output
        assert ": 0 Texte neu oder geändert, 0 geprüft" in taken.output
    assert {path: path.read_bytes() for path in TRANSLATIONS.rglob("*.po")} == before


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    run, file = CliRunner().invoke, tmp_path / "no.xlsx"
    file.write_text("Guten Tag")
    for words, said in (
        (["import", str(file)], "keine XLSX-Datei"),
        (["import", str(tmp_path / "none.xlsx")], "lässt sich nicht lesen"),
        (["export", "tlh", str(file)], "Die Sprache tlh gibt es nicht"),
    ):
        answer = run(main, ["translations", *words])
        assert answer.exit_code == 1
        assert said in answer.output
    assert file.read_text() == "Guten Tag"


def test_the_command_shows_the_state() -> None:
    answer = CliRunner().invoke(main, ["translations", "status"])
    assert answer.exit_code == 0
    lines = [line.split() for line in answer.output.splitlines()]
    others = [code for code in languages() if code != "de"]
    assert [line[0] for line in lines if line[1] == "messages"] == others
    assert [line[0] for line in lines if line[1] == "desk"] == ["en"]
    assert [line[0] for line in lines if line[1].startswith("selbstcheck-2025")] == others
    assert GERMAN not in answer.output
