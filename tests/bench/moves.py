"""Figures of planning moves: any single item of the largest recorded account, grown to a thousand items."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import orjson

from app.bungie.profiles import parse_profile
from app.inventory.arrange import item_hashes
from app.inventory.buckets import VAULT
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.inventory.moves.choices import Choice, choices
from app.inventory.moves.plan import VAULT_STORE, CannotMove, Wish
from app.inventory.moves.planner import plan
from app.inventory.moves.world import Spot, World
from app.inventory.profile import Profile
from app.manifest.plans import ITEM
from app.services.moves.pictures import store_of
from app.web.server import settle_memory
from app.wiring import services
from tests.bench.figure import Figure
from tests.bench.vault import Bench, largest

_ITEMS = 1_000
_MOST_MS = 2.0
_FULL = ((VAULT_STORE, VAULT),)
_EVERY = 10
# The quickest of so many: what else the machine does is not the plan's.
_TIMES = 5


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds; a plan begins with laying out the inventory."""
    raw = largest(world).read_bytes()
    bench = Bench(raw, largest(world).parent.name, redis_url, folder, profile_ttl_s=3598)
    answer = orjson.loads(raw)
    profile = _grown(parse_profile(answer.get("Response", answer)))
    with bench.app.app_context():
        definitions = services().items._definitions.resolve("en", {ITEM: item_hashes(profile.items)})
    asked = [(item, choice) for item in profile.items for choice in choices(profile, definitions, item)]
    settle_memory()  # as a server does after it has started: nothing is searched for garbage in the middle of a plan
    freely, crowded = _Plans(), _Plans()
    for item, choice in asked:
        freely.make(profile, definitions, item, choice, ())
    for item, choice in asked[::_EVERY]:
        crowded.make(profile, definitions, item, choice, _FULL)
    note = f"{len(asked)} plans among {len(profile.items)} items; at most {_MOST_MS} wanted"
    return [*freely.figures("a plan of a single move", note), *crowded.figures("the same while the vault is full", "")]


class _Plans:
    """How long each took, in the thread's own time, and a digest of what they are: faster ones have to be the same."""

    def __init__(self) -> None:
        self._took_ms: list[float] = []
        self._digest = hashlib.sha256()

    def make(
        self, profile: Profile, definitions: Definitions, item: Item, choice: Choice, full: Collection[Spot]
    ) -> None:
        """A "no" takes its time, too."""
        wish = Wish(item.hash, item.instance_id, store_of(item), choice.target, 1, choice.equip)
        took_ms = []
        for _ in range(_TIMES):
            began = time.thread_time()
            try:
                planned: object = plan(World(profile, definitions, full), wish)
            except CannotMove as reason:
                planned = str(reason)
            took_ms.append((time.thread_time() - began) * 1000)
        self._took_ms.append(min(took_ms))
        self._digest.update(repr(planned).encode())

    def figures(self, name: str, note: str) -> list[Figure]:
        took = sorted(self._took_ms)
        told = f"slowest {took[-1]:.2f}; digest of the plans {self._digest.hexdigest()[:12]}"
        return [
            Figure(f"{name}, median", statistics.median(took), "ms", note=note),
            Figure(f"{name}, 99 of 100", took[len(took) * 99 // 100], "ms", note=told),
        ]


def _grown(profile: Profile) -> Profile:
    """As many items as wanted, more copies of what lies in the vault."""
    stored = [item for item in profile.items if item.place is Place.VAULT and item.instance_id]
    missing = max(0, _ITEMS - len(profile.items))
    more = (stored[number % len(stored)]._replace(instance_id=str(10**18 + number)) for number in range(missing))
    return replace(profile, items=(*profile.items, *more))
