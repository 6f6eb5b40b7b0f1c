"""Row 7: nobody overwrites what the page in front of them did not show."""

from __future__ import annotations

import pytest

from survey import store
from tests.conftest import MakeWorld
from tests.harness import naive
from tests.harness.city import add_offices
from tests.harness.colleagues import work_together

pytestmark = pytest.mark.slow  # for the build, not for every day

RUNS = 60
INVITATIONS = 200


def test_colleagues_never_lose_each_others_text(new_world: MakeWorld) -> None:
    world = new_world()
    handles = iter(add_offices(world, INVITATIONS))
    work_together(world, lambda: next(handles), RUNS, repeatable=True)


def test_a_save_without_comparison_is_noticed(
    new_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "save", naive.save_whatever_is_there)
    world = new_world()
    handles = iter(add_offices(world, INVITATIONS))
    with pytest.raises(AssertionError, match=r"\(303,"):
        work_together(world, lambda: next(handles), RUNS, repeatable=True)
