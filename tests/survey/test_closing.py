"""The database's clock decides: not yet open, open, an hour's grace, closed, extended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from survey.tables import invitation, wave, wave_audience
from survey.waves import end_of, extend, start_of
from tests.client import Browser, Page
from tests.survey.walks import MIDDLE, begin, contents, fill, hand_in
from tests.world import World

SLUG = "selbstcheck-2026"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def closed_since(world: World, delta: timedelta, *, begun: timedelta | None) -> None:
    """Close the wave `delta` ago; the first office began `begun` before that."""
    world.move_closing(SLUG, -delta)
    standing = world.standing(world.handles[0])
    moment = standing.closes - begun if begun is not None else None
    world.database.write(
        lambda c: c.execute(
            update(invitation).where(invitation.c.handle == standing.handle).values(begun=moment)
        )
    )


@pytest.mark.parametrize(
    ("closed", "begun", "status"),
    [
        (MINUTE, HOUR, 200),
        (59 * MINUTE, HOUR, 200),
        (61 * MINUTE, HOUR, 403),
        (MINUTE, None, 403),
        (timedelta(days=3), HOUR, 403),
        # Begun after the end, by a clock that was wrong: no grace.
        (30 * MINUTE, -MINUTE, 403),
    ],
)
def test_a_form_begun_before_closing_has_an_hour(
    world: World, closed: timedelta, begun: timedelta | None, status: int
) -> None:
    page = begin(world, world.handles[0]).answer(q1=5)
    closed_since(world, closed, begun=begun)
    page = page.next(status=status)
    saved = world.standing(world.handles[0]).draft is not None
    assert saved == (status == 200)


def test_a_sheet_can_be_handed_in_within_the_hour(world: World) -> None:
    page = fill(begin(world, world.handles[0]), MIDDLE)
    closed_since(world, 59 * MINUTE, begun=HOUR)
    assert page.press("Jetzt abgeben").heading == "Ihr Ergebnis"


def test_after_the_hour_nothing_is_written_and_the_text_is_shown(world: World) -> None:
    handle = world.handles[0]
    page = begin(world, handle)
    visit = page.browser.visit
    sheet = visit(page.path.replace("sprache", "schritte")).answer(next_steps="Ein langer Text")
    check = visit(page.path.replace("sprache", "no-sheet")).answer(reason="declined")
    closed_since(world, 2 * HOUR, begun=HOUR)
    before = contents(world)
    refused = sheet.next(status=403)
    assert refused.heading == "Diese Erhebung ist geschlossen."
    assert refused.all("textarea") == ["Ein langer Text"]
    check.press("Mitteilen", status=403)
    for step in ("sprache", "check", "no-sheet", "promises"):
        visit(page.path.replace("sprache", step), status=403)
    assert contents(world) == before


def test_after_closing_a_result_can_still_be_read(world: World) -> None:
    handle = world.handles[0]
    hand_in(world, handle, MIDDLE)
    closed_since(world, 2 * HOUR, begun=HOUR)
    page = Browser(world).visit(world.link(handle)).press("Zum Ergebnis")
    assert page.follow("Ergebnis ansehen").one("[data-total]")["data-total"] == "24"
    assert "Antworten ändern" not in page.html


def test_after_closing_a_link_without_a_sheet_says_so(world: World) -> None:
    closed_since(world, 2 * HOUR, begun=None)
    page = Browser(world).visit(world.link(world.handles[0]), status=403)
    assert page.heading == "Diese Erhebung ist geschlossen."
    assert "bitten Sie um eine Verlängerung" in page.text


def test_before_the_opening_the_link_says_when(world: World) -> None:
    def later(days: int) -> None:
        standing = world.standing(world.handles[0])
        world.database.write(
            lambda c: c.execute(update(wave).values(opens=standing.now + timedelta(days=days)))
        )

    later(2)
    page = Browser(world).visit(world.link(world.handles[0]), status=403)
    assert page.heading == "Diese Erhebung hat noch nicht begonnen."
    assert "Sie öffnet am" in page.text
    later(-2)
    assert begin(world, world.handles[0]).step == "sprache"


def test_before_the_opening_nothing_can_be_begun_by_force(world: World) -> None:
    page: Page = Browser(world).visit(world.link(world.handles[0]))
    opens = world.standing(world.handles[0]).now + timedelta(days=1)
    world.database.write(lambda c: c.execute(update(wave).values(opens=opens)))
    page.press("Beginnen", status=403)
    assert world.standing(world.handles[0]).begun is None


@pytest.mark.parametrize(("days", "status"), [(0, 200), (5, 200), (-1, 403), (None, 403)])
def test_an_extension_is_the_units_own(world: World, days: int | None, status: int) -> None:
    ten, ten_one = world.handles[:2]
    closed_since(world, 2 * HOUR, begun=None)
    today = world.standing(ten).now.astimezone(world.config.zone).date()
    last = today + timedelta(days=days) if days is not None else None
    world.database.write(lambda c: extend(c, ten, last, world.config.zone))
    Browser(world).visit(world.link(ten), status=status)
    Browser(world).visit(world.link(ten_one), status=403)


def test_an_extension_never_shortens(world: World) -> None:
    handle = world.handles[0]
    yesterday = date(2026, 1, 1)
    world.database.write(lambda c: extend(c, handle, yesterday, world.config.zone))
    assert world.standing(handle).phase == "open"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 6, 30), 24),
        (date(2026, 3, 29), 23),  # clocks go forward
        (date(2026, 10, 25), 25),  # and back
        (date(2026, 12, 31), 24),
    ],
)
def test_a_closing_is_the_end_of_a_local_day(day: date, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin_utc, end_utc = start_of(day, zone).timestamp(), end_of(day, zone).timestamp()
    assert end_utc - begin_utc == hours * 3600
    assert datetime.fromtimestamp(end_utc - 1, zone).date() == day


def test_opening_and_closing_are_stored_as_local_midnights(world: World) -> None:
    with world.database.read() as connection:
        opens = connection.scalar(wave.select().with_only_columns(wave.c.opens))
        closes = connection.scalar(wave_audience.select().with_only_columns(wave_audience.c.closes))
    for moment in (opens, closes):
        assert moment
        assert moment.astimezone(world.config.zone).time().isoformat() == "00:00:00"
