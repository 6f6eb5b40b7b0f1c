"""Every mistake an author can make is found and named with file, place and cure."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from forms.loader import (
    LARGEST_FILE,
    MOST_QUESTIONS,
    QuestionnaireError,
    available,
    checksum,
    load,
    parse,
)
from tests.forms.questionnaires import FOLDER, NAMES

Document = dict[str, Any]

GOOD = """
id = "check"
version = "1"
title = "Prüfung"
short_title = "Prüfung"
source = "Tests"
[bands]
steps = [{ band = "red", highest = 2 }, { band = "green", highest = 4 }]
[[scales]]
id = "scale"
options = [{ code = "1", points = 1, text = "nein" }, { code = "2", points = 2, text = "ja" }]
[[categories]]
id = "field"
title = "Feld"
[categories.bands]
steps = [{ band = "red", highest = 2 }, { band = "green", highest = 4 }]
[[sections]]
id = "one"
title = "Eins"
questions = [
    { id = "a", type = "scale", scale = "scale", category = "field", text = "A" },
    { id = "b", type = "scale", scale = "scale", category = "field", text = "B" },
]
[[sections]]
id = "two"
title = "Zwei"
asked_if = { question = "b", at_least = 2 }
questions = [
    { id = "c", type = "lines", promise = true, text = "C" },
    { id = "d", type = "ticks", text = "D", other = "y", other_text = "und zwar", options = [
        { code = "x", text = "X" }, { code = "y", text = "Y" } ] },
]
[[advice]]
band = "red"
point_out = "lowest"
text = "Rat"
[[todos]]
id = "TD-1"
text = "Etwas"
questions = ["a"]
"""


def good() -> Document:
    """A document without fault, to be spoilt."""
    return tomllib.loads(GOOD)


def question(document: Document, name: str) -> Document:
    """A question of the document by id."""
    found: Document = next(
        q for section in document["sections"] for q in section["questions"] if q["id"] == name
    )
    return found


def test_the_document_that_is_spoilt_below_is_good() -> None:
    assert parse(good(), "check.toml").id == "check"


SCALE = [{"code": "1", "points": 1, "text": "n"}, {"code": "2", "points": 2, "text": "j"}]
# (what is spoilt, how, what the message says after the name of the file)
FAULTS: list[tuple[str, Any, str]] = [
    ("unknown key", lambda d: d.update(titel="x"), "titel: unknown key; remove it or correct"),
    ("missing key", lambda d: d.pop("title"), "title: missing; add it"),
    ("empty text", lambda d: d.update(title=""), "title: String should have at least 1"),
    ("bad id", lambda d: d.update(id="Ä"), "id: String should match pattern"),
    ("no sections", lambda d: d.update(sections=[]), "sections: Tuple should have at least 1"),
    ("no questions", lambda d: d["sections"][0].update(questions=[]), "sections 'one' questions:"),
    ("no text", lambda d: question(d, "a").pop("text"), "questions 'a' text: missing; add it"),
    ("bad type", lambda d: question(d, "a").update(type="slider"), "questions 'a' type: Input"),
    ("wrong kind", lambda d: d.update(sections="x"), "sections: Input should be a valid tuple"),
    ("language", lambda d: d.update(language="en"), "language: Input should be 'de'"),
    ("todo id", lambda d: d["todos"][0].update(id="7"), "todos '7' id: String should match"),
    ("section twice", lambda d: d["sections"][1].update(id="one"), "section 'one' stands 2 times"),
    ("question twice", lambda d: question(d, "b").update(id="a"), "question 'a' stands 2 times"),
    ("reserved", lambda d: d["sections"][0].update(id="check"), "section 'check': this id is used"),
    (
        "category",
        lambda d: question(d, "a").update(category="x"),
        "question 'a' has unknown category 'x'; known: field",
    ),
    (
        "scale",
        lambda d: question(d, "a").update(scale="x"),
        "question 'a' has unknown scale 'x'; known: scale",
    ),
    (
        "other",
        lambda d: question(d, "d").update(other="z"),
        "question 'd' has unknown option 'z'; known: x, y",
    ),
    (
        "todo",
        lambda d: d["todos"][0].update(questions=["z"]),
        "todo 'TD-1' names unknown question 'z'; known: a, b, c, d",
    ),
    (
        "category without points",
        lambda d: question(d, "c").update(category="field"),
        "question 'c' has a category but no points",
    ),
    (
        "scale and options",
        lambda d: question(d, "a").update(options=SCALE),
        "question 'a' has a scale and options of its own; keep one",
    ),
    (
        "nothing to choose",
        lambda d: question(d, "a").pop("scale"),
        "question 'a' is of type scale and has nothing to choose; add scale or options",
    ),
    (
        "text with options",
        lambda d: question(d, "c").update(options=[{"code": "x", "text": "X"}]),
        "question 'c' is of type lines and cannot have options; remove them",
    ),
    (
        "promise",
        lambda d: question(d, "c").update(type="text"),
        "question 'c' is a promise and must be of type lines",
    ),
    (
        "other without text",
        lambda d: question(d, "d").pop("other_text"),
        "question 'd' needs both 'other' and 'other_text', or neither",
    ),
    (
        "other on a scale",
        lambda d: question(d, "a").update(other="1", other_text="und zwar"),
        "question 'a' has 'other', which only ticks can have",
    ),
    (
        "option twice",
        lambda d: question(d, "d").update(options=[{"code": "y", "text": "Y"}] * 2),
        "question 'd' has option 'y' 2 times",
    ),
    (
        "points for some",
        lambda d: d["scales"][0]["options"][0].pop("points"),
        "question 'a': give all of its options points, or none",
    ),
    (
        "points for ticks",
        lambda d: question(d, "d")["options"][0].update(points=1),
        "question 'd': ticks are not scored; remove the points",
    ),
    (
        "condition ahead",
        lambda d: d["sections"][1]["asked_if"].update(question="c"),
        "section 'two' depends on question 'c', which is not asked before it; move the section",
    ),
    (
        "condition unknown",
        lambda d: d["sections"][1]["asked_if"].update(question="z"),
        "section 'two' depends on question 'z', which is not asked before it",
    ),
    (
        "condition never met",
        lambda d: d["sections"][1]["asked_if"].update(at_least=3),
        "section 'two' is asked from 3 points of question 'b', which no option gives",
    ),
    (
        "points behind a condition",
        lambda d: d["sections"][1]["questions"].append(
            {"id": "e", "type": "scale", "scale": "scale", "text": "E"}
        ),
        "question 'e' gives points and must not depend on a condition",
    ),
    (
        "empty category",
        lambda d: d["categories"].append({"id": "empty", "title": "Leer"}),
        "category 'empty' has no scored question; add one or remove it",
    ),
    (
        "advice without band",
        lambda d: d["advice"][0].update(band="yellow"),
        "advice for band 'yellow', which no total gets; remove it or add the band",
    ),
    (
        "thresholds fall",
        lambda d: d["bands"].update(
            steps=[{"band": "red", "highest": 4}, {"band": "green", "highest": 4}]
        ),
        "bands: 'highest' must rise from step to step, found [4, 4]",
    ),
    (
        "thresholds too high",
        lambda d: d["bands"]["steps"][1].update(highest=5),
        "bands: the last 'highest' is 5, but 4 points are possible",
    ),
    (
        "thresholds too low",
        lambda d: d["bands"]["steps"][1].update(highest=3),
        "bands: the last 'highest' is 3, but 4 points are possible",
    ),
    (
        "a colour nobody gets",
        lambda d: d["bands"]["steps"][0].update(highest=1),
        "bands: 'red' ends at 1, below the least total 2",
    ),
    (
        "colour twice",
        lambda d: d["bands"]["steps"][1].update(band="red"),
        "bands: a colour stands twice; join its steps",
    ),
    (
        "thresholds of a category",
        lambda d: d["categories"][0]["bands"]["steps"][1].update(highest=9),
        "category 'field' bands: the last 'highest' is 9, but 4 points are possible",
    ),
]


@pytest.mark.parametrize(("spoil", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_named_with_file_place_and_cure(spoil: Any, said: str) -> None:
    document = good()
    spoil(document)
    with pytest.raises(QuestionnaireError) as raised:
        parse(document, "check.toml")
    assert any(said in problem for problem in raised.value.problems), raised.value.problems
    assert all(problem.startswith("check.toml: ") for problem in raised.value.problems)


BARRIERS = (FOLDER / "barriers.toml").read_text(encoding="utf-8")
ENDS = "category 'doors' rating_bands: 'below' must rise and be left out in the last step"


def steps(document: Document, *ends: float | None) -> None:
    """Give the rating bands these ends, a colour each."""
    document["categories"][0]["rating_bands"]["steps"] = [
        {"band": band} | ({} if end is None else {"below": end})
        for band, end in zip(("red", "yellow", "green"), ends, strict=False)
    ]


# As above, of the questionnaire with entries, variants, terms and ratings.
BARRIER_FAULTS: list[tuple[str, Any, str]] = [
    (
        "unknown term",
        lambda d: question(d, "what").update(terms=["step", "stair"]),
        "question 'what' explains unknown term 'stair'; known: step",
    ),
    (
        "unknown variant of a question",
        lambda d: question(d, "own_steps").update(variants=["beside"]),
        "question 'own_steps' is only for unknown variant 'beside'; known: inside, outside",
    ),
    (
        "unknown variant of a section",
        lambda d: d["sections"][1].update(variants=["beside"]),
        "section 'besser' is only for unknown variant 'beside'; known: inside, outside",
    ),
    (
        "variants of a questionnaire without",
        lambda d: d.pop("variants"),
        "question 'own_steps' is only for unknown variant 'inside'; known: none",
    ),
    ("term twice", lambda d: d["terms"].append(d["terms"][0]), "term 'step' stands 2 times"),
    (
        "variant twice",
        lambda d: d["variants"][1].update(id="inside"),
        "variant 'inside' stands 2 times",
    ),
    ("mode", lambda d: d["sections"][3].update(mode="secret"), "sections 'nennen' mode: Input"),
    (
        "one entry is no list",
        lambda d: d["sections"][0]["repeat"].update(most=1),
        "sections 'stufen' repeat most: Input should be greater than or equal to 2",
    ),
    (
        "rating without points",
        lambda d: [option.pop("points", None) for option in d["scales"][0]["options"]],
        "question 'front': a rating needs options with points",
    ),
    (
        "rating with nothing to choose",
        lambda d: question(d, "front").pop("scale"),
        "question 'front' is of type rating and has nothing to choose; add scale or options",
    ),
    (
        "scale with an option without points",
        lambda d: question(d, "front").update(type="scale"),
        "question 'front': give all of its options points, or none",
    ),
    (
        "points for units",
        lambda d: question(d, "place")["options"][0].update(points=1),
        "question 'place': units are not scored; remove the points",
    ),
    (
        "category mixed",
        lambda d: question(d, "front").update(type="scale", scale=None, options=SCALE),
        "category 'doors' mixes scale and rating questions; make it two",
    ),
    (
        "rating bands without ratings",
        lambda d: [
            question(d, door).update(type="scale", scale=None, options=SCALE)
            for door in ("front", "back", "side")
        ],
        "category 'doors' has 'rating_bands' but no rating question",
    ),
    ("means fall", lambda d: steps(d, 3.5, 2.5, None), f"{ENDS}, found [3.5, 2.5, None]"),
    ("means equal", lambda d: steps(d, 2.5, 2.5, None), f"{ENDS}, found [2.5, 2.5, None]"),
    ("the last mean ends", lambda d: steps(d, 2, 3, 4), f"{ENDS}, found [2.0, 3.0, 4.0]"),
    ("a mean between without end", lambda d: steps(d, 2, None, None), f"{ENDS}, found [2.0, None"),
    (
        "colour of a mean twice",
        lambda d: d["categories"][0]["rating_bands"]["steps"][1].update(band="red"),
        "category 'doors' rating_bands: a colour stands twice; join its steps",
    ),
    (
        "share above all",
        lambda d: d["categories"][0]["rating_bands"].update(least_rated=1.5),
        "categories 'doors' rating_bands least_rated: Input should be less than or equal to 1",
    ),
    (
        "scored in an entry",
        lambda d: d["sections"][2].update(repeat=d["sections"][0]["repeat"]),
        "question 'front' is asked once an entry and cannot be scored",
    ),
    (
        "points in an entry",
        lambda d: question(d, "kind").update(options=SCALE),
        "question 'kind' is asked once an entry and cannot be scored",
    ),
    (
        "promise in an entry",
        lambda d: question(d, "what").update(type="lines", promise=True),
        "question 'what' is asked once an entry and cannot be a promise",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "said"), [f[1:] for f in BARRIER_FAULTS], ids=[f[0] for f in BARRIER_FAULTS]
)
def test_a_fault_of_a_barrier_survey_is_named_too(spoil: Any, said: str) -> None:
    document = tomllib.loads(BARRIERS)
    spoil(document)
    with pytest.raises(QuestionnaireError) as raised:
        parse(document, "check.toml")
    assert f"check.toml: {said}" in str(raised.value)


def test_all_faults_are_named_at_once() -> None:
    document = good()
    question(document, "a")["category"] = "x"
    document["advice"][0]["band"] = "yellow"
    document["sections"][0]["id"] = "result"
    with pytest.raises(QuestionnaireError) as raised:
        parse(document, "check.toml")
    assert len(raised.value.problems) >= 3


def test_too_many_questions_are_refused() -> None:
    document = good()
    document["sections"].append(
        {
            "id": "many",
            "title": "Viele",
            "questions": [
                {"id": f"m{n}", "type": "text", "text": "?"} for n in range(MOST_QUESTIONS)
            ],
        }
    )
    with pytest.raises(QuestionnaireError, match="304 questions; at most 300, split the survey"):
        parse(document, "check.toml")


FILES = [
    ("broken TOML", b'id = "x', "not valid TOML: "),
    ("a list twice", b"id = 1\nid = 2", "not valid TOML: "),
    ("Latin-1", 'title = "Prüfung"'.encode("latin-1"), "byte 11 is not UTF-8; save as UTF-8"),
    ("too large", b"#" * (LARGEST_FILE + 1), "larger than 1 MiB; shorten texts or split it"),
    ("empty", b"", "id: missing; add it"),
]


@pytest.mark.parametrize(("content", "said"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(QuestionnaireError) as raised:
        load(path)
    assert raised.value.problems[0].startswith(f"broken.toml: {said}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError, match=r"^none\.toml: cannot be read \(No such file"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("name", NAMES)
def test_the_tiny_questionnaires_pass_their_checks(name: str) -> None:
    assert load(available(FOLDER)[name]).id == name


def test_equal_documents_have_equal_checksums_whatever_the_order() -> None:
    assert checksum({"a": 1, "b": "ä"}) == checksum({"b": "ä", "a": 1})
    assert checksum({"a": 1}) != checksum({"a": 2})
    assert len(checksum({})) == 64


@pytest.mark.parametrize(
    ("written", "reserved", "named"),
    [
        ('"schritte"', '"check"', "section 'check'"),
        ('"q7"', '"answers"', "question 'answers'"),
        ('"q7"', '"base"', "question 'base'"),
        ('"sensitivity"', '"total"', "category 'total'"),
    ],
)
def test_names_the_service_uses_itself_are_refused(written: str, reserved: str, named: str) -> None:
    text = available()["selbstcheck-2025"].read_text(encoding="utf-8")
    with pytest.raises(QuestionnaireError) as refused:
        parse(tomllib.loads(text.replace(written, reserved)), "form.toml")
    assert f"form.toml: {named}: this id is used by the service" in str(refused.value)
