"""What a web process remembers of profiles beside Redis: enough for an outage, nothing of players who have left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from app.bungie.profiles import parse_profile
from app.inventory.profile import Profile, Record
from app.services.later import Job, Later
from app.services.profile_cache import ProfileCache
from app.services.profile_codec import FORMAT
from tests import recorded
from tests.shared import requires_shared, shared_dir

LEAVER, STAYER = "4611686018400000001", "4611686018400000002"
EMPTY = Profile(characters=(), items=())
WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
MOST_BYTES, MOST_SECONDS = 250_000, 0.001

COPY = {"itemHash": 1, "itemInstanceId": "12", "bucketHash": 138197802, "tooltipNotificationIndexes": [2]}
WHOLE = {
    "responseMintedTimestamp": "2026-06-09T20:00:00Z",
    "profileInventory": {"data": {"items": [COPY]}},
    "profile": {"data": {"dateLastPlayed": "2026-06-09T20:00:00Z"}},
    "characters": {"data": {"9": {"emblemColor": {"red": 1, "green": 2, "blue": 3}, "stats": {"5": 6}}}},
    "characterActivities": {"data": {"9": {"currentActivityHash": 1}}},
    "profileRecords": {"data": {"records": {"31": {"state": 4}}}},
    "itemComponents": {
        "instances": {"data": {"12": {"primaryStat": {"statHash": 1, "value": 2}}}},
        "sockets": {"data": {"12": {"sockets": [{"plugHash": 9}]}}},
    },
}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as made:
        yield made


@pytest.fixture
def here(client: redis.Redis) -> ProfileCache:
    """The memory of one web process; both players have been here."""
    cache = ProfileCache(client)
    for player in (LEAVER, STAYER):
        cache.write(player, EMPTY, 1.0)
    return cache


@pytest.fixture
def elsewhere(client: redis.Redis) -> ProfileCache:
    """Another process, which has already seen somebody leave."""
    cache = ProfileCache(client)
    cache.forget("somebody before")
    return cache


def known(cache: ProfileCache, player: str) -> bool:
    return cache.read(player) is not None


def test_a_player_who_leaves_through_one_process_is_not_served_by_another(
    here: ProfileCache, elsewhere: ProfileCache
) -> None:
    assert known(here, LEAVER)
    elsewhere.forget(LEAVER)
    assert not known(here, LEAVER)
    assert known(here, STAYER)


def test_the_next_page_of_anybody_takes_a_leaver_out_of_memory(
    here: ProfileCache, elsewhere: ProfileCache, client: redis.Redis
) -> None:
    elsewhere.forget(LEAVER)
    known(here, STAYER)
    client.flushall()  # now nobody but this process could know
    assert not known(here, LEAVER)


def test_an_emptied_redis_costs_nobody_their_profile(
    here: ProfileCache, elsewhere: ProfileCache, client: redis.Redis
) -> None:
    elsewhere.forget(LEAVER)
    assert known(here, STAYER)
    client.flushall()
    assert known(here, STAYER)


def test_redis_does_not_tell_who_has_left(elsewhere: ProfileCache, client: redis.Redis) -> None:
    elsewhere.forget(LEAVER)
    everything = [key + (client.dump(key) or b"") for key in client.scan_iter()]
    assert everything
    assert not [piece for piece in everything if LEAVER.encode() in piece]


def test_another_process_reads_exactly_what_was_written(here: ProfileCache, client: redis.Redis) -> None:
    parsed = parse_profile(WHOLE)
    written = here.write(STAYER, parsed, 2.0).profile
    found = ProfileCache(client).read(STAYER)
    assert found is not None
    for profile in (written, found.profile):
        assert replace(profile, details=parsed.details) == parsed
        assert profile.details.item(parsed.items[0]) == parsed.details.item(parsed.items[0])
        assert profile.details.record(31) == Record(4, 0, ())


def test_what_a_newer_answer_leaves_out_is_not_remembered_from_the_older_one(
    here: ProfileCache, client: redis.Redis
) -> None:
    here.write(STAYER, parse_profile(WHOLE), 2.0)
    here.write(STAYER, parse_profile(WHOLE | {"profileRecords": {"privacy": 2}}), 3.0)
    found = ProfileCache(client).read(STAYER)
    assert found is not None
    assert found.profile.details.record(31) is None


@requires_shared
@pytest.mark.parametrize("membership_id", recorded.accounts(WORLD))
def test_a_recorded_player_takes_little_room_and_one_item_little_time(
    here: ProfileCache, client: redis.Redis, membership_id: str
) -> None:
    parsed = parse_profile(recorded.profile(WORLD, membership_id))
    here.write(STAYER, parsed, 2.0)
    assert sum(map(len, client.hgetall(f"profile:{FORMAT}:{STAYER}").values())) < MOST_BYTES
    found = ProfileCache(client).read(STAYER)
    assert found is not None
    began = time.process_time()
    for each in parsed.items[:100]:
        found.profile.details.item(each)
    assert (time.process_time() - began) / 100 < MOST_SECONDS


class Waiting:
    """Work that was put off and that the test begins."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> None:
        self.jobs.append(job)

    def begin(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


@pytest.fixture
def put_off() -> Waiting:
    return Waiting()


@pytest.fixture
def busy(client: redis.Redis, put_off: Waiting) -> ProfileCache:
    """A process that has written a player's items and not yet the details."""
    cache = ProfileCache(client, put_off)
    cache.write(STAYER, parse_profile(WHOLE), 2.0)
    return cache


def record_of(cache: ProfileCache) -> Record | None:
    found = cache.read(STAYER)
    assert found is not None
    return found.profile.details.record(31)


def test_details_are_read_before_they_are_written(busy: ProfileCache, put_off: Waiting) -> None:
    assert record_of(busy) == Record(4, 0, ())
    put_off.begin()
    assert record_of(busy) == Record(4, 0, ())


def test_another_process_waits_for_details_that_are_on_their_way(
    busy: ProfileCache, put_off: Waiting, client: redis.Redis
) -> None:
    elsewhere = ProfileCache(client)
    assert elsewhere.read(STAYER) is not None
    writer = threading.Timer(0.1, put_off.begin)
    writer.start()
    assert record_of(elsewhere) == Record(4, 0, ())
    writer.join()


def test_details_that_come_late_bring_no_forgotten_player_back(
    busy: ProfileCache, put_off: Waiting, client: redis.Redis
) -> None:
    busy.forget(STAYER)
    put_off.begin()
    assert not known(busy, STAYER)
    assert not client.exists(f"profile:{FORMAT}:{STAYER}")


def test_details_that_come_late_are_not_mixed_into_a_newer_profile(
    busy: ProfileCache, put_off: Waiting, client: redis.Redis
) -> None:
    ProfileCache(client).write(STAYER, parse_profile(WHOLE | {"profileRecords": {"privacy": 2}}), 3.0)
    put_off.begin()
    assert record_of(ProfileCache(client)) is None
    assert record_of(busy) is None


def test_a_job_that_fails_is_told_and_the_next_one_is_done_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    done, later = threading.Event(), Later()
    later(lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    later(done.set)
    assert done.wait(2)
    assert "put off" in caplog.text


def test_what_another_process_reads_is_what_was_written_and_can_be_looked_up_by(client: redis.Redis) -> None:
    profile = parse_profile(WHOLE)
    ProfileCache(client).write(STAYER, profile, 1.0)
    cached = ProfileCache(client).read(STAYER)
    assert cached is not None
    assert profile.items[0].notes == (2,)
    assert set(cached.profile.items) == set(profile.items)  # tiles are found by them
