"""Ways through the service that many tests begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from survey.tables import metadata
from survey.tally import verify
from tests.client import Browser, Page
from tests.world import World

PASSWORD = "correct horse battery staple"
MIDDLE = {f"q{number}": "3" for number in range(1, 9)}
"""Every answer „teilweise“: 24 points, yellow, both follow-ups asked."""
LOWEST = {f"q{number}": "1" for number in range(1, 9)}


def begin(world: World, handle: str, browser: Browser | None = None) -> Page:
    """The first section of an office's sheet, or its overview."""
    page = (browser or Browser(world)).visit(world.link(handle))
    return page.submit()


def fill(page: Page, answers: Mapping[str, Any]) -> Page:
    """Go on from a section, answering what is asked, until something else is shown."""
    while page.step not in ("check", ""):
        names = {str(field["name"]) for field in page.form.select("[name]")}
        page = page.answer({n: a for n, a in answers.items() if n in names}).next()
    return page


def hand_in(world: World, handle: str, answers: Mapping[str, Any]) -> Page:
    """The result page of an office that answers so."""
    return fill(begin(world, handle), answers).press("Jetzt abgeben")


def sign_in(world: World, role: str = "commissioner") -> Browser:
    """A browser signed in with an account of this role."""
    world.add_account(role, role, PASSWORD)
    browser = Browser(world)
    page = browser.visit("/de/desk/sign-in").answer(name=role, password=PASSWORD)
    page.press("Anmelden")
    return browser


def contents(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: to show that nothing was written."""
    with world.database.read() as connection:
        return {t.name: _rows(connection, t) for t in metadata.sorted_tables}


def _rows(connection: Connection, table: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)


def rows(world: World, table: Any) -> list[dict[str, Any]]:
    """The rows of a table."""
    with world.database.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def assert_tally_right(world: World) -> None:
    """The counts are what a recount gives."""
    with world.database.snapshot() as connection:
        assert verify(connection) == []
