"""A questionnaire as one audience gets it: what is not for it, or not for the mode, is taken out.

Done once, when a wave is made. What is frozen then is exactly what is asked, and no other code
knows that there were variants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from forms.definition import Mode, Question, Questionnaire, Section
from forms.texts import source_texts

P = TypeVar("P", Section, Question)

REPLACED = ("introduction", "result_title")
"""Texts of the questionnaire a variant may replace."""
ASKED_OF = "asked_of"
"""The text that says which variant it was."""


def variant(questionnaire: Questionnaire, variant_id: str, mode: Mode) -> Questionnaire:
    """What is asked of an audience.

    Args:
        variant_id: one of the file's variants; "" for a questionnaire without any.

    Raises:
        KeyError: the file has no such variant.
    """
    chosen = {v.id: v for v in questionnaire.variants}
    words = {
        name: getattr(chosen[variant_id], name)
        for name in (REPLACED if variant_id or chosen else ())
        if getattr(chosen[variant_id], name)
    }
    sections = [
        _plain(s, questions=tuple(_plain(q) for q in s.questions if _asked(q, variant_id, mode)))
        for s in questionnaire.sections
        if _asked(s, variant_id, mode)
    ]
    if variant_id:
        words[ASKED_OF] = chosen[variant_id].title
    reduced = questionnaire.model_copy(
        update={**words, "variants": (), "sections": tuple(s for s in sections if s.questions)}
    )
    # Validated anew: `model_copy` would keep what the whole questionnaire had computed of itself.
    return Questionnaire.model_validate(reduced.model_dump(exclude_defaults=True))


def variant_texts(
    whole: Questionnaire, reduced: Questionnaire, texts: Mapping[str, str], variant_id: str
) -> dict[str, str]:
    """The translated texts of a whole questionnaire, by the keys they have in a variant."""
    chosen = next((v for v in whole.variants if v.id == variant_id), None)
    kept = {}
    for source in source_texts(reduced):
        replaced = source.key in REPLACED and chosen and getattr(chosen, source.key)
        own = "title" if source.key == ASKED_OF else source.key if replaced else ""
        text = texts.get(f"variants.{variant_id}.{own}" if own else source.key)
        if text:
            kept[source.key] = text
    return kept


def _asked(part: Section | Question, variant_id: str, mode: Mode) -> bool:
    return (not part.variants or variant_id in part.variants) and part.mode in (None, mode)


def _plain(part: P, **changes: object) -> P:
    return part.model_copy(update={"variants": (), "mode": None, **changes})
