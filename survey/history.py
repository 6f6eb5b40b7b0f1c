"""Earlier surveys, kept as their files gave them; a file read again replaces its former content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from forms.history import History
from survey import access
from survey.database import database_now
from survey.tables import history as history_table

Stored = Literal["added", "changed", "unchanged"]


def store_history(connection: Connection, history: History) -> Stored:
    """Keep an earlier survey under its slug; says whether it was new, different, or the same."""
    same = history_table.c.slug == history.slug
    document = history.model_dump(mode="json", exclude_defaults=True)
    present = connection.scalar(select(history_table.c.document).where(same))
    if present == document:
        return "unchanged"
    values = {"title": history.title, "year": history.year, "document": document}
    if present is None:
        new = insert(history_table).values(slug=history.slug, added=database_now(), **values)
        connection.execute(new)
        return "added"
    connection.execute(update(history_table).where(same).values(**values))
    return "changed"


def import_histories(
    connection: Connection, found: Sequence[History], account_id: int | None
) -> list[Stored]:
    """Keep earlier surveys and log each, in one transaction; what became of each, in order."""
    outcomes = []
    for history in found:
        outcome = store_history(connection, history)
        access.log(connection, account_id, "history_imported", subject=history.slug, note=outcome)
        outcomes.append(outcome)
    return outcomes


def histories(connection: Connection) -> list[History]:
    """All earlier surveys, the earliest first."""
    stored = select(history_table.c.document).order_by(history_table.c.year, history_table.c.slug)
    return [History.model_validate(document) for document in connection.scalars(stored)]
