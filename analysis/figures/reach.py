"""How far a chart's axis reaches: its scale, and further where a value lies beyond."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.evaluation.sections import WITHHELD, Cell, Chart, Row, Table
from analysis.figures.writing import value

Ends = tuple[float, float]


def reach(table: Table, chart: Chart) -> Ends:
    """Lowest and highest value of the axis; never the same.

    Stacked bars reach as far as the longest of them, whatever scale the chart names; a split one to
    the left of zero, too.
    """
    places = [table.position(key) for key in chart.columns]
    given = [[row.cells[place] for place in places] for row in table.rows]
    low, high = MEASURED.get(chart.kind, _values)(given)
    low, high = min(low, chart.lowest), max(high, chart.highest)
    return (low, high) if low < high else (low, low + 1)


def stack(cells: Sequence[Cell]) -> tuple[float, ...] | None:
    """The lengths of a stacked bar's segments; None if one is withheld or there is nothing.

    A bar with one segment missing would have it read from the bar's length.
    """
    numbers = [value(cell) for cell in cells]
    if WITHHELD in cells or not any(numbers):
        return None
    return tuple(number or 0.0 for number in numbers)


def before_middle(lengths: Sequence[float]) -> float:
    """How much of a split bar lies before zero: the lower half, and half of the middle segment."""
    half = len(lengths) // 2
    return sum(lengths[:half]) + (lengths[half] / 2 if len(lengths) % 2 else 0.0)


def drawn(rows: Sequence[Row], places: Sequence[int]) -> tuple[tuple[Row, tuple[float, ...]], ...]:
    """Rows all of whose cells in these places are numbers, with the numbers."""
    found = []
    for row in rows:
        numbers = [value(row.cells[place]) for place in places]
        whole = tuple(number for number in numbers if number is not None)
        if len(whole) == len(places):
            found.append((row, whole))
    return tuple(found)


def _values(given: Sequence[Sequence[Cell]]) -> Ends:
    numbers = [n for cells in given for cell in cells if (n := value(cell)) is not None]
    return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)


def _stacks(given: Sequence[Sequence[Cell]]) -> Ends:
    sums = [sum(lengths) for cells in given if (lengths := stack(cells)) is not None]
    return 0.0, max(sums, default=0.0)


def _splits(given: Sequence[Sequence[Cell]]) -> Ends:
    stacks = [lengths for cells in given if (lengths := stack(cells)) is not None]
    before = max((before_middle(each) for each in stacks), default=0.0)
    after = max((sum(each) - before_middle(each) for each in stacks), default=0.0)
    return -before, after


MEASURED: dict[str, Callable[[Sequence[Sequence[Cell]]], Ends]] = {
    "bands": _stacks,
    "diverging": _splits,
}
