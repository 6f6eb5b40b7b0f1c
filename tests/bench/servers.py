"""Real servers: the service as `zugangscheck serve` starts it, and a bare Flask page under the very
same gunicorn settings. `python -m tests.bench.servers` is the latter's process.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from config import Config, from_environment
from survey.serve import Server
from tests.bench.http import Connection, get

WORKERS = 2
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections."""

    port: int
    pid: int

    def fetch(self, path: bytes) -> bytes:
        """The body of a page."""
        with Connection(self.port) as connection:
            return connection.ask(get(path)).body


def environment(config: Config) -> dict[str, str]:
    """The settings as a production start takes them from its environment."""
    settings = {
        "SECRET_KEY": config.secret_key,
        "LINK_KEY": config.link_key,
        "INSTANCE_PATH": str(config.instance_path),
        "DATABASE_URL": config.database_url,
        "PUBLIC_URL": config.public_url,
        "PORT": str(config.port),
        "WORKERS": str(WORKERS),
    }
    return os.environ | settings


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(config: Config) -> Iterator[Running]:
    """`zugangscheck serve` on the configured port."""
    program = str(Path(sys.executable).with_name("zugangscheck"))
    with _started([program, "serve"], config) as running:
        yield running


@contextmanager
def bare_flask(config: Config) -> Iterator[Running]:
    """The bare page, on the configured port."""
    with _started([sys.executable, "-m", "tests.bench.servers"], config) as running:
        yield running


@contextmanager
def _started(command: list[str], config: Config) -> Iterator[Running]:
    process = subprocess.Popen(
        command, env=environment(config), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        if not process.stdout.readline().startswith(b"ready"):
            raise RuntimeError(f"{command} did not start")
        yield Running(config.port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


class BareServer(Server):
    """The same gunicorn settings, with one route and nothing else behind them."""

    def load(self) -> Any:
        """A Flask application that returns a constant page, about as large as a question page."""
        app = Flask("bare", static_folder=None)
        html = "<!doctype html><title>Bare</title>" + "<p>Eine Seite ohne Anwendung.</p>\n" * 180

        @app.get("/")
        def page() -> str:
            return html

        return app


if __name__ == "__main__":
    BareServer(from_environment(os.environ), lambda: print("ready", flush=True)).run()
