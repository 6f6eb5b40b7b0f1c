"""Sheets by chance for surveys, kept as they were handed in, and what may be said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from analysis.evaluation.sections import WITHHELD, Cell, Level
from survey.waves import add_branch_link
from tests.analysis.surveys import asked, entry, hand_in, handle_of, unit_code, unseal
from tests.analysis.test_evaluation_survey import close
from tests.world import LINK_KEY, World

AUDIENCES = {"Ämter": "office", "Vereine": "association", "Träger": "provider"}
UNITS = {
    "office": ("10", "20", "30"),
    "association": tuple(f"V{n}" for n in range(1, 8)),
    "provider": ("T1", "T2", "T3"),
}
RATED = ("front", "back", "side")
FEW = 5
Answers = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was handed in."""

    audience: str
    unit: str
    answers: Answers

    def entries(self) -> list[Answers]:
        """The answers of each entry by plain key."""
        found: dict[str, Answers] = {}
        for key, value in self.answers.items():
            plain, at, name = key.partition("@")
            if at:
                found.setdefault(name, {})[plain] = value
        return [found[name] for name in sorted(found)]


@dataclass
class Truth:
    """What the sheets say, and how many numbers were compared with it."""

    sheets: Sequence[Sheet]
    anonymous: bool
    level: Level
    shown: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)

    def of(self, title: str) -> list[Sheet]:
        """The sheets of the audiences a title names."""
        audiences = {AUDIENCES[name] for name in title.split(" + ")}
        return [sheet for sheet in self.sheets if sheet.audience in audiences]

    def whole(self, title: str) -> bool:
        """Whether everything may be shown of them."""
        return not self.anonymous and self.level != "public" and title == "Ämter"

    def check(self, cell: Cell, number: float | None, behind: int, title: str, what: str) -> None:
        """A cell shows the number over so many sheets, or nothing where it may be withheld."""
        where = (what, title, self.level, cell, number, behind)
        if cell is WITHHELD:
            assert not self.whole(title), where
            self.hidden[what] += 1
            return
        self.shown[what] += 1
        if number is None or cell is None:
            assert cell is number, where
            return
        assert isinstance(cell, int | float), where
        near = 1e-9 if self.whole(title) or isinstance(number, int) else 0.05 + 1e-9
        assert abs(cell - number) <= near, where
        assert self.whole(title) or behind == 0 or behind >= FEW, where


def named_sheets(world: World, chance: Random) -> list[Sheet]:
    """Hand in sheets of some units, a few of them with a further sheet of a branch; then close."""
    places = places_of(world)
    sheets = []
    for audience, units in UNITS.items():
        for code in chance.sample(units, chance.randint(0, len(units))):
            links = [handle_of(world, code)]
            if chance.random() < 0.3:
                links.append(_branch(world, links[0]))
            for link in links:
                sheets.append(Sheet(audience, code, some_sheet(chance, audience, places)))
                hand_in(world, link, sheets[-1].answers)
    close(world)
    return sheets


def _branch(world: World, first: str) -> str:
    return world.database.write(lambda c: add_branch_link(c, first, "Zweig", LINK_KEY))


def anonymous_sheets(world: World, chance: Random) -> list[Sheet]:
    """Put sheets into an anonymous wave that is over."""
    places = places_of(world)
    sheets = [
        Sheet(audience, "", some_sheet(chance, audience, places))
        for audience in UNITS
        for _ in range(chance.choice((0, 2, 5, 9, 25)))
    ]
    unseal(world, [(sheet.audience, sheet.answers) for sheet in sheets])
    return sheets


def places_of(world: World) -> list[str]:
    """Where a barrier may be."""
    return ["whole", "unsure", *(unit_code(world, code) for code in ("10", "20", "10.1"))]


def some_sheet(chance: Random, audience: str, places: list[str]) -> Answers:
    """The answers of one sheet, never none at all."""
    answers: Answers = {
        question: chance.choice(("5", "5", "3", "1", "unknown"))
        for question in RATED
        if chance.random() < 0.85
    }
    for number in range(1, chance.choice((1, 2, 2, 4))):
        given: Answers = {"what": f"Stufe {number}"} if chance.random() < 0.8 else {}
        if chance.random() < 0.8:
            given["place"] = sorted(chance.sample(places, chance.choice((1, 1, 2))))
        if chance.random() < 0.8 or not given:
            given["kind"] = chance.choice(("doors", "doors", "none"))
        answers |= entry(number, **given)
    if chance.random() < 0.6 or not answers:
        answers["better"] = "die Rampe"
    if audience == "office" and chance.random() < 0.5:
        answers["own_steps"] = "ein Geländer"
    return answers


@pytest.mark.parametrize(("audience", "variant"), [("office", "inside"), ("provider", "outside")])
def test_sheets_by_chance_answer_what_was_asked(audience: str, variant: str) -> None:
    known = set(asked(variant, "named").questionnaire.questions)
    for seed in range(200):
        sheet = Sheet(audience, "", some_sheet(Random(seed), audience, ["whole", "unsure"]))
        assert sheet.answers
        assert {key.partition("@")[0] for key in sheet.answers} <= known
        assert all(sheet.entries())
