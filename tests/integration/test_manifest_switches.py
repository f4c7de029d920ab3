"""A switch behind the pages' back: none of them reads anew what the process knew, and none waits for who does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry

from app.inventory.finder import Question
from app.manifest.cache import DefinitionCache
from app.manifest.finding import FinderStore, IndexBuilder
from app.manifest.plans import FINDING
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import DefinitionStore
from app.manifest.versions import Provenance, VersionInfo
from app.manifest.warming import LONGEST_IDLE_S, LONGEST_WAIT_S, Warmer
from app.wiring import Services
from tests.fixtures.stoppable_redis import StoppableRedis
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import BUCKET, ITEM, VAULT

ITEMS = 2000
A_PAGE = 40


class CountingRedis(redis.Redis):
    """`asked` counts the records that pages ask for; a small table counts as many as it has."""

    asked: list[int]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _CountingPipeline(self)


class _CountingPipeline(Pipeline):
    def __init__(self, client: CountingRedis) -> None:
        super().__init__(client.connection_pool, client.response_callbacks, transaction=False, shard_hint=None)
        self._asked = client.asked

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        commands = [each[0] for each in self.command_stack]
        answers = super().execute(raise_on_error)
        reads = zip(commands, answers, strict=True)
        self._asked.append(sum(len(answer) for command, answer in reads if command[0] in {"HMGET", "HGETALL"}))
        return answers


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client(redis_url: str) -> Iterator[CountingRedis]:
    with CountingRedis.from_url(redis_url) as made:
        made.asked = []
        yield made


def write(client: redis.Redis, name: str, previous: VersionInfo | None = None, items: int = ITEMS) -> VersionInfo:
    """A version in which the vault and all items bear `name`, and by which one finds the first items of that name."""
    store = DefinitionStore(client)
    writer = store.writer("en", f"digest{name}")
    writer.add(BUCKET, VAULT, b'{"n":"%s"}' % name.encode())
    index = IndexBuilder()
    for item_hash in range(1, items + 1):
        writer.add(ITEM, item_hash, b'{"n":"%s"}' % name.encode())
    for item_hash in (1, 2, 3):
        index.see(ITEM, item_hash, {"n": name})
    writer.add(FINDING, 0, index.packed())
    writer.flush()
    return store.switch(writer, previous, Provenance(name, "/x"))


def names(found: ResolvedDefinitions, *hashes: int) -> set[str]:
    items = {definition.name if (definition := found.item(each)) else "?" for each in hashes}
    return items | {bucket.name for bucket in found.buckets()}


def everything(store: DefinitionStore) -> set[str]:
    return names(store.resolve("en", {ITEM: range(1, ITEMS + 1)}), *range(1, ITEMS + 1))


def test_no_page_reads_anew_what_its_process_knew_and_none_mixes_two_versions(client: CountingRedis) -> None:
    """Eight readers know two thousand items; each page needs forty of them. Every switch is taken within seconds."""
    info = write(client, "0")
    store = DefinitionStore(client, warmer=Warmer(client))
    assert everything(store) == {"0"}
    client.asked.clear()
    over, seen = threading.Event(), set[str]()
    faults: list[set[str]] = []

    def read(number: int) -> None:
        while not over.is_set():
            first = 1 + number * 200
            found = store.resolve("en", {ITEM: range(first, first + A_PAGE)})
            told = names(found, *range(first, first + A_PAGE))
            seen.update(told)
            if len(told) != 1 or found.degraded or found.missing:
                faults.append(told)

    readers = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for reader in readers:
        reader.start()
    for number in range(1, 4):
        info = write(client, str(number), info)
        wait_until(lambda name=str(number): name in seen, "the new version shows", limit_s=10)
        time.sleep(1.1)
    over.set()
    for reader in readers:
        reader.join(timeout=20)
    assert (faults, seen) == ([], set("0123"))
    assert len(client.asked) > 100
    assert sum(client.asked) == 0
    assert everything(store) == {"3"}
    assert sum(client.asked) == 0


def test_only_one_version_stays_in_memory(client: CountingRedis) -> None:
    info, cache = write(client, "A"), DefinitionCache()
    store = DefinitionStore(client, cache, warmer=Warmer(client))
    everything(store)
    assert len(cache) == ITEMS
    write(client, "B", info)
    most = 0
    while everything(store) == {"A"}:
        most = max(most, len(cache))
    assert (most, len(cache)) == (ITEMS, ITEMS)


def test_a_process_that_knows_nothing_yet_begins_with_the_newest(client: CountingRedis) -> None:
    write(client, "B", write(client, "A"))
    store = DefinitionStore(client, warmer=Warmer(client))
    assert names(store.resolve("en", {ITEM: {1}}), 1) == {"B"}


def test_a_process_that_nobody_asked_for_a_minute_switches_at_once(client: CountingRedis) -> None:
    clock, info = Clock(), write(client, "A")
    store = DefinitionStore(client, warmer=Warmer(client, clock))
    assert names(store.resolve("en", {ITEM: {1}}), 1) == {"A"}
    write(client, "B", info)
    clock.now += LONGEST_IDLE_S
    assert names(store.resolve("en", {ITEM: {1}}), 1) == {"B"}


def test_a_version_that_cannot_be_read_in_the_background_is_not_waited_for_forever(client: CountingRedis) -> None:
    clock, info = Clock(), write(client, "A")
    warmer = Warmer(client, clock)
    warmer.before_each(_fail)
    store = DefinitionStore(client, warmer=warmer)
    store.resolve("en", {ITEM: {1}})
    write(client, "B", info)
    waited = []
    for _ in range(4):
        waited.append(names(store.resolve("en", {ITEM: {1}}), 1))
        clock.now += LONGEST_WAIT_S / 2 - 1
        time.sleep(0.1)
    assert waited == [{"A"}, {"A"}, {"A"}, {"B"}]


def test_a_version_that_lost_a_table_does_not_take_the_place_of_one_that_is_whole(client: CountingRedis) -> None:
    info = write(client, "A")
    store = DefinitionStore(client, warmer=Warmer(client))
    everything(store)
    broken = write(client, "B", info)
    client.delete(*broken.keys([BUCKET]))
    for _ in range(20):
        assert everything(store) == {"A"}
        time.sleep(0.05)


def test_when_redis_hangs_in_the_middle_of_a_switch_the_old_version_goes_on(tmp_path: Path) -> None:
    stoppable, before = StoppableRedis(tmp_path), set(threading.enumerate())
    try:
        impatient = redis.Redis.from_url(stoppable.url, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
        info, warmer, hangs = write(stoppable.client(), "A"), Warmer(impatient), threading.Event()

        def hang(_info: VersionInfo, _client: redis.Redis) -> None:
            if not hangs.is_set():
                stoppable.freeze()
                hangs.set()

        warmer.before_each(hang)
        store = DefinitionStore(impatient, warmer=warmer)
        assert everything(store) == {"A"}
        write(stoppable.client(), "B", info)
        told: list[set[str]] = []
        wait_until(_collecting(lambda: everything(store), told, hangs.is_set), "the switch has begun", every_s=0)
        told += [everything(store) for _ in range(3)]
        assert {frozenset(each) for each in told} == {frozenset("A")}
        assert store.resolve("en", {}).degraded
        stoppable.thaw()
        wait_until(lambda: everything(store) == {"B"}, "the switch is made after all", limit_s=10)
        wait_until(lambda: set(threading.enumerate()) <= before, "no thread uses what ends here", limit_s=10)
    finally:
        stoppable.thaw()
        stoppable.kill()


def test_what_is_found_and_how_it_is_named_switch_together(client: CountingRedis) -> None:
    info, warmer = write(client, "alpha"), Warmer(client)
    store = DefinitionStore(client, warmer=warmer)
    finders = FinderStore(client, in_use=store.in_use)
    warmer.before_each(finders.prepare)

    def page(text: str) -> tuple[int, set[str]]:
        finder = finders.finder("en")
        assert finder
        found = finder.find(Question(text), 0, 60)
        return found.total, names(store.resolve("en", {ITEM: found.hashes}), *found.hashes)

    assert page("alpha") == (3, {"alpha"})
    assert page("alpha") == (3, {"alpha"})
    write(client, "beta", info)
    told: list[tuple[int, set[str]]] = []
    is_new = _collecting(lambda: page("beta"), told, lambda: told[-1] == (3, {"beta"}))
    wait_until(is_new, "the new version shows", limit_s=10)
    assert {total for total, _ in told} == {0, 3}
    assert told[0] == (0, {"alpha"})


def test_the_site_itself_switches_behind_its_pages(definitions: None, services: Services) -> None:
    def version() -> str:
        return services.database.find("en", Question("ace")).definitions.version

    old = version()
    assert services.manifest.refresh("test", force=True).state == "switched"
    assert version() == old  # the page that met the switch has not waited for it
    wait_until(lambda: version() != old, "the new version is in use", limit_s=10)
    assert services.database.find("en", Question("ace")).found.total > 0


def _collecting(ask: Callable[[], Any], told: list[Any], is_over: Callable[[], bool]) -> Callable[[], bool]:
    """For waiting: asks, writes down the answer, and tells whether it is over."""

    def ask_once() -> bool:
        told.append(ask())
        return is_over()

    return ask_once


def _fail(_info: VersionInfo, _client: redis.Redis) -> None:
    raise redis.ConnectionError
