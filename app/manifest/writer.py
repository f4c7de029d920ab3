"""Writes one new version of one language to Redis, beside the one in use, and makes it the current one at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from app.inventory.sentences import N_
from app.manifest.errors import StoreTrouble
from app.manifest.plans import FINDING, STORED
from app.manifest.versions import VersionInfo, building_key, pack, pointer_key, table_key

_BATCH_RECORDS = 500
# What a killed run leaves behind goes by itself after this, should no later run remove it.
_UNFINISHED_S = 24 * 3600


class VersionWriter:
    """Records go out in batches of one pipelined write each. Raises StoreTrouble whenever Redis does."""

    def __init__(self, client: redis.Redis, locale: str, version_id: str) -> None:
        self._redis = client
        self.locale = locale
        self.id = version_id
        self.counts: dict[str, int] = {}
        self._table = ""
        self._batch: dict[bytes, bytes] = {}

    def begin(self) -> None:
        """Removes what an earlier run did not finish and what is left of this very version; leaves word of this run."""
        with _trouble():
            unfinished = self._redis.getset(building_key(self.locale), self.id)
            earlier = unfinished.decode() if isinstance(unfinished, bytes) else self.id
            self._redis.unlink(*_keys(self.locale, earlier), *_keys(self.locale, self.id))

    def add(self, table: str, definition_hash: int, record: bytes) -> None:
        """Tables must come one after another."""
        if table != self._table:
            self.flush()
            self._table = table
        self._batch[b"%d" % definition_hash] = record
        if len(self._batch) >= _BATCH_RECORDS:
            self.flush()

    def flush(self) -> None:
        if not self._batch:
            return
        key = table_key(self.locale, self.id, self._table)
        with _trouble(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hset(key, mapping=self._batch)  # type: ignore[arg-type]
            pipe.expire(key, _UNFINISHED_S)
            added, _ = pipe.execute()
        self.counts[self._table] = self.counts.get(self._table, 0) + added
        self._batch = {}

    def switch(self, info: VersionInfo, previous: VersionInfo | None, keep_previous_s: int) -> None:
        """Makes this version the current one by one SET; the previous one stays readable for `keep_previous_s`."""
        self._verify()
        with _trouble(), self._redis.pipeline(transaction=True) as pipe:
            for key in info.keys(info.tables()):
                pipe.persist(key)
            pipe.set(pointer_key(self.locale), pack(info))
            pipe.delete(building_key(self.locale))
            if previous:
                for key in previous.keys(previous.tables()):
                    pipe.expire(key, keep_previous_s)
            pipe.execute()

    def _verify(self) -> None:
        """Unfinished versions can expire, so Redis may have thrown parts away when it was short of memory."""
        with _trouble(), self._redis.pipeline(transaction=False) as pipe:
            for table in self.counts:
                pipe.hlen(table_key(self.locale, self.id, table))
            stored = pipe.execute()
        if stored != list(self.counts.values()):
            raise StoreTrouble(N_("Redis has lost a part of the new definitions; is its memory full?"))

    def discard(self) -> None:
        """Removes everything of this version."""
        self._batch = {}
        with _trouble():
            self._redis.unlink(*_keys(self.locale, self.id))
            self._redis.delete(building_key(self.locale))


def _keys(locale: str, version_id: str) -> list[str]:
    return [table_key(locale, version_id, table) for table in (*STORED, FINDING)]


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise StoreTrouble(
            N_("Redis did not take the new definitions (%(error)s)."), error=type(error).__name__
        ) from error
