"""Accounts for the desk."""

from __future__ import annotations

import click
from sqlalchemy import Connection, select

from survey import access
from survey.cli.common import Failure, main, open_database, settings
from survey.tables import account


@main.group("account")
def accounts() -> None:
    """Konten für den Schreibtisch der Beauftragten und die Verwaltung."""


@accounts.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(sorted(access.RIGHTS)), required=True)
def add_account(name: str, role: str) -> None:
    """Ein Konto anlegen; das Passwort wird einmal ausgegeben."""
    password = access.new_password()

    def add(connection: Connection) -> None:
        if connection.scalar(select(account.c.id).where(account.c.name == name)) is not None:
            raise Failure(f"account '{name}' exists already")
        access.add_account(connection, name, role, password)
        access.log(connection, None, "account_added", subject=f"{name} ({role})")

    open_database(settings()).write(add)
    click.echo(f"user {name} password {password}")


@accounts.command("password")
@click.argument("name")
def new_password(name: str) -> None:
    """Ein neues Passwort vergeben; alle Sitzungen des Kontos enden."""
    password = access.new_password()

    def change(connection: Connection) -> None:
        if not access.set_password(connection, name, password):
            raise Failure(f"no account '{name}'")
        access.log(connection, None, "password_changed", subject=name)

    open_database(settings()).write(change)
    click.echo(f"user {name} password {password}")


@accounts.command("revoke")
@click.argument("name")
def revoke_sessions(name: str) -> None:
    """Alle Sitzungen eines Kontos beenden."""

    def revoke(connection: Connection) -> int:
        found = connection.scalar(select(account.c.id).where(account.c.name == name))
        if found is None:
            raise Failure(f"no account '{name}'")
        access.log(connection, None, "sessions_revoked", subject=name)
        return access.end_sessions(connection, found)

    click.echo(f"{open_database(settings()).write(revoke)} sessions ended")
