"""Who may open what: every route of the desk with every role, generated from the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey import access
from survey.access import RIGHTS
from survey.app import create_app
from survey.guard import ANYBODY
from survey.tables import MODES, ROLES
from tests.client import Browser
from tests.survey.walks import MIDDLE, contents, hand_in, sign_in
from tests.world import World, make_config

PROTECTED = ("desk", "analysis", "analysis_survey")


def routes(app: Flask) -> Iterator[tuple[str, Rule, str | None]]:
    """(method, rule, right) of every view of the desk."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in PROTECTED:
            right = getattr(app.view_functions[rule.endpoint], "right", None)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule, right


def address(rule: Rule, world: World) -> str:
    """The rule with something that exists in every place."""
    known = {
        "language": "de",
        "wave": "selbstcheck-2026",
        "handle": world.handles[0],
        "account_id": "1",
        "response_id": "0" * 32,
        "audience": "office",
        "name": "selbstcheck-2026-report-de.pdf",
        "action": "reissue" if "handle" in rule.arguments else "revoke",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known[match[1]], rule.rule)


def test_every_view_of_the_desk_names_a_right_somebody_has(tmp_path: Any) -> None:
    app = create_app(make_config("sqlite:///:memory:", tmp_path))
    known = {ANYBODY}.union(*RIGHTS.values())
    found = list(routes(app))
    assert len(found) > 15
    for method, rule, right in found:
        assert right in known, f"{method} {rule}"


def test_the_administrator_sees_no_answers() -> None:
    assert not RIGHTS["administrator"] & {"results", "waves"}
    assert set(RIGHTS) == set(ROLES)
    assert not access.may("mayor", "log")
    assert MODES == ("named", "anonymous")


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_the_matrix_of_roles_and_routes(world: World, role: str) -> None:
    hand_in(world, world.handles[0], MIDDLE)
    browser = sign_in(world, role) if role in ROLES else Browser(world)
    before = contents(world)
    for method, rule, right in routes(world.app):
        if right == ANYBODY or (access.may(role, right or "") and method == "POST"):
            continue
        place = address(rule, world)
        if method == "POST":
            page = browser.send(place, {"csrf_token": _token(browser)}, status=403)
            assert "freigegeben" in page.heading or "abgelaufen" in page.heading
        elif role == "nobody":
            page = browser.visit(place)
            assert (page.heading, page.path) == ("Anmelden", "/de/desk/sign-in")
        else:
            page = browser.visit(place, status=None)
            # Pages of a survey and pages of a self-check are not there for the other.
            assert page.status in ((200, 404) if access.may(role, right or "") else (403,)), place
    # links.csv is logged when it is fetched; nothing else may have changed.
    after = contents(world)
    assert {k: v for k, v in after.items() if k != "audit_event"} == {
        k: v for k, v in before.items() if k != "audit_event"
    }


def _token(browser: Browser) -> str:
    page = browser.visit("/de/only-us/selbstcheck-2025")
    return str(page.value("csrf_token"))


def test_an_administrator_reads_no_answer_anywhere(world: World) -> None:
    hand_in(world, world.handles[0], MIDDLE | {"next_steps": "Geheimer Schritt"})
    browser = sign_in(world, "administrator")
    for method, rule, _right in routes(world.app):
        if method == "GET":
            page = browser.visit(address(rule, world), status=None)
            assert "Geheimer Schritt" not in page.html
            assert "24" not in page.all("main td, main dd, main strong")


def test_the_log_of_an_administrator_names_no_sheet(world: World) -> None:
    desk = sign_in(world)
    page = desk.visit(f"/de/desk/waves/selbstcheck-2026/units/{world.handles[0]}")
    page.in_form("/revoke").submit()
    assert "link_revoke" in desk.visit("/de/desk/log").text
    assert "link_revoke" not in sign_in(world, "administrator").visit("/de/desk/log").text


def test_a_view_without_a_right_is_refused(world: World) -> None:
    desk = sign_in(world)
    desk.visit("/de/desk/units")
    world.app.view_functions["desk.show_units"] = lambda: "nobody was asked"
    assert "nobody was asked" not in desk.visit("/de/desk/units", status=403).html


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("commissioner", "amt", True),
        ("commissioner", "sachgebiet", False),
        ("administrator", "amt", False),
        ("unknown", "amt", False),
    ],
)
def test_who_may_read_a_units_own_sheet(role: str, kind: str, may: bool) -> None:
    assert access.may_read_sheet(role, kind, ["amt", "eigenbetrieb"]) is may
