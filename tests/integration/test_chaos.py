"""Everything that can be killed is killed at random while players browse and move: nothing is lost, and all heals."""

from __future__ import annotations

import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from app.cli.demo.ports import free_port
from app.extensions import db
from app.models import BungieAccount
from app.sandbox import SandboxOptions, World, create_sandbox
from app.sandbox.app import Sandbox
from app.sandbox.player import Player
from tests.fixtures.stoppable_redis import StoppableRedis
from tests.fixtures.waiting import wait_until
from tests.integration.move_shapes import belongings, locks
from tests.integration.test_move_crowd import clone
from tests.shared import ROOT
from tests.visitor import Visitor, listed_items, soup

_PLAYERS = 3
_ROUNDS = 3  # how often each part is killed
_HEALS_WITHIN_S = 90  # 60 are wanted, and kept on a machine that runs nothing else meanwhile
_CELERY = ("-m", "celery", "-A", "celery_worker.celery")
# As in the Procfile.
_PROCESSES = {
    "web": ("-m", "gunicorn", "--config", "python:app.web.server", "app:create_app()"),
    "worker": (*_CELERY, "worker", "--loglevel", "info", "--concurrency", "2"),
    "beat": (*_CELERY, "beat", "--loglevel", "info", "--pidfile="),
}
_TITAN, _VAULT = "2305843009000000100", "vault"
_ENDED = {"done", "partly", "failed", "cancelled"}


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Bungie:
    """A stand-in whose server can be killed and comes back with the same world; what was being answered is cut off."""

    def __init__(self, app: Sandbox) -> None:
        self.app, self._port = app, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        self.app.state.faults.clear()
        self._server = make_server("127.0.0.1", self._port, self.app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def kill(self) -> None:
        self.app.state.faults.set(reset="*")
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def come_back_without_tokens(self) -> None:
        """Everybody's has ended, and for a while none is renewed."""
        self.app.state.expire_tokens()
        self.start()
        self.app.state.faults.set(status_502_html="*OAuth/token*")
        time.sleep(5)
        self.app.state.faults.clear()


class Site:
    """The site's own processes, each the head of a group."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._environ, self._folder = {**os.environ, **environ}, folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for name in _PROCESSES:
            self.start(name)

    def start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *_PROCESSES[name]],
                cwd=ROOT, env=self._environ, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """The whole group, as a machine that goes down."""
        process = self._running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def kill_a_web_worker(self) -> None:
        """One of those that answer; the others go on, and a new one takes its place."""
        head = self._running["web"].pid
        workers = Path(f"/proc/{head}/task/{head}/children").read_text().split()
        for pid in workers[:1]:
            os.kill(int(pid), signal.SIGKILL)

    def end(self) -> None:
        for name in self._running:
            self.kill(name)

    def log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(errors="replace")


@dataclass
class Traveller:
    """Somebody with a browser. `ordered`: by item, where it was to go and the page of the move.

    `unexplained` are pages that were not there and did not say why.
    """

    visitor: Visitor
    player: Player
    dice: random.Random
    statuses: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0
    unexplained: list[str] = field(default_factory=list)
    ordered: dict[str, tuple[str, str]] = field(default_factory=dict)

    def travel(self, stop: threading.Event) -> None:
        wishes = self._wishes()
        while not stop.wait(self.dice.uniform(0.2, 0.6)):
            if self.dice.random() < 0.3 and wishes:
                self._order(*wishes.pop(), stop)
            else:
                self._ask(lambda: self.visitor.get(self.dice.choice(self._paths())))

    def _wishes(self) -> list[tuple[str, str, str]]:
        """Each copy is moved once, so that afterwards there is no doubt about where it belongs."""
        wishes = [
            (each["itemInstanceId"], _TITAN, _VAULT)
            for each in self.player.carried(_TITAN)
            if "itemInstanceId" in each and not each["transferStatus"] and each["bucketHash"] in _GEAR
        ]
        self.dice.shuffle(wishes)
        return wishes

    def _paths(self) -> list[str]:
        return [
            "/vault",
            "/characters",
            f"/characters/{_TITAN}",
            "/moves",
            "/database?q=ace",
            "/loadouts",
            "/organizer",
        ]

    def _order(self, item: str, source: str, target: str, stop: threading.Event) -> None:
        """Sends the same form until there is an answer, as people do."""
        form = {"item": item, "from": source, "to": target, "quantity": "1", "equip": "0", "key": secrets.token_hex(8)}
        for _ in range(20):
            page = self._ask(lambda: self.visitor.get("/account"))
            token = soup(page).select_one("input[name=csrf_token]") if page is not None else None
            if token:
                sent = form | {"csrf_token": str(token["value"])}
                answer = self._ask(lambda sent=sent: self.visitor.session.post(  # type: ignore[misc]
                    self.visitor.site + "/moves", sent, timeout=40, allow_redirects=False))  # fmt: skip
                if answer is not None and answer.status_code == 303:
                    self.ordered[item] = target, answer.headers["Location"]
                    return
            if stop.wait(1):
                return

    def _ask(self, ask: Callable[[], requests.Response]) -> requests.Response | None:
        try:
            answer = ask()
        except requests.RequestException:  # whoever was answering has been killed
            self.cut_off += 1
            return None
        self.statuses[answer.status_code] += 1
        if answer.status_code == 503 and "data-notice" not in answer.text:
            self.unexplained.append(answer.url)
        return answer

    def state(self, where: str) -> str:
        found = soup(self.visitor.get(where)).select_one("[data-move]")
        return str(found["data-state"]) if found else ""

    def is_well(self) -> bool:
        answer = self.visitor.get("/vault", allow_redirects=False)
        return answer.status_code == 200 and not soup(answer).select("[data-notice]")

    def misplaced(self) -> list[str]:
        """Copies that were told to be moved and lie elsewhere."""
        found = {
            item: self.player.find(item) for item, (_, where) in self.ordered.items() if self.state(where) == "done"
        }
        return [item for item, place in found.items() if place is None or place[0].character_id]


_GEAR = {1498876634, 2465295065, 953998645, 3448274439, 3551918588, 14239492, 20886954, 1585787867}


@pytest.fixture
def world(world: World) -> World:
    first = world.accounts[0]
    return replace(world, name="chaos", accounts=(first, *(clone(first, number) for number in range(1, _PLAYERS))))


@pytest.fixture
def sandbox(world: World, site_port: int) -> Iterator[Bungie]:
    options = SandboxOptions(redirect_uri=f"http://127.0.0.1:{site_port}/callback/bungie")
    bungie = Bungie(create_sandbox(world, options))
    yield bungie
    bungie.kill()
    bungie.app.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StoppableRedis]:
    made = StoppableRedis(tmp_path)
    yield made
    made.kill()


@pytest.fixture
def redis_url(server: StoppableRedis) -> str:
    return server.url


@pytest.fixture
def site_environ(site_environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**site_environ, "DEFINITIONS_DIR": str(tmp_path / "definitions"), "PROFILE_TTL_S": "10"}


@pytest.fixture
def site(site_environ: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    made = Site(site_environ, tmp_path)
    yield made
    made.end()


@pytest.fixture
def travellers(site: Site, site_port: int, sandbox: Bungie) -> list[Traveller]:
    address = f"http://127.0.0.1:{site_port}"

    def is_ready() -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{address}/readyz", timeout=10).status_code == 200
        return False

    wait_until(is_ready, "the site has definitions", limit_s=120, every_s=0.3)
    made = []
    for number, player in enumerate(list(sandbox.app.state.players.values())[:_PLAYERS]):
        made.append(Traveller(Visitor(address), player, random.Random(number)))
        made[-1].visitor.sign_in(player.membership_id)
    return made


def test_a_minute_of_killing_loses_nothing_and_heals_by_itself(
    travellers: list[Traveller], site: Site, sandbox: Bungie, server: StoppableRedis, app: Flask
) -> None:
    before = [(belongings(each.player), locks(each.player)) for each in travellers]
    last_kill = kill_at_random(travellers, site, sandbox, server)

    def has_healed() -> bool:
        ended = all(each.state(where) in _ENDED for each in travellers for _, where in each.ordered.values())
        return ended and all(each.is_well() for each in travellers)

    wait_until(has_healed, "all is well and every move has ended", limit_s=_HEALS_WITHIN_S, every_s=0.5)
    healed_s = time.monotonic() - last_kill
    ordered = [(each, where) for each in travellers for _, where in each.ordered.values()]
    done = sum(each.state(where) == "done" for each, where in ordered)
    statuses = sum((each.statuses for each in travellers), Counter())
    cut_off = sum(each.cut_off for each in travellers)
    print(f"answers {dict(statuses)}, cut off {cut_off}; {done} of {len(ordered)} moves; healed in {healed_s:.0f} s")
    assert healed_s < _HEALS_WITHIN_S
    assert set(statuses) <= {200, 303, 503}
    assert [each.unexplained for each in travellers] == [[]] * _PLAYERS
    assert "unhandled error" not in site.log("web")
    assert done >= _PLAYERS
    assert [(belongings(each.player), locks(each.player)) for each in travellers] == before
    assert [each.misplaced() for each in travellers] == [[]] * _PLAYERS
    for each in travellers:
        wait_until(lambda each=each: shows_what_is(each), "pages show the world as it is", limit_s=30, every_s=1)  # type: ignore[misc]
        assert each.visitor.get("/account", allow_redirects=False).status_code == 200
    with app.app_context():
        rows = db.session.scalars(select(BungieAccount)).all()
        assert [(row.needs_reconnect, bool(row.refresh_token)) for row in rows] == [(False, True)] * _PLAYERS


def kill_at_random(travellers: list[Traveller], site: Site, sandbox: Bungie, server: StoppableRedis) -> float:
    """Every part `_ROUNDS` times, in any order, each up again after a moment; when the last one was killed.

    That is Bungie, and everybody's tokens end with it. No other process may die while a token is being renewed: Bungie
    takes a token for that once, and what is lost on the way then is lost for good.
    """
    dice, stop = random.Random(), threading.Event()
    ways: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (server.kill, server.start),
        (sandbox.kill, sandbox.start),
        (lambda: site.kill("worker"), lambda: site.start("worker")),
        (site.kill_a_web_worker, lambda: None),
    ]
    ways = ways * _ROUNDS + [(lambda: site.kill("beat"), lambda: site.start("beat"))]
    dice.shuffle(ways)
    ways.append((sandbox.kill, sandbox.come_back_without_tokens))
    threads = [threading.Thread(target=each.travel, args=(stop,)) for each in travellers]
    for thread in threads:
        thread.start()
    try:
        for kill, start_again in ways:
            time.sleep(dice.uniform(0.5, 3))
            kill()
            last_kill = time.monotonic()
            time.sleep(dice.uniform(0.2, 2.5))
            start_again()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
    return last_kill


def shows_what_is(traveller: Traveller) -> bool:
    return traveller.visitor.everything() == listed_items(traveller.player.components)
