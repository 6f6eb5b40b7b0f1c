"""Earlier surveys: the files that come along hold the source's numbers, and bad files say why."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from forms.history import DIMENSIONS, History, HistoryError, load, read
from forms.loader import LARGEST_FILE, available
from forms.loader import load as load_questionnaire

FOLDER = Path(__file__).parent.parent.parent / "forms" / "history"
NAMES = ("befragung-2017", "befragung-2023", "konferenz-2023")

GOOD = """
slug = "befragung-2020"
year = 2020
title = "Befragung 2020"
source = "Musterstadt, Bericht"
missing = "Zahl der Angeschriebenen"
mapping = "hinzugefügt"
[[audiences]]
id = "offices"
title = "Ämter"
returned = 2
participants = ["Amt 1", "Amt 2"]
periods = [{ first_day = 2020-01-01, last_day = 2020-02-29 }]
[[dimensions]]
id = "language_forms"
title = "Formulare"
[[findings]]
id = "F-1"
kind = "finding"
category = "language"
dimension = "language_forms"
text = "Formulare sind schwer"
[[counts]]
topic = "Sprache"
number = 7
category = "language"
"""


def stored(name: str) -> History:
    """One of the files that come along."""
    return load(FOLDER / f"{name}.toml")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_named_after_its_slug(name: str) -> None:
    assert stored(name).slug == name
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(NAMES)


def test_the_survey_of_2023_has_the_numbers_of_its_source() -> None:
    survey = stored("befragung-2023")
    by_id = {audience.id: audience for audience in survey.audiences}
    assert {key: audience.returned for key, audience in by_id.items()} == {
        "offices": 22,
        "outside": 14,
        "working_groups": 2,
    }
    assert {key: len(audience.participants) for key, audience in by_id.items()} == {
        "offices": 22,
        "outside": 14,
        "working_groups": 2,
    }
    assert "JC" in by_id["offices"].participants
    assert "nicht getrennt" in (by_id["outside"].note or "")
    assert [str(p.last_day) for p in by_id["outside"].periods] == ["2023-06-30", "2023-07-31"]
    assert len(survey.asked) == 3
    assert survey.counts == ()


def test_the_survey_of_2023_has_17_dimensions_and_15_key_statements() -> None:
    survey = stored("befragung-2023")
    titles = {named.id: named.title for named in survey.dimensions}
    assert titles == {d: title for members in DIMENSIONS.values() for d, title in members.items()}
    assert [len(members) for members in DIMENSIONS.values()] == [6, 8, 3]
    statements = [f.category for f in survey.findings if f.kind == "key_statement"]
    assert Counter(statements) == {"language": 4, "organisation": 8, "sensitivity": 3}
    assert [f.kind for f in survey.findings].count("positive") == 2
    assert len(survey.findings) == 17


def test_the_survey_of_2017_has_four_findings_and_no_number() -> None:
    survey = stored("befragung-2017")
    assert [f.kind for f in survey.findings] == ["finding"] * 4
    assert (survey.audiences, survey.counts, survey.dimensions) == ((), (), ())


def test_the_conference_has_counts_and_nobody_says_of_what() -> None:
    counts = stored("konferenz-2023").counts
    assert [count.number for count in counts] == [19, 8, 10, 8, 10]
    assert {count.counted for count in counts} == {None}
    assert [count.category for count in counts].count(None) == 2


def test_the_dimensions_are_the_rating_questions_of_the_barrier_survey() -> None:
    members = load_questionnaire(available()["zugangshemmnisse-2026"]).rated_members
    assert {c: list(dimensions) for c, dimensions in DIMENSIONS.items()} == {
        category: list(questions) for category, questions in members.items()
    }


def test_a_file_is_read_and_its_document_gives_it_back() -> None:
    survey = read(GOOD.encode(), "good.toml")
    document = survey.model_dump(mode="json", exclude_defaults=True)
    assert History.model_validate(document) == survey
    assert read(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), "windows.toml") == survey


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Ämter"', "", "audiences 'offices' title: missing; add it"),
        ("year = 2020", "year = 2020\nextra = 1", "x.toml: extra: unknown key; remove it"),
        ("number = 7", "number = -1", "counts number 1 number: Input should be greater than or"),
        ("number = 7", "number = 7.5", "counts number 1 number: Input should be a valid integer"),
        ("number = 7", 'number = "7"', "counts number 1 number: Input should be a valid integer"),
        ("returned = 2", "returned = true", "'offices' returned: Input should be a valid integer"),
        ("returned = 2", "returned = -2", "'offices' returned: Input should be greater than or"),
        ("returned = 2", "returned = 3", "returned 3, but 2 participants are listed; correct it"),
        (
            'title = "Formulare"\n',
            'title = "F"\n[[dimensions]]\nid = "language_smell"\ntitle = "Geruch"\n',
            "unknown dimension 'language_smell'; known: language_material, language_forms",
        ),
        (
            'dimension = "language_forms"',
            'dimension = "sensitivity_fear"',
            "finding 'F-1' has unknown dimension 'sensitivity_fear'; known in 'language'",
        ),
        (
            'category = "language"\ndim',
            'category = "lang"\ndim',
            "finding 'F-1' has unknown category 'lang'; known: language, organisation, sensitivity",
        ),
        (
            'number = 7\ncategory = "language"',
            'number = 7\ndimension = "language_forms"',
            "count 'Sprache' has dimension 'language_forms' but no category; add it",
        ),
        ('kind = "finding"', 'kind = "guess"', "findings 'F-1' kind: Input should be 'finding'"),
        ("last_day = 2020-02-29", "last_day = 2019-12-31", "ends before it begins"),
        ("year = 2020", "year = 2021", "is not in the year 2021; correct one of them"),
        ("year = 2020", 'year = "2020"', "x.toml: year: Input should be a valid integer"),
        ('"Amt 2"]', '"Amt 1"]', "participant 'Amt 1' stands 2 times; keep one"),
        ('"Amt 2"]', '" "]', "participants number 2: String should have at least 1 character"),
        ("Bericht", "Be\\u0000richt", "source: Value error, holds a control character; remove it"),
        ('"befragung-2020"', '"Befragung 2020"', "x.toml: slug: String should match pattern"),
        ('"befragung-2020"', '"befragung-2020\\n"', "x.toml: slug: String should match pattern"),
        ('"Befragung 2020"', f'"{"x" * 201}"', "title: String should have at most 200 characters"),
    ],
)
def test_a_mistake_is_named_with_file_place_and_cure(old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(HistoryError, match=re.escape(said)) as found:
        read(text.encode(), "x.toml")
    assert all(problem.startswith("x.toml: ") for problem in found.value.problems)


def test_a_number_that_differs_from_the_list_needs_a_note() -> None:
    text = GOOD.replace("returned = 2", 'returned = 3\nnote = "Gedruckt ist 3."')
    assert read(text.encode(), "x.toml").audiences[0].returned == 3


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "slug: missing; add it"),
        (b"code,name\n1,Eins\n", "x.toml: not valid TOML"),
        (b"PK\x03\x04\xff", "x.toml: byte 4 is not UTF-8; save as UTF-8"),
        (b"year = " + b"9" * 5000, "x.toml: not valid TOML"),
        (b"a = " + b"[" * 100_000, "x.toml: "),
        (b"#" * (LARGEST_FILE + 1), "x.toml: larger than 1 MiB; shorten texts or split it"),
    ],
)
def test_what_is_no_such_file_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(HistoryError, match=said):
        read(raw, "x.toml")


def test_a_file_of_50_mb_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(HistoryError, match=r"large\.toml: larger than 1 MiB"):
        load(large)
    with pytest.raises(HistoryError, match="cannot be read"):
        load(tmp_path)
    with pytest.raises(HistoryError, match=r"none\.toml: cannot be read"):
        load(tmp_path / "none.toml")
