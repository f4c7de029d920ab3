"""What a version of the definitions changed -> the page and the feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.definitions import Definitions
from app.inventory.news import ChangeKind
from app.main import words
from app.main.addresses import definition_address
from app.services.changes import ChangesPage
from app.services.manifest_changes import ItemNews, VersionChange

KIND_TITLES: dict[str, LazyString] = {
    ChangeKind.ADDED: _l("Added"),
    ChangeKind.REMOVED: _l("Removed"),
    ChangeKind.RENAMED: _l("Renamed"),
    ChangeKind.RESTATTED: _l("Other stats"),
    ChangeKind.RECLASSIFIED: _l("Reclassified"),
}
TIERS: dict[int, LazyString] = {
    1: _l("Currency"),
    2: _l("Common"),
    3: _l("Uncommon"),
    4: _l("Rare"),
    5: _l("Legendary"),
    6: _l("Exotic"),
}
# What is said of an item whose changes have no words.
_SILENT: dict[str, tuple[LazyString, ...]] = {ChangeKind.RESTATTED: (_l("A stat that the game hides"),)}
# No XML may hold these two, however they are written.
_NOT_IN_XML = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class ChangedItemView:
    """`href` is "" for what the game no longer has."""

    hash: int
    name: str
    href: str
    type_name: str
    icon_url: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionLink:
    """`summary` tells the counts in one line."""

    href: str
    version: str
    when: str
    iso: str
    summary: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class KindLink:
    href: str
    title: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ChangesView:
    """`earlier` and `later` are the addresses of the pages before and after this one, "" at the ends."""

    versions: tuple[VersionLink, ...]
    current: VersionLink
    kinds: tuple[KindLink, ...]
    items: tuple[ChangedItemView, ...]
    page_text: str
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    href: str
    title: str
    iso: str
    lines: tuple[str, ...]


def changes_view(found: ChangesPage, now: datetime, picture: Callable[[str], str]) -> ChangesView:
    news, chosen = found.news, found.chosen
    versions = tuple(_version_link(each, now, is_current=each == chosen) for each in found.versions)
    return ChangesView(
        versions=versions,
        current=_version_link(chosen, now, is_current=True),
        kinds=tuple(_kind_link(chosen, kind, is_current=kind == found.kind) for kind in ChangeKind),
        items=tuple(_item(each, found.definitions, picture) for each in news.items),
        page_text=gettext("Page %(page)s of %(pages)s", page=news.page, pages=news.pages) if news.pages > 1 else "",
        earlier=_address(chosen, found.kind, news.page - 1) if news.page > 1 else "",
        later=_address(chosen, found.kind, news.page + 1) if news.page < news.pages else "",
    )


def feed_entries(versions: Sequence[tuple[VersionChange, dict[str, list[str]]]]) -> list[FeedEntry]:
    """Addresses are whole ones: a reader of feeds has no page to start from."""
    return [
        FeedEntry(
            href=url_for("main.changes", version=change.id, _external=True),
            title=_xml(f"{change.version_to}: {_summary(change)}"),
            iso=change.at.isoformat(),
            lines=tuple(_feed_line(change, kind, each) for kind, each in names.items()),
        )
        for change, names in versions
    ]


def _feed_line(change: VersionChange, kind: str, names: Sequence[str]) -> str:
    more = change.counts[kind] - len(names)
    rest = [ngettext("and %(num)d more", "and %(num)d more", more)] if more > 0 else []
    return _xml(f"{KIND_TITLES[kind]}: {', '.join([*names, *rest])}")


def _xml(text: str) -> str:
    return text.translate(_NOT_IN_XML)


def _version_link(change: VersionChange, now: datetime, *, is_current: bool) -> VersionLink:
    return VersionLink(
        href=url_for("main.changes", version=change.id),
        version=change.version_to,
        when=words.ago(change.at, now),
        iso=change.at.isoformat(),
        summary=_summary(change),
        is_current=is_current,
    )


def _summary(change: VersionChange) -> str:
    parts = [f"{KIND_TITLES[kind]} {words.number(count)}" for kind in ChangeKind if (count := change.counts.get(kind))]
    return ", ".join(parts) or gettext("No item changed")


def _kind_link(change: VersionChange, kind: str, *, is_current: bool) -> KindLink:
    count = words.number(change.counts.get(kind, 0))
    return KindLink(_address(change, kind, 1), str(KIND_TITLES[kind]), count, is_current)


def _address(change: VersionChange, kind: str, page: int) -> str:
    return url_for("main.changes", version=change.id, kind=kind, page=page if page > 1 else None)


# --- items -----------------------------------------------------------------------------------------------------------


def _item(news: ItemNews, definitions: Definitions, picture: Callable[[str], str]) -> ChangedItemView:
    """In the reader's language where it is another than the one that changes are told in, and the item still exists."""
    known = definitions.item(news.item_hash)
    is_told = news.kind in {ChangeKind.RENAMED, ChangeKind.REMOVED} or known is None
    name = news.name if is_told or known is None else known.name or news.name
    return ChangedItemView(
        hash=news.item_hash,
        name=name or gettext("Unnamed item %(hash)s", hash=news.item_hash),
        href=definition_address(news.item_hash) if known else "",
        type_name=news.type_name if known is None else known.type_name,
        icon_url=picture(news.icon),
        notes=tuple(_notes(news, definitions)) or tuple(str(each) for each in _SILENT.get(news.kind, ())),
    )


def _notes(news: ItemNews, definitions: Definitions) -> Iterator[str]:
    for what, (old, new) in news.detail.items():
        note = _stat_note(what, old, new, definitions) if what.isdigit() else _fact_note(what, old, new, definitions)
        if note:
            yield note


def _stat_note(stat_hash: str, old: int, new: int, definitions: Definitions) -> str:
    """Nothing for a stat without a name: the game counts with it, but shows it nowhere."""
    stat = definitions.stat(int(stat_hash))
    name = stat.name if stat else gettext("Stat %(hash)s", hash=stat_hash)
    if not name:
        return ""
    return gettext("%(stat)s: %(old)s, now %(new)s", stat=name, old=words.number(old), new=words.number(new))


def _fact_note(what: str, old: Any, new: Any, definitions: Definitions) -> str:
    if what == "redacted":
        return gettext("Classified now") if new else gettext("No longer classified")
    if what == "name":
        return gettext("Was: %(name)s", name=old) if old and old != new else ""
    said = [_said(what, each, definitions) for each in (old, new)]
    if not all(said):
        return gettext("Another kind of item now")
    return gettext("%(old)s, now %(new)s", old=said[0], new=said[1])


def _said(what: str, value: Any, definitions: Definitions) -> str:
    """The value of a fact in words, "" where there are none."""
    if what == "tier":
        return str(TIERS.get(value, ""))
    if what == "bucket_hash":
        bucket = definitions.bucket(value)
        return bucket.name if bucket else ""
    if what == "class_type":
        return str(words.CLASSES.get(value, _l("Any class")))
    return value if isinstance(value, str) else ""
