"""Words in figures: they fit, keep apart, and every letter of every language is there."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import font_manager

from analysis.evaluation.sections import Row
from analysis.figures import fonts, words
from analysis.figures.spread import spread
from tests.analysis.figure_words import NAMES

PASHTO = "ابپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګلمنڼوهءیېۍئي"


@pytest.mark.parametrize(
    ("room", "lines", "expected"),
    [
        (500, 1, ("Interkulturelle Sensibilität/Menschenbilder",)),
        (130, 2, ("Interkulturelle Sensibilität/", "Menschenbilder")),
        (60, 3, ("Interkulturelle", "Sensibilität/", "Menschenbil…")),
        (60, 1, ("Interkulture…",)),
        (0, 2, ()),
    ],
)
def test_a_text_is_broken_between_words_and_elided_at_the_end(
    room: float, lines: int, expected: tuple[str, ...]
) -> None:
    found = words.wrapped("Interkulturelle Sensibilität/Menschenbilder", room, lines, 8)
    assert len(found) == len(expected)
    assert "".join(found).rstrip("…")[:8] == "".join(expected)[:8]
    assert all(fonts.width(line, 8) <= room for line in found)
    assert [line.endswith("…") for line in found] == [line.endswith("…") for line in expected]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.floats(20, 200), st.integers(1, 4))
def test_no_line_is_wider_than_its_room(text: str, room: float, lines: int) -> None:
    found = words.wrapped(text, room, lines, 8)
    assert len(found) <= lines
    assert all(fonts.width(line, 8) <= room for line in found)


@settings(max_examples=50, deadline=None)
@given(st.text("abc /-", max_size=40))
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    found = words.wrapped(text, 30, 100, 8)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("title", "short", "expected"),
    [
        ("Sprache", "S", "Sprache"),
        ("Eine lange Bezeichnung der Sprache", "Sprache", "Sprache"),
        ("Wir erklären alles in leichter Sprache", "3", "3 Wir erklä…"),
    ],
)
def test_a_rows_name_is_whole_or_short(title: str, short: str, expected: str) -> None:
    (label,) = words.row_label(Row("r", title, (), short=short), 55, 1, 8)
    assert label[:5] == expected[:5]
    assert label.endswith("…") == expected.endswith("…")
    assert fonts.width(label, 8) <= 55


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "=1+1"),
        ("$\\frac{$", "$\\frac{$"),
        ("Amt\n\tfür\x00 Soziales\x1b", "Amt für Soziales"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}Amt\N{SOFT HYPHEN}", "Amt"),
        ("\ud800 Amt \U000f0000", "Amt"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهیم", "می\N{ZERO WIDTH NON-JOINER}خواهیم"),
        ("\N{CUNEIFORM SIGN A}-Amt", "\N{WHITE SQUARE}-Amt"),
    ],
)
def test_any_name_can_be_drawn(text: str, expected: str) -> None:
    assert fonts.drawable(text) == expected


@given(st.text(max_size=30))
def test_what_is_drawable_stays_so(text: str) -> None:
    once = fonts.drawable(text)
    assert fonts.drawable(once) == once
    assert not {unicodedata.category(s) for s in once if s not in fonts.KEPT_FORMATS} & {"Cc", "Cf"}
    fonts.width(once, 8)  # a letter no font has would warn, and that is an error here


@pytest.mark.parametrize("text", [PASHTO, *(name for names in NAMES.values() for name in names)])
def test_every_letter_of_every_language_has_a_sign(text: str) -> None:
    assert fonts.drawable(text) == text
    assert fonts.width(text, 8) > 0
    assert fonts.width(text, 8, bold=True) > 0


def test_the_packaged_font_has_all_arabic_letters() -> None:
    """Where the system has no Noto: no word is put together from two fonts."""
    packaged = font_manager.get_font(fonts.packaged_arabic())
    letters = set(PASHTO) | {s for code in ("ar", "fa", "prs", "ps") for s in "".join(NAMES[code])}
    assert all(ord(s) in packaged.get_charmap() for s in letters if s.isalpha())


@pytest.mark.parametrize(
    ("text", "there", "expected"),
    [
        ("Amt", {"Noto Sans", "Noto Sans Arabic", "DejaVu Sans"}, "Noto Sans"),
        ("Amt", {"Noto Sans Arabic", "DejaVu Sans"}, "DejaVu Sans"),
        ("ټولنه", {"Noto Sans Arabic", "DejaVu Sans"}, "Noto Sans Arabic"),
    ],
)
def test_the_first_font_suits_the_letters(text: str, there: set[str], expected: str) -> None:
    assert fonts.families(text, frozenset(there))[0] == expected


def test_arabic_letters_are_joined() -> None:
    apart = sum(fonts.width(letter, 8) for letter in "مكتب")
    assert fonts.width("مكتب", 8) < 0.9 * apart


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], []),
        ([5.0], [5.0]),
        ([0.0, 50.0], [0.0, 50.0]),
        ([50.0, 50.0], [45.0, 55.0]),
        ([60.0, 50.0, 50.0], [63.333, 43.333, 53.333]),
        ([0.0, 0.0, 100.0], [0.0, 10.0, 100.0]),
        ([100.0, 100.0], [90.0, 100.0]),
    ],
)
def test_labels_are_moved_apart_as_little_as_needed(
    wanted: list[float], expected: list[float]
) -> None:
    assert spread(wanted, 10, 0, 100) == pytest.approx(expected, abs=0.01)


@given(st.lists(st.floats(0, 100), max_size=40))
def test_labels_keep_their_order_and_stay_inside(wanted: list[float]) -> None:
    found = sorted(zip(spread(wanted, 10, 0, 100), wanted, strict=True))
    gap = min(10, 100 / max(len(wanted) - 1, 1))
    assert all(-1e-6 <= position <= 100 + 1e-6 for position, _wish in found)
    for (low, one), (high, other) in pairwise(found):
        assert high - low >= gap - 1e-6
        assert one <= other
