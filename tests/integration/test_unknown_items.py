"""An item that is newer than the definitions is shown at once and named soon: never an error, never a flood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import redis
from flask import Flask

from app import wiring
from app.bungie.client import BungieClient
from app.bungie.http import BungieHttp
from app.inventory.definitions import ItemDefinition
from app.manifest.plans import ITEM
from app.manifest.singles import UNKNOWN_FOR_S, SingleRecords
from app.manifest.store import DefinitionStore
from app.manifest.versions import VersionInfo, table_key
from app.sandbox import SandboxServer
from app.services.unknown_items import MOST_AT_ONCE, REFRESH_EVERY_S, SingleDefinitions, UnknownItems
from app.web.headers import current_request_id
from config import Settings
from tests.fixtures.waiting import wait_until
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")
NOBODY_KNOWS = 4_000_000_007


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


@pytest.fixture
def store(client: redis.Redis) -> DefinitionStore:
    return DefinitionStore(client)


@pytest.fixture
def current(store: DefinitionStore) -> VersionInfo:
    found = store.current("en")
    assert found
    return found


@pytest.fixture
def newer(client: redis.Redis, current: VersionInfo) -> int:
    """An item that Bungie defines and our definitions do not have yet."""
    key = table_key("en", current.id, ITEM)
    newest = max(int(each) for each in client.hkeys(key))
    client.hdel(key, str(newest))
    return newest


def singles(sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, **bounds: int) -> SingleDefinitions:
    bungie = BungieClient(BungieHttp(sandbox.url, "sandbox-key", "40000"))
    sandbox.app.state.requests.clear()
    return SingleDefinitions(bungie, store, SingleRecords(client, **bounds), client)


def asked(sandbox: SandboxServer) -> int:
    return sandbox.app.state.requests.counts["definition"]


def look_up(store: DefinitionStore, item_hash: int) -> ItemDefinition | None:
    return store.resolve("en", {ITEM: [item_hash]}).item(item_hash)


def test_one_that_bungie_knows_is_the_same_record_that_a_refresh_makes(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, current: VersionInfo
) -> None:
    hashes = [int(each) for each in client.hkeys(table_key("en", current.id, ITEM))][:20]
    whole = {each: look_up(DefinitionStore(client), each) for each in hashes}
    client.hdel(table_key("en", current.id, ITEM), *map(str, hashes))
    assert look_up(store, hashes[0]) is None
    singles(sandbox, client, store).fetch("en", hashes)
    names = {each: found.name for each in hashes if (found := look_up(store, each))}
    assert names == {each: found.name for each, found in whole.items() if found}
    assert asked(sandbox) == len(hashes)


def test_the_page_that_meets_it_shows_it_and_the_next_one_names_it(
    live_server: str, sandbox: SandboxServer, client: redis.Redis, current: VersionInfo, celery_worker: Path
) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(next(iter(sandbox.app.state.players)))
    before = visitor.tiles("/vault")
    shown = next(item_hash for item_hash, instance, _ in before if instance)
    name = str(visitor.page("/vault").select_one(f"[data-item-hash='{shown}']"))
    wait_until(lambda: client.get("m:lock") is None, "the worker's own first refresh is over", limit_s=30)
    version = DefinitionStore(client).current("en")
    assert version
    client.hdel(table_key("en", version.id, ITEM), str(shown))
    other = DefinitionStore(client)
    assert look_up(other, shown) is None
    UnknownItems(_send_to_the_worker).report(other.resolve("en", {ITEM: [shown]}), [shown])
    wait_until(lambda: look_up(other, shown) is not None, f"it has a name; see {celery_worker}", limit_s=20)
    assert visitor.tiles("/vault") == before
    assert str(visitor.page("/vault").select_one(f"[data-item-hash='{shown}']")) == name


def _send_to_the_worker(locale: str, hashes: Sequence[int]) -> None:
    from app.tasks.unknown_items import wish_for_names  # noqa: PLC0415

    wish_for_names(locale, hashes)


@pytest.fixture
def wishes(app: Flask, settings: Settings) -> list[tuple[str, Sequence[int]]]:
    """What the pages of this test's site ask of the workers."""
    heard: list[tuple[str, Sequence[int]]] = []
    hooks = wiring.Hooks(
        current_request_id, lambda: None, wish_for_names=lambda locale, hashes: heard.append((locale, hashes))
    )
    wiring.init_app(app, settings, hooks)
    return heard


