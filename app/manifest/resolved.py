"""The definitions that one page works with: all of one version and one language. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar, cast

from app.inventory.definitions import BucketDefinition, ItemDefinition, NamedDefinition, StatDefinition
from app.manifest.plans import BUCKET, ITEM, STAT, TABLE_OF, Definition
from app.manifest.versions import VersionInfo

T = TypeVar("T")
Tables = Mapping[str, Mapping[int, Definition | None]]


class ResolvedDefinitions:
    """What `DefinitionStore.resolve` found. Small tables are complete, items only those that were asked for.

    `missing`: there are no definitions at all, everything is shown by its hash. `degraded`: Redis did not answer, so
    only what this process remembered is here. `cut_off`: that is because Redis did not answer at all.
    """

    def __init__(
        self, info: VersionInfo | None, tables: Tables, *, degraded: bool = False, cut_off: bool = False
    ) -> None:
        self.cut_off = cut_off
        self.info = info
        self.missing = info is None
        self.degraded = degraded
        self._tables = tables
        self._items = cast("Mapping[int, ItemDefinition | None]", tables.get(ITEM, {}))
        self._buckets = cast("Mapping[int, BucketDefinition | None]", tables.get(BUCKET, {}))

    def joined(self, other: ResolvedDefinitions) -> ResolvedDefinitions:
        """Both, if they are of one version; what is not, tells nothing about this one."""
        if other.info != self.info:
            return self
        more = {
            table: {**self._tables.get(table, {}), **rows}
            for table, rows in other._tables.items()
            if rows is not self._tables.get(table)
        }
        return ResolvedDefinitions(self.info, {**self._tables, **more}, degraded=self.degraded, cut_off=self.cut_off)

    @property
    def version(self) -> str:
        """The id of the version, different after every rebuild; "" when there is none."""
        return self.info.id if self.info else ""

    def item(self, item_hash: int) -> ItemDefinition | None:
        return self._items.get(item_hash)

    def bucket(self, bucket_hash: int) -> BucketDefinition | None:
        return self._buckets.get(bucket_hash)

    def stat(self, stat_hash: int) -> StatDefinition | None:
        return cast("StatDefinition | None", self._tables.get(STAT, {}).get(stat_hash))

    def named(self, table: str, definition_hash: int) -> NamedDefinition | None:
        found = self._tables.get(table, {}).get(definition_hash)
        return found if isinstance(found, NamedDefinition) else None

    def buckets(self) -> Collection[BucketDefinition]:
        return [bucket for bucket in self._buckets.values() if bucket]

    def find(self, makes: type[T], definition_hash: int) -> T | None:
        """The definition of this class, of a small table or one that was asked for."""
        found = self._tables.get(TABLE_OF[makes], {}).get(definition_hash)
        return found if isinstance(found, makes) else None

    def every_named(self, table: str) -> Iterable[NamedDefinition]:
        """All rows of a small table of names, e.g. to find a damage type by its `number`."""
        return [each for each in self._tables.get(table, {}).values() if isinstance(each, NamedDefinition)]
