"""What pages get: definitions of one version, by one read, and something sensible when Redis is away or empty."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry

from app.cli.demo.ports import free_port
from app.cli.embedded_redis import answers, find_redis, redis_command
from app.manifest.cache import DefinitionCache
from app.manifest.errors import StoreTrouble
from app.manifest.store import DefinitionStore
from app.manifest.versions import Provenance, VersionInfo, table_key
from tests.fixtures.programs import missing
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import BUCKET, ITEM, VAULT

CLASS = "DestinyClassDefinition"
HUNTER = 671679327


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as made:
        yield made


class Meddled(redis.Redis):
    """Before its n-th round trip happens what the n-th entry of `between` does; `trips` counts them."""

    between: list[Callable[[], object]]
    trips: int

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _MeddledPipeline(self)


class _MeddledPipeline(Pipeline):
    def __init__(self, client: Meddled) -> None:
        super().__init__(client.connection_pool, client.response_callbacks, transaction=False, shard_hint=None)
        self._client = client

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        self._client.trips += 1
        if self._client.between:
            self._client.between.pop(0)()
        return super().execute(raise_on_error)


@pytest.fixture
def meddled(redis_url: str) -> Iterator[Meddled]:
    with Meddled.from_url(redis_url) as made:
        made.between, made.trips = [], 0
        yield made


def store_on(client: redis.Redis, most_entries: int = 1000, keep_previous_s: int = 3600) -> DefinitionStore:
    return DefinitionStore(client, DefinitionCache(most_entries), keep_previous_s)


def write(store: DefinitionStore, name: str, items: int = 20, previous: VersionInfo | None = None) -> VersionInfo:
    """A version in which the vault and all items bear `name`."""
    writer = store.writer("en", f"digest{name}")
    writer.add(BUCKET, VAULT, b'{"n":"%s"}' % name.encode())
    writer.add(CLASS, HUNTER, b'{"n":"Hunter %s"}' % name.encode())
    for item_hash in range(1, items + 1):
        writer.add(ITEM, item_hash, b'{"n":"%s"}' % name.encode())
    writer.flush()
    return store.switch(writer, previous, Provenance(name, "/x"))


def commands(client: redis.Redis) -> dict[str, int]:
    told = client.info("commandstats")
    return {name.removeprefix("cmdstat_"): numbers["calls"] for name, numbers in told.items()}


def test_a_page_gets_its_items_and_all_small_tables(client: redis.Redis) -> None:
    store = store_on(client)
    info = write(store, "A")
    found = store.resolve("en", {ITEM: {1, 2, 999}})
    one, vault, hunter = found.item(1), found.bucket(VAULT), found.named(CLASS, HUNTER)
    assert one
    assert vault
    assert hunter
    assert (one.name, vault.name, hunter.name) == ("A", "A", "Hunter A")
    assert (found.item(999), found.item(3), found.stat(5), found.named(CLASS, 5)) == (None, None, None, None)
    assert [bucket.name for bucket in found.buckets()] == ["A"]
    assert [each.name for each in found.every_named(CLASS)] == ["Hunter A"]
    assert (found.version, found.missing, found.degraded) == (info.id, False, False)


def test_a_page_that_names_a_table_that_is_not_kept_gets_nothing_of_it(client: redis.Redis) -> None:
    store = store_on(client)
    write(store, "A")
    assert store.resolve("en", {"DestinyLoreDefinition": {5}, CLASS: {HUNTER}, ITEM: set()}).named("x", 5) is None


def test_what_is_remembered_costs_one_small_read(client: redis.Redis) -> None:
    store = store_on(client)
    write(store, "A")
    store.resolve("en", {ITEM: {1, 2}})
    client.config_resetstat()
    again = store.resolve("en", {ITEM: {1, 2}})
    read = commands(client)
    assert again.item(1)
    assert {name: count for name, count in read.items() if name in {"get", "hmget", "hgetall"}} == {"get": 1}
    client.config_resetstat()
    store.resolve("en", {ITEM: {1, 3}})
    assert commands(client)["hmget"] == 1


def test_an_unknown_hash_is_looked_for_each_time_because_it_may_come_by_itself(client: redis.Redis) -> None:
    store = store_on(client)
    info = write(store, "A")
    assert store.resolve("en", {ITEM: {999}}).item(999) is None
    client.hset(table_key("en", info.id, ITEM), "999", b'{"n":"Late"}')
    found = store.resolve("en", {ITEM: {999}}).item(999)
    assert found
    assert found.name == "Late"


def test_memory_is_bounded(client: redis.Redis) -> None:
    cache = DefinitionCache(most_entries=50)
    store = DefinitionStore(client, cache)
    write(store, "A", items=200)
    for start in range(1, 200, 20):
        assert store.resolve("en", {ITEM: range(start, start + 20)}).item(start)
    assert len(cache) == 50
    assert store.resolve("en", {ITEM: range(1, 201)}).item(200)
    assert len(cache) == 50


def test_a_switch_shows_at_the_next_page(client: redis.Redis) -> None:
    store, elsewhere = store_on(client), store_on(client)
    first = write(elsewhere, "A")
    before = store.resolve("en", {ITEM: {1}})
    write(elsewhere, "B", previous=first)
    after = store.resolve("en", {ITEM: {1}})
    names = [definition.name for found in (before, after) if (definition := found.item(1))]
    assert names == ["A", "B"]
    assert [bucket.name for bucket in after.buckets()] == ["B"]


def test_a_hundred_switches_under_eight_readers_mix_nothing(client: redis.Redis, redis_url: str) -> None:
    writing = store_on(client)
    info = write(writing, "0")
    stop, faults, pages = threading.Event(), [], [0] * 8

    def read(number: int) -> None:
        with redis.Redis.from_url(redis_url) as own:
            store = store_on(own, most_entries=30)
            while not stop.is_set():
                found = store.resolve("en", {ITEM: range(1, 21)})
                items = [definition.name if (definition := found.item(each)) else "?" for each in range(1, 21)]
                names = {*items, *(bucket.name for bucket in found.buckets())}
                pages[number] += 1
                if len(names) != 1 or "?" in names or found.degraded or found.missing:
                    faults.append((names, found.degraded, found.missing))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for reader in readers:
        reader.start()
    for number in range(1, 101):
        info = write(writing, str(number), previous=info)
    stop.set()
    for reader in readers:
        reader.join(timeout=20)
    assert faults == []
    assert min(pages) > 5


def test_a_switch_costs_the_page_that_meets_it_one_more_round_trip_and_the_next_none(
    client: redis.Redis, meddled: Meddled
) -> None:
    """What a page waits for is round trips: this many, however often and whenever the version is switched."""
    writing, store = store_on(client), store_on(meddled)
    info = write(writing, "A")
    trips = []
    for name in ("A", "B", "C"):
        if name != "A":
            info = write(writing, name, previous=info)
        for _ in range(3):
            meddled.trips = 0
            assert store.resolve("en", {ITEM: {1, 2}}).version == info.id
            trips.append(meddled.trips)
    assert trips == [2, 1, 1] * 3


@pytest.mark.parametrize("is_first_page", [True, False], ids=["a new process", "a process that knew an older one"])
def test_two_switches_during_one_page_leave_it_whole(
    client: redis.Redis, meddled: Meddled, is_first_page: bool
) -> None:
    """It sticks to the version whose pointer it read, which is kept for an hour after the switch."""
    writing, store = store_on(client), store_on(meddled)
    versions = [write(writing, "A")]
    if not is_first_page:
        store.resolve("en", {ITEM: {1}})

    def switch() -> None:
        versions.append(write(writing, "ABCD"[len(versions)], previous=versions[-1]))

    meddled.between, meddled.trips = [switch, switch, switch], 0
    found = store.resolve("en", {ITEM: range(1, 21)})
    names = {definition.name for each in range(1, 21) if (definition := found.item(each))}
    assert (names, {bucket.name for bucket in found.buckets()}) == ({"B"}, {"B"})
    assert (found.version, found.degraded, found.missing, meddled.trips) == (versions[1].id, False, False, 2)


def test_a_version_that_vanished_meanwhile_is_replaced_by_the_current_one(client: redis.Redis) -> None:
    store, elsewhere = store_on(client), store_on(client)
    first = write(elsewhere, "A")
    store.resolve("en", {ITEM: {1}})
    write(elsewhere, "B", previous=first)
    client.delete(*first.keys(first.tables()))
    found = store.resolve("en", {ITEM: {1, 2, 3}}).item(3)
    assert found
    assert found.name == "B"


def test_a_version_of_which_redis_lost_a_table_is_not_taken_for_a_world_without_items(client: redis.Redis) -> None:
    store = store_on(client)
    info = write(store, "A")
    store.resolve("en", {ITEM: {1}})
    client.delete(*info.keys([ITEM]))
    found = store.resolve("en", {ITEM: {1, 2}})
    remembered = found.item(1)
    assert remembered
    assert (remembered.name, found.item(2), found.degraded) == ("A", None, True)
    assert not store.is_whole(info)


def test_an_empty_redis_says_that_definitions_are_missing(client: redis.Redis) -> None:
    found = store_on(client).resolve("en", {ITEM: {1}})
    assert (found.missing, found.degraded, found.item(1), list(found.buckets()), found.version) == (
        True, False, None, [], "",
    )  # fmt: skip


def test_a_pointer_that_is_not_ours_is_no_version(client: redis.Redis) -> None:
    for stored in (b"", b"{}", b"[]", b"nonsense", b'{"id":"x","built_at":5}'):
        client.set("m:current:en", stored)
        assert store_on(client).current("en") is None
        assert store_on(client).resolve("en", {ITEM: {1}}).missing


def test_after_a_flush_the_process_shows_what_it_remembers(client: redis.Redis) -> None:
    store = store_on(client)
    write(store, "A")
    store.resolve("en", {ITEM: {1}})
    client.flushall()
    found = store.resolve("en", {ITEM: {1, 2}})
    assert (found.item(1) is not None, found.item(2), found.degraded, found.missing) == (True, None, True, False)
    write(store, "B")
    recovered = store.resolve("en", {ITEM: {1, 2}}).item(2)
    assert recovered
    assert recovered.name == "B"


def test_when_redis_stops_the_process_shows_what_it_remembers(tmp_path: Path) -> None:
    program = find_redis()
    if not program.is_real:
        missing("a redis-server")
    port = free_port()
    server = subprocess.Popen(redis_command(program, port, tmp_path), stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), "Redis answers", limit_s=15)
        with redis.Redis(port=port, retry=Retry(NoBackoff(), 0)) as client:
            store, never_read = store_on(client), store_on(client)
            write(store, "A")
            store.resolve("en", {ITEM: {1}})
            server.kill()
            server.wait(timeout=10)
            found = store.resolve("en", {ITEM: {1, 2}})
            assert (found.item(1) is not None, found.item(2), found.degraded) == (True, None, True)
            assert [bucket.name for bucket in found.buckets()] == ["A"]
            nothing = never_read.resolve("en", {ITEM: {1}})
            assert (nothing.missing, nothing.degraded, nothing.item(1)) == (True, True, None)
            with pytest.raises(StoreTrouble):
                store.writer("en", "x")
    finally:
        server.kill()
        server.wait(timeout=10)


def test_a_build_that_lost_a_part_is_not_switched_to(client: redis.Redis) -> None:
    """Unfinished versions may be evicted when Redis is short of memory."""
    store = store_on(client)
    write(store, "A")
    writer = store.writer("en", "digestB")
    writer.add(ITEM, 1, b'{"n":"B"}')
    writer.flush()
    client.delete(*client.keys(f"m:en:{writer.id}:*"))
    with pytest.raises(StoreTrouble, match="lost a part"):
        store.switch(writer, None, Provenance("B", "/x"))
    kept = store.resolve("en", {ITEM: {1}}).item(1)
    assert kept
    assert kept.name == "A"


def test_a_discarded_build_leaves_nothing(client: redis.Redis) -> None:
    store = store_on(client)
    writer = store.writer("en", "digest")
    writer.add(ITEM, 1, b"{}")
    writer.flush()
    assert client.keys("m:*")
    writer.discard()
    assert client.keys("m:*") == []


def test_a_version_tells_when_it_was_built(client: redis.Redis) -> None:
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    store = DefinitionStore(client, clock=lambda: moment)
    write(store, "A")
    info = store.current("en")
    assert info
    assert (info.built_at, info.version, info.counts[ITEM], info.digest) == (moment, "A", 20, "digestA")
