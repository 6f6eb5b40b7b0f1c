"""The `zugangscheck` command in processes of its own, and `score` as a table."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from survey.cli import main
from survey.scoring_file import HeaderError, score_file
from survey.tables import account, tally, unit
from tests.conftest import MakeWorld
from tests.forms.questionnaires import FOLDER, tiny
from tests.survey.test_units import CITY
from tests.survey.walks import MIDDLE, hand_in, rows
from tests.world import LINK_KEY, SECRET_KEY, World, selbstcheck

HEADER = "q1,q2,q3,q4,q5,q6,q7,q8"


def run(
    *words: str | Path, world: World | None = None, given: str | bytes = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command; settings of the world, or none at all."""
    settings = {"PATH": os.environ["PATH"], "INSTANCE_PATH": "/nonexistent"}
    if world is not None:
        settings |= {
            "DATABASE_URL": world.config.database_url,
            "SECRET_KEY": SECRET_KEY,
            "LINK_KEY": LINK_KEY,
            "PUBLIC_URL": "https://check.example",
        }
    answer = subprocess.run(
        [sys.executable, "-c", "from survey.cli import main; main()", *map(str, words)],
        cwd=Path(__file__).parent.parent.parent,
        input=given.encode() if isinstance(given, str) else given,
        env=settings,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return subprocess.CompletedProcess(
        answer.args, answer.returncode, answer.stdout.decode(), answer.stderr.decode()
    )


def scored(text: str, name: str = "selbstcheck-2025") -> tuple[str, list[str], int]:
    """What `score` writes, complains about, and how many rows it refuses."""
    questionnaire = selbstcheck() if name == "selbstcheck-2025" else tiny(name)
    target, complaints = io.StringIO(), io.StringIO()
    refused = score_file(questionnaire, io.StringIO(text), target, complaints)
    return target.getvalue(), complaints.getvalue().splitlines(), refused


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"{HEADER}\n1,1,1,1,1,1,1,1\n", "1,1,1,1,1,1,1,1,3,2,3,8,red"),
        (f"{HEADER}\n3,2,2,3,2,3,2,2\n", "3,2,2,3,2,3,2,2,7,5,7,19,yellow"),
        (f"{HEADER}\n4,4,4,3,4,4,3,4\n", "4,4,4,3,4,4,3,4,12,7,11,30,green"),
        # Any order, any further columns, spaces round a number.
        (
            "unit,q8,q7,q6,q5,q4,q3,q2,q1,note\nAmt,5,1,1,1,1,1,1, 1 ,a\n",
            "Amt,5,1,1,1,1,1,1, 1 ,a,3,2,7,12,red",
        ),
        # As a German Excel writes it.
        (
            f"\ufeff{HEADER.replace(',', ';')}\r\n5;5;5;5;5;5;5;5\r\n",
            "5;5;5;5;5;5;5;5;15;10;15;40;green",
        ),
        (f'{HEADER},x\n1,1,1,1,1,1,1,1,"a,""b"\n', '1,1,1,1,1,1,1,1,"a,""b",3,2,3,8,red'),
    ],
)
def test_a_sheet_is_scored(text: str, written: str) -> None:
    target, complaints, refused = scored(text)
    assert target.splitlines()[1] == written
    assert (complaints, refused) == ([], 0)


def test_the_new_columns_come_last() -> None:
    target, _, _ = scored(f"unit,{HEADER}\n")
    assert target == f"unit,{HEADER},language,organisation,sensitivity,total,band\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("6,1,1,1,1,1,1,1", "line 3: q1: '6' is not one of 5, 4, 3, 2, 1"),
        ("1,1,x,1,1,1,1,1", "line 3: q3: 'x' is not one of 5, 4, 3, 2, 1"),
        ("1,1,,1,1,1,1,", "line 3: no answer to q3, q8"),
        ("1,1,1", "line 3: 3 columns, the header has 8"),
        ("1,1,1,1,1,1,1,1,1", "line 3: 9 columns, the header has 8"),
    ],
)
def test_a_bad_row_is_named_and_the_others_scored(row: str, said: str) -> None:
    good = "1,1,1,1,1,1,1,1"
    target, complaints, refused = scored(f"{HEADER}\n{good}\n{row}\n{good}\n")
    assert (complaints, refused) == ([said], 1)
    assert len(target.splitlines()) == 3


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "line 1: no column q1, q2, q3, q4, q5, q6, q7, q8; expected q1,q2"),
        ("q1,q2,q3,q4,q5,q6,q7", "line 1: no column q8; expected q1,q2"),
        (f"{HEADER},q1", "line 1: column q1 stands twice; remove one"),
        (f"{HEADER},total", "line 1: column total would be overwritten; rename it"),
        (f"{HEADER},language,band", "line 1: column language, band would be overwritten"),
    ],
)
def test_a_header_that_does_not_fit(header: str, said: str) -> None:
    with pytest.raises(HeaderError, match=said):
        scored(f"{header}\n1,1,1,1,1,1,1,1\n")


def test_another_questionnaire_is_scored_by_its_own_codes() -> None:
    target, complaints, _ = scored("patience,seats,queue\nd,always,never\na,x,never\n", "counter")
    assert target == "patience,seats,queue,total,band\nd,always,never,9,\n"
    assert complaints == ["line 3: seats: 'x' is not one of never, sometimes, always"]


