"""Abuse of open addresses is held back by counters that know nobody and forget within the hour."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from survey.limits import HOUR, Limits


def test_each_connection_and_each_purpose_counts_for_itself() -> None:
    counts = Limits()
    assert [counts.count("begin", "192.0.2.1") for _ in range(3)] == [1, 2, 3]
    assert counts.count("code", "192.0.2.1") == 1
    assert counts.count("begin", "192.0.2.2") == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:2:3:4", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("2001:db8::1:2:3:4", "2001:db8::5:2:3:4", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "", True),
    ],
)
def test_whose_connection_it_is(one: str, other: str, same: bool) -> None:
    counts = Limits()
    counts.count("begin", one)
    assert counts.count("begin", other) == (2 if same else 1)


@pytest.mark.parametrize(("later", "count"), [(HOUR - 1, 2), (HOUR, 1), (3 * HOUR, 1)])
def test_after_an_hour_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, later: float, count: int
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    counts = Limits()
    counts.count("begin", "192.0.2.1")
    clock[0] += later
    assert counts.count("begin", "192.0.2.1") == count


def test_no_address_is_kept() -> None:
    counts = Limits()
    counts.count("begin", "203.0.113.77")
    gc.collect()
    assert "203.0.113.77" not in repr(vars(counts))
    assert all(len(whose) == 32 for _what, whose in counts._counts)


def test_another_process_hashes_otherwise() -> None:
    one, other = Limits(), Limits()
    one.count("begin", "203.0.113.77")
    other.count("begin", "203.0.113.77")
    assert set(one._counts) & set(other._counts) == set()


def test_threads_lose_no_count() -> None:
    counts = Limits()
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _n: counts.count("begin", "192.0.2.1"), range(400)))
    assert sorted(seen) == list(range(1, 401))
