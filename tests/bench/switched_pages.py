"""Whole pages while the definitions switch a hundred times: the server as in production, eight browsers, recorded data.

Each of them asks for a page every 0.4 seconds and they begin one after the other, so that a page has the processor to
itself and what slows it down is the switch, not the queue. The floor is the same minute without a switch. Versions are
laid out beforehand, so that a switch is its one pointer and nothing else is measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import redis
import requests
from flask import Flask

from app.cli.demo.ports import free_port
from app.extensions import limiter
from app.manifest.store import DefinitionStore
from app.manifest.versions import VersionInfo, pack, pointer_key
from app.services.later import Later
from tests.bench.figure import Figure, against
from tests.bench.vault import Bench, largest, settings_of, site
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT

_SWITCHES = 100
_ROUNDS = 4
_BETWEEN_S = 0.3
_BROWSERS = 8
_EVERY_S = 0.4
_WARM_S = 8.0
_VERSIONS = 4
_PROFILE_TTL_S = 3600
_WORLD, _REDIS, _FOLDER = "BENCH_WORLD", "BENCH_REDIS_URL", "BENCH_FOLDER"


def create_app() -> Flask:
    """What gunicorn serves: the site of a player whose profile is known already."""
    profile = largest(Path(os.environ[_WORLD]))
    folder = Path(os.environ[_FOLDER])
    settings = settings_of(profile.parent.name, os.environ[_REDIS], folder, _PROFILE_TTL_S)
    limiter.enabled = False  # eight browsers of one person ask more often than one person may
    return site(settings, profile.read_bytes(), Later())[0]


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """With the world's definitions in English that are in Redis; they are still in use afterwards."""
    profile = largest(world)
    own = folder / "switched-pages"
    own.mkdir()
    bench = Bench(profile.read_bytes(), profile.parent.name, redis_url, own, _PROFILE_TTL_S)
    cookie = bench.client.get_cookie("vault_raider")
    assert cookie
    with redis.Redis.from_url(redis_url) as client, _served(world, redis_url, own) as address:
        before = client.get(pointer_key("en"))
        versions = _laid_out(client)
        _times(address, cookie.value, lambda: time.sleep(_WARM_S))  # the first pages fill every worker's caches
        calm, busy = list[float](), list[float]()
        for _ in range(_ROUNDS):  # by turns, so that whatever else the machine does counts for both
            calm += _times(address, cookie.value, lambda: time.sleep(_SWITCHES * _BETWEEN_S / _ROUNDS))
            busy += _times(address, cookie.value, lambda: _switch(client, versions))
        client.set(pointer_key("en"), before)
    return [_figure("median", busy, calm), _figure("slowest 1 %", busy, calm), _figure("slowest", busy, calm)]


def _figure(name: str, busy: list[float], calm: list[float]) -> Figure:
    value, floor, usual = _of(name, busy), _of(name, calm), statistics.median(calm)
    note = f"floor: none switching; of the median there {value / usual:.1f} and {floor / usual:.1f} times"
    return against(f"/vault, {_SWITCHES} switches, {_BROWSERS} browsers: {name}", value, "ms", floor, note)


def _of(name: str, times: list[float]) -> float:
    if name == "median":
        return statistics.median(times)
    return max(times) if name == "slowest" else statistics.quantiles(times, n=100)[98]


def _laid_out(client: redis.Redis) -> list[VersionInfo]:
    info = DefinitionStore(client).current("en")
    assert info
    versions = [replace(info, id=f"{info.digest}-bench{number}") for number in range(_VERSIONS)]
    for version in versions:
        for source, target in zip(info.keys(info.tables()), version.keys(info.tables()), strict=True):
            client.copy(source, target, replace=True)
    return versions


def _switch(client: redis.Redis, versions: list[VersionInfo]) -> None:
    for number in range(_SWITCHES // _ROUNDS):
        client.set(pointer_key("en"), pack(versions[number % len(versions)]))
        time.sleep(_BETWEEN_S)


def _times(address: str, cookie: str, meanwhile: Callable[[], None]) -> list[float]:
    """Milliseconds of every page that the browsers got meanwhile."""
    times: list[float] = []
    over = threading.Event()

    def browse(first_s: float) -> None:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
        turn = time.perf_counter() + first_s
        while not over.wait(max(0.0, turn - time.perf_counter())):
            times.append(_page_ms(connection, cookie))
            turn = max(turn + _EVERY_S, time.perf_counter())
        connection.close()

    starts = [number * _EVERY_S / _BROWSERS for number in range(_BROWSERS)]
    browsers = [threading.Thread(target=browse, args=(each,)) for each in starts]
    for each in browsers:
        each.start()
    meanwhile()
    over.set()
    for each in browsers:
        each.join()
    return times


def _page_ms(connection: HTTPConnection, cookie: str) -> float:
    """Until its last byte; nothing is unpacked, so that the browsers leave the processors to the server."""
    began = time.perf_counter()
    connection.request("GET", "/vault", headers={"Cookie": f"vault_raider={cookie}", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return (time.perf_counter() - began) * 1000


@contextmanager
def _served(world: Path, redis_url: str, folder: Path) -> Iterator[str]:
    port = free_port()
    environ = {**os.environ, "PORT": str(port), _WORLD: str(world), _REDIS: redis_url, _FOLDER: str(folder)}
    command = ["-m", "gunicorn", "--config", "python:app.web.server", "tests.bench.switched_pages:create_app()"]
    with (folder / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environ, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), "gunicorn answers", limit_s=30)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False
