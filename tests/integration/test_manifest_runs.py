"""Runs of the refresh: one at a time however many start, none lost when a worker dies, all of them told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select

from app.manifest.errors import LockLost
from app.manifest.lock import RunLock
from app.models.manifest_run import ManifestRun
from app.services.manifest_progress import Progress
from app.services.manifest_runs import RunReport
from config import ManifestSettings
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import (
    ACE,
    INDEX,
    ITEM,
    Publisher,
    Rig,
    Served,
    many_items,
    publisher,
    rig,
    small_tables,
)
from tests.shared import ROOT


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def made(bungie: Publisher, redis_url: str, database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Rig]:
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", clock=clock, database_url=database_url)
    yield built
    built.close()


class Gate:
    """Holds an answer back until the test opens it; `reached` tells that somebody waits."""

    def __init__(self, body: bytes) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self._body = body

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.reached.set()
        self.opened.wait(timeout=20)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(self._body)))
        handler.end_headers()
        handler.wfile.write(self._body)


def gated(bungie: Publisher, name: str = "a") -> Gate:
    path = bungie.publish(small_tables(), name)
    gate = Gate(bungie.files[path].body)
    bungie.files[path] = Served(b"", behave=gate)
    return gate


def test_twenty_starters_are_one_run(bungie: Publisher, made: Rig) -> None:
    gate = gated(bungie)
    with ThreadPoolExecutor(20) as starters:
        asked = [starters.submit(made.refresh, "cli") for _ in range(20)]
        assert gate.reached.wait(timeout=10)
        wait_until(lambda: sum(each.done() for each in asked) == 19, "nineteen are turned away")
        gate.opened.set()
        states = sorted(each.result().state for each in asked)
    assert states == ["skipped"] * 19 + ["switched"]
    assert len([path for path in bungie.requests if path != INDEX]) == 1
    assert {report.error for report in made.service.runs(30) if report.state == "skipped"} == {
        "Another run is under way."
    }


def test_of_twenty_that_reach_for_the_lock_at_once_one_gets_it(redis_url: str) -> None:
    clients = [redis.Redis.from_url(redis_url) for _ in range(20)]
    barrier = threading.Barrier(20)

    def reach(client: redis.Redis) -> str | None:
        client.ping()  # connected before the start
        barrier.wait(timeout=10)
        return RunLock(client).acquire()

    with ThreadPoolExecutor(20) as starters:
        for _ in range(10):
            owners = [owner for owner in starters.map(reach, clients) if owner]
            assert len(owners) == 1
            RunLock(clients[0]).release(owners[0])
    for client in clients:
        client.close()


def test_two_beats_and_two_clicks_are_one_download(bungie: Publisher, made: Rig) -> None:
    gate = gated(bungie)
    clicks = [made.service.request_run(None, "admin") for _ in range(2)]
    made.sessions.remove()

    def click(run_id: str) -> RunReport:
        try:
            return made.service.refresh("admin", run_id=run_id)
        finally:
            made.sessions.remove()

    with ThreadPoolExecutor(4) as workers:
        asked = [workers.submit(made.refresh, "beat") for _ in range(2)]
        asked += [workers.submit(click, run_id) for run_id in clicks]
        assert gate.reached.wait(timeout=10)
        wait_until(lambda: sum(each.done() for each in asked) == 3, "three are turned away")
        gate.opened.set()
        reports = [each.result() for each in asked]
    assert len([path for path in bungie.requests if path != INDEX]) == 1
    assert "switched" in {report.state for report in reports}
    assert made.refresh("beat").state == "unchanged"
    assert made.service.status().active is None


def test_twenty_wishes_at_once_are_one_run(made: Rig) -> None:
    barrier = threading.Barrier(20)

    def wish(_: int) -> str:
        barrier.wait(timeout=10)
        try:
            return made.service.request_run(None, "admin")
        finally:
            made.sessions.remove()

    with ThreadPoolExecutor(20) as wishers:
        for round_number in range(1, 11):
            (run_id,) = set(wishers.map(wish, range(20)))
            assert made.sessions.scalar(select(func.count()).select_from(ManifestRun)) == round_number
            made.service.abandon(run_id, "The next round.")
            made.sessions.remove()


def test_a_wish_waits_until_a_worker_takes_it(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    run_id = made.service.request_run(None, "admin")
    waiting = made.service.run(run_id)
    assert waiting
    assert (waiting.state, waiting.trigger, waiting.is_active) == ("queued", "admin", True)
    assert made.service.refresh("admin", run_id=run_id).id == run_id
    done = made.service.run(run_id)
    assert done
    assert (done.state, done.is_active, made.service.request_run(None) != run_id) == ("switched", False, True)


def test_a_message_that_comes_twice_works_once(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    run_id = made.service.request_run(None)
    made.service.refresh("admin", run_id=run_id)
    before = len(bungie.requests)
    assert made.service.refresh("admin", run_id=run_id).state == "switched"
    assert len(bungie.requests) == before


def test_beat_does_what_an_admin_has_asked_for(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    run_id = made.service.request_run(None)
    assert made.service.refresh("beat").id == run_id


def test_a_wish_during_a_run_is_that_run(bungie: Publisher, made: Rig) -> None:
    gate = gated(bungie)
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(made.refresh, "beat")
        assert gate.reached.wait(timeout=10)
        run_id = made.service.request_run(None)
        status = made.service.status()
        assert status.active
        assert (status.active.id, status.active.state) == (run_id, "running")
        gate.opened.set()
        assert running.result(timeout=10).id == run_id


def test_a_wish_that_nobody_takes_makes_way_after_ten_minutes(made: Rig, clock: Clock) -> None:
    first = made.service.request_run(None)
    clock.now += timedelta(minutes=9)
    assert made.service.request_run(None) == first
    clock.now += timedelta(minutes=2)
    assert made.service.request_run(None) != first
    lost = made.service.run(first)
    assert lost
    assert (lost.state, lost.error) == ("failed", "No worker took this run in time.")


def test_a_wish_that_cannot_be_handed_over_is_ended(made: Rig) -> None:
    run_id = made.service.request_run(None)
    made.service.abandon(run_id, "The task queue does not answer.")
    ended = made.service.run(run_id)
    assert ended
    assert (ended.state, ended.error) == ("failed", "The task queue does not answer.")


def test_progress_is_told_while_a_run_works(bungie: Publisher, made: Rig) -> None:
    path = bungie.publish(many_items(20), "slow")
    body = bungie.files[path].body
    opened = threading.Event()

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for part in range(10):
            handler.wfile.write(body[part * len(body) // 10 : (part + 1) * len(body) // 10])
            handler.wfile.flush()
            opened.wait(timeout=0.15)

    bungie.files[path] = Served(b"", behave=slowly)
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(made.refresh, "beat")
        seen: list[int] = []

        def moves() -> bool:
            active = made.service.status().active
            if active and active.stage == "en: downloading":
                seen.append(active.bytes_downloaded)
            return len(set(seen)) > 1

        wait_until(moves, "progress moves")
        opened.set()
        assert running.result(timeout=10).state == "switched"
    assert 0 < min(seen) < len(body)


def test_a_failed_run_keeps_its_sentence(made: Rig) -> None:
    report = made.service.refresh("beat")  # nothing is published
    assert report.state == "failed"
    assert made.service.runs(1)[0].error == report.error != ""
    assert report.duration_s == 0


def test_an_error_of_ours_is_noted_and_raised(bungie: Publisher, redis_url: str, tmp_path: Path) -> None:
    bungie.publish(small_tables(), "a")
    wrong = ManifestSettings(max_ratio=None)  # type: ignore[arg-type] - a programming error
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", wrong)
    with pytest.raises(TypeError):
        made.service.refresh("beat")
    assert made.service.runs(1)[0].error == "An error of ours stopped this run (TypeError)."
    assert made.lock.owner() is None
    made.close()


def test_without_redis_a_run_fails_with_a_sentence(bungie: Publisher, tmp_path: Path) -> None:
    away = rig(bungie.url, "redis://127.0.0.1:1/0", tmp_path / "runs.sqlite3")
    report = away.service.refresh("cli")
    assert (report.state, report.error) == ("failed", "Redis cannot be reached.")
    status = away.service.status()
    assert (status.is_reachable, status.is_ready) == (False, False)
    assert bungie.requests == []
    away.close()


def test_old_runs_without_news_are_forgotten_and_switches_are_kept(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    made.service.refresh("cli")
    for _ in range(205):
        made.service.refresh("beat")
    states = [report.state for report in made.service.runs(1000)]
    assert states.count("unchanged") == 200
    assert states[-1] == "switched"


# --- killed workers ------------------------------------------------------------------------------------------------

_WORKER = """
import sys
from pathlib import Path
from tests.integration.manifest_support import rig
made = rig(*sys.argv[1:3], Path(sys.argv[3]), lock_ttl_s=float(sys.argv[4]), database_url=sys.argv[5])
made.service.refresh("beat")
"""


def start_worker(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path, lock_ttl_s: float
) -> subprocess.Popen[bytes]:
    """Another process that works on the runs of `made`."""
    database_url = made.sessions.get_bind().engine.url.render_as_string(hide_password=False)
    arguments = [bungie.url, redis_url, str(tmp_path / "runs.sqlite3"), str(lock_ttl_s), database_url]
    return subprocess.Popen([sys.executable, "-c", _WORKER, *arguments], cwd=ROOT, env=dict(os.environ))


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait(timeout=10)


def test_a_killed_worker_frees_the_way_and_is_told_as_failed(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path
) -> None:
    gate = gated(bungie)
    worker = start_worker(bungie, made, redis_url, tmp_path, lock_ttl_s=3)
    assert gate.reached.wait(timeout=20)
    kill(worker)
    assert made.service.refresh("beat").state == "skipped"
    wait_until(lambda: made.lock.owner() is None, "the lock ends by itself", limit_s=10)
    status = made.service.status()
    (told,) = [report for report in made.service.runs(5) if report.state == "failed"]
    assert (status.active, told.error) == (None, "The worker stopped before the run was finished.")
    gate.opened.set()
    assert made.service.refresh("beat").state == "switched"
    dead = made.service.run(told.id)
    assert dead
    assert dead.state == "failed"


def test_a_redelivered_message_of_a_killed_worker_finishes_its_run(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path
) -> None:
    gate = gated(bungie)
    worker = start_worker(bungie, made, redis_url, tmp_path, lock_ttl_s=0.5)
    assert gate.reached.wait(timeout=20)
    kill(worker)
    wait_until(lambda: made.lock.owner() is None, "the lock ends by itself", limit_s=5)
    run = made.service.runs(1)[0]
    gate.opened.set()
    finished = made.service.refresh("beat", run_id=run.id)
    assert (finished.id, finished.state) == (run.id, "switched")


def test_a_wish_after_a_killed_worker_is_a_new_run(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path
) -> None:
    gate = gated(bungie)
    worker = start_worker(bungie, made, redis_url, tmp_path, lock_ttl_s=0.5)
    assert gate.reached.wait(timeout=20)
    kill(worker)
    wait_until(lambda: made.lock.owner() is None, "the lock ends by itself", limit_s=5)
    dead = made.service.runs(1)[0].id
    assert made.service.request_run(None) != dead
    gate.opened.set()


def test_what_a_killed_worker_had_written_is_removed_by_the_next(
    bungie: Publisher, made: Rig, redis_url: str, tmp_path: Path
) -> None:
    """Killed in the middle of writing: the second table's file is held back, the first is already in Redis."""
    bungie.index["version"] = "1"
    bungie.publish_components(many_items(2000), "a")
    (path,) = [each for each in bungie.files if ITEM in each]
    good = bungie.files[path]
    gate = Gate(good.body)
    bungie.files[path] = Served(b"", behave=gate)
    worker = start_worker(bungie, made, redis_url, tmp_path, lock_ttl_s=0.5)
    assert gate.reached.wait(timeout=20)
    kill(worker)
    gate.opened.set()
    wait_until(lambda: made.lock.owner() is None, "the lock ends by itself", limit_s=5)
    orphans = list(made.redis.scan_iter("m:en:*"))
    assert orphans
    assert all(0 < made.redis.ttl(key) <= 24 * 3600 for key in orphans)
    bungie.files[path] = good
    assert made.service.refresh("beat").state == "switched"
    left = {key.decode().split(":")[2] for key in made.redis.scan_iter("m:en:*")}
    info = made.store.current("en")
    assert info
    assert left == {info.id}
    assert made.names(ACE, 2000) == ["Ace of Spades", "Item 2000"]


