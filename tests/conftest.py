"""What every test may use."""

from collections.abc import Generator, Iterator

import pytest
from _pytest.terminal import TerminalReporter

from tests.postgres import PostgresServer, postgres_server


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
