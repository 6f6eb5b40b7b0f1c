"""The judgement after a crash: everything acknowledged is stored, once, and whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from survey import tally
from survey.database import Database
from survey.tables import invitation, remark, response, response_version
from survey.tables import tally as tally_table
from tests.harness.form import Sheet, expected
from tests.harness.respondent import Ledger


@dataclass
class Verdict:
    """What is wrong, by kind; all empty when the promise was kept."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled or stored by halves."""
        return not (self.lost or self.double or self.half)


def judge(database: Database, ledgers: Sequence[Ledger]) -> Verdict:
    """Compare what was acknowledged with what is stored."""
    verdict = Verdict()
    with database.snapshot() as connection:
        stored = _stored(connection)
        for ledger in ledgers:
            _judge_one(ledger, stored.get(ledger.handle, []), verdict)
        verdict.half += [f"tally {d}" for d in tally.verify(connection)]
        verdict.half += _bands(connection, ledgers)
    return verdict


@dataclass(frozen=True, slots=True)
class Stored:
    """One response with everything that belongs to it."""

    row: Any
    remarks: dict[str, str]
    versions: dict[int, Sheet]


def _stored(connection: Connection) -> dict[str, list[Stored]]:
    remarks: dict[str, dict[str, str]] = {}
    for each in connection.execute(select(remark)):
        remarks.setdefault(each.response_id, {})[each.question] = each.body
    versions: dict[str, dict[int, Sheet]] = {}
    for each in connection.execute(select(response_version)):
        versions.setdefault(each.response_id, {})[each.version] = each.answers | each.remarks
    found: dict[str, list[Stored]] = {}
    rows = select(response, invitation.c.handle).join(
        invitation, invitation.c.id == response.c.invitation_id
    )
    for row in connection.execute(rows):
        sheet = Stored(row, remarks.get(row.id, {}), versions.get(row.id, {}))
        found.setdefault(row.handle, []).append(sheet)
    return found


def _judge_one(ledger: Ledger, found: list[Stored], verdict: Verdict) -> None:
    if not ledger.acknowledged:
        return
    if not found:
        verdict.lost.append(f"{ledger.handle}: nothing is stored")
        return
    if len(found) > 1:
        verdict.double.append(f"{ledger.handle}: {len(found)} responses")
    sheet = found[0]
    verdict.lost += _lost(ledger, sheet)
    if sheet.row.version > len(ledger.submissions):
        verdict.double.append(
            f"{ledger.handle}: version {sheet.row.version} of {len(ledger.submissions)} submissions"
        )
    verdict.half += _half(ledger, sheet)


def _lost(ledger: Ledger, sheet: Stored) -> Iterator[str]:
    number = len(ledger.submissions)
    if sheet.row.version < number:
        yield f"{ledger.handle}: version {sheet.row.version} of {number} submissions"
    if (sheet.row.draft or None) != (ledger.draft or None):
        yield f"{ledger.handle}: draft {sheet.row.draft}, acknowledged {ledger.draft}"
    for version, submitted in enumerate(ledger.submissions[:-1], start=1):
        if sheet.versions.get(version) != submitted:
            yield f"{ledger.handle}: version {version} {sheet.versions.get(version)}"
    if number and (sheet.row.answers or {}) | sheet.remarks != ledger.submissions[-1]:
        yield f"{ledger.handle}: {sheet.row.answers} {sheet.remarks}, not the last submission"


def _half(ledger: Ledger, sheet: Stored) -> Iterator[str]:
    row = sheet.row
    if row.state == "draft":
        if row.answers or row.points or sheet.remarks or sheet.versions:
            yield f"{ledger.handle}: a draft with parts of a submission"
        return
    right = expected(row.answers)
    points = {"language": right.language, "organisation": right.organisation,
              "sensitivity": right.sensitivity}  # fmt: skip
    if (row.points, row.possible, row.band, row.category_points) != (
        right.total, 40, right.band, points
    ):  # fmt: skip
        yield f"{ledger.handle}: {row.points} points, {row.band}, should be {right}"
    if sorted(sheet.versions) != list(range(1, row.version)):
        yield f"{ledger.handle}: version {row.version} with archive {sorted(sheet.versions)}"


def _bands(connection: Connection, ledgers: Sequence[Ledger]) -> Iterator[str]:
    """The colours counted once more, from the acknowledgements alone."""
    submitted = [ledger.submissions[-1] for ledger in ledgers if ledger.submissions]
    told = Counter(expected(sheet).band for sheet in submitted)
    kept: Counter[str] = Counter()
    columns = select(tally_table.c.value, tally_table.c.count.label("number"))
    for row in connection.execute(columns.where(tally_table.c.question == "@band")):
        kept[row.value] += row.number
    if told != kept:
        yield f"colours {dict(kept)}, acknowledged {dict(told)}"
