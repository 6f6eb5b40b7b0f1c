"""Fonts for every language that is offered, and settings nobody's own files can change.

Noto where the system has it; else the DejaVu matplotlib brings, and Noto Sans Arabic from a package
of its own. Letters are joined and ordered by libraqm, which matplotlib brings too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager, ft2font, style
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from analysis.figures.writing import unbroken

LATIN = "Noto Sans"
ARABIC = "Noto Sans Arabic"
BROUGHT = "DejaVu Sans"
"""The font matplotlib brings: many signs and scripts, but not every letter of Pashto."""

PACKAGE = "justmytype_intl_rtl"
UNKNOWN = "\N{WHITE SQUARE}"
"""Stands for a letter no font has; the table beside the figure has the letter itself."""

UNBREAKABLE = "\N{NO-BREAK SPACE}"
KEPT_FORMATS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Invisible signs Persian is spelled with."""

_ARABIC_LETTER = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")

SETTINGS: dict[str, object] = {
    "axes.unicode_minus": True,
    "text.parse_math": False,
    "svg.fonttype": "path",  # the same picture where the fonts are not
    "svg.hashsalt": "zugangscheck",  # the same bytes every time
    "hatch.linewidth": 0.6,
    "savefig.facecolor": "white",
}


@contextmanager
def printing() -> Iterator[None]:
    """Draw and write with our settings, whatever stands in a `matplotlibrc` lying about.

    matplotlib keeps its settings for the whole process: figures are made in one thread at a time.
    """
    with style.context(["default", SETTINGS]):
        yield


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """The families there are, Arabic letters among them in any case."""
    if ARABIC not in font_manager.get_font_names():
        font_manager.fontManager.addfont(packaged_arabic())
    return frozenset(font_manager.get_font_names())


def packaged_arabic() -> Path:
    """The file of Noto Sans Arabic that comes as a package.

    Raises:
        FileNotFoundError: the package is not installed.
    """
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations or [] if found else []
    files = (path for folder in folders for path in Path(folder).rglob("NotoSansArabic*.ttf"))
    first = next(files, None)
    if first is None:
        raise FileNotFoundError(f"no font for Arabic letters: install {PACKAGE.replace('_', '-')}")
    return first


def families(text: str, there: frozenset[str] | None = None) -> tuple[str, ...]:
    """The families a text is drawn with, the first that has a letter is taken.

    Args:
        there: the families there are; those of this machine if left out.
    """
    # A word whose letters come from two fonts falls apart: DejaVu has some of Pashto, not all.
    order = (LATIN, ARABIC, BROUGHT) if _ARABIC_LETTER.search(text) else (LATIN, BROUGHT, ARABIC)
    return tuple(name for name in order if name in (installed() if there is None else there))


def font(text: str, size: float, *, bold: bool = False) -> FontProperties:
    """The font of a text; `size` in points."""
    weight = "bold" if bold else "normal"
    return FontProperties(family=list(families(text)), size=size, weight=weight)


@lru_cache(maxsize=16384)
def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line is, in points."""
    if not text:
        return 0.0
    across, _height, _descent = text_to_path.get_text_width_height_descent(
        text, font(text, size, bold=bold), False
    )
    return float(across)


@lru_cache(maxsize=8)
def _letters(names: tuple[str, ...]) -> frozenset[int]:
    """Code points at least one of the families has, in every weight used."""
    having: set[int] = set()
    for name in names:
        having |= set.intersection(*(_in_weight(name, weight) for weight in ("normal", "bold")))
    return frozenset(having)


def _in_weight(name: str, weight: str) -> set[int]:
    path = font_manager.findfont(FontProperties(family=[name], weight=weight))
    return set(ft2font.FT2Font(path).get_charmap())


def drawable(text: str) -> str:
    """A text on one line that can be drawn: no control signs, a square for a letter no font has."""
    known = _letters(families(text))
    text = unbroken(text)
    plain = "".join(" " if sign.isspace() and sign != UNBREAKABLE else sign for sign in text)
    return re.sub(" +", " ", "".join(_drawn(sign, known) for sign in plain)).strip(" ")


def _drawn(sign: str, known: frozenset[int]) -> str:
    if sign in KEPT_FORMATS:
        return sign
    # Signs that turn the direction of what follows could turn a neighbour's number, too.
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    return sign if ord(sign) in known else UNKNOWN
