"""The summary of a wave for everybody: exactly one page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.documents.clean import cleaned
from analysis.documents.content import common, first_of, lead_content, leading, part_content
from analysis.documents.letterhead import Letterhead
from analysis.documents.typeset import typeset
from analysis.evaluation.sections import Evaluation, Part

CATEGORY_CHARTS = ("bars", "multiples")


def summary_pdf(evaluation: Evaluation, letterhead: Letterhead) -> bytes:
    """A tagged PDF (PDF/UA-1) of one page; what does not fit is made smaller, then left out.

    To be called while the evaluation's language is spoken (`survey.locale.speaking`).

    Raises:
        ValueError: the evaluation is not the public one.
        UnusableLogo: the letterhead's logo cannot be printed.
    """
    if evaluation.level != "public":
        raise ValueError(f"{evaluation.slug}: a public summary of the level {evaluation.level!r}")
    evaluation = cleaned(evaluation)
    categories = first_of(evaluation, *CATEGORY_CHARTS)
    lead = leading(evaluation)
    content = {
        **common(evaluation),
        "lead": lead_content(lead, evaluation.language),
        "categories_charted": categories is not None and categories is lead,
        "categories": None if categories is None else _table_only(categories, evaluation),
    }
    return typeset("summary.typ", content, letterhead, evaluation.made)


def _table_only(part: Part, evaluation: Evaluation) -> dict[str, Any]:
    return part_content(replace(part, chart=None), evaluation.language)
