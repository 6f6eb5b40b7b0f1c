"""`zugangscheck work`: what is done when nobody is waiting for a page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import click
import structlog
from sqlalchemy.exc import DBAPIError

from config import Config
from survey.cli.common import main, open_database, say, settings
from survey.database import Database, Unavailable
from survey.logs import configure_logging
from survey.questionnaires import Library
from survey.unsealing import drop_expired_drafts, unseal_due

SECONDS_BETWEEN = 20.0


@main.command()
@click.option("--once", is_flag=True, help="einmal nachsehen und enden")
def work(once: bool) -> None:
    """Abschlussarbeiten: geschlossene anonyme Durchgänge öffnen, alte Entwürfe löschen."""
    config = settings()
    database, library = open_database(config), Library()
    if once:
        say(_round(config, database, library))
        return
    configure_logging()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    parent, log = os.getppid(), structlog.get_logger()
    # Started by `run`, it ends with it, however that one ended.
    while not stopped.is_set() and os.getppid() == parent:
        try:
            for line in _round(config, database, library):
                log.info("work_done", what=line)
        except (Unavailable, DBAPIError) as error:
            log.warning("work_postponed", reason=str(error))
        stopped.wait(SECONDS_BETWEEN)


def _round(config: Config, database: Database, library: Library) -> list[str]:
    """Do what is due; returns a line for everything that was done."""
    lines = [
        f"wave {each.slug}: {each.sheets} sheets opened, {each.quarantined} in quarantine"
        for each in unseal_due(database, library, config.link_key)
    ]
    dropped = drop_expired_drafts(database)
    return [*lines, *([f"{dropped} old drafts deleted"] if dropped else [])]


def start_worker() -> subprocess.Popen[bytes]:
    """`zugangscheck work` as a process beside the server."""
    command = [sys.executable, "-m", "survey.cli", "work"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own command
