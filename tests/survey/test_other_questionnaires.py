"""No code knows the Selbstcheck: other questionnaires go the whole way through the front door."""

from __future__ import annotations

import csv
import io

import pytest

from survey.questionnaires import Frozen, freeze
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.forms.questionnaires import NAMES, tiny
from tests.survey.test_cli import scored
from tests.survey.walks import assert_tally_right, begin, fill, hand_in, sign_in
from tests.world import OFFICES, World

WAVE = "/de/desk/waves/selbstcheck-2026/"
COUNTER = {"queue": "never", "seats": "always", "patience": "d", "colour": "blue", "else": "Gut"}
SHEETS: dict[str, dict[str, str | list[str]]] = {
    "counter": dict(COUNTER),
    "follow-up": {"known": "yes", "steps": "a\nb", "ways": ["other"], "ways.other": "Taube"},
    "naughty": {"q": "b", "t": "=1+1"},
    "tiny": {"only": "Ein Wort"},
    "uneven": {"a": "2", "b": "0", "c": "8"},
    "unscored": {"barrier": "Treppe", "where": ["office", "elsewhere"], "where.other": "Tor"},
}


def world_with(new_world: MakeWorld, name: str) -> World:
    """A wave of one tiny questionnaire, offered as „nur für uns“ too."""
    world = new_world()
    world.add_units(OFFICES)
    world.add_wave(frozen := freeze(tiny(name)))
    library: dict[str, Frozen] = world.app.extensions["services"].library._published
    library[name] = frozen
    return world


def test_there_is_a_sheet_for_every_tiny_questionnaire() -> None:
    # The barrier survey goes ways of its own: test_barriers.py, test_open_survey.py.
    assert set(SHEETS) == set(NAMES) - {"barriers"}


@pytest.mark.parametrize("name", SHEETS)
def test_from_link_to_csv(new_world: MakeWorld, name: str) -> None:
    world = world_with(new_world, name)
    questionnaire = tiny(name)
    page = Browser(world).visit(world.link(world.handles[0]))
    assert "Acht" not in page.text
    page = hand_in(world, world.handles[0], SHEETS[name])
    total = page.soup.select("[data-total]")
    assert len(total) == (1 if questionnaire.scored else 0)
    assert_tally_right(world)
    desk = sign_in(world)
    for path in ("", "evaluation", f"units/{world.handles[0]}", f"units/{world.handles[1]}"):
        desk.visit(WAVE + path)
    [row] = csv.DictReader(io.StringIO(desk.visit(f"{WAVE}answers.csv").html))
    assert row["total"] == (str(total[0]["data-total"]) if total else "")
    for question, answer in SHEETS[name].items():
        if isinstance(answer, str) and "." not in question:
            assert row[question].lstrip("'").splitlines() == answer.splitlines()
    if questionnaire.scored:
        codes = {q: str(SHEETS[name][q]) for q in questionnaire.scored}
        text = f"{','.join(codes)}\n{','.join(codes.values())}\n"
        [again] = csv.DictReader(io.StringIO(scored(text, name)[0]))
        assert again["total"] == row["total"]


def test_the_counter_page_by_page(new_world: MakeWorld) -> None:
    world = world_with(new_world, "counter")
    page = begin(world, world.handles[0])
    assert page.heading == "Warten"
    assert "Schritt 1 von 3" in page.text
    page = page.answer(queue="sometimes").next()
    assert page.heading == "Sprechen"
    page = page.answer(colour="grey").next()
    assert page.all(".notice li") == ["Frage 1 beantworten", "Frage 2 beantworten"]
    page = fill(page.follow("Frage 1 beantworten"), COUNTER)
    page = page.press("Jetzt abgeben")
    verdict = page.one("[data-total]")
    assert (verdict["data-total"], verdict["data-possible"]) == ("9", "11")
    assert not verdict.has_attr("data-band")
    assert not page.soup.select("[data-category]")
    assert "Schwellen" not in page.text
    assert page.all("table.points tbody tr td.number") == ["0 / 2", "2 / 2", "7 / 7"]


def test_the_counter_at_the_desk(new_world: MakeWorld) -> None:
    world = world_with(new_world, "counter")
    hand_in(world, world.handles[0], COUNTER)
    desk = sign_in(world)
    page = desk.visit(WAVE)
    assert "Ampelfarben" not in page.text
    assert "9" in page.all("table.sheets tbody strong")
    page = desk.visit(f"{WAVE}evaluation")
    head = page.all("[aria-labelledby=statements-distribution] thead th")
    assert head[2:8] == ["0", "1", "2", "3", "4", "7"]


def test_two_colours_and_uneven_weights(new_world: MakeWorld) -> None:
    world = world_with(new_world, "uneven")
    page = hand_in(world, world.handles[0], {"a": "0", "b": "0", "c": "8"})
    assert page.one("[data-total]")["data-band"] == "green"
    assert "Vorläufige" not in page.text
    assert "„Klein“ für sich allein wäre rot" in page.text


def test_without_points_there_is_no_result_but_thanks(new_world: MakeWorld) -> None:
    world = world_with(new_world, "unscored")
    page = hand_in(world, world.handles[0], SHEETS["unscored"])
    assert "Danke fürs Erzählen." in page.text
    assert "Treppe" in page.text
    assert "Gesamtzahl" not in page.text


def only_us(world: World, name: str, status: int = 200) -> Page:
    """The open page of a questionnaire."""
    return Browser(world).visit(f"/de/only-us/{name}", status=status)


def test_only_us_for_any_scored_questionnaire(new_world: MakeWorld) -> None:
    world = world_with(new_world, "counter")
    page = only_us(world, "counter").answer(COUNTER).press("Ergebnis zeigen")
    assert page.one("[data-total]")["data-total"] == "9"
    only_us(world_with(new_world, "unscored"), "unscored", status=404)


def test_naughty_texts_are_texts(new_world: MakeWorld) -> None:
    world = world_with(new_world, "naughty")
    page = begin(world, world.handles[0])
    assert page.heading == "</title><script>alert(3)</script>"
    for shown in ("100 % <i>schräg</i> ' \" &amp;", "Einleitung %s %d %(x)s"):
        assert shown in page.text
    page = fill(page, {"q": "b", "t": "<script>alert(4)</script>{{ 7*7 }}"})
    page = page.press("Jetzt abgeben")
    assert "<script>alert(4)</script>{{ 7*7 }}" in page.text
    page = only_us(world, "naughty").answer(q="a").press("Ergebnis zeigen")
    assert page.one("[data-total]")["data-total"] == "1"
