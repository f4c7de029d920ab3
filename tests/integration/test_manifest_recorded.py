"""The definitions of June 2026 as Bungie published them: all items, a patch day, and what a refresh may cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from app.inventory.news import ChangeKind
from app.manifest.plans import ITEM
from app.manifest.store import DefinitionStore
from app.sandbox import SandboxServer, create_sandbox, load_world
from app.services.clock import utc_now
from app.services.manifest_changes import ChangeLog
from tests.bench.manifest import peak_mib
from tests.integration.manifest_support import ACE, Rig, rig
from tests.shared import requires_shared, shared_dir

pytestmark = requires_shared

ITEMS, ITEMS_NEXT = 38_882, 39_062
# Classified in the item table; its collectible still names it.
ARBALEST = 2130065553


def world(name: str) -> Path:
    shared = shared_dir()
    assert shared
    return shared / "worlds" / name


@pytest.fixture(scope="module")
def bungie() -> Iterator[SandboxServer]:
    with SandboxServer(create_sandbox(load_world(world("june-2026")))) as server:
        yield server


@pytest.fixture
def made(bungie: SandboxServer, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3")
    yield built
    built.close()


def test_every_item_is_there_and_a_patch_day_shows_its_changes(bungie: SandboxServer, made: Rig) -> None:
    first = made.service.refresh("cli")
    assert (first.state, first.counts[ITEM]) == ("switched", ITEMS)
    assert made.redis.hlen(_items_key(made)) == ITEMS
    assert made.names(ACE, ARBALEST) == ["Ace of Spades", "Arbalest"]
    changes = json.loads((world("june-2026-next") / "changes.json").read_bytes())
    renamed = [int(each) for each in changes["name"]]
    assert not any(name.endswith("(Reprised)") for name in made.names(*renamed) if name)
    bungie.app.state.use_manifest(world("june-2026-next"))
    second = made.service.refresh("beat")
    assert (second.state, second.counts[ITEM]) == ("switched", ITEMS_NEXT)
    assert second.version_from != second.version_to
    assert all(name and name.endswith("(Reprised)") for name in made.names(*renamed))
    assert made.names(*(int(each) for each in changes["removed"])) == [None] * len(changes["removed"])
    assert _told(made) == {
        ours: {int(each) for each in changes[theirs]}
        for ours, theirs in (
            ("added", "added"),
            ("removed", "removed"),
            ("renamed", "name"),
            ("restatted", "stat"),
            ("reclassified", "unredacted"),
        )
    }
    bungie.app.state.use_manifest(world("june-2026"))


def _told(made: Rig) -> dict[str, set[int]]:
    """The hashes of all items that the log of changes names, by kind."""
    log = ChangeLog(made.sessions, utc_now)
    (change,) = log.versions()
    found: dict[str, set[int]] = {}
    for kind in ChangeKind:
        pages = [log.items(change.id, kind, page) for page in range(1, log.items(change.id, kind).pages + 1)]
        found[kind.value] = {news.item_hash for page in pages for news in page.items}
        assert len(found[kind.value]) == change.counts[kind]
    return found


def test_a_refresh_stays_below_two_hundred_mebibytes_above_idle(bungie: SandboxServer, redis_url: str) -> None:
    idle, peak = peak_mib(bungie.url, redis_url)
    assert peak - idle <= 200
    with redis.Redis.from_url(redis_url) as client:
        assert client.info("memory")["used_memory"] < 45 * 1024 * 1024
        item = DefinitionStore(client).resolve("en", {ITEM: {ACE}}).item(ACE)
        assert item
        assert item.type_name == "Hand Cannon"


def test_the_json_files_of_june_2026_give_the_records_of_the_archive(
    bungie: SandboxServer, redis_url: str, tmp_path: Path
) -> None:
    """Millions of values through another parser, and not one differs."""
    archive = rig(bungie.url, redis_url, tmp_path / "a.sqlite3")
    archive.service.refresh("cli")
    expected = archive.redis.hgetall(_items_key(archive))
    assert len(expected) == ITEMS
    index = bungie.app.state.manifest.index
    paths = index["mobileWorldContentPaths"]
    index["mobileWorldContentPaths"] = {}
    try:
        assert archive.service.refresh("cli").state == "switched"
        assert archive.redis.hgetall(_items_key(archive)) == expected
    finally:
        index["mobileWorldContentPaths"] = paths
        archive.close()


def _items_key(made: Rig) -> str:
    info = made.store.current("en")
    assert info
    (key,) = info.keys([ITEM])
    return key