def test_a_page_leaves_word_once_of_what_it_could_not_name(
    live_server: str, wishes: list[tuple[str, Sequence[int]]], sandbox: SandboxServer
) -> None:
    sandbox.app.state.faults.set(unknown_hashes=3)
    visitor = Visitor(live_server)
    visitor.sign_in(next(iter(sandbox.app.state.players)))
    assert visitor.get("/vault").status_code == 200
    assert {locale for locale, _ in wishes} == {"en"}
    asked_for = [each for _, hashes in wishes for each in hashes]
    assert len(asked_for) == len(set(asked_for)) >= 3
    before = len(wishes)
    visitor.get("/vault")
    assert len(wishes) == before


def test_one_that_bungie_does_not_know_is_asked_for_once_an_hour(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, current: VersionInfo
) -> None:
    desk = singles(sandbox, client, store)
    for _ in range(3):
        desk.fetch("en", [NOBODY_KNOWS])
    assert asked(sandbox) == 1
    (marker,) = client.scan_iter(f"m:single:en:*:{NOBODY_KNOWS}")
    assert UNKNOWN_FOR_S - 5 < client.ttl(marker) <= UNKNOWN_FOR_S
    client.delete(marker)
    desk.fetch("en", [NOBODY_KNOWS])
    assert asked(sandbox) == 2


def test_what_is_stored_already_costs_no_request(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, current: VersionInfo
) -> None:
    known = int(next(iter(client.hkeys(table_key("en", current.id, ITEM)))))
    assert singles(sandbox, client, store).fetch("en", [known]) is False
    assert asked(sandbox) == 0


def test_a_flood_of_unknown_hashes_is_bounded_by_the_minute(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore
) -> None:
    desk = singles(sandbox, client, store, most_a_minute=5)
    for begin in range(0, 500, MOST_AT_ONCE):
        desk.fetch("en", range(4_100_000_000 + begin, 4_100_000_000 + begin + MOST_AT_ONCE))
    assert asked(sandbox) == 5
    assert 0 < client.ttl("m:single:allowance") <= 60


def test_unknown_items_ask_for_a_refresh_every_five_minutes_at_most(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, newer: int
) -> None:
    desks = [singles(sandbox, client, store) for _ in range(2)]
    assert [desk.fetch("en", [each]) for desk, each in zip(desks, (newer, NOBODY_KNOWS), strict=True)] == [True, False]
    assert REFRESH_EVERY_S == 300
    assert 295 < client.ttl("m:single:refresh") <= REFRESH_EVERY_S


def test_while_bungie_is_in_trouble_it_is_left_for_later(
    sandbox: SandboxServer, client: redis.Redis, store: DefinitionStore, newer: int
) -> None:
    desk = singles(sandbox, client, store)
    sandbox.app.state.faults.set(maintenance="api")
    assert desk.fetch("en", [newer, NOBODY_KNOWS]) is False
    assert asked(sandbox) == 1
    sandbox.app.state.faults.clear()
    for marker in client.scan_iter("m:single:en:*"):
        client.delete(marker)  # as a minute does
    desk.fetch("en", [newer])
    assert look_up(store, newer) is not None


def test_a_version_that_has_gone_meanwhile_is_not_begun_anew(client: redis.Redis, current: VersionInfo) -> None:
    client.flushall()
    SingleRecords(client).keep(current, ITEM, 1, {"hash": 1, "displayProperties": {"name": "Late"}})
    assert client.keys("*") == []


def test_without_redis_nothing_happens_and_nothing_breaks(sandbox: SandboxServer) -> None:
    away = redis.Redis.from_url("redis://127.0.0.1:9/0")
    assert singles(sandbox, away, DefinitionStore(away)).fetch("en", [1]) is False
    assert asked(sandbox) == 0
