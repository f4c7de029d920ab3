"""Bungie has switched its API off: known to every process at once, and only one request a minute looks for the end.

Without Redis each process knows and looks for itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import redis

LOOK_EVERY_S = 60.0
_KEY = "bungie:outage"
# Whoever looks has this long to come back before the next one looks.
_LOOK_TAKES_S = 15.0
_FORGET_AFTER_S = 900

# ARGV: now, until when the others wait while one looks. Answers 1 = it is on, 0 = it is not, or it is yours to look.
_IS_ON = """
local until_s = redis.call('get', KEYS[1])
if not until_s then return 0 end
if tonumber(until_s) > tonumber(ARGV[1]) then return 1 end
redis.call('set', KEYS[1], ARGV[2], 'KEEPTTL')
return 0
"""


class Outage:
    """`now` gives Unix seconds."""

    def __init__(
        self, client: redis.Redis, now: Callable[[], float] = time.time, look_every_s: float = LOOK_EVERY_S
    ) -> None:
        self._redis = client
        self._now = now
        self._look_every_s = look_every_s
        self._until = 0.0
        self._guard = threading.Lock()

    def begin(self) -> None:
        """Maintenance was seen; also when a look has found it still on."""
        self._until = self._now() + self._look_every_s
        try:
            self._redis.set(_KEY, repr(self._until), ex=_FORGET_AFTER_S)
        except redis.RedisError:
            return

    def end(self) -> None:
        """A good answer came."""
        self._until = 0.0
        try:
            self._redis.delete(_KEY)
        except redis.RedisError:
            return

    def is_on(self) -> bool:
        """Whether to leave Bungie.net alone. False also for the one request whose turn it is to look."""
        now = self._now()
        try:
            return bool(self._redis.eval(_IS_ON, 1, _KEY, repr(now), repr(now + _LOOK_TAKES_S)))
        except redis.RedisError:
            return self._is_on_here(now)

    def _is_on_here(self, now: float) -> bool:
        with self._guard:
            if self._until == 0 or self._until > now:
                return self._until > now
            self._until = now + _LOOK_TAKES_S
            return False
