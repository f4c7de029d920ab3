"""`manage.py run`: the site alone, reloading in development, under gunicorn as in the Procfile elsewhere."""

from __future__ import annotations

import os
import sys

import click
from flask.cli import ScriptInfo
from werkzeug.serving import run_simple

from config import from_env


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; PORT, else 5000, when not given.")
@click.pass_context
def run(context: click.Context, port: int | None) -> None:
    """Run the site on 127.0.0.1."""
    settings = from_env()
    where = port or settings.port
    if settings.environment == "development":
        app = context.ensure_object(ScriptInfo).load_app()
        run_simple("127.0.0.1", where, app, use_reloader=True, threaded=True)
        return
    # This process becomes gunicorn, so that signals reach the server and not a parent of it.
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.web.server", "app:create_app()"]
    os.execve(sys.executable, command, {**os.environ, "PORT": str(where)})  # noqa: S606 - no shell is wanted
