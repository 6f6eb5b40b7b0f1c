"""What the front-door tests share."""

from __future__ import annotations

import pytest

from tests.client import Browser
from tests.world import World


@pytest.fixture
def browser(world: World) -> Browser:
    """A browser that has opened nothing yet."""
    return Browser(world)
