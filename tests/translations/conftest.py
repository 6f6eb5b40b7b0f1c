"""What the tests of translations share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey.catalogues import update
from tests.translations.folders import add_language, copy_of_translations, world_with
from tests.translations.sheets import Sheet, exported
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


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything is translated into Russian; nothing here may change it."""
    folder = copy_of_translations(tmp_path_factory.mktemp("errors"))
    add_language(folder, "ru", "ltr", without=frozenset())
    update(folder)
    return folder


@pytest.fixture(scope="module")
def raw(language: Path) -> bytes:
    """Its sheet."""
    return exported(language, "ru")


@pytest.fixture
def sheet(raw: bytes) -> Sheet:
    """Its sheet in somebody's hands."""
    return Sheet(raw)
