"""The shipped questionnaire is the form of May 2025: counted, not retyped."""

from __future__ import annotations

from itertools import chain

from tests.world import selbstcheck

CHECK = selbstcheck()


def test_eight_statements_with_the_forms_numbers() -> None:
    assert list(CHECK.scored) == [f"q{number}" for number in range(1, 9)]
    assert [q.number for q in CHECK.scored.values()] == list("12345678")


def test_five_answers_from_five_to_one_points() -> None:
    for question in CHECK.scored.values():
        options = CHECK.options(question)
        assert [option.points for option in options] == [5, 4, 3, 2, 1]
        assert [option.code for option in options] == list("54321")


def test_totals_from_8_to_40_in_three_categories() -> None:
    most = {q: CHECK.most_points(q) for q in CHECK.scored}
    assert (CHECK.least_total, sum(most.values())) == (8, 40)
    assert {c: sum(most[q] for q in members) for c, members in CHECK.members.items()} == {
        "language": 15,
        "organisation": 10,
        "sensitivity": 15,
    }
    assert CHECK.members["organisation"] == ("q4", "q5")


def test_the_thresholds_are_three_elevens_and_said_to_be_provisional() -> None:
    assert CHECK.bands
    ends = [step.highest for step in CHECK.bands.steps]
    assert [b - a for a, b in zip([CHECK.least_total - 1, *ends], ends, strict=False)] == [11] * 3
    assert CHECK.bands.provisional
    assert all(c.bands and c.bands.provisional for c in CHECK.categories)


def test_twenty_todos_and_each_helps_with_a_statement() -> None:
    assert [todo.id for todo in CHECK.todos] == [f"TD-{number}" for number in range(1, 21)]
    assert set(chain.from_iterable(t.questions for t in CHECK.todos)) == set(CHECK.scored)


def test_follow_ups_promises_and_ticks_of_the_form() -> None:
    conditions = {
        s.id: (s.asked_if.question, s.asked_if.at_least) for s in CHECK.sections if s.asked_if
    }
    assert conditions == {"massnahmen": ("q5", 3), "zusammenarbeit": ("q8", 3)}
    assert [q.id for q in CHECK.promises()] == ["q5_next", "next_steps"]
    assert len(CHECK.questions["q8_fields"].options) == 7
    assert CHECK.questions["q8_fields"].other == "other"
    assert CHECK.sections[-1].id == "schritte"


def test_it_has_a_text_for_every_colour() -> None:
    assert [(a.band, a.point_out) for a in CHECK.advice] == [
        ("red", "lowest"),
        ("yellow", "lowest"),
        ("green", "below_highest"),
    ]
