"""Figures of the definitions: a refresh against its floor, its memory, what Redis holds, how fast a page is served.

The floor of a refresh is what nobody can avoid: unpack the archive to disk, walk the rows of the same tables, parse.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import redis

from app.cli.demo.ports import free_port
from app.manifest.plans import ITEM, PLANS
from app.manifest.store import DefinitionStore
from app.manifest.versions import VersionInfo, pack, pointer_key, unpack
from tests.bench import whole_manifest
from tests.bench.figure import Figure, against
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import Rig, rig
from tests.shared import ROOT

_ROUNDS = 3
_LOOKUPS = 1000
_MIB = 1024 * 1024


def run(world: Path, redis_url: str) -> list[Figure]:
    """Measures with the recorded world in `world` and the Redis at `redis_url`, whose definitions are replaced."""
    with publishing(world) as bungie, tempfile.TemporaryDirectory() as folder:
        made = rig(bungie, redis_url, Path(folder) / "runs.sqlite3")
        try:
            memory, info = _redis_memory(made)
            refresh, peak = _refresh(made, world), _peak(bungie, redis_url)
            figures = [refresh, peak, *memory, *_lookups(redis_url, info)]
            ours = whole_manifest.Ours(refresh.value, peak.value, memory[1].value)
            figures += whole_manifest.run(redis_url, _archive(world), ours)
        finally:
            made.close()
    return figures


@contextmanager
def publishing(world: Path) -> Iterator[str]:
    """The address of a sandbox Bungie in a process of its own, so that it takes nothing from what is measured."""
    port = free_port()
    command = [sys.executable, "-m", "app.sandbox", "--port", str(port), "--world", str(world)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "FLASK_CONFIG": "demo"})
    try:
        wait_until(lambda: _listens(port), "the sandbox listens", limit_s=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _listens(port: int) -> bool:
    import socket  # noqa: PLC0415 - only for this question

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _median_s(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


# --- the refresh ---------------------------------------------------------------------------------------------------


def _refresh(made: Rig, world: Path) -> Figure:
    floor = _median_s(lambda: unavoidable(_archive(world)))
    value = _median_s(lambda: _refreshed(made))
    return against("definitions: refresh", value, "s", floor, "floor: unzip, walk the same rows, parse them")


def _archive(world: Path) -> Path:
    (archive,) = (world / "manifest/common/destiny2_content/sqlite/en").glob("*.content")
    return archive


def publish_anew(client: redis.Redis) -> None:
    """Makes the version in use one of other files, for then a refresh also finds out what has changed."""
    current = unpack(client.get(pointer_key("en")) or b"")  # type: ignore[arg-type]
    if current:
        client.set(pointer_key("en"), pack(replace(current, path="/another.content")))


def _refreshed(made: Rig) -> VersionInfo:
    publish_anew(made.redis)
    report = made.service.refresh("bench", force=True)
    info = made.store.current("en")
    assert report.state == "switched", report.error
    assert info
    return info


def unavoidable(archive: Path) -> int:
    """Rows that the floor has walked."""
    rows = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world"
        with zipfile.ZipFile(archive) as zipped, zipped.open(zipped.infolist()[0]) as packed, file.open("wb") as out:
            shutil.copyfileobj(packed, out, _MIB)
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = bytes
            for table in PLANS:
                for (text,) in database.execute(f"SELECT json FROM {table}"):  # noqa: S608 - our own names
                    orjson.loads(text)
                    rows += 1
    return rows


_MEASURED = """
import sys, tempfile
from pathlib import Path
from tests.bench.manifest import publish_anew
from tests.integration.manifest_support import rig

def now_and_peak():
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return [int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")]

with tempfile.TemporaryDirectory() as folder:
    made = rig(sys.argv[1], sys.argv[2], Path(folder) / "runs.sqlite3")
    made.redis.ping()
    made.service.runs(1)
    publish_anew(made.redis)
    idle, _ = now_and_peak()
    report = made.service.refresh("bench", force=True)
    assert report.state == "switched", report.error
    print(idle, now_and_peak()[1])
    made.close()
"""


def peak_mib(bungie: str, redis_url: str) -> tuple[int, int]:
    """Resident MiB of a process that refreshes: when it is ready to, and at its peak. Needs Linux."""
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURED, bungie, redis_url], cwd=ROOT, check=True, capture_output=True, timeout=300
    )
    idle, peak = measured.stdout.split()
    return int(idle), int(peak)


def _peak(bungie: str, redis_url: str) -> Figure:
    idle, peak = peak_mib(bungie, redis_url)
    return Figure(
        "definitions: refresh, peak memory above idle", peak - idle, "MiB", note=f"idle {idle} MiB, at most 200"
    )


# --- Redis -----------------------------------------------------------------------------------------------------------


def _redis_memory(made: Rig) -> tuple[list[Figure], VersionInfo]:
    before = made.redis.info("memory")["used_memory"]
    info = _refreshed(made)
    grown = made.redis.info("memory")["used_memory"] - before
    told = sum(made.redis.memory_usage(key, samples=0) or 0 for key in info.keys(info.tables()))
    records = sum(info.counts.values())
    figures = [
        Figure("definitions: Redis memory, growth", grown / _MIB, "MiB", note=f"{records:,} records"),
        Figure("definitions: Redis memory, MEMORY USAGE", told / _MIB, "MiB", note="all keys of one version"),
    ]
    return figures, info


def _lookups(redis_url: str, info: VersionInfo) -> list[Figure]:
    with redis.Redis.from_url(redis_url) as client:
        (key,) = info.keys([ITEM])
        hashes = sorted(int(each) for each in client.hkeys(key))
        wanted = random.Random(20260616).sample(hashes, _LOOKUPS)
        store = DefinitionStore(client)

        def raw() -> object:
            with client.pipeline(transaction=False) as pipe:
                return pipe.hmget(key, wanted).execute()

        floor = _median_s(raw, 9)
        cold = _median_s(lambda: DefinitionStore(client).resolve("en", {ITEM: wanted}), 9)
        store.resolve("en", {ITEM: wanted})
        warm = _median_s(lambda: store.resolve("en", {ITEM: wanted}), 9)
    note = "floor: one raw HMGET pipeline of the same hashes"
    return [
        against(f"definitions: {_LOOKUPS:,} hashes, cold", cold * 1000, "ms", floor * 1000, note),
        against(f"definitions: {_LOOKUPS:,} hashes, warm", warm * 1000, "ms", floor * 1000, note),
    ]
