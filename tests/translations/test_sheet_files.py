"""What comes back and is no filled sheet is refused in one sentence, however it was made."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from survey.translation_file import (
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MOST_PARTS,
    MOST_ROWS,
)
from survey.translation_sheet import KEY, REVIEWED, TEXTS, TRANSLATION
from tests.translations.sheets import Sheet, refused


def zipped(**parts: bytes) -> bytes:
    """An archive with these parts."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(raw: bytes, name: str, alter: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part altered."""
    target = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, alter(content) if part == name else content)
    return target.getvalue()


def other_workbook(*heads: str) -> bytes:
    """A workbook with a sheet of texts that has these heads."""
    book, target = Workbook(), BytesIO()
    book.worksheets[0].title = TEXTS
    book.worksheets[0].append(heads)
    book.save(target)
    return target.getvalue()


def bomb() -> bytes:
    """Small packed, large unpacked, and honest about it."""
    return zipped(a=bytes(LARGEST_UNPACKED // 2), b=bytes(LARGEST_UNPACKED // 2 + 1))


def lying_bomb() -> bytes:
    """The same, but it says it was small."""
    size = LARGEST_UNPACKED + 1
    return zipped(a=bytes(size)).replace(struct.pack("<I", size), struct.pack("<I", 100))


def no_sheet() -> bytes:
    """A workbook of something else."""
    target = BytesIO()
    Workbook().save(target)
    return target.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "ist keine XLSX-Datei"),
    "a letter": (lambda: b"Sehr geehrte Damen und Herren", "ist keine XLSX-Datei"),
    "too large": (lambda: bytes(LARGEST_FILE + 1), "ist größer als 5 MiB"),
    "a bomb": (bomb, "ist entpackt größer als 32 MiB"),
    "a bomb that lies": (lying_bomb, "ist keine XLSX-Datei"),
    "many parts": (
        lambda: zipped(**{f"p{n}": b"" for n in range(MOST_PARTS + 1)}), "ist entpackt größer",
    ),
    "another archive": (lambda: zipped(letter=b"Guten Tag"), "lässt sich nicht lesen"),
    "another workbook": (no_sheet, "hat kein Blatt „Texte“"),
    "no heads": (lambda: other_workbook("Wo", "Deutsch"), "Texte!1: Spalte „Schlüssel“ fehlt"),
    "a head twice": (
        lambda: other_workbook(KEY, TRANSLATION, REVIEWED, REVIEWED), "Spalte „Geprüft“ fehlt oder",
    ),
    "no rows": (lambda: other_workbook(KEY, TRANSLATION, REVIEWED), "keine Zeile mit einem"),
}  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_what_is_no_filled_sheet_is_refused(file: str, language: Path) -> None:
    make, reason = FILES[file]
    assert reason in refused(make(), language)[0]


def test_a_damaged_workbook_is_refused(raw: bytes, language: Path) -> None:
    for damaged in (raw[:-200], raw[: len(raw) // 2], raw[:2000] + b"\xff" * 50 + raw[2050:]):
        assert "bitte die exportierte XLSX-Datei ausfüllen" in refused(damaged, language)[0]


def test_entities_are_not_read(raw: bytes, language: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def declare(content: bytes) -> bytes:
        return content.replace(b"?>", b"?>" + laughs, 1)

    raw = with_part(raw, "xl/sharedStrings.xml", declare)
    assert "nicht von einem Tabellenprogramm" in refused(raw, language)[0]


def test_rows_have_a_bound(sheet: Sheet, raw: bytes, language: Path) -> None:
    sheet.texts.cell(MOST_ROWS + 1, 1).value = "x"
    assert refused(sheet.raw, language)[0].startswith(f"Texte: mehr als {MOST_ROWS} Zeilen")
    far = with_part(
        raw,
        "xl/worksheets/sheet2.xml",
        lambda content: content.replace(b'<row r="3"', b'<row r="99999999"', 1),
    )
    assert refused(far, language)[0].startswith(f"Texte: mehr als {MOST_ROWS} Zeilen")


def test_a_wrong_size_in_the_sheet_hides_no_row(sheet: Sheet, language: Path) -> None:
    sheet.put(sheet.line_of("Rot"), "<b>")

    def lie(content: bytes) -> bytes:
        start = content.index(b'<dimension ref="')
        return (
            content[:start] + b'<dimension ref="A1" />' + content[content.index(b">", start) + 1 :]
        )

    raw = with_part(sheet.raw, "xl/worksheets/sheet2.xml", lie)
    assert sheet.name(TRANSLATION, sheet.line_of("Rot")) in refused(raw, language)[0]
