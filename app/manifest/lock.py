"""One run at a time, everywhere: a Redis key with an owner. A killed owner's lock ends by itself.

Beside the lock lies what its owner has to tell about its progress.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import orjson
import redis

# Both act only while the key is still ours: a slow owner must not touch its successor's lock.
_EXTEND = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1], KEYS[2]) end return 0"


class RunLock:
    """`ttl_s`: how long a killed run blocks others. A living run extends it, far more often than that.

    Every method raises redis.RedisError when Redis does not answer.
    """

    def __init__(self, client: redis.Redis, key: str = "m:lock", ttl_s: float = 120.0) -> None:
        self._redis = client
        self._key = key
        self.ttl_s = ttl_s

    def acquire(self) -> str | None:
        """An owner token, or None when somebody else has the lock."""
        owner = secrets.token_hex(16)
        taken = self._redis.set(self._key, owner, nx=True, px=self._ttl_ms())
        return owner if taken else None

    def extend(self, owner: str) -> bool:
        """Whether the lock was still `owner`'s and is now for another `ttl_s`."""
        return bool(self._redis.eval(_EXTEND, 1, self._key, owner, self._ttl_ms()))

    def release(self, owner: str) -> None:
        self._redis.eval(_RELEASE, 2, self._key, self._progress_key(owner), owner)

    def owner(self) -> str | None:
        value = self._redis.get(self._key)
        return value.decode() if isinstance(value, bytes) else None

    def tell(self, owner: str, progress: Mapping[str, Any]) -> None:
        self._redis.set(self._progress_key(owner), orjson.dumps(progress), px=self._ttl_ms())

    def told(self, owner: str) -> dict[str, Any]:
        """The owner's latest progress; empty when it has told nothing yet."""
        value = self._redis.get(self._progress_key(owner))
        return dict(orjson.loads(value)) if isinstance(value, bytes) else {}

    def _progress_key(self, owner: str) -> str:
        return f"{self._key}:{owner}"

    def _ttl_ms(self) -> int:
        return int(self.ttl_s * 1000)
