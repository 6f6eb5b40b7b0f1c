"""What stands on a slide: only what there is room for, and nothing on anything else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pptx import Presentation

from analysis.documents.content import traffic_lights
from analysis.documents.deck_charts import label
from analysis.documents.deck_lines import numbered
from analysis.evaluation.sections import WITHHELD, Chart, Column, Part, Row, Section, Table
from tests.analysis.documents_reading import speaking
from tests.analysis.specimen import specimen
from tests.analysis.test_documents_office import charts_of, deck, parts_of
from tests.analysis.test_documents_pdf import hidden


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 3.0, 5.0], [0, 1, 2]),
        ([1.0, 1.0, 5.0], [0, 2]),
        ([1.0, 1.1, 5.0], []),
        ([None, 2.0], [1]),
        ([], []),
    ],
)
def test_numbers_at_the_ends_of_lines_never_lie_on_one_another(
    values: list[float | None], expected: list[int]
) -> None:
    assert numbered(values, span=4.0) == expected


def test_a_part_of_which_all_is_withheld_is_left_out_of_the_slides() -> None:
    slides = Presentation(BytesIO(deck(hidden(specimen(3))))).slides
    assert not list(charts_of(slides))
    assert any(
        s.text_frame.text == "Von 12 Bögen sind 2 rot."
        for slide in slides
        for s in slide.shapes
        if s.has_text_frame
    )


def test_a_long_method_takes_two_slides() -> None:
    method = tuple((f"Punkt {n}", "So wurde gezählt und nicht anders. " * 8) for n in range(7))
    slides = list(Presentation(BytesIO(deck(replace(specimen(), method=method)))).slides)
    titles = [slide.shapes.title.text for slide in slides if slide.shapes.title is not None]
    assert sum("gezählt wurde" in title for title in titles) == 2
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in slides[-2:])
    assert all(f"{head}: {text}".strip() in notes for head, text in method)


def test_a_short_name_that_is_a_word_stands_alone_beside_its_bar() -> None:
    part = parts_of(specimen())[0]
    row = Row("r", "Personal: ob die Beschäftigten " + "geduldig " * 9, (), short="Personal (Amt)")
    assert label(row, (), part) == "Personal (Amt)"
    assert label(replace(row, short="7"), (), part).startswith("7 Personal: ob")


def test_of_a_finding_too_long_for_a_slide_whole_sentences_stand_on_it() -> None:
    sentence = "Am niedrigsten liegt die Aussage zu Sprachen."
    finding = " ".join([sentence] * 12)
    section = replace(specimen().sections[0], finding=finding)
    slides = Presentation(BytesIO(deck(replace(specimen(), sections=(section,))))).slides
    (slide,) = [each for each in slides if any(s.name == "Ampelfarben" for s in each.shapes)]
    assert slide.shapes.title is not None
    assert "Ein Befund über bands" in slide.shapes.title.text
    (lead,) = [
        s for s in slide.shapes if s.has_text_frame and s.text_frame.text.startswith(sentence)
    ]
    assert lead.text_frame.text.count(sentence) >= 2
    assert lead.text_frame.text.endswith("Sprachen.")
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    assert lead.top + lead.height <= chart.top
    assert finding in slide.notes_slide.notes_text_frame.text


def test_tiles_show_numbers_only_and_the_return_is_left_to_the_findings() -> None:
    columns = tuple(Column(key, key, "count") for key in ("red", "green", "return", "sheets"))
    table = Table("", columns, (Row("r", "R", (WITHHELD, 3, 5, None)),))
    part = Part("p", "P", table, Chart("bands", "T", "A", ("red", "green")))
    with speaking("de"):
        own = replace(specimen(), sections=(Section("s", "S?", "S.", (part,)),))
        assert [tile["value"] for tile in traffic_lights(own)["tiles"]] == ["3"]
        assert traffic_lights(hidden(own)) == {"tiles": [], "tiles-of": ""}
