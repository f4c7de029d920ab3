"""`manage.py sandbox`: only the stand-in Bungie.net, for developing against it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Port on 127.0.0.1.")
@click.option("--world", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A recorded world.")
@click.option("--redirect", help="Where the site's callback is, if not on this machine at PORT.")
def sandbox(port: int, world: Path | None, redirect: str | None) -> None:
    """Run only the stand-in Bungie.net."""
    command = [sys.executable, "-m", "app.sandbox", "--port", str(port)]
    command += ["--world", str(world)] if world else []
    command += ["--redirect", redirect] if redirect else []
    # The sandbox imports nothing of ours and we import nothing of it: this process becomes the sandbox.
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted
