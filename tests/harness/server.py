"""A real server: `zugangscheck serve` in processes of its own, to be killed at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from random import Random

import psutil

from config import ROOT, Config

STOP_SECONDS = 30
ORPHAN_SECONDS = 2
SERVE = (str(Path(sys.executable).with_name("zugangscheck")), "serve")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Server:
    """gunicorn's master and workers for one installation.

    Use it as a context manager: whatever happens, no process stays behind.
    """

    def __init__(self, config: Config, command: tuple[str, ...] = SERVE) -> None:
        self.port = config.port
        self._command = command
        self._environment = os.environ | {
            "INSTANCE_PATH": str(config.instance_path),
            "DATABASE_URL": config.database_url,
            "PUBLIC_URL": config.public_url,
            "SECRET_KEY": config.secret_key,
            "LINK_KEY": config.link_key,
            "PORT": str(config.port),
            "WORKERS": str(config.workers),
            "THREADS": str(config.threads),
        }
        self.log = config.instance_path / "server.log"
        self._master: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and return once connections are accepted. Raises RuntimeError with the log."""
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._master.stdout is not None
        if not self._master.stdout.readline().startswith(b"ready:"):
            self.stop()
            raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def workers(self) -> list[psutil.Process]:
        """The processes that serve requests now."""
        assert self._master is not None
        return psutil.Process(self._master.pid).children()

    def kill_worker(self, chance: Random) -> bool:
        """SIGKILL one worker; False if there is none at this moment."""
        found = self.workers()
        if not found:
            return False
        try:
            chance.choice(found).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def kill_master(self) -> None:
        """SIGKILL the master, let its orphans notice, and start anew."""
        assert self._master is not None
        orphans = self.workers()
        self._master.kill()
        self._reap()
        # They hold the port until they notice; whoever does not, follows its master.
        _gone, left = psutil.wait_procs(orphans, ORPHAN_SECONDS)
        for process in left:
            process.kill()
        psutil.wait_procs(left)
        self.start()

    def stop(self) -> None:
        """End in good order, by force if need be."""
        if self._master is None:
            return
        workers = self.workers() if self._master.poll() is None else []
        self._master.send_signal(signal.SIGTERM)
        try:
            self._master.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._master.kill()
        self._reap()
        for process in psutil.wait_procs(workers, 1)[1]:
            process.kill()

    def _reap(self) -> None:
        assert self._master is not None
        assert self._master.stdout is not None
        self._master.wait()
        self._master.stdout.close()
        self._master = None
