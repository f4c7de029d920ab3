"""`make bench`: the product's figures, each beside its floor, in one run on recorded data."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from pathlib import Path

from app.cli.demo.ports import free_port
from app.cli.embedded_redis import answers, find_redis, redis_command
from tests.bench import (
    browser,
    database,
    item,
    manifest,
    moves,
    moving,
    organizer,
    scrolling,
    search,
    switched_pages,
    switches,
    vault,
)
from tests.bench.figure import Figure
from tests.fixtures.waiting import wait_until
from tests.shared import shared_dir


def main() -> int:
    logging.disable(logging.INFO)  # a line per request would bury the figures
    shared = shared_dir()
    if shared is None:
        print("The figures are taken from recorded answers in ../shared, which is not there.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="vault-raider-bench-") as name:
        world = shared / "worlds" / "june-2026"
        _show(_measure(world, Path(name)) + browser.run(world))
    return 0


def _measure(world: Path, folder: Path) -> list[Figure]:
    port = free_port()
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen(redis_command(find_redis(), port, folder), stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(port), "Redis answers", limit_s=15)
        url = f"redis://127.0.0.1:{port}/0"
        definitions = manifest.run(world, url)
        return (
            vault.run(world, url, folder)
            + item.run(world, url, folder)
            + moves.run(world, url, folder)
            + moving.run(f"redis://127.0.0.1:{port}/1", folder)
            + search.run(world, url, folder)
            + organizer.run(world, url, folder)
            + scrolling.run(world, url, folder)
            + database.run(world, url, folder)
            + definitions
            + switches.run(url)
            + switched_pages.run(world, url, folder)
        )
    finally:
        server.kill()
        server.wait(timeout=10)


def _show(figures: list[Figure]) -> None:
    print(f"{'figure':<62}{'value':>12}  {'floor':>10}  {'ratio':>6}  note")
    for each in figures:
        floor = "" if each.floor is None else f"{each.floor:,.1f}"
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        print(f"{each.name:<62}{each.value:>10,.1f} {each.unit:<3} {floor:>9}  {ratio:>6}  {each.note}")


if __name__ == "__main__":
    sys.exit(main())
