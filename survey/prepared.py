"""A SELECT compiled once and run on the driver's own cursor.

For the statements that every request runs: SQLAlchemy's execution of a cached statement takes three
times as long as SQLite takes to answer it. Written, typed and compiled it is like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement for one dialect: SQL, order of parameters, what turns which cells into values."""

    sql: str
    order: tuple[str, ...] | None
    processors: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """One SELECT with named parameters that gives at most one row."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._plans: dict[str, Plan] = {}

    def one(self, connection: Connection, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """The row as a tuple of Python values, or None.

        Raises:
            DBAPIError: as SQLAlchemy's own execution.
        """
        dialect = connection.dialect
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = _plan(self._statement, dialect)
        bound = values if plan.order is None else [values[name] for name in plan.order]
        errors = dialect.loaded_dbapi.Error
        cursor = connection.connection.cursor()
        try:
            cursor.execute(plan.sql, bound)
            row = cursor.fetchone()
        except errors as error:
            raise DBAPIError.instance(
                plan.sql, None, error, errors, hide_parameters=True, dialect=dialect
            ) from error
        finally:
            cursor.close()
        if row is None:
            return None
        cells = list(row)
        for place, process in plan.processors:
            cells[place] = process(cells[place])
        return tuple(cells)


def _plan(statement: Select[Any], dialect: Dialect) -> Plan:
    compiled = statement.compile(dialect=dialect)
    types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    return Plan(
        sql=str(compiled),
        order=tuple(compiled.positiontup) if compiled.positiontup is not None else None,
        processors=tuple(
            (place, process)
            for place, each in enumerate(types)
            if (process := each.result_processor(dialect, None)) is not None
        ),
    )
