"""What the game itself knows about items and buckets: single rows, read lazily from the manifest being served.

The recorded item table is 96 MB of JSON, so the SQLite archive is unzipped once to a temporary file and asked per row.
A manifest without an archive is read from its JSON component files instead.
"""

import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from app.sandbox.envelope import Json
from app.sandbox.files import read_bytes
from app.sandbox.manifest import Manifest

ANY_CLASS = 3
_TABLE_NAME_PARTS = ("Destiny", "Definition")
_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What decides where an item may go. `class_type` 3 is any class; `unique_label` is the one-exotic group."""

    bucket_hash: int
    max_stack: int = 1
    stack_label: str = ""
    is_instanced: bool = True
    unique_label: str = ""
    class_type: int = ANY_CLASS
    is_equippable: bool = False
    is_bound: bool = False
    has_side_effects: bool = False


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """`capacity` in stacks; `is_account` buckets belong to no character; only `is_vaultable` ones feed the vault."""

    capacity: int
    is_account: bool
    is_vaultable: bool


class Definitions:
    """Rows of one manifest. `known` holds facts that the game has but the manifest does not (items newer than it)."""

    def __init__(self, manifest: Manifest, known: Mapping[int, ItemFacts]) -> None:
        self._manifest = manifest
        self._known = known
        self._lock = threading.Lock()
        self._folder: TemporaryDirectory[str] | None = None
        self._database: sqlite3.Connection | None = None
        self._tables: dict[str, Json] = {}
        self._items: dict[int, ItemFacts | None] = {}
        self._buckets: dict[int, BucketFacts | None] = {}

    def row(self, table: str, row_hash: int) -> Json | None:
        """One definition, or None where the table or the row does not exist."""
        if not (table.startswith(_TABLE_NAME_PARTS[0]) and table.endswith(_TABLE_NAME_PARTS[1]) and table.isalnum()):
            return None
        with self._lock:
            database = self._open_archive()
            if database is None:
                found = self._component(table).get(str(row_hash))
            else:
                found = _select(database, table, row_hash)
        return found

    def item(self, item_hash: int) -> ItemFacts | None:
        """Facts of an item; None when neither the manifest nor the world knows it."""
        if item_hash not in self._items:
            found = self.row("DestinyInventoryItemDefinition", item_hash)
            self._items[item_hash] = self._known.get(item_hash) if found is None else _item_facts(found)
        return self._items[item_hash]

    def bucket(self, bucket_hash: int) -> BucketFacts | None:
        if bucket_hash not in self._buckets:
            found = self.row("DestinyInventoryBucketDefinition", bucket_hash)
            self._buckets[bucket_hash] = None if found is None else _bucket_facts(found)
        return self._buckets[bucket_hash]

    def close(self) -> None:
        """Give back the temporary file. A later question opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            if self._folder is not None:
                self._folder.cleanup()
            self._database = self._folder = None

    def _open_archive(self) -> sqlite3.Connection | None:
        path = _preferred(self._manifest.index["mobileWorldContentPaths"])
        if self._database is not None or path is None:
            return self._database
        found = self._manifest.find(path)
        if found is None:
            return None
        self._folder = TemporaryDirectory(prefix="sandbox-definitions-")
        target = Path(self._folder.name) / "world.sqlite"
        _unzip(found.body if isinstance(found.body, Path) else BytesIO(found.body), target)
        self._database = sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        return self._database

    def _component(self, table: str) -> Json:
        if table not in self._tables:
            paths = _preferred(self._manifest.index["jsonWorldComponentContentPaths"]) or {}
            found = self._manifest.find(paths[table]) if table in paths else None
            self._tables[table] = {} if found is None else orjson.loads(read_bytes(found))
        return self._tables[table]


def learned_facts(item_lists: Iterable[Iterable[Json]], elsewhere: frozenset[int]) -> dict[int, ItemFacts]:
    """Home buckets of items as seen on characters, for hashes that no manifest defines.

    `elsewhere` are the buckets that are nobody's home: the vault and the postmaster.
    """
    learned: dict[int, ItemFacts] = {}
    for items in item_lists:
        for item in items:
            if item["bucketHash"] not in elsewhere:
                is_instanced = "itemInstanceId" in item
                stack = 1 if is_instanced else _MANY
                learned[item["itemHash"]] = ItemFacts(
                    item["bucketHash"], stack, is_instanced=is_instanced, is_equippable=is_instanced
                )
    return learned


def _unzip(source: Path | BytesIO, target: Path) -> None:
    """The one member of an archive, without holding it in memory."""
    with (
        zipfile.ZipFile(source) as archive,
        archive.open(archive.namelist()[0]) as packed,
        target.open("wb") as unpacked,
    ):
        shutil.copyfileobj(packed, unpacked, 1 << 20)


def _preferred(by_locale: Mapping[str, Any]) -> Any | None:
    return by_locale.get("en") or next(iter(by_locale.values()), None)


def _select(database: sqlite3.Connection, table: str, row_hash: int) -> Json | None:
    signed = row_hash if row_hash < 2**31 else row_hash - 2**32
    try:
        row = database.execute(f"SELECT json FROM {table} WHERE id = ?", (signed,)).fetchone()  # noqa: S608 - checked name
    except sqlite3.OperationalError:  # no such table, or one with a text key
        return None
    return None if row is None else orjson.loads(row[0])


def _item_facts(row: Json) -> ItemFacts:
    inventory = row.get("inventory") or {}
    redacted = row.get("redacted", False)
    return ItemFacts(
        bucket_hash=inventory.get("bucketTypeHash", 0),
        max_stack=max(1, inventory.get("maxStackSize", 1)),
        stack_label=inventory.get("stackUniqueLabel", ""),
        is_instanced=inventory.get("isInstanceItem", False),
        unique_label=(row.get("equippingBlock") or {}).get("uniqueLabel", ""),
        class_type=ANY_CLASS if redacted else row.get("classType", ANY_CLASS),  # redacted rows all claim Titan
        is_equippable=row.get("equippable", False),
        is_bound=row.get("nonTransferrable", False),
        has_side_effects=row.get("doesPostmasterPullHaveSideEffects", False),
    )


def _bucket_facts(row: Json) -> BucketFacts:
    return BucketFacts(
        capacity=row.get("itemCount", 0),
        is_account=row.get("scope", 0) == 1,
        is_vaultable=row.get("hasTransferDestination", False),
    )
