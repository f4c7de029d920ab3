"""A whole day of the site, good and bad, with secrets that can be recognised: where they must not be, none is."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import redis
import requests

from app import create_app
from app.sandbox import SandboxServer, World
from app.wiring import services as services_of_current_app
from config import from_env
from tests.fixtures.canaries import (
    API_KEY,
    CLIENT_SECRET,
    MARK,
    OLD_TOKEN_KEY,
    PASSWORD,
    SECRET_KEY,
    TOKEN_KEY,
    WRONG_PASSWORD,
    Site,
    canary_environ,
    canary_sandbox,
    in_database,
    in_redis,
)
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT
from tests.visitor import Visitor

OURS = {"client secret": CLIENT_SECRET, "api key": API_KEY, "cookie key": SECRET_KEY, "token key": TOKEN_KEY,
        "older token key": OLD_TOKEN_KEY, "password": PASSWORD, "wrong password": WRONG_PASSWORD,
        "code, access or refresh token": f"{MARK}-grant"}  # fmt: skip
AUDITED = ["account connected", "answered", "data exported", "definitions asked for", "limit hit", "password changed",
           "permission lost", "sign-in failed", "signed in", "signed out"]  # fmt: skip
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Seen:
    """What came by on the wire: secrets made at random, by kind, and everything that a browser was sent."""

    secrets: dict[str, set[str]] = field(default_factory=lambda: {"form token": set(), "state": set(), "cookie": set()})
    pages: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def look_at(self, site: str, answer: requests.Response) -> None:
        where = urlsplit(answer.headers.get("Location", ""))
        self.secrets["state"] |= set(parse_qs(where.query).get("state", ()))
        if not answer.url.startswith(site):
            return
        self.secrets["form token"] |= set(CSRF.findall(answer.text))
        self.secrets["cookie"] |= {cookie.value or "" for cookie in answer.cookies}
        self.pages.append(answer.text)
        self.addresses += [answer.url] if "/callback/" not in answer.url else []
        self.headers.append(repr([pair for pair in answer.headers.items() if pair[0] != "Set-Cookie"]))


def leaks(text: str, seen: Seen | None = None) -> list[str]:
    """The kinds of secret that stand in a text, as they are or encoded for an address."""
    both = text + unquote(text)
    found = [kind for kind, secret in OURS.items() if secret in both]
    gathered = seen.secrets.items() if seen else ()
    return found + [kind for kind, values in gathered if any(value in both for value in values if value)]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture
def sandbox(world: World, site_port: int) -> Iterator[SandboxServer]:
    with canary_sandbox(world, site_port) as server:
        yield server


@pytest.fixture
def site(site_environ: dict[str, str], database: Path, tmp_path: Path) -> Iterator[Site]:
    environ = canary_environ(site_environ)
    app = create_app(from_env(environ))
    with app.app_context():
        services_of_current_app().staff.create("zavala", PASSWORD, "admin")
        app.extensions["sqlalchemy"].engine.dispose()
    with Site(environ, tmp_path) as running:
        yield running


def visitor_of(site: Site, seen: Seen) -> Visitor:
    visitor = Visitor(site.url)
    visitor.session.hooks["response"].append(lambda answer, **_: seen.look_at(site.url, answer))
    return visitor


def a_good_day(site: Site, sandbox: SandboxServer, seen: Seen) -> Visitor:
    player = visitor_of(site, seen)
    player.sign_in(next(iter(sandbox.app.state.players)))
    read_everything(player)
    instance = player.page("/vault").select_one("[data-item-id]")
    assert instance is not None
    player.page(f"/items/{instance['data-item-id']}")
    exported = player.submit(player.get("/account"), "/account/export")
    assert exported.status_code == 200
    sandbox.app.state.expire_tokens()
    player.page("/vault")
    return player


def read_everything(visitor: Visitor) -> None:
    """Every address that needs no id, whoever may see it, and one that does not exist."""
    routes = json.loads((ROOT / "tests" / "contracts" / "routes.json").read_text())
    paths = {row["path"] for row in routes if "GET" in row["methods"] and "<" not in row["path"]}
    assert len(paths) > 10
    for path in [*sorted(paths - {"/callback/bungie"}), "/nowhere"]:
        visitor.get(path)


def begun(site: Site, seen: Seen) -> tuple[Visitor, str]:
    """Somebody on the way to Bungie, and the state of the attempt."""
    guest = visitor_of(site, seen)
    picker = guest.submit(guest.get("/"), "/login/bungie")
    return guest, parse_qs(urlsplit(picker.url).query)["state"][0]


def a_bad_day(site: Site, sandbox: SandboxServer, player: Visitor, seen: Seen) -> None:
    token_trouble = {"status_502_html": "*OAuth/token*"}
    for fault in (token_trouble, {"maintenance": "api"}, {"broken_json": "*"}, {"reset": "*"}):
        guest, state = begun(site, seen)
        sandbox.app.state.faults.set(**fault)
        sandbox.app.state.expire_tokens()
        player.get("/vault")
        guest.get(f"/callback/bungie?code={sandbox.app.state.grants.new_code('1')}&state={state}")
        sandbox.app.state.faults.clear()
    guest, state = begun(site, seen)
    guest.get(f"/callback/bungie?code={MARK}-grant-made-up&state={state}")
    guest.get(f"/callback/bungie?code={MARK}-grant-made-up&state={MARK}-grant-state")
    guest.sign_in_staff("zavala", WRONG_PASSWORD)
    guest.sign_in_staff("nobody", WRONG_PASSWORD)
    guest.session.post(site.url + "/login", data={"name": "zavala", "password": PASSWORD}, timeout=10)
    sandbox.app.state.revoke_grants()
    sandbox.app.state.expire_tokens()
    # Trouble is remembered for some seconds, in which Bungie is not asked.
    wait_until(lambda: 'data-notice="reconnect"' in player.get("/vault").text, "the grant is lost", 30, every_s=1)


def break_the_database(database: Path, site: Site, player: Visitor) -> None:
    """A row that cannot be read is a mistake of ours (500); tables that are gone are a database in trouble (503)."""
    with sqlite3.connect(database, timeout=10) as rows:
        rows.execute("UPDATE login_sessions SET seen_at = 'no time at all'")
    rows.close()
    assert player.get("/vault").status_code == 500
    with sqlite3.connect(database, timeout=10) as rows:
        rows.execute("ALTER TABLE users RENAME TO users_away")
    rows.close()
    visitor = Visitor(site.url)
    tries = [visitor.sign_in_staff("zavala", PASSWORD).status_code for _ in range(12)]
    assert (tries[0], tries[-1]) == (503, 429)


def act(site: Site, sandbox: SandboxServer, seen: Seen) -> None:
    admin = visitor_of(site, seen)
    assert admin.sign_in_staff("zavala", PASSWORD).status_code == 200
    read_everything(admin)
    assert admin.submit(admin.get("/updateManifest"), "/updateManifest").status_code == 202
    new = WRONG_PASSWORD + " at first"
    changed = admin.submit(admin.get("/account/password"), "/account/password", current=PASSWORD, new=new)
    assert changed.status_code == 200
    leaver = visitor_of(site, seen)
    leaver.sign_in(list(sandbox.app.state.players)[1])
    assert leaver.sign_out().status_code == 200


def queued(redis_url: str) -> list[dict[str, object]]:
    """The arguments of the tasks that wait: positional ones, and the named ones as a mapping."""
    with redis.Redis.from_url(redis_url) as client:
        bodies = [json.loads(each)["body"] for each in client.lrange("vault_raider", 0, -1)]
    return [dict(json.loads(base64.b64decode(body))[1]) for body in bodies]


def lines_of(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_twelve_secrets_are_nowhere_after_a_good_and_a_bad_day(
    site: Site, sandbox: SandboxServer, database: Path, redis_url: str, seen: Seen
) -> None:
    player = a_good_day(site, sandbox, seen)
    a_bad_day(site, sandbox, player, seen)
    site.stop("worker")
    act(site, sandbox, seen)
    tasks = queued(redis_url)
    assert tasks
    assert all(set(task) <= {"trigger", "run_id"} for task in tasks)
    for place in (in_redis(redis_url), in_database(f"sqlite:///{database}")):
        assert len(place) > 10_000
        assert leaks(place, seen) == []
    break_the_database(database, site, player)
    for name in ("web", "worker", "beat"):
        written = site.log(name).read_text()
        assert len(written) > 100, name
        assert leaks(written, seen) == [], name
    assert all(len(values) >= 3 for values in seen.secrets.values()), "the visitor has gathered nothing to look for"
    assert leaks("\n".join([*seen.pages, *seen.headers, *seen.addresses])) == []
    _the_log_tells_the_day(lines_of(site.log("web")))


def _the_log_tells_the_day(lines: list[dict[str, object]]) -> None:
    """The other side: a log in which nothing stands would hide every secret."""
    events = " ".join(str(line["event"]) for line in lines)
    for expected in ("a refresh failed", "unhandled error", "the database does not answer", "code=***"):
        assert expected in events, expected
    told = {str(line["event"]): line for line in lines if line["event"] in AUDITED}
    assert sorted(told) == sorted(AUDITED)
    for line in told.values():
        assert re.fullmatch(r"[0-9a-f]{16}", str(line["request_id"])), line
        assert str(line["time"]).endswith("+00:00")


def test_the_search_finds_what_is_there(seen: Seen) -> None:
    for secret in OURS.values():
        assert leaks(f"before {secret} after")
    assert leaks(f"?x={API_KEY.replace('-', '%2D')}")
    assert leaks("a state", Seen({"state": {"a state"}})) == ["state"]
