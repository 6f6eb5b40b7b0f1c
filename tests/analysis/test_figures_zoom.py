"""The stretch of a scale lines are drawn on: tidy, wide enough, and never beyond the scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evaluation.sections import WITHHELD, Cell, Chart, ChartKind, Column, Part, Row, Table
from analysis.figures.zoom import LEAST, stretch, ticks, tidy, zoomed


def part_of(kind: ChartKind, low: float, high: float, *rows: tuple[Cell, ...]) -> Part:
    columns = tuple(Column(f"c{n}", f"C{n}", "mean") for n in range(2))
    table = Table("", columns, tuple(Row(f"r{n}", f"R{n}", cells) for n, cells in enumerate(rows)))
    return Part("p", "P", table, Chart(kind, "T", "A", ("c0", "c1"), low, high))


@pytest.mark.parametrize(
    ("scale", "numbers", "expected"),
    [
        ((0, 1), (0.57, 0.65), (0.5, 0.75)),
        ((0, 1), (0.6, 0.6), (0.5, 0.7)),
        ((0, 1), (0.02, 0.05), (0, 0.2)),
        ((0, 1), (0.97, 1.0), (0.8, 1)),
        ((0, 1), (0.1, 0.9), (0, 1)),
        ((1, 5), (2.67, 3.44), (2.6, 3.6)),
        ((8, 40), (15, 33), (15, 35)),
        ((8, 40), (8, 40), (8, 40)),
        ((0, 1), (10, 30), (10, 30)),
    ],
)
@pytest.mark.parametrize("kind", ["lines", "slopes"])
def test_an_axis_reaches_as_far_as_its_lines(
    kind: ChartKind,
    scale: tuple[float, float],
    numbers: tuple[float, float],
    expected: tuple[float, float],
) -> None:
    part = part_of(kind, *scale, numbers)
    assert part.chart is not None
    assert stretch(part.table, part.chart) == pytest.approx(expected)


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_number_is_on_the_axis_and_the_axis_on_the_scale(one: float, other: float) -> None:
    chart = zoomed(part_of("lines", 0, 1, (one, other))).chart
    assert chart is not None
    assert 0 <= chart.lowest <= min(one, other) <= max(one, other) <= chart.highest <= 1
    assert chart.highest - chart.lowest >= LEAST - 1e-9
    marks = ticks(chart.lowest, chart.highest)
    assert (marks[0], marks[-1]) == (chart.lowest, chart.highest)
    assert list(marks) == sorted(set(marks))
    assert 3 <= len(marks) <= 7


def test_what_has_no_line_does_not_move_the_axis() -> None:
    hidden = part_of("slopes", 0, 100, (50, 60), (0, WITHHELD), (None, 100), (WITHHELD, WITHHELD))
    shown = part_of("slopes", 0, 100, (50, 60))
    assert hidden.chart is not None
    assert shown.chart is not None
    assert stretch(hidden.table, hidden.chart) == stretch(shown.table, shown.chart)


@pytest.mark.parametrize("kind", ["bars", "dots", "diverging"])
def test_no_other_chart_is_cut(kind: ChartKind) -> None:
    part = part_of(kind, 0, 1, (0.5, 0.6))
    assert zoomed(part) is part
    assert zoomed(part_of("lines", 0, 1)) == part_of("lines", 0, 1)


@pytest.mark.parametrize(
    ("least", "expected"), [(0.05, 0.05), (0.051, 0.1), (0.3, 0.5), (1, 1), (6, 10), (0, 1)]
)
def test_steps_are_tidy(least: float, expected: float) -> None:
    assert tidy(least) == pytest.approx(expected)
