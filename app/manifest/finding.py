"""The index by which definitions are found: put together while a refresh reads its tables, stored beside them.

It is one record of its own table, so that it comes, goes, is copied to disk and restored with its version.
"""

from __future__ import annotations

import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import orjson
import redis

from app.inventory.definitions import ItemDefinition
from app.inventory.finder import (
    AMMO,
    CLASS,
    ELEMENT,
    GEAR,
    KIND,
    SEASON,
    SOURCE,
    TIER,
    Content,
    Finder,
    key_of,
    words_of,
)
from app.inventory.seasons import season_of_mark
from app.manifest.build import Record
from app.manifest.disk import DiskCopies
from app.manifest.errors import CopyTrouble
from app.manifest.plans import COLLECTIBLE, FINDING, ITEM
from app.manifest.records import made
from app.manifest.versions import VersionInfo, pointer_key, table_key, unpack

_ONLY_RECORD = 0
_WEAPON_OR_ARMOR = frozenset({2, 3})  # DestinyItemType
_DUMMIES = 3109687656  # the category of what only looks like an item
_ANY_CLASS = 3
# What keywords ask of a kind of item. Of some fields only a part tells anything to them.
_SHAPE = ("y", "s", "b", "r", "c", "e", "a", "k", "q", "h")
_FOUNDRY = "foundry."
# A version before and after a switch, in a few languages.
_MOST_REMEMBERED = 6


class _Row(NamedTuple):
    """One item; as a tuple it sorts into the order of the index."""

    is_unnamed: bool
    key: str
    is_other: bool  # no weapon or armor
    minus_tier: int
    hash: int
    kind_words: str
    facets: tuple[tuple[str, int], ...]
    shape: bytes


class IndexBuilder:
    """Is shown every record on its way, collectibles before items."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._source_of: dict[int, int] = {}  # by collectible
        self._source_of_item: dict[int, int] = {}
        self._sources: dict[str, str] = {}

    def see(self, table: str, definition_hash: int, record: Record) -> None:
        if table == ITEM:
            self._rows.append(self._row(definition_hash, record))
        elif table == COLLECTIBLE and record.get("v") and record.get("s"):
            self._see_source(definition_hash, record)

    def packed(self) -> bytes:
        return zlib.compress(orjson.dumps(self._content()), 6)

    def _see_source(self, definition_hash: int, record: Record) -> None:
        self._sources[str(record["s"])] = record["v"]
        self._source_of[definition_hash] = self._source_of_item[record.get("t", 0)] = record["s"]

    def _row(self, definition_hash: int, record: Record) -> _Row:
        key, tier = key_of(record.get("n", "")), record.get("r", 0)
        is_gear = record.get("y") in _WEAPON_OR_ARMOR and _DUMMIES not in record.get("h", ())
        kind_words = f"{record.get('R', '')} {record.get('t', '')}"
        facets = tuple(self._facets(definition_hash, record, is_gear=is_gear))
        return _Row(not key, key, not is_gear, -tier, definition_hash, kind_words, facets, _shape(record))

    def _facets(self, definition_hash: int, record: Record, *, is_gear: bool) -> Iterator[tuple[str, int]]:
        source = self._source_of.get(record.get("C", 0)) or self._source_of_item.get(definition_hash, 0)
        plain = {
            TIER: record.get("r", 0), ELEMENT: record.get("e", 0), AMMO: record.get("a", 0), SOURCE: source,
            SEASON: season_of_mark(_mark(record)) or 0, GEAR: int(is_gear),
        }  # fmt: skip
        yield from ((name, value) for name, value in plain.items() if value)
        yield from ((KIND, each) for each in record.get("h", ()))
        if record.get("c", _ANY_CLASS) != _ANY_CLASS:
            yield CLASS, record["c"]

    def _content(self) -> dict[str, Any]:
        """The fields of `Content`; shapes are records."""
        rows = sorted(self._rows)
        words: dict[str, list[int]] = defaultdict(list)
        kinds: dict[str, list[int]] = defaultdict(list)
        facets: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, row in enumerate(rows):
            for word in set(row.key.split()):
                words[word].append(place)
            for word in set(words_of(row.kind_words)):
                kinds[word].append(place)
            for name, value in dict.fromkeys(row.facets):
                facets[name][str(value)].append(place)
        labels = {SOURCE: self._sources}
        numbers = {shape: number for number, shape in enumerate(sorted({row.shape for row in rows}))}
        return {
            "hashes": [row.hash for row in rows],
            "names": [row.key for row in rows],
            "words": words,
            "kinds": kinds,
            "facets": facets,
            "labels": labels,
            "shapes": [orjson.Fragment(shape) for shape in numbers],
            "shaped": [numbers[row.shape] for row in rows],
        }


def _mark(record: Record) -> str:
    """The season's mark on a new copy."""
    versions, current = record.get("W", ()), record.get("cv", 0)
    return str((versions[current] if 0 <= current < len(versions) else "") or record.get("w", ""))


