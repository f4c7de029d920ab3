"""Figures of the definitions in motion and in trouble: pages under constant switches, and the copy on disk."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.manifest.disk import DiskCopies
from app.manifest.keeper import CopyKeeper
from app.manifest.plans import BUCKET, ITEM
from app.manifest.store import DefinitionStore
from app.manifest.versions import Provenance, VersionInfo
from tests.bench.figure import Figure, against

_SWITCHES = 100
_READERS = 8
_LOOKUPS = 1000
_PAUSE_S = 0.02
_MIB = 1024 * 1024


def run(redis_url: str) -> list[Figure]:
    """With the definitions in English that are in Redis; they are still there afterwards."""
    with redis.Redis.from_url(redis_url) as client, tempfile.TemporaryDirectory() as folder:
        info = DefinitionStore(client).current("en")
        assert info
        return [*_copy(client, info, Path(folder)), _switches(redis_url)]


def _copy(client: redis.Redis, info: VersionInfo, folder: Path) -> list[Figure]:
    copies = DiskCopies(folder)
    began = time.perf_counter()
    CopyKeeper(client, copies).keep(info)
    took_s = time.perf_counter() - began
    wanted = [int(each) for each in client.hrandfield(info.keys([ITEM])[0], _LOOKUPS)]
    away = redis.Redis(port=9, retry=Retry(NoBackoff(), 0))
    cold = []
    for _ in range(9):
        store = DefinitionStore(away, keeper=CopyKeeper(away, copies))
        began = time.perf_counter()
        assert not store.resolve("en", {ITEM: wanted}).missing
        cold.append((time.perf_counter() - began) * 1000)
    size = sum(each.stat().st_size for each in folder.iterdir()) / _MIB
    return [
        Figure("definitions: copy to disk", took_s, "s", note=f"{sum(info.counts.values()):,} records"),
        Figure("definitions: copy on disk", size, "MiB", note="one language, at most 256"),
        Figure(f"definitions: {_LOOKUPS:,} hashes from the copy", statistics.median(cold), "ms", note="no Redis, cold"),
    ]


def _switches(redis_url: str) -> Figure:
    """The slowest look-ups of 20 items while the version changes a hundred times, against those of a quiet time.

    Eight threads of one process wait for each other either way: only the difference is the switches' doing.
    """
    with _pages(redis_url, "none switching") as calm:
        time.sleep(_SWITCHES * _PAUSE_S)
    with _pages(redis_url, "switching") as busy:
        _switch(redis_url)
    name = f"definitions: {_SWITCHES} switches, {_READERS} readers, slowest 1 %"
    note = f"floor: without switches; medians {statistics.median(busy):.2f} and {statistics.median(calm):.2f} ms"
    return against(name, _late(busy), "ms", _late(calm), note)


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _switch(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        store, info = DefinitionStore(client), None
        for number in range(_SWITCHES):
            info = _written(store, f"build{number}", info)
            time.sleep(_PAUSE_S)


def _written(store: DefinitionStore, name: str, previous: VersionInfo | None) -> VersionInfo:
    writer = store.writer("bench", name)
    writer.add(BUCKET, 1, b'{"n":"Vault"}')
    for item_hash in range(1, 21):
        writer.add(ITEM, item_hash, b'{"n":"%s"}' % name.encode())
    writer.flush()
    return store.switch(writer, previous, Provenance(name, "/"))


@contextmanager
def _pages(redis_url: str, name: str) -> Iterator[list[float]]:
    """The milliseconds of every page that the readers got meanwhile."""
    with redis.Redis.from_url(redis_url) as client:
        _written(DefinitionStore(client), name.replace(" ", ""), None)
    times: list[float] = []
    over = threading.Event()

    def read() -> None:
        with redis.Redis.from_url(redis_url) as own:
            store = DefinitionStore(own)
            while not over.wait(0.005):
                began = time.perf_counter()
                found = store.resolve("bench", {ITEM: range(1, 21)})
                times.append((time.perf_counter() - began) * 1000)
                assert not found.missing
                assert not found.degraded

    readers = [threading.Thread(target=read) for _ in range(_READERS)]
    for reader in readers:
        reader.start()
    yield times
    over.set()
    for reader in readers:
        reader.join()
