"""Signing in and out, accounts, and sessions that end when somebody ends them."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from survey import access
from survey.tables import account, audit_event, sign_in, sign_in_failure
from tests.client import Browser, Page
from tests.conftest import MakeWorld
from tests.survey import walks
from tests.survey.walks import PASSWORD, rows
from tests.world import World


@pytest.fixture
def desk(new_world: MakeWorld) -> World:
    """An installation with one commissioner and nothing else."""
    made = new_world()
    made.add_account("commissioner", "commissioner", PASSWORD)
    return made


def try_in(browser: Browser, name: str, password: str, status: int) -> Page:
    """Type name and password."""
    page = browser.visit("/de/desk/sign-in").answer(name=name, password=password)
    return page.press("Anmelden", status=status)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("commissioner", "wrong"),
        ("commissioner", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("COMMISSIONER", PASSWORD),
        ("commissioner", f"{PASSWORD} "),
        ("x" * 5000, "y" * 5000),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    desk: World, name: str, password: str
) -> None:
    page = try_in(Browser(desk), name, password, 403)
    assert page.all(".notice") == ["Name und Passwort passen nicht zusammen."]
    assert not password or password not in page.html
    assert rows(desk, sign_in) == []


def test_five_failures_close_the_door_for_that_name_only(desk: World) -> None:
    desk.add_account("other", "administrator", PASSWORD)
    browser = Browser(desk)
    for _ in range(access.FAILURES_ALLOWED):
        try_in(browser, "commissioner", "wrong", 403)
    page = try_in(Browser(desk), "commissioner", PASSWORD, 429)
    assert "warten Sie 15 Minuten" in page.text
    assert try_in(browser, "other", PASSWORD, 200).heading == "Konten"


def test_the_door_opens_again_after_a_while(desk: World) -> None:
    for _ in range(access.FAILURES_ALLOWED):
        desk.database.write(lambda c: access.note_failure(c, "commissioner"))
    failures = sign_in_failure
    desk.database.write(
        lambda c: c.execute(
            update(failures).values(at=rows(desk, failures)[0]["at"] - access.FAILURE_WINDOW)
        )
    )
    assert try_in(Browser(desk), "commissioner", PASSWORD, 200).heading == "Durchgänge"


def test_signing_out_ends_the_session_on_the_server(desk: World) -> None:
    browser = Browser(desk)
    page = try_in(browser, "commissioner", PASSWORD, 200)
    stolen = browser.client.get_cookie("session", domain="127.0.0.1")
    assert stolen
    page.press("Abmelden")
    assert rows(desk, sign_in) == []
    browser.client.set_cookie("session", stolen.value, domain="127.0.0.1")
    assert browser.visit("/de/desk/").heading == "Anmelden"


def test_a_session_expires_by_the_databases_clock(desk: World) -> None:
    browser = Browser(desk)
    try_in(browser, "commissioner", PASSWORD, 200)
    expired = rows(desk, sign_in)[0]["started"]
    desk.database.write(lambda c: c.execute(update(sign_in).values(expires=expired)))
    assert browser.visit("/de/desk/").heading == "Anmelden"
    page = browser.send("/de/desk/waves/new", {"title": "Ein langer Titel"}, status=400)
    assert "Ein langer Titel" in page.html


def test_only_the_hash_of_a_session_is_stored(desk: World) -> None:
    secret = desk.database.write(lambda c: access.start_session(c, 1))
    assert secret not in repr(rows(desk, sign_in))
    with desk.database.read() as connection:
        assert access.signed_in(connection, secret)
        assert access.signed_in(connection, "") is None


@pytest.mark.parametrize(
    ("then", "lands"),
    [
        ("/de/desk/units", "/de/desk/units"),
        ("/de/desk/units?x=1", "/de/desk/units"),
        ("", "/de/desk/"),
        ("https://evil.example/", "/de/desk/"),
        ("//evil.example/", "/de/desk/"),
        ("/\\evil.example/", "/de/desk/"),
        ("\\\\evil.example", "/de/desk/"),
        ("/de/desk/\r\nSet-Cookie: x=1", "/de/desk/"),
        ("javascript:alert(1)", "/de/desk/"),
        ("/\t/evil.example", "/de/desk/"),
        ("///evil.example", "/de/desk/"),
    ],
)
def test_after_signing_in_only_our_own_pages(desk: World, then: str, lands: str) -> None:
    browser = Browser(desk)
    page = browser.visit("/de/desk/sign-in")
    page = page.answer(name="commissioner", password=PASSWORD, then=then).press("Anmelden")
    assert page.path == lands
    assert not any("evil.example" in address for address in browser.addresses)


def test_a_page_asked_for_comes_after_signing_in(desk: World) -> None:
    browser = Browser(desk)
    page = browser.visit("/de/desk/units")
    assert page.heading == "Anmelden"
    page = page.answer(name="commissioner", password=PASSWORD).press("Anmelden")
    assert page.path == "/de/desk/units"


def test_a_disabled_account_is_out_at_once(desk: World) -> None:
    browser = Browser(desk)
    try_in(browser, "commissioner", PASSWORD, 200)
    desk.database.write(lambda c: c.execute(update(account).values(disabled=True)))
    assert browser.visit("/de/desk/").heading == "Anmelden"
    try_in(browser, "commissioner", PASSWORD, 403)


# --- accounts -------------------------------------------------------------------------------------


def test_an_account_is_made_used_locked_and_unlocked(new_world: MakeWorld) -> None:
    world = new_world()
    admin = walks.sign_in(world, "administrator")
    page = admin.visit("/de/desk/accounts").with_button("Konto anlegen")
    page = page.answer(name="neue", role="commissioner").press("Konto anlegen")
    password = page.one(".notice code").get_text()
    theirs = Browser(world)
    assert try_in(theirs, "neue", password, 200).heading == "Durchgänge"
    their_id = next(row["id"] for row in rows(world, account) if row["name"] == "neue")

    def act(action: str) -> Page:
        return admin.visit("/de/desk/accounts").in_form(f"/{their_id}/{action}").submit()

    act("revoke")
    assert theirs.visit("/de/desk/").heading == "Anmelden"
    fresh = act("password").one(".notice code").get_text()
    try_in(theirs, "neue", password, 403)
    try_in(theirs, "neue", fresh, 200)
    act("disable")
    assert theirs.visit("/de/desk/").heading == "Anmelden"
    act("enable")
    try_in(theirs, "neue", fresh, 200)
    actions = [row["action"] for row in rows(world, audit_event)]
    for action in ("added", "revoke", "password", "disable", "enable"):
        assert f"account_{action}" in actions
    assert fresh not in repr(rows(world, audit_event))


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("", "commissioner", "Der Name darf"),
        ("x", "commissioner", "Der Name darf"),
        ("ein name", "commissioner", "Der Name darf"),
        ("x" * 61, "commissioner", "Der Name darf"),
        ("neue", "", "Bitte wählen Sie eine Rolle."),
        ("neue", "mayor", "Bitte wählen Sie eine Rolle."),
        ("administrator", "commissioner", "gibt es schon"),
    ],
)
def test_a_bad_account_is_refused(new_world: MakeWorld, name: str, role: str, said: str) -> None:
    world = new_world()
    page = walks.sign_in(world, "administrator").visit("/de/desk/accounts")
    token = page.soup.select('main form input[name="csrf_token"]')[0]["value"]
    sent = {"csrf_token": str(token), "name": name, "role": role}
    page = page.browser.send(page.address, sent, status=422)
    assert said in page.text
    assert len(rows(world, account)) == 1


@pytest.mark.parametrize("target", ["999999/revoke", "99999999999999999999/revoke", "1/explode"])
def test_an_unknown_account_or_action(new_world: MakeWorld, target: str) -> None:
    world = new_world()
    page = walks.sign_in(world, "administrator").visit("/de/desk/accounts")
    token = page.soup.select('main form input[name="csrf_token"]')[0]["value"]
    page.browser.send(f"/de/desk/accounts/{target}", {"csrf_token": str(token)}, status=404)


def test_nobody_locks_the_own_account(new_world: MakeWorld) -> None:
    world = new_world()
    page = walks.sign_in(world, "administrator").visit("/de/desk/accounts")
    page = page.in_form("/disable").submit(status=422)
    assert "Das eigene Konto" in page.text
