"""The promises of the wave before and what their units say became of them: read in two queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from analysis.numbers import Chain
from analysis.years import paired
from forms.path import lines
from survey.tables import remark, response

UNMARKED = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """One line that was promised; `mark` is done, in_progress, open, dropped, or UNMARKED."""

    unit_code: str
    unit_title: str
    text: str
    mark: str


_SHEETS = (
    select(response.c.id, response.c.unit_id, response.c.version, response.c.promise_marks)
    .where(response.c.wave_id == bindparam("this"), response.c.state == "submitted")
    .order_by(response.c.unit_id, response.c.id)
)
_TEXTS = (
    select(remark.c.response_id, remark.c.question, remark.c.body)
    .join(response, response.c.id == remark.c.response_id)
    .where(
        response.c.wave_id == bindparam("this"),
        response.c.state == "submitted",
        remark.c.question.in_(bindparam("promised", expanding=True)),
    )
)


def read_promises(connection: Connection, chain: Chain) -> tuple[Promise, ...]:
    """What units read by name promised in the wave before, by unit code and in their order.

    A unit that is no more is found by its successor, who says what became of its promises.
    """
    last = chain.last
    if last is None:
        return ()
    promised = [question.id for question in last.questionnaire.promises()]
    texts: dict[str, dict[str, str]] = {}
    for row in connection.execute(_TEXTS, {"this": last.id, "promised": promised}):
        texts.setdefault(row.response_id, {})[row.question] = row.body
    then = {r.unit_id: r for r in reversed(list(connection.execute(_SHEETS, {"this": last.id})))}
    now: dict[int, list[Any]] = {}
    for sheet in connection.execute(_SHEETS, {"this": chain.now.id}):
        now.setdefault(sheet.unit_id, []).append(sheet)
    followed = _followers(chain)
    found = []
    for unit in last.units:
        former = then.get(unit.id)
        if former is not None and unit.id in last.named:
            marks = _marks(now.get(followed.get(unit.id, unit.id), ()), former)
            found += [
                Promise(unit.code, unit.title, line, marks.get(key, UNMARKED))
                for key, line in _lines(promised, texts.get(former.id, {}))
            ]
    return tuple(found)


def _followers(chain: Chain) -> dict[int, int]:
    """Who answers now for each unit of the wave before."""
    last = chain.last
    if last is None:
        return {}
    pairs = paired(chain.now.points, last.points, chain.successors)
    return {pair.then_unit: pair.unit for pair in pairs}


def _lines(promised: list[str], texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(„question:line", text) of every promise, as marks name them."""
    for question in promised:
        for number, line in enumerate(lines(texts.get(question))):
            yield f"{question}:{number}", line


def _marks(now: Sequence[Any], then: Any) -> dict[str, str]:
    """The marks of that sheet that is about this very sheet and version (survey/earlier.py)."""
    for row in now:
        held = row.promise_marks
        if held and held.get("earlier") == f"{then.id}:{then.version}":
            return dict(held.get("lines", {}))
    return {}
