"""What each version of the definitions changed about items, for everybody to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.inventory.definitions import Definitions
from app.inventory.news import ChangeKind
from app.manifest.plans import ITEM
from app.services.manifest_changes import ChangeLog, ItemNews, NewsPage, VersionChange
from app.services.naming import NamesThings

_MOST_NAMES = 20
_MOST_IN_FEED = 20


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """`versions` newest first; of the chosen one, a page of the items that changed in one way."""

    versions: tuple[VersionChange, ...]
    chosen: VersionChange
    kind: str
    news: NewsPage
    definitions: Definitions


class ChangesService:
    def __init__(self, log: ChangeLog, naming: NamesThings) -> None:
        self._log = log
        self._naming = naming

    def versions(self) -> tuple[VersionChange, ...]:
        """Newest first."""
        return self._log.versions()

    def page(self, locale: str, version: str, kind: str, page: int) -> ChangesPage | None:
        """`version` "" is the newest. None when there is no such version."""
        versions = self._log.versions()
        chosen = self._log.find(version) if version else next(iter(versions), None)
        if chosen is None:
            return None
        kind = kind if kind in {*ChangeKind} else _first_kind(chosen)
        news = self._log.items(chosen.id, kind, page)
        definitions = self._naming.resolve(locale, {ITEM: {each.item_hash for each in news.items}})
        return ChangesPage(versions, chosen, kind, news, definitions)

    def find(self, version: str) -> VersionChange | None:
        """By Bungie's name of it; "" is the newest."""
        return self._log.find(version) if version else next(iter(self._log.versions(1)), None)

    def items(self, change: VersionChange, kind: str) -> Sequence[ItemNews]:
        """The first items that changed in one way."""
        return self._log.items(change.id, kind).items

    def latest_with_names(self) -> list[tuple[VersionChange, dict[str, list[str]]]]:
        """The newest versions with the first names of every kind, for the feed."""
        return [(each, self._names(each)) for each in self._log.versions(_MOST_IN_FEED)]

    def _names(self, change: VersionChange) -> dict[str, list[str]]:
        kinds = (kind.value for kind in ChangeKind if change.counts.get(kind))
        return {kind: [each.name for each in self.items(change, kind)[:_MOST_NAMES]] for kind in kinds}


def _first_kind(change: VersionChange) -> str:
    return next((kind.value for kind in ChangeKind if change.counts.get(kind)), ChangeKind.ADDED)
