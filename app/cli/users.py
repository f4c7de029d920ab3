"""Accounts that sign in with a name and a password: the first admin is made here and nowhere else."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.models import ROLES, User
from app.wiring import services

_ROLE = click.Choice(ROLES)


@click.group()
def users() -> None:
    """Accounts with a password."""


@users.command()
@click.argument("name")
@click.option("--role", type=_ROLE, required=True, help="What the account may do.")
@click.option("--email", help="Where changes of the account are told; you vouch for it.")
@with_appcontext
def create(name: str, role: str, email: str | None) -> None:
    """Create the account NAME. The password is asked for, or comes twice on standard input."""
    services().staff.create(name, _password(), role, email)
    click.echo(f"Created {name} as {role}.")


@users.command("list")
@with_appcontext
def list_() -> None:
    """Every account with a password."""
    for user in services().staff_admin.everybody():
        click.echo(_line(user))


@users.command("role")
@click.argument("name")
@click.argument("role", type=_ROLE)
@with_appcontext
def set_role(name: str, role: str) -> None:
    """Give the account NAME another ROLE. Ends its sessions."""
    services().staff_admin.set_role(name, role)
    click.echo(f"{name} is {role} now.")


@users.command("password")
@click.argument("name")
@with_appcontext
def set_password(name: str) -> None:
    """Give the account NAME a new password. Ends its sessions."""
    services().staff_admin.set_password(name, _password())
    click.echo(f"{name} has a new password.")


@users.command()
@click.argument("name")
@with_appcontext
def deactivate(name: str) -> None:
    """Bar the account NAME from signing in. Ends its sessions."""
    services().staff_admin.deactivate(name)
    click.echo(f"{name} cannot sign in any more.")


@users.command()
@click.argument("name")
@with_appcontext
def activate(name: str) -> None:
    """Let the account NAME sign in again."""
    services().staff_admin.activate(name)
    click.echo(f"{name} can sign in again.")


def _line(user: User) -> str:
    state = "active" if user.is_active else "deactivated"
    return f"{user.name}  {user.role}  {state}  since {user.created_at:%Y-%m-%d}"


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="Repeat it"))
    first, second = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
    if not first:
        raise click.ClickException("Standard input held no password: give it on two lines.")
    if first != second:
        raise click.ClickException("The two passwords on standard input differ.")
    return first
