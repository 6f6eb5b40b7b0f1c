"""Figures as files: the same bytes every time, for every language, and for whatever comes in."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from analysis.evaluation.sections import WITHHELD, Cell, Part
from analysis.figures import figure, figures, pages, pdf, png, svg
from analysis.figures.reach import reach
from analysis.figures.zoom import zoomed
from tests.analysis.figure_words import NAMES, named, parts
from tests.analysis.specimen import specimen
from tests.analysis.test_figures import KINDS, words

SMALL = specimen(3)
ROOT = Path(__file__).parents[2]
A4 = 297 - 2 * 25
"""Millimetres of a page between its margins."""


def changed(part: Part, cell: Cell) -> Part:
    """A part with the same in every cell."""
    rows = tuple(replace(row, cells=(cell,) * len(row.cells)) for row in part.table.rows)
    return replace(part, table=replace(part.table, rows=rows))


def cut(part: Part, rows: int) -> Part:
    """A part with its first rows only."""
    return replace(part, table=replace(part.table, rows=part.table.rows[:rows]))


def boxes(of: Figure) -> dict[str, tuple[float, float, float, float]]:
    """Where each text lies, in pixels: left, bottom, right, top."""
    texts = [text for text in of.findobj(Text) if text.get_text()]
    return {t.get_text(): t.get_window_extent().extents for t in texts}


@pytest.mark.parametrize("language", sorted(NAMES))
@pytest.mark.parametrize("kind", ["diverging", "heatmap", "slopes"])
def test_every_language_is_drawn_without_a_letter_missing(kind: str, language: str) -> None:
    """A missing sign is a warning of matplotlib's, and a warning is an error here."""
    made = figure(named(parts(SMALL)[kind], language), language)
    made.draw_without_rendering()
    assert NAMES[language][0][:4] in " ".join(words(made))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_part_gives_the_same_bytes(kind: str) -> None:
    part = cut(parts(SMALL)[kind], 3)
    assert svg(part, "de") == svg(part, "de")
    assert png(part, "de", dpi=50) == png(part, "de", dpi=50)


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    program = """
import hashlib, matplotlib
from analysis.figures import pdf, png, svg
from tests.analysis.figure_words import parts
part = parts()["bands"]
print(*(hashlib.sha256(write(part, "de")).hexdigest() for write in (svg, png, pdf)))
print(matplotlib.get_cachedir())
"""
    # Settings lying about change nothing; no home folder is no reason to complain.
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: none\ntext.usetex: True\n")
    answers = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "HOME": home},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        for folder, seed, home in [(tmp_path, "1", "/dev/null"), (ROOT, "2", str(tmp_path))]
    ]
    assert [answer.stderr for answer in answers] == ["", ""]
    hashes, caches = zip(*(answer.stdout.splitlines() for answer in answers), strict=True)
    assert hashes[0] == hashes[1]
    assert not [cache for cache in caches if Path(cache).is_relative_to(ROOT)]


def test_files_say_nothing_of_who_made_them_and_when() -> None:
    part = parts()["bars"]
    assert not re.search(rb"(?i)matplotlib v|<dc:date>|<dc:creator>", svg(part, "de"))
    assert not re.search(rb"/(Creator|Producer|CreationDate|Author)\b", pdf(part, "de"))
    assert b"tEXt" not in png(part, "de", dpi=50)


def test_a_picture_for_screens_says_what_is_seen() -> None:
    part = parts()["bars"]
    assert part.chart is not None
    strange = replace(part.chart, title="Anteil <b> & \x00\x1b", alternative='Ein "Balken"')
    root = ElementTree.fromstring(svg(replace(part, chart=strange), "de"))  # noqa: S314  # our own
    said = [
        element.text for element in root.iter() if element.tag.endswith(("title", "description"))
    ]
    assert said == ["Anteil <b> & ", "Anteil <b> & ", 'Ein "Balken"']


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cell", [WITHHELD, None, 3, 0], ids=str)
def test_a_table_all_alike_is_drawn(kind: str, cell: Cell) -> None:
    made = figure(changed(parts(SMALL)[kind], cell), "de")
    made.draw_without_rendering()
    if kind == "slopes" and not isinstance(cell, int):
        assert "Hier gibt es nichts zu zeichnen." in words(made)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [0, 1])
