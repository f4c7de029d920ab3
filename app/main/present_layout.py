"""Order and heaps of a vault in words: the form that chooses them, and what each heap is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from babel import Locale
from flask import get_template_attribute
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.annotations.marks import USUAL
from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.grouping import Mark, heaps
from app.inventory.layout import Layout
from app.inventory.order_facts import STATS
from app.inventory.search.facts import Collection
from app.inventory.sorting import KEYS, NO_FACTS, Order, SortBy, written
from app.main import words
from app.main.tag_words import TAG_NAMES
from app.main.tiles import TileMaker
from app.main.viewmodels import HeapView

# How many keys the form offers; an address may name more.
_FIELDS = 3

# In words, and how the two directions are told: the natural one first.
_STRONGEST = (_l("highest first"), _l("lowest first"))
_ALPHABET = (_l("A to Z"), _l("Z to A"))
_GAME = (_l("as in the game"), _l("the other way round"))
_MARKED = (_l("first"), _l("last"))
_SORTS: Mapping[str, tuple[LazyString, tuple[LazyString, LazyString]]] = {
    "power": (_l("Power"), _STRONGEST),
    "name": (_l("Name"), _ALPHABET),
    "rarity": (_l("Rarity"), (_l("rarest first"), _l("commonest first"))),
    "type": (_l("Type"), _ALPHABET),
    "element": (_l("Element"), _GAME),
    "ammo": (_l("Ammo"), _GAME),
    "class": (_l("Class"), _GAME),
    "recency": (_l("Age"), (_l("newest first"), _l("oldest first"))),
    "season": (_l("Season"), (_l("newest first"), _l("oldest first"))),
    "tier": (_l("Gear tier"), _STRONGEST),
    "energy": (_l("Energy"), _STRONGEST),
    "breaker": (_l("Champion"), _GAME),
    "amount": (_l("Amount"), (_l("most first"), _l("fewest first"))),
    "masterworked": (_l("Masterworked"), _MARKED),
    "crafted": (_l("Crafted"), _MARKED),
    "deepsight": (_l("Deepsight"), _MARKED),
    "locked": (_l("Locked"), _MARKED),
    "featured": (_l("Featured"), _MARKED),
    "tag": (_l("Tag"), (_l("favorites first"), _l("favorites last"))),
    "archetype": (_l("Armor archetype"), _ALPHABET),
    "frame": (_l("Weapon frame"), _ALPHABET),
    "total": (_l("Stat total"), _STRONGEST),
    "masterworktier": (_l("Masterwork level"), _STRONGEST),
    "quest": (_l("Kind of quest"), _GAME),
    "expiry": (_l("Time left"), (_l("shortest first"), _l("longest first"))),
}
_GROUPS: Mapping[str, LazyString] = {
    "type": _l("Type"), "rarity": _l("Rarity"), "ammo": _l("Ammo"), "element": _l("Element"), "class": _l("Class"),
    "breaker": _l("Champion"), "tier": _l("Gear tier"), "season": _l("Season"),
    "tag": _l("Tag"), "archetype": _l("Armor archetype"), "frame": _l("Weapon frame"),
    "masterworked": _l("Masterworked"), "crafted": _l("Crafted"), "deepsight": _l("Deepsight"),
    "locked": _l("Locked"), "featured": _l("Featured"), "quest": _l("Kind of quest"),
}  # fmt: skip
_BREAKERS: Mapping[int, LazyString] = {
    1: _l("Against Barrier Champions"), 2: _l("Against Overload Champions"), 3: _l("Against Unstoppable Champions"),
}  # fmt: skip
_QUESTS: Mapping[int, LazyString] = dict(enumerate((
    _l("New Light"), _l("Campaigns"), _l("Current release"), _l("Exotic quests"), _l("Seasonal quests"),
    _l("Playlists"), _l("The past"), _l("Bounties"), _l("Other quests"),
), 1))  # fmt: skip
_MARKS = frozenset({"masterworked", "crafted", "deepsight", "locked", "featured"})

# The words of single stats, and what the game calls them.
StatNames = tuple[tuple[str, str], ...]


class Choice(NamedTuple):
    """One option of a list."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class LayoutView:
    """How the page is laid out, and the form that changes it. `href` leads anybody's page to the same layout."""

    words: str  # "Power (highest first), Name (A to Z)"
    fields: str  # the inputs of the form, drawn
    href: str
    back: str  # where the form leads back to


