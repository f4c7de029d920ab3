"""The switch to a new version, made while pages go on with the one before.

A process that knows a version by heart would forget all of it at a switch, and every page would read it anew at the
same moment. Instead one thread reads what the process remembers out of the new version, in small pieces between which
pages run, and only then does the process begin to use it. A version outlives the switch away from it by an hour.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import redis

from app.manifest.cache import DefinitionCache, Memory
from app.manifest.plans import SMALL, Definition
from app.manifest.records import decode
from app.manifest.versions import VersionInfo

# How old a switch may become before pages make it themselves: longer than any reading takes.
LONGEST_WAIT_S = 30.0
# Who has had no page for longer than this has nobody to hold up, and may know a version of long ago.
LONGEST_IDLE_S = 60.0
# What was not read by then is read by the pages that need it.
_LONGEST_READING_S = 10.0
_AGAIN_AFTER_S = 1.0
_BATCH_RECORDS = 50
# Between two pieces the thread rests for so many times as long as the piece took.
_REST = 2.0

_log = logging.getLogger(__name__)

Row = tuple[int, bytes | None]


class Warmer:
    """One language after the other: two versions of one of them are the most that is in memory.

    `client` must not be the one of pages: it may be patient, and what it meets must not make them leave Redis alone.
    """

    def __init__(self, client: redis.Redis, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = client
        self._monotonic = monotonic
        self._preparations: list[Callable[[VersionInfo, redis.Redis], None]] = []
        self._coming: dict[str, tuple[str, float]] = {}  # by language: the version, and when it was first seen
        self._current_at: dict[str, float] = {}  # by language: when a page last found its version to be the current one
        self._is_busy = False
        self._not_before = 0.0
        self._guard = threading.Lock()

    def before_each(self, prepare: Callable[[VersionInfo, redis.Redis], None]) -> None:
        """`prepare` is called before every switch to read what it needs; it may raise redis.RedisError."""
        self._preparations.append(prepare)

    def note_current(self, locale: str) -> None:
        """Told by every page whose version is the current one."""
        self._current_at[locale] = self._monotonic()

    def is_coming(
        self, info: VersionInfo, cache: DefinitionCache, old: Memory, adopt: Callable[[Memory], None]
    ) -> bool:
        """Whether the page may go on with the version it knows, because `info` is being read meanwhile.

        Called by every page that sees a new version; the first one sets the reading going. What was read of all
        that is in `old` is handed to `adopt`.
        """
        now = self._monotonic()
        if now - self._current_at.get(info.locale, -LONGEST_IDLE_S) >= LONGEST_IDLE_S:
            return False
        with self._guard:
            version_id, since = self._coming.get(info.locale, ("", now))
            if version_id != info.id:
                self._coming[info.locale] = (info.id, now)
            elif now - since > LONGEST_WAIT_S:
                return False
            if self._is_busy or now < self._not_before:
                return True
            self._is_busy = True
        arguments = (info, cache, old, adopt)
        threading.Thread(target=self._run, args=arguments, name="definitions-warming", daemon=True).start()
        return True

    def _run(self, info: VersionInfo, cache: DefinitionCache, old: Memory, adopt: Callable[[Memory], None]) -> None:
        try:
            new = self._read(info, cache, old)
            for prepare in self._preparations:
                prepare(info, self._redis)
            if self._redis.exists(*info.keys(info.tables())) == len(info.tables()):
                adopt(new)
        except redis.RedisError as error:
            _log.info("the switch to new definitions waits for Redis: %s", type(error).__name__)
        finally:
            self._not_before = self._monotonic() + _AGAIN_AFTER_S
            self._is_busy = False

    def _read(self, info: VersionInfo, cache: DefinitionCache, old: Memory) -> Memory:
        """The new version's definitions of all that is remembered of the old one, as far as there is time."""
        ends = self._monotonic() + _LONGEST_READING_S
        new = Memory()
        whole = ((table, self._decoded(table, self._whole(info, table))) for table in info.tables(SMALL))
        new.small = {table: dict(_known(rows)) for table, rows in whole}
        wanted: dict[str, list[int]] = defaultdict(list)
        for table, each in cache.keys(old):
            wanted[table].append(each)
        for table in info.tables(wanted):
            rows = self._rows(info, table, wanted[table], ends)
            new.entries.update(((table, each), known) for each, known in _known(self._decoded(table, rows)))
        return new

    def _whole(self, info: VersionInfo, table: str) -> Iterator[Row]:
        (key,) = info.keys([table])
        for field, record in self._redis.hscan_iter(key, count=_BATCH_RECORDS):
            yield int(field), record

    def _rows(self, info: VersionInfo, table: str, hashes: list[int], ends: float) -> Iterator[Row]:
        (key,) = info.keys([table])
        for start in range(0, len(hashes), _BATCH_RECORDS):
            if self._monotonic() > ends:
                return
            batch = hashes[start : start + _BATCH_RECORDS]
            yield from zip(batch, self._redis.hmget(key, [str(each) for each in batch]), strict=True)

    def _decoded(self, table: str, rows: Iterable[Row]) -> Iterator[tuple[int, Definition | None]]:
        """One piece after the other, with rests that leave the processor to pages."""
        rows = iter(rows)
        while True:
            began = self._monotonic()
            piece = [(each, decode(table, each, row) if row else None) for each, row in islice(rows, _BATCH_RECORDS)]
            if not piece:
                return
            time.sleep((self._monotonic() - began) * _REST)
            yield from piece


def _known(definitions: Iterable[tuple[int, Definition | None]]) -> Iterator[tuple[int, Definition]]:
    return ((each, definition) for each, definition in definitions if definition is not None)
