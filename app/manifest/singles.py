"""Definitions that came one by one, for hashes that are newer than the version in use. They lie beside its others.

A hash is asked for by one process at a time; one that Bungie does not know is left alone for a while.
"""

from __future__ import annotations

from typing import Any

import redis

from app.manifest.build import Builder
from app.manifest.records import SINGLE, encode
from app.manifest.versions import VersionInfo, table_key

ASKED_FOR_S = 60
UNKNOWN_FOR_S = 3600

# Only into a version that is still there: a record alone would be a key that nobody ever removes.
_KEEP = "if redis.call('exists', KEYS[1]) == 1 then return redis.call('hset', KEYS[1], ARGV[1], ARGV[2]) end return 0"


class SingleRecords:
    """Every method raises redis.RedisError when Redis does not answer."""

    def __init__(self, client: redis.Redis, most_a_minute: int = 30) -> None:
        self._redis = client
        self._most_a_minute = most_a_minute

    def claim(self, info: VersionInfo, table: str, definition_hash: int) -> bool:
        """Whether the caller shall ask Bungie for it: it is not stored, and nobody has asked lately."""
        if self._redis.hexists(table_key(info.locale, info.id, table), str(definition_hash)):
            return False
        key = _asked_key(info, table, definition_hash)
        return bool(self._redis.set(key, b"asked", nx=True, ex=ASKED_FOR_S))

    def has_allowance(self) -> bool:
        """Takes one of the `most_a_minute` questions that all processes together may ask."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set("m:single:allowance", 0, nx=True, ex=60)
            pipe.incr("m:single:allowance")
            return bool(pipe.execute()[1] <= self._most_a_minute)

    def keep(self, info: VersionInfo, table: str, definition_hash: int, raw: dict[str, Any]) -> None:
        """Stores the same slim record that a refresh would make of it, marked as one that the version came without."""
        record = Builder().record(table, definition_hash, raw)
        if record is not None:
            self._redis.eval(
                _KEEP,
                1,
                table_key(info.locale, info.id, table),
                str(definition_hash),
                encode(record | {SINGLE: True}),
            )

    def remember_unknown(self, info: VersionInfo, table: str, definition_hash: int) -> None:
        """Bungie does not know it either: the next question is an hour away, or a new version."""
        self._redis.set(_asked_key(info, table, definition_hash), b"unknown", ex=UNKNOWN_FOR_S)


def _asked_key(info: VersionInfo, table: str, definition_hash: int) -> str:
    return f"m:single:{info.locale}:{info.id}:{table}:{definition_hash}"
