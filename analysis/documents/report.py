"""The report of a wave as a PDF: one page for the mayor, then a section for every question."""

from __future__ import annotations

from analysis.documents.clean import cleaned
from analysis.documents.content import common, lead_content, leading, section_content, told_once
from analysis.documents.letterhead import Letterhead
from analysis.documents.typeset import typeset
from analysis.evaluation.sections import Evaluation


def report_pdf(evaluation: Evaluation, letterhead: Letterhead) -> bytes:
    """A tagged PDF (PDF/UA-1) in the language of the evaluation; same input, same bytes.

    To be called while that language is spoken (`survey.locale.speaking`).

    Raises:
        UnusableLogo: the letterhead's logo cannot be printed.
    """
    evaluation = cleaned(evaluation)
    lead = leading(evaluation)
    sections = [
        section_content(section, evaluation.language, lead) for section in evaluation.sections
    ]
    told_once(sections)
    content = {
        **common(evaluation),
        "lead": lead_content(lead, evaluation.language),
        "sections": sections,
    }
    return typeset("report.typ", content, letterhead, evaluation.made)
