"""Whatever Bungie's answers say, our own requests go to Bungie's host and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.bungie.client import BungieClient
from app.bungie.errors import BungieError
from app.bungie.http import BungieHttp
from app.sandbox import SandboxServer
from tests.integration.manifest_support import INDEX, Publisher, Served, publisher, rig, small_tables
from tests.raw_server import answer, raw_server
from tests.visitor import Visitor

FOLDER = "/common/destiny2_content/"
# {other} is the host and port of a recorder that must never hear from us.
HOSTILE = [
    "//{other}/x", "///{other}/x", "http://{other}/x", "https://{other}/x", "HTTP://{other}/x", "http:{other}/x",
    "@{other}/x", ":x@{other}" + FOLDER + "x", ".{other}/x", "\\\\{other}/x", "/\\{other}/x", "file:///etc/passwd",
    "ftp://{other}/x", "gopher://{other}/x", FOLDER + "../../{other}", FOLDER + "//{other}/x",
    FOLDER + "%2e%2e/%2e%2e/x", FOLDER + "x?next=http://{other}/", FOLDER + "x#@{other}/", "[::1]:{port}/x",
    " http://{other}/x", "\thttp://{other}/x", FOLDER + "x\r\nHost: {other}", FOLDER + "\u2025/x", "/Platform/User/",
    "http://2130706433:{port}/x", "http://[::ffff:127.0.0.1]:{port}/x",
]  # fmt: skip


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def other() -> Iterator[Publisher]:
    """A host that is not Bungie's. It would answer."""
    with publisher() as recorder:
        yield recorder


def filled(text: str, other: Publisher) -> str:
    host = other.url.removeprefix("http://")
    return text.replace("{other}", host).replace("{port}", host.rpartition(":")[2])


@pytest.mark.parametrize("form", ["archive", "components"])
def test_no_path_of_the_index_makes_a_request_leave(
    bungie: Publisher, other: Publisher, redis_url: str, tmp_path: Path, form: str
) -> None:
    rigged = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3")
    assert len(HOSTILE) >= 20
    for hostile in HOSTILE:
        bungie.requests.clear()
        path = filled(hostile, other)
        if form == "archive":
            bungie.index["mobileWorldContentPaths"] = {"en": path}
        else:
            bungie.index["mobileWorldContentPaths"] = {}
            tables = dict.fromkeys(small_tables(), path)
            bungie.index["jsonWorldComponentContentPaths"] = {"en": tables}
        assert rigged.refresh("test").state == "failed", hostile
        assert bungie.requests == [INDEX], hostile
    assert other.requests == []
    rigged.close()


REDIRECTS = ["http://{other}/x", "//{other}/x", "http://{other}" + FOLDER + "x", "https://{other}/x", "\\\\{other}/x",
             "http://127.0.0.1@{other}/x", "http://localhost:{port}/x"]  # fmt: skip


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_makes_a_request_leave(
    bungie: Publisher, other: Publisher, redis_url: str, tmp_path: Path, target: str
) -> None:
    rigged = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3")
    path = bungie.publish(small_tables(), "away")
    bungie.files[path] = Served(b"", 302, {"Location": filled(target, other)})
    assert rigged.refresh("test").state == "failed"
    bungie.files[INDEX] = Served(b"", 302, {"Location": filled(target, other)})
    assert rigged.refresh("test").state == "failed"
    assert other.requests == []
    rigged.close()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_id_of_an_answer_makes_a_players_token_leave(other: Publisher, hostile: str) -> None:
    """A membership id comes from Bungie's answers: even a poisoned one is only ever a piece of a path."""
    membership_id = filled(hostile, other)
    with raw_server(answer(b'{"ErrorCode":1,"Response":{}}')) as (root, heard):
        client = BungieClient(BungieHttp(root, "key", "40000"))
        for call in (client.get_linked_profiles, lambda id_, token: client.get_profile(3, id_, token)):
            try:
                call(membership_id, "a-token")
            except BungieError:
                continue  # an empty answer is no profile
        hosts = [line for head in heard for line in head.split(b"\r\n") if line.lower().startswith(b"host:")]
        assert hosts == [b"Host: " + root.removeprefix("http://").encode()] * len(heard)
        assert len(heard) == 2
        assert all(head.startswith(b"GET /Platform/Destiny2/") for head in heard)
    assert other.requests == []


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_takes_a_players_token_along(other: Publisher, target: str) -> None:
    away = answer(b"", "302 Found", f"Location: {filled(target, other)}")
    with raw_server(away) as (root, heard):
        http = BungieHttp(root, "key", "40000")
        with pytest.raises(BungieError):
            http.call("GET", "/Destiny2/3/Profile/1/", token="a-token")
        http.post_form("/App/OAuth/token/", {"refresh_token": "r"})
        assert len(heard) == 2
    assert other.requests == []


@pytest.mark.usefixtures("definitions")
def test_pages_name_no_host_but_ours_and_bungies(live_server: str, sandbox: SandboxServer) -> None:
    """The demo's hostile items carry icons at evil.invalid and javascript: addresses."""
    visitor = Visitor(live_server)
    player = max(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    visitor.sign_in(player.membership_id)
    overview = visitor.page("/characters")
    characters = [f"/characters/{each['data-character']}" for each in overview.select("[data-character]")]
    seen: set[str] = set()
    for path in ("/", "/vault", "/characters", "/account", *characters):
        seen |= addresses(visitor.page(path))
    assert len(seen) >= 100
    known = ("/", "#", sandbox.url + "/", "https://www.bungie.net/")
    away = [each for each in seen if not each.startswith(known)]
    assert [each for each in seen if each.startswith("//")] + away == []


def addresses(page: BeautifulSoup) -> set[str]:
    return {
        str(element[name])
        for name in ("src", "href", "action", "srcset", "formaction", "poster")
        for element in page.select(f"[{name}]")
    }
