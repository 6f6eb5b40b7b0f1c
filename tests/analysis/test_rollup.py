"""The roll-up over the unit tree, as trees drawn by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from analysis.rollup import Mean, Node, Rollup, Unit, rolled

HIDDEN = "hidden"
Beneath = tuple[float, int] | str | None
"""Mean total and units; HIDDEN where only small units are beneath; None where nothing is."""


@dataclass(frozen=True)
class Drawn:
    """A tree, a line a unit: depth by dots, code, then „=points", „*staff" and „xsheets".

    A capital G is a Geschäftsbereich, A an Amt, everything in small letters a smaller unit.
    """

    lines: str
    closed: bool = True
    units: list[Unit] = field(default_factory=list)
    sheets: dict[int, Mapping[str, float]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        above: list[int] = []
        for number, line in enumerate(self.lines.split(), 1):
            depth = len(line) - len(line.lstrip("."))
            code, *facts = (
                line.lstrip(".").replace("=", " =").replace("*", " *").replace("x", " x").split()
            )
            del above[depth:]
            kind = {"G": "geschaeftsbereich", "A": "amt"}.get(code[0], "abteilung")
            said = {fact[0]: fact[1:] for fact in facts}
            self.units.append(
                Unit(
                    number,
                    code,
                    code,
                    kind,
                    above[-1] if above else None,
                    int(said["*"]) if "*" in said else None,
                    named=kind != "abteilung",
                )
            )
            above.append(number)
            if "=" in said:
                self.sheets[number] = {"@total": float(said["="])}
                self.numbers[number] = int(said.get("x", 1))

    def rollup(self) -> Rollup:
        return rolled(self.units, self.sheets, self.numbers, closed=self.closed)


def beneath(node: Node | None) -> Beneath:
    assert node is not None
    return HIDDEN if node.withheld and node.beneath is None else mean(node.beneath)


def mean(found: Mean | None) -> tuple[float, int] | None:
    return (found.points["@total"], found.units) if found else None


FIVE = " ".join(f"..a{n}={n}" for n in range(1, 6))
FOUR = " ".join(f"..a{n}={n}" for n in range(1, 5))


@pytest.mark.parametrize(
    ("tree", "city", "rows"),
    [
        pytest.param("", None, {}, id="nothing"),
        pytest.param("A1", None, {"A1": None}, id="nobody answered"),
        pytest.param("A1=8", (8, 1), {"A1": None}, id="one sheet"),
        pytest.param(
            "G1 .A1=8 .A2=16 G2 .A3=40",
            (64 / 3, 3),
            {"G1": (12, 2), "G2": (40, 1)},
            id="groups are looked through",
        ),
        pytest.param(
            "G1=40 .A1=8 .A2=16",
            (12, 2),
            {"G1": (12, 2)},
            id="a group's own sheet stands beside its offices",
        ),
        pytest.param("G1=40 .A1 A2=8", (24, 2), {"G1": None}, id="a group alone counts itself"),
        pytest.param(
            "G1 .G2 ..A1=8 ..A2=16 .A3=36",
            (20, 3),
            {"G1": (20, 3), "G2": (12, 2)},
            id="groups in groups: offices still count once each",
        ),
        pytest.param(
            "A1=40 .A2=8 .A3=16",
            (40, 1),
            {"A1": (12, 2)},
            id="parent and children are never added",
        ),
        pytest.param(
            "A1 .A2=8 .A3=16 A4=30",
            (21, 2),
            {"A1": (12, 2)},
            id="without its own sheet the mean beneath counts",
        ),
        pytest.param(
            "A1 .A2 ..A3 ...A4 ....A5=10",
            (10, 1),
            {"A1": (10, 1), "A4": (10, 1), "A5": None},
            id="deep",
        ),
        pytest.param(
            f"A0 .A1 {FIVE}", (3, 1), {"A1": (3, 5), "A0": (3, 1)}, id="five small sheets"
        ),
        pytest.param(f"A1 {FOUR}".replace("..", "."), None, {"A1": HIDDEN}, id="four small sheets"),
        pytest.param(
            "A1 .a1=1 .a2=2x4", (1.5, 1), {"A1": (1.5, 2)}, id="sheets are counted, not units"
        ),
        pytest.param(
            "A1 .a1=1 .a2=2 .A2=30",
            (30, 1),
            {"A1": (30, 1)},
            id="too few small ones are left out beside the named one",
        ),
        pytest.param(
            "A1 .a1 ..b1=1 ..b2=2 ..b3=3 .a2 ..b4=4 ..b5=6",
            (3.5, 1),
            {"A1": (3.5, 2)},
            id="what is shown nowhere hides nothing by itself",
        ),
        pytest.param(
            "A1 .a1=9 ..b1=1 ..b2=2 ..b3=3 ..b4=4 ..b5=5",
            None,
            {"A1": HIDDEN},
            id="a small unit's own sheet is one, whatever lies below it",
        ),
        pytest.param(
            "a1=1 A1=8 A2=16", (12, 2), {}, id="a small unit without parent is not in the city"
        ),
        pytest.param(
            "G1 .A1=8 .a1=40", (8, 1), {"G1": (8, 1)}, id="nor one directly beneath a group"
        ),
        pytest.param(
            "G1 .A1=7 .a1=1 .a2=1 .a3=1 .a4=1 .a5=1 G2 .A2=9 .a6=40",
            (3, 7),
            {"G1": (2, 6), "G2": (9, 1)},
            id="what one row leaves out cannot be had from another",
        ),
        pytest.param("a1=1 a2=1 a3=1 a4=1 a5=1 A1=7", (2, 6), {}, id="five without parent are"),
    ],
)
def test_worked_examples(tree: str, city: Beneath, rows: dict[str, Beneath]) -> None:
    drawn = Drawn(tree)
    found = drawn.rollup()
    assert mean(found.city) == (pytest.approx(city) if city else None)
    by_code = {node.unit.code: node for node in found.nodes}
    assert {code: beneath(by_code[code]) for code in rows} == rows
    assert all(node.unit.named for node in found.nodes)


@pytest.mark.parametrize("tree", [f"A1 {FIVE}".replace("..", "."), "a1=1 a2=1 a3=1 a4=1 a5=1 A1=7"])
def test_small_units_count_only_when_nobody_can_answer_any_more(tree: str) -> None:
    still_open = Drawn(tree, closed=False).rollup()
    named_only = Drawn(" ".join(w for w in tree.split() if "a" not in w)).rollup()
    assert mean(still_open.city) == mean(named_only.city)
    assert mean(Drawn(tree).rollup().city) != mean(still_open.city)


@pytest.mark.parametrize(
    ("tree", "plain", "weighted", "staffed"),
    [
        ("A1=10*100 A2=40*50", 25, 20, 2),
        ("A1=10*100 A2=40", 25, 10, 1),
        ("A1=10 A2=40", 25, None, 0),
        ("G1*999 .A1=10*100 .A2=40*50", 25, 20, 2),
        # Its own staff weighs an Amt, whoever answered in its place.
        ("A1*30 .A2=10 .A3=20 A4=40*10", 27.5, (15 * 30 + 40 * 10) / 40, 2),
        # One small unit with a number of staff would stand there alone.
        ("a1=1*7 a2=2 a3=3 a4=4 a5=5 A1=9*1", 4, 9, 1),
    ],
)
def test_weighted_by_staff(tree: str, plain: float, weighted: float | None, staffed: int) -> None:
    city = Drawn(tree).rollup().city
    assert city is not None
    assert city.points["@total"] == plain
    assert (city.weighted or {}).get("@total") == weighted
    assert city.staffed == staffed


def test_levels_order_and_who_is_behind_a_mean() -> None:
    found = Drawn("G1 .A1=8 .A2 ..A3=1 ..A4=3 A5=5").rollup()
    told = [(node.unit.code, node.level) for node in found.nodes]
    assert told == [("G1", 0), ("A1", 1), ("A2", 1), ("A3", 2), ("A4", 2), ("A5", 0)]
    assert found.city is not None
    assert found.city.behind == {2, 4, 5, 6}
    assert (found.city.units, found.city.sheets) == (3, 4)
    assert found.node(3) is not None
    assert found.node(99) is None


@pytest.mark.parametrize(
    "parents",
    [{1: 2, 2: 1}, {1: 2, 2: 3, 3: 1}, {1: 1}, {1: 2, 2: 1, 3: 2, 4: 77}],
    ids=["two", "three", "itself", "and a branch of it"],
)
def test_a_circle_of_parents_loses_nobody(parents: dict[int, int]) -> None:
    units = [Unit(n, f"A{n}", f"A{n}", "amt", parents.get(n)) for n in range(1, 5)]
    found = rolled(units, {4: {"@total": 9.0}, 1: {"@total": 3.0}}, {4: 1, 1: 1}, closed=True)
    assert sorted(node.unit.id for node in found.nodes) == [1, 2, 3, 4]
    assert found.city is not None
    assert found.city.behind <= {1, 4}
    assert 4 in found.city.behind


def test_a_tree_as_deep_as_it_is_large() -> None:
    depth = 200
    units = [Unit(n, f"{n:03}", f"{n}", "amt", n - 1 or None) for n in range(1, depth + 1)]
    found = rolled(units, {depth: {"@total": 9.0}}, {depth: 1}, closed=True)
    assert found.city is not None
    assert found.city.points == {"@total": 9.0}
    assert found.nodes[-1].level == depth - 1


def test_questions_not_everybody_has_are_averaged_over_those_who_have_them() -> None:
    units = [Unit(1, "A1", "A1", "amt"), Unit(2, "A2", "A2", "amt")]
    found = rolled(units, {1: {"q1": 2.0, "q2": 5.0}, 2: {"q1": 4.0}}, {1: 1, 2: 1}, closed=True)
    assert found.city is not None
    assert found.city.points == {"q1": 3.0, "q2": 5.0}


@pytest.mark.parametrize(
    ("points", "shown"),
    [((8,) * 5, False), ((9, 8, 8, 8, 8), False), ((40,) * 5, False), ((8, 8, 24, 40, 40), True)],
)
def test_small_units_at_an_end_of_the_scale_are_left_out(
    points: tuple[int, ...], shown: bool
) -> None:
    drawn = Drawn("A1 " + " ".join(f".a{n}={p}" for n, p in enumerate(points)) + " .A2=30")
    ends = {"@total": (8, 40)}
    found = rolled(drawn.units, drawn.sheets, drawn.numbers, closed=True, ends=ends).node(1)
    assert found is not None
    assert found.withheld == (not shown)
    assert mean(found.beneath) == ((sum(points) + 30) / 6, 6) if shown else (30, 1)
