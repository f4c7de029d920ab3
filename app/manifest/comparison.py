"""Holds the items that are being written against those of the version in use, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import redis

from app.inventory.sentences import N_
from app.manifest.build import Record
from app.manifest.difference import Difference
from app.manifest.errors import StoreTrouble
from app.manifest.plans import BUILD_FORMAT, ITEM
from app.manifest.records import SINGLE
from app.manifest.versions import VersionInfo

_BATCH_RECORDS = 500


class Comparison:
    """Feed it every new item with `see`, then ask `finish`. Raises StoreTrouble when Redis does not answer.

    Records of another build format are compared by name only, because their other fields may mean something else.
    What came one by one beside the version in use is no part of it: the new version brings it.
    """

    def __init__(self, client: redis.Redis, previous: VersionInfo) -> None:
        self._redis = client
        self._previous = previous
        (self._key,) = previous.keys([ITEM])
        self._is_same_format = previous.build_format == BUILD_FORMAT
        self._batch: dict[int, bytes] = {}
        self._seen: set[int] = set()
        self._met = 0
        self._difference = Difference()

    def see(self, item_hash: int, record: bytes) -> None:
        if item_hash not in self._seen:
            self._seen.add(item_hash)
            self._batch[item_hash] = record
        if len(self._batch) >= _BATCH_RECORDS:
            self._compare()

    def finish(self) -> Difference | None:
        """None when the version before was not whole: then nobody knows what changed."""
        self._compare()
        self._find_removed()
        return self._difference if self._met == self._previous.counts.get(ITEM) else None

    def _compare(self) -> None:
        batch, self._batch = self._batch, {}
        if batch:
            try:
                before = self._redis.hmget(self._key, list(batch))
            except redis.RedisError as error:
                raise _trouble(error) from error
            self._note_all(batch, before)

    def _note_all(self, batch: dict[int, bytes], before: Iterable[Any]) -> None:
        for (item_hash, after), old in zip(batch.items(), before, strict=True):
            if old == after:
                self._met += 1
            else:
                self._note(item_hash, old, after)

    def _find_removed(self) -> None:
        try:
            for key, record in self._redis.hscan_iter(self._key, count=_BATCH_RECORDS):
                if int(key) not in self._seen:
                    self._seen.add(int(key))
                    self._note(int(key), record, None)
        except redis.RedisError as error:
            raise _trouble(error) from error

    def _note(self, item_hash: int, before: bytes | None, after: bytes | None) -> None:
        try:
            old, new = _record(before), _record(after)
        except ValueError:  # what was damaged in Redis is no news
            self._met += before is not None
            return
        if old is not None and SINGLE in old:
            old = None
        self._met += old is not None
        if old is not None or new is not None:
            self._difference.note(item_hash, old, new, is_same_format=self._is_same_format)


def _record(stored: bytes | None) -> Record | None:
    """Raises ValueError for what is no record."""
    if stored is None:
        return None
    record: Record = orjson.loads(stored)
    return record


def _trouble(error: redis.RedisError) -> StoreTrouble:
    return StoreTrouble(N_("Redis did not give the old definitions (%(error)s)."), error=type(error).__name__)
