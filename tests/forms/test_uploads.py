"""Uploaded questionnaires: what is taken, and every refusal with place and cure."""

from __future__ import annotations

import pytest

from forms.loader import QuestionnaireError
from forms.texts import source_texts
from forms.uploads import read_upload
from tests.forms.questionnaires import FOLDER, NAMES, tiny

BARRIERS = (FOLDER / "barriers.toml").read_text(encoding="utf-8")
LANGUAGES = ("de", "en", "ar")
SMALL = """
id = "klein"
version = "1"
title = "Klein"
short_title = "Klein"
source = "Test"
introduction = "Zu Beginn"
[[sections]]
id = "eins"
title = "Eins"
[[sections.questions]]
id = "was"
type = "text"
text = "Was?"
"""
ENGLISH = """
[translations.en]
title = "Small"
short_title = "Small"
"sections.eins.title" = "One"
"sections.eins.questions.was.text" = "What?"
"""


def test_a_questionnaire_brings_its_translations() -> None:
    upload = read_upload((SMALL + ENGLISH).encode(), "k.toml", LANGUAGES)
    assert upload.questionnaire.id == "klein"
    assert upload.texts["en"]["sections.eins.questions.was.text"] == "What?"
    assert upload.missing == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_tiny_questionnaire_passes(name: str) -> None:
    raw = (FOLDER / f"{name}.toml").read_bytes()
    assert read_upload(raw, name, LANGUAGES).questionnaire == tiny(name)


@pytest.mark.parametrize(
    "written",
    [
        ENGLISH.replace('"sections.eins.title"', "sections.eins.title"),  # tables in tables
        ENGLISH.replace("\n", "\r\n"),
    ],
)
def test_ways_to_write_the_same_translations(written: str) -> None:
    raw = b"\xef\xbb\xbf" + (SMALL + written).encode()
    assert set(read_upload(raw, "k.toml", LANGUAGES).texts) == {"en"}


@pytest.mark.parametrize(
    "line", ['title = "Small"\n', '"sections.eins.questions.was.text" = "What?"']
)
@pytest.mark.parametrize("blank", [False, True])
def test_a_language_with_a_missing_text_is_not_offered(line: str, blank: bool) -> None:
    key = line.partition(" = ")[0].strip('"')
    written = ENGLISH.replace(line, f'"{key}" = " "\n' if blank else "", 1)
    upload = read_upload((SMALL + written).encode(), "k.toml", LANGUAGES)
    assert upload.texts == {}
    assert upload.missing == {"en": (key,)}


def test_all_texts_of_the_barrier_survey_can_be_translated() -> None:
    lines = "".join(f'"{s.key}" = "en {n}"\n' for n, s in enumerate(source_texts(tiny("barriers"))))
    raw = f"{BARRIERS}\n[translations.en]\n{lines}".encode()
    upload = read_upload(raw, "b.toml", LANGUAGES)
    assert len(upload.texts["en"]) == len(source_texts(tiny("barriers")))


REFUSED = [
    (b"", "k.toml: id: missing; add it"),
    (b"\xff\xfe", "k.toml: byte 0 is not UTF-8; save as UTF-8"),
    (b"id = ", "k.toml: not valid TOML"),
    (b"id = " + b"9" * 5000, "k.toml: not valid TOML"),
    (b"id = " + b"[" * 50_000, "k.toml: "),
    (b"a" + b".a" * 50_000 + b" = 1", "k.toml: nested too deeply; write it flat"),
    (b"#" * (1024 * 1024 + 1), "k.toml: larger than 1 MiB"),
    (SMALL.replace('"text"\n', '"poem"\n').encode(), "k.toml: sections 'eins' questions 'was'"),
    (SMALL.replace('version = "1"', f'version = "{"1" * 41}"').encode(), "version: give 1 to 40"),
    (SMALL.replace("Was?", "Was\\u0000?").encode(), "contains a control character; remove it"),
    (BARRIERS.replace("2.3333", "nan").encode(), "nan is no number to compare with"),
    (BARRIERS.replace("2.3333", "-inf").encode(), "-inf is no number to compare with"),
    (
        (SMALL + "[translations.xx]\n").encode(),
        "translations xx: unknown language; known: ar, de, en",
    ),
    ((SMALL + "[translations.de]\n").encode(), "translations de: these texts stand in"),
    ((SMALL + '[translations.en]\nttle = "x"').encode(), "translations en: unknown key 'ttle'"),
    ((SMALL + "[translations.en]\ntitle = 3").encode(), "translations en: 'title' is no text"),
    (("translations = 3\n" + SMALL).encode(), "translations: unknown language"),
    (("translations.en = 3\n" + SMALL).encode(), "translations en: unknown key ''"),
    (
        (BARRIERS + '[[variants]]\nid = "none"\ntitle = "x"\n')
        .replace('id = "stufen"\n', 'id = "stufen"\nvariants = ["inside"]\n', 1)
        .replace('id = "besser"\n', 'id = "besser"\nvariants = ["inside"]\n', 1)
        .replace('id = "tueren"\n', 'id = "tueren"\nvariants = ["inside"]\n', 1)
        .replace('id = "nennen"\n', 'id = "nennen"\nvariants = ["inside"]\n', 1)
        .encode(),
        "variant 'none' asks nothing; give it a section",
    ),
]


@pytest.mark.parametrize(("raw", "said"), REFUSED)
def test_a_mistake_is_named(raw: bytes, said: str) -> None:
    with pytest.raises(QuestionnaireError) as refusal:
        read_upload(raw, "k.toml", LANGUAGES)
    assert any(said in problem for problem in refusal.value.problems), refusal.value
    assert all(problem.startswith("k.toml: ") for problem in refusal.value.problems)


CONDITION = """
[[sections]]
id = "zwei"
title = "Zwei"
[sections.asked_if]
question = "wie"
at_least = 1
[[sections.questions]]
id = "warum"
type = "text"
text = "Warum?"
[[variants]]
id = "a"
title = "A"
[[variants]]
id = "b"
title = "B"
"""
ASKED_OF_A = """
[[sections.questions]]
id = "wie"
type = "scale"
text = "Wie?"
variants = ["a"]
options = [{ code = "1", points = 1, text = "so" }, { code = "0", points = 0, text = "anders" }]
"""


def test_a_condition_needs_its_question_in_every_variant() -> None:
    with pytest.raises(
        QuestionnaireError, match="variant 'b': section 'zwei' depends on question 'wie'"
    ):
        read_upload((SMALL + ASKED_OF_A + CONDITION).encode(), "k.toml", LANGUAGES)
    everywhere = (SMALL + ASKED_OF_A.replace('variants = ["a"]', "") + CONDITION).encode()
    assert read_upload(everywhere, "k.toml", LANGUAGES).questionnaire.variants[1].id == "b"
