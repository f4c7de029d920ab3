"""Between Redis and this machine's disk: keeps the copy of the version in use, and fills an emptied Redis from it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import redis

from app.manifest.disk import DiskCopies, DiskCopy, StoredRow
from app.manifest.errors import CopyTrouble, StoreTrouble
from app.manifest.versions import VersionInfo
from app.manifest.writer import VersionWriter

_log = logging.getLogger(__name__)

_BATCH_RECORDS = 500
# A refresh writes its copy within seconds of the switch. Who shares its disk need not do that again.
_LEFT_TO_THE_REFRESH_S = 60.0
_LOOK_AGAIN_S = 300.0


class CopyKeeper:
    """Nothing here is worth failing for: trouble with the disk is logged, and pages go on from Redis."""

    def __init__(
        self,
        client: redis.Redis,
        copies: DiskCopies,
        patience_s: float = _LEFT_TO_THE_REFRESH_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = client
        self.copies = copies
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._due: dict[str, tuple[str, float]] = {}  # by language: the version id, and when to look for its copy
        self._guard = threading.Lock()

    def keep(self, info: VersionInfo) -> None:
        """Sees to it that the copy here is of this version, which is read from Redis in batches. Never raises."""
        try:
            have = self.copies.info(info.locale)
            if have is None or have.id != info.id:
                self.copies.save(info, ((table, self._rows(info, table)) for table in info.tables()))
        except (CopyTrouble, redis.RedisError) as error:
            _log.warning("no copy of the definitions in %s was kept: %s", info.locale, error)

    def watch(self, info: VersionInfo) -> None:
        """Told by every page which version it uses: on a machine that no refresh has written to, keeps one itself."""
        now = self._monotonic()
        with self._guard:
            known, due = self._due.get(info.locale, ("", 0.0))
            if known == info.id and now < due:
                return
            self._due[info.locale] = (info.id, now + (_LOOK_AGAIN_S if known == info.id else self._patience_s))
        if known == info.id:
            threading.Thread(target=self.keep, args=(info,), name="definitions-copy", daemon=True).start()

    def restore(self, locale: str) -> VersionInfo | None:
        """Fills Redis from the copy and makes it the current version again, under its own id.

        None when there is no copy that can be read. Raises StoreTrouble.
        """
        with self.copies.open(locale) as copy:
            if copy is None:
                return None
            writer = VersionWriter(self._redis, locale, copy.info.id)
            try:
                _write(copy, writer)
            except CopyTrouble as error:
                _log.warning("the copy of the definitions in %s cannot be used: %s", locale, error)
                _forget(writer)
                return None
            except BaseException:
                _forget(writer)
                raise
            return copy.info

    def _rows(self, info: VersionInfo, table: str) -> Iterator[StoredRow]:
        (key,) = info.keys([table])
        for field, record in self._redis.hscan_iter(key, count=_BATCH_RECORDS):
            yield int(field), record


def _write(copy: DiskCopy, writer: VersionWriter) -> None:
    writer.begin()
    for table in copy.info.tables():
        for definition_hash, record in copy.rows(table):
            writer.add(table, definition_hash, record)
    writer.flush()
    writer.switch(copy.info, None, 0)


def _forget(writer: VersionWriter) -> None:
    with suppress(StoreTrouble):  # then it expires by itself
        writer.discard()
