"""Every output read back into cells by their keys, or looked through for the numbers of a row.

Reading takes only the order of parts, rows and columns from the evaluation; the numbers it finds
are those of the output.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl
from bs4 import BeautifulSoup, Tag
from pptx import Presentation

from analysis.evaluation.sections import Evaluation, Part, Row, Section
from tests.analysis.comparing import Key
from tests.analysis.documents_reading import pdf_text
from tests.analysis.recount_rows import HIDDEN, Number
from tests.client import words

Read = dict[Key, float | str | None]
"""What an output says: a number, a colour's code, HIDDEN, or None where it says nothing."""

MARK, NOTHING = "·", "–"
COLOURS = {"Rot": "red", "Gelb": "yellow", "Grün": "green"}
DRAWN_BESIDE = ("bands", "diverging", "dots")
TOKEN = re.compile(r"[+−-]?\d+(?:,\d+)?(?:[\s\u00a0]%)?|[·–](?!\w)|Rot|Gelb|Grün")
HALF_A_DIGIT = {"share": 0.005, "mean": 0.05, "change": 0.05, "points": 0.05, "count": 0.0}


def rows_of(evaluation: Evaluation) -> Iterator[tuple[Section, Part, Row]]:
    """Every row of numbers with the part and section it stands in."""
    for section, part in evaluation.parts():
        if all(column.kind != "text" for column in part.table.columns):
            yield from ((section, part, row) for row in part.table.rows)


def said(text: str) -> float | str | None:
    """What a cell in German says."""
    text = " ".join(text.split())
    if text in (MARK, ""):
        return HIDDEN if text else None
    colour = next((code for word, code in COLOURS.items() if word in text), None)
    if text == NOTHING or colour:
        return colour
    number = float(re.sub(r"[^\d,-]", "", text.replace("−", "-")).replace(",", "."))
    return number / 100 if text.endswith("%") else number


# --- read back ----------------------------------------------------------------------------------


def of_csv(content: bytes, *, for_excel: bool = False) -> Read:
    """The table of tables."""
    found: Read = {}
    text = content.decode("utf-8-sig" if for_excel else "utf-8")
    for line in csv.DictReader(io.StringIO(text), delimiter=";" if for_excel else ","):
        if line["kind"] == "text":
            continue
        value = line["value"].replace(",", ".") if for_excel else line["value"]
        cell: float | str | None = HIDDEN if line["withheld"] == "1" else None
        if value:
            cell = value if line["kind"] == "band" else float(value)
        # An apostrophe keeps a spreadsheet from reading „@total" as a formula.
        row = line["row"].removeprefix("'")
        found[line["section"], line["part"], row, line["column"]] = cell
    return found


def of_workbook(content: bytes, evaluation: Evaluation) -> Read:
    """The cells of the workbook."""
    found: Read = {}
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, section in zip(book.worksheets[1:], evaluation.sections, strict=False):
        lines = list(sheet.iter_rows(values_only=True))
        shorts = int(any(cell == "Kurz" for line in lines for cell in line))
        for part in section.parts:
            head = next(n for n, line in enumerate(lines) if line[0] == part.title) + 1
            for line, row in zip(lines[head + 1 :], part.table.rows, strict=False):
                cells = line[1 + shorts :]
                for column, cell in zip(part.table.columns, cells, strict=False):
                    if column.kind != "text":
                        found[section.key, part.key, row.key, column.key] = _typed(cell)
    return found


def _typed(cell: Any) -> float | str | None:
    if isinstance(cell, str):
        return HIDDEN if cell == MARK else COLOURS[cell]
    return None if cell is None else float(cell)


def of_page(html: str, evaluation: Evaluation) -> Read:
    """The cells of the page's tables."""
    found: Read = {}
    soup = BeautifulSoup(html, "html.parser")
    for section, part, row in rows_of(evaluation):
        place = part.table.rows.index(row)
        body = soup.find("section", attrs={"aria-labelledby": f"{section.key}-{part.key}"})
        assert isinstance(body, Tag), (section.key, part.key)
        line = body.select("tbody tr")[place]
        assert words(line.find("th")) == " ".join(row.title.split())
        drawn = part.chart is not None and part.chart.kind in DRAWN_BESIDE
        cells = line.find_all("td")[int(drawn) :]
        for column, cell in zip(part.table.columns, cells, strict=True):
            found[section.key, part.key, row.key, column.key] = said(words(cell))
    return found


def of_slides(content: bytes, evaluation: Evaluation) -> Read:
    """The values of the slides' native charts; a gap in one is nothing."""
    found: Read = {}
    charts: dict[str, list[list[Any]]] = {}
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                series = [list(each.values) for each in shape.chart.plots[0].series]
                charts.setdefault(shape.name, []).append(series)
    for section, part in evaluation.parts():
        if part.chart is None or part.title not in charts:
            continue
        by_row = part.chart.kind in ("slopes", "lines")
        lines = [
            cells
            for series in charts[part.title]
            for cells in (series if by_row else zip(*series, strict=True))
        ]
        for row, cells in zip(part.table.rows, lines, strict=True):
            for key, cell in zip(part.chart.columns, cells, strict=True):
                found[section.key, part.key, row.key, key] = cell
    return found


# --- looked through -----------------------------------------------------------------------------


def missing_in(pdf: bytes, evaluation: Evaluation, numbers: Mapping[Key, Number]) -> list[str]:
    """The rows whose numbers stand nowhere in the document one behind the other."""
    tokens = [said(token) for token in TOKEN.findall(pdf_text(pdf, "-raw"))]
    lines = []
    for section, part, row in rows_of(evaluation):
        keys = [(section.key, part.key, row.key, c.key) for c in part.table.columns]
        kinds = [column.kind for column in part.table.columns]
        wanted = [(numbers[key], kind) for key, kind in zip(keys, kinds, strict=True)]
        if not any(
            all(alike(t, n, kind) for t, (n, kind) in zip(tokens[at:], wanted, strict=False))
            for at in range(len(tokens) - len(wanted) + 1)
        ):
            lines.append(f"{section.key}-{part.key} {row.title}")
    return lines


def alike(cell: float | str | None, number: Number, kind: str) -> bool:
    """Whether a cell that was rounded to be read says this number."""
    if number is None or isinstance(number, str) or not isinstance(cell, int | float):
        return cell == number
    return abs(float(number) - cell) <= HALF_A_DIGIT[kind] + 1e-9


def other_numbers(
    read: Read, numbers: Mapping[Key, Number], evaluation: Evaluation, *, rounded: bool
) -> list[Key]:
    """The cells that say something else than these numbers."""
    kinds = {
        (section.key, part.key, column.key): column.kind
        for section, part in evaluation.parts()
        for column in part.table.columns
    }
    found = []
    for key, cell in read.items():
        kind = kinds[key[0], key[1], key[3]] if rounded else "count"
        if not alike(cell, numbers[key], kind):
            found.append(key)
    return found
