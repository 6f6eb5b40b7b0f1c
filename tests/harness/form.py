"""The Selbstcheck written down once more, from the printed form and without `forms`.

What the harnesses expect must not come from the code they examine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

Sheet = dict[str, Any]

PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sprache", ("q1", "q2", "q3")),
    ("organisation", ("q4", "q5")),
    ("massnahmen", ("q5_past", "q5_next")),
    ("sensibilitaet", ("q6", "q7", "q8")),
    ("zusammenarbeit", ("q8_fields", "q8_fields.other")),
    ("schritte", ("next_steps",)),
)
ASKED_IF = {"massnahmen": "q5", "zusammenarbeit": "q8"}
"""Follow-ups are asked when this statement got at least „teilweise", three points."""
STATEMENTS = ("q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8")
FIELDS = ("recruitment", "committees", "exchange", "outreach", "opening", "events", "other")
ANSWERS = "12345"

# Texts that break what escapes, cuts or encodes carelessly.
PHRASES = (
    "Merkblätter neu fassen",
    'Dienstags Sprechtag <b>für alle</b> & "jede"',
    "ترجمة النماذج إلى العربية",
    "{{ 7*7 }} {% raw %} %(office)s {0}",
    '=HYPERLINK("x")',
    "Zeile eins\nZeile zwei",
    "Straße, Ämter, naïve 🙂",
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a complete sheet is worth by the form."""

    language: int
    organisation: int
    sensitivity: int
    total: int
    band: str


def expected(sheet: Mapping[str, Any]) -> Expected:
    """The form's arithmetic: a category is the sum of its statements, the total of all eight."""
    worth = [int(sheet[statement]) for statement in STATEMENTS]
    total = sum(worth)
    # Three elevens along the picture of the scale, from eight points to forty.
    band = ("red", "yellow", "green")[(total - 8) // 11]
    return Expected(sum(worth[:3]), sum(worth[3:5]), sum(worth[5:]), total, band)


def all_sheets() -> Iterator[tuple[str, ...]]:
    """Every complete answer sheet there is: 5⁸ = 390,625."""
    return product(ANSWERS, repeat=len(STATEMENTS))


def asked(page: str, draft: Mapping[str, Any]) -> bool:
    """Whether a page has to be passed with these answers."""
    return page not in ASKED_IF or draft.get(ASKED_IF[page], "0") >= "3"


def counting(draft: Mapping[str, Any]) -> Sheet:
    """What of a draft a submission keeps: nothing hidden, nothing empty."""
    kept = {key: draft[key] for page, keys in PAGES if asked(page, draft) for key in keys
            if draft.get(key)}  # fmt: skip
    if "other" not in kept.get("q8_fields", ()):
        kept.pop("q8_fields.other", None)
    return kept


def made_up_page(keys: tuple[str, ...], chance: Random) -> Sheet:
    """Answers to everything on one page."""
    sheet: Sheet = {}
    for key in keys:
        if key in STATEMENTS:
            sheet[key] = chance.choice(ANSWERS)
        elif key == "q8_fields":
            sheet[key] = [field for field in FIELDS if chance.random() < 0.5]
        else:
            sheet[key] = f"{chance.choice(PHRASES)} {chance.getrandbits(40):x}"
    return {key: value for key, value in sheet.items() if value}


def as_fields(sheet: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A page's answers as a browser sends them."""
    return [
        (key, each)
        for key, value in sheet.items()
        for each in ([value] if isinstance(value, str) else value)
    ]
