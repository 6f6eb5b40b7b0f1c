"""What one audience is asked: nothing of the others, in every language."""

from __future__ import annotations

import pytest

from forms.definition import Mode, Questionnaire
from forms.loader import checksum
from forms.texts import in_language, source_texts
from forms.variants import variant, variant_texts
from survey.questionnaires import Frozen
from tests.forms.questionnaires import tiny

ENTRY = ["what", "place", "kind"]
DOORS = ["front", "back", "side"]


@pytest.mark.parametrize(
    ("variant_id", "mode", "asked"),
    [
        ("inside", "named", [*ENTRY, "better", "own_steps", *DOORS, "may_name"]),
        ("inside", "anonymous", [*ENTRY, "better", "own_steps", *DOORS]),
        ("outside", "named", [*ENTRY, "better", *DOORS, "may_name"]),
        ("outside", "anonymous", [*ENTRY, "better", *DOORS]),
    ],
)
def test_a_variant_asks_its_own_questions_only(
    variant_id: str, mode: Mode, asked: list[str]
) -> None:
    found = variant(tiny("barriers"), variant_id, mode)
    assert list(found.questions) == asked
    # Nothing is left that would need the variant or the mode to be understood.
    assert found.variants == ()
    assert all(section.variants == () and section.mode is None for section in found.sections)
    assert all(q.variants == () and q.mode is None for q in found.questions.values())


@pytest.mark.parametrize(
    ("variant_id", "introduction", "result_title"),
    [
        ("inside", "Wie groß ist die Stufe bei Ihnen?", "Ihre eigenen Stufen"),
        # What a variant does not say, the questionnaire says.
        ("outside", "Wie groß ist die Stufe?", "Ihre Einschätzung der Stadt"),
    ],
)
def test_a_variant_has_its_own_words(variant_id: str, introduction: str, result_title: str) -> None:
    found = variant(tiny("barriers"), variant_id, "named")
    assert (found.introduction, found.result_title) == (introduction, result_title)


def test_a_section_whose_questions_are_all_left_out_is_no_page() -> None:
    whole = tiny("barriers")
    better = whole.sections[1]
    only_inside = better.model_copy(update={"questions": better.questions[1:]})
    changed = whole.model_copy(update={"sections": (only_inside, *whole.sections[2:])})
    assert variant(changed, "inside", "named").sections[0].id == "besser"
    assert variant(changed, "outside", "named").sections[0].id == "tueren"


def test_what_the_whole_questionnaire_computed_of_itself_is_not_kept() -> None:
    whole = tiny("barriers")
    assert "own_steps" in whole.questions
    found = variant(whole, "outside", "anonymous")
    assert "own_steps" not in found.questions
    assert "may_name" not in found.section_of
    assert found.rated_members == whole.rated_members


@pytest.mark.parametrize("variant_id", ["", "beside"])
def test_an_unknown_variant_is_refused(variant_id: str) -> None:
    with pytest.raises(KeyError):
        variant(tiny("barriers"), variant_id, "named")


def test_a_questionnaire_without_variants_stays_as_it_is() -> None:
    whole = tiny("follow-up")
    assert variant(whole, "", "named") == whole
    with pytest.raises(KeyError):
        variant(whole, "inside", "named")


def english(whole: Questionnaire) -> dict[str, str]:
    """A translation of every text: its key."""
    return {source.key: f"«{source.key}»" for source in source_texts(whole)}


@pytest.mark.parametrize(
    ("variant_id", "introduction", "result_title"),
    [
        ("inside", "«variants.inside.introduction»", "«variants.inside.result_title»"),
        ("outside", "«introduction»", "«variants.outside.result_title»"),
    ],
)
def test_the_words_of_a_variant_are_its_own_in_every_language(
    variant_id: str, introduction: str, result_title: str
) -> None:
    whole = tiny("barriers")
    found = variant(whole, variant_id, "named")
    texts = variant_texts(whole, found, english(whole), variant_id)
    assert set(texts) == {source.key for source in source_texts(found)}
    localised = in_language(found, "en", texts)
    assert localised.questionnaire.introduction == introduction
    assert localised.questionnaire.result_title == result_title
    assert localised.german == frozenset()


def test_an_introduction_not_translated_stays_that_of_the_variant() -> None:
    whole = tiny("barriers")
    found = variant(whole, "inside", "named")
    known = english(whole)
    del known["variants.inside.introduction"]
    localised = in_language(found, "en", variant_texts(whole, found, known, "inside"))
    assert localised.questionnaire.introduction == "Wie groß ist die Stufe bei Ihnen?"
    assert localised.german == {"Wie groß ist die Stufe bei Ihnen?"}


def test_each_audience_is_frozen_under_a_checksum_of_its_own() -> None:
    whole = tiny("barriers")
    frozen = Frozen(checksum({}), whole, {"en": english(whole)})
    modes: tuple[Mode, ...] = ("named", "anonymous")
    found = [frozen.variant(v.id, mode) for v in whole.variants for mode in modes]
    assert len({each.checksum for each in found}) == 4
    assert found[0].checksum == frozen.variant("inside", "named").checksum
    assert all(each.languages == ["de", "en"] for each in found)
    assert Questionnaire.model_validate(found[0].document["definition"]) == found[0].questionnaire
