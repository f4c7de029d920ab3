"""Figures of an item's page for the recorded account with the most sockets: its look-ups, and the whole request."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from app.bungie.profiles import parse_profile
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import Wanted
from app.services.naming import NamesThings
from app.wiring import services
from tests.bench.figure import Figure
from tests.bench.vault import Bench, largest

Look = Callable[[str, Wanted], ResolvedDefinitions]

_PAGES = 60
_MOST_MS = 1.5


class Timed:
    """Definitions, with the time that finding them took."""

    def __init__(self, names: NamesThings) -> None:
        self._names = names
        self.took_s = 0.0

    def resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        return self._timed(self._names.resolve, locale, wanted)

    def remembered(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        return self._timed(self._names.remembered, locale, wanted)

    def _timed(self, look: Look, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        began = time.perf_counter()
        found = look(locale, wanted)
        self.took_s += time.perf_counter() - began
        return found


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds, medians over copies spread over the account."""
    profile = largest(world)
    bench = Bench(profile.read_bytes(), profile.parent.name, redis_url, folder, profile_ttl_s=3599)
    with bench.app.app_context():
        timed = services().items._definitions = Timed(services().items._definitions)
    paths = _paths(profile)
    cold = [_look_ups(bench, timed, path, is_cold=True) for path in paths]
    warm = [_look_ups(bench, timed, path) for path in paths]
    whole = [_whole(bench, path) for path in paths]
    note = f"median of {len(paths)} items; at most {_MOST_MS} wanted"
    return [
        Figure("/items/<id>, look-ups, definitions warm", statistics.median(warm) * 1000, "ms", note=note),
        Figure("/items/<id>, look-ups, definitions cold", statistics.median(cold) * 1000, "ms"),
        Figure("/items/<id>, profile cached, whole request", statistics.median(whole) * 1000, "ms"),
    ]


def _paths(profile: Path) -> list[str]:
    """Copies with sockets, spread over the account."""
    answer = orjson.loads(profile.read_bytes())
    known = parse_profile(answer.get("Response", answer))
    copies = [item.instance_id for item in known.items if known.details.item(item).sockets]
    return [f"/items/{each}" for each in copies[:: max(1, len(copies) // _PAGES)]]


def _look_ups(bench: Bench, timed: Timed, path: str, *, is_cold: bool = False) -> float:
    if is_cold:
        bench.forget_definitions()
    timed.took_s = 0.0
    bench.client.get(path)
    return timed.took_s


def _whole(bench: Bench, path: str) -> float:
    began = time.perf_counter()
    assert bench.client.get(path).status_code == 200
    return time.perf_counter() - began
