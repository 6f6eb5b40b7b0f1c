"""A presentation set up: wide slides, titles, footers with the marking, notes, language."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from analysis.documents.letterhead import Letterhead
from analysis.documents.package import properties, settled, with_territory
from analysis.evaluation.sections import Evaluation
from survey.locale import current

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.6)


def rgb(code: str) -> RGBColor:
    """A colour of "#rrggbb"."""
    colour: RGBColor = RGBColor.from_string(  # type: ignore[no-untyped-call]
        code.removeprefix("#").upper()
    )
    return colour


INK, SOFT, ACCENT = rgb("#14202e"), rgb("#475569"), rgb("#12355b")
GAP = Inches(0.15)
TITLE_LAYOUT, PLAIN_LAYOUT = 0, 5
TITLE_SIZES = ((90, 22), (150, 18))
"""Characters, and the size of the type of longer titles, so that all fit the same place."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide."""

    left: Length
    top: Length
    width: Length
    height: Length


FULL = Length(WIDTH - 2 * MARGIN)
TITLE_BOX = Box(MARGIN, Inches(0.35), FULL, Inches(1.15))
LEAD_BOX = Box(MARGIN, Inches(1.5), FULL, Inches(0.65))
BODY_BOX = Box(MARGIN, Inches(2.2), FULL, Inches(4.05))
WIDE_BOX = Box(MARGIN, BODY_BOX.top, Length(FULL * 62 // 100), BODY_BOX.height)
BESIDE_BOX = Box(
    Length(MARGIN + FULL * 64 // 100), BODY_BOX.top, Length(FULL * 36 // 100), BODY_BOX.height
)
TILE_INSET = Inches(0.08)
NOTE_BOX = Box(MARGIN, Inches(6.3), FULL, Inches(0.55))
FOOTER_BOX = Box(MARGIN, Inches(6.9), Inches(10.5), Inches(0.4))
NUMBER_BOX = Box(Length(WIDTH - MARGIN - Inches(1.2)), Inches(6.9), Inches(1.2), Inches(0.4))
COVER_TITLE = Box(MARGIN, Inches(2.1), FULL, Inches(1.6))
COVER_TEXT = Box(MARGIN, Inches(3.8), FULL, Inches(2.2))


class Deck:
    """Slides of one evaluation, added in order."""

    def __init__(self, evaluation: Evaluation, letterhead: Letterhead) -> None:
        self.evaluation = evaluation
        self._made: Any = Presentation()
        self._made.slide_width, self._made.slide_height = WIDTH, HEIGHT
        self._set_layouts()
        self._set_properties(letterhead)

    def cover(self, title: str, lines: list[str]) -> Any:
        """The title slide."""
        slide = self._made.slides.add_slide(self._cover)
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
        self._finish(slide)
        return slide

    def slide(self, title: str, lead: tuple[str, int] = ("", 0), notes: str = "") -> Any:
        """A slide with a title, a line beneath it, (text, points of its type), and a notes page."""
        slide = self._made.slides.add_slide(self._plain)
        slide.shapes.title.text = title
        for longest, size in TITLE_SIZES:
            if len(title) > longest:
                slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
        text, size = lead
        if text:
            write(slide, LEAD_BOX, [text], size=size, colour=SOFT)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        self._finish(slide)
        return slide

    def saved(self) -> bytes:
        """The file; the same bytes for the same slides."""
        language = with_territory(self.evaluation.language)
        for slide in self._made.slides:
            _set_language(slide._element, language)
            if slide.has_notes_slide:
                _set_language(slide.notes_slide._element, language)
        written = BytesIO()
        self._made.save(written)
        return settled(written.getvalue(), self.evaluation.made)

    def _finish(self, slide: Any) -> None:
        """Footer and number, which a slide does not get from its layout by itself."""
        kinds = {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
        for placeholder in slide.slide_layout.placeholders:
            if placeholder.placeholder_format.type in kinds:
                copied = deepcopy(placeholder._element)
                taken = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
                copied.nvSpPr.cNvPr.set("id", str(max(map(int, taken)) + 1))
                slide.shapes._spTree.append(copied)
        for shape in slide.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                shape.text_frame.text = self.evaluation.marking

    def _set_layouts(self) -> None:
        master = self._made.slide_master
        self._cover, self._plain = layouts = [
            self._made.slide_layouts[place] for place in (TITLE_LAYOUT, PLAIN_LAYOUT)
        ]
        for holder in (master, *layouts):
            for shape in list(holder.placeholders):
                _lay_out(shape)
        # Layouts nobody uses still have the narrow slides' measures.
        for layout in list(self._made.slide_layouts):
            if layout not in layouts:
                self._made.slide_layouts.remove(layout)

    def _set_properties(self, letterhead: Letterhead) -> None:
        core, own = self._made.core_properties, self.evaluation
        for name, value in properties(own.title, own.language, letterhead).items():
            setattr(core, name, value)
        core.created = core.modified = datetime.combine(own.made, time())


def write(
    slide: Any, box: Box, lines: list[str], *, size: int, colour: RGBColor = INK, bold: bool = False
) -> Any:
    """Lines of text in a box."""
    shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    frame = shape.text_frame
    frame.word_wrap = True
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.space_after = Pt(size // 2)
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
        _set_direction(paragraph)
    return shape


def describe(shape: Any, name: str, alternative: str) -> None:
    """Say what a shape shows to whoever does not see it."""
    properties_of = shape._element.xpath(".//p:cNvPr")[0]
    properties_of.set("name", name)
    properties_of.set("descr", alternative)


def _lay_out(shape: Any) -> None:
    kind = shape.placeholder_format.type
    boxes = {
        PP_PLACEHOLDER.TITLE: TITLE_BOX,
        PP_PLACEHOLDER.CENTER_TITLE: COVER_TITLE,
        PP_PLACEHOLDER.SUBTITLE: COVER_TEXT,
        PP_PLACEHOLDER.BODY: BODY_BOX,
        PP_PLACEHOLDER.FOOTER: FOOTER_BOX,
        PP_PLACEHOLDER.SLIDE_NUMBER: NUMBER_BOX,
    }
    if kind not in boxes:
        shape._element.getparent().remove(shape._element)  # the date: it stands on the cover
        return
    box = boxes[kind]
    shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height
    _set_look(shape, _SIZES.get(kind, 12), accent=kind in _ACCENTED)


_SIZES = {
    PP_PLACEHOLDER.TITLE: 28,
    PP_PLACEHOLDER.CENTER_TITLE: 40,
    PP_PLACEHOLDER.SUBTITLE: 20,
    PP_PLACEHOLDER.BODY: 20,
}
_ACCENTED = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _set_look(shape: Any, size: int, *, accent: bool) -> None:
    """Size, colour and edge of all that is written into a placeholder, as its first-level style."""
    frame = shape.text_frame
    # A title stands upon what it is the title of, on one line or two.
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if accent else MSO_ANCHOR.TOP
    styles = frame._txBody.find(qn("a:lstStyle"))
    if styles is None:
        return
    for old in list(styles):
        styles.remove(old)
    level = styles.makeelement(qn("a:lvl1pPr"), {"algn": "l", "marL": "0", "indent": "0"})
    if current().direction == "rtl":
        level.set("algn", "r")
        level.set("rtl", "1")
    level.append(level.makeelement(qn("a:buNone"), {}))
    look = level.makeelement(qn("a:defRPr"), {"sz": str(size * 100), "b": "1" if accent else "0"})
    fill = look.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(ACCENT if accent else SOFT)}))
    look.append(fill)
    level.append(look)
    styles.append(level)


def _set_direction(paragraph: Any) -> None:
    if current().direction == "rtl":
        properties_of = paragraph._p.get_or_add_pPr()
        properties_of.set("algn", "r")
        properties_of.set("rtl", "1")


def _set_language(element: Any, language: str) -> None:
    for run in element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", language)


def part_of(box: Box, place: int, parts: int, gap: Length = GAP) -> Box:
    """One of several equal parts side by side; the first where reading begins."""
    if current().direction == "rtl":
        place = parts - 1 - place
    width = (box.width - gap * (parts - 1)) // parts
    return Box(Emu(box.left + place * (width + gap)), box.top, Emu(width), box.height)
