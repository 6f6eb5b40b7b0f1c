"""Saving while somebody writes keeps what the button would keep, and decides nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from survey import store
from survey.protection import NO_SCRIPT, OWN_SCRIPT
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey.anonymously import AUDIENCES, SLUG, make_anonymous
from tests.survey.walks import MIDDLE, begin, hand_in
from tests.world import World

TEXT = "Dienstags einen Sprechtag"


def steps(world: World, handle: str, browser: Browser | None = None) -> Page:
    """The last page of questions of an office, open in a browser."""
    page = begin(world, handle, browser)
    return page.browser.visit(f"{page.path.rsplit('/', 1)[0]}/schritte")


def save(page: Page, status: int = 200, **fields: Any) -> Page:
    """What the script of a page sends."""
    sent = {"csrf_token": str(page.value("csrf_token")), "base": str(page.value("base"))}
    return page.browser.send(f"{page.path}/autosave", {**sent, **fields}, status=status)


def kept(world: World, handle: str) -> dict[str, Any]:
    """The draft of an office as it is stored."""
    found = next(s for s in world.standings("selbstcheck-2026") if s.handle == handle)
    return found.draft or {}


def test_it_keeps_the_page_and_says_what_it_holds(world: World) -> None:
    office = world.handles[0]
    page = steps(world, office)
    answer = save(page, next_steps=TEXT)
    assert kept(world, office)["next_steps"] == TEXT
    assert answer.response.json == {"base": store.content_hash({"next_steps": TEXT})}
    # The button then saves on top of it, without a conflict.
    fields = {"csrf_token": str(page.value("csrf_token")), **answer.response.json}
    page.browser.send(page.path, {**fields, "next_steps": TEXT + "!"}, status=200)
    assert kept(world, office)["next_steps"] == TEXT + "!"


def test_it_never_decides_between_two_versions(world: World) -> None:
    office = world.handles[0]
    mine, theirs = steps(world, office), steps(world, office, Browser(world))
    theirs.answer(next_steps="Fassung der Kollegin").next()
    save(mine, 409, next_steps=TEXT)
    both = mine.answer(next_steps=TEXT).submit("next", status=409)
    # The page with both versions asks the script to wait, and offers no other language.
    assert both.form["data-autosave"] == ""
    assert both.one("details.languages").has_attr("hidden")
    assert kept(world, office)["next_steps"] == "Fassung der Kollegin"


def test_it_never_opens_a_submitted_sheet_again(world: World) -> None:
    office = world.handles[0]
    page = steps(world, office)
    hand_in(world, office, MIDDLE)
    save(page, 409, next_steps=TEXT)
    assert not kept(world, office)


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"next_steps": "x" * 10_001}, 422), ({"csrf_token": "stale", "next_steps": TEXT}, 400)],
)
def test_what_cannot_be_kept_is_refused(world: World, fields: Any, status: int) -> None:
    office = world.handles[0]
    save(steps(world, office), status, **fields)
    assert "next_steps" not in kept(world, office)


def test_nothing_is_kept_without_the_link_or_after_the_end(world: World) -> None:
    office = world.handles[0]
    page = steps(world, office)
    stranger = Browser(world)
    other = stranger.visit("/de/only-us/selbstcheck-2025")
    token = {"csrf_token": str(other.value("csrf_token")), "next_steps": TEXT}
    stranger.send(f"{page.path}/autosave", token, status=403)
    world.move_closing("selbstcheck-2026", timedelta(hours=-3))
    save(page, 403, next_steps=TEXT)
    assert "next_steps" not in kept(world, office)


def test_an_anonymous_sheet_is_kept_until_it_is_sealed(new_world: MakeWorld) -> None:
    city = make_anonymous(new_world())
    start = Browser(city).visit(f"/de/o/{SLUG}/{AUDIENCES[0]}").submit("begin")
    root = f"/de/w/{SLUG}/open-{AUDIENCES[0]}"
    page = start.browser.visit(f"{root}/besser")
    save(page, better="Die Schilder")
    assert page.browser.visit(f"{root}/besser").value("better") == "Die Schilder"
    page.browser.visit(f"{root}/check").press("Jetzt abgeben")
    save(page, 403, better="Noch etwas")


def test_only_pages_of_questions_may_run_the_script(world: World) -> None:
    page = steps(world, world.handles[0])
    policies = {
        address: page.browser.visit(address).response.headers["Content-Security-Policy"]
        for address in (page.path, page.path.rsplit("/", 1)[0] + "/", "/de/")
    }
    assert [*policies.values()] == [OWN_SCRIPT, NO_SCRIPT, NO_SCRIPT]
