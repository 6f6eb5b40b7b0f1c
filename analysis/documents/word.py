"""The report of a wave for editing, as a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document as WordDocument
from docx.shared import Cm

from analysis.documents.clean import cleaned
from analysis.documents.content import fixed_words, leading, sample_notice, traffic_lights
from analysis.documents.letterhead import Letterhead
from analysis.documents.package import settled
from analysis.documents.pictures import alternative, drawn_for_word, pictured
from analysis.documents.tabular import printed
from analysis.documents.word_styles import NOTE_STYLE, blank, set_direction, turn_page
from analysis.documents.word_tables import add_table, add_tiles
from analysis.evaluation.sections import Evaluation, Part, Section

PICTURE_WIDTH = Cm(17)


def report_docx(evaluation: Evaluation, letterhead: Letterhead) -> bytes:
    """A Word document with real styles, editable tables and described pictures.

    To be called while the evaluation's language is spoken (`survey.locale.speaking`).

    Raises:
        UnusableLogo: the letterhead's logo cannot be printed.
    """
    evaluation, letterhead = cleaned(evaluation), cleaned(letterhead)
    document = blank(evaluation, letterhead)
    _add_head(document, evaluation, letterhead)
    _add_first_page(document, evaluation)
    for place, section in enumerate(evaluation.sections):
        _add_section(document, section, evaluation.language, on_new_page=place == 0)
    turn_page(document, landscape=False)
    document.add_heading(fixed_words()["method"], 1)
    for head, text in evaluation.method:
        document.add_heading(head, 2)
        document.add_paragraph(text)
    for paragraph in document.paragraphs:
        set_direction(paragraph)
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue(), evaluation.made)


def _add_head(document: WordDocument, evaluation: Evaluation, letterhead: Letterhead) -> None:
    logo = letterhead.picture()
    if logo is not None and logo.format == "png":  # Word takes SVG only beside a PNG of the same
        document.add_picture(BytesIO(logo.content), height=Cm(1.5))
        _describe(document, letterhead.organisation)
    head = document.add_paragraph()
    head.add_run(letterhead.organisation).bold = True
    for line in letterhead.lines:
        head.add_run(f"\n{line}")
    document.add_paragraph(evaluation.title, style="Title")
    document.add_paragraph(evaluation.subtitle, style="Subtitle")
    if evaluation.sample:
        document.add_paragraph().add_run(sample_notice()).bold = True


def _add_first_page(document: WordDocument, evaluation: Evaluation) -> None:
    document.add_heading(fixed_words()["headline"], 1)
    for finding in evaluation.headline:
        document.add_paragraph(finding, style="List Bullet")
    lights = traffic_lights(evaluation)
    if lights["tiles"]:
        add_tiles(document, lights["tiles"])
        document.add_paragraph(lights["tiles-of"], style=NOTE_STYLE)
    # Before the chart, which alone may go on to a second page.
    document.add_paragraph(fixed_words()["signs"], style=NOTE_STYLE)
    lead = leading(evaluation)
    if lead is not None:
        document.add_heading(lead.title, 2)
        _add_pictures(document, lead, evaluation.language)


def _add_section(
    document: WordDocument, section: Section, language: str, *, on_new_page: bool
) -> None:
    before = len(document.sections)
    _turn_page_for(document, section.parts[:1])
    head = document.add_heading(section.question, 1)
    head.paragraph_format.page_break_before = on_new_page and len(document.sections) == before
    finding = document.add_paragraph()
    finding.add_run(section.finding).bold = True
    for note in section.notes:
        document.add_paragraph(note)
    finding.paragraph_format.keep_with_next = True
    for part in section.parts:
        _turn_page_for(document, [part])
        document.add_heading(part.title, 2)
        if part.chart is not None and part.chart.title != section.finding:
            document.add_paragraph(part.chart.title, style="Caption")
        if pictured(part):
            _add_pictures(document, part, language)
        add_table(document, part)


def _turn_page_for(document: WordDocument, parts: Sequence[Part]) -> None:
    turn_page(document, landscape=any(printed(part)["landscape"] for part in parts))


def _add_pictures(document: WordDocument, part: Part, language: str) -> None:
    for picture in drawn_for_word(part, language):
        document.add_picture(BytesIO(picture), width=PICTURE_WIDTH)
        _describe(document, alternative(part))


def _describe(document: WordDocument, alternative_text: str) -> None:
    """Say what the last picture shows to whoever does not see it."""
    shape = document.inline_shapes[len(document.inline_shapes) - 1]
    shape._inline.docPr.set("descr", alternative_text)
