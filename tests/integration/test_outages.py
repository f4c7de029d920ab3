"""When Bungie, Redis or our own data fail: the last known vault, a sentence about it, and recovery by itself."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from app.sandbox import SandboxServer
from app.services.profile_cache import ProfileCache
from app.services.profile_codec import packed
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite
from tests.fixtures.waiting import wait_until
from tests.integration.every_page import look
from tests.raw_server import raw_server
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def player_pause_s() -> float:
    """How long a player's pages leave Bungie alone after trouble."""
    return 1.0


@pytest.fixture
def settings(settings: Settings, player_pause_s: float) -> Settings:
    """A profile is asked for again on every page, so that trouble shows at once, and soon again after trouble."""
    bungie = replace(settings.bungie, pause_s=1, player_pause_s=player_pause_s, outage_look_s=1)
    return replace(settings, profile_ttl_s=0, bungie=bungie)


@pytest.fixture
def visitor(live_server: str, sandbox: SandboxServer) -> Visitor:
    signed_in = Visitor(live_server)
    signed_in.sign_in(next(iter(sandbox.app.state.players)))
    return signed_in


def notices(visitor: Visitor, path: str = "/vault") -> list[str]:
    answer = visitor.get(path)
    assert answer.status_code in {200, 503}, answer.text[:300]
    return [str(each["data-notice"]) for each in soup(answer).select("[data-notice]")]


