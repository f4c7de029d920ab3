"""What is told about a stored version of the definitions, and the Redis keys under which it lies. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a new version was made of. `version` is Bungie's own string; `named_items` have a name that is not ""."""

    version: str
    path: str
    bytes_downloaded: int = 0
    named_items: int = 0


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One built version of one language. `id` is unique per build; `digest` names what it was built from.

    `version` is Bungie's own string, for people; `counts` are stored records by table; times are UTC.
    `build_format` tells which plans made the records.
    """

    id: str
    locale: str
    version: str
    path: str
    built_at: datetime
    counts: Mapping[str, int]
    bytes_downloaded: int = 0
    named_items: int = 0
    build_format: int = 0

    @property
    def digest(self) -> str:
        return self.id.partition("-")[0]

    def tables(self, among: Iterable[str] | None = None) -> list[str]:
        """Those tables that have records; an empty table has no key in Redis."""
        return [table for table in (self.counts if among is None else among) if self.counts.get(table)]

    def keys(self, tables: Iterable[str]) -> list[str]:
        return [table_key(self.locale, self.id, table) for table in tables]


def pointer_key(locale: str) -> str:
    return f"m:current:{locale}"


def building_key(locale: str) -> str:
    """Names the version that is being built, so that the next run can remove what a killed one left."""
    return f"m:building:{locale}"


def table_key(locale: str, version_id: str, table: str) -> str:
    return f"m:{locale}:{version_id}:{table}"


def pack(info: VersionInfo) -> bytes:
    return orjson.dumps(
        {
            "id": info.id,
            "locale": info.locale,
            "version": info.version,
            "path": info.path,
            "built_at": info.built_at.isoformat(),
            "counts": dict(info.counts),
            "bytes_downloaded": info.bytes_downloaded,
            "named_items": info.named_items,
            "build_format": info.build_format,
        }
    )


def unpack(stored: bytes) -> VersionInfo | None:
    """None for what is no pointer of ours: then there is no current version, and the next run makes one."""
    try:
        raw: dict[str, Any] = orjson.loads(stored)
        return VersionInfo(**{**raw, "built_at": datetime.fromisoformat(raw["built_at"])})
    except (ValueError, TypeError, KeyError):
        return None
