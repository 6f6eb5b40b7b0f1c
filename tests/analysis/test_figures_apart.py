"""Marks and lines at one place: all of them are seen, and all of them are named."""

from __future__ import annotations

import pytest

from analysis.figures import figure
from analysis.figures.colours import BLUE, GREY, ORANGE, SOFT_INK
from analysis.figures.writing import unbroken
from tests.analysis.test_figures import drawn, lines, part_of, words


def test_dots_that_would_hide_one_another_are_moved_apart() -> None:
    axes = drawn(part_of("dots", (3, 3, 3.01), (1, 3, 5), lowest=1, highest=5))
    found = lines(axes)
    heights = [found[key][0][1] for key in "abc"]
    assert len(set(heights)) == 3
    assert sum(heights) == pytest.approx(0)
    assert max(map(abs, heights)) < 0.5, "each stays in its row"
    assert [found[key][0][0] for key in "abc"] == [3, 3, 3.01]
    assert [found[key][1][1] for key in "abc"] == [1, 1, 1]


def test_of_many_slopes_only_great_changes_have_a_colour() -> None:
    rows = [(10, 10 + change) for change in (8, 4, 3, 1, 0, -5)]
    made = figure(part_of("slopes", *rows, lowest=0, highest=40), "de")
    colours = {str(line.get_label()): line.get_color() for line in made.axes[0].lines}
    assert [colours[f"r{n}"] for n in range(6)] == [BLUE, BLUE, GREY, GREY, SOFT_INK, ORANGE]
    assert any("halb so groß" in text for text in words(made))
    few = figure(part_of("slopes", *rows[:5]), "de")
    assert not any("halb so groß" in text for text in words(few))
    assert {line.get_color() for line in few.axes[0].lines} >= {BLUE, SOFT_INK}


def test_lines_that_are_the_same_are_named_together() -> None:
    made = figure(part_of("slopes", (25, 31), (20, 31), (25, 31)), "de")
    names = [text.replace("\n", " ") for text in words(made.axes[0]) if text.startswith("R")]
    assert sorted(names) == ["R0, R2", "R1"]


def test_an_n_and_its_number_stand_on_one_line() -> None:
    assert unbroken("Mittel (n = 11), n = 5") == "Mittel (n\xa0=\xa011), n\xa0=\xa05"
    assert unbroken("man = 1") == "man = 1"
