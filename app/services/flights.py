"""One at a time per key, across processes: the first asker works, the others wait for what it leaves behind.

Redis holds the claim (SET NX with an owner token); without Redis the claim is this process's own. A claim ends by
itself, so a killed worker blocks nobody for longer than `claim_s`.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis

# Deletes the claim only while it is still ours: a slow owner must not end its successor's.
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Flights:
    def __init__(
        self, client: redis.Redis, claim_s: float = 20.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = client
        self._claim_s = claim_s
        self._monotonic = monotonic
        self._local: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def claim(self, key: str) -> Iterator[bool]:
        """Whether the caller is the one to do the work; the claim ends with the block."""
        owner = secrets.token_hex(8)
        if not self._claim_here(key):
            yield False
            return
        try:
            mine = self._claim_everywhere(key, owner)
            try:
                yield mine
            finally:
                if mine:
                    self._release_everywhere(key, owner)
        finally:
            with self._guard:
                self._local.pop(key, None)

    def _claim_here(self, key: str) -> bool:
        now = self._monotonic()
        with self._guard:
            if self._local.get(key, 0.0) > now:
                return False
            self._local[key] = now + self._claim_s
            return True

    def _claim_everywhere(self, key: str, owner: str) -> bool:
        try:
            return bool(self._redis.set(f"flight:{key}", owner, nx=True, px=int(self._claim_s * 1000)))
        except redis.RedisError:
            return True  # alone in this process is the best there is without Redis

    def _release_everywhere(self, key: str, owner: str) -> None:
        try:
            self._redis.eval(_RELEASE, 1, f"flight:{key}", owner)
        except redis.RedisError:
            return  # the claim expires by itself
