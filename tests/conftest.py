"""What every test may use."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from survey.catalogues import compile_stale
from tests.postgres import MEMORY, PostgresServer, postgres_server, room_in_memory
from tests.world import OFFICES, World, empty_database, make_world

MakeWorld = Callable[..., World]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, as `make run` does before it serves.

    And keep the databases of the tests in memory where there is room: what they wait for else are
    thousands of durable commits. Crash tests lose nothing by it: a kill spares the memory.
    """
    compile_stale()
    is_worker = hasattr(config, "workerinput")
    if not is_worker and not config.option.basetemp and room_in_memory():
        folder = tempfile.mkdtemp(prefix="zugangscheck-tests-", dir=MEMORY)
        config.option.basetemp = f"{folder}/run"
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server per worker, started when the first test asks for it."""
    with postgres_server(durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: PostgresServer) -> str:
    """The address of one empty PostgreSQL database, shared by the tests of a worker.

    A test that needs a database of its own calls `postgresql_server.create_database(template=…)`.
    """
    return postgresql_server.create_database("shared")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresServer) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    empty_database(postgresql_server.create_database("template_migrated")).dispose()
    return "template_migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "migrated.sqlite"
    database = empty_database(f"sqlite:///{path}")
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes installations on a fresh database of either kind: `new_world(**settings)`."""
    made: list[World] = []

    def make(**changes: Any) -> World:
        if request.param == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            url = f"sqlite:///{tmp_path}/{len(made)}.sqlite"
        else:
            template = None
            server = request.getfixturevalue("postgresql_server")
            url = server.create_database(template=request.getfixturevalue("postgresql_template"))
        made.append(make_world(url, tmp_path, template=template, **changes))
        return made[-1]

    yield make
    for world in made:
        world.close()
        if not world.database.is_sqlite:
            # A thousand of them would fill the memory.
            server = request.getfixturevalue("postgresql_server")
            server.drop_database(world.database.engine.url.database)


@pytest.fixture
def world(new_world: MakeWorld) -> World:
    """An installation with four invited offices in an open wave, `world.handles` by unit code."""
    made = new_world()
    made.add_units(OFFICES)
    made.add_wave()
    return made


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Say the counts in one plain line, the last one, whatever pytest printed before."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    # Workers of pytest-xdist report to the controller, which alone speaks.
    if isinstance(reporter, TerminalReporter) and not hasattr(session.config, "workerinput"):
        reporter.write_line(_counts(reporter))


def _counts(reporter: TerminalReporter) -> str:
    def count(*outcomes: str) -> int:
        return sum(len(reporter.stats.get(outcome, ())) for outcome in outcomes)

    return (
        f"{count('passed')} passed, "
        f"{count('failed', 'error')} failed, "
        f"{count('skipped', 'xfailed')} skipped"
    )
