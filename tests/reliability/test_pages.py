"""A page joined from segments is the page rendered whole, byte for byte, whatever is put in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import g
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from forms.definition import Question
from forms.loader import available, load
from survey.pages import Page, Slots
from survey.questionnaires import Frozen, freeze
from survey.respond.drawing import CHECKED, answer_slots, render_section
from survey.respond.invited import Invited
from survey.respond.invited import load as load_invitation
from tests.world import OFFICES, World, make_world, selbstcheck

TINY = Path(__file__).parent.parent / "questionnaires"
NASTY = (
    "", "\x00unit\x00", "\x00csrf\x00", "{{ slots['unit'] }}", "{% raw %}", "</textarea><script>",
    "\\1\\g<0>", "%(unit)s", "{0}", "&amp;&#34;", "'\"><b>", "\u202eمرحبا\u2066", "unit",
    "\n\nx\r\n",
    "\x00", "\x00\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(), st.text(alphabet="\x00<>&'\"{}%\\unitcsrf=."))
EXAMPLES = settings(
    max_examples=40, deadline=None, database=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
QUESTIONNAIRES = ("selbstcheck", *sorted(available(TINY)))


def frozen(name: str) -> Frozen:
    """A questionnaire with its translations."""
    return freeze(selbstcheck() if name == "selbstcheck" else load(available(TINY)[name]))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One installation with a wave of every questionnaire."""
    folder = tmp_path_factory.mktemp("pages")
    world = make_world(f"sqlite:///{folder}/pages.sqlite", folder)
    world.add_units(OFFICES[:2])
    for name in QUESTIONNAIRES:
        world.add_wave(frozen(name), slug=f"wave-{name}")
    yield world
    world.close()


@contextmanager
def invited_to(city: World, name: str, language: str) -> Iterator[Invited]:
    """An invitation as a request of this language sees it."""
    wave = f"wave-{name}"
    handle = city.standings(wave)[0].handle
    with city.app.test_request_context(f"/{language}/w/{wave}/{handle}/x"):
        g.language = city.app.extensions["languages"][language]
        yield load_invitation(wave, handle, must_be_granted=False)


def languages(name: str) -> list[str]:
    """German and English, where the questionnaire has it."""
    return [code for code in frozen(name).languages if code in ("de", "en")]


PAGES = [(name, language) for name in QUESTIONNAIRES for language in languages(name)]


@st.composite
def values_of(draw: st.DrawFn, names: list[str]) -> dict[str, str]:
    """Something for every slot: text to be escaped, or markup of ours."""
    kinds = st.one_of(TEXTS, TEXTS.map(escape), st.just(CHECKED), st.just(Markup("")))
    return {name: draw(kinds) for name in names}


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_joined_is_rendered(city: World, name: str, language: str) -> None:
    with invited_to(city, name, language) as invited:
        for section in invited.localised.questionnaire.sections:
            page = Page(render_section(invited, section, Slots()))

            @EXAMPLES
            @given(values_of(sorted(page.blank())))
            @example({slot: f"\x00{slot}\x00" for slot in page.blank()})
            def same(values: dict[str, str]) -> None:
                whole = render_section(invited, section, values)  # noqa: B023  # called at once
                assert page.fill(values).encode() == whole.encode()  # noqa: B023  # as above

            same()


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_every_answer_has_its_slots(city: World, name: str) -> None:
    """What `answer_slots` names is on the page, or an answer would vanish from it."""
    with invited_to(city, name, "de") as invited:
        questionnaire = invited.localised.questionnaire
        for section in questionnaire.sections:
            slots = Page(render_section(invited, section, Slots())).blank().keys()
            for question in section.questions:
                codes = [option.code for option in questionnaire.options(question)]
                assert answer_slots(question, _all_answers(question, codes)).keys() <= slots


def _all_answers(question: Question, codes: list[str]) -> dict[str, str | list[str]]:
    given: str | list[str] = codes if codes else "x"
    return {question.id: given, f"{question.id}.other": "x"}


# --- planted defects ----------------------------------------------------------------------------


def by_replacing(marked: str, values: dict[str, str]) -> str:
    """The obvious way to fill a page: a value that looks like a slot is filled again."""
    for name, value in values.items():
        marked = marked.replace(f"\x00{name}\x00", escape(value))
    return marked


MARKED = "<p>\x00unit\x00</p><p>\x00text\x00</p>"


def test_filling_by_replacing_is_noticed(city: World) -> None:
    values = {"text": "\x00unit\x00", "unit": "Amt"}
    joined = Page(MARKED).fill(values)
    assert joined == "<p>Amt</p><p>\x00unit\x00</p>"
    assert by_replacing(MARKED, values) != joined
    with invited_to(city, "selbstcheck", "de") as invited:
        section = invited.localised.questionnaire.sections[-1]
        marked = render_section(invited, section, Slots())
        slots = dict(Page(marked).blank()) | {"next_steps": "\x00unit\x00", "unit": "Amt"}
        ordered = {"next_steps": slots.pop("next_steps")} | slots
        assert by_replacing(marked, ordered) != render_section(invited, section, ordered)


def test_a_slot_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Page(MARKED).fill({"unit": "Amt"})
