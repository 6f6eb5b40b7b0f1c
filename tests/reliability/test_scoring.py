"""Row 13: scoring is right on every sheet there is, and no changed token of it goes unnoticed."""

from __future__ import annotations

import ast
import sys
from itertools import islice
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import forms.scoring
from forms.definition import Questionnaire
from forms.loader import load
from tests.harness.form import STATEMENTS, all_sheets, expected
from tests.harness.mutants import module_of, mutants
from tests.harness.scores import score_by_command, with_blanks
from tests.world import selbstcheck

MOST_SECONDS = 15
SOURCE = Path(str(forms.scoring.__file__))
QUESTIONNAIRES = Path(__file__).parent.parent / "questionnaires"
OFF_BY_ONE = (sys.executable, "-m", "tests.harness.off_by_one", "score", "selbstcheck-2025")


def test_every_sheet_is_scored_as_the_form_says() -> None:
    scored = score_by_command(all_sheets())
    print(scored)
    assert scored.differences[:5] == []
    assert scored.sheets == 390_625
    assert scored.seconds < MOST_SECONDS


def test_sheets_with_blanks_are_refused_with_their_line() -> None:
    # Every 167th of the 1,679,616: all blanks and all answers appear in every place.
    scored = score_by_command(islice(with_blanks(), 0, None, 167))
    assert scored.differences[:5] == []
    assert scored.sheets > 10_000


def test_a_threshold_off_by_one_is_noticed() -> None:
    chance = Random(1)
    sheets = [tuple(chance.choice("12345") for _ in STATEMENTS) for _ in range(500)]
    assert score_by_command(sheets).differences == []
    assert score_by_command(sheets, OFF_BY_ONE).differences


# --- mutants ------------------------------------------------------------------------------------


def from_file(name: str) -> Questionnaire:
    """One of the tiny questionnaires."""
    return load(QUESTIONNAIRES / f"{name}.toml")


def fails(call: Any, *arguments: Any) -> tuple[str, str]:
    """The name and message of what a call raises."""
    try:
        call(*arguments)
    except Exception as error:  # whatever a mutant raises
        return type(error).__name__, str(error)
    return "nothing", ""


SHEETS = ("11111111", "55555555", "12345123", "54321543", "33333311", "11135555", "55511111",
          "55555511", "55515555", "22222223", "44444433", "11555555")  # fmt: skip

WEAK = {  # by hand: what the form's rule points out
    "11111111": (("language", "organisation", "sensitivity"), STATEMENTS),
    "55555555": ((), ()),
    "33333311": (("sensitivity",), ("q7", "q8")),
    "55515555": (("organisation",), ("q4",)),
    "11135555": (("language",), ("q1", "q2", "q3")),
    "44444433": (("language", "organisation", "sensitivity"), STATEMENTS),
}
HIDDEN_RED = {"11555555": (), "22255555": ("language",), "55511555": ("organisation",),
              "55555222": ("sensitivity",), "11155555": (), "11111111": ()}  # fmt: skip
NEIGHBOURS = {  # total: (colour below, distance), (colour above, distance)
    8: (None, ("yellow", 11)), 18: (None, ("yellow", 1)), 19: (("red", 1), ("green", 11)),
    29: (("red", 11), ("green", 1)), 30: (("yellow", 1), None), 40: (("yellow", 11), None),
}  # fmt: skip
TODOS = {"q1": ("TD-5", "TD-6", "TD-14"), "q8": ("TD-18", "TD-19")}


def sheet_of(digits: str) -> dict[str, str]:
    """Answers to the eight statements."""
    return dict(zip(STATEMENTS, digits, strict=True))


def check_selbstcheck(scoring: ModuleType, form: Questionnaire) -> None:
    """Points, colours, what is pointed out: against the form."""
    for digits in SHEETS:
        sheet = sheet_of(digits)
        found, right = scoring.score(form, sheet), expected(sheet)
        assert found.total == scoring.Points(right.total, 40)
        assert found.band == right.band
        points = {c.category: c.points for c in found.categories}
        assert points["language"] == scoring.Points(right.language, 15)
        assert points["organisation"] == scoring.Points(right.organisation, 10)
        assert points["sensitivity"] == scoring.Points(right.sensitivity, 15)
        told = scoring.advice(form, found)
        assert told.band == right.band
    for digits, (categories, questions) in WEAK.items():
        weak = scoring.weak(form, sheet_of(digits), scoring.score(form, sheet_of(digits)))
        assert weak == scoring.Weak(categories, questions), digits
    for digits, red in HIDDEN_RED.items():
        assert scoring.hidden_red(scoring.score(form, sheet_of(digits))) == red


def check_bands(scoring: ModuleType, form: Questionnaire) -> None:
    """Every threshold on both sides, and the way to the next colour."""
    bands: Any = form.bands
    for points, colour in [(8, "red"), (18, "red"), (19, "yellow"), (29, "yellow"), (30, "green"),
                           (40, "green")]:  # fmt: skip
        assert scoring.band(points, bands) == colour
    beyond = ("OutsideBands", "41 points; the last threshold is 40")
    assert fails(scoring.band, 41, bands) == beyond
    for total, sides in NEIGHBOURS.items():
        found = tuple(n and (n.band, n.distance) for n in scoring.neighbours(bands, total))
        assert found == sides


