"""The slides of a wave: the findings as titles, native charts, the numbers on the notes pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Length, Pt

from analysis.documents.cells import NOTHING, number, shown, written_day
from analysis.documents.clean import cleaned
from analysis.documents.content import fixed_words, sample_notice, signs, traffic_lights
from analysis.documents.deck_charts import LOOKS, add_chart
from analysis.documents.deck_frame import (
    BESIDE_BOX,
    BODY_BOX,
    FOOTER_BOX,
    LEAD_BOX,
    NOTE_BOX,
    SOFT,
    TILE_INSET,
    WIDE_BOX,
    Box,
    Deck,
    describe,
    part_of,
    rgb,
    write,
)
from analysis.documents.deck_tables import add_table
from analysis.documents.deck_words import (
    fewer_words,
    fitting,
    halves,
    lead,
    lines_of,
    size_for,
)
from analysis.documents.letterhead import Letterhead
from analysis.documents.pictures import alternative
from analysis.documents.tabular import legend
from analysis.evaluation.sections import WITHHELD, Evaluation, Part, Row, Section
from analysis.figures.colours import BANDS, ink
from survey.locale import desk_gettext as _

MOST_ROWS, MOST_TEXT_ROWS = 12, 7
MOST_BARS, MOST_LINES = 15, 6
MOST_SLIDES = 10
"""Of one part; nobody looks at more, and the report has every row."""
LONG_TEXT = 60
NOTICE_SIZE, NOTICE_LINES = 11, 2
LONGEST_TITLE = 220
"""Characters of a finding that can be a title; a longer one stands beneath its part's."""
MOST_KEYED, KEY_SIZE, KEY_LINES = 8, 12, 2
"""Entries of a key beside a table that are read from a seat, their type, and lines of each."""

ORDER = ("return", "standing", "categories", "audiences", "comparison", "units", "years", "changes")
LAST = ("promises", "next")
"""The order of the slides of 2024: who answered, findings by category, comparison, what was asked,
next steps. Sections with other keys keep their own order between."""


def deck_pptx(evaluation: Evaluation, letterhead: Letterhead) -> bytes:
    """A presentation; to be called while its language is spoken (`survey.locale.speaking`)."""
    evaluation, letterhead = cleaned(evaluation), cleaned(letterhead)
    deck = Deck(evaluation, letterhead)
    _add_cover(deck, letterhead)
    _add_headline(deck)
    sections = ordered(evaluation.sections)
    if sections:
        contents = deck.slide(_("Inhalt"), notes=evaluation.subtitle)
        write(contents, BODY_BOX, [f"• {each.question}" for each in sections], size=20)
    for section in sections:
        _add_section(deck, section)
    _add_method(deck)
    return deck.saved()


def ordered(sections: Sequence[Section]) -> list[Section]:
    """Sections as a talk goes through them."""

    def rank(section: Section) -> int:
        if section.key in LAST:
            return len(ORDER) + 1
        return ORDER.index(section.key) if section.key in ORDER else len(ORDER)

    return sorted(sections, key=rank)


def _add_cover(deck: Deck, letterhead: Letterhead) -> None:
    own = deck.evaluation
    lines = [own.subtitle, f"{letterhead.organisation} · {written_day(own.made)}"]
    deck.cover(own.title, [*lines, sample_notice()] if own.sample else lines)


def _add_headline(deck: Deck) -> None:
    lights = traffic_lights(deck.evaluation)
    notes = "\n".join([deck.evaluation.subtitle, lights["tiles-of"], signs()])
    slide = deck.slide(_("Das Wichtigste"), notes=notes)
    top = Box(BODY_BOX.left, Inches(1.8), BODY_BOX.width, Inches(1.3))
    for place, tile in enumerate(lights["tiles"]):
        _add_tile(slide, part_of(top, place, len(lights["tiles"])), tile)
    start = Inches(3.3 if lights["tiles"] else 1.8)
    below = Box(BODY_BOX.left, start, BODY_BOX.width, Length(FOOTER_BOX.top - start))
    findings = [f"• {finding}" for finding in deck.evaluation.headline]
    write(slide, below, findings, size=size_for(findings, below))


def _add_tile(slide: Any, box: Box, tile: dict[str, Any]) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, box.left, box.top, box.width, box.height)
    colour = BANDS[tile["band"]].colour if tile["band"] else "#f4f6f9"
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = TILE_INSET
    frame.text = f"{tile['value']}\n{tile['label']}"
    room = Box(box.left, box.top, Length(box.width - 2 * TILE_INSET), Inches(0.6))
    sizes = (32, min(16, size_for([tile["label"]], room)))
    for paragraph, size in zip(frame.paragraphs, sizes, strict=True):
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), True
            run.font.color.rgb = rgb(ink(colour))
    describe(shape, tile["label"], "")


def _add_section(deck: Deck, section: Section) -> None:
    parts = [part for part in section.parts if not silent(part)]
    for place, part in enumerate(parts):
        where = f"{section.question} · {part.title}"
        title, lead_text = _title(part, section, first=place == 0), where
        if place == 0 and title.rstrip(".") not in section.finding:
            lead_text = section.finding
        if len(title) > LONGEST_TITLE:
            title, lead_text = part.title, title
        _add_part(deck, part, title, (lead_text, where), section)
    if not parts:
        slide = deck.slide(section.question, notes="\n".join(section.notes))
        write(slide, BODY_BOX, [section.finding], size=24)


