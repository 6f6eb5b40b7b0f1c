"""Row 7: colleagues with pages open on one invitation, against a model of what may happen.

The machine drives the application through its front door. A save that would overwrite what its
page never showed has to come back as 409 with both texts.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.standing import submitted_answers
from survey.tables import tally
from tests.harness.form import (
    ANSWERS,
    PAGES,
    STATEMENTS,
    Sheet,
    as_fields,
    asked,
    counting,
    expected,
)  # fmt: skip
from tests.harness.visitor import HIDDEN
from tests.world import World

COLLEAGUES = 3
WRITTEN = st.sampled_from(["", "Merkblatt <neu>", 'Kurs & „Team"', "Zeile 1\nZeile 2", "مرحبا"])
Page = tuple[str, tuple[str, ...]]


def colleague() -> st.SearchStrategy[int]:
    """One of the people."""
    return st.integers(0, COLLEAGUES - 1)


@st.composite
def typed_on(draw: st.DrawFn, keys: tuple[str, ...]) -> Sheet:
    """What somebody leaves on a page: mostly complete."""
    sheet: Sheet = {}
    for key in keys:
        if key in STATEMENTS:
            sheet[key] = draw(st.sampled_from(["", "2", "3", "5", "5"]))
        elif key == "q8_fields":
            sheet[key] = draw(st.sampled_from([[], ["exchange"], ["outreach", "other"]]))
        else:
            sheet[key] = draw(WRITTEN)
    return {key: value for key, value in sheet.items() if value}


class Open:
    """A page somebody has open: what it showed, and its hidden fields."""

    def __init__(self, keys: tuple[str, ...], shown: Sheet, answer: TestResponse) -> None:
        self.keys = keys
        self.shown = shown
        self.hidden = {n: html.unescape(v) for n, v in HIDDEN.findall(answer.text)}

    def fields(self, typed: Sheet) -> list[tuple[str, str]]:
        """What its button sends."""
        return [*self.hidden.items(), *as_fields(typed)]


class Colleagues(RuleBasedStateMachine):
    """The model: one draft, one submitted sheet, one reason for no sheet."""

    world: World
    take_handle: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.handle = type(self).take_handle()
        self.root = f"/de/w/{self.world.standing(self.handle).wave_slug}/{self.handle}"
        self.clients = [self._person() for _ in range(COLLEAGUES)]
        self.pages: dict[tuple[int, str], Open] = {}
        self.checks: dict[int, Open] = {}
        self.overviews: dict[int, Open] = {}
        self.draft: Sheet | None = None
        self.submitted: Sheet | None = None
        self.version = 0
        self.last_key = ""
        self.declined = False

    def _person(self) -> FlaskClient:
        client = self.world.app.test_client()
        link = self.world.link(self.handle)
        token = dict(HIDDEN.findall(client.get(link).text))["csrf_token"]
        assert client.post(link, data={"csrf_token": token}).status_code == 303
        with client.session_transaction() as session:
            assert self.handle in session["links"]
        client.environ_base["token"] = token
        return client

    def post(self, who: int, path: str, fields: list[tuple[str, str]]) -> TestResponse:
        """Send a form."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        data.setdefault("csrf_token", [self.clients[who].environ_base["token"]])
        return self.clients[who].post(f"{self.root}{path}", data=data)

    @initialize(
        filled=st.booleans(), answers=st.lists(st.sampled_from(ANSWERS), min_size=8, max_size=8)
    )
    def perhaps_filled(self, filled: bool, answers: list[str]) -> None:
        """Often the statements are answered already, so that there is something to submit."""
        if filled:
            sheet = dict(zip(STATEMENTS, answers, strict=True))
            for page in (PAGES[0], PAGES[1], PAGES[3]):
                self.open_page(0, page)
                self._save(0, page, {key: sheet[key] for key in page[1]})

    @rule(who=colleague(), page=st.sampled_from(PAGES))
    def open_page(self, who: int, page: Page) -> None:
        """GET a section."""
        answer = self.clients[who].get(f"{self.root}/{page[0]}")
        submitted = self.draft is None and self.submitted is not None
        if submitted or not asked(page[0], self.draft or {}):
            assert answer.status_code == 302, answer.status_code
            return
        assert answer.status_code == 200, answer.status_code
        self.pages[who, page[0]] = Open(page[1], self._stored(page[1]), answer)

    @precondition(lambda self: self.pages)
    @rule(choice=st.data())
    def save(self, choice: Any) -> None:
        """Press „Speichern und weiter" on one of the open pages."""
        who, name = choice.draw(st.sampled_from(sorted(self.pages)))
        page = next(page for page in PAGES if page[0] == name)
        self._save(who, page, choice.draw(typed_on(page[1])))

    def _save(self, who: int, page: Page, typed: Sheet) -> None:
        opened = self.pages[who, page[0]]
        stored = self._stored(page[1])
        answer = self.post(who, f"/{page[0]}", opened.fields(typed))
        if self._is_stale(opened, stored, typed):
            assert answer.status_code == 409, (answer.status_code, stored, opened.shown, typed)
            self._shows(answer, typed, stored)
            self.pages[who, page[0]] = Open(page[1], stored, answer)
            return
        assert answer.status_code == 303, (answer.status_code, stored, opened.shown, typed)
        if self.draft is None and self.submitted is not None and typed == stored:
            # Nothing to change, so no reason to reopen, even where the page offered it.
            return
        now = self.draft if self.draft is not None else self.submitted or {}
        self.draft = {k: v for k, v in now.items() if k not in page[1]} | typed

    def _is_stale(self, opened: Open, stored: Sheet, typed: Sheet) -> bool:
        if self.draft is None and self.submitted is not None and not opened.hidden["reopen"]:
            return typed != stored
        return stored not in (opened.shown, typed)

    def _shows(self, answer: TestResponse, typed: Sheet, stored: Sheet) -> None:
        for sheet in (typed, stored):
            for value in sheet.values():
                if isinstance(value, str) and len(value) > 1:
                    for line in value.split("\n"):
                        escaped = html.escape(line, quote=False)
                        assert escaped in answer.text.replace("&#34;", '"'), (line, sheet)

    @rule(who=colleague())
    def open_check(self, who: int) -> None:
        """GET the check-answers page."""
        answer = self.clients[who].get(f"{self.root}/check")
        assert answer.status_code == (302 if self.draft is None else 200)
        if self.draft is not None:
            self.checks[who] = Open((), dict(self.draft), answer)

    @precondition(lambda self: self.checks)
    @rule(choice=st.data())
    def submit(self, choice: Any) -> None:
        """Press „Jetzt abgeben" on an open check page."""
        who = choice.draw(st.sampled_from(sorted(self.checks)))
        check = self.checks[who]
        answer = self.post(who, "/check", check.fields({}))
        key = check.hidden["submission_key"]
        if key == self.last_key:
            # The submission that counts, once more: one receipt, nothing changes.
            assert answer.status_code == 303, answer.status_code
        elif self.draft is None:
            assert answer.status_code == (303 if self.submitted is not None else 409)
        elif check.shown != self.draft:
            assert answer.status_code == 409, answer.status_code
            self.checks[who] = Open((), dict(self.draft), answer)
        elif any(statement not in self.draft for statement in STATEMENTS):
            assert answer.status_code == 422, answer.status_code
        else:
            assert answer.status_code == 303, answer.status_code
            self.submitted, self.draft = counting(self.draft), None
            self.last_key = key
            self.version += 1
            self.declined = False

    @rule(who=colleague())
    def reopen(self, who: int) -> None:
        """Open the submitted sheet for changes."""
        assert self.post(who, "/reopen", []).status_code == 303
        if self.submitted is not None and self.draft is None:
            self.draft = dict(self.submitted)

    @rule(who=colleague())
    def open_overview(self, who: int) -> None:
        """GET the overview, whose button drops the open changes."""
        answer = self.clients[who].get(f"{self.root}/")
        assert answer.status_code == 200
        self.overviews[who] = Open((), dict(self.draft or {}), answer)

    @precondition(lambda self: self.overviews)
    @rule(choice=st.data())
    def discard(self, choice: Any) -> None:
        """Drop the open changes; what somebody wrote since the overview was opened is kept."""
        who = choice.draw(st.sampled_from(sorted(self.overviews)))
        opened = self.overviews[who]
        base = opened.hidden.get("base", "")
        answer = self.post(who, "/reopen", [("then", "discard"), ("base", base)])
        offered = "base" in opened.hidden
        if self.draft is not None and not (offered and opened.shown == self.draft):
            assert answer.status_code == 409, answer.status_code
            return
        assert answer.status_code == 303, answer.status_code
        if self.submitted is not None:
            self.draft = None

    @rule(who=colleague(), withdraw=st.booleans())
    def decline(self, who: int, withdraw: bool) -> None:
        """Say that there is no sheet, or take that back."""
        fields = [("then", "withdraw")] if withdraw else [("reason", "no_contact"), ("note", "")]
        assert self.post(who, "/no-sheet", fields).status_code == 303
        if withdraw:
            self.declined = False
        elif self.submitted is None:
            self.declined = True

    @invariant()
    def stored_as_the_model_says(self) -> None:
        """Draft, sheet, version, reason and counts."""
        standing = self.world.standing(self.handle)
        kept, right_now = (standing.draft, standing.version or 0), (self.draft, self.version)
        assert kept == right_now, (kept, right_now)
        assert bool(standing.no_sheet_reason) == self.declined
        with self.world.database.read() as connection:
            assert submitted_answers(connection, standing) == (self.submitted or {})
            counts = connection.execute(
                select(tally.c.value, tally.c.count).where(
                    tally.c.unit_id == standing.unit_id, tally.c.question == "@total"
                )
            ).all()
        right = [(str(expected(self.submitted).total), 1)] if self.submitted else []
        assert [tuple(row) for row in counts] == right

    def _stored(self, keys: tuple[str, ...]) -> Sheet:
        now = self.draft if self.draft is not None else self.submitted or {}
        return {key: now[key] for key in keys if key in now}


def work_together(
    world: World, take_handle: Callable[[], str], runs: int, *, steps: int = 20, repeatable: bool
) -> None:
    """Let colleagues work on that many invitations; raises AssertionError at the first loss."""
    machine = type(
        "ColleaguesHere",
        (Colleagues,),
        {"world": world, "take_handle": staticmethod(take_handle)},
    )
    run_machine(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=repeatable,
            # Shrinking takes minutes here; twenty steps can be read as they are.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
