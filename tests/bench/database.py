"""Figures of the item database: what a question costs, beside the cheapest way to answer it; and the index itself.

The floor of a question is one look over all names for a piece of text, which finds less and ranks nothing.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from pathlib import Path

import orjson
import redis

from app.inventory.definition_search import meaning_of
from app.inventory.finder import Finder, Question
from app.manifest.finding import FinderStore
from app.manifest.plans import FINDING
from app.manifest.store import DefinitionStore
from app.manifest.versions import table_key
from tests.bench.figure import Figure, against
from tests.bench.vault import Bench, largest

_ROUNDS = 9
_QUESTIONS = (
    Question("ace of spades"), Question("a"), Question("exotic hand cannon"), Question("arc", {"tier": 6}),
    Question("", {"kind": 1, "season": 28}), Question(),
)  # fmt: skip
# Every way of answering is in it: shapes, letters of names, words.
_SEARCH = 'is:weapon name:of season:>20 -is:exotic ("auto rifle" or is:bow)'


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds, the best of a few rounds."""
    client = redis.Redis.from_url(redis_url)
    info = DefinitionStore(client).current("en")
    assert info
    stored = client.hget(table_key("en", info.id, FINDING), "0")
    assert isinstance(stored, bytes)
    names = orjson.loads(zlib.decompress(stored))["names"]
    finder = FinderStore(client).finder("en")
    assert finder
    floor = _best_ms(lambda: [place for place, name in enumerate(names) if "ace" in name])
    worst = max(_best_ms(lambda asked=asked: finder.find(asked)) for asked in _QUESTIONS)  # type: ignore[misc]
    unpacking = _best_ms(lambda: FinderStore(client).finder("en"), 3)
    note = f"{len(finder):,} items, slowest of {len(_QUESTIONS)}; floor: one look over all names"
    return [
        against("database: a question", worst, "ms", floor, note),
        Figure("database: a search in the language", _best_ms(lambda: _search(finder)), "ms", note=_SEARCH),
        *_requests(world, redis_url, folder),
        Figure("database: index unpacked", unpacking, "ms", note="once per version and process"),
        Figure("database: index in Redis", len(stored) / 1e6, "MB"),
    ]  # fmt: skip


def _search(finder: Finder) -> None:
    words, among = meaning_of(_SEARCH, finder)
    assert finder.find(Question(words), among=among).total


def _requests(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    profile = largest(world)
    client = Bench(profile.read_bytes(), profile.parent.name, redis_url, folder, profile_ttl_s=3597).client
    part = {"HX-Request": "true", "HX-Target": "found"}
    return [
        Figure("/database?q=ace, whole request", _best_ms(lambda: client.get("/database?q=ace")), "ms"),
        Figure("/database?q=ace, finds alone", _best_ms(lambda: client.get("/database?q=ace", headers=part)), "ms"),
        Figure("/database/<hash>, whole request", _best_ms(lambda: client.get("/database/347366834")), "ms"),
    ]


def _best_ms(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best * 1000
