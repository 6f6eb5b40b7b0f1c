"""A workbook somebody sends back, read within bounds: what stands in the columns of its texts.

Nothing is believed of the file: its size packed and unpacked, its rows and columns have bounds, and
what is no workbook ends in one sentence.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as zlib_error

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from survey.translation_sheet import KEY, REVIEWED, TEXTS, TRANSLATION

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 10_000, 50
LONGEST_TEXT = 10_000
"""Of a translation, in characters: several times the longest German text."""
LAST_ROW = 100_000
"""Behind the texts there may be rows somebody has only coloured."""
DOCTYPE = b"<!DOCTYPE"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How spreadsheet programs write letters XML cannot hold."""
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Letters that turn the text behind them, beyond the end of the translation."""
KINDS = {
    "f": "enthält eine Formel",
    "e": "enthält einen Fehlerwert",
    "n": "enthält eine Zahl",
    "d": "enthält ein Datum",
    "b": "enthält einen Wahrheitswert",
}


class SheetError(Exception):
    """A file is not taken in; `lines` name each place, the reason and the cure."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and its name („Texte!E17“); `fault` says why it is no text."""

    line: int
    name: str
    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A row of the sheet as it came back."""

    key: Cell
    translation: Cell
    reviewed: Cell


HEADS = {"key": KEY, "translation": TRANSLATION, "reviewed": REVIEWED}


def filled_rows(raw: bytes) -> list[Filled]:
    """The rows of a file in which anything stands in these columns.

    Raises:
        SheetError: it is no workbook made by the export, or larger than any of those.
    """
    _refuse_unbounded(raw)
    try:
        grid = _grid(raw)
    except SheetError:
        raise
    except Exception as error:
        # A damaged workbook ends in whatever the reader met first; for its sender it is one thing.
        raise SheetError([_no_workbook("lässt sich nicht lesen")]) from error
    return list(_rows(grid))


def _no_workbook(reason: str) -> str:
    return f"Die Datei {reason}; bitte die exportierte XLSX-Datei ausfüllen und als XLSX speichern"


UNPACKING_FAILS = (
    BadZipFile,
    NotImplementedError,  # a way of packing zipfile does not know
    RuntimeError,  # encrypted
    EOFError,  # cut off
    OSError,  # an offset outside of the file
    ValueError,  # a name or a size that is none
)
"""What zipfile raises for archives that are none or damaged; for the sender it is one thing."""


def _refuse_unbounded(raw: bytes) -> None:
    if len(raw) > LARGEST_FILE:
        raise SheetError([_no_workbook("ist größer als 5 MiB")])
    try:
        with ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
            # What an archive says of its sizes is a bound: nothing is unpacked beyond it.
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_UNPACKED:
                raise SheetError([_no_workbook("ist entpackt größer als 32 MiB")])
            declared = any(DOCTYPE in archive.read(part).replace(b"\0", b"") for part in parts)
    except UNPACKING_FAILS as error:
        raise SheetError([_no_workbook("ist keine XLSX-Datei")]) from error
    except zlib_error as error:
        raise SheetError([_no_workbook("ist beschädigt")]) from error
    if declared:
        raise SheetError([_no_workbook("ist nicht von einem Tabellenprogramm")])


def _grid(raw: bytes) -> list[Sequence[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles nobody reads here
        book = load_workbook(BytesIO(raw), read_only=True, keep_links=False)
        try:
            if TEXTS not in book.sheetnames:
                raise SheetError([_no_workbook(f"hat kein Blatt „{TEXTS}“")])
            return list(_lines(book[TEXTS]))
        finally:
            book.close()


def _lines(sheet: Any) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what a sheet says of its size cuts off rows where it is wrong
    for number, cells in enumerate(sheet.iter_rows(min_row=1, max_col=MOST_COLUMNS), 1):
        if number <= MOST_ROWS:
            yield cells
        elif number > LAST_ROW or any(cell.value is not None for cell in cells):
            raise SheetError([f"{TEXTS}: mehr als {MOST_ROWS} Zeilen; überzählige Zeilen löschen"])


def _rows(grid: list[Sequence[Any]]) -> Iterator[Filled]:
    heads = [str(cell.value or "").strip() for cell in (grid[0] if grid else ())]
    missing = [head for head in HEADS.values() if heads.count(head) != 1]
    if missing:
        raise SheetError(
            [f"{TEXTS}!1: Spalte „{head}“ fehlt oder steht doppelt da; neu exportieren"
             for head in missing]
        )  # fmt: skip
    places = {name: heads.index(head) for name, head in HEADS.items()}
    for line, cells in enumerate(grid[1:], 2):
        found = {name: _cell(line, place, cells[place]) for name, place in places.items()}
        if any(cell.text or cell.fault for cell in found.values()):
            yield Filled(**found)


def _cell(line: int, place: int, cell: Any) -> Cell:
    name = f"{TEXTS}!{get_column_letter(place + 1)}{line}"
    if cell.value is None:
        return Cell(line, name, "")
    if not isinstance(cell.value, str) or cell.data_type in KINDS:
        reason = KINDS.get(cell.data_type, "enthält keinen Text")
        return Cell(line, name, "", f"{reason}; als Text schreiben")
    text = cell.value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return Cell(line, name, text, _unwritable(text))


def _unwritable(text: str) -> str:
    """Why a text cannot be stored or shown; empty where it can."""
    written_out = [chr(int(code, 16)) for code in ESCAPED.findall(text)]
    if any(_is_control(letter) for letter in (*text, *written_out)):
        return "enthält ein Steuerzeichen; Zelle leeren und neu schreiben"
    if TURNING & set(text):
        return "enthält ein unsichtbares Zeichen, das die Schreibrichtung umkehrt; neu schreiben"
    if len(text) > LONGEST_TEXT:
        return f"ist länger als {LONGEST_TEXT} Zeichen; kürzen"
    return ""


def _is_control(letter: str) -> bool:
    return letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs")
