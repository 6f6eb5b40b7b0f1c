"""A figure as it is printed: title, chart, notes; as SVG, PNG and PDF, always the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.evaluation.sections import WITHHELD, Chart, ChartKind, Part, Table
from analysis.figures import fonts
from analysis.figures.bars import draw_bars, draw_multiples
from analysis.figures.canvas import GAP, SMALL, Pen
from analysis.figures.cells import draw_heatmap
from analysis.figures.colours import PAPER, SOFT_INK
from analysis.figures.dots import draw_dots
from analysis.figures.plan import TITLE, Plan, chart_of, plan
from analysis.figures.plan import pages as split
from analysis.figures.reach import drawn, reach
from analysis.figures.stacked import draw_bands, draw_diverging
from analysis.figures.trends import coloured_from, draw_lines, draw_slopes
from analysis.figures.writing import NOTHING_MARK, WITHHELD_MARK, Writing, writing
from analysis.figures.zoom import ZOOMED
from survey.locale import desk_gettext as _

WIDTH = 165.0
"""Millimetres between the margins of a page of A4."""

Draw = Callable[[Axes, Table, Chart, Writing], None]

DRAW: dict[ChartKind, Draw] = {
    "bars": draw_bars,
    "bands": draw_bands,
    "diverging": draw_diverging,
    "heatmap": draw_heatmap,
    "multiples": draw_multiples,
    "slopes": draw_slopes,
    "dots": draw_dots,
    "lines": draw_lines,
}


def figure(part: Part, language: str, *, width_mm: float = WIDTH) -> Figure:
    """A part's chart under its title, as high as its rows need.

    The few words that are the figure's own are in the language spoken around it
    (`survey.locale.speaking`), numbers and direction follow `language`.

    Raises:
        ValueError: the part has no chart.
    """
    chart, how = chart_of(part), writing(language)
    with fonts.printing():
        sheet = plan(part, how, width_mm, _notes(part.table, chart, how))
        made = Figure(figsize=(sheet.width / 72, sheet.height / 72), facecolor=PAPER)
        axes = made.add_axes(sheet.box(how))
        axes.set_label(part.key)
        _draw(axes, part.table, chart, how)
        _surround(made, sheet, how)
    return made


def _draw(axes: Axes, table: Table, chart: Chart, how: Writing) -> None:
    if nothing_to_draw(table, chart):
        axes.set_axis_off()
        pen = Pen(axes, how, ("axes fraction", "axes fraction"))
        pen.write((0.5, 0.5), _("Hier gibt es nichts zu zeichnen."), color=SOFT_INK)
        return
    DRAW[chart.kind](axes, table, chart, how)


def figures(part: Part, language: str, *, width_mm: float = WIDTH) -> list[Figure]:
    """A part's chart on as many figures as it needs to be printed on pages of A4."""
    return [figure(page, language, width_mm=width_mm) for page in pages(part, language, width_mm)]


def pages(part: Part, language: str, width_mm: float = WIDTH) -> tuple[Part, ...]:
    """A part in parts whose figures each go on a page of A4: all rows, one scale, numbered titles.

    Raises:
        ValueError: the part has no chart.
    """
    return split(part, writing(language), width_mm)


def svg(part: Part, language: str, *, width_mm: float = WIDTH) -> bytes:
    """The figure as SVG, texts as paths; title and alternative text in it."""
    chart = chart_of(part)
    said = {"Title": _spoken(chart.title), "Description": _spoken(chart.alternative)}
    return _written(part, language, width_mm, "svg", {**said, "Date": None, "Creator": None})


def png(part: Part, language: str, *, dpi: int = 200, width_mm: float = WIDTH) -> bytes:
    """The figure as PNG, with nothing in its metadata but its resolution."""
    return _written(part, language, width_mm, "png", {"Software": None}, dpi=dpi)


def pdf(part: Part, language: str, *, width_mm: float = WIDTH) -> bytes:
    """The figure as a PDF of one page, with nothing in its metadata."""
    nothing = {"Creator": None, "Producer": None, "CreationDate": None}
    return _written(part, language, width_mm, "pdf", nothing)


def _written(
    part: Part,
    language: str,
    width_mm: float,
    kind: str,
    metadata: Mapping[str, str | None],
    dpi: int = 72,
) -> bytes:
    made, file = figure(part, language, width_mm=width_mm), BytesIO()
    with fonts.printing():
        made.savefig(file, format=kind, dpi=dpi, metadata=dict(metadata))
    return file.getvalue()


def _spoken(text: str) -> str:
    """A text that may stand in XML."""
    return "".join(sign for sign in text if sign.isprintable())


def nothing_to_draw(table: Table, chart: Chart) -> bool:
    """Whether a chart would be empty: no row, no column, or not one line of slopes."""
    if not table.rows or not chart.columns:
        return True
    return chart.kind == "slopes" and not drawn(
        table.rows, [table.position(k) for k in chart.columns]
    )


def _surround(made: Figure, sheet: Plan, how: Writing) -> None:
    """Title above and notes beneath, over the whole width."""
    whole = made.add_axes((0, 0, 1, 1), label="_words", zorder=-1)
    whole.set_axis_off()
    pen = Pen(whole, how, ("axes fraction", "axes fraction"))
    edge = 1.0 if how.rtl else 0.0
    title, notes = "\n".join(sheet.title), "\n".join(sheet.notes)
    pen.write((edge, 1), title, off=(GAP, -GAP), side="start", va="top", size=TITLE, bold=True)
    pen.write(
        (edge, 0), notes, off=(GAP, GAP), side="start", va="bottom", size=SMALL, color=SOFT_INK
    )


def _axis(table: Table, chart: Chart, how: Writing) -> str:
    """How far an axis reaches that shows but a stretch of its scale."""
    column = table.columns[table.position(chart.columns[0])]
    low, high = (how.cell(end, column) for end in reach(table, chart))
    return _("Die Achse reicht von %(low)s bis %(high)s.", low=low, high=high)


def _slopes_notes(table: Table, chart: Chart, how: Writing) -> list[str]:
    """What the colours of slopes mean, and how many have no line."""
    found = drawn(table.rows, [table.position(key) for key in chart.columns])
    notes = [_axis(table, chart, how)] if found else []
    if coloured_from([numbers[-1] - numbers[0] for _row, numbers in found]):
        notes.append(
            _(
                "Farbig sind die größten Änderungen, die mindestens halb so groß sind wie die"
                " größte: durchgezogen höher, gestrichelt niedriger."
            )
        )
    missing = len(table.rows) - len(found)
    if missing:
        notes.append(
            _("Ohne Linie, weil ein Wert fehlt oder nicht gezeigt wird: %(number)s", number=missing)
        )
    return notes


def _notes(table: Table, chart: Chart, how: Writing) -> list[str]:
    """What the marks of a figure mean, for those that are in it."""
    if not chart.columns:
        return []
    if chart.kind == "slopes":
        return _slopes_notes(table, chart, how)
    places = [table.position(key) for key in chart.columns]
    cells = [row.cells[place] for row in table.rows for place in places]
    notes = []
    if WITHHELD in cells:
        notes.append(f"{WITHHELD_MARK} {_('nicht gezeigt, damit niemand erkennbar wird')}")
    if any(cell is None for cell in cells):
        notes.append(f"{NOTHING_MARK} {_('liegt nicht vor')}")
    said = ["     ".join(notes)] if notes else []
    return [*said, _axis(table, chart, how)] if chart.kind in ZOOMED and table.rows else said
