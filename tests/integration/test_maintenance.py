"""Hours of maintenance cost nobody anything: no grant is lost, Bungie is asked once a minute, and all is well after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
from sqlalchemy import select

from app.bungie import errors
from app.bungie.client import BungieClient
from app.bungie.errors import Maintenance
from app.bungie.http import BungieHttp, Deadline
from app.inventory.profile import Profile
from app.models import BungieAccount, User
from app.services.flights import Flights
from app.services.outage import LOOK_EVERY_S, Outage
from app.services.profile_cache import KEEP_S, ProfileCache
from app.services.profiles import ProfileService
from app.services.troubles import Troubles
from tests.fixtures.tokens import Desk

PLAYERS = 200
WEEK_S = 7 * 24 * 3600


@pytest.fixture
def redis_client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


@pytest.fixture
def profiles(desk: Desk, redis_client: redis.Redis) -> ProfileService:
    """Tells the time by the desk's clock, as the tokens do."""

    def now() -> float:
        return desk.clock().timestamp()

    client = BungieClient(BungieHttp(desk.bungie.url, "sandbox-key", "40000"))
    cache = ProfileCache(redis_client)
    return ProfileService(client, desk.service, cache, Flights(redis_client), Troubles(redis_client, now), 30, now)


def connect(desk: Desk, count: int) -> list[BungieAccount]:
    """So many accounts, each with a grant of its own."""
    player = next(iter(desk.bungie.app.state.players.values()))
    now, accounts = desk.clock(), []
    for number in range(count):
        user = User(created_at=now)
        desk.session.add(user)
        desk.session.flush()
        account = BungieAccount(
            user_id=user.id, membership_id=str(number), access_ends_at=now, refresh_ends_at=now, connected_at=now
        )
        desk.session.add(account)
        desk.service.store(account, desk.oauth.exchange(desk.bungie.app.state.grants.new_code(player.bungie_id)))
        accounts.append(account)
    desk.session.commit()
    return accounts


def test_two_hundred_players_lose_nothing_in_an_hour_of_maintenance_and_bungie_is_left_alone(
    desk: Desk, profiles: ProfileService, redis_client: redis.Redis
) -> None:
    accounts = [(account.id, account.membership_id) for account in connect(desk, PLAYERS)]
    for _, membership_id in accounts:
        ProfileCache(redis_client).write(membership_id, Profile((), ()), desk.clock().timestamp())
    faults, requests = desk.bungie.app.state.faults, desk.bungie.app.state.requests
    faults.set(maintenance="api")
    requests.clear()
    for minute in range(60):
        desk.clock.now += timedelta(seconds=60)
        for account_id, membership_id in accounts[minute % 5 :: 5]:
            assert isinstance(profiles.load(account_id, 3, membership_id).trouble, Maintenance)
    asked = requests.counts.total()
    assert 30 <= asked <= 2 * 60  # most looks also try to renew an old token
    faults.clear()
    desk.clock.now += timedelta(seconds=LOOK_EVERY_S)
    for account_id, _ in accounts:
        assert desk.service.access_token(account_id, Deadline(10))
    rows = desk.session.scalars(select(BungieAccount)).all()
    assert sum(row.needs_reconnect or not row.refresh_token for row in rows) == 0
    assert len(rows) >= PLAYERS


def test_trouble_is_told_before_the_profile_is_thirty_seconds_old_even_if_a_page_waits_ten_for_it(
    desk: Desk, profiles: ProfileService, redis_client: redis.Redis
) -> None:
    (account,) = connect(desk, 1)
    account_id = account.id
    ProfileCache(redis_client).write("0", Profile((), ()), desk.clock().timestamp())
    desk.bungie.app.state.faults.set(maintenance="api")
    desk.clock.now += timedelta(seconds=17)
    assert profiles.load(account_id, 3, "0").trouble is None
    desk.clock.now += timedelta(seconds=2)
    assert isinstance(profiles.load(account_id, 3, "0").trouble, Maintenance)


def test_what_was_last_seen_is_shown_for_a_week(
    desk: Desk, profiles: ProfileService, redis_client: redis.Redis
) -> None:
    (account,) = connect(desk, 1)
    account_id, seen_at = account.id, desk.clock().timestamp()
    ProfileCache(redis_client).write("0", Profile((), ()), seen_at)
    desk.bungie.app.state.faults.set(maintenance="api")
    desk.clock.now += timedelta(days=6, hours=23)
    loaded = profiles.load(account_id, 3, "0")
    assert isinstance(loaded.trouble, Maintenance)
    assert loaded.fetched_at == seen_at
    assert KEEP_S == WEEK_S
    (key,) = [key for key in redis_client.scan_iter("profile:*:0") if b"trouble" not in key]
    assert WEEK_S - 60 < redis_client.ttl(key) <= WEEK_S


class Clock:
    now = datetime(2026, 11, 21, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("has_redis", [True, False], ids=["with Redis", "without Redis"])
def test_one_request_a_minute_looks_whether_it_is_over(redis_url: str, has_redis: bool) -> None:
    clock = Clock()
    outage = Outage(redis.Redis.from_url(redis_url if has_redis else "redis://127.0.0.1:9/0"), clock)
    assert not outage.is_on()
    outage.begin()
    clock.now += LOOK_EVERY_S - 1
    assert outage.is_on()
    clock.now += 1
    assert [outage.is_on() for _ in range(3)] == [False, True, True]
    clock.now += LOOK_EVERY_S  # the one who looked never came back
    assert [outage.is_on() for _ in range(3)] == [False, True, True]
    outage.begin()
    clock.now += LOOK_EVERY_S - 1
    assert outage.is_on()
    outage.end()
    assert not outage.is_on()


def test_what_one_process_has_met_the_others_know(redis_url: str) -> None:
    here, there = (Troubles(redis.Redis.from_url(redis_url)) for _ in range(2))
    here.note("one player", errors.Maintenance("GET /x", code=5, status=503))
    assert isinstance(there.recent("another player"), Maintenance)
    there.recovered()
    assert here.recent("another player") is None


def test_a_gateways_page_is_the_trouble_of_whoever_met_it(redis_url: str) -> None:
    troubles = Troubles(redis.Redis.from_url(redis_url))
    troubles.note("one player", errors.Maintenance("GET /x", status=503))
    assert isinstance(troubles.recent("one player"), Maintenance)
    assert troubles.recent("another player") is None
