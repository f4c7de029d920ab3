"""Redis refuses, hangs, is emptied or full: pages keep their pace and every name, say so, and recover by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

import pytest
import redis
import requests
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.sandbox import SandboxServer
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import Settings
from tests.contracts.test_routes import call, rules
from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture
from tests.fixtures.site import NewSite
from tests.fixtures.stoppable_redis import StoppableRedis
from tests.fixtures.waiting import wait_until
from tests.integration.every_page import Look, admin_and_player, every_page, look
from tests.visitor import Visitor, soup

PASSWORD = "a long enough password"
# What trouble may add to a page, in seconds.
MOST_ADDED_S = 0.5


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StoppableRedis]:
    made = StoppableRedis(tmp_path)
    yield made
    made.thaw()
    made.kill()


@pytest.fixture
def redis_url(server: StoppableRedis) -> str:
    return server.url


@pytest.fixture
def site_environ(site_environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**site_environ, "DEFINITIONS_DIR": str(tmp_path / "definitions")}


@pytest.fixture
def kept(definitions: None, services: Services) -> Services:
    """A site whose definitions are in Redis, with the copy on disk that every refresh sees to."""
    assert services.manifest.refresh("test").state == "unchanged"
    return services


@pytest.fixture
def visitor(kept: Services, live_server: str, sandbox: SandboxServer) -> Visitor:
    signed_in = Visitor(live_server)
    signed_in.sign_in(next(iter(sandbox.app.state.players)))
    return signed_in


@pytest.fixture
def everything(app: Flask, kept: Services, sandbox: SandboxServer) -> FlaskClient:
    """A player who is an admin as well: every page is open to them."""
    return admin_and_player(app, next(iter(sandbox.app.state.players.values())), sandbox)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bungie is not asked again meanwhile: what a page waits for here is Redis alone."""
    return replace(settings, profile_ttl_s=900)


def refuse(server: StoppableRedis) -> None:
    server.kill()


def hang(server: StoppableRedis) -> None:
    server.freeze()


def empty(server: StoppableRedis) -> None:
    server.empty()


def fill(server: StoppableRedis) -> None:
    """Nothing can be written any more."""
    with server.client() as client:
        client.config_set("maxmemory", 1)


TROUBLES: dict[str, Callable[[StoppableRedis], None]] = {"refused": refuse, "hung": hang, "emptied": empty}
trouble = pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
# Their content is what Redis knows: they say that it is away.
ABOUT_REDIS = {"/readyz", "/admin/manifest", "/updateManifest"}
# Tiles of the site's own, not of the player's.
SAMPLES = {"/", "/styleguide"}


@pytest.mark.parametrize("begin", [*TROUBLES.values(), fill], ids=[*TROUBLES, "full"])
def test_every_page_keeps_its_pace_and_every_name_says_so_and_recovers_without_a_restart(
    app: Flask, everything: FlaskClient, server: StoppableRedis, kept: Services, begin: Callable[[StoppableRedis], None]
) -> None:
    paths = every_page(app, everything)
    before = {path: [look(everything, path) for _ in range(2)][-1] for path in paths}
    assert sum(seen.status == 200 for seen in before.values()) >= 35
    begin(server)
    is_told = begin is not fill
    for path, normal in before.items():
        seen = look(everything, path)
        if is_told and path in ABOUT_REDIS:
            assert seen.status in {200, 503}, path
        else:
            assert (seen.status, seen.names) == (normal.status, normal.names), path
        if normal.names and path not in SAMPLES:
            assert seen.notices == ("manifest-missing",) * is_told, path
        assert seen.waited_s < normal.waited_s + MOST_ADDED_S, (path, seen.waited_s, normal.waited_s)
    with server_again(server) as client:
        client.config_set("maxmemory", 0)
    kept.manifest.refresh("test")  # what the worker does
    wait_until(lambda: look(everything, "/vault").notices == (), "the page is healthy again", limit_s=30, every_s=0.2)
    assert look(everything, "/vault").names == before["/vault"].names  # and nobody had to sign in again


def kept_things(client: FlaskClient) -> list[str]:
    """A loadout and a move of this player's, with every page of each: addresses that no example can guess."""
    overview = BeautifulSoup(client.get("/characters").text, "lxml")
    character = str(overview.select("[data-character]")[0]["data-character"])
    made = client.post("/loadouts/create", data={"character": character})
    loadout = made.headers["Location"]
    page = BeautifulSoup(client.get(loadout).text, "lxml")
    piece = next(str(link["href"]) for link in page.select("main a[href]") if "/piece" in str(link["href"]))
    (link,) = page.select("input[value*='/loadouts/shared']")
    shared = "/loadouts/" + str(link["value"]).partition("/loadouts/")[2]
    tile = BeautifulSoup(client.get("/vault").text, "lxml").select("[data-store=vault] [data-item-id]")[0]
    item = {"item": str(tile["data-item-id"]), "from": "vault", "to": character, "key": "12345678"}
    batch = client.post("/moves", data=item).headers["Location"]
    return [
        loadout, f"{loadout}/add", f"{loadout}/plan?to={character}", piece, shared, batch,
        f"/loadouts/strongest/{character}", f"/characters/{character}/loadouts",
    ]  # fmt: skip