def check_refusals(scoring: ModuleType, form: Questionnaire) -> None:
    """What cannot be scored says which question and why."""
    sheet = sheet_of("33333333")
    blank = sheet | {"q2": "", "q7": ""}
    assert fails(scoring.score, form, blank) == ("Unanswered", "no answer to q2, q7")
    assert fails(scoring.score, form, {}) == ("Unanswered", f"no answer to {', '.join(STATEMENTS)}")
    off = ("OffScale", "q4: '6' is not one of 5, 4, 3, 2, 1")
    assert fails(scoring.score, form, sheet | {"q4": "6"}) == off
    listed = ("OffScale", "q4: '['3']' is not one of 5, 4, 3, 2, 1")
    assert fails(scoring.score, form, sheet | {"q4": ["3"]}) == listed
    assert issubclass(scoring.OffScale, scoring.ScoringError)
    assert scoring.OffScale("q4", "6", "5").question == "q4"
    assert scoring.Unanswered(iter(["q1"])).questions == ("q1",)
    assert scoring.Points(0, 0).share == 0
    assert scoring.Points(1, 2).share == 0.5


def check_uneven(scoring: ModuleType, uneven: Questionnaire) -> None:
    """Weights, scales of different length, categories without colours, zero points."""
    low = scoring.score(uneven, {"a": "2", "b": "0", "c": "0"})
    assert (low.total, low.band) == (scoring.Points(2, 12), "red")
    assert [(c.category, c.points.reached, c.points.possible, c.band) for c in low.categories] == [
        ("small", 2, 4, "green"), ("large", 0, 8, None)
    ]  # fmt: skip
    weak = scoring.weak(uneven, {"a": "2", "b": "0", "c": "0"}, low)
    assert weak == scoring.Weak(("large",), ("b", "c"))
    sheet = {"a": "2", "b": "0", "c": "4"}
    high = scoring.score(uneven, sheet)
    assert high.band == "green"
    # Half of each: neither category nor long scale is nearer than the other.
    assert scoring.weak(uneven, sheet, high) == scoring.Weak(("small", "large"), ("b", "c"))


def check_edges(scoring: ModuleType, uneven: Questionnaire) -> None:
    """Statements worth nothing at all, and sheets with a gap."""
    full = {"a": "2", "b": "2", "c": "8"}
    words = uneven.model_dump()
    for option in words["scales"][1]["options"]:
        option["points"] = 0
    worthless = Questionnaire.model_validate(words)
    result = scoring.score(worthless, full)
    assert (result.total, result.band) == (scoring.Points(4, 4), "red")
    assert scoring.weak(worthless, full, result).questions == ("a", "b", "c")
    low = scoring.score(uneven, {"a": "0", "b": "0", "c": "4"})
    assert scoring.weak(uneven, {"a": "0", "c": "4"}, low).questions == ("a", "b")
    assert scoring.weak(uneven, {"a": "2", "c": "4"}, low).questions == ("b",)


def check_plain(scoring: ModuleType, naughty: Questionnaire, form: Questionnaire) -> None:
    """A scored questionnaire without thresholds has points, no colour and no advice."""
    found = scoring.score(naughty, {"q": "b"})
    assert (found.total, found.band, found.categories) == (scoring.Points(2, 2), None, ())
    assert scoring.advice(naughty, found) is None
    assert scoring.weak(naughty, {"q": "b"}, found) == scoring.Weak((), ())
    todos = scoring.todos(form, ("q1", "q8", "next_steps"))
    assert {q: tuple(t.id for t in found) for q, found in todos.items()} == TODOS


def noticed(scoring: ModuleType) -> bool:
    """Whether the table above tells a module from the right one."""
    form = selbstcheck()
    try:
        check_bands(scoring, form)
        check_selbstcheck(scoring, form)
        check_refusals(scoring, form)
        check_uneven(scoring, from_file("uneven"))
        check_edges(scoring, from_file("uneven"))
        check_plain(scoring, from_file("naughty"), form)
    except Exception:  # a mutant may fail in any way
        return True
    return False


EQUIVALENT = {
    # Stands for "no answer"; any text does that is no option's code.
    "question: _share(table, str(answers.get(question, \"\"))) | '' otherwise",
}


def test_the_table_accepts_the_module_itself() -> None:
    assert not noticed(forms.scoring)
    copy = module_of(ast.parse(SOURCE.read_text(encoding="utf-8")), "scoring_copy")
    assert copy is not None
    assert not noticed(copy)


def test_no_mutant_survives() -> None:
    made = list(mutants(SOURCE, "scoring_mutant"))
    survivors = [told for told, module in made if module is not None and not noticed(module)]
    print(f"{len(made)} mutants, {len(survivors)} survivors, {len(EQUIVALENT)} equivalent")
    assert len(made) > 60
    assert set(survivors) == EQUIVALENT
