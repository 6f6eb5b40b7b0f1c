"""Data and a template become a tagged PDF: offline, reproducible, no text read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

from analysis.documents.clean import cleaned
from analysis.documents.letterhead import Letterhead
from analysis.figures.fonts import packaged_arabic

TEMPLATES = Path(__file__).parent / "templates"
FAMILIES = ("Noto Sans", "Noto Naskh Arabic", "DejaVu Sans", "Noto Sans Arabic")
"""In order of preference; those a machine has not are left out, or every text would warn.

Noto Sans Arabic draws most letters from two pieces, and each piece is copied and read aloud as the
whole letter; it comes last, for the letters of Pashto that DejaVu lacks.
"""
UNBROKEN = re.compile(r"\S{41,}")
STRETCH = 20
PICTURES = frozenset({"svg", "logo"})
"""What is no text in the data of a template."""
ZERO_WIDTH_SPACE = "\u200b"


@cache
def fonts() -> typst.Fonts:
    """The fonts of the system, and behind them those that come with our packages.

    matplotlib's also hold one with a box for every character there is, so that nothing a person
    typed can keep a document from being made.
    """
    brought = [
        Path(mpl.get_data_path()) / "fonts" / "ttf",
        packaged_arabic().parent,
    ]
    return typst.Fonts(include_system_fonts=True, font_paths=brought)


def typeset(template: str, content: Mapping[str, Any], letterhead: Letterhead, made: date) -> bytes:
    """A PDF/UA-1 of a template filled with content; the same bytes for the same input.

    Args:
        content: what can be written as JSON; the template gets it as `content`.
        made: the only date in the metadata.

    Raises:
        UnusableLogo: the letterhead names a picture that cannot be printed.
    """
    known = set(fonts().families())
    everything = {
        **_with_breaks(dict(content)),
        "fonts": [family for family in FAMILIES if family in known],
        "letterhead": _with_breaks(_head(cleaned(letterhead))),
        "made": [made.year, made.month, made.day],
    }
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=fonts(),
        sys_inputs={"content": json.dumps(everything, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(made, time(), tzinfo=UTC),
    )


def _with_breaks(value: Any) -> Any:
    """The same with places to break in words that have none."""
    if isinstance(value, str):
        return _breakable(value)
    if isinstance(value, Mapping):
        return {k: each if k in PICTURES else _with_breaks(each) for k, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_breaks(each) for each in value]
    return value


def _breakable(text: str) -> str:
    def pieces(match: re.Match[str]) -> str:
        word = match.group()
        starts = range(0, len(word), STRETCH)
        return ZERO_WIDTH_SPACE.join(word[start : start + STRETCH] for start in starts)

    return UNBROKEN.sub(pieces, text)


def _head(letterhead: Letterhead) -> dict[str, Any]:
    picture = letterhead.picture()
    return {
        "organisation": letterhead.organisation,
        "lines": letterhead.lines,
        "logo": None if picture is None else [picture.format, list(picture.content)],
    }


def script(language: str) -> str:
    """A language's tag as fonts and hyphenation know it: "de@simple" is written as German."""
    return language.replace("_", "-").split("@")[0].split("-")[0]