def test_a_switch_waits_for_proof_that_the_lock_is_still_ours(redis_url: str) -> None:
    """A process may stand still between two looks at the clock, so the last look before a switch is not skipped."""
    with redis.Redis.from_url(redis_url) as client:
        lock = RunLock(client)
        owner = lock.acquire()
        assert owner
        progress = Progress(lock, owner)
        progress.confirm()
        lock.release(owner)
        assert lock.acquire()
        with pytest.raises(LockLost):
            progress.confirm()


def test_downloads_of_killed_workers_are_removed_when_they_are_old(bungie: Publisher, made: Rig) -> None:
    old, fresh = made.folder / "vault-raider-definitions-old", made.folder / "vault-raider-definitions-fresh"
    for each in (old, fresh):
        each.mkdir()
        (each / "database").write_bytes(b"x")
    os.utime(old, (0, 0))
    bungie.publish(small_tables(), "a")
    made.service.refresh("beat")
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_living_run_keeps_its_lock_longer_than_the_lock_lasts(
    bungie: Publisher, redis_url: str, tmp_path: Path
) -> None:
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", lock_ttl_s=1.2)
    path = bungie.publish(small_tables(), "a")
    body = bungie.files[path].body

    begun = threading.Event()

    def steadily(handler: BaseHTTPRequestHandler) -> None:
        begun.set()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for part in range(26):
            handler.wfile.write(body[part * len(body) // 26 : (part + 1) * len(body) // 26])
            handler.wfile.flush()
            threading.Event().wait(timeout=0.1)

    bungie.files[path] = Served(b"", behave=steadily)
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(made.refresh, "beat")
        assert begun.wait(timeout=10)
        states = set()
        while not running.done():
            states.add(made.refresh("beat").state)
            threading.Event().wait(timeout=0.1)
        assert running.result().state == "switched"
    assert states <= {"skipped", "unchanged"}
    assert "skipped" in states
    made.close()


def test_a_run_that_lost_its_lock_stops_and_does_not_switch(bungie: Publisher, redis_url: str, tmp_path: Path) -> None:
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", lock_ttl_s=0.4)
    path = bungie.publish(small_tables(), "a")
    body = bungie.files[path].body

    def stall(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:10])
        threading.Event().wait(timeout=1)
        RunLock(redis.Redis.from_url(redis_url)).acquire()  # somebody else
        handler.wfile.write(body[10:])

    bungie.files[path] = Served(b"", behave=stall)
    report = made.service.refresh("beat")
    assert (report.state, "another one has taken over" in report.error) == ("failed", True)
    assert made.store.current("en") is None
    assert made.lock.owner() is not None
    made.close()


@pytest.mark.parametrize("version", ["V" * 500, "a\0b"])
def test_postgresql_takes_the_run_of_a_version_whatever_its_name(
    bungie: Publisher, redis_url: str, tmp_path: Path, migrated_postgres_url: str, version: str
) -> None:
    made = rig(bungie.url, redis_url, tmp_path / "unused.sqlite3", database_url=migrated_postgres_url)
    try:
        for name in ("first", "second"):
            bungie.publish(small_tables(), name, version=version)
            assert made.refresh("cli").state == "switched"
        bungie.index["mobileWorldContentPaths"]["en"] = "/common/destiny2_content/x\0"
        assert made.refresh("cli").state == "failed"
    finally:
        made.close()
