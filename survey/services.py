"""What a process holds ready for its requests: settings, database, questionnaires, pages."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from survey.database import Database
from survey.kept import Kept
from survey.limits import Limits
from survey.pages import Pages
from survey.questionnaires import Library

if TYPE_CHECKING:
    from config import Config


class Services:
    """One per application; the database is opened by the process that first uses it."""

    def __init__(self, config: Config, static_version: str, translations: Path) -> None:
        self.config = config
        self.static_version = static_version
        self.translations = translations
        self.library = Library(translations)
        self.pages = Pages()
        self.limits = Limits()
        self.kept = Kept()

    @cached_property
    def database(self) -> Database:
        """The database; first used, and so made, only after the fork of a preloaded application."""
        return Database(self.config.database_url, pool_size=self.config.threads)

    def static(self, name: str) -> str:
        """Address of a static file; it changes with the content."""
        return f"/static/{self.static_version}/{name}"


def services() -> Services:
    """The services of the running application."""
    found: Services = current_app.extensions["services"]
    return found


def database() -> Database:
    """The database of the running application."""
    return services().database
