"""Fetched profiles, slim, in Redis: fresh ones spare Bungie a call, old ones are what an outage shows.

Without Redis the same entries live in this process only.
"""

from __future__ import annotations

import secrets
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis

from app.inventory.profile import Profile
from app.services import profile_codec
from app.services.later import Job, at_once

KEEP_S = 7 * 24 * 3600
_LOCAL_ENTRIES = 32
_PATIENCE_S = 1
# Adds fields to an entry only while it is the one that they belong to: not to a newer one, not to a forgotten player's.
_ADD_DETAILS = """
if redis.call('hget', KEYS[1], 'at') ~= ARGV[1] then return 0 end
return redis.call('hset', KEYS[1], unpack(ARGV, 2))
"""
_FORGOTTEN = "profiles:forgotten"  # changes whenever a player is forgotten


@dataclass(frozen=True, slots=True)
class CachedProfile:
    """A profile and when it was fetched, in Unix seconds."""

    profile: Profile
    fetched_at: float


class ProfileCache:
    """Last good profile per membership. Redis trouble is never an error here: then this process remembers alone."""

    def __init__(self, client: redis.Redis, later: Callable[[Job], None] = at_once) -> None:
        self._redis = client
        self._later = later
        self._local: OrderedDict[str, CachedProfile] = OrderedDict()
        self._forgotten = b""
        self._local_lock = threading.Lock()

    def read(self, membership_id: str) -> CachedProfile | None:
        """The newest entry known. An entry that this process has already decoded costs one small read."""
        try:
            stamp = self._stamp(membership_id)
            local = self._remembered(membership_id)
            if stamp is None or (local and float(stamp) <= local.fetched_at):
                return local
            entry = self._redis.hgetall(_key(membership_id))
        except redis.RedisError:
            return self._remembered(membership_id)
        return self._decode(membership_id, entry) or local

    def write(self, membership_id: str, profile: Profile, fetched_at: float) -> CachedProfile:
        """Remembers a profile. Its details follow when there is time: they are bulky, and the vault shows none."""
        cached = CachedProfile(profile, fetched_at)
        self._remember(membership_id, cached)
        entry = profile_codec.encode(profile) | {"at": _stamped(cached)}
        try:
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(_key(membership_id))
                pipe.hset(_key(membership_id), mapping=entry)  # type: ignore[arg-type]
                pipe.expire(_key(membership_id), KEEP_S)
                pipe.execute()
        except redis.RedisError:
            pass  # the local copy stands in; the page says when Redis is needed for more
        self._later(lambda: self._write_details(membership_id, cached))
        return cached

    def export(self, membership_id: str) -> dict[str, Any] | None:
        """The entry as plain values, ready for JSON, or None when nothing is remembered."""
        cached = self.read(membership_id)
        if cached is None:
            return None
        return profile_codec.export(cached.profile) | {"fetched_at_unix_s": cached.fetched_at}

    def forget(self, membership_id: str) -> None:
        """Raises redis.RedisError when the shared entry may still be there.

        Every other process drops what it remembers with the next page that it reads, whosever page that is: Redis
        tells them that somebody was forgotten, but not who.
        """
        with self._local_lock:
            self._local.pop(membership_id, None)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(_key(membership_id))
            pipe.set(_FORGOTTEN, secrets.token_bytes(8))
            pipe.execute()

    def _write_details(self, membership_id: str, cached: CachedProfile) -> None:
        """Also lets go of Bungie's answer, which is a hundred times as large as its packed details."""
        small = CachedProfile(profile_codec.packed(cached.profile), cached.fetched_at)
        with self._local_lock:
            if self._local.get(membership_id) is cached:
                self._local[membership_id] = small
        fields = profile_codec.encode_details(small.profile)
        flat = [each for pair in fields.items() for each in pair]
        with suppress(redis.RedisError):
            self._redis.eval(_ADD_DETAILS, 1, _key(membership_id), _stamped(cached), *flat)

    def _read_parts(self, membership_id: str) -> Mapping[str, bytes]:
        """The details of an entry whose writer, another process, is just about to add them."""
        with suppress(redis.RedisError):
            for _ in range(_PATIENCE_S * 20):
                fields = _named(self._redis.hgetall(_key(membership_id)))
                if profile_codec.is_whole(fields):
                    return profile_codec.parts_of(fields)
                time.sleep(0.05)
        return {}

    def _stamp(self, membership_id: str) -> bytes | None:
        """When the shared entry was fetched; lets go of this process's own ones if somebody was forgotten meanwhile."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hget(_key(membership_id), "at")
            pipe.get(_FORGOTTEN)
            stamp, forgotten = pipe.execute()
        # An emptied Redis forgets nobody: what this process has is all there is.
        if forgotten and forgotten != self._forgotten:
            with self._local_lock:
                self._local.clear()
            self._forgotten = forgotten
        return stamp  # type: ignore[no-any-return]

    def _decode(self, membership_id: str, entry: Mapping[Any, Any]) -> CachedProfile | None:
        try:
            fields = _named(entry)
            parts = profile_codec.parts_of(fields)
            is_whole = profile_codec.is_whole(fields)
            profile = profile_codec.decode(fields, lambda: parts if is_whole else self._read_parts(membership_id))
            cached = CachedProfile(profile, float(fields["at"]))
        except (KeyError, ValueError, TypeError, zlib.error):
            return None  # cut off or foreign: the next fetch replaces it
        self._remember(membership_id, cached)
        return cached

    def _remember(self, membership_id: str, cached: CachedProfile) -> None:
        with self._local_lock:
            self._local[membership_id] = cached
            self._local.move_to_end(membership_id)
            while len(self._local) > _LOCAL_ENTRIES:
                self._local.popitem(last=False)

    def _remembered(self, membership_id: str) -> CachedProfile | None:
        with self._local_lock:
            return self._local.get(membership_id)


def _named(entry: Mapping[Any, Any]) -> dict[str, bytes]:
    return {name.decode(): value for name, value in entry.items()}


def _stamped(cached: CachedProfile) -> bytes:
    return repr(cached.fetched_at).encode()


def _key(membership_id: str) -> str:
    return f"profile:{profile_codec.FORMAT}:{membership_id}"