def _title(part: Part, section: Section, *, first: bool) -> str:
    """What is seen on the slide; the finding where that is what is seen."""
    if part.chart is not None and part.chart.title != section.finding:
        return part.chart.title
    return section.finding if first else part.title


def silent(part: Part) -> bool:
    """Whether nothing but noughts is left of a part's numbers, the others being withheld."""
    drawn = part.chart.columns if part.chart else [c.key for c in part.table.columns]
    places = [part.table.position(key) for key in drawn]
    rows = [row for row in part.table.rows if not row.summary]
    cells = [row.cells[place] for row in rows for place in places]
    return WITHHELD in cells and not any(number(cell) for cell in cells)


def _add_part(deck: Deck, part: Part, title: str, leads: tuple[str, str], section: Section) -> None:
    """The slides of a part; `leads` stand beneath the first one's title and the others'."""
    pages = list(_pages(part))
    shown_pages = pages[:MOST_SLIDES]
    for place, rows in enumerate(shown_pages, 1):
        counted = f" ({place}/{len(shown_pages)})" if len(shown_pages) > 1 else ""
        text = leads[0] if place == 1 and leads[0] != leads[1] else f"{leads[1]}{counted}"
        slide = deck.slide(title, lead(text, LEAD_BOX), _notes(part, rows, section))
        if not rows:
            write(slide, BODY_BOX, [_("Hierzu liegen keine Angaben vor.")], size=20)
        elif part.chart is not None and part.chart.kind in LOOKS:
            add_chart(slide, part, rows, alternative(part))
        else:
            _add_table(slide, part, rows)
        left = sum(map(len, pages[place:])) if place == len(shown_pages) else 0
        _add_notice(slide, part, left)


def _add_table(slide: Any, part: Part, rows: Sequence[Row]) -> None:
    """The table, and beside it what its short heads stand for, if there is room."""
    entries = legend(part.table)
    said, box = alternative(part) or part.title, BODY_BOX
    heat = part.chart is not None and part.chart.kind == "heatmap"
    if heat and 0 < len(entries) <= MOST_KEYED and len(part.table.columns) <= MOST_KEYED + 1:
        box, beside = WIDE_BOX, BESIDE_BOX
        lines = [f"{short}  {title}" for short, title in entries]
        shortened = [fewer_words(line, beside, KEY_SIZE, KEY_LINES) for line in lines]
        write(slide, beside, shortened, size=KEY_SIZE, colour=SOFT)
    add_table(slide, part, rows, said, box)


def _add_notice(slide: Any, part: Part, left: int) -> None:
    notices = list(part.notes)
    if left:
        notices.insert(0, _("Weitere Zeilen stehen im Bericht: %(number)s.", number=left))
    # What does not fit stands on the notes page with all the others.
    while notices and lines_of(" ".join(notices), NOTE_BOX, NOTICE_SIZE) > NOTICE_LINES:
        notices.pop()
    if notices:
        write(slide, NOTE_BOX, [" ".join(notices)], size=NOTICE_SIZE, colour=SOFT)


def _pages(part: Part) -> Iterator[Sequence[Row]]:
    """Rows slide by slide; one empty slide where there are none."""
    rows = part.table.rows
    slides = max(1, ceil(len(rows) / _rows_a_slide(part)))
    step = max(1, ceil(len(rows) / slides))  # as many on each, and not one alone on the last
    yield from (rows[start : start + step] for start in range(0, max(len(rows), 1), step))


def _rows_a_slide(part: Part) -> int:
    chart = part.chart
    if chart is not None and chart.kind in ("bars", "multiples", "dots"):
        return max(4, min(MOST_ROWS, MOST_BARS // max(len(chart.columns), 1)))
    if chart is not None and chart.kind in ("slopes", "lines"):
        return MOST_LINES
    if chart is not None and chart.kind in LOOKS:
        return MOST_ROWS
    texts = [row.title for row in part.table.rows]
    texts += [cell for row in part.table.rows for cell in row.cells if isinstance(cell, str)]
    return MOST_TEXT_ROWS if any(len(text) > LONG_TEXT for text in texts) else MOST_ROWS


def _notes(part: Part, rows: Sequence[Row], section: Section) -> str:
    """Question and finding, every number of the slide in words, notes and signs."""
    heads = [column.title for column in part.table.columns]
    lines = [section.question, section.finding, part.chart.title if part.chart else part.title, ""]
    for row in rows:
        cells = zip(heads, row.cells, part.table.columns, strict=True)
        said = "; ".join(f"{head}: {shown(cell, column)}" for head, cell, column in cells)
        lines.append(f"{row.title}: {said or NOTHING}")
    return "\n".join([*lines, "", *part.notes, *section.notes, signs()])


def _add_method(deck: Deck) -> None:
    """All of it on one slide, or on two; the notes pages have every word."""
    title = fixed_words()["method"]
    for lines in halves([f"{head}: {text}" for head, text in deck.evaluation.method]):
        slide = deck.slide(title, notes="\n".join(lines))
        write(slide, BODY_BOX, fitting(lines), size=size_for(lines))
