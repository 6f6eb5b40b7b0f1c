"""`zugangscheck work`: what is done when nobody is waiting for a page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import click
import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError

from analysis.closing import order_due
from config import Config
from survey import jobs
from survey.cli.common import main, open_database, say, settings
from survey.database import Database, Unavailable
from survey.logs import configure_logging
from survey.questionnaires import Library
from survey.unsealing import drop_expired_drafts, unseal_due

SECONDS_BETWEEN = 20.0
"""Between two looks for what is due by time."""
SECONDS_BETWEEN_JOBS = 1.0
"""Between two looks for what somebody is waiting for."""
NICE = 10
"""Below the server: who answers a question never waits for a drawing."""


@main.command()
@click.option("--once", is_flag=True, help="einmal nachsehen und enden")
def work(once: bool) -> None:
    """Abschlussarbeiten und Aufträge: anonyme Durchgänge öffnen, Berichte und Dateien erstellen."""
    from survey.app import create_app  # noqa: PLC0415  # only this command and the server need it
    from survey.catalogues import compile_stale  # noqa: PLC0415

    config = settings()
    database, library = open_database(config), Library()
    compile_stale()
    app = create_app(config)
    if once:
        lines = _round(app, config, database, library)
        while more := _jobs(app, database):
            lines += more
        say(lines)
        return
    configure_logging()
    os.nice(NICE)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    parent, log = os.getppid(), structlog.get_logger()
    # Started by `run`, it ends with it, however that one ended.
    due = 0.0
    while not stopped.is_set() and os.getppid() == parent:
        try:
            lines = _jobs(app, database)
            if time.monotonic() >= due:
                lines += _round(app, config, database, library)
                due = time.monotonic() + SECONDS_BETWEEN
            for line in lines:
                log.info("work_done", what=line)
        except (Unavailable, DBAPIError) as error:
            log.warning("work_postponed", reason=str(error))
        stopped.wait(SECONDS_BETWEEN_JOBS)


def _round(app: Flask, config: Config, database: Database, library: Library) -> list[str]:
    """Do what is due; returns a line for everything that was done."""
    lines = [
        f"wave {each.slug}: {each.sheets} sheets opened, {each.quarantined} in quarantine"
        for each in unseal_due(database, library, config.link_key)
    ]
    dropped = drop_expired_drafts(database)
    lines += [f"{dropped} old drafts deleted"] if dropped else []
    return lines + order_due(app, database)


def _jobs(app: Flask, database: Database) -> list[str]:
    """Do the next waiting job; a line about it, or nothing if there was none."""
    taken = jobs.take(database)
    if taken is None:
        return []
    from analysis.work import work_off  # noqa: PLC0415  # pandas: not before there is a job

    return [work_off(app, database, taken)]


def start_worker() -> subprocess.Popen[bytes]:
    """`zugangscheck work` as a process beside the server."""
    command = [sys.executable, "-m", "survey.cli", "work"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own command
