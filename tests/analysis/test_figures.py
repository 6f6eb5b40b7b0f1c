"""What figures show, by where things stand in them: as far and as long as the table says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from analysis.evaluation.sections import WITHHELD, Cell, Chart, ChartKind, Column, Part, Row, Table
from analysis.figures import DRAW, draw_bars, figure
from analysis.figures.colours import (
    BANDS,
    contrast,
    ink,
    luminance,
    shade,
    shades,
)
from analysis.figures.writing import GERMAN, Writing, value, writing
from analysis.figures.zoom import ZOOMED
from tests.analysis.figure_words import named, parts

KINDS = ("bars", "bands", "diverging", "heatmap", "multiples", "slopes", "dots", "lines")
COUNTED = 4711
"""A number that appears nowhere unless it is shown."""


def drawn(part: Part, language: str = "de") -> Axes:
    """The chart's axis in the part's figure."""
    made = figure(part, language)
    return next(axes for axes in made.axes if axes.get_label() == part.key)


def fields(axes: Axes) -> dict[str, Rectangle]:
    """The rectangles that stand for a cell, by name."""
    named = {str(p.get_label()): p for p in axes.patches if isinstance(p, Rectangle)}
    return {name: patch for name, patch in named.items() if not name.startswith("_")}


def lines(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """The points of the lines and dots that stand for cells, by name."""
    found = {str(line.get_label()): np.array(line.get_xydata()).tolist() for line in axes.lines}
    return {
        name: [(float(x), float(y)) for x, y in points]
        for name, points in found.items()
        if not name.startswith("_")
    }


def words(of: Figure | Axes) -> list[str]:
    """All texts in a figure or on an axis."""
    texts: Iterable[Text] = of.findobj(Text)
    return [text.get_text() for text in texts if text.get_text()]


def part_of(kind: str, *rows: tuple[Cell, ...], **ends: float) -> Part:
    """A part of one kind: columns a, b, c …, rows r0, r1, r2 …"""
    columns = tuple(Column(chr(97 + n), chr(65 + n), "points") for n in range(len(rows[0])))
    table = Table("", columns, tuple(Row(f"r{n}", f"R{n}", row) for n, row in enumerate(rows)))
    keys = tuple(column.key for column in columns)
    return Part("p", "P", table, Chart(kind, "T", "A", keys, **ends))  # type: ignore[arg-type]


def test_every_kind_of_chart_can_be_drawn() -> None:
    assert set(parts()) == set(DRAW) == set(KINDS) == set(get_args(ChartKind))


@pytest.mark.parametrize("language", ["de", "ar"])
def test_bars_are_as_long_as_their_numbers(language: str) -> None:
    axes = drawn(part_of("bars", (0.25,), (1.0,), (0.0,)), language)
    bars = fields(axes)
    assert [bars[f"r{n}"].get_width() for n in range(3)] == [0.25, 1.0, 0.0]
    assert {bar.get_x() for bar in bars.values()} == {0.0}
    assert [bars[f"r{n}"].get_y() for n in range(3)] == sorted(b.get_y() for b in bars.values())


def test_bars_of_a_scale_without_zero_begin_at_its_lowest_value() -> None:
    bar = fields(drawn(part_of("bars", (24,), lowest=8, highest=40)))["r0"]
    assert (bar.get_x(), bar.get_width()) == (8, 16)


def test_a_bar_beyond_the_scale_is_drawn_whole() -> None:
    axes = drawn(part_of("bars", (3,), (-2,)))
    assert axes.get_xlim() == (-2, 3)
    assert (fields(axes)["r1"].get_x(), fields(axes)["r1"].get_width()) == (0, -2)


def test_bands_follow_one_another_in_the_official_colours() -> None:
    part = parts()["bands"]
    bars = fields(drawn(part))
    row = [bars[f"2026 {band}"] for band in BANDS]
    assert [(bar.get_x(), bar.get_width()) for bar in row] == [(0, 2), (2, 5), (7, 3)]
    assert [to_hex(bar.get_facecolor()) for bar in row] == [b.colour for b in BANDS.values()]
    assert {f"{b.shape} {n}" for b, n in zip(BANDS.values(), (2, 5, 3), strict=True)} <= set(
        words(drawn(part))
    )


def test_no_other_chart_has_a_colour_of_the_traffic_light() -> None:
    official = {band.colour for band in BANDS.values()}
    for kind in set(KINDS) - {"bands"}:
        for patch in drawn(parts()[kind]).findobj(Rectangle):
            assert to_hex(patch.get_facecolor()) not in official


@pytest.mark.parametrize(
    ("counts", "begins"),
    [
        ((1, 2, 4, 3, 2), [-5, -4, -2, 2, 5]),
        ((0, 0, 3, 0, 0), [-1.5]),
        ((2, 1, 1, 2), [-3, -1, 0, 1]),
        ((5, 0, 0, 0, 0), [-5]),
    ],
)
def test_the_middle_of_a_diverging_bar_is_at_zero(
    counts: tuple[int, ...], begins: list[float]
) -> None:
    bars = fields(drawn(part_of("diverging", counts)))
    assert [bar.get_x() for bar in bars.values()] == begins
    assert [bar.get_width() for bar in bars.values()] == [count for count in counts if count]


def test_a_heatmap_has_each_number_in_its_cell() -> None:
    part = part_of("heatmap", (1, 5), (3, None), lowest=1, highest=5)
    axes = drawn(part)
    cells = fields(axes)
    notes = [text for text in axes.texts if isinstance(text, Annotation)]
    spots = {note.xy: note.get_text() for note in notes if note.xycoords == ("data", "data")}
    assert spots == {(0, 0): "1", (1, 0): "5", (0, 1): "3", (1, 1): "–"}
    for row, key, colour in [("r0", "a", shade(1, 1, 5)), ("r0", "b", shade(5, 1, 5))]:
        assert to_hex(cells[f"{row} {key}"].get_facecolor()) == colour


def test_multiples_have_a_panel_a_column_with_a_bar_a_row() -> None:
    part = parts()["multiples"]
    inside = [each for each in drawn(part).child_axes if isinstance(each, Axes)]
    panels = {str(each.get_label()): each for each in inside}
    assert tuple(panels) == part.chart.columns  # type: ignore[union-attr]
    for key, panel in panels.items():
        found = {name: bar.get_width() for name, bar in fields(panel).items()}
        place = part.table.position(key)
        given = {r.key: value(r.cells[place]) for r in part.table.rows}
        assert found == {name: number for name, number in given.items() if number is not None}
        assert panel.get_xlim() == (0, 1)


def test_slopes_join_two_numbers_and_leave_out_what_lacks_one() -> None:
    rows: list[tuple[Cell, ...]] = [(10, 20), (None, COUNTED), (WITHHELD, COUNTED), (30, 30)]
    made = figure(part_of("slopes", *rows, (40, None), (9, WITHHELD)), "de")
    axes = made.axes[0]
    assert lines(axes) == {"r0": [(0, 10), (1, 20)], "r3": [(0, 30), (1, 30)]}
    assert str(COUNTED) not in " ".join(words(made))
    assert any(text.endswith(": 4") for text in words(made)), "says how many have no line"


def test_lines_keep_the_room_of_a_missing_year_and_leave_gaps() -> None:
    part = part_of("lines", (1, None, 3), (WITHHELD, 2, 2))
    titles = ("2023", "2025", "2026")
    columns = tuple(replace(c, title=t) for c, t in zip(part.table.columns, titles, strict=True))
    axes = drawn(replace(part, table=replace(part.table, columns=columns)))
    found = lines(axes)
    assert [x for x, _y in found["r0"]] == [2023, 2025, 2026]
    assert [y for _x, y in found["r0"]] == pytest.approx([1, float("nan"), 3], nan_ok=True)
    assert [y for _x, y in found["r1"]] == pytest.approx([float("nan"), 2, 2], nan_ok=True)


def test_years_that_are_words_stand_at_equal_distances() -> None:
    found = lines(drawn(part_of("lines", (1, 2, 3))))
    assert found["r0"] == [(0, 1), (1, 2), (2, 3)]


def test_dots_stand_at_their_numbers_the_first_column_largest() -> None:
    axes = drawn(part_of("dots", (1, 4, 2.5), (5, None, WITHHELD), lowest=1, highest=5))
    assert lines(axes) == {"a": [(1, 0), (5, 1)], "b": [(4, 0)], "c": [(2.5, 0)]}
    sizes = {str(line.get_label()): line.get_markersize() for line in axes.lines}
    assert sizes["a"] > sizes["b"] == sizes["c"]


@pytest.mark.parametrize("kind", KINDS)
def test_reading_goes_from_the_right_where_the_language_does(kind: str) -> None:
    german, arabic = (drawn(parts()[kind], language) for language in ("de", "ar"))
    panels = [(g, a) for g, a in zip(german.child_axes, arabic.child_axes, strict=True)]
    for ltr, rtl in panels or [(german, arabic)]:
        assert ltr.get_xlim() == rtl.get_xlim()[::-1]
        assert ltr.get_ylim() == rtl.get_ylim()
    if panels:
        begins = [panel.get_position().x0 for _german, panel in panels]
        assert begins == sorted(begins, reverse=True), "the first column on the right"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_withheld_number_is_the_picture_is_the_same(kind: str) -> None:
    """Nothing is drawn from what stands beside it: all withheld rows look alike."""
    cells: tuple[Cell, ...] = (WITHHELD, COUNTED, COUNTED)[: 1 if kind == "bars" else 3]
    known: tuple[Cell, ...] = (1, 2, 3)[: len(cells)]
    axes = drawn(part_of(kind, cells, known, highest=COUNTED))
    hatched = [p for p in axes.findobj(Rectangle) if p.get_hatch()]
    shown = "·" in words(axes)
    assert shown or kind == "slopes"
    if kind in ("bands", "diverging"):
        assert not [name for name in fields(axes) if name.startswith("r0")]
        assert str(COUNTED) not in " ".join(words(axes))
    if kind in ("bars", "bands", "diverging"):
        assert [patch.get_width() for patch in hatched] == [
            abs(axes.get_xlim()[1] - axes.get_xlim()[0])
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_marks_are_explained_where_they_stand(kind: str) -> None:
    full: tuple[Cell, ...] = (1,) if kind == "bars" else (1, 1)
    notes = words(figure(part_of(kind, full), "de").axes[1])
    assert notes == (["T", "Die Achse reicht von 0 bis 1."] if kind in ZOOMED else ["T"])
    hidden: tuple[Cell, ...] = (WITHHELD,) if kind == "bars" else (WITHHELD, None)
    notes = words(figure(part_of(kind, hidden, full), "de").axes[1])
    if kind == "slopes":
        assert notes[1].endswith(": 1")
    else:
        assert notes[1].startswith("· nicht gezeigt")


@pytest.mark.parametrize(
    ("language", "kind", "number", "expected"),
    [
        ("de", "mean", 26.4, "26,4"),
        ("en", "mean", 26.4, "26.4"),
        ("uk", "mean", 1234.5, "1\N{NO-BREAK SPACE}234,5"),
        ("de", "share", 0.613, "61\N{NO-BREAK SPACE}%"),
        ("de", "count", 1234, "1.234"),
        ("de", "points", 24, "24"),
        ("de", "change", 1.5, "+1,5"),
        ("de", "change", -1.5, "\N{MINUS SIGN}1,5"),
        ("de", "change", -0.04, "0,0"),
        ("de", "change", 0.05, "+0,1"),
        ("de", "change", 0.04, "0,0"),
        ("de", "change", 2, "+2"),
        ("de", "change", -2, "\N{MINUS SIGN}2"),
        ("de", "change", 0, "0"),
        ("de", "change", 2.0, "+2,0"),
        ("de", "mean", None, "–"),
        ("de", "mean", float("nan"), "–"),
        ("de", "mean", WITHHELD, "·"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, kind: str, number: Cell, expected: str
) -> None:
    column = Column("c", "C", kind)  # type: ignore[arg-type]
    assert writing(language).cell(number, column) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", GERMAN), ("prs", Writing("fa_AF", rtl=True)), ("ps", Writing("ps", rtl=True))],
)
def test_languages_are_known_by_the_code_of_their_address(language: str, expected: Writing) -> None:
    assert writing(language) == expected


def test_a_ramp_is_told_apart_in_grey() -> None:
    greys = sorted(luminance(colour) for colour in shades(5))
    assert all(light - dark > 0.08 for dark, light in zip(greys, greys[1:], strict=False))
    assert luminance(shades(5)[2]) == max(greys)


@pytest.mark.parametrize("colour", [*shades(41), *(band.colour for band in BANDS.values())])
def test_numbers_in_a_colour_have_the_contrast_wcag_asks_for(colour: str) -> None:
    assert contrast(ink(colour), colour) >= 4.5


def test_drawing_on_an_axis_of_ones_own_needs_no_page() -> None:
    part = parts()["bars"]
    own = Figure(figsize=(6, 3))
    axes = own.add_axes((0.4, 0.2, 0.5, 0.6))
    draw_bars(axes, part.table, part.chart)  # type: ignore[arg-type]
    assert fields(axes)["language"].get_width() == 0.61


def test_names_of_a_language_stand_in_its_figure() -> None:
    part = named(parts()["bars"], "vi")
    assert {row.title for row in part.table.rows} <= {
        text.replace("\n", " ") for text in words(figure(part, "vi"))
    }
