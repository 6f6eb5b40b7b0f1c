"""The schema's version: brought up to date by `zugangscheck upgrade`, checked at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from survey.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


class WrongSchema(Exception):
    """The database is of another version; the message names the cure."""


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest() -> str:
    """The revision this version of the code needs."""
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def current(connection: Connection) -> str | None:
    """The revision the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction."""

    def run(connection: Connection) -> None:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    try:
        database.write(run)
    except CommandError as error:
        raise WrongSchema(
            f"The database is of a newer version than this program ({error}). "
            "Install the newer program, or restore an older backup."
        ) from error


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back, in one transaction."""

    def run(connection: Connection) -> None:
        config = _alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    database.write(run)


def check(database: Database) -> None:
    """Refuse to work on a database of another version.

    Raises:
        WrongSchema: too old, too new, or empty.
    """
    with database.read() as connection:
        found = current(connection)
    if found != newest():
        raise WrongSchema(
            f"The database has schema version {found or 'none'}, this program needs {newest()}. "
            "Make a backup, then run: zugangscheck upgrade"
        )
