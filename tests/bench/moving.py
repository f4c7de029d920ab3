"""Figures of moves that are carried out, on a stand-in Bungie with a delay: what we add to the game's own time."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis
import requests
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from app import create_app, wiring
from app.bungie.breaker import Breaker
from app.bungie.gate import Gate
from app.bungie.http import BungieHttp
from app.cli.demo.ports import answers_http, free_port
from app.extensions import db
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.models import Base, BungieAccount
from app.sandbox import demo_world
from app.sandbox.player import Player
from app.services.budget import RequestBudget
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.web.server import settle_memory
from app.wiring import services
from config import from_env
from tests.bench.figure import Figure, against
from tests.fixtures.waiting import wait_until
from tests.integration.move_shapes import HUNTER, KINETIC, TITAN

_DELAY_S = 0.05
_ROUNDS = 20
_WARMING = 4
_ITEMS = 9
_PACE_S = 0.1
_MOST_OURS_MS = 20
_SCRIPT = {"HX-Request": "true"}


class TimedHttp(BungieHttp):
    """The real door to Bungie with its budget of requests; adds up how long answers took."""

    waited_s = 0.0
    actions = 0

    def _send(self, method: str, path: str, *more: Any, **named: Any) -> tuple[int, bytes]:
        began = time.perf_counter()
        try:
            return super()._send(method, path, *more, **named)
        finally:
            self.waited_s += time.perf_counter() - began
            self.actions += "/Actions/" in path

    def forget(self) -> None:
        self.waited_s, self.actions = 0.0, 0


class Site:
    """A site on a sandbox, with one player who is signed in."""

    def __init__(self, bungie_url: str, redis_url: str, folder: Path) -> None:
        environ = {
            "FLASK_CONFIG": "testing", "SECRET_KEY": "bench", "TOKEN_KEYS": Fernet.generate_key().decode(),
            "DATABASE_URL": f"sqlite:///{folder}/moving.sqlite3", "REDIS_URL": redis_url, "BUNGIE_ROOT": bungie_url,
            "BUNGIE_API_KEY": "sandbox-key", "BUNGIE_CLIENT_ID": "40000", "BUNGIE_CLIENT_SECRET": "sandbox-secret",
            "DEFINITIONS_DIR": str(folder / "moving"),
        }  # fmt: skip
        settings = from_env(environ)
        gate = Gate(Breaker(), RequestBudget(redis.Redis.from_url(redis_url), settings.bungie.requests_per_s))
        self.http = TimedHttp(bungie_url, "sandbox-key", "40000", gate=gate)
        self.app = create_app(settings)
        wiring.init_app(self.app, settings, wiring.Hooks(str, lambda: None, http=self.http))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.player = Player(demo_world().accounts[0])
        self.client, self.viewer = _signed_in(self.app, bungie_url, self.player)
        self.keys = iter(range(10**6))

    def move_ms(self, item: dict[str, Any], source: str, target: str, headers: dict[str, str]) -> float:
        """How long our answer took beyond what Bungie took; the pace of the move before is over."""
        time.sleep(2 * _PACE_S)
        self.http.forget()
        form = {"item": item["itemInstanceId"], "from": source, "to": target, "key": f"bench-{next(self.keys):08}"}
        began = time.perf_counter()
        answer = self.client.post("/moves", data=form, headers=headers)
        took = time.perf_counter() - began
        assert answer.status_code == (200 if headers else 303), answer.text[:300]
        assert self.http.actions == 1
        return (took - self.http.waited_s) * 1000


def run(redis_url: str, folder: Path) -> list[Figure]:
    """Needs a Redis database of its own. Times are milliseconds."""
    with sandbox(folder) as bungie_url:
        site = Site(bungie_url, redis_url, folder)
        answers = _answers(site)
        with site.app.app_context():
            return [*answers, _nine(site)]


def _answers(site: Site) -> list[Figure]:
    """As a server answers: every request by itself, with nothing of the one before at hand."""
    item = next(each for each in site.player.carried(TITAN) if each["bucketHash"] == KINETIC)
    ends, figures = [TITAN, VAULT_STORE], []
    for round_, (words, headers) in enumerate((("page", {}), ("script", _SCRIPT))):
        took = []
        for _ in range(_ROUNDS + _WARMING):
            took.append(site.move_ms(item, *ends, headers))
            ends.reverse()
            if not round_ and len(took) == _WARMING:
                settle_memory()
        took = took[_WARMING:]
        note = f"Bungie takes {_DELAY_S * 1000:.0f} ms; at most {_MOST_OURS_MS} wanted; fastest {min(took):.1f}"
        figures.append(
            Figure(f"a move's answer to a {words}, beyond Bungie's own time", statistics.median(took), "ms", note=note)
        )
    return figures


def _nine(site: Site) -> Figure:
    """Nine items from one character to another: eighteen requests, with the game's pause after each but the last."""
    wishes = (
        Wish(each["itemHash"], each["itemInstanceId"], TITAN, HUNTER)
        for each in site.player.carried(TITAN)
        if "itemInstanceId" in each
    )
    direct = [wish for wish in wishes if len(services().moves.preview(site.viewer, wish).steps) == 2][:_ITEMS]
    time.sleep(2 * _PACE_S)
    site.http.forget()
    began = time.perf_counter()
    report = services().moves.order(site.viewer, "nine-at-once", [MoveRequest(wish) for wish in direct])
    took = time.perf_counter() - began
    assert report.state == "done", report
    needed = site.http.waited_s + _PACE_S * (site.http.actions - 1)
    return against(
        "9 items between characters; floor: pauses and Bungie's times", took * 1000, "ms", needed * 1000,
        f"{site.http.actions} requests; at most 1.05 wanted",
    )  # fmt: skip


@contextmanager
def sandbox(folder: Path) -> Iterator[str]:
    """The demo's world in a process of its own, as Bungie.net is: what it computes takes no time from ours."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "app.sandbox", "--port", str(port)]
    with (folder / "sandbox.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_until(lambda: answers_http(url), "the sandbox answers", limit_s=60)
            slow = {"latency_s": {"*/Actions/*": _DELAY_S}}
            requests.post(f"{url}/_sandbox/faults", json=slow, timeout=10).raise_for_status()
            yield url
        finally:
            process.terminate()


def _signed_in(app: Flask, bungie_url: str, player: Player) -> tuple[FlaskClient, Viewer]:
    with app.app_context():
        Base.metadata.create_all(db.engine)
        services().manifest.refresh("bench")
        user_id = services().accounts.connect(_code(bungie_url, player))
        token, account = services().sessions.start(user_id), db.session.query(BungieAccount).one()
        viewer = Viewer(user_id, 1, "player", "", account.id, player.membership_id, player.membership_type)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client, viewer


def _code(bungie_url: str, player: Player) -> str:
    """What Bungie gives the site once the player has agreed."""
    choice = {"account": player.membership_id, "redirect": bungie_url}
    page = f"{bungie_url}/en/OAuth/Authorize"
    answer = requests.post(page, data=choice, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
