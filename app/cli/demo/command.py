"""`manage.py demo`: choose the ports, then bring everything up and keep it until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from threading import Event
from types import FrameType

import click

from app.cli.demo.environment import Addresses, demo_environ
from app.cli.demo.ports import free_port, is_free, next_free
from app.cli.demo.processes import ChildFailed, Processes, Stopped
from app.cli.demo.run import bring_up, watch

_ROOT = Path(__file__).resolve().parents[3]
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of the site; else PORT or 5000, or the next free one."
)
@click.option("--world", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A recorded world.")
def demo(port: int | None, world: Path | None) -> None:
    """Run the whole product against a stand-in Bungie.net; Ctrl-C ends it."""
    stopping = _on_signals()
    where = Addresses(_web_port(port), free_port(), free_port())
    with tempfile.TemporaryDirectory(prefix="vault-raider-demo-") as folder:
        place = Path(folder)
        environ = demo_environ(os.environ, place, where)
        children = Processes(place, _ROOT, environ, stopping)
        try:
            bring_up(children, where, environ, world.resolve() if world else None, place)
            watch(children)
        except Stopped:
            click.echo("\nStopping ...")
        except ChildFailed as failure:
            _report(failure)
            sys.exit(1)
        finally:
            children.stop_all()
    click.echo("Everything has ended and its files are gone.")


def _on_signals() -> Event:
    """An event that the ending signals set. Nothing is raised in the middle of a step, so no child is ever lost."""
    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for ending in _ENDINGS:
        signal.signal(ending, stop)
    return stopping


def _web_port(wanted: int | None) -> int:
    if wanted is not None:
        if not is_free(wanted):
            raise click.ClickException(f"Port {wanted} is taken: name another one, or leave out --port.")
        return wanted
    usual = _usual_port()
    found = next_free(usual)
    if found is None:
        raise click.ClickException(f"Port {usual} and the hundred after it are taken: name a free one with --port.")
    if found != usual:
        click.echo(f"Port {usual} is taken; using {found}.")
    return found


def _usual_port() -> int:
    raw = os.environ.get("PORT") or "5000"
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise click.UsageError("PORT must be a whole number from 1 to 65535")
    return int(raw)


def _report(failure: ChildFailed) -> None:
    click.secho(f"\n{failure.sentence}", fg="red", err=True)
    if failure.log_tail:
        click.echo("The end of what it printed:", err=True)
        click.echo("\n".join(f"  | {line}" for line in failure.log_tail.splitlines()), err=True)
