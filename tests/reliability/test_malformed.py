"""Row 11: whatever is sent, no page fails, and both kinds of database say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from survey.desk import sign_in
from tests.harness.siege import Outcome, Siege, besiege
from tests.postgres import PostgresServer
from tests.world import World, make_world

REQUESTS = 320
LAST_SEED = 10
pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def sisters(
    tmp_path: Path,
    sqlite_template: Path,
    postgresql_server: PostgresServer,
    postgresql_template: str,
) -> Iterator[list[World]]:
    """Two installations, alike but for the kind of their database."""
    worlds = [
        make_world(f"sqlite:///{tmp_path}/sister.sqlite", tmp_path, template=sqlite_template),
        make_world(postgresql_server.create_database(template=postgresql_template), tmp_path),
    ]
    yield worlds
    for world in worlds:
        world.close()


def test_no_malformed_request_is_a_failure(sisters: list[World]) -> None:
    report = besiege(sisters, REQUESTS, seed=1)
    print(report)
    assert report.problems == []
    routes = {rule.rule for rule in sisters[0].app.url_map.iter_rules()}
    assert report.routes == routes
    # Not only the door was tried: pages were shown, forms taken, and faulty ones given back.
    assert {200, 303, 403, 404, 405, 422} <= report.statuses.keys()


def test_text_that_is_not_cleaned_is_noticed(
    sisters: list[World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL refuses NUL, SQLite stores it: a failure here, a difference there."""
    monkeypatch.setattr(sign_in, "cleaned", lambda text: text or "")
    siege, seed = Siege(sisters), 0
    with structlog.testing.capture_logs():
        # Which attack carries a NUL into a name depends on the routes there are.
        while not siege.report.problems and seed < LAST_SEED:
            siege.storm(REQUESTS, seed)
            seed += 1
    assert any("statuses [" in problem for problem in siege.report.problems)
    assert any("status 500" in problem for problem in siege.report.problems)


GOOD = [
    ("Content-Security-Policy", "x"), ("X-Content-Type-Options", "x"), ("Referrer-Policy", "x"),
    ("Cache-Control", "x"), ("X-Frame-Options", "x"), ("Permissions-Policy", "x"),
    ("Cross-Origin-Opener-Policy", "x"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        (Outcome(200, GOOD, b"<p>"), None),
        (Outcome(303, [*GOOD, ("Location", "/de/")], b""), None),
        (Outcome(500, GOOD, b""), "status 500"),
        (Outcome(200, GOOD[1:], b""), "no content-security-policy"),
        (Outcome(200, [*GOOD, GOOD[0]], b""), "twice content-security-policy"),
        (Outcome(303, [*GOOD, ("Location", "//evil.example")], b""), "sends away"),
        (Outcome(303, [*GOOD, ("Location", "http://evil.example/")], b""), "sends away"),
        (Outcome(200, [*GOOD, ("X", "a\r\nb")], b""), "header"),
        (Outcome(404, GOOD, b"Traceback (most"), "traceback"),
    ],
)
def test_a_bad_answer_is_noticed(outcome: Outcome, problem: str | None) -> None:
    found = outcome.problems("GET")
    assert [line[: len(problem)] for line in found] == [problem] if problem else not found
