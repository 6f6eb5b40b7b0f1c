"""The stretch of a scale that lines are drawn on: what they reach, rounded outwards to tidy steps.

Lines are read by their slope. On the whole of a scale all of them would lie flat on one another;
the ends of the stretch are therefore written at the axis, or beneath it.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, log10

from analysis.evaluation.sections import Chart, ChartKind, Part, Table
from analysis.figures.reach import Ends, drawn
from analysis.figures.writing import value

ZOOMED: tuple[ChartKind, ...] = ("lines", "slopes")
LEAST = 0.2
"""Share of its scale an axis shows at least, so that small changes stay small."""
STEPS_OF_LEAST, STEPS = 4, 5
NEARLY = 1e-9
"""What sums of decimal fractions are off by."""


def zoomed(part: Part) -> Part:
    """A part whose chart of lines reaches as far as they do; any other part as it is."""
    chart = part.chart
    if chart is None or chart.kind not in ZOOMED:
        return part
    low, high = stretch(part.table, chart)
    return replace(part, chart=replace(chart, lowest=low, highest=high))


def stretch(table: Table, chart: Chart) -> Ends:
    """The ends of the axis: tidy numbers around all that is drawn, within the chart's own scale.

    What is withheld, and what has no line, does not move them.
    """
    numbers = _numbers(table, chart)
    if not numbers:
        return chart.lowest, chart.highest
    lowest, highest = min(chart.lowest, *numbers), max(chart.highest, *numbers)
    low, high = min(numbers), max(numbers)
    missing = max(0.0, LEAST * (highest - lowest) - (high - low))
    low, high = low - missing / 2, high + missing / 2
    # At an end of the scale the room missing there is shown on the other side.
    beyond = max(0.0, high - highest) - max(0.0, lowest - low)
    low, high = low - beyond, high - beyond
    step = tidy((high - low) / STEPS_OF_LEAST)
    outwards = floor(low / step + NEARLY) * step, ceil(high / step - NEARLY) * step
    return max(lowest, round(outwards[0], 9)), min(highest, round(outwards[1], 9))


def ticks(low: float, high: float) -> tuple[float, ...]:
    """The ends of an axis and tidy numbers between them, about six in all."""
    step = tidy((high - low) / STEPS)
    first, last = ceil(low / step - NEARLY), floor(high / step + NEARLY)
    between = (round(number * step, 9) for number in range(first, last + 1))
    kept = (tick for tick in between if min(tick - low, high - tick) > 0.4 * step)
    return (low, *kept, high)


def tidy(least: float) -> float:
    """The smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, … that is not below a number; 1 for none."""
    if least <= 0:
        return 1.0
    power = 10.0 ** floor(log10(least))
    return float(next((n * power for n in (1, 2, 5) if n * power >= least - NEARLY), 10 * power))


def _numbers(table: Table, chart: Chart) -> list[float]:
    places = [table.position(key) for key in chart.columns]
    if chart.kind == "slopes":
        return [number for _row, numbers in drawn(table.rows, places) for number in numbers]
    cells = (value(row.cells[place]) for row in table.rows for place in places)
    return [number for number in cells if number is not None]
