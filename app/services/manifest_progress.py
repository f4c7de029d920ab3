"""How far a running refresh is, told a few times a second; telling also keeps its lock alive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis

from app.inventory.sentences import N_
from app.manifest.errors import LockLost, StoreTrouble
from app.manifest.lock import RunLock

_TELL_EVERY_S = 0.3


class Progress:
    """The watcher of `ManifestSource.open` and `write_version`. Raises LockLost when another run has taken over."""

    def __init__(self, lock: RunLock, owner: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lock = lock
        self._owner = owner
        self._monotonic = monotonic
        self._told_at = self._extended_at = monotonic()
        self._stage = ""
        self.locale = ""
        self.bytes_downloaded = 0
        self.rows_read = 0

    def begin_locale(self, locale: str) -> None:
        self.locale = locale
        self.bytes_downloaded = self.rows_read = 0

    def stage(self, name: str) -> None:
        self._stage = name
        self._tick()

    def downloaded(self, count: int) -> None:
        self.bytes_downloaded += count
        self._tick()

    def unpacked(self, _count: int) -> None:
        self._tick()

    def read(self, rows: int) -> None:
        self.rows_read += rows
        self._tick()

    def _tick(self) -> None:
        now = self._monotonic()
        if now - self._told_at < _TELL_EVERY_S:
            return
        self._told_at = now
        with _trouble():
            self._tell(now)

    def confirm(self) -> None:
        """Makes sure that the lock is still ours, whatever the time: before something that others can see."""
        with _trouble():
            self._extend(self._monotonic())

    def _tell(self, now: float) -> None:
        self._lock.tell(
            self._owner,
            {
                "stage": f"{self.locale}: {self._stage}",
                "bytes_downloaded": self.bytes_downloaded,
                "rows_read": self.rows_read,
            },
        )
        if now - self._extended_at >= self._lock.ttl_s / 4:
            self._extend(now)

    def _extend(self, now: float) -> None:
        if not self._lock.extend(self._owner):
            raise LockLost(
                N_(
                    "This run lost its lock: it stood still and another one has taken over, or Redis ran short of"
                    " memory."
                )
            )
        self._extended_at = now


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise StoreTrouble(N_("Redis does not answer (%(error)s)."), error=type(error).__name__) from error
