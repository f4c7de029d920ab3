"""Inventory -> view models: every word, count and address of the pages is decided here, and nowhere later."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, takewhile

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory import buckets
from app.inventory.arrange import CharacterStore, Inventory, OwnedItem, Section
from app.inventory.definitions import Definitions
from app.inventory.items import EQUIPPED
from app.inventory.layout import PLAIN, Layout
from app.inventory.profile import Character
from app.inventory.search.facts import Collection
from app.inventory.sorting import NO_FACTS
from app.main import words
from app.main.item_data import item_data_notices
from app.main.present_layout import heap_views
from app.main.tile_marks import Marks
from app.main.tiles import Picture, TileMaker
from app.main.viewmodels import (
    CharacterStat,
    CharacterView,
    FreshnessView,
    GroupView,
    SectionView,
)
from app.services.item import ItemSnapshot
from app.services.vault import VaultSnapshot
from app.web.notices import NoticeView, notice_for

GROUP_TITLES: dict[str, LazyString] = {
    "weapons": _l("Weapons"), "armor": _l("Armor"), "general": _l("General"), "inventory": _l("Inventory"),
    "postmaster": _l("Postmaster"), "quests": _l("Quests and bounties"), "currencies": _l("Currencies"),
    "other": _l("Other"),
}  # fmt: skip

# Armor stats in the game's own order: Health, Melee, Grenade, Super, Class, Weapons.
SIX_STATS = (392767087, 4244567218, 1735777505, 144602215, 1943323491, 2996146975)

_MISSING_SENTENCES: dict[str, LazyString] = {
    "profileInventory": _l("Bungie did not send the vault and the account-wide items."),
    "profileCurrencies": _l("Bungie did not send your currencies."),
    "characterInventories": _l("Bungie did not send what your characters carry."),
    "characterEquipment": _l("Bungie did not send what your characters wear."),
    "characters": _l("Bungie did not send your characters' class, power and emblems."),
    "itemComponents.instances": _l("Bungie did not send the power and element of single items."),
}
_STALE_AFTER_S = 120
_POSTMASTER_WARNING = 15
_MOST_OF_A_STAT = 200
_MOST_OF_A_STAT_BEFORE = 100
_DOUBLED = "2025-07-15"  # the day of Edge of Fate
_MOST_OF_A_STAT_ONCE = 10  # until autumn 2019, when characters had three of them


@dataclass(frozen=True, slots=True)
class Context:
    """What presenting needs from the request: the time, how to address pictures, where sign-in begins, the language.

    `layout` is how the page is laid out, `new` the instance ids of copies that the player has not seen before, `marks`
    what else our tiles carry, `facts` what the layout asks of sockets.
    """

    now: datetime
    picture: Picture
    sign_in_url: str
    locale: str
    layout: Layout = PLAIN
    new: frozenset[str] = frozenset()
    marks: Marks = field(default_factory=dict)
    facts: Collection = NO_FACTS


class Presenter:
    """Builds the pages of one snapshot. `whole` is the inventory before a search: characters are shown by it."""

    def __init__(self, snapshot: VaultSnapshot, context: Context, whole: Inventory | None = None) -> None:
        self._inventory = snapshot.inventory
        self._whole = whole or snapshot.inventory
        self._definitions: Definitions = snapshot.definitions
        self._context = context
        self._layout = context.layout
        self._tiles = TileMaker(snapshot.definitions, context.picture, context.new, context.marks)
        self._notices = notices(snapshot, context)
        self._freshness = freshness(snapshot.fetched_at, context.now)
        self._missing = missing_sentences(snapshot.inventory.missing)

    def _groups(self, sections: Iterable[Section], store: str = "") -> tuple[GroupView, ...]:
        """Sections come in game order, so equal groups stand together. `store` names them when they are folded."""
        return tuple(
            GroupView(
                group.value,
                str(GROUP_TITLES[group.value]),
                tuple(self._section(section, store) for section in members),
            )
            for group, members in groupby(sections, key=lambda section: section.group)
        )

    def _section(self, section: Section, store: str) -> SectionView:
        heaps = heap_views(section.items, self._layout.group, self._tiles, self._context.facts)
        tiles = [] if heaps else self._tiles.make_all(section.items)
        count, fold = len(section.items), f"{store}-{section.bucket_hash}" if store else ""
        # Best-first order puts what is worn in front.
        worn = sum(1 for _ in takewhile(_is_worn, section.items))
        return SectionView(
            bucket_hash=section.bucket_hash,
            title=_bucket_title(section),
            count_text=words.count_text(count, section.capacity),
            fill=words.fill(count, section.capacity),
            is_nearly_full=words.is_nearly_full(count, section.capacity),
            note=_postmaster_note(section, count),
            equipped=tuple(tiles[:worn]),
            tiles=tuple(tiles[worn:]),
            heaps=heaps,
            fold=fold,
            is_folded=fold in self._layout.folded,
        )

    def _characters(self) -> tuple[CharacterView, ...]:
        return tuple(
            character_view(store, self._definitions, self._context, is_current=position == 0)
            for position, store in enumerate(self._whole.characters)
        )


def notices(snapshot: VaultSnapshot | ItemSnapshot, context: Context) -> tuple[NoticeView, ...]:
    """The banners of a page: what is wrong with Bungie, and what is wrong with our item data."""
    found = []
    if snapshot.trouble is not None:
        found.append(notice_for(snapshot.trouble, context.sign_in_url))
    return (*found, *item_data_notices(snapshot.definitions, context.locale))


def freshness(fetched_at: datetime, now: datetime) -> FreshnessView:
    return FreshnessView(
        words.ago(fetched_at, now), fetched_at.isoformat(), (now - fetched_at).total_seconds() > _STALE_AFTER_S
    )


def missing_sentences(missing: Container[str]) -> tuple[str, ...]:
    return tuple(str(sentence) for name, sentence in _MISSING_SENTENCES.items() if name in missing)


def character_view(
    store: CharacterStore, definitions: Definitions, context: Context, *, is_current: bool
) -> CharacterView:
    character = store.character
    emblem = definitions.item(character.emblem_hash) if character.emblem_hash else None
    postmaster = _postmaster(store)
    used = len(postmaster.items) if postmaster else 0
    capacity = postmaster.capacity if postmaster else None
    last_played = datetime.fromisoformat(character.last_played) if character.last_played else None
    return CharacterView(
        id=character.id,
        class_name=class_name(character, definitions),
        class_key=words.CLASS_KEYS.get(character.class_type, "guardian"),
        race_gender=_race_gender(character, definitions),
        title=_named(definitions, "DestinyRecordDefinition", character.title_record_hash),
        light=words.power(character.light or 0),
        emblem_url=context.picture(character.emblem_icon or (emblem.icon if emblem else "")),
        emblem_banner_url=context.picture(character.emblem_banner or (emblem.secondary_icon if emblem else "")),
        emblem_color="#{:02x}{:02x}{:02x}".format(*(max(0, min(255, part)) for part in character.emblem_color))
        if character.emblem_color
        else "",
        last_played=words.ago(last_played, context.now) if last_played else "",
        last_played_iso=character.last_played,
        stats=_six_stats(character, definitions, context),
        href=f"/characters/{character.id}",
        item_count=store.item_count,
        postmaster_text=words.count_text(used, capacity) if used else "",
        postmaster_is_nearly_full=used > _POSTMASTER_WARNING,
        is_current=is_current,
        is_playing=is_current and character.activity is not None,
    )


def class_name(character: Character, definitions: Definitions) -> str:
    named = _named(definitions, "DestinyClassDefinition", character.class_hash)
    return named or str(words.CLASSES.get(character.class_type, _l("Guardian")))


def _race_gender(character: Character, definitions: Definitions) -> str:
    race = _named(definitions, "DestinyRaceDefinition", character.race_hash)
    gender = _named(definitions, "DestinyGenderDefinition", character.gender_hash)
    return f"{race} {gender}".strip()


def _named(definitions: Definitions, table: str, definition_hash: int) -> str:
    found = definitions.named(table, definition_hash) if definition_hash else None
    return (found.text or found.name) if found else ""


def _six_stats(character: Character, definitions: Definitions, context: Context) -> tuple[CharacterStat, ...]:
    lines = []
    most = _most_of_a_stat(character)
    for stat_hash in SIX_STATS:
        stat = definitions.stat(stat_hash)
        if stat and stat_hash in character.stats:
            value = character.stats[stat_hash]
            fill = max(0, min(100, value * 100 // most))
            lines.append(CharacterStat(stat.name, str(value), context.picture(stat.icon), fill))
    return tuple(lines)


def _most_of_a_stat(character: Character) -> int:
    """The end of a stat's bar on the day this character last played."""
    if not character.stats.keys() >= set(SIX_STATS):
        return _MOST_OF_A_STAT_ONCE
    is_older = "" < character.last_played < _DOUBLED
    return _MOST_OF_A_STAT_BEFORE if is_older else _MOST_OF_A_STAT


def _postmaster(store: CharacterStore) -> Section | None:
    return next((each for each in store.sections if each.bucket_hash == buckets.LOST_ITEMS), None)


def _is_worn(owned: OwnedItem) -> bool:
    return owned.item.place is EQUIPPED


def _bucket_title(section: Section) -> str:
    if section.bucket_hash == buckets.VAULT:
        return gettext("Unsorted")
    if section.bucket and section.bucket.name:
        return section.bucket.name
    if section.bucket_hash:
        return gettext("Bucket %(hash)s", hash=section.bucket_hash)
    return gettext("Without a bucket")


def _postmaster_note(section: Section, count: int) -> str:
    if section.bucket_hash == buckets.LOST_ITEMS and count > _POSTMASTER_WARNING:
        return gettext("Nearly full: the game drops the oldest item when there is no room left.")
    return ""
