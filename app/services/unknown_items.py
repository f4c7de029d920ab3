"""Items that the definitions do not know, because Bungie gave them out before their definitions: named one by one.

A page only leaves word of what it could not name; a worker asks Bungie, and the next page finds the name.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence

import redis

from app.bungie.client import BungieClient
from app.bungie.errors import BungieError, NotFound, Refused
from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.singles import SingleRecords
from app.manifest.store import DefinitionStore

MOST_AT_ONCE = 50
REFRESH_EVERY_S = 300
_PAUSE_S = 60.0
_MOST_REMEMBERED = 10_000

_log = logging.getLogger(__name__)


class UnknownItems:
    """`send` hands a locale and hashes to a worker and never raises. Pages call `report` freely."""

    def __init__(
        self, send: Callable[[str, Sequence[int]], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._send = send
        self._monotonic = monotonic
        self._not_before: dict[tuple[str, int], float] = {}
        self._guard = threading.Lock()

    def report(self, found: ResolvedDefinitions, wanted: Collection[int]) -> None:
        """Leaves word of the hashes that complete definitions do not have, of each at most once a minute."""
        if found.info is None or found.degraded:
            return
        unknown = [each for each in wanted if each > 0 and found.item(each) is None]
        if unknown and (due := self._due(found.version, unknown)):
            self._send(found.info.locale, due)

    def _due(self, version: str, hashes: Collection[int]) -> list[int]:
        now = self._monotonic()
        with self._guard:
            due = [each for each in hashes if self._not_before.get((version, each), 0.0) <= now][:MOST_AT_ONCE]
            if len(self._not_before) > _MOST_REMEMBERED:
                self._not_before.clear()
            self._not_before |= {(version, each): now + _PAUSE_S for each in due}
        return due


class SingleDefinitions:
    def __init__(
        self, client: BungieClient, store: DefinitionStore, records: SingleRecords, shared: redis.Redis
    ) -> None:
        self._client = client
        self._store = store
        self._records = records
        self._redis = shared

    def fetch(self, locale: str, hashes: Sequence[int]) -> bool:
        """Stores those that Bungie knows. Whether a refresh should follow: at most every REFRESH_EVERY_S it should."""
        try:
            return self._fetch(locale, hashes) and self._is_refresh_due()
        except redis.RedisError:
            return False  # the next page asks again
        except BungieError as error:
            _log.warning("unknown items wait for Bungie.net: %s", error)
            return False

    def _fetch(self, locale: str, hashes: Sequence[int]) -> bool:
        info = self._store.current(locale)
        if info is None:
            return False
        asked = False
        for each in hashes[:MOST_AT_ONCE]:
            if not self._records.claim(info, ITEM, each):
                continue
            if not self._records.has_allowance():
                break
            asked = True
            try:
                self._records.keep(info, ITEM, each, self._client.get_definition(ITEM, each, locale))
            except (NotFound, Refused):
                self._records.remember_unknown(info, ITEM, each)
        return asked

    def _is_refresh_due(self) -> bool:
        return bool(self._redis.set("m:single:refresh", b"asked", nx=True, ex=REFRESH_EVERY_S))
