"""`python -m app.sandbox --port N [--world DIR] [--redirect URL]`: only the stand-in Bungie.net."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.sandbox import SandboxOptions, SandboxServer, World, create_sandbox, demo_world, load_world

_REFUSED, _FAILED = 2, 1
_REFUSAL = "The sandbox is a stand-in for Bungie.net and does not run with FLASK_CONFIG=production."


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run until interrupted. Exit codes: 0 ended, 1 could not start, 2 refused."""
    if environ.get("FLASK_CONFIG", "").strip().lower() == "production":
        return _say(_REFUSAL, _REFUSED)
    asked = _parser(environ).parse_args(arguments)
    try:
        world = _world(asked.world)
        server = SandboxServer(create_sandbox(world, _options(asked.redirect, environ)), asked.port)
    except (OSError, ValueError) as error:
        return _say(f"The sandbox cannot start: {error}", _FAILED)
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell starts its background jobs with SIGINT ignored
        signal.signal(ending, signal.default_int_handler)
    try:
        sys.stdout.write(f"Sandbox Bungie.net of the world {world.name} at {server.url}\n")
        sys.stdout.flush()
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on the loopback; 0 takes a free one")
    parser.add_argument("--world", type=Path, help="folder of a recorded world; without it the demo world")
    redirect = environ.get("SANDBOX_REDIRECT")
    parser.add_argument("--redirect", default=redirect, help="the registered redirect URL, if not the usual")
    return parser


def _options(redirect: str | None, environ: Mapping[str, str]) -> SandboxOptions:
    usual = f"http://127.0.0.1:{environ.get('PORT') or '5000'}/callback/bungie"  # where `manage.py run` listens
    return SandboxOptions(redirect_uri=redirect, usual_redirect=usual)


def _world(directory: Path | None) -> World:
    return demo_world() if directory is None else load_world(directory)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
