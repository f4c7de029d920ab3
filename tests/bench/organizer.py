"""Figures of a table of 1,000 rows: the server's time beside that of /vault with the same items, and its size.

Both are answered from a profile that this process has read before, as when somebody sorts or searches.
"""

from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import Any

import brotli
import orjson

from app.web.server import settle_memory
from tests.bench.figure import Figure, against
from tests.bench.vault import Bench, _vault_of, largest

_ROWS = 1_000
_ROUNDS = 15
_ATTACK = 1480404414
_PATHS = {
    "usual columns": "/organizer",
    "all perks": "/organizer?cols=power,element,archetype,perks,mods,source",
    "all stats, by range": "/organizer?cols=power,stats,basestats&sort=stat.range",
    "one letter typed": "/organizer?q=a",
    "as a file": "/organizer.csv",
}


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds, the best of interleaved rounds."""
    bench = Bench(thousand_rows(world), "rows", redis_url, folder, profile_ttl_s=3600)
    answers = {name: _page(bench, path) for name, path in _PATHS.items()}  # and what is kept is warm from here on
    bench.page()
    settle_memory()
    times: dict[str, float] = {}
    for _ in range(_ROUNDS):
        times["vault"] = min(times.get("vault", 1e9), _took(bench, "/vault"))
        for name, path in _PATHS.items():
            times[name] = min(times.get(name, 1e9), _took(bench, path))
    note = f"{answers['usual columns'].count(b'data-item-hash')} rows; floor: /vault with them"
    return [
        *(against(f"/organizer, {name}", times[name], "ms", times["vault"], note) for name in _PATHS),
        *_sizes(answers["usual columns"]),
    ]


def thousand_rows(world: Path) -> bytes:
    """A profile whose vault holds 1,000 weapons, as Bungie would answer it."""
    return _vault_of(_ROWS, _weapons_of(largest(world).read_bytes()))


def _weapons_of(raw: bytes) -> bytes:
    """The same answer with nothing in the vault but weapons."""
    envelope = orjson.loads(raw)
    body = envelope["Response"]
    known = body["itemComponents"]["instances"]["data"]
    items = body["profileInventory"]["data"]["items"]
    body["profileInventory"]["data"]["items"] = [each for each in items if _has_attack(known, each)]
    return orjson.dumps(envelope)


def _has_attack(known: dict[str, Any], item: dict[str, Any]) -> bool:
    primary = known.get(item.get("itemInstanceId", ""), {}).get("primaryStat", {})
    return primary.get("statHash") == _ATTACK


def _sizes(page: bytes) -> list[Figure]:
    return [
        Figure("/organizer, 1,000 rows, plain", len(page) / 1000, "kB"),
        Figure("/organizer, 1,000 rows, gzip", len(gzip.compress(page, 5)) / 1000, "kB"),
        Figure("/organizer, 1,000 rows, brotli", len(brotli.compress(page, quality=4)) / 1000, "kB"),
    ]


def _page(bench: Bench, path: str) -> bytes:
    answer = bench.client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return answer.data


def _took(bench: Bench, path: str) -> float:
    began = time.perf_counter()
    _page(bench, path)
    return (time.perf_counter() - began) * 1000
