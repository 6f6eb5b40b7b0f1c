"""Row 6: the same submission many times at once is one submission with one receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Barrier

from sqlalchemy import func, select

from survey import store, tally
from survey.database import Database
from survey.standing import by_handle
from survey.tables import invitation, response, response_version
from tests.harness.form import PAGES, STATEMENTS, Sheet, as_fields, asked, made_up_page
from tests.harness.visitor import Visitor
from tests.world import World, selbstcheck

PAIR = 2
BURST = 50
RECEIPT = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9]+")


@dataclass
class BurstReport:
    """What many identical submissions led to."""

    invitations: int = 0
    submissions: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.submissions} submissions of {self.invitations} sheets, "
            f"{len(self.problems)} problems"
        )


def submit_at_once(world: World, handles: Sequence[str], size: int) -> BurstReport:
    """Through the store, each submitter on a connection of its own; then look what is stored."""
    report = BurstReport(len(handles), len(handles) * size)
    database = Database(world.config.database_url, pool_size=size)
    with ThreadPoolExecutor(size) as pool:
        for handle in handles:
            _burst(database, pool, handle, size, report)
    database.dispose()
    report.problems += stored_problems(world, handles)
    return report


def _burst(
    database: Database, pool: ThreadPoolExecutor, handle: str, size: int, report: BurstReport
) -> None:
    questionnaire, base, start = selbstcheck(), store.content_hash, Barrier(size)
    sheet: Sheet = dict.fromkeys(STATEMENTS, "4") | {"next_steps": handle}
    database.write(lambda c: store.save(c, handle, questionnaire.keys, sheet, base({})))

    def submit() -> str:
        start.wait()
        database.write(
            lambda c: store.submit(c, handle, base(sheet), f"key-{handle}", questionnaire, "de")
        )
        with database.read() as connection:
            standing = by_handle(connection, handle)
        return standing.receipt if standing else ""

    receipts = set()
    for submission in [pool.submit(submit) for _ in range(size)]:
        try:
            receipts.add(submission.result())
        except Exception as error:  # every failure of a submission counts
            report.problems.append(f"{handle}: {type(error).__name__}: {error}")
    if len(receipts) != 1:
        report.problems.append(f"{handle}: receipts {sorted(receipts)}")


def click_at_once(world: World, port: int, handle: str, size: int) -> BurstReport:
    """At a real server: one browser session fills a sheet, then that many tabs submit it."""
    tabs = [Visitor(port) for _ in range(size)]
    root = f"/de/w/{world.standing(handle).wave_slug}/{handle}"
    chance = Random(handle)
    link = world.link(handle)
    report = BurstReport(1, size)
    tabs[0].post(link, [("csrf_token", tabs[0].get(link).hidden("csrf_token"))])
    draft: Sheet = {}
    for page, keys in PAGES:
        if asked(page, draft):
            shown = tabs[0].get(f"{root}/{page}")
            typed = made_up_page(keys, chance)
            draft |= typed
            hidden = [(name, shown.hidden(name)) for name in ("csrf_token", "base")]
            tabs[0].post(f"{root}/{page}", hidden + as_fields(typed))
    check = tabs[0].get(f"{root}/check")
    fields = [(n, check.hidden(n)) for n in ("csrf_token", "base", "submission_key")]
    start = Barrier(size)

    def click(tab: Visitor) -> str:
        tab.share(tabs[0])
        start.wait()
        answer = tab.post(f"{root}/check", fields)
        found = RECEIPT.findall(tab.get(answer.location).text) if answer.status == 303 else []
        return found[0] if found else f"status {answer.status}"

    with ThreadPoolExecutor(size) as pool:
        receipts = set(pool.map(click, tabs))
    if len(receipts) != 1 or not RECEIPT.fullmatch(min(receipts)):
        report.problems.append(f"{handle}: receipts {sorted(receipts)}")
    for tab in tabs:
        tab.close()
    report.problems += stored_problems(world, [handle])
    return report


def stored_problems(world: World, handles: Sequence[str]) -> list[str]:
    """What is wrong with sheets that were submitted exactly once."""
    problems = []
    with world.database.snapshot() as connection:
        problems += [f"tally {difference}" for difference in tally.verify(connection)]
        rows = connection.execute(
            select(invitation.c.handle, func.count(), func.min(response.c.version))
            .join(response, response.c.invitation_id == invitation.c.id)
            .where(invitation.c.handle.in_(handles), response.c.state == "submitted")
            .group_by(invitation.c.handle)
        )
        found = {handle: (number, version) for handle, number, version in rows}
        problems += [
            f"{handle}: {found.get(handle)} responses, version"
            for handle in handles
            if found.get(handle) != (1, 1)
        ]
        archived = connection.scalar(
            select(func.count())
            .select_from(response_version)
            .join(response, response.c.id == response_version.c.response_id)
            .join(invitation, invitation.c.id == response.c.invitation_id)
            .where(invitation.c.handle.in_(handles))
        )
        if archived:
            problems.append(f"{archived} earlier versions of sheets submitted once")
    return problems
