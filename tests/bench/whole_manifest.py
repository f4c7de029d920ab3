"""The same definitions the way the site's ancestor kept them: one pickled dict in Redis, unpickled by every process.

Each side works in a process of its own, so that its memory can be told from the rest.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.bench.figure import Figure
from tests.shared import ROOT

_COMMON = """
import json, sys, time
from pathlib import Path
import redis

def memory(name):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) / 1024

client = redis.Redis.from_url(sys.argv[1])
client.ping()
"""

_WRITES = """
import pickle, sqlite3, tempfile, zipfile
from app.manifest.plans import PLANS

idle, started = memory("VmRSS"), time.perf_counter()
with tempfile.TemporaryDirectory() as folder:
    with zipfile.ZipFile(sys.argv[2]) as archive:
        database = sqlite3.connect(archive.extract(archive.namelist()[0], folder))
    whole = {}
    for table in PLANS:
        rows = database.execute(f"SELECT id, json FROM {table}")
        whole[table] = {key & 0xFFFFFFFF: json.loads(text) for key, text in rows}
client.set("whole", pickle.dumps(whole))
took = time.perf_counter() - started
print(json.dumps([took, memory("VmHWM") - idle, client.memory_usage("whole", samples=0) / 2**20]))
"""

_READS = """
import pickle, random
from app.manifest.plans import ITEM

idle, started = memory("VmRSS"), time.perf_counter()
whole = pickle.loads(client.get("whole"))
took = time.perf_counter() - started
wanted = random.Random(20260616).sample(sorted(whole[ITEM]), 1000)
started = time.perf_counter()
found = [whole[ITEM][each]["displayProperties"]["name"] for each in wanted]
look_up = time.perf_counter() - started
held = memory("VmRSS") - idle
client.delete("whole")
print(json.dumps([took, held, look_up]))
"""

_OURS = """
import random
from app.manifest.plans import ITEM
from app.manifest.store import DefinitionStore
from app.manifest.versions import unpack

info = unpack(client.get("m:current:en"))
wanted = random.Random(20260616).sample(sorted(map(int, client.hkeys(info.keys([ITEM])[0]))), 1000)
idle, started = memory("VmRSS"), time.perf_counter()
store = DefinitionStore(client)
store.resolve("en", {ITEM: wanted})
took = time.perf_counter() - started
started = time.perf_counter()
found = store.resolve("en", {ITEM: wanted})
names = [found.item(each).name for each in wanted]
print(json.dumps([took, memory("VmRSS") - idle, time.perf_counter() - started]))
"""


@dataclass(frozen=True, slots=True)
class Ours:
    """What the lines are held against: seconds of a refresh, MiB of its peak, MiB in Redis."""

    refresh_s: float
    peak_mib: float
    redis_mib: float


def run(redis_url: str, archive: Path, ours: Ours) -> list[Figure]:
    """One line for each figure; the column of floors has ours."""
    write_s, peak, stored = _measured(_WRITES, redis_url, str(archive))
    load_s, held, look_up_s = _measured(_READS, redis_url)
    our_load_s, our_held, our_look_up_s = _measured(_OURS, redis_url)
    note = "instead of a floor: ours"
    return [
        _beside("refresh", write_s, "s", ours.refresh_s, note),
        _beside("refresh, peak memory", peak, "MiB", ours.peak_mib, note),
        _beside("bytes in Redis", stored, "MiB", ours.redis_mib, note),
        _beside("start of a process", load_s * 1000, "ms", our_load_s * 1000, "ours: the first page's 1,000 hashes"),
        _beside("memory of a process", held, "MiB", our_held, "ours: with those 1,000 remembered"),
        _beside("1,000 names, warm", look_up_s * 1000, "ms", our_look_up_s * 1000, "ours asks Redis for the version"),
    ]


def _beside(name: str, value: float, unit: str, ours: float, note: str) -> Figure:
    return Figure(f"definitions as one pickled dict: {name}", value, unit, ours, value / ours, note)


def _measured(script: str, *arguments: str) -> tuple[float, float, float]:
    command = [sys.executable, "-c", _COMMON + script, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    first, second, third = orjson.loads(done.stdout)
    return first, second, third
