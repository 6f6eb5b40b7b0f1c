"""What an evaluation says, flat: every cell by its keys, every string; and what differs from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from analysis.evaluation.sections import WITHHELD, Cell, Evaluation, Level
from analysis.reading import read_evaluation
from survey.locale import speaking
from tests.analysis.recount import recount
from tests.analysis.recount_rows import HIDDEN, Number
from tests.world import World

ZONE = ZoneInfo("Europe/Berlin")
Key = tuple[str, str, str, str]
"""Section, part, row and column."""


def evaluated(
    world: World, slug: str, level: Level = "internal", language: str = "de"
) -> Evaluation:
    """A wave's evaluation as the application makes it."""
    library = world.app.extensions["services"].library
    today = datetime.now(UTC).date()
    with speaking(world.app, language), world.database.snapshot() as connection:
        found = read_evaluation(connection, library, slug, level, today=today, zone=ZONE)
    assert found is not None
    return found


def told(evaluation: Evaluation) -> dict[Key, Cell]:
    """Every cell that is not made of words; no two may have the same keys."""
    found: dict[Key, Cell] = {}
    for section, part in evaluation.parts():
        for row in part.table.rows:
            for column, cell in zip(part.table.columns, row.cells, strict=True):
                key = (section.key, part.key, row.key, column.key)
                assert key not in found, key
                if column.kind != "text":
                    found[key] = cell
    return found


def differences(found: Mapping[Key, Cell], wanted: Mapping[Key, Number]) -> list[str]:
    """A line for everything that is missing, too much, or another number."""
    lines = [f"{key}: missing" for key in wanted if key not in found]
    lines += [f"{key}: not in the recount" for key in found if key not in wanted]
    return lines + [
        f"{key}: {found[key]} instead of {number}"
        for key, number in wanted.items()
        if key in found and not _equal(found[key], number)
    ]


def _equal(cell: Cell, number: Number) -> bool:
    if number == HIDDEN:
        return cell is WITHHELD
    if number is None or isinstance(number, str):
        return cell == number
    return isinstance(cell, int | float) and abs(float(number) - cell) < 1e-9


def strings(thing: Any) -> Iterator[str]:
    """Every string in something made of dataclasses and tuples."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from strings(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from strings(each)


def assert_recounted(world: World, slug: str) -> Evaluation:
    """The evaluation, after every number of it was counted again."""
    evaluation = evaluated(world, slug)
    with world.database.snapshot() as connection:
        wanted = recount(connection, slug)
    assert differences(told(evaluation), wanted) == []
    return evaluation
