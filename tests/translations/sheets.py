"""A sheet in the hands of a translator: exported, filled cell by cell, sent back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from survey.catalogues import mark_of, read, update
from survey.locale import languages
from survey.translation_file import SheetError
from survey.translation_import import take_in
from survey.translation_rows import rows
from survey.translation_sheet import KEY, REVIEWED, TEXTS, TRANSLATION, workbook
from tests.translations.folders import entry, in_brackets

GERMAN, NUMBERS = "Deutsch", "Für die Zahlen"


def exported(folder: Path, code: str) -> bytes:
    """The workbook of a language."""
    return workbook(code, rows(code, folder), folder)


def new_language(folder: Path, code: str, name: str = "x", direction: str = "ltr") -> Path:
    """Add a language as people do: one file, then an update; returns its catalogue."""
    (folder / code).mkdir()
    text = f'name = "{name}"\ndirection = "{direction}"\n'
    (folder / code / "language.toml").write_text(text, encoding="utf-8")
    update(folder)
    return folder / code / "LC_MESSAGES" / "messages.po"


def translation(po: Path, text: str) -> tuple[object, str]:
    """What a catalogue has for a text, and its status."""
    catalogue = read(po, languages(po.parents[2])[po.parents[1].name])
    known = mark_of(entry(catalogue, text))
    return entry(catalogue, text).string, known.status if known else ""


def refused(raw: bytes, folder: Path) -> list[str]:
    """The errors of a file that is not taken in, after making sure that nothing was written."""
    before = {path: path.read_bytes() for path in folder.rglob("*.po")}
    with pytest.raises(SheetError) as caught:
        take_in(raw, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.po")} == before
    return list(caught.value.lines)


class Sheet:
    """An opened workbook."""

    def __init__(self, raw: bytes) -> None:
        self.book = load_workbook(BytesIO(raw))
        self.texts: Any = self.book[TEXTS]
        self.heads: list[str] = [str(cell.value) for cell in self.texts[1]]

    @property
    def raw(self) -> bytes:
        """The file as it is saved now."""
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()

    def name(self, head: str, line: int) -> str:
        """What an error calls a cell."""
        return f"{TEXTS}!{get_column_letter(self.heads.index(head) + 1)}{line}"

    def cell(self, head: str, line: int) -> Any:
        """The cell under a head."""
        return self.texts.cell(line, self.heads.index(head) + 1)

    def lines(self) -> range:
        """All lines that hold a text."""
        return range(2, self.texts.max_row + 1)

    def lines_of(self, german: str) -> list[int]:
        """The lines of the pages (not of questionnaires) with this German text."""
        return [line for line in self.lines() if self.cell(GERMAN, line).value == german]

    def line_of(self, german: str) -> int:
        """The last of them."""
        return self.lines_of(german)[-1]

    def put(self, line: int, text: Any, head: str = TRANSLATION) -> None:
        """Write into a cell, always as what it is: what begins with = stays text."""
        cell = self.cell(head, line)
        cell.value = text
        if isinstance(text, str):
            cell.data_type = "s"

    def fill(self, wanted: Callable[[int], bool] = lambda _line: True) -> int:
        """Put the German text in brackets into every empty cell; returns how many."""
        empty = [n for n in self.lines() if not self.cell(TRANSLATION, n).value and wanted(n)]
        for line in empty:
            self.put(line, in_brackets(str(self.cell(GERMAN, line).value)))
        return len(empty)

    def say_reviewed(self, line: int) -> None:
        """Choose „ja“."""
        self.put(line, "ja", REVIEWED)

    def key(self, line: int) -> str:
        """The key of a line."""
        return str(self.cell(KEY, line).value)

    def column(self, head: str, lines: list[int]) -> list[object]:
        """What stands under a head in some lines."""
        return [self.cell(head, line).value for line in lines]