def _shape(record: Record) -> bytes:
    """A record with only what a great many items share."""
    shape = {key: record[key] for key in _SHAPE if key in record}
    if foundries := [trait for trait in record.get("j", ()) if trait.startswith(_FOUNDRY)]:
        shape["j"] = foundries
    if season_of_mark(mark := _mark(record)):
        shape["w"] = mark
    if record.get("rh"):
        shape["rh"] = 1
    if record.get("m", 0) > 1:
        shape["m"] = 2
    return orjson.dumps(shape)


def unpacked(stored: bytes) -> Finder | None:
    """None for bytes that are no index of ours: then nothing can be found until the next refresh."""
    try:
        content = orjson.loads(zlib.decompress(stored))
        shapes = [made(ITEM, 0, each) for each in content.pop("shapes", ())]
        known = Content(shapes=[each for each in shapes if isinstance(each, ItemDefinition)], **content)
        return Finder(known) if max(known.shaped, default=-1) < len(known.shapes) else None
    except (zlib.error, ValueError, TypeError, AttributeError, OverflowError):
        return None


class FinderStore:
    """The indexes of the versions in use; `first` is the language that answers for those that have none yet.

    What was unpacked once is remembered. `in_use` tells which version this process' pages use, None while it is not
    known: then it is the current one.
    """

    def __init__(
        self,
        client: redis.Redis,
        copies: DiskCopies | None = None,
        first: str = "en",
        in_use: Callable[[str], VersionInfo | None] = lambda _locale: None,
    ) -> None:
        self._redis = client
        self._copies = copies
        self._first = first
        self._in_use = in_use
        self._remembered: dict[str, Finder] = {}  # by version id
        self._latest: dict[str, Finder] = {}  # by language
        self._guard = threading.Lock()

    def finder(self, locale: str) -> Finder | None:
        """The index of a language, or None while there is none at all. Never raises for Redis trouble."""
        found = self._finder(locale)
        return self._finder(self._first) if found is None and locale != self._first else found

    def prepare(self, info: VersionInfo, client: redis.Redis) -> None:
        """Reads the index of a version that pages will use in a moment, where they use one. Raises redis.RedisError."""
        if info.locale in self._latest:
            self._of(info, partial(_stored, client))

    def _finder(self, locale: str) -> Finder | None:
        try:
            info = self._in_use(locale) or self._current(locale)
            found = self._of(info, partial(_stored, self._redis)) if info else None
        except redis.RedisError:
            found = self._latest.get(locale)
        found = found or self._on_disk(locale)
        if found:
            self._latest[locale] = found
        return found

    def _current(self, locale: str) -> VersionInfo | None:
        pointer = self._redis.get(pointer_key(locale))
        return unpack(pointer) if isinstance(pointer, bytes) else None

    def _of(self, info: VersionInfo, read: Callable[[VersionInfo], bytes | None]) -> Finder | None:
        if known := self._remembered.get(info.id):  # without the guard: the next version may be on its way in
            return known
        with self._guard:  # unpacked by one thread, while the others wait for what it remembers
            known = self._remembered.get(info.id)
            if known is None and (stored := read(info)) and (known := unpacked(stored)):
                while len(self._remembered) >= _MOST_REMEMBERED:
                    del self._remembered[next(iter(self._remembered))]
                self._remembered[info.id] = known
            return known

    def _on_disk(self, locale: str) -> Finder | None:
        if self._copies is None:
            return None
        with self._copies.open(locale) as copy:
            if copy is None:
                return None
            try:
                return self._of(copy.info, lambda _info: copy.records(FINDING, [_ONLY_RECORD])[0])
            except CopyTrouble:
                return None


def _stored(client: redis.Redis, info: VersionInfo) -> bytes | None:
    stored = client.hget(table_key(info.locale, info.id, FINDING), str(_ONLY_RECORD))
    return stored if isinstance(stored, bytes) else None
