"""What the tests of translations share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.translations.folders import copy_of_translations, world_with
from tests.world import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the translations."""
    return copy_of_translations(tmp_path)


@pytest.fixture
def speaking(tmp_path: Path, sqlite_template: Path) -> Iterator[Any]:
    """Makes an installation that speaks the languages of a folder."""
    made: list[World] = []

    def make(folder: Path) -> World:
        made.append(world_with(folder, tmp_path, sqlite_template))
        return made[-1]

    yield make
    for world in made:
        world.close()
