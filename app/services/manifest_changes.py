"""What new definitions changed: written around each switch, read by pages, the feed and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.news import ChangeKind
from app.manifest.difference import Difference
from app.models.manifest_change import ChangedItem, ManifestChange
from app.services.clock import Clock

KEEP_VERSIONS = 50
ITEMS_PER_PAGE = 60
_BATCH_ROWS = 500
_LONGEST_VERSION = 80


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One version and how many items it changed, by kind. `id` is for addresses; `at` is UTC."""

    id: int
    version_from: str
    version_to: str
    at: datetime
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ItemNews:
    """One item of a version. `detail`: [old, new] by the name of what changed, or by the hash of a stat."""

    kind: str
    item_hash: int
    name: str
    icon: str
    type_name: str
    detail: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class NewsPage:
    """Items of one version and kind, from page 1 of `pages`."""

    items: tuple[ItemNews, ...]
    page: int
    pages: int


class ChangeLog:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    # --- around a switch -----------------------------------------------------------------------------------------

    def prepare(self, build: str, versions: tuple[str, str], difference: Difference) -> None:
        """Writes down what the version `build` is about to change. `versions`: names of the old and the new."""
        old, new = (each[:_LONGEST_VERSION] for each in versions)
        counts = {kind.value: difference.counts[kind] for kind in ChangeKind}
        change = ManifestChange(build=build, version_from=old, version_to=new, counts=counts)
        self._session.add(change)
        self._session.flush()
        rows = [
            {**each._asdict(), "kind": each.kind.value, "detail": dict(each.detail), "change_id": change.id}
            for each in difference.changes
        ]
        for start in range(0, len(rows), _BATCH_ROWS):
            self._session.execute(insert(ChangedItem), rows[start : start + _BATCH_ROWS])
        self._session.commit()

    def settle(self, build_in_use: str) -> None:
        """Publishes what became of the version in use, and forgets what was prepared for one that never came."""
        pending = self._session.scalars(select(ManifestChange).where(ManifestChange.published_at.is_(None))).all()
        for change in pending:
            if change.build == build_in_use:
                change.published_at = self._clock()
            else:
                self._forget([change.id])
        if pending:
            self._session.flush()
            self._forget(self._session.scalars(_published(ManifestChange.id).offset(KEEP_VERSIONS)).all())
        self._session.commit()

    def _forget(self, ids: Sequence[int]) -> None:
        self._session.execute(delete(ChangedItem).where(ChangedItem.change_id.in_(ids)))
        self._session.execute(delete(ManifestChange).where(ManifestChange.id.in_(ids)))

    # --- for readers ---------------------------------------------------------------------------------------------

    def versions(self, limit: int = KEEP_VERSIONS) -> tuple[VersionChange, ...]:
        """Newest first."""
        return tuple(_version(each) for each in self._session.scalars(_published(ManifestChange).limit(limit)))

    def find(self, version: str) -> VersionChange | None:
        """By Bungie's name of the version or by our id; the newest, should several have that name."""
        return next((each for each in self.versions() if version in (str(each.id), each.version_to)), None)

    def items(self, change_id: int, kind: str, page: int = 1) -> NewsPage:
        """By name. A page beyond the last is the last."""
        chosen = select(ChangedItem).where(ChangedItem.change_id == change_id, ChangedItem.kind == kind)
        count = self._session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        pages = max(1, -(-count // ITEMS_PER_PAGE))
        page = min(max(1, page), pages)
        ordered = chosen.order_by(ChangedItem.name, ChangedItem.id).limit(ITEMS_PER_PAGE)
        rows = self._session.scalars(ordered.offset((page - 1) * ITEMS_PER_PAGE))
        return NewsPage(tuple(_news(each) for each in rows), page, pages)


def _published(what: Any) -> Select[Any]:
    newest = (ManifestChange.published_at.desc(), ManifestChange.id.desc())
    return select(what).where(ManifestChange.published_at.is_not(None)).order_by(*newest)


def _version(row: ManifestChange) -> VersionChange:
    assert row.published_at  # noqa: S101 - only published ones are read
    return VersionChange(row.id, row.version_from, row.version_to, row.published_at, row.counts)


def _news(row: ChangedItem) -> ItemNews:
    return ItemNews(row.kind, row.item_hash, row.name, row.icon, row.type_name, row.detail)
