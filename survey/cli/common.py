"""What all commands share: the command itself, settings, the opened database."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from config import ROOT, Config, ConfigError, from_environment, with_instance_secrets
from forms.loader import QuestionnaireError
from survey import schema
from survey.database import Database, Unavailable


class Failure(click.ClickException):
    """A message on standard error and exit status 1."""


class Command(click.Group):
    """Turns what users can cure into one clear line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (ConfigError, schema.WrongSchema, QuestionnaireError, Unavailable) as error:
            raise Failure(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands of every group as well: `--help` shows everything there is."""
        rows = []
        for name, command in sorted(self.commands.items()):
            inner = command.commands if isinstance(command, click.Group) else {"": command}
            rows += [
                (f"{name} {sub}".strip(), each.get_short_help_str(90))
                for sub, each in inner.items()
            ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Zugangscheck: Selbstcheck und Befragung zu Zugangshemmnissen.

    Alle Einstellungen kommen aus der Umgebung; docs/betrieb.md nennt sie.
    """


def settings() -> Config:
    """The settings of this installation."""
    # The instance folder completes what the environment lacks only where it was made for that.
    instance = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance")
    if (instance / "secrets.env").exists():
        return from_environment(with_instance_secrets(os.environ))
    return from_environment(os.environ)


def open_database(config: Config) -> Database:
    """The database, refused if it is of another version."""
    database = Database(config.database_url)
    schema.check(database)
    return database


def say(lines: Sequence[str]) -> None:
    """Print lines at once, even into a pipe."""
    for line in lines:
        click.echo(line)
    sys.stdout.flush()
