"""A respondent at a real server, who writes down everything the server acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event

from tests.harness.form import PAGES, Sheet, as_fields, asked, counting, made_up_page
from tests.harness.visitor import Answer, ConnectionLost, Visitor

PATIENCE = 600
"""Attempts at one request before a respondent gives up on the server."""


@dataclass
class Ledger:
    """What the server has acknowledged about one invitation."""

    handle: str
    draft: Sheet | None = None
    submissions: list[Sheet] = field(default_factory=list)
    acknowledged: int = 0
    """Saves and submissions answered with 303."""
    repeated: int = 0
    """Requests sent again because no answer came."""
    strange: list[str] = field(default_factory=list)
    """Answers nobody should get: refused saves, failures."""


@dataclass(frozen=True, slots=True)
class Door:
    """The way to one invitation's pages, and when to leave them."""

    port: int
    root: str
    link: str
    stopping: Event


class Respondent:
    """One browser that fills one invitation's sheet, submits it, and perhaps reopens it."""

    def __init__(
        self, door: Door, ledger: Ledger, chance: Random, acknowledged: Callable[[], None]
    ) -> None:
        self._visitor = Visitor(door.port)
        self._root = door.root
        self._link = door.link
        self._stopping = door.stopping
        self._ledger = ledger
        self._chance = chance
        self._acknowledged = acknowledged

    def run(self) -> None:
        """Exchange the link, fill and submit; now and then reopen, change a page, submit again."""
        if self._exchange() and self._fill() and self._submit():
            while self._chance.random() < 0.3 and self._reopen() and self._submit():
                pass
        self._visitor.close()

    def _exchange(self) -> bool:
        page = self._insist(lambda: self._visitor.get(self._link))
        if not self._expect(page, "GET link", 200):
            return False
        token = page.hidden("csrf_token")
        answer = self._insist(lambda: self._visitor.post(self._link, [("csrf_token", token)]))
        return self._expect(answer, "exchange")

    def _fill(self) -> bool:
        for page, keys in PAGES:
            if self._stopping.is_set():
                return False
            if asked(page, self._ledger.draft or {}) and not self._save(page, keys):
                return False
        return True

    def _save(self, page: str, keys: tuple[str, ...]) -> bool:
        path = f"{self._root}/{page}"
        shown = self._insist(lambda: self._visitor.get(path))
        if not self._expect(shown, f"GET {page}", 200):
            return False
        typed = made_up_page(keys, self._chance)
        hidden = [(name, shown.hidden(name)) for name in ("csrf_token", "base", "reopen")]
        answer = self._insist(lambda: self._visitor.post(path, hidden + as_fields(typed)))
        if not self._expect(answer, f"save {page}"):
            return False
        kept = {k: v for k, v in (self._ledger.draft or {}).items() if k not in keys}
        self._ledger.draft = kept | typed
        self._note()
        return True

    def _submit(self) -> bool:
        path = f"{self._root}/check"
        shown = self._insist(lambda: self._visitor.get(path))
        if not self._expect(shown, "GET check", 200):
            return False
        names = ("csrf_token", "base", "submission_key")
        hidden = [(name, shown.hidden(name)) for name in names]
        answer = self._insist(lambda: self._visitor.post(path, hidden))
        if not self._expect(answer, "submit"):
            return False
        self._ledger.submissions.append(counting(self._ledger.draft or {}))
        self._ledger.draft = None
        self._note()
        return not self._stopping.is_set()

    def _reopen(self) -> bool:
        shown = self._insist(lambda: self._visitor.get(f"{self._root}/"))
        if not self._expect(shown, "GET overview", 200):
            return False
        token = [("csrf_token", shown.hidden("csrf_token"))]
        answer = self._insist(lambda: self._visitor.post(f"{self._root}/reopen", token))
        if not self._expect(answer, "reopen"):
            return False
        self._ledger.draft = dict(self._ledger.submissions[-1])
        self._note()
        return self._save(*PAGES[self._chance.choice((0, 1, 3, 5))])

    def _note(self) -> None:
        self._ledger.acknowledged += 1
        self._acknowledged()

    def _expect(self, answer: Answer, what: str, status: int = 303) -> bool:
        if answer.status == status:
            return True
        self._ledger.strange.append(f"{self._ledger.handle}: {what}: status {answer.status}")
        return False

    def _insist(self, ask: Callable[[], Answer]) -> Answer:
        """The answer to a request, sent again as often as none came: a reload, as people do."""
        for _attempt in range(PATIENCE):
            try:
                answer = ask()
            except ConnectionLost:
                self._ledger.repeated += 1
                # Nobody listens while the master is restarted: as patient as a person.
                Event().wait(0.05)
                continue
            if answer.status != 503:
                return answer
        raise TimeoutError(f"{self._ledger.handle}: no answer to {PATIENCE} attempts")
