"""Where pages end: the signs on the first one, notes with their tables."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from analysis.documents.report import report_pdf
from tests.analysis.documents_reading import pdf_text, speaking
from tests.analysis.specimen import specimen
from tests.analysis.test_documents_office import HEAD, word

FINDING = "Am niedrigsten liegt die Aussage zu Sprachen, am höchsten die zu Beschwerden. "


@pytest.mark.parametrize("findings", [0, 3, 8, 11])
def test_the_signs_stand_on_the_first_page_of_a_report(findings: int) -> None:
    evaluation = replace(specimen(), headline=(FINDING * 3,) * findings)
    with speaking("de"):
        pdf = report_pdf(evaluation, HEAD)
    assert "Zeichen: ■" in pdf_text(pdf, "-l", "1")


def test_notes_of_a_word_report_stay_with_their_tables() -> None:
    body = list(Document(BytesIO(word(specimen()))).element.body)
    followed = [
        table
        for table, after in zip(body, body[1:], strict=False)
        if table.tag.endswith("}tbl") and after.xpath("./w:pPr/w:pStyle[@w:val='Note']")
    ]
    assert len(followed) > 2
    for table in followed[1:]:
        assert table.xpath("./w:tr[last()]//w:keepNext")


def test_the_signs_of_a_word_report_stand_before_its_first_section() -> None:
    paragraphs = Document(BytesIO(word(specimen()))).paragraphs
    texts = [paragraph.text for paragraph in paragraphs]
    signs = next(place for place, text in enumerate(texts) if text.startswith("Zeichen: ■"))
    first = texts.index("Wo stehen wir?")
    assert signs < first
    assert not paragraphs[signs].paragraph_format.page_break_before
    assert paragraphs[first].paragraph_format.page_break_before