def signed_in_without_a_vault(app: Flask, sandbox: SandboxServer) -> FlaskClient:
    """A browser whose player has connected but has not opened a page yet, so nothing of them is remembered."""
    player = next(iter(sandbox.app.state.players.values()))
    with app.app_context():
        use_cases = services_of_current_app()
        user_id = use_cases.accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
        token = use_cases.sessions.start(user_id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


TROUBLES = [
    ({"maintenance": "api"}, "maintenance"),
    ({"maintenance": "html503"}, "maintenance"),
    ({"maintenance": "html200"}, "maintenance"),
    ({"throttled_s": 2}, "throttled"),
    ({"status_502_html": "*Profile*"}, "stale"),
    ({"reset": "*Profile*"}, "stale"),
    ({"half_body": "*Profile*"}, "stale"),
    ({"wrong_json": "*Profile*"}, "stale"),
    ({"broken_json": "*Profile*"}, "stale"),
    ({"gzip_bomb": "*Profile*"}, "stale"),
    ({"drop_components": ["profileInventory", "profileCurrencies", "characterInventories", "characterEquipment",
                          "characters"]}, "stale"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "kind"), TROUBLES, ids=lambda value: str(value)[:40])
def test_trouble_keeps_the_last_vault_says_so_and_ends_by_itself(
    visitor: Visitor, sandbox: SandboxServer, services: Services, fault: dict, kind: str
) -> None:
    before = visitor.tiles("/vault")
    assert notices(visitor) == []
    sandbox.app.state.faults.set(**fault)
    began = time.monotonic()
    assert notices(visitor) == [kind]
    assert time.monotonic() - began < 13
    assert visitor.tiles("/vault") == before
    assert notices(visitor, "/characters") == [kind]
    sandbox.app.state.faults.clear()
    wait_until(lambda: notices(visitor) == [], "the page is healthy again", limit_s=20, every_s=0.5)


@pytest.mark.parametrize("fault", [fault for fault, _ in TROUBLES[:6]], ids=str)
def test_a_player_never_seen_before_gets_a_calm_page_instead_of_an_empty_vault(
    app: Flask, sandbox: SandboxServer, fault: dict
) -> None:
    client = signed_in_without_a_vault(app, sandbox)
    sandbox.app.state.faults.set(**fault)
    answer = client.get("/vault")
    assert answer.status_code == 503
    page = BeautifulSoup(answer.text, "lxml")
    assert page.select_one("[data-notice]")
    assert not page.select("[data-item-hash]")
    assert page.select_one("form[action='/logout']")


@pytest.mark.parametrize("player_pause_s", [60.0])  # longer than a busy machine takes for a page
@pytest.mark.parametrize("part", ["drip", "drip_head"])
def test_a_slow_bungie_does_not_hold_a_page_for_more_than_13_seconds(
    visitor: Visitor, sandbox: SandboxServer, part: str
) -> None:
    before = visitor.tiles("/vault")
    sandbox.app.state.faults.set(**{part: "*Profile*"})
    began = time.monotonic()
    assert notices(visitor) == ["stale"]
    assert time.monotonic() - began < 13
    asked = sandbox.app.state.requests.counts["profile"]
    began = time.monotonic()
    assert visitor.tiles("/vault") == before
    assert time.monotonic() - began < 2  # the second page does not wait for it again
    assert sandbox.app.state.requests.counts["profile"] == asked


@pytest.mark.parametrize("player_pause_s", [0.1])
def test_who_was_kept_waiting_without_an_answer_does_not_wait_for_the_next_look(
    visitor: Visitor, sandbox: SandboxServer
) -> None:
    before = visitor.tiles("/vault")
    sandbox.app.state.faults.set(drip_head="*Profile*")
    assert notices(visitor) == ["stale"]
    for path in ("/vault", "/vault", "/characters", "/organizer"):
        time.sleep(0.2)
        began = time.monotonic()
        assert notices(visitor, path) == ["stale"]
        assert time.monotonic() - began < 3
    assert visitor.tiles("/vault") == before
    sandbox.app.state.faults.clear()
    wait_until(lambda: notices(visitor) == [], "a look beside the pages finds that it is over", 16)


def test_a_page_that_gets_no_turn_in_time_shows_what_it_has_and_says_so(visitor: Visitor, redis_url: str) -> None:
    before = visitor.tiles("/vault")
    with redis.Redis.from_url(redis_url) as client:
        others = {f"player {number}|1": (time.time() + 3) * 1000 for number in range(20)}
        client.zadd("bungie:granted", others)
        began = time.monotonic()
        assert notices(visitor) == ["throttled"]
        assert time.monotonic() - began < 4
        assert visitor.tiles("/vault") == before
        client.delete("bungie:granted")
    wait_until(lambda: notices(visitor) == [], "it is our turn again", limit_s=10, every_s=0.2)


def test_a_page_waits_a_moment_for_its_turn(visitor: Visitor, redis_url: str) -> None:
    """By the clock of Redis, which grants the turns: how busy this machine is does not count."""
    with redis.Redis.from_url(redis_url) as client:
        others_at = take_every_turn(client)
        assert notices(visitor) == []
        turns = client.zrange("bungie:granted", 0, -1, withscores=True)
    own = [at for name, at in turns if not name.startswith(b"player ")]
    assert own
    assert min(own) - others_at > 1000


def take_every_turn(client: redis.Redis) -> float:
    """Twenty other players have just been granted the whole second; when, in milliseconds."""
    client.delete("bungie:granted")
    now = time.time() * 1000
    client.zadd("bungie:granted", {f"player {number}|1": now for number in range(20)})
    return now


def test_while_bungie_is_down_a_vault_costs_a_fifth_more_than_ever_at_most(
    new_site: NewSite, settings: Settings, sandbox: SandboxServer
) -> None:
    """By what the processor does for a page and by what it waits for, so that a busy machine does not count."""
    patient = replace(settings, bungie=replace(settings.bungie, player_pause_s=60))
    well, down = new_site(replace(settings, profile_ttl_s=900)), new_site(patient)
    client = signed_in_without_a_vault(well, sandbox)
    other, cookie = down.test_client(), client.get_cookie("vault_raider")
    assert cookie
    other.set_cookie("vault_raider", cookie.value)
    usual = [look(client, "/vault") for _ in range(9)]
    sandbox.app.state.faults.set(status_502_html="*")
    look(other, "/vault")  # the one that finds out
    seen = [look(other, "/vault") for _ in range(9)]
    assert {(each.status, each.notices, each.names) for each in seen} == {(200, ("stale",), usual[-1].names)}
    assert min(each.worked_s for each in seen) <= 1.2 * min(each.worked_s for each in usual)
    assert min(each.waited_s for each in seen) <= min(each.waited_s for each in usual) + 0.05


def last_seen(age_s: int, app: Flask, sandbox: SandboxServer, redis_url: str, site: Flask) -> FlaskClient:
    """A player on another process of the site, whose things were seen so long ago and cannot be seen now."""
    player = next(iter(sandbox.app.state.players.values()))
    first = signed_in_without_a_vault(app, sandbox)
    assert first.get("/vault").status_code == 200
    cache = ProfileCache(redis.Redis.from_url(redis_url))
    remembered, cookie = cache.read(player.membership_id), first.get_cookie("vault_raider")
    assert remembered
    assert cookie
    whole = packed(remembered.profile)  # with its details, which follow when there is time
    cache.write(player.membership_id, whole, time.time() - age_s)
    sandbox.app.state.faults.set(status_502_html="*")
    client = site.test_client()
    client.set_cookie("vault_raider", cookie.value)
    return client


def why_not(button: Tag) -> str:
    """What the page says of a button that cannot be pressed."""
    page = list(button.parents)[-1]
    told = page.find(id=button.get("aria-describedby", "nothing"))
    return told.get_text(strip=True) if told else ""


@pytest.mark.parametrize(("age_s", "is_off"), [(100, False), (125, True)])
def test_what_was_last_seen_more_than_two_minutes_ago_is_shown_and_nothing_of_it_is_moved(
    app: Flask, new_site: NewSite, settings: Settings, sandbox: SandboxServer, redis_url: str, age_s: int, is_off: bool
) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    client = last_seen(age_s, app, sandbox, redis_url, new_site(replace(settings, profile_ttl_s=30)))
    vault = BeautifulSoup(client.get("/vault").text, "lxml")
    token, tile = vault.select_one("[name=csrf_token]"), vault.select_one("[data-store=vault] [data-item-id]")
    assert token
    assert tile
    form = {"csrf_token": str(token["value"]), "item": str(tile["data-item-id"]), "from": "vault", "equip": "0",
            "to": player.character_ids[0], "quantity": "1", "key": "a move of what is old"}  # fmt: skip
    answer = client.post("/moves", data=form)
    assert answer.status_code == (503 if is_off else 303)
    assert ('data-notice="stale"' in answer.text) is is_off
    assert sandbox.app.state.requests.counts["transfer"] == (not is_off)


@pytest.mark.parametrize(("age_s", "is_off"), [(90, False), (125, True)])
def test_what_cannot_be_moved_because_it_is_old_is_not_offered_and_the_page_says_why(
    app: Flask, new_site: NewSite, settings: Settings, sandbox: SandboxServer, redis_url: str, age_s: int, is_off: bool
) -> None:
    client = last_seen(age_s, app, sandbox, redis_url, new_site(replace(settings, profile_ttl_s=30)))
    vault = BeautifulSoup(client.get("/vault").text, "lxml")
    item = vault.select("[data-store=vault] [data-item-id]")[0]["data-item-id"]
    for path, headers in ((f"/items/{item}", {}), (f"/items/{item}", {"HX-Request": "true"}), ("/moves/select", {})):
        page = BeautifulSoup(client.get(path, headers=headers).text, "lxml")
        offered = page.select("button[name=to], button[name=locked]")
        assert len(offered) >= 3, path
        assert {each.has_attr("disabled") for each in offered} == {is_off}, path
        assert {bool(why_not(each)) for each in offered} == {is_off}, path


@pytest.mark.parametrize(("age_s", "is_off"), [(90, False), (125, True)])
def test_loadouts_and_the_organizer_offer_no_moves_of_what_is_old_and_say_why(
    app: Flask, new_site: NewSite, settings: Settings, sandbox: SandboxServer, redis_url: str, age_s: int, is_off: bool
) -> None:
    client = last_seen(age_s, app, sandbox, redis_url, new_site(replace(settings, profile_ttl_s=30)))
    player = next(iter(sandbox.app.state.players.values()))
    titan = player.character_ids[0]
    copy = next(each["itemInstanceId"] for each in player.carried(titan) if "itemInstanceId" in each)
    token = BeautifulSoup(client.get("/account").text, "lxml").select_one("[name=csrf_token]")
    assert token
    made = client.post("/loadouts/select", data={"csrf_token": str(token["value"]), "item": copy}).location
    for path, wanted in (
        (made, "form[action$='/apply'] button"),
        (f"/characters/{titan}/loadouts", "form[action*='/loadouts/']:not([action$='/keep']) button"),
        ("/organizer", "optgroup:has([value^=to]), optgroup:has([value=lock])"),
    ):
        page = BeautifulSoup(client.get(path).text, "lxml")
        offered = page.select(wanted)
        assert offered, path
        assert {each.has_attr("disabled") for each in offered} == {is_off}, path
        says = [why_not(each if each.name == "button" else each.find_parent("select") or each) for each in offered]
        assert {bool(each) for each in says} == {is_off}, path
    assert not page.select("optgroup:has([value^=tag])[disabled]")


def test_a_vault_that_comes_empty_once_is_not_believed(visitor: Visitor, sandbox: SandboxServer) -> None:
    before = visitor.tiles("/vault")
    sandbox.app.state.faults.set(empty_profile_inventory_once=True)
    assert notices(visitor) == ["stale"]
    assert visitor.tiles("/vault") == before


def test_a_revoked_grant_asks_to_reconnect_and_signs_nobody_out(visitor: Visitor, sandbox: SandboxServer) -> None:
    before = visitor.tiles("/vault")
    sandbox.app.state.revoke_grants()
    sandbox.app.state.expire_tokens()
    answer = visitor.get("/vault")
    assert soup(answer).select_one("[data-notice=reconnect] form[action='/login/bungie']")
    assert visitor.tiles("/vault") == before
    picker = visitor.submit(answer, "/login/bungie")
    visitor.submit(picker, "", account=next(iter(sandbox.app.state.players)))
    wait_until(lambda: notices(visitor) == [], "connected again", limit_s=20, every_s=0.5)


def test_an_expired_access_token_is_refreshed_without_anybody_noticing(
    visitor: Visitor, sandbox: SandboxServer
) -> None:
    visitor.page("/vault")
    sandbox.app.state.expire_tokens()
    assert notices(visitor) == []


@pytest.mark.parametrize("has_redis", [True, False], ids=["of two processes", "of one without Redis"])
def test_twenty_tabs_cost_one_profile_call(
    new_site: NewSite, settings: Settings, sandbox: SandboxServer, has_redis: bool
) -> None:
    """Nothing of the player is remembered, and Bungie takes its time: the tabs all wait for the same answer."""
    patient = replace(settings, profile_ttl_s=30)
    sites = [new_site(patient), new_site(patient)] if has_redis else [new_site(without_redis(patient))]
    cookie = signed_in_without_a_vault(sites[0], sandbox).get_cookie("vault_raider")
    assert cookie
    sandbox.app.state.faults.set(latency_s={"*Profile*": 1.5})
    sandbox.app.state.requests.clear()

    def tab(number: int) -> int:
        mine = sites[number % len(sites)].test_client()
        mine.set_cookie("vault_raider", cookie.value)
        return mine.get("/vault").status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(tab, range(20))) == {200}
    assert sandbox.app.state.requests.counts["profile"] == 1


