"""A Redis short of memory: definitions and waiting tasks are never lost, and a refresh fails cleanly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.fixtures.stoppable_redis import StoppableRedis
from tests.integration.manifest_support import Publisher, Rig, many_items, publisher, rig

KIB = 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StoppableRedis]:
    """As the README asks for: bounded, and only keys that expire may go."""
    made = StoppableRedis(tmp_path, "--maxmemory", "8mb", "--maxmemory-policy", "volatile-lru")
    yield made
    made.kill()


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def made(bungie: Publisher, server: StoppableRedis, tmp_path: Path) -> Iterator[Rig]:
    built = rig(bungie.url, server.url, tmp_path / "runs.sqlite3")
    bungie.publish(many_items(1200), "a")
    assert built.service.refresh("cli").state == "switched"
    yield built
    built.close()


def test_memory_pressure_takes_profiles_and_never_definitions_or_waiting_tasks(made: Rig) -> None:
    made.redis.rpush("vault_raider", *(b'{"task": %d}' % number for number in range(50)))
    made.redis.sadd("_kombu.binding.vault_raider", "vault_raider")
    kept = {key: made.redis.dump(key) for key in made.redis.scan_iter() if made.redis.ttl(key) == -1}
    for number in range(1000):
        made.redis.set(f"profile:1:{number}", bytes(20 * KIB), ex=600)
    assert made.redis.info("stats")["evicted_keys"] > 100
    assert {key: made.redis.dump(key) for key in kept} == kept
    assert made.names(1, 1200) == ["Item 1", "Item 1200"]


@pytest.mark.parametrize("room", [0, 60 * KIB], ids=["no room at all", "room for a part"])
def test_a_refresh_into_a_full_redis_fails_with_a_sentence_and_keeps_the_old_version(
    bungie: Publisher, made: Rig, room: int
) -> None:
    before = made.store.current("en")
    keys = set(made.redis.scan_iter("m:*"))
    fill(made.redis)
    made.redis.config_set("maxmemory", made.redis.info("memory")["used_memory"] + room)
    bungie.publish(many_items(3000), "b")
    report = made.service.refresh("beat")
    assert report.state == "failed"
    assert report.error in {
        "Redis is full: it takes nothing new.",
        "Redis did not take the new definitions (OutOfMemoryError).",
        "This run lost its lock: it stood still and another one has taken over, or Redis ran short of memory.",
    }
    assert made.store.current("en") == before
    assert made.names(1, 1200) == ["Item 1", "Item 1200"]
    assert set(made.redis.scan_iter("m:*")) <= keys
    made.redis.config_set("maxmemory", "64mb")
    assert made.service.refresh("beat").state == "switched"
    assert made.names(3000) == ["Item 3000"]


def test_the_sentence_of_a_full_redis_does_not_say_that_it_is_away(made: Rig) -> None:
    made.redis.config_set("maxmemory", 1)
    assert made.service.refresh("beat").error == "Redis is full: it takes nothing new."


def fill(client: redis.Redis) -> None:
    """With what does not expire, until nothing more is taken."""
    size = 16 * KIB
    while size >= 16:
        try:
            client.rpush("junk", bytes(size))
        except redis.OutOfMemoryError:
            size //= 2
