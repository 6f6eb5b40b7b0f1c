"""The barrier survey asks what the sources name: its dimensions, thresholds and three audiences."""

from __future__ import annotations

from fractions import Fraction

import pytest

from forms.definition import Band, Mode, Questionnaire
from forms.loader import available, load
from forms.rating import rating_band, ratings
from forms.texts import in_language, source_texts, translated
from forms.variants import variant, variant_texts
from tests.world import selbstcheck

SURVEY = load(available()["zugangshemmnisse-2026"])

LANGUAGE = ["material", "forms", "website", "staff", "outreach", "funding"]
ORGANISATION = ["staff", "service", "processes", "transparency"]
ORGANISATION += ["orientation", "appointments", "access", "security"]
DIMENSIONS = {
    "language": LANGUAGE,
    "organisation": ORGANISATION,
    "sensitivity": ["fear", "awareness", "images"],
}
ENTRY = ["what", "where", "noticed", "help", "category"]
RATED = [f"{category}_{name}" for category, names in DIMENSIONS.items() for name in names]


def test_17_dimensions_whose_codes_carry_their_category() -> None:
    assert len(SURVEY.ratings) == 17
    assert {c: list(members) for c, members in SURVEY.rated_members.items()} == {
        category: [f"{category}_{name}" for name in names] for category, names in DIMENSIONS.items()
    }
    assert [len(members) for members in SURVEY.rated_members.values()] == [6, 8, 3]


def test_every_dimension_has_its_own_words() -> None:
    texts = [SURVEY.questions[question].text for question in SURVEY.ratings]
    assert len(set(texts)) == 17
    # The dimension as the survey of 2023 calls it, then one clause that explains it.
    assert all(text.count(": ") == 1 for text in texts)


def test_the_categories_are_those_of_the_selbstcheck() -> None:
    titles = [(c.id, c.title) for c in SURVEY.categories]
    assert titles == [(c.id, c.title) for c in selbstcheck().categories]
    options = SURVEY.questions["category"].options
    assert [(o.code, o.text) for o in options[:-1]] == titles
    assert options[-1].code == "none"


def test_five_sizes_and_not_knowing_and_nothing_has_to_be_answered() -> None:
    for question in SURVEY.ratings:
        options = SURVEY.options(SURVEY.questions[question])
        assert [(o.code, o.points) for o in options] == [
            ("5", 5),
            ("4", 4),
            ("3", 3),
            ("2", 2),
            ("1", 1),
            ("unknown", None),
        ]
    assert SURVEY.scored == {}


@pytest.mark.parametrize("category", list(DIMENSIONS))
@pytest.mark.parametrize(
    ("mean", "band"),
    [
        (Fraction(1), "red"),
        (Fraction(9, 4), "red"),
        (Fraction(16, 7), "red"),
        (Fraction(7, 3), "yellow"),
        (Fraction(3), "yellow"),
        (Fraction(29, 8), "yellow"),
        (Fraction(11, 3), "green"),
        (Fraction(5), "green"),
    ],
)
def test_the_thresholds_are_thirds_of_the_scale(category: str, mean: Fraction, band: Band) -> None:
    assert rating_band(mean, SURVEY.category(category).rating_bands) == band


def test_the_thresholds_are_said_to_be_provisional() -> None:
    for category in SURVEY.categories:
        assert category.rating_bands
        assert category.rating_bands.provisional
        assert category.rating_bands.least_rated == 0.5


@pytest.mark.parametrize(
    ("category", "codes", "mean"),
    [
        ("language", "55", None),
        ("language", "551", Fraction(11, 3)),
        ("language", "55uuuu", None),
        ("language", "uuu333", Fraction(3)),
        ("organisation", "111", None),
        ("organisation", "1112", Fraction(5, 4)),
        ("organisation", "uuuuuuuu", None),
        ("sensitivity", "5", None),
        ("sensitivity", "54", Fraction(9, 2)),
        ("sensitivity", "5uu", None),
        ("sensitivity", "", None),
    ],
)
def test_a_category_is_scored_when_at_least_half_of_its_dimensions_were_rated(
    category: str, codes: str, mean: Fraction | None
) -> None:
    members = SURVEY.rated_members[category]
    answers = {
        question: "unknown" if code == "u" else code
        for question, code in zip(members, codes, strict=False)
    }
    found = {rating.category: rating for rating in ratings(SURVEY, answers)}
    assert found.pop(category).mean == mean
    assert all(rating.rated == 0 and rating.band is None for rating in found.values())


