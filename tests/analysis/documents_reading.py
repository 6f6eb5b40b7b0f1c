"""Documents read back: their text, their properties, everything inside an Office file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from io import BytesIO
from pathlib import Path
from unicodedata import category, normalize
from zipfile import ZipFile

from flask import Flask

from survey import locale

SOFT_BREAKS = str.maketrans("", "", "\u200b\u00ad")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language without an installation."""
    app = Flask("documents")
    locale.init_app(app)
    with locale.speaking(app, code):
        yield


def pdf_text(pdf: bytes, *options: str) -> str:
    """All text of a PDF, spaces and ends of lines as one space each."""
    said = _run(["pdftotext", "-enc", "UTF-8", *options, "-", "-"], pdf).decode()
    return re.sub(r"\s+", " ", said.translate(SOFT_BREAKS))


def pdf_words(pdf: bytes) -> list[tuple[str, float]]:
    """Every word as it stands apart from its neighbours, in plain letters, and its left edge.

    Read from left to right: a word in Arabic letters comes from its last one to its first.
    """
    boxes = _run(["pdftotext", "-enc", "UTF-8", "-bbox", "-", "-"], pdf).decode()
    found = re.findall(r'<word xMin="([0-9.]+)"[^>]*>(.*?)</word>', boxes)
    return [(plain_letters(unescape(word)), float(left)) for left, word in found]


def plain_letters(word: str) -> str:
    """A word in its plain letters, whatever shapes of them a font has, without vowel signs."""
    return "".join(sign for sign in normalize("NFKC", word) if category(sign) not in ("Mn", "Cf"))


def pdf_pages(pdf: bytes) -> int:
    """How many pages it has."""
    return int(pdf_info(pdf)["Pages"])


def pdf_info(pdf: bytes) -> dict[str, str]:
    """What `pdfinfo` says, by name."""
    lines = _run(["pdfinfo", "-"], pdf).decode().splitlines()
    return {
        name.strip(): value.strip() for name, _colon, value in (x.partition(":") for x in lines)
    }


def pdf_metadata(pdf: bytes) -> str:
    """The XML metadata of a PDF."""
    return _run(["pdfinfo", "-meta", "-"], pdf).decode()


def pdf_alternatives(pdf: bytes) -> list[str]:
    """What the pictures of a PDF say to those who do not see them."""
    written = re.findall(rb"/Alt ?(?:<FEFF([0-9A-F]*)>|\(([^)]*)\))", pdf)
    return [
        bytes.fromhex(wide.decode()).decode("utf-16-be") or plain.decode()
        for wide, plain in written
    ]


def unpacked(package: bytes) -> Iterator[tuple[str, str]]:
    """Every part of an Office file as text, those of workbooks inside it too."""
    with ZipFile(BytesIO(package)) as read:
        for name in read.namelist():
            content = read.read(name)
            if name.endswith((".xlsx", ".docx", ".pptx")):
                yield from unpacked(content)
            else:
                yield name, content.decode("utf-8", "replace")


def converted(paths: list[Path], folder: Path) -> list[Path]:
    """Files as PDF by LibreOffice, in one call with a profile of its own.

    Raises:
        FileNotFoundError: LibreOffice (`soffice`) is not installed.
        CalledProcessError: it could not open a file.
    """
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=240)
    return [folder / f"{path.stem}.pdf" for path in paths]


def _run(command: list[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout
