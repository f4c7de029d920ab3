"""What vendors offered a player, in Redis for a day: fresh it spares Bungie a call, old it is what an outage shows."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import redis

from app.inventory.vendors import Market
from app.services.vendors import codec

KEEP_S = 24 * 3600
# A player has three characters and looks at some vendors; more than this is not looked at any more.
_MOST_ENTRIES = 60
_LOCAL_ENTRIES = 32
_AT = 8  # bytes of a moment, in milliseconds
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeptMarket:
    """An answer and when it was fetched, in Unix seconds. `rolls` are item components as they came."""

    market: Market
    fetched_at: float
    rolls: Mapping[str, Any] = field(default_factory=dict)


class MarketCache:
    """By membership and `name`: a character's id, with a vendor's hash behind it where it is one vendor's answer.

    Redis trouble is never an error here: then this process remembers alone.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client
        self._local: OrderedDict[_Key, KeptMarket] = OrderedDict()
        self._guard = threading.Lock()

    def read(self, membership_id: str, name: str) -> KeptMarket | None:
        try:
            packed = self._redis.hget(_key(membership_id), name)
        except redis.RedisError:
            with self._guard:
                return self._local.get((membership_id, name))
        return self._decoded((membership_id, name), packed) if isinstance(packed, bytes) else None

    def write(self, membership_id: str, name: str, kept: KeptMarket) -> None:
        self._remember((membership_id, name), kept)
        key = _key(membership_id)
        packed = round(kept.fetched_at * 1000).to_bytes(_AT, "big") + codec.encode(kept.market, kept.rolls)
        with suppress(redis.RedisError), self._redis.pipeline(transaction=True) as pipe:
            if int(self._redis.hlen(key)) >= _MOST_ENTRIES:
                pipe.delete(key)
            pipe.hset(key, name, packed)
            pipe.expire(key, KEEP_S)
            pipe.execute()

    def export(self, membership_id: str) -> dict[str, Any]:
        """Every entry as plain values by its name."""
        try:
            names = [name.decode() for name in self._redis.hkeys(_key(membership_id)) if isinstance(name, bytes)]
        except redis.RedisError:
            return {}
        found = ((name, self.read(membership_id, name)) for name in names)
        return {name: codec.export(kept.market, kept.fetched_at) for name, kept in found if kept}

    def forget(self, membership_id: str) -> None:
        """Raises redis.RedisError when the shared entries may still be there."""
        with self._guard:
            for key in [key for key in self._local if key[0] == membership_id]:
                del self._local[key]
        self._redis.delete(_key(membership_id))

    def _decoded(self, key: _Key, packed: bytes) -> KeptMarket | None:
        fetched_at = int.from_bytes(packed[:_AT], "big") / 1000
        with self._guard:
            local = self._local.get(key)
        if local and round(local.fetched_at * 1000) == round(fetched_at * 1000):
            return local
        try:
            market, rolls = codec.decode(packed[_AT:])
        except (ValueError, TypeError, KeyError, AttributeError, zlib.error):
            return None  # cut off or foreign: the next fetch replaces it
        kept = KeptMarket(market, fetched_at, rolls)
        self._remember(key, kept)
        return kept

    def _remember(self, key: _Key, kept: KeptMarket) -> None:
        with self._guard:
            self._local[key] = kept
            self._local.move_to_end(key)
            while len(self._local) > _LOCAL_ENTRIES:
                self._local.popitem(last=False)


def _key(membership_id: str) -> str:
    return f"vendors:{codec.FORMAT}:{membership_id}"
