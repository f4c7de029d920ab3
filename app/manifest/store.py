"""The definitions in Redis, versioned, and how a page gets those it needs: one pipelined read plus what is remembered.

A page reads the pointer once and sticks to that version; the version before it stays readable for a while.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import redis

from app.manifest.anchors import check_anchors
from app.manifest.cache import DefinitionCache, Memory, SmallTables
from app.manifest.comparison import Comparison
from app.manifest.errors import CopyTrouble
from app.manifest.keeper import CopyKeeper
from app.manifest.plans import BUILD_FORMAT, FINDING, PLANS, SMALL, STORED, Definition
from app.manifest.records import decode
from app.manifest.resolved import ResolvedDefinitions, Tables
from app.manifest.versions import Provenance, VersionInfo, pointer_key, unpack
from app.manifest.warming import Warmer
from app.manifest.writer import VersionWriter

Wanted = Mapping[str, Collection[int]]

# The version that this process knows, the one that is current, and once more should that vanish meanwhile.
_ATTEMPTS = 3


class _Known(NamedTuple):
    """A pointer as it was last read, what it says, and what is remembered of that version."""

    pointer: bytes
    info: VersionInfo
    memory: Memory


class _Lacking(NamedTuple):
    """What has to be read for one page, and what is remembered already.

    `small`: the small tables that are to be read, none of them or all.
    """

    found: dict[str, dict[int, Definition | None]]
    hashes: dict[str, list[int]]
    small: list[str]
    known: SmallTables


class DefinitionStore:
    """`client` must return bytes. In the web process give it short timeouts: a page waits for it once.

    `keeper` has the copy on disk that pages fall back to; without one there is only what the process remembers.
    `warmer` makes switches behind the pages' back; without one the page that meets a switch makes it.
    """

    def __init__(
        self,
        client: redis.Redis,
        cache: DefinitionCache | None = None,
        keep_previous_s: int = 3600,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_build: Callable[[], str] = lambda: secrets.token_hex(3),
        *,
        keeper: CopyKeeper | None = None,
        warmer: Warmer | None = None,
    ) -> None:
        self._redis = client
        self._cache = DefinitionCache() if cache is None else cache
        self._keep_previous_s = keep_previous_s
        self._clock = clock
        self._new_build = new_build
        self._keeper = keeper
        self._warmer = warmer
        self._known: dict[str, _Known] = {}

    # --- for pages ---------------------------------------------------------------------------------------------

    def resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        """Definitions of these hashes by table, from the current version. Never raises for Redis trouble.

        Small tables are always complete, so only item hashes need naming.
        """
        try:
            found, is_cut_off = self._resolve(locale, wanted), False
        except redis.RedisError:
            found, is_cut_off = None, True
        if found is None:
            return self._without_redis(locale, wanted, is_cut_off=is_cut_off)
        if self._keeper and found.info:
            self._keeper.watch(found.info)
        return found

    def remembered(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        """What this process knows of the version in use, without asking anybody: good for finding out what to ask for.

        None of it is sure to be there, and before the first page nothing is.
        """
        known = self._known.get(locale)
        if known is None:
            return ResolvedDefinitions(None, {})
        large = {table for table in known.info.tables(wanted) if table in PLANS and not PLANS[table].is_small}
        found = {table: self._cache.peek(known.memory, table, wanted[table]) for table in large}
        return ResolvedDefinitions(known.info, {**(known.memory.small or {}), **found})

    def in_use(self, locale: str) -> VersionInfo | None:
        """The version that pages of this process use now; None before the first of them."""
        known = self._known.get(locale)
        return known.info if known else None

    def _resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions | None:
        """None when there is no complete current version."""
        known = self._known.get(locale)
        is_new = False
        for _ in range(_ATTEMPTS):
            lacking = self._lacking(known.info, known.memory, wanted) if known else _Lacking({}, {}, [], {})
            pointer, is_whole, answers = self._read(locale, known, lacking)
            # A pointer read during this very page may be stuck to: its version outlives the next switch by an hour.
            if known and is_whole and (self._may_use(known, pointer) or is_new):
                return ResolvedDefinitions(known.info, self._join(known.memory, lacking, answers))
            info = unpack(pointer) if pointer else None
            if info is None:
                return None
            known, is_new = _Known(pointer, info, self._cache.of(info)), True
            self._known[locale] = known
        return None

    def _may_use(self, known: _Known, pointer: bytes) -> bool:
        """Whether this version is the current one, or the next one is being read in the background."""
        if self._warmer is None:
            return pointer == known.pointer
        if pointer == known.pointer:
            self._warmer.note_current(known.info.locale)
            return True
        info = unpack(pointer) if pointer else None
        if info is None or known.memory.is_empty:
            return False

        def adopt(memory: Memory) -> None:
            self._cache.replace(info, memory)
            self._known[info.locale] = _Known(pointer, info, memory)

        return self._warmer.is_coming(info, self._cache, known.memory, adopt)

    def _lacking(self, info: VersionInfo, memory: Memory, wanted: Wanted) -> _Lacking:
        small = memory.small
        lacking = _Lacking({}, {}, info.tables(SMALL) if small is None else [], small or {})
        for table in info.tables(wanted):
            if table in PLANS and not PLANS[table].is_small:
                lacking.found[table], lacking.hashes[table] = self._cache.pick(memory, table, wanted[table])
        return lacking

    def _read(self, locale: str, known: _Known | None, lacking: _Lacking) -> tuple[bytes, bool, list[Any]]:
        """One round trip: the pointer, whether the keys of the known version are all there, and their content."""
        hashes = {table: each for table, each in lacking.hashes.items() if each}
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.get(pointer_key(locale))
            if known:
                keys = known.info.keys([*lacking.small, *hashes])
                for key in keys[: len(lacking.small)]:
                    pipe.hgetall(key)
                for key, each in zip(keys[len(lacking.small) :], hashes.values(), strict=True):
                    pipe.hmget(key, each)
                # Asked last: a key that is still there was there while it was read.
                pipe.exists(*keys or [pointer_key(locale)])
            pointer, *rest = pipe.execute()
        if not known:
            return pointer or b"", False, []
        return pointer or b"", rest[-1] == max(1, len(keys)), rest[:-1]

    def _join(self, memory: Memory, lacking: _Lacking, answers: list[Any]) -> Tables:
        small = lacking.known
        if lacking.small:
            whole = zip(lacking.small, answers, strict=False)
            small = memory.small = {table: _decode_table(table, rows) for table, rows in whole}
        asked = ((table, hashes) for table, hashes in lacking.hashes.items() if hashes)
        for (table, hashes), rows in zip(asked, answers[len(lacking.small) :], strict=True):
            read = {each: decode(table, each, row) if row else None for each, row in zip(hashes, rows, strict=True)}
            self._cache.keep(memory, table, read)
            lacking.found[table].update(read)
        return {**small, **lacking.found}

    def _without_redis(self, locale: str, wanted: Wanted, *, is_cut_off: bool) -> ResolvedDefinitions:
        """From the copy on disk, which is whole; else from what this process remembers of the last version it saw."""
        info, tables = self._from_copy(locale, wanted) or self._from_memory(locale, wanted)
        return ResolvedDefinitions(info, tables, degraded=is_cut_off or info is not None, cut_off=is_cut_off)

    def _from_copy(self, locale: str, wanted: Wanted) -> tuple[VersionInfo, Tables] | None:
        if self._keeper is None:
            return None
        with self._keeper.copies.open(locale) as copy:
            if copy is None:
                return None
            memory = self._cache.of(copy.info)
            lacking = self._lacking(copy.info, memory, wanted)
            try:
                answers: list[Any] = [dict(copy.rows(table)) for table in lacking.small]
                answers += [copy.records(table, each) for table, each in lacking.hashes.items() if each]
            except CopyTrouble:
                return None
            return copy.info, self._join(memory, lacking, answers)

    def _from_memory(self, locale: str, wanted: Wanted) -> tuple[VersionInfo | None, Tables]:
        known = self._known.get(locale)
        if known is None:
            return None, {}
        lacking = self._lacking(known.info, known.memory, wanted)
        return known.info, {**lacking.known, **lacking.found}

    # --- for the refresh -----------------------------------------------------------------------------------------

    def current(self, locale: str) -> VersionInfo | None:
        """The version in use. Raises redis.RedisError."""
        pointer = self._redis.get(pointer_key(locale))
        return unpack(pointer) if isinstance(pointer, bytes) else None

    def is_whole(self, info: VersionInfo) -> bool:
        """Whether Redis still has every table of a version. Raises redis.RedisError."""
        keys = info.keys(info.tables())
        return bool(keys) and self._redis.exists(*keys) == len(keys)

    def restore(self, locale: str) -> VersionInfo | None:
        """Fills Redis from the copy on disk; None when there is no such copy. Raises StoreTrouble."""
        return self._keeper.restore(locale) if self._keeper else None

    def keep_copy(self, info: VersionInfo) -> None:
        """Sees to it that this machine's disk has a copy of the version in use. Never raises."""
        if self._keeper:
            self._keeper.keep(info)

    def comparison(self, previous: VersionInfo) -> Comparison:
        """For finding out what a version in the making changes."""
        return Comparison(self._redis, previous)

    def check_anchors(self, previous: VersionInfo, writer: VersionWriter, named_buckets: Iterable[int]) -> None:
        """Raises NotSane when what was written lacks what every page counts on, or StoreTrouble."""
        check_anchors(self._redis, previous, writer.id, named_buckets)

    def writer(self, locale: str, digest: str) -> VersionWriter:
        """Starts a new version beside the one in use. Raises StoreTrouble."""
        writer = VersionWriter(self._redis, locale, f"{digest}-{self._new_build()}")
        writer.begin()
        return writer

    def switch(self, writer: VersionWriter, previous: VersionInfo | None, told: Provenance) -> VersionInfo:
        """Makes a written version the current one. Raises StoreTrouble, and then nothing has changed."""
        info = VersionInfo(
            id=writer.id,
            locale=writer.locale,
            version=told.version,
            path=told.path,
            built_at=self._clock(),
            counts={table: writer.counts.get(table, 0) for table in (*STORED, FINDING)},
            bytes_downloaded=told.bytes_downloaded,
            named_items=told.named_items,
            build_format=BUILD_FORMAT,
        )
        writer.switch(info, previous, self._keep_previous_s)
        return info


def _decode_table(table: str, rows: Mapping[bytes, bytes]) -> dict[int, Definition]:
    decoded = {int(key): decode(table, int(key), row) for key, row in rows.items()}
    return {each: definition for each, definition in decoded.items() if definition is not None}