def test_score_from_the_command_line() -> None:
    rows_given = "1,1,1,1,1,1,1,1,ö\n9,1,1,1,1,1,1,1,ü\n"
    answer = run("score", "selbstcheck-2025", given=f"{HEADER},ä\n{rows_given}")
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[1] == "1,1,1,1,1,1,1,1,ö,3,2,3,8,red"
    assert answer.stderr.splitlines()[0].startswith("line 3: q1: '9'")
    assert answer.stderr.splitlines()[1] == "1 rows refused"


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("score", "unknown"), "", "no questionnaire 'unknown'; known: selbstcheck-2025"),
        (("score", "selbstcheck-2025"), "", "line 1: no column q1"),
        (("questionnaire", "check", "none.toml"), "", "none.toml: cannot be read"),
        (("units", "import", "none.csv"), "", "none.csv: cannot be read"),
        (("links", "x"), "", "SECRET_KEY: missing or shorter than 32 characters"),
        (("serve",), "", "SECRET_KEY: missing"),
    ],
)
def test_a_mistake_is_one_line_and_exit_status_1(
    words: tuple[str, ...], given: str, said: str
) -> None:
    answer = run(*words, given=given)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_help_lists_every_command() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    for name, command in main.commands.items():
        assert name in text
        assert command.help, name
        if isinstance(command, click.Group):
            nested = CliRunner().invoke(main, [name, "--help"]).output
            assert all(each in nested for each in command.commands), name


def test_a_questionnaire_is_checked(tmp_path: Path) -> None:
    answer = run("questionnaire", "check", FOLDER / "uneven.toml")
    assert answer.returncode == 0
    assert "uneven.toml: good" in answer.stdout
    assert "category small: questions a, b; 4 points" in answer.stdout
    assert "total 0 to 12: red to 5, green to 12" in answer.stdout
    broken = tmp_path / "broken.toml"
    broken.write_text('id = "x"\n', encoding="utf-8")
    answer = run("questionnaire", "check", broken)
    assert answer.returncode == 1
    assert "broken.toml: title: missing; add it" in answer.stderr
    assert "broken.toml: sections: missing; add it" in answer.stderr


def test_a_barrier_questionnaire_is_summarised_by_what_it_asks_whom() -> None:
    answer = run("questionnaire", "check", FOLDER / "barriers.toml")
    assert answer.stdout.splitlines() == [
        "barriers.toml: good",
        "  barriers, version 1: Stufen",
        "  4 sections, 9 questions, 0 scored, 3 rated",
        "  variant inside: 4 sections, 9 questions in a named wave (für Ämter)",
        "  variant outside: 4 sections, 8 questions in a named wave (für Vereine)",
        "  section stufen: 3 questions an entry, at most 4 entries",
        "  section nennen: only in named waves",
        "  category doors: ratings front, back, side; mean red below 2.3333, yellow below 3.6667,"
        " else green if 50% are rated (provisional)",
    ]


def test_units_accounts_links_and_tally(new_world: MakeWorld) -> None:
    world = new_world()
    answer = run("units", "import", CITY, "--check", world=world)
    assert answer.returncode == 0, answer.stderr
    assert rows(world, unit) == []
    answer = run("units", "import", CITY, "--kinds", "amt,eigenbetrieb", world=world)
    kinds = {row["kind"] for row in rows(world, unit)}
    assert kinds == {"amt", "eigenbetrieb"}
    assert "added" in answer.stdout
    answer = run("account", "add", "neue", "--role", "administrator", world=world)
    assert answer.stdout.startswith("user neue password ")
    assert [row["role"] for row in rows(world, account)] == ["administrator"]
    assert run("account", "add", "neue", "--role", "administrator", world=world).returncode == 1
    assert run("account", "revoke", "neue", world=world).stdout == "0 sessions ended\n"
    assert "no account 'nobody'" in run("account", "password", "nobody", world=world).stderr


def test_links_of_a_wave(world: World) -> None:
    lines = run("links", "selbstcheck-2026", world=world).stdout.splitlines()
    link = f"https://check.example{world.link(world.handles[0])}"
    assert lines[0] == f"10\tAmt Zehn\t{link}"
    assert len(lines) == 4
    assert run("links", "unknown", world=world).returncode == 1


def test_tally_verify_finds_a_planted_wrong_count(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    answer = run("tally", "verify", world=world)
    assert (answer.returncode, answer.stdout) == (0, "0 differences\n")
    world.database.write(
        lambda c: c.execute(update(tally).where(tally.c.question == "q1").values(count=2))
    )
    answer = run("tally", "verify", world=world)
    assert answer.returncode == 1
    assert "'q1', '3'): kept 2, counted 1" in answer.stdout
    assert run("tally", "rebuild", world=world).returncode == 0
    assert run("tally", "verify", world=world).returncode == 0


def test_the_csv_of_the_desk_can_be_scored_again(world: World) -> None:
    page = hand_in(world, world.handles[0], MIDDLE)
    sheet = ",".join(MIDDLE.values())
    answer = run("score", "selbstcheck-2025", given=f"{HEADER}\n{sheet}\n")
    [row] = csv.DictReader(io.StringIO(answer.stdout))
    assert row["total"] == page.one("[data-total]")["data-total"]
