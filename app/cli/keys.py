"""`manage.py keys`: the keys under which players' tokens are stored."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.wiring import services


@click.group()
def keys() -> None:
    """The keys of stored tokens (TOKEN_KEYS)."""


@keys.command()
@click.option("--check", is_flag=True, help="Only count the accounts that wait for it; exit code 1 if there are any.")
@with_appcontext
def rotate(check: bool) -> None:
    """Re-encrypt every stored token with the first key of TOKEN_KEYS."""
    if not check:
        click.echo(f"Re-encrypted the tokens of {services().tokens.rotate()} accounts with the first key.")
    waiting = services().tokens.waiting_for_rotation()
    if waiting:
        raise click.ClickException(f"The tokens of {waiting} accounts are not under the first key.")
    click.echo("Every stored token is under the first key; older keys can be removed.")
