"""Redis refuses, hangs, is emptied or full: pages keep their pace and every name, say so, and recover by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import pytest
import redis
import requests
from flask import Flask

from app import create_app
from app.sandbox import SandboxServer
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite
from tests.fixtures.stoppable_redis import StoppableRedis
from tests.fixtures.waiting import wait_until
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


@dataclass
class Seen:
    """One page: how long it took, the names on its tiles, its notices."""

    took_s: float
    names: list[str]
    notices: list[str]


def look(visitor: Visitor, path: str = "/vault") -> Seen:
    began = time.perf_counter()
    answer = visitor.get(path)
    took_s = time.perf_counter() - began
    assert answer.status_code == 200, (path, answer.status_code)
    page = soup(answer)
    names = sorted(tile.get_text(" ", strip=True) for tile in page.select("[data-item-hash]"))
    return Seen(took_s, names, [str(each["data-notice"]) for each in page.select("[data-notice]")])


def own_pages(visitor: Visitor) -> list[str]:
    overview = visitor.page("/characters")
    character = overview.select("[data-character]")[0]["data-character"]
    return ["/vault", "/characters", f"/characters/{character}", "/account", "/"]


def refuse(server: StoppableRedis) -> None:
    server.kill()


def hang(server: StoppableRedis) -> None:
    server.freeze()


def empty(server: StoppableRedis) -> None:
    server.empty()


def end(server: StoppableRedis, services: Services) -> None:
    """What people do: they start Redis again; the next refresh is the worker's."""
    server.thaw()
    try:
        server.client().ping()
    except redis.ConnectionError:
        server.start()
    services.manifest.refresh("test")


TROUBLES: list[Callable[[StoppableRedis], None]] = [refuse, hang, empty]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["refused", "hung", "emptied"])
def test_pages_keep_their_pace_and_every_name_and_recover_without_a_restart(
    visitor: Visitor, server: StoppableRedis, kept: Services, trouble: Callable[[StoppableRedis], None]
) -> None:
    paths = own_pages(visitor)
    before = {path: [look(visitor, path) for _ in range(3)][-1] for path in paths}
    assert all(each.notices == [] for each in before.values())
    trouble(server)
    for path in [*paths, *paths]:
        seen = look(visitor, path)
        assert seen.names == before[path].names
        assert seen.notices == ([] if path in {"/", "/account"} else ["manifest-missing"])
        assert seen.took_s < before[path].took_s + MOST_ADDED_S, path
    end(server, kept)
    wait_until(lambda: look(visitor).notices == [], "the page is healthy again", limit_s=30, every_s=0.2)
    assert look(visitor).names == before["/vault"].names  # and nobody had to sign in again


@pytest.mark.parametrize("trouble", TROUBLES, ids=["refused", "hung", "emptied"])
def test_a_process_that_starts_in_the_trouble_names_everything_too(
    visitor: Visitor, server: StoppableRedis, settings: Settings, new_site: NewSite,
    trouble: Callable[[StoppableRedis], None],
) -> None:  # fmt: skip
    """Nothing is remembered there: every name comes from the disk."""
    names = look(visitor).names
    trouble(server)
    page = soup_of(new_site(settings), visitor, "/vault")
    assert sorted(tile.get_text(" ", strip=True) for tile in page.select("[data-item-hash]")) == names
    assert [str(each["data-notice"]) for each in page.select("[data-notice]")] == ["manifest-missing"]


def test_an_emptied_redis_makes_no_process_unready_that_has_the_copy(visitor: Visitor, server: StoppableRedis) -> None:
    server.empty()
    assert visitor.get("/readyz").json()["checks"] == {"database": "ok", "redis": "ok", "manifest": "ok"}
    server.kill()
    ready = visitor.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "ok", "redis": "unavailable", "manifest": "ok"}


def soup_of(app: Flask, visitor: Visitor, path: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A page of another process to which the same cookies come."""
    client = app.test_client()
    for cookie in visitor.session.cookies:
        client.set_cookie(cookie.name, cookie.value or "")
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    made = requests.Response()
    made._content = answer.data
    made.encoding = "utf-8"
    return soup(made)


def test_a_hundred_pages_of_a_hung_redis_are_quick_and_none_fails(visitor: Visitor, server: StoppableRedis) -> None:
    look(visitor)
    server.freeze()

    def tab(_: int) -> float:
        began = time.perf_counter()
        assert visitor.get("/vault").status_code == 200
        return time.perf_counter() - began

    with ThreadPoolExecutor(4) as tabs:
        times = list(tabs.map(tab, range(100)))
    assert quantiles(times, n=20)[18] < 1
    assert max(times) < 2


def test_an_emptied_redis_is_full_again_ten_seconds_after_the_first_page_without_a_download(
    visitor: Visitor, server: StoppableRedis, celery_worker: Path, sandbox: SandboxServer, kept: Services
) -> None:
    wait_until(lambda: not kept.manifest.status().active, "the worker's own first run is over", limit_s=20)
    names = look(visitor).names
    sandbox.app.state.requests.clear()
    server.empty()
    assert look(visitor).names == names
    began = time.monotonic()
    wait_until(lambda: look(visitor).notices == [], f"Redis is filled; see {celery_worker}", limit_s=20, every_s=0.3)
    assert time.monotonic() - began < 10
    assert look(visitor).names == names
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


# --- full ----------------------------------------------------------------------------------------------------------


def test_a_full_redis_changes_no_page(visitor: Visitor, server: StoppableRedis, sandbox: SandboxServer) -> None:
    before = {path: look(visitor, path) for path in own_pages(visitor)}
    with server.client() as client:
        client.config_set("maxmemory", 1)  # nothing can be written any more
    for path, seen in before.items():
        now = look(visitor, path)
        assert (now.names, now.notices) == (seen.names, [])
        assert now.took_s < seen.took_s + MOST_ADDED_S
    fresh = Visitor(visitor.site)
    fresh.sign_in(next(iter(sandbox.app.state.players)))
    assert look(fresh).names == before["/vault"].names


# --- the very first start ------------------------------------------------------------------------------------------


def test_two_hundred_pages_of_a_first_start_without_redis_content_and_bungie_are_never_our_error(
    settings: Settings, sandbox: SandboxServer
) -> None:
    sandbox.app.state.faults.set(maintenance="html503")
    app = create_app(settings)
    with app.app_context():
        use_cases = services_of_current_app()
        token = use_cases.sessions.start(use_cases.staff.create("zavala", PASSWORD, "admin").id)
        report = use_cases.manifest.refresh("start")
        assert report.state == "failed"
    staff, stranger = app.test_client(), app.test_client()
    with staff.session_transaction() as session:
        session["_user_id"] = token
    answers = [
        client.get(path).status_code
        for client in (staff, stranger)
        for path in ("/", "/login", "/vault", "/characters", "/account", "/admin/manifest", "/updateManifest",
                     "/items/1", "/readyz", "/healthz")
        for _ in range(10)
    ]  # fmt: skip
    assert len(answers) == 200
    assert 500 not in answers
    assert staff.get("/").status_code == stranger.get("/").status_code == 200
    assert stranger.get("/readyz").get_json()["checks"]["manifest"] == "unavailable"
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
