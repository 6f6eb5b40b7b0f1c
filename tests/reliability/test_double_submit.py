"""Row 6: double clicks and whole bursts are one submission, one version, one receipt."""

from __future__ import annotations

import pytest

from survey import store
from tests.conftest import MakeWorld
from tests.harness import naive
from tests.harness.bursts import BURST, PAIR, click_at_once, submit_at_once
from tests.harness.city import KINDS_OF_DATABASE, add_offices, installation
from tests.harness.server import Server, free_port


def test_pairs_and_bursts_through_the_store(new_world: MakeWorld) -> None:
    world = new_world()
    handles = add_offices(world, 14)
    assert submit_at_once(world, handles[:10], PAIR).problems == []
    assert submit_at_once(world, handles[10:], BURST).problems == []


@pytest.mark.parametrize("kind", KINDS_OF_DATABASE)
def test_many_tabs_submit_at_a_real_server(kind: str) -> None:
    port = free_port()
    with installation(kind, port=port, public_url=f"http://127.0.0.1:{port}") as world:
        handles = add_offices(world, 3)
        with Server(world.config):
            found = [
                click_at_once(world, port, handle, size)
                for handle, size in zip(handles, (PAIR, PAIR, BURST), strict=True)
            ]
    assert [report.problems for report in found] == [[], [], []]


def test_a_store_without_memory_is_noticed(
    new_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    monkeypatch.setattr(store, "submit", naive.submit_again_and_again)
    assert submit_at_once(world, add_offices(world, 3), PAIR).problems


@pytest.mark.postgresql
def test_a_missing_lock_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL; SQLite has one writer at a time whatever the statements say."""
    monkeypatch.setattr(store, "by_handle", naive.by_handle_without_lock)
    with installation("postgresql") as world:
        assert submit_at_once(world, add_offices(world, 2), BURST).problems
