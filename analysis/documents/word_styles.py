"""A Word document set up: styles, language, header and footer with fields, neutral properties."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from analysis.documents.content import page_of
from analysis.documents.letterhead import Letterhead
from analysis.documents.package import properties, with_territory
from analysis.evaluation.sections import Evaluation
from survey.locale import current

ACCENT, SOFT = RGBColor(0x12, 0x35, 0x5B), RGBColor(0x47, 0x55, 0x69)
TABLE_STYLE, CELL_STYLE, NOTE_STYLE = "Zugangscheck", "Table Text", "Note"
FONT = "Calibri"
"""What Word has; others take what is as wide (Carlito)."""
AFTER_DIRECTION = tuple(
    f"w:{name}"
    for name in ("snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "rPr", "sectPr")
)
"""What a paragraph's properties have after its direction; Word insists on the order."""
SIZES = {"Normal": 10, "Title": 22, "Subtitle": 11, "Heading 1": 15, "Heading 2": 12, "Caption": 9}
TABLE_STYLE_XML = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
  <w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="12355B"/>
    <w:bottom w:val="single" w:sz="4" w:space="0" w:color="C5CFDB"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="C5CFDB"/>
  </w:tblBorders><w:tblCellMar>
    <w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>
    <w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="12355B"/></w:tcBorders>
    <w:shd w:val="clear" w:color="auto" w:fill="F4F6F9"/></w:tcPr></w:tblStylePr>
</w:style>"""


def blank(evaluation: Evaluation, letterhead: Letterhead) -> WordDocument:
    """An empty document with everything set up but its text."""
    document = Document()
    _set_styles(document)
    _set_language(document, evaluation.language)
    _set_properties(document, evaluation, letterhead)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2)
    _set_header(section.header.paragraphs[0], evaluation)
    _set_footer(section.footer.paragraphs[0], letterhead)
    return document


def turn_page(document: WordDocument, *, landscape: bool) -> None:
    """Go on on a new page of this orientation, unless the present one has it already."""
    section = document.sections[-1]
    if (section.orientation == WD_ORIENT.LANDSCAPE) == landscape:
        return
    turned = document.add_section(WD_SECTION.NEW_PAGE)
    turned.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    turned.page_width, turned.page_height = section.page_height, section.page_width


def set_direction(paragraph: Paragraph) -> None:
    """Begin a paragraph on the right where the language does."""
    if current().direction == "rtl":
        mark = OxmlElement("w:bidi")
        paragraph._p.get_or_add_pPr().insert_element_before(mark, *AFTER_DIRECTION)


def _set_styles(document: WordDocument) -> None:
    document.styles.element.append(parse_xml(TABLE_STYLE_XML))
    for name, size in SIZES.items():
        style: Any = document.styles[name]
        style.font.size, style.font.italic = Pt(size), False
        _set_font(style)
        if name.startswith(("Title", "Heading")):
            style.font.color.rgb = ACCENT
        if name in ("Caption", "Subtitle"):
            style.font.color.rgb = SOFT
    document.styles["Caption"].paragraph_format.keep_with_next = True
    title: Any = document.styles["Title"]
    title.element.pPr.remove(title.element.pPr.find(qn("w:pBdr")))
    for name, space in ((CELL_STYLE, 1), (NOTE_STYLE, 3)):
        added: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = document.styles["Normal"]
        added.font.size = Pt(8.5)
        added.paragraph_format.space_before = added.paragraph_format.space_after = Pt(space)
        added.paragraph_format.line_spacing = 1.0


def _set_font(style: Any) -> None:
    """One family for all letters; the template's fonts of its theme would win otherwise."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


def _set_language(document: WordDocument, language: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for tag in defaults.iter(qn("w:lang")):
        for kind in ("val", "bidi"):
            tag.set(qn(f"w:{kind}"), with_territory(language))


def _set_properties(document: WordDocument, evaluation: Evaluation, letterhead: Letterhead) -> None:
    core = document.core_properties
    for name, value in properties(evaluation.title, evaluation.language, letterhead).items():
        setattr(core, name, value)
    core.created = core.modified = datetime.combine(evaluation.made, time())


def _set_header(paragraph: Paragraph, evaluation: Evaluation) -> None:
    paragraph.text = evaluation.title
    paragraph.runs[0].font.color.rgb = SOFT
    paragraph.add_run("\n")
    paragraph.add_run(evaluation.marking).bold = True
    for run in paragraph.runs:
        run.font.size = Pt(8)
    set_direction(paragraph)


def _set_footer(paragraph: Paragraph, letterhead: Letterhead) -> None:
    paragraph.add_run(f"{letterhead.organisation} · ")
    before, _page, rest = page_of("{page}", "{pages}").partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        paragraph.add_run(words)
        if field:
            paragraph._p.append(_field(field))
    for run in paragraph.runs:
        run.font.size = Pt(8)
    set_direction(paragraph)


def _field(instruction: str) -> Any:
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}">'
        '<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    )
