"""Figures of planning moves: any single item of the largest recorded account, grown to a thousand items."""

from __future__ import annotations

import statistics
import time
from collections.abc import Collection
from contextlib import suppress
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
from app.wiring import services
from tests.bench.figure import Figure
from tests.bench.vault import Bench, largest

_ITEMS = 1_000
_MOST_MS = 2.0
_FULL = ((VAULT_STORE, VAULT),)
_EVERY = 10


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds; a plan begins with laying out the inventory."""
    raw = largest(world).read_bytes()
    bench = Bench(raw, largest(world).parent.name, redis_url, folder, profile_ttl_s=3598)
    answer = orjson.loads(raw)
    profile = _grown(parse_profile(answer.get("Response", answer)))
    with bench.app.app_context():
        definitions = services().items._definitions.resolve("en", {ITEM: item_hashes(profile.items)})
    asked = [(item, choice) for item in profile.items for choice in choices(profile, definitions, item)]
    took = sorted(_plan_ms(profile, definitions, *each, ()) for each in asked)
    crowded = sorted(_plan_ms(profile, definitions, *each, _FULL) for each in asked[::_EVERY])
    note = f"{len(took)} plans among {len(profile.items)} items; at most {_MOST_MS} wanted; slowest {took[-1]:.1f}"
    return [
        Figure("a plan of a single move, median", statistics.median(took), "ms", note=note),
        Figure("a plan of a single move, 99 of 100", took[len(took) * 99 // 100], "ms"),
        Figure(
            "the same while the vault is full, median", statistics.median(crowded), "ms",
            note=f"99 of 100: {crowded[len(crowded) * 99 // 100]:.1f}",
        ),
    ]  # fmt: skip


def _grown(profile: Profile) -> Profile:
    """As many items as wanted, more copies of what lies in the vault."""
    stored = [item for item in profile.items if item.place is Place.VAULT and item.instance_id]
    missing = max(0, _ITEMS - len(profile.items))
    more = (stored[number % len(stored)]._replace(instance_id=str(10**18 + number)) for number in range(missing))
    return replace(profile, items=(*profile.items, *more))


def _plan_ms(profile: Profile, definitions: Definitions, item: Item, choice: Choice, full: Collection[Spot]) -> float:
    wish = Wish(item.hash, item.instance_id, store_of(item), choice.target, 1, choice.equip)
    began = time.perf_counter()
    with suppress(CannotMove):  # a "no" takes its time, too
        plan(World(profile, definitions, full), wish)
    return (time.perf_counter() - began) * 1000