def layout_view(layout: Layout, stats: StatNames, text: str, path: str, view: str = "") -> LayoutView:
    """`path` is that of the page; `text` and `view` are what else it is asked for, kept when the layout changes."""
    query = {name: value for name, value in (("view", view), ("q", text)) if value}
    address = {"sort": written(layout.order) or "default", "group": layout.group or "none"}
    return LayoutView(
        words=_told(layout, dict(stats)),
        fields=_fields_in(get_locale(), layout.order, layout.group, stats),
        href=f"{path}?" + urlencode(query | address, safe=","),
        back=path + ("?" + urlencode(query) if query else ""),
    )


def stat_names(definitions: Definitions) -> StatNames:
    """Of the stats by which items can be ordered, those that the game has a name for."""
    known = ((f"stat.{word}", definitions.stat(stat)) for word, stat in STATS.items())
    return tuple((key, found.name) for key, found in known if found and found.name)


def titled_heaps(
    items: Iterable[OwnedItem], group: str, facts: Collection = NO_FACTS
) -> tuple[tuple[str, tuple[OwnedItem, ...]], ...]:
    """Nothing where there is only one heap: its heading would say what the bucket's does."""
    found = heaps(items, group, facts) if group else ()
    if len(found) < 2:
        return ()
    return tuple((_heap_title(group, heap.mark, heap.example), heap.items) for heap in found)


def heap_views(
    items: tuple[OwnedItem, ...], group: str, tiles: TileMaker, facts: Collection = NO_FACTS
) -> tuple[HeapView, ...]:
    found = titled_heaps(items, group, facts)
    return tuple(HeapView(title, words.number(len(heap)), tuple(tiles.make_all(heap))) for title, heap in found)


def _told(layout: Layout, stats: Mapping[str, str]) -> str:
    told = [_sort_words(each, stats) for each in layout.order] or [gettext("best first")]
    if layout.group:
        told.append(gettext("in groups by %(key)s", key=_GROUPS[layout.group]))
    return ", ".join(told)


def _sort_words(by: SortBy, stats: Mapping[str, str]) -> str:
    if by.key in _SORTS:
        name, directions = _SORTS[by.key]
        return f"{name} ({directions[by.is_reversed]})"
    is_low_first = KEYS[by.key].falls == by.is_reversed
    return f"{stats.get(by.key) or by.key.removeprefix('stat.')} ({_STRONGEST[is_low_first]})"


@lru_cache(maxsize=512)
def _fields_in(_locale: Locale | None, order: Order, group: str, stats: StatNames) -> str:
    """Drawn once for every layout that somebody uses: the lists are long, and every vault page has them."""
    groups = [Choice("none", gettext("no groups"), not group)]
    groups += [Choice(key, str(name), key == group) for key, name in _GROUPS.items()]
    sorts = [_sort_choices(order[place] if place < len(order) else None, dict(stats)) for place in range(_FIELDS)]
    drawn: str = get_template_attribute("components/layout.html", "layout_fields")(groups, sorts)
    return drawn


def _sort_choices(chosen: SortBy | None, stats: Mapping[str, str]) -> tuple[list[Choice], list[Choice]]:
    """The general keys, either way round, and single stats: those the other way round only where one is chosen."""
    general = [SortBy(key, is_reversed) for key in _SORTS for is_reversed in (False, True)]
    single = [SortBy(key) for key in stats]
    if chosen and chosen not in general and chosen not in single:
        single.append(chosen)
    first = Choice("", gettext("as it comes"), chosen is None)
    told = [[Choice(str(by), _sort_words(by, stats), by == chosen) for by in some] for some in (general, single)]
    return [first, *told[0]], told[1]


def _heap_title(group: str, mark: Mark, example: OwnedItem) -> str:
    """What a heap is called; in the game's own words where an item carries them."""
    if group == "class":
        return str(words.CLASSES.get(int(mark)) or gettext("For any class"))
    if not mark:
        return gettext("Not tagged") if group == "tag" else gettext("Others")
    if group in _MARKS:
        return str(_GROUPS[group])
    if group == "rarity" and example.definition and example.definition.tier_name:
        return example.definition.tier_name
    return _number_words(group, mark) or str(mark)


def _number_words(group: str, mark: Mark) -> str:
    if group == "tag":
        return str(TAG_NAMES[USUAL[mark - 1]]) if isinstance(mark, int) else ""
    if group == "tier":
        return gettext("Tier %(number)s", number=mark)
    if group == "season":
        return gettext("Season %(number)s", number=mark)
    if group in {"breaker", "quest"}:
        return str((_BREAKERS if group == "breaker" else _QUESTS).get(int(mark), ""))
    if group == "ammo":
        return str(words.AMMO.get(int(mark), ""))
    return str(words.ELEMENT_NAMES.get(words.ELEMENTS.get(int(mark), ""), "")) if group == "element" else ""
