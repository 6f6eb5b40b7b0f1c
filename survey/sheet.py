"""A draft as it is handed in: what counts of it, split into codes and texts, and scored. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.definition import Questionnaire
from forms.path import base_key, visible_answers
from forms.rating import ratings
from forms.scoring import score


class StoreError(Exception):
    """A write that was refused; nothing was changed."""


class NothingToSubmit(StoreError):
    """There is neither a draft with an answer nor a submitted sheet."""


def scored_sheet(draft: Mapping[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    """The columns of a submitted response, and its `texts` as sorted (answer key, text) pairs.

    Raises:
        Unanswered: a scored question has no answer.
        NothingToSubmit: nothing at all is answered.
    """
    visible = visible_answers(questionnaire, draft)
    if not visible and not questionnaire.scored:
        raise NothingToSubmit("nothing is answered")
    written = {q.id for q in questionnaire.questions.values() if q.type in ("text", "lines")}
    texts = {
        key: value
        for key, value in visible.items()
        if base_key(key) in written or base_key(key).endswith(".other")
    }
    sheet: dict[str, Any] = {
        "answers": {key: value for key, value in visible.items() if key not in texts},
        "texts": sorted(texts.items()),
        "points": None,
        "possible": None,
        "category_points": None,
        "category_bands": None,
        "band": None,
    }
    if questionnaire.scored:
        result = score(questionnaire, visible)
        sheet |= {
            "points": result.total.reached,
            "possible": result.total.possible,
            "category_points": {c.category: c.points.reached for c in result.categories},
            "band": result.band,
        }
    coloured = {r.category: r.band for r in ratings(questionnaire, visible) if r.band}
    return sheet | {"category_bands": coloured or None}
