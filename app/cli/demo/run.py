"""What the demo does, in order: Redis, sandbox, database, the site's processes, an admin, definitions; then wait."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from app.cli.demo.definitions import load_definitions
from app.cli.demo.environment import Addresses
from app.cli.demo.ports import answers_http
from app.cli.demo.processes import Processes
from app.cli.embedded_redis import answers, find_redis, redis_command

_START_S = 60.0
_WORLD_S = 180.0  # a recorded world unpacks its archive before it answers
_ADMIN = "admin"
_CELERY = (sys.executable, "-m", "celery", "-A", "celery_worker.celery")


def bring_up(
    children: Processes, where: Addresses, environ: Mapping[str, str], world: Path | None, folder: Path
) -> None:
    """Start every part and wait until each is ready. Raises ChildFailed or Stopped."""
    click.echo("Starting Destiny Vault Raider with a stand-in Bungie.net. Ctrl-C ends everything.")
    _start_redis(children, where.redis_port, folder)
    _start_sandbox(children, where, world)
    children.run("database", _manage("db", "upgrade"), _START_S)
    _say("Database", "SQLite, migrated")
    _start_site(children)
    password = secrets.token_urlsafe(12)
    children.run(
        "admin account", _manage("users", "create", _ADMIN, "--role", "admin"), _START_S, typed=f"{password}\n" * 2
    )
    children.wait_until("The sandbox", partial(answers_http, where.sandbox), _WORLD_S)
    children.wait_until("The site", partial(answers_http, f"{where.site}/healthz"), _START_S)
    _say("Site", "answers; worker and beat run beside it")
    load_definitions(children, environ, partial(_say, "Definitions"))
    click.echo(_welcome(where, password))


def watch(children: Processes) -> None:
    """Stay until the end is asked for (raises Stopped) or a child dies (raises ChildFailed)."""
    while True:
        children.pause(0.5)


def _start_redis(children: Processes, port: int, folder: Path) -> None:
    program = find_redis()
    children.start("redis", redis_command(program, port, folder))
    children.wait_until("Redis", partial(answers, port), _START_S)
    _say("Redis", program.origin)
    if not program.is_real:
        click.echo("  Warning: no redis-server was found here; the imitation is slower and only good for looking.")


def _start_sandbox(children: Processes, where: Addresses, world: Path | None) -> None:
    command = [sys.executable, "-m", "app.sandbox", "--port", str(where.sandbox_port)]
    command += ["--redirect", f"{where.site}/callback/bungie"]
    command += ["--world", str(world)] if world else []
    children.start("sandbox", command)
    _say("Bungie.net", f"stand-in with {world.name if world else 'the demo world'} at {where.sandbox}")


def _start_site(children: Processes) -> None:
    children.start("web", [sys.executable, "-m", "gunicorn", "--config", "python:app.web.server", "app:create_app()"])
    children.start("worker", [*_CELERY, "worker", "--loglevel", "info", "--concurrency", "1"])
    children.start("beat", [*_CELERY, "beat", "--loglevel", "info", "--pidfile="])


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _say(part: str, sentence: str) -> None:
    click.echo(f"  {part:<12} {sentence}")


def _welcome(where: Addresses, password: str) -> str:
    return f"""
  Open        {where.site}
  Then        press "Sign in with Bungie.net", choose a player on the stand-in's page, and look at your vault.
  As staff    {where.site}/login with the name {_ADMIN} and the password {password}
              then {where.site}/updateManifest asks for new definitions.
  Bungie.net  {where.sandbox} is the stand-in; nothing leaves this machine.

  Ctrl-C ends it all.
"""
