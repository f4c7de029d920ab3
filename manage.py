"""The command line: `python manage.py --help`. Each command lives in app/cli and needs only what it uses."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo, routes_command
from flask_migrate.cli import db as db_commands
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.cli.demo.command import demo
from app.cli.keys import keys
from app.cli.manifest import manifest
from app.cli.run import run
from app.cli.sandbox import sandbox
from app.cli.users import users
from app.services.account_rules import StaffError
from config import SettingsError


def _create_app() -> Flask:
    from app import create_app  # noqa: PLC0415 - reads the settings: only when a command needs them

    return create_app()


class _Commands(click.Group):
    """Tells what people can mend in a sentence; only mistakes of ours show a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise _Unusable(str(error)) from error
        except StaffError as error:
            raise click.ClickException(str(error)) from error
        except RedisError as error:
            raise click.ClickException(f"Redis does not answer at REDIS_URL ({type(error).__name__}).") from error
        except (OperationalError, ProgrammingError) as error:
            # Never the error's own text: it can hold the statement's values.
            raise click.ClickException(
                "The database at DATABASE_URL does not answer or has not been migrated: "
                "try `python manage.py db upgrade`."
            ) from error


class _Unusable(click.ClickException):
    exit_code = 2


@click.group(cls=_Commands, context_settings={"obj": ScriptInfo(create_app=_create_app)})
def cli() -> None:
    """Destiny Vault Raider."""


for command in (run, demo, sandbox, db_commands, manifest, users, keys, routes_command):
    cli.add_command(command)

if __name__ == "__main__":
    sys.exit(cli.main(prog_name="manage.py"))
