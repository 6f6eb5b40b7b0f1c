"""Row 14: no cell of 1 to 4 sheets can be told; and the attacker tells each planted defect."""

from __future__ import annotations

import pytest

from tests.harness.loose_releases import DEFECTS
from tests.harness.small_groups import attack

pytestmark = pytest.mark.slow  # for the build, not for every day

POPULATIONS = range(300)


def test_nothing_small_can_be_told() -> None:
    verdict = attack(POPULATIONS, seed=4)
    assert verdict.findings == [], str(verdict)
    # The attack was one: there was much to find, and waves were released more than once.
    assert verdict.small_cells > 40_000
    assert verdict.releases > verdict.waves
    assert verdict.refused > 100


@pytest.mark.parametrize(
    ("defect", "populations", "found"),
    [
        ("threshold one", 2, "sheets"),
        ("primary only", 10, "entries at"),
        ("mean always", 60, "release 0: "),
        ("ledger off", 12, "in releases"),
        ("merged otherwise", 30, "sheets of"),
    ],
)
def test_a_planted_defect_is_found(defect: str, populations: int, found: str) -> None:
    with DEFECTS[defect]():
        verdict = attack(range(populations), seed=4)
    assert any(found in finding for finding in verdict.findings), str(verdict)


def test_every_defect_has_its_line() -> None:
    marks = test_a_planted_defect_is_found.pytestmark  # type: ignore[attr-defined]
    assert {line[0] for line in marks[0].args[1]} == set(DEFECTS)
