"""What this process remembers of the definitions. Stored versions never change, so nothing here grows old.

Single definitions are bounded by number and go least recently used first; small tables are held whole.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping

from app.manifest.plans import Definition
from app.manifest.versions import VersionInfo

# table, hash
Key = tuple[str, int]
# The one in use, and for a moment the one before or the copy on disk.
_MOST_VERSIONS = 2

SmallTables = Mapping[str, Mapping[int, Definition]]


class Memory:
    """What is remembered of one version; `small` is None until its small tables have been read.

    A page holds on to the memory that it began with: whatever takes its place meanwhile, the page stays whole.
    """

    __slots__ = ("entries", "small")

    def __init__(self) -> None:
        self.entries: OrderedDict[Key, Definition] = OrderedDict()
        self.small: SmallTables | None = None

    @property
    def is_empty(self) -> bool:
        return self.small is None and not self.entries


class DefinitionCache:
    """`most_entries` counts single definitions of all versions together; one costs about a kilobyte.

    A hash that is unknown is asked for every time: its definition may come later, all by itself.
    """

    def __init__(self, most_entries: int = 50_000) -> None:
        self._most_entries = most_entries
        self._held: dict[str, OrderedDict[str, Memory]] = {}  # by language and version id
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return sum(len(memory.entries) for memory in self._all())

    def of(self, info: VersionInfo) -> Memory:
        """The memory of a version, empty for one that is new here."""
        with self._guard:
            versions = self._held.setdefault(info.locale, OrderedDict())
            memory = versions.setdefault(info.id, Memory())
            versions.move_to_end(info.id)
            while len(versions) > _MOST_VERSIONS:
                versions.popitem(last=False)
            return memory

    def replace(self, info: VersionInfo, memory: Memory) -> None:
        """From now on this is all that is remembered of its language."""
        with self._guard:
            self._held[info.locale] = OrderedDict({info.id: memory})
            self._trim()

    def pick(
        self, memory: Memory, table: str, hashes: Collection[int]
    ) -> tuple[dict[int, Definition | None], list[int]]:
        """What is remembered of these hashes, and which of them are not."""
        found: dict[int, Definition | None] = {}
        lacking: list[int] = []
        entries = memory.entries
        with self._guard:
            for each in hashes:
                key = (table, each)
                if key in entries:
                    found[each] = entries[key]
                    entries.move_to_end(key)
                else:
                    lacking.append(each)
        return found, lacking

    def peek(self, memory: Memory, table: str, hashes: Collection[int]) -> dict[int, Definition | None]:
        """The same for whoever only looks: it counts as no use."""
        with self._guard:
            entries = memory.entries
            return {each: entries.get((table, each)) for each in hashes}

    def keep(self, memory: Memory, table: str, definitions: Mapping[int, Definition | None]) -> None:
        with self._guard:
            for each, definition in definitions.items():
                if definition is not None:
                    memory.entries[table, each] = definition
            self._trim()

    def keys(self, memory: Memory) -> list[Key]:
        """The single definitions that are remembered, the least recently used first."""
        with self._guard:
            return list(memory.entries)

    def _trim(self) -> None:
        for _ in range(len(self) - self._most_entries):
            max(self._all(), key=lambda memory: len(memory.entries)).entries.popitem(last=False)

    def _all(self) -> list[Memory]:
        return [memory for versions in self._held.values() for memory in versions.values()]
