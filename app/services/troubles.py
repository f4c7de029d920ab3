"""Remembers for a few seconds that Bungie failed for somebody, so that each page view does not wait for it again.

Maintenance is everybody's: the first who meets it spares the others the question.
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
            self._local[membership_id] = (self._now() + pause_s, error)
        try:
            self._redis.set(_key(membership_id), type(error).__name__, px=int(pause_s * 1000) or 1)
        except redis.RedisError:
            return

    def recent(self, membership_id: str) -> BungieError | None:
        """Why this player's profile should not be asked for now."""
        own = self._own(membership_id)
        if own is None and self._outage.is_on():
            return errors.Maintenance("since a moment ago")
        return own

    def recovered(self) -> None:
        """A good answer came: whatever was everybody's trouble is over."""
        self._outage.end()

    def _own(self, membership_id: str) -> BungieError | None:
        with self._guard:
            until, error = self._local.get(membership_id, (0.0, None))
        if error is not None and until > self._now():
            return error
        try:
            name = self._redis.get(_key(membership_id))
        except redis.RedisError:
            return None
        kind = _KINDS.get(name.decode() if isinstance(name, bytes) else "")
        return kind("a moment ago") if kind else None

    def clear(self, membership_id: str) -> None:
        with self._guard:
            self._local.pop(membership_id, None)
        try:
            self._redis.delete(_key(membership_id))
        except redis.RedisError:
            return

    def _forget_old(self) -> None:
        now = self._now()
        for key in [key for key, (until, _) in self._local.items() if until <= now]:
            del self._local[key]


def _key(membership_id: str) -> str:
    return f"profile:trouble:{membership_id}"
