"""Where an account has signed in before: there its owner is not counted together with strangers who guess elsewhere."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import redis

_KEEP = timedelta(days=30)


class KnownPlaces:
    """Kept in Redis as keyed digests, so that neither names nor addresses can be read there. Forgets by itself."""

    def __init__(self, client: redis.Redis, secret: str) -> None:
        self._redis = client
        self._secret = secret.encode()

    def remember(self, name: str, address: str) -> None:
        """After a good sign-in. Without Redis nothing is remembered, and nobody is kept out because of that."""
        try:
            self._redis.set(self._key(name, address), b"1", ex=_KEEP)
        except redis.RedisError:
            return

    def knows(self, name: str, address: str) -> bool:
        try:
            return bool(self._redis.exists(self._key(name, address)))
        except redis.RedisError:
            return False

    def _key(self, name: str, address: str) -> str:
        text = f"{name}\0{address}".encode("utf-8", "surrogatepass")
        return f"place:{hmac.new(self._secret, text, hashlib.sha256).hexdigest()}"