OFFICE = [*ENTRY, "measures", "support", "better", *RATED]
OTHERS = [*ENTRY, "proposals", "better", *RATED]


@pytest.mark.parametrize(
    ("variant_id", "mode", "asked"),
    [
        ("office", "named", [*OFFICE, "may_name"]),
        ("office", "anonymous", OFFICE),
        ("provider", "named", [*OTHERS, "may_name"]),
        ("provider", "anonymous", OTHERS),
        ("association", "named", [*OTHERS, "may_name"]),
        ("association", "anonymous", OTHERS),
    ],
)
def test_every_audience_is_asked_what_it_can_answer_open_questions_first(
    variant_id: str, mode: Mode, asked: list[str]
) -> None:
    assert list(variant(SURVEY, variant_id, mode).questions) == asked


CITY = "Ihre Einschätzung der Stadtverwaltung"


@pytest.mark.parametrize(
    ("variant_id", "title", "rated"),
    [
        ("office", "Ihre Einschätzung Ihrer eigenen Organisationseinheit", "Ihre eigene"),
        ("provider", CITY, "die Stadtverwaltung als Ganzes"),
        ("association", CITY, "die Stadtverwaltung als Ganzes"),
    ],
)
def test_it_is_said_what_is_rated_and_that_it_is_voluntary(
    variant_id: str, title: str, rated: str
) -> None:
    found = variant(SURVEY, variant_id, "named")
    assert found.result_title == title
    assert found.introduction
    for said in (rated, "freiwillig", "weiß ich nicht"):
        assert said in found.introduction


def test_up_to_thirty_barriers_each_wherever_it_is() -> None:
    section = SURVEY.sections[0]
    assert section.repeat
    assert section.repeat.most == 30
    assert [q.id for q in section.questions] == ENTRY
    assert SURVEY.questions["where"].type == "units"
    assert [o.code for o in SURVEY.questions["where"].options] == ["whole", "unsure"]


def test_every_term_is_explained_somewhere() -> None:
    named = {term for question in SURVEY.questions.values() for term in question.terms}
    assert named == {term.id for term in SURVEY.terms}


def test_whom_to_ask_is_for_the_installation_to_say() -> None:
    assert SURVEY.contact is None


WORDS = {
    "Ihre Einschätzung Ihrer eigenen Organisationseinheit": "Your rating of your own unit",
    CITY: "Your rating of the city administration",
    "weiß ich nicht": "I don’t know",
}


def english(variant_id: str) -> Questionnaire:
    """What an audience is asked, with a few texts in English and the others marked."""
    texts = translated(SURVEY, lambda _where, text: WORDS.get(text, f"«{text}»"))
    assert texts is not None
    found = variant(SURVEY, variant_id, "named")
    return in_language(found, "en", variant_texts(SURVEY, found, texts, variant_id)).questionnaire


@pytest.mark.parametrize("variant_id", ["office", "provider", "association"])
def test_each_audience_reads_its_own_words_in_english(variant_id: str) -> None:
    german, found = variant(SURVEY, variant_id, "named"), english(variant_id)
    assert found.introduction == f"«{german.introduction}»"
    assert found.result_title == WORDS[str(german.result_title)]
    assert found.scales[0].options[-1].text == "I don’t know"
    # No German text is left over: each is a word of the lookup, or marked.
    read = [source.text for source in source_texts(found)]
    assert all(text in WORDS.values() or text.startswith("«") for text in read)
