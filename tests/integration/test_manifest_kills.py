"""A refresh that is killed with kill -9, wherever it is: pages go on, the next run heals, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from app.manifest.disk import DiskCopies
from app.manifest.versions import building_key
from config import ManifestSettings
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import INDEX, ITEM, Publisher, Rig, Served, Tables, many_items, publisher, rig
from tests.shared import ROOT

_ITEMS = 1200
# Dies before it sends Redis a word for the n-th time, counted from the switch on if it is told so. Without a word
# whoever serves it kills it.
_WORKER = """
import os, signal, sys
from pathlib import Path
import redis
from config import ManifestSettings
from tests.integration.manifest_support import rig

bungie, redis_url, database, copies, word, turn, since = sys.argv[1:]
send, seen, counts = redis.connection.Connection.send_packed_command, 0, since == "start"

def send_or_die(self, command, check_health=True):
    global seen, counts
    sent = b"".join(command if isinstance(command, list) else [command])
    seen += sent.count(word.encode()) if word and counts else 0
    counts = counts or b"PERSIST" in sent
    if seen >= int(turn):
        os.kill(os.getpid(), signal.SIGKILL)
    send(self, command, check_health)

redis.connection.Connection.send_packed_command = send_or_die
made = rig(bungie, redis_url, Path(database), ManifestSettings(copies_dir=Path(copies)))
made.service.refresh("beat")
"""


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def made(bungie: Publisher, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    """Version "Old" is in use and on disk; a new one is published."""
    settings = ManifestSettings(copies_dir=tmp_path / "definitions")
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", settings)
    bungie.publish(named("Old"), "old")
    assert built.service.refresh("cli").state == "switched"
    yield built
    built.close()


def named(name: str) -> Tables:
    tables = many_items(_ITEMS)
    for each in range(1, _ITEMS + 1):
        tables[ITEM][each]["displayProperties"]["name"] = name
    return tables


def start(
    bungie: Publisher, redis_url: str, tmp_path: Path, word: str = "", turn: int = 1, since: str = "start"
) -> subprocess.Popen[bytes]:
    places = (bungie.url, redis_url, str(tmp_path / "runs.sqlite3"), str(tmp_path / "definitions"))
    command = [sys.executable, "-c", _WORKER, *places, word, str(turn), since]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))


def assert_killed(worker: subprocess.Popen[bytes], made: Rig) -> None:
    assert worker.wait(timeout=30) == -signal.SIGKILL
    for key in made.redis.scan_iter("m:lock*"):
        assert made.redis.pttl(key) > 0
        made.redis.pexpire(key, 1)  # as if the two minutes were over
    wait_until(lambda: made.lock.owner() is None, "the lock ends by itself", limit_s=5)


def seen(made: Rig) -> set[str | None]:
    """The names on a page."""
    found = made.store.resolve("en", {ITEM: range(1, _ITEMS + 1)})
    assert (found.missing, found.degraded) == (False, False)
    return {definition.name if (definition := found.item(each)) else None for each in range(1, _ITEMS + 1)}


def assert_healed(made: Rig, tmp_path: Path, name: str = "New") -> None:
    """The next run has brought the new version, to the disk too, and no key or file of the killed one is left."""
    assert made.service.refresh("beat").state in {"switched", "unchanged"}
    assert seen(made) == {name}
    info = made.store.current("en")
    assert info
    keys = list(made.redis.scan_iter("m:en:*"))
    assert all(made.redis.ttl(key) > 0 for key in keys if key.decode().split(":")[2] != info.id)
    assert len({key.decode().split(":")[2] for key in keys}) <= 2  # the version before is kept for an hour
    assert made.redis.get(building_key("en")) is None
    assert list(made.redis.scan_iter("m:lock*")) == []
    assert DiskCopies(tmp_path / "definitions").info("en") == info
    assert not list((tmp_path / "definitions").glob("*.new"))


STAGES = {
    "before the first record": ("GETSET", 1, "start", "Old"),
    "in the middle of the records": ("HSET", 4, "start", "Old"),
    "right before the switch": ("PERSIST", 1, "start", "Old"),
    "right after the switch": ("HSCAN", 1, "switch", "New"),
    "in the middle of the copy to disk": ("HSCAN", 4, "switch", "New"),
    "before the lock is released": ("call('del'", 1, "switch", "New"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_refresh_that_is_killed_at_this_stage_is_healed_by_the_next(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path, stage: str
) -> None:
    word, turn, since, shown = STAGES[stage]
    bungie.publish(named("New"), "new")
    assert_killed(start(bungie, redis_url, tmp_path, word, turn, since), made)
    assert seen(made) == {shown}
    assert_healed(made, tmp_path)


@pytest.mark.parametrize("file", ["the index", "the download"])
def test_a_refresh_that_is_killed_while_it_waits_for_bungie_is_healed_by_the_next(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path, file: str
) -> None:
    path = bungie.publish(named("New"), "new")
    place = INDEX if file == "the index" else path
    whole, workers = bungie.answer(place), []

    def half_then_kill(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(whole.body)))
        handler.end_headers()
        handler.wfile.write(whole.body[: len(whole.body) // 2])
        handler.wfile.flush()
        workers[0].kill()

    bungie.files[place] = Served(b"", behave=half_then_kill)
    workers.append(start(bungie, redis_url, tmp_path))
    assert_killed(workers[0], made)
    bungie.files[place] = whole
    assert seen(made) == {"Old"}
    assert_healed(made, tmp_path)


def test_a_run_that_is_killed_while_it_fills_an_emptied_redis_is_healed_by_the_next(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path
) -> None:
    made.redis.flushall()
    assert_killed(start(bungie, redis_url, tmp_path, "HSET", 3), made)
    found = made.store.resolve("en", {ITEM: {1}})
    assert (found.item(1) is not None, found.degraded) == (True, True)  # from the disk all the while
    asked = len(bungie.requests)
    assert_healed(made, tmp_path, "Old")
    assert bungie.requests[asked:] == [INDEX]