def test_an_empty_table_says_so_and_one_row_is_drawn(kind: str, rows: int) -> None:
    made = figure(cut(parts()[kind], rows), "de")
    made.draw_without_rendering()
    assert ("Hier gibt es nichts zu zeichnen." in words(made)) == (rows == 0)
    assert made.get_figheight() > 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_units_go_on_pages(kind: str) -> None:
    part = parts(specimen(300))[kind]
    found = pages(part, "de")
    assert tuple(row for page in found for row in page.table.rows) == part.table.rows
    sizes = [len(page.table.rows) for page in found]
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= 40
    assert part.chart is not None
    scales = {reach(page.table, page.chart) for page in found if page.chart}
    whole = zoomed(part)
    assert whole.chart is not None
    assert scales == {reach(part.table, whole.chart)}, "a bar means the same on every page"
    first = figure(found[0], "de")
    assert first.get_figheight() * 25.4 <= A4
    if len(found) > 1:
        assert f"(1/{len(found)})" in " ".join(words(first))


def test_figures_are_one_a_page() -> None:
    part = parts(specimen(60))["heatmap"]
    assert [
        f"({n}/2)" in " ".join(words(made)) for n, made in enumerate(figures(part, "de"), 1)
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["de", "ar"])
def test_long_names_stay_off_the_data_and_off_each_other(kind: str, language: str) -> None:
    long = " für besonders lange Bezeichnungen und Zuständigkeiten $\\frac{$ =1+1" * 3
    part = parts(specimen(4, long=long))[kind]
    rows = tuple(replace(row, title=row.title + long, short="") for row in part.table.rows)
    made = figure(replace(part, table=replace(part.table, rows=rows)), language)
    axes = next(axes for axes in made.axes if axes.get_label() == part.key)
    low, high = axes.bbox.x0, axes.bbox.x1
    labels = [box for text, box in boxes(made).items() if text.endswith("…")]
    assert labels, "names as long as these are elided"
    for left, bottom, right, top in labels:
        assert right <= low + 1 or left >= high - 1, "beside the axis"
        assert left >= 0
        assert right <= made.bbox.x1 + 1
        assert bottom >= 0
        assert top <= made.bbox.y1
    ordered = sorted(labels, key=lambda box: box[1])
    assert all(one[3] <= other[1] + 2 for one, other in zip(ordered, ordered[1:], strict=False))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_beyond_the_paper(kind: str) -> None:
    for language in ("de", "ar"):
        made = figure(parts(SMALL)[kind], language)
        for left, bottom, right, top in boxes(made).values():
            assert -0.5 <= left <= right <= made.bbox.x1 + 0.5
            assert -0.5 <= bottom <= top <= made.bbox.y1 + 0.5


@pytest.mark.parametrize("title", ["=1+1 $\\frac{$ %(number)s", "\x00", ""])
def test_any_name_is_only_a_name(title: str) -> None:
    for part in parts(SMALL).values():
        rows = tuple(replace(row, title=title, short="") for row in part.table.rows)
        columns = tuple(replace(c, title=title, short="") for c in part.table.columns)
        strange = replace(part, table=replace(part.table, rows=rows, columns=columns))
        figure(strange, "de").draw_without_rendering()


def test_pictures_are_as_large_as_asked_for() -> None:
    picture = imread(BytesIO(png(parts()["bars"], "de", dpi=100, width_mm=127)))
    assert picture.shape[1] == 500
    assert np.all(picture[-1, :, :3] == 1), "a white edge"


def test_a_part_without_a_chart_is_refused() -> None:
    part = replace(parts()["bars"], chart=None)
    with pytest.raises(ValueError, match="'categories' has no chart"):
        figure(part, "de")
