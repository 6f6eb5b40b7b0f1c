"""An evaluation as plain data for the PDF templates, in the language being written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from analysis.documents.cells import HIDDEN, NOTHING, SHAPES, number, shown, written_day
from analysis.documents.pictures import alternative, drawn, pictured
from analysis.documents.tabular import printed
from analysis.documents.typeset import script
from analysis.evaluation.sections import Evaluation, Part, Section
from survey.locale import current
from survey.locale import desk_gettext as _
from survey.messages import bands

MOST_TILES, MOST_LEADING_ROWS = 6, 12
SAID_ELSEWHERE = ("return",)
"""Columns that need no figure on the first page: its findings say them."""
LONG_TITLE = 90
"""Characters of a title that is not repeated in full."""


def common(evaluation: Evaluation) -> dict[str, Any]:
    """What every document of an evaluation needs: language, title, marking, day, fixed words."""
    return {
        "script": script(evaluation.language),
        "direction": current().direction,
        "title": evaluation.title,
        "subtitle": evaluation.subtitle,
        "marking": evaluation.marking,
        "sample": sample_notice() if evaluation.sample else "",
        "day": _("Stand %(day)s", day=written_day(evaluation.made)),
        "headline": evaluation.headline,
        "method": evaluation.method,
        "words": fixed_words(),
        **traffic_lights(evaluation),
    }


def fixed_words() -> dict[str, str]:
    """The words documents bring along themselves."""
    return {
        "page": page_of("{page}", "{pages}"),
        "headline": _("Das Wichtigste auf einer Seite"),
        "method": _("Wie gezählt wurde und wie kleine Gruppen geschützt sind"),
        "signs": signs(),
    }


def page_of(page: str, pages: str) -> str:
    """The number of a page in words, or a pattern for it."""
    return _("Seite %(page)s von %(pages)s", page=page, pages=pages)


def sample_notice() -> str:
    """What stands on every document of the sample city."""
    return _("Beispieldaten: „Musterstadt“ ist erfunden, alle Antworten sind es auch.")


def signs() -> str:
    """The signs of the tables, explained once in a document."""
    colours = ", ".join(f"{SHAPES[code]} {word}" for code, word in bands().items())
    return _(
        "Zeichen: %(colours)s. „%(hidden)s“ steht für eine Zahl, die zum Schutz kleiner Gruppen"
        " nicht gezeigt wird, „%(nothing)s“ dafür, dass es keine Angabe gibt oder sie nicht"
        " vergleichbar ist.",
        colours=colours,
        hidden=HIDDEN,
        nothing=NOTHING,
    )


def traffic_lights(evaluation: Evaluation) -> dict[str, Any]:
    """The first row of the first table of colours as a row of figures.

    Returns:
        tiles: value, label and band (None for what is no colour) of each that is a number.
        tiles-of: what they are counted of; "" without tiles.
    """
    part = first_of(evaluation, "bands")
    if part is None or not part.table.rows:
        return {"tiles": [], "tiles-of": ""}
    row = part.table.rows[0]
    tiles = [
        {
            "value": shown(cell, column),
            "label": f"{SHAPES[column.key]} {column.title}"
            if column.key in SHAPES
            else column.title,
            "band": column.key if column.key in SHAPES else None,
        }
        for column, cell in zip(part.table.columns, row.cells, strict=True)
        if number(cell) is not None and column.key not in SAID_ELSEWHERE
    ]
    of = f"{part.title}: {row.title}" if tiles else ""
    return {"tiles": tiles[:MOST_TILES], "tiles-of": of}


def first_of(evaluation: Evaluation, *kinds: str) -> Part | None:
    """The first part drawn as one of these kinds of charts."""
    return next(
        (part for _s, part in evaluation.parts() if part.chart and part.chart.kind in kinds), None
    )


def leading(evaluation: Evaluation) -> Part | None:
    """The part whose chart stands on the first page: no colours, for these are figures there."""
    small = [p for _s, p in evaluation.parts() if len(p.table.rows) <= MOST_LEADING_ROWS]
    drawable = [part for part in small if pictured(part) and not _coloured(part)]
    return drawable[0] if drawable else None


def lead_content(part: Part | None, language: str) -> dict[str, Any] | None:
    """The chart of the first page."""
    if part is None:
        return None
    caption = part.chart.title if part.chart else ""
    return {"title": part.title, "caption": caption, "pictures": _pictures(part, language)}


def section_content(section: Section, language: str, without: Part | None) -> dict[str, Any]:
    """A section; the chart of the part `without` stands on the first page already."""
    return {
        "question": section.question,
        "finding": section.finding,
        "notes": section.notes,
        "parts": [
            part_content(part, language, said=section.finding, elsewhere=part is without)
            for part in section.parts
        ],
    }


def part_content(
    part: Part, language: str, *, said: str = "", elsewhere: bool = False
) -> dict[str, Any]:
    """A part: heading, caption, pictures, table, notes; what was just `said` is not said again."""
    pictures: Sequence[dict[str, str]] = ()
    if pictured(part) and not elsewhere:
        pictures = _pictures(part, language)
    notes = (_("Die Abbildung dazu steht auf der ersten Seite."),) if elsewhere else ()
    return {
        "title": part.title,
        "caption": part.chart.title if part.chart and part.chart.title != said else "",
        "pictures": pictures,
        "table": printed(part),
        "notes": tuple(chain(notes, part.notes)),
    }


def _coloured(part: Part) -> bool:
    return part.chart is not None and part.chart.kind == "bands"


def _pictures(part: Part, language: str) -> list[dict[str, str]]:
    return [{"svg": picture, "alternative": alternative(part)} for picture in drawn(part, language)]


def told_once(sections: Sequence[dict[str, Any]]) -> None:
    """Shorten long titles of rows and columns wherever they have been printed in full before.

    The statements of a questionnaire are rows of several tables; their wording stands in the first.
    """
    told: set[str] = set()
    for part in chain.from_iterable(section["parts"] for section in sections):
        table = part["table"]
        table["legend"] = [(short, shortened(title)) for short, title in table["legend"]]
        for row in table["rows"]:
            if row["title"] in told:
                row["title"] = shortened(row["title"])
            told.add(row["title"])


def shortened(title: str) -> str:
    """The beginning of a long title."""
    return title if len(title) <= LONG_TITLE else f"{title[:LONG_TITLE].rsplit(' ', 1)[0]} …"