def test_without_definitions_everything_is_shown_by_number(
    live_server: str, sandbox: SandboxServer, redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    visitor = Visitor(live_server)
    visitor.sign_in(next(iter(sandbox.app.state.players)))
    assert notices(visitor) == ["manifest-missing"]
    assert sum(visitor.tiles("/vault").values()) > 50


@pytest.fixture
def app_without_redis(new_site: NewSite, settings: Settings) -> Flask:
    """A site whose Redis refuses every connection."""
    return new_site(without_redis(settings))


def without_redis(settings: Settings) -> Settings:
    away = "redis://127.0.0.1:9/0"
    return replace(settings, redis_url=away, celery_broker_url=away, celery_result_backend=away)


def test_without_redis_the_whole_journey_still_works(app_without_redis: Flask, sandbox: SandboxServer) -> None:
    client = app_without_redis.test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"] == {"database": "ok", "redis": "unavailable", "manifest": "unavailable"}
    assert client.get("/").status_code == 200
    client = signed_in_without_a_vault(app_without_redis, sandbox)
    began = time.monotonic()
    answer = client.get("/vault")
    assert answer.status_code == 200
    assert b'data-notice="manifest-missing"' in answer.data
    assert b"data-item-hash" in answer.data
    assert client.get("/vault").status_code == 200
    assert time.monotonic() - began < 5


def test_without_a_database_public_pages_stand_and_ready_says_which_part(
    new_site: NewSite, settings: Settings, tmp_path: Path
) -> None:
    broken = new_site(replace(settings, database_url=f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3"))
    client = broken.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200
    assert client.get("/readyz").get_json()["checks"]["database"] == "unavailable"
    with client.session_transaction() as session:
        session["_user_id"] = "some token"
    answer = client.get("/vault")
    assert answer.status_code == 503
    assert b'data-notice="stale"' in answer.data
    assert client.get("/login").status_code == 200


def test_an_emptied_redis_heals_with_the_next_page_instead_of_the_next_beat(
    visitor: Visitor, celery_worker: Path, redis_url: str
) -> None:
    before = visitor.tiles("/vault")
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    assert notices(visitor) == ["manifest-missing"]
    assert visitor.tiles("/vault") == before
    wait_until(lambda: notices(visitor) == [], "a page has asked for definitions", limit_s=30, every_s=0.5)


def test_a_silent_redis_holds_a_page_for_less_than_a_second(
    new_site: NewSite, settings: Settings, sandbox: SandboxServer
) -> None:
    with raw_server(lambda _connection: time.sleep(20)) as (address, _):
        silent = address.replace("http://", "redis://") + "/0"
        app = new_site(replace(settings, redis_url=silent, celery_broker_url=silent, celery_result_backend=silent))
        client = signed_in_without_a_vault(app, sandbox)
        client.get("/vault")
        began = time.monotonic()
        assert client.get("/").status_code == 200
        front_s = time.monotonic() - began
        assert client.get("/vault").status_code == 200
        assert time.monotonic() - began < 6
        assert front_s < 2
