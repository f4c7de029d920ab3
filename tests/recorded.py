"""Every account of a recorded world against the running product. `python -m tests.recorded [WORLD]` starts the demo on
that world, signs in as everybody, and prints per account what the profile lists, what the pages show and how many names
are right.
"""

from __future__ import annotations

import contextlib
import gzip
import signal
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import requests

from app.cli.demo.ports import free_port
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT, shared_dir
from tests.visitor import Tile, Visitor, listed_items

ITEM = "DestinyInventoryItemDefinition"
NO_NAME = {None, "", "Classified"}
ENOUGH = 0.99


@dataclass(frozen=True)
class Outcome:
    """What one account's pages show beside what its profile lists."""

    listed: Counter[Tile]
    shown: Counter[Tile]
    named: int  # distinct hashes whose definition has a name
    named_right: int

    @property
    def is_complete(self) -> bool:
        return self.listed == self.shown

    @property
    def share_named_right(self) -> float:
        return self.named_right / self.named if self.named else 1.0


def accounts(world: Path) -> list[str]:
    return sorted(path.parent.name for path in world.glob("accounts/*/profile.json*"))


def profile(world: Path, membership_id: str) -> dict:
    raw = orjson.loads(_read(world / "accounts" / membership_id / "profile.json"))
    return raw.get("Response", raw)


def check(visitor: Visitor, world: Path, membership_id: str, names: Mapping[int, str]) -> Outcome:
    """Signs in as the account and reads all of its pages."""
    visitor.sign_in(membership_id)
    listed = listed_items(profile(world, membership_id))
    shown: Counter[Tile] = Counter()
    shown_names: dict[int, str] = {}
    for path in pages(visitor):
        for tile, name in named_tiles(visitor, path):
            shown[tile] += 1
            shown_names[tile[0]] = name
    known = {item_hash for item_hash, _, _ in listed if names.get(item_hash) not in NO_NAME}
    right = sum(shown_names.get(item_hash) == names[item_hash] for item_hash in known)
    return Outcome(listed, shown, len(known), right)


def pages(visitor: Visitor) -> list[str]:
    characters = visitor.page("/characters").select("[data-character]")
    return ["/vault", *(f"/characters/{element['data-character']}" for element in characters)]


def named_tiles(visitor: Visitor, path: str) -> Iterator[tuple[Tile, str]]:
    """Each tile of a page with its visible name, which its accessible name must begin with."""
    for element in visitor.page(path).select("[data-item-hash]"):
        name = element.select_one(".tile-name")
        assert name is not None
        assert str(element["aria-label"]).startswith(name.get_text())
        quantity = int(str(element.get("data-quantity", 1)))
        yield (int(str(element["data-item-hash"])), str(element.get("data-item-id", "")), quantity), name.get_text()


def real_names(world: Path) -> dict[int, str]:
    """Names by hash, read from the world's archive or JSON files without any of our code."""
    archives = sorted(world.glob("manifest/common/destiny2_content/sqlite/en/*.content"))
    if not archives:
        (path,) = world.glob(f"manifest/common/destiny2_content/json/en/{ITEM}-*")
        return {int(key): _name(row) for key, row in orjson.loads(_read(path)).items()}
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(archives[0]) as packed:
        database = packed.extract(packed.namelist()[0], folder)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            rows = connection.execute(f"SELECT id, json FROM {ITEM}")  # noqa: S608 - a constant
            return {row_id & 0xFFFFFFFF: _name(orjson.loads(row)) for row_id, row in rows}


def _name(row: dict) -> str:
    return str(row.get("displayProperties", {}).get("name", ""))


def _read(path: Path) -> bytes:
    zipped = path if path.suffix == ".gz" else path.with_name(path.name + ".gz")
    return gzip.decompress(zipped.read_bytes()) if zipped.is_file() else path.read_bytes()


@contextlib.contextmanager
def running_demo(world: Path) -> Iterator[str]:
    """The address of a demo on this world, from start to Ctrl-C."""
    port = free_port()
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--world", str(world.resolve())]
    demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _is_ready(port), "the demo is ready", limit_s=120, every_s=0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=30)


def _is_ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def main(arguments: list[str]) -> int:
    shared = shared_dir()
    world = Path(arguments[0]) if arguments else shared and shared / "worlds" / "june-2026"
    if world is None or not accounts(world):
        print("Name the folder of a recorded world.", file=sys.stderr)
        return 2
    names, failed = real_names(world), 0
    print(f"{'account':<22}{'listed':>8}{'shown':>8}  {'complete':<10}{'names right':>12}")
    with running_demo(world) as site:
        for membership_id in accounts(world):
            found = check(Visitor(site), world, membership_id, names)
            failed += not (found.is_complete and found.share_named_right >= ENOUGH)
            words = "yes" if found.is_complete else "NO"
            counts = f"{found.listed.total():>8}{found.shown.total():>8}  {words:<10}"
            print(f"{membership_id:<22}{counts}{found.share_named_right:>11.2%}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
