"""The personal link: opened, exchanged, revoked, shared, and opened by the wrong people."""

from __future__ import annotations

import pytest

from survey import access
from survey.waves import reissue_link, revoke_link
from tests.client import Browser
from tests.survey.walks import MIDDLE, begin, contents, fill
from tests.world import LINK_KEY, World


def test_opening_a_link_tells_who_is_asked_and_who_reads(world: World, browser: Browser) -> None:
    page = browser.visit(world.link(world.handles[0]))
    assert page.heading == "Amt Zehn"
    assert "Wer Ihre Antworten liest" in page.text
    assert "Büro für Integration (Musterstadt): Ihre Antworten" in page.text
    assert "nennt keine Organisationseinheiten mit Namen" in page.text


def test_a_small_unit_reads_that_only_its_parent_sees_its_sheet(
    world: World, browser: Browser
) -> None:
    page = browser.visit(world.link(world.handles[1]))
    assert "Ihre übergeordnete Stelle (Amt Zehn): Punkte und Farbe." in page.text
    assert "mindestens fünf Bögen" in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_opening_consumes_nothing_however_often(
    world: World, browser: Browser, method: str
) -> None:
    before = contents(world)
    for _ in range(3):
        browser.visit(world.link(world.handles[0]), method=method)
    assert contents(world) == before
    assert begin(world, world.handles[0], browser).step == "sprache"


def test_the_token_leaves_the_address(world: World, browser: Browser) -> None:
    link = world.link(world.handles[0])
    fill(begin(world, world.handles[0], browser), MIDDLE)
    assert [link, link] == browser.addresses[:2]
    token = link.rsplit("/", 1)[1]
    assert not any(token in address for address in browser.addresses[2:])


def test_only_the_hash_of_a_token_is_stored(world: World) -> None:
    token = world.link(world.handles[0]).rsplit("/", 1)[1]
    assert len(token) == 26
    assert token not in repr(contents(world))


def test_a_link_without_language_finds_the_readers(world: World, browser: Browser) -> None:
    token = world.link(world.handles[0]).rsplit("/", 1)[1]
    assert browser.visit(f"/l/{token}").path == f"/de/l/{token}"


@pytest.mark.parametrize("token", ["unknown", "a" * 26, "a" * 3000, "%00", "ä", "..%2f.."])
def test_an_unknown_link_says_what_to_do(world: World, browser: Browser, token: str) -> None:
    page = browser.visit(f"/de/l/{token}", status=404)
    if token in ("unknown", "a" * 26):
        assert page.heading == "Diesen Link kennen wir nicht."
        assert "integration@musterstadt.example" in page.text


def test_a_revoked_link_and_its_sessions_end(world: World, browser: Browser) -> None:
    link = world.link(world.handles[0])
    page = begin(world, world.handles[0], browser)
    world.database.write(lambda c: revoke_link(c, world.handles[0]))
    assert "gilt nicht mehr" in browser.visit(link, status=410).heading
    assert "gilt nicht mehr" in browser.visit(page.address, status=410).heading


def test_a_reissued_link_replaces_the_old_one_and_keeps_the_draft(world: World) -> None:
    handle = world.handles[0]
    old, browser = world.link(handle), Browser(world)
    page = begin(world, handle, browser).answer(q1=5).next()
    world.database.write(lambda c: reissue_link(c, handle, LINK_KEY))
    # Its hash is gone, so it cannot even be known that there was one.
    browser.visit(old, status=404)
    browser.visit(page.address, status=410)
    again = Browser(world)
    page = again.visit(world.link(handle)).submit()
    assert "teilweise ausgefüllt" in page.text


def test_a_page_without_its_link_asks_for_it(world: World, browser: Browser) -> None:
    handle = world.handles[0]
    for step in ("", "sprache", "check", "result", "no-sheet", "not-us"):
        page = browser.visit(f"/de/w/selbstcheck-2026/{handle}/{step}", status=403)
        assert "persönlichen Link" in page.heading
        assert "Amt Zehn" not in page.html


def test_the_handle_of_another_wave_is_unknown(world: World, browser: Browser) -> None:
    begin(world, world.handles[0], browser)
    browser.visit(f"/de/w/another-wave/{world.handles[0]}/", status=404)


def test_two_links_in_one_browser_do_not_mix(world: World, browser: Browser) -> None:
    first, _, second, _ = world.handles
    page_one = begin(world, first, browser).answer(q1=5)
    page_two = begin(world, second, browser).answer(q1=1)
    page_one.next()
    page_two.next()
    drafts = [world.standing(handle).draft for handle in (first, second)]
    assert drafts == [{"q1": "5"}, {"q1": "1"}]
    assert "Amt Zehn" in browser.visit(page_one.address).html


def test_the_oldest_of_many_links_is_closed_first() -> None:
    class Fake:
        link_generation = 1
        revoked = False

        def __init__(self, handle: str) -> None:
            self.handle = handle

    session: dict[str, object] = {}
    opened = [Fake(f"handle{number}") for number in range(access.MOST_LINKS + 1)]
    for standing in opened:
        access.grant(session, standing)  # type: ignore[arg-type]  # only what a grant reads
    assert not access.is_granted(session, opened[0])  # type: ignore[arg-type]
    assert access.is_granted(session, opened[1])  # type: ignore[arg-type]


def test_another_offices_link_can_be_closed_and_nothing_changes(
    world: World, browser: Browser
) -> None:
    begin(world, world.handles[0], browser)
    before = contents(world)
    root = f"/de/w/selbstcheck-2026/{world.handles[0]}"
    page = browser.visit(f"{root}/not-us").press("Ja, das sind wir nicht")
    assert "geschlossen" in page.heading
    browser.visit(f"{root}/", status=403)
    assert contents(world) == before


def test_a_sign_of_life_and_the_home_page(world: World, browser: Browser) -> None:
    assert browser.visit("/healthz").html == "ok\n"
    assert browser.visit("/").path == "/de/"
    assert browser.visit("/").heading == "Wie offen ist unser Amt?"


def test_a_foreign_host_name_is_refused(world: World) -> None:
    browser = Browser(world, base_url="http://evil.example")
    page = browser.visit("/de/", status=400)
    assert "evil.example" not in page.html
