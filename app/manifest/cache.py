"""What this process remembers of the definitions. Stored versions never change, so nothing here grows old.

Single definitions are bounded by number and go least recently used first; small tables are held whole.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping

from app.manifest.plans import Definition

# version id, table, hash
_Key = tuple[str, str, int]
_MOST_VERSIONS = 8

SmallTables = Mapping[str, Mapping[int, Definition]]


class DefinitionCache:
    """`most_entries` counts single definitions; one costs about a kilobyte.

    A hash that is unknown is asked for every time: its definition may come later, all by itself.
    """

    def __init__(self, most_entries: int = 50_000) -> None:
        self._most_entries = most_entries
        self._entries: OrderedDict[_Key, Definition | None] = OrderedDict()
        self._small: OrderedDict[str, SmallTables] = OrderedDict()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def pick(
        self, version_id: str, table: str, hashes: Collection[int]
    ) -> tuple[dict[int, Definition | None], list[int]]:
        """What is remembered of these hashes, and which of them are not."""
        found: dict[int, Definition | None] = {}
        lacking: list[int] = []
        with self._guard:
            for each in hashes:
                key = (version_id, table, each)
                if key in self._entries:
                    found[each] = self._entries[key]
                    self._entries.move_to_end(key)
                else:
                    lacking.append(each)
        return found, lacking

    def keep(self, version_id: str, table: str, definitions: Mapping[int, Definition | None]) -> None:
        with self._guard:
            for each, definition in definitions.items():
                if definition is not None:
                    self._entries[version_id, table, each] = definition
            while len(self._entries) > self._most_entries:
                self._entries.popitem(last=False)

    def small_tables(self, version_id: str) -> SmallTables | None:
        return self._small.get(version_id)

    def keep_small_tables(self, version_id: str, tables: SmallTables) -> None:
        with self._guard:
            self._small[version_id] = tables
            while len(self._small) > _MOST_VERSIONS:
                self._small.popitem(last=False)
