"""Remembers for a few seconds that Bungie failed for somebody, so that each page view does not wait for it again.

Maintenance is everybody's: the first who meets it spares the others the question. And who has just been kept waiting
without an answer is not kept waiting for the next look.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import redis

from app.bungie import errors
from app.bungie.errors import BungieError
from app.services.outage import LOOK_EVERY_S, Outage

PAUSE_S = 10.0
# So long after that pause a look may still cost a page's whole patience, and is made while nobody waits for it.
LATELY_S = 20.0
_LONGEST_PAUSE_S = 60.0
_KINDS: dict[str, type[BungieError]] = {
    kind.__name__: kind
    for kind in (
        errors.Maintenance, errors.Throttled, errors.TokenRefused, errors.GrantRevoked, errors.NotFound,
        errors.Refused, errors.Unavailable, errors.BadPayload, errors.ApplicationRefused,
    )
}  # fmt: skip


class Troubles:
    """The last failure per membership, in Redis and in this process. `now` gives Unix seconds."""

    def __init__(
        self,
        client: redis.Redis,
        now: Callable[[], float] = time.time,
        pause_s: float = PAUSE_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._redis = client
        self._now = now
        self._pause_s = pause_s
        self._outage = Outage(client, now, look_every_s)
        self._local: dict[str, tuple[float, BungieError]] = {}
        self._guard = threading.Lock()

    def note(self, membership_id: str, error: BungieError) -> None:
        if isinstance(error, errors.Maintenance) and error.code:  # a bare page may be a gateway's moment of weakness
            self._outage.begin()
        pause_s = min(error.retry_after_s, _LONGEST_PAUSE_S) if isinstance(error, errors.Throttled) else self._pause_s
        with self._guard:
            self._forget_old()
            until = self._now() + pause_s
            self._local[membership_id] = (until, error)
        told = f"{type(error).__name__} {until!r}"
        try:
            self._redis.set(_key(membership_id), told, px=int((pause_s + LATELY_S) * 1000))
        except redis.RedisError:
            return

    def recent(self, membership_id: str) -> BungieError | None:
        """Why this player's profile should not be asked for now."""
        own = self._own(membership_id)
        if own is None and self._outage.is_on():
            return errors.Maintenance("since a moment ago")
        return own

    def lately(self, membership_id: str) -> BungieError | None:
        """Whether Bungie has let this player wait for nothing a moment ago. As of the last call of `recent`."""
        with self._guard:
            until, error = self._local.get(membership_id, (0.0, None))
        return error if isinstance(error, errors.Unavailable) and until + LATELY_S > self._now() else None

    def recovered(self, membership_id: str = "") -> None:
        """A good answer came: whatever was everybody's trouble is over, and what was this player's."""
        self._outage.end()
        with self._guard:
            had = self._local.pop(membership_id, None)
        if had:
            self.clear(membership_id)

    def _own(self, membership_id: str) -> BungieError | None:
        with self._guard:
            until, error = self._local.get(membership_id, (0.0, None))
        if error is not None and until > self._now():
            return error
        try:
            told = self._redis.get(_key(membership_id))
        except redis.RedisError:
            return None
        until, error = _read(told)
        with self._guard:
            if error is None:
                self._local.pop(membership_id, None)
            else:
                self._local[membership_id] = (until, error)
        return error if until > self._now() else None

    def clear(self, membership_id: str) -> None:
        with self._guard:
            self._local.pop(membership_id, None)
        try:
            self._redis.delete(_key(membership_id))
        except redis.RedisError:
            return

    def _forget_old(self) -> None:
        now = self._now()
        for key in [key for key, (until, _) in self._local.items() if until + LATELY_S <= now]:
            del self._local[key]


def _read(told: object) -> tuple[float, BungieError | None]:
    """Until when to leave Bungie alone, in Unix seconds, and why; (0, None) when nothing is told."""
    name, _, until = told.decode().partition(" ") if isinstance(told, bytes) else ("", "", "")
    kind = _KINDS.get(name)
    return (float(until), kind("a moment ago")) if kind and until else (0.0, None)


def _key(membership_id: str) -> str:
    return f"profile:troubled:{membership_id}"
