"""Points, colours, and what is pointed out: tables with their boundaries."""

from __future__ import annotations

import pytest

from forms.definition import Answers
from forms.scoring import (
    OffScale,
    OutsideBands,
    Unanswered,
    Weak,
    advice,
    band,
    hidden_red,
    neighbours,
    score,
    todos,
    weak,
)
from tests.forms.questionnaires import tiny
from tests.world import selbstcheck

CHECK = selbstcheck()


def sheet(digits: str) -> Answers:
    """Answers to questions 1 to 8 from eight digits."""
    return {f"q{number}": digit for number, digit in enumerate(digits, 1)}


@pytest.mark.parametrize(
    ("total", "colour"),
    [(8, "red"), (18, "red"), (19, "yellow"), (29, "yellow"), (30, "green"), (40, "green")],
)
def test_the_colour_of_a_total(total: int, colour: str) -> None:
    assert CHECK.bands
    assert band(total, CHECK.bands) == colour


def test_no_colour_beyond_the_scale() -> None:
    assert CHECK.bands
    with pytest.raises(OutsideBands, match="41 points; the last threshold is 40"):
        band(41, CHECK.bands)


@pytest.mark.parametrize(
    ("digits", "points", "colours", "total", "colour"),
    [
        ("11111111", (3, 2, 3), ("red", "red", "red"), 8, "red"),
        ("22222222", (6, 4, 6), ("red", "red", "red"), 16, "red"),
        ("32222322", (7, 4, 7), ("yellow", "red", "yellow"), 18, "red"),
        ("32232322", (7, 5, 7), ("yellow", "yellow", "yellow"), 19, "yellow"),
        ("34434434", (11, 7, 11), ("yellow", "yellow", "yellow"), 29, "yellow"),
        ("44434434", (12, 7, 11), ("green", "yellow", "yellow"), 30, "green"),
        ("44444444", (12, 8, 12), ("green", "green", "green"), 32, "green"),
        ("55555555", (15, 10, 15), ("green", "green", "green"), 40, "green"),
        ("12345123", (6, 9, 6), ("red", "green", "red"), 21, "yellow"),
    ],
)
def test_the_score_of_a_sheet(
    digits: str,
    points: tuple[int, ...],
    colours: tuple[str, ...],
    total: int,
    colour: str,
) -> None:
    result = score(CHECK, sheet(digits))
    assert tuple(c.points.reached for c in result.categories) == points
    assert tuple(c.band for c in result.categories) == colours
    assert tuple(c.points.possible for c in result.categories) == (15, 10, 15)
    assert (result.total.reached, result.total.possible, result.band) == (total, 40, colour)


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, tuple(f"q{n}" for n in range(1, 9))),
        ({**sheet("11111111"), "q4": ""}, ("q4",)),
        ({k: v for k, v in sheet("11111111").items() if k not in ("q1", "q8")}, ("q1", "q8")),
    ],
)
def test_a_blank_sheet_has_no_score(answers: Answers, missing: tuple[str, ...]) -> None:
    with pytest.raises(Unanswered) as raised:
        score(CHECK, answers)
    assert raised.value.questions == missing


@pytest.mark.parametrize("answer", ["0", "6", "05", " 5", "fünf", "5.0", ["5"]])
def test_an_answer_off_the_scale_is_refused(answer: str | list[str]) -> None:
    with pytest.raises(OffScale, match=r"^q3: .* is not one of 5, 4, 3, 2, 1$"):
        score(CHECK, {**sheet("11111111"), "q3": answer})


ALL = tuple(f"q{n}" for n in range(1, 9))
FIELDS = ("language", "organisation", "sensitivity")


@pytest.mark.parametrize(
    ("digits", "categories", "questions"),
    [
        # Red and yellow: the lowest, all of them where several are equally low.
        ("11111111", FIELDS, ALL),
        ("12222222", ("language",), ("q1",)),
        ("33333333", FIELDS, ALL),
        ("22233333", ("language",), ("q1", "q2", "q3")),
        # 6 of 10 are fewer points than 7 of 15, but the greater share.
        ("33233322", ("sensitivity",), ("q3", "q7", "q8")),
        # 6 of 15 and 4 of 10 are equally low.
        ("22222222", FIELDS, ALL),
        # Green: whatever misses the highest.
        ("55555555", (), ()),
        ("55555554", ("sensitivity",), ("q8",)),
        ("45455555", ("language",), ("q1", "q3")),
        ("44444444", FIELDS, ALL),
    ],
)
def test_what_is_pointed_out(
    digits: str, categories: tuple[str, ...], questions: tuple[str, ...]
) -> None:
    answers = sheet(digits)
    assert weak(CHECK, answers, score(CHECK, answers)) == Weak(categories, questions)


def test_scales_of_unequal_length_are_compared_by_their_share() -> None:
    uneven = tiny("uneven")
    answers = {"a": "2", "b": "0", "c": "0"}
    assert weak(uneven, answers, score(uneven, answers)) == Weak(("large",), ("b", "c"))
    answers = {"a": "2", "b": "2", "c": "4"}
    assert weak(uneven, answers, score(uneven, answers)) == Weak(("large",), ("c",))


def test_without_advice_nothing_is_pointed_out() -> None:
    counter = tiny("counter")
    answers = {"queue": "never", "seats": "always", "patience": "d"}
    result = score(counter, answers)
    assert (result.total.reached, result.total.possible, result.band) == (9, 11, None)
    assert result.categories == ()
    assert weak(counter, answers, result) == Weak((), ())
    assert advice(counter, result) is None


@pytest.mark.parametrize(
    ("digits", "hidden"),
    [
        ("55555222", ("sensitivity",)),  # 31 points, green; 6 of 15, red
        ("55555322", ()),  # 7 of 15, yellow
        ("55522555", ("organisation",)),
        ("55555111", ()),  # 28 points: a yellow total hides nothing
        ("55555555", ()),
    ],
)
def test_a_green_total_does_not_hide_a_red_category(digits: str, hidden: tuple[str, ...]) -> None:
    result = score(CHECK, sheet(digits))
    assert hidden_red(result) == hidden


@pytest.mark.parametrize(
    ("total", "below", "above"),
    [
        (8, None, ("yellow", 11)),
        (18, None, ("yellow", 1)),
        (19, ("red", 1), ("green", 11)),
        (29, ("red", 11), ("green", 1)),
        (30, ("yellow", 1), None),
        (40, ("yellow", 11), None),
    ],
)
def test_how_near_the_next_colour_is(
    total: int, below: tuple[str, int] | None, above: tuple[str, int] | None
) -> None:
    assert CHECK.bands
    found = neighbours(CHECK.bands, total)
    assert tuple(n and (n.band, n.distance) for n in found) == (below, above)


def test_the_advice_is_the_forms_own_for_the_colour() -> None:
    for digits, beginning in [("11111111", "Rot"), ("33333333", "Gelb"), ("55555555", "Grün")]:
        said = advice(CHECK, score(CHECK, sheet(digits)))
        assert said
        assert said.text.startswith(f"{beginning} ")


def test_the_to_do_list_for_a_question() -> None:
    assert [t.id for t in todos(CHECK, ["q2"])["q2"]] == ["TD-2", "TD-3", "TD-7", "TD-10"]
    assert todos(tiny("counter"), ["queue"]) == {}


def test_shares() -> None:
    result = score(CHECK, sheet("55511111"))
    assert [c.points.share for c in result.categories] == [1.0, 0.2, 0.2]
