"""Migrations: up, down, and equal to the tables the code knows; another version is refused."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, text, update

from survey import schema
from survey.tables import metadata, unit
from tests.conftest import MakeWorld
from tests.survey.test_cli import run


def test_the_migrated_schema_is_the_one_the_code_knows(new_world: MakeWorld) -> None:
    world = new_world()
    with world.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        checks = {
            name: {c["name"] for c in inspect(connection).get_check_constraints(name)}
            for name in metadata.tables
        }
    for name, table in metadata.tables.items():
        wanted = {str(c.name) for c in table.constraints if c.__visit_name__ == "check_constraint"}
        assert wanted <= {str(each) for each in checks[name]}, name


def test_down_and_up_again(new_world: MakeWorld) -> None:
    world = new_world()
    world.database.write(lambda c: c.execute(insert(unit).values(code="1", name="Amt", kind="amt")))
    schema.downgrade(world.database, "base")
    with world.database.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    schema.upgrade(world.database)
    schema.check(world.database)


@pytest.mark.parametrize("version", ["0000", "9999", None])
def test_another_version_is_a_refusal_that_names_the_cure(
    new_world: MakeWorld, version: str | None
) -> None:
    world = new_world()
    table = text("DELETE FROM alembic_version")
    world.database.write(lambda c: c.execute(table))
    if version:
        row = text("INSERT INTO alembic_version VALUES (:version)")
        world.database.write(lambda c: c.execute(row, {"version": version}))
    with pytest.raises(
        schema.WrongSchema, match=f"version {version or 'none'}.*zugangscheck upgrade"
    ):
        schema.check(world.database)
    answer = run("serve", world=world)
    assert answer.returncode == 1
    assert "zugangscheck upgrade" in answer.stderr


def test_a_newer_database_is_not_upgraded(new_world: MakeWorld) -> None:
    world = new_world()
    change = text("UPDATE alembic_version SET version_num = '9999'")
    world.database.write(lambda c: c.execute(change))
    with pytest.raises(schema.WrongSchema, match="newer version than this program"):
        schema.upgrade(world.database)


def test_upgrading_twice_changes_nothing(new_world: MakeWorld) -> None:
    world = new_world()
    world.database.write(lambda c: c.execute(insert(unit).values(code="1", name="Amt", kind="amt")))
    schema.upgrade(world.database)
    renamed = update(unit).values(name="Anders")
    assert world.database.write(lambda c: c.execute(renamed).rowcount) == 1