@trouble
def test_every_page_of_a_players_things_says_so_once(
    app: Flask, everything: FlaskClient, server: StoppableRedis, trouble: Callable[[StoppableRedis], None]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    paths = [*kept_things(everything), "/loadouts", "/moves", "/tags", "/searches", "/wish-lists", "/vendors"]
    assert {path: (look(everything, path).status, look(everything, path).notices) for path in paths} == dict.fromkeys(
        paths, (200, ())
    )
    trouble(server)
    assert {path: look(everything, path).notices for path in paths} == dict.fromkeys(paths, ("manifest-missing",))


def server_again(server: StoppableRedis) -> redis.Redis:
    """What people do: they start Redis again."""
    server.thaw()
    try:
        server.client().ping()
    except redis.ConnectionError:
        server.start()
    return server.client()


@trouble
def test_a_process_that_starts_in_the_trouble_names_everything_too(
    everything: FlaskClient, server: StoppableRedis, settings: Settings, new_site: NewSite,
    trouble: Callable[[StoppableRedis], None],
) -> None:  # fmt: skip
    """Nothing is remembered there: every name comes from the disk."""
    names = look(everything, "/vault").names
    trouble(server)
    seen = look(same_browser(everything, new_site(settings)), "/vault")
    assert (seen.status, seen.names, seen.notices) == (200, names, ("manifest-missing",))


def test_an_emptied_redis_makes_no_process_unready_that_has_the_copy(
    client: FlaskClient, server: StoppableRedis, kept: Services
) -> None:
    server.empty()
    assert client.get("/readyz").get_json()["checks"] == {"database": "ok", "redis": "ok", "manifest": "ok"}
    server.kill()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"] == {"database": "ok", "redis": "unavailable", "manifest": "ok"}


def test_two_hundred_pages_of_a_hung_redis_at_twenty_a_second_are_quick_and_none_fails(
    app: Flask, everything: FlaskClient, server: StoppableRedis
) -> None:
    """What counts is what a page waits for, not what it works: this machine may be busy with other things."""
    look(everything, "/vault")
    server.freeze()

    def tab(number: int) -> Look:
        time.sleep(max(0.0, began + number / 20 - time.monotonic()))
        return look(same_browser(everything, app), "/database/347366834" if number % 2 else "/account")

    began = time.monotonic()
    with ThreadPoolExecutor(8) as tabs:
        seen = list(tabs.map(tab, range(200)))
    assert {each.status for each in seen} == {200}
    assert quantiles([each.waited_s for each in seen], n=20)[18] < 1
    assert max(each.waited_s for each in seen) < 2


def same_browser(client: FlaskClient, site: Flask) -> FlaskClient:
    """What the same cookies see of this process."""
    another, cookie = site.test_client(), client.get_cookie("vault_raider")
    assert cookie
    another.set_cookie("vault_raider", cookie.value)
    return another


def test_an_emptied_redis_is_full_again_ten_seconds_after_the_first_page_without_a_download(
    everything: FlaskClient, server: StoppableRedis, celery_worker: Path, sandbox: SandboxServer, kept: Services
) -> None:
    wait_until(lambda: not kept.manifest.status().active, "the worker's own first run is over", limit_s=20)
    names = look(everything, "/vault").names
    sandbox.app.state.requests.clear()
    server.empty()
    assert look(everything, "/vault").names == names
    began = time.monotonic()
    wait_until(
        lambda: look(everything, "/vault").notices == (),
        f"Redis is filled; see {celery_worker}",
        limit_s=20,
        every_s=0.3,
    )
    assert time.monotonic() - began < 10
    assert look(everything, "/vault").names == names
    assert [path for _, path, _ in sandbox.app.state.requests.recent if "destiny2_content" in path] == []


# --- what staff sees -----------------------------------------------------------------------------------------------


@pytest.fixture
def admin(kept: Services, live_server: str) -> Visitor:
    kept.staff.create("zavala", PASSWORD, "admin")
    visitor = Visitor(live_server)
    assert visitor.sign_in_staff("zavala", PASSWORD).status_code == 200
    return visitor


def test_a_hung_redis_is_a_sentence_within_two_seconds_for_staff(admin: Visitor, server: StoppableRedis) -> None:
    confirm = admin.get("/updateManifest")
    assert confirm.status_code == admin.get("/admin/manifest").status_code == 200
    server.freeze()

    def ask() -> requests.Response:
        return admin.submit(confirm, "/updateManifest")

    for visit in (ask, lambda: admin.get("/admin/manifest"), lambda: admin.get("/updateManifest"), ask):
        began = time.monotonic()
        answer = visit()
        assert time.monotonic() - began < 2
        assert answer.status_code == 503
        assert "not answer" in soup(answer).get_text(" ")


# --- the very first start ------------------------------------------------------------------------------------------


def test_two_hundred_pages_of_a_first_start_without_redis_content_and_bungie_are_never_our_error(
    app: Flask, people: dict[str, FlaskClient], sandbox: SandboxServer
) -> None:
    """Every page there is, as everybody; the one player has connected before and has no page yet."""
    sandbox.app.state.faults.set(maintenance="html503")
    with app.app_context():
        assert services_of_current_app().manifest.refresh("start").state == "failed"
    reading = [rule for rule in rules(app) if "GET" in (rule.methods or ())]
    answers = {
        (who, rule.rule): call(client, rule, "GET").status_code for rule in reading for who, client in people.items()
    }
    assert len(answers) >= 200
    assert {where: status for where, status in answers.items() if status in {500, 502, 504}} == {}
    assert {answers[who, "/"] for who in people} == {200}
    assert answers["player", "/vault"] == 503
    assert app.test_client().get("/readyz").get_json()["checks"]["manifest"] == "unavailable"
