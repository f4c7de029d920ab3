"""`manage.py manifest`: the definitions, by hand."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from app.inventory.news import ChangeKind
from app.services.manifest import ManifestService
from app.services.manifest_runs import RunReport
from app.tasks.announcements import announce_run
from app.wiring import services

_WAIT_S = 600.0
_LOOK_EVERY_S = 0.5
_ATTEMPTS = 3


@click.group()
def manifest() -> None:
    """The definitions of items, by hand."""


@manifest.command()
@click.option("--force", is_flag=True, help="Take them even if unchanged, or far fewer than before.")
@with_appcontext
def refresh(force: bool) -> None:
    """Ask Bungie.net for new definitions and switch to them."""
    service = services().manifest
    report = _refresh(service, force=force)
    announce_run(report.id)
    if report.state == "failed":
        raise click.ClickException(f"The definitions were not taken: {report.error}")
    if report.state == "skipped":
        raise click.ClickException("Other runs were under way all the time; see `manage.py manifest status`.")
    click.echo(outcome(report))


@manifest.command()
@with_appcontext
def status() -> None:
    """Tell which definitions are in use and how the last run went."""
    found = services().manifest.status()
    if not found.is_reachable:
        raise click.ClickException("Redis does not answer at REDIS_URL, so nothing is known of the definitions.")
    for locale in found.locales:
        click.echo(f"{locale.locale}: {locale.info.version if locale.info else 'no definitions yet'}")
    if found.active:
        click.echo(f"under way: {progress(found.active)}")
    if found.last:
        click.echo(f"last run: {outcome(found.last)}")


@manifest.command()
@click.option("--version", default="", help="Bungie's name of a version, or its number here; the newest by default.")
@with_appcontext
def changes(version: str) -> None:
    """Tell which items a new version added, removed or changed."""
    service = services().changes
    known = service.versions()
    if not known:
        click.echo("No new version has changed anything so far.")
        return
    change = service.find(version)
    if change is None:
        names = "\n".join(f"  {each.version_to}" for each in known)
        raise click.ClickException(f"No such version. These are known:\n{names}")
    click.echo(f"{change.version_from} -> {change.version_to}, {change.at:%Y-%m-%d %H:%M} UTC")
    for kind in ChangeKind:
        count, items = change.counts.get(kind, 0), service.items(change, kind)
        click.echo(f"{kind}: {count:,}")
        for item in items:
            click.echo(f"  {item.name} ({item.item_hash})")
        if count > len(items):
            click.echo(f"  and {count - len(items):,} more")


def outcome(report: RunReport) -> str:
    """One run in one line."""
    took = f" in {report.duration_s:.1f} s" if report.duration_s is not None else ""
    if report.state == "switched":
        return f"switched to {report.version_to}: {report.records_written:,} definitions{took}"
    if report.state == "unchanged":
        return f"unchanged, {report.version_to or report.version_from} is the newest{took}"
    return f"{report.state}{took}. {report.error}".rstrip()


def progress(report: RunReport) -> str:
    """Where a run stands, in a few words."""
    parts = [report.stage or report.state]
    if report.bytes_downloaded:
        parts.append(f"{report.bytes_downloaded / 1_000_000:.1f} MB")
    if report.rows_read:
        parts.append(f"{report.rows_read:,} rows")
    return ", ".join(parts)


def _refresh(service: ManifestService, *, force: bool) -> RunReport:
    """A run of our own. While another one is under way, as the worker's first may be, wait for its end."""
    report = service.refresh("cli", force=force)
    for _ in range(_ATTEMPTS - 1):
        if report.state != "skipped":
            break
        click.echo("Another run is under way; waiting for its end.")
        _wait_for_the_other(service)
        report = service.refresh("cli", force=force)
    return report


def _wait_for_the_other(service: ManifestService) -> None:
    give_up = time.monotonic() + _WAIT_S
    while service.status().active and time.monotonic() < give_up:
        time.sleep(_LOOK_EVERY_S)
