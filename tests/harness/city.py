"""Installations with so many invited offices that no harness runs out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, insert

from survey.tables import unit
from tests.postgres import postgres_server
from tests.world import World, make_world

KINDS_OF_DATABASE = ("sqlite", "postgresql")


def add_offices(world: World, number: int) -> list[str]:
    """Invite that many offices into one open wave; returns the invitations' handles."""
    rows = [
        {"code": f"{n:06}", "name": f"Amt {n} <Nord> & „Süd“", "kind": "amt"}
        for n in range(1, number + 1)
    ]

    def add(connection: Connection) -> None:
        connection.execute(insert(unit), rows)

    world.database.write(add)
    return world.add_wave()


@contextmanager
def installation(kind: str, *, durable: bool = False, **settings: Any) -> Iterator[World]:
    """An installation on a database of this kind in a temporary folder, gone afterwards."""
    with TemporaryDirectory(prefix="zugangscheck-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield from _world(f"sqlite:///{folder}/city.sqlite", folder, settings)
            return
        with postgres_server(durable=durable) as server:
            yield from _world(server.create_database("city"), folder, settings)


def _world(url: str, folder: Path, settings: dict[str, Any]) -> Iterator[World]:
    world = make_world(url, folder, **settings)
    try:
        yield world
    finally:
        world.close()
