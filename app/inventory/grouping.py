"""Items of one bucket in smaller heaps: by type, rarity, ammo, element, class and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from app.inventory import order_facts
from app.inventory.annotations.marks import USUAL
from app.inventory.arrange import OwnedItem
from app.inventory.items import ItemState
from app.inventory.search.facts import Collection
from app.inventory.search.keyword import Need
from app.inventory.sorting import NO_FACTS, breaker_of, element_of, season_number

ANY_CLASS = 3

# What a heap is known by: a number of the game's, or a name of the game's in the language of the page.
Mark = int | str


class Heap(NamedTuple):
    """Items that share `mark`; 0 or "" where nothing is said. `example` shows what the mark is called."""

    mark: Mark
    items: tuple[OwnedItem, ...]

    @property
    def example(self) -> OwnedItem:
        return self.items[0]


def _tag(owned: OwnedItem) -> Mark:
    """The usual tags by number, in their order; labels by name, after them."""
    return USUAL.index(owned.tag) + 1 if owned.tag in USUAL else owned.tag


class _Grouping(NamedTuple):
    """`inner` looks into sockets; all others look at the item itself."""

    mark: Callable[[OwnedItem], Mark] = lambda _: 0
    falls: bool = False
    inner: Callable[[OwnedItem, Collection], Mark] | None = None


def _flag(flag: ItemState) -> _Grouping:
    return _Grouping(lambda owned: int(owned.item.has(flag)))


GROUPINGS: Mapping[str, _Grouping] = {
    "type": _Grouping(lambda owned: owned.definition.type_name if owned.definition else ""),
    "rarity": _Grouping(lambda owned: owned.definition.tier if owned.definition else 0, falls=True),
    "ammo": _Grouping(lambda owned: owned.definition.ammo_type if owned.definition else 0),
    "element": _Grouping(element_of),
    "class": _Grouping(lambda owned: owned.definition.class_type if owned.definition else ANY_CLASS),
    "breaker": _Grouping(breaker_of),
    "tier": _Grouping(lambda owned: owned.item.instance.gear_tier if owned.item.instance else 0, falls=True),
    "season": _Grouping(lambda owned: season_number(owned) or 0, falls=True),
    "tag": _Grouping(_tag),
    "archetype": _Grouping(inner=order_facts.archetype),
    "frame": _Grouping(inner=order_facts.frame),
    "masterworked": _flag(ItemState.MASTERWORK),
    "crafted": _flag(ItemState.CRAFTED),
    "deepsight": _flag(ItemState.DEEPSIGHT),
    "locked": _flag(ItemState.LOCKED),
    "featured": _Grouping(lambda owned: int(bool(owned.definition and owned.definition.is_featured))),
    "quest": _Grouping(order_facts.quest_kind),
}
_NOTHING_SAID = {0, ""}


def need_of(grouping: str) -> Need:
    """What a collection of facts must have read for this grouping; "" is none."""
    return Need.PLUGS if grouping and GROUPINGS[grouping].inner else Need.NOTHING


def heaps(items: Iterable[OwnedItem], grouping: str, facts: Collection = NO_FACTS) -> tuple[Heap, ...]:
    """The items in heaps, each in the order in which they came; what says nothing is the last heap."""
    mark, falls, inner = GROUPINGS[grouping]
    found: dict[Mark, list[OwnedItem]] = {}
    for each in items:
        found.setdefault(inner(each, facts) if inner else mark(each), []).append(each)
    # Titan is class 0, which says something.
    silent = [] if grouping == "class" else [each for each in found if each in _NOTHING_SAID]
    told = sorted((each for each in found if each not in silent), key=_rank, reverse=falls)
    return tuple(Heap(each, tuple(found[each])) for each in (*told, *silent))


def _rank(mark: Mark) -> tuple[str, int]:
    return (mark.casefold(), 0) if isinstance(mark, str) else ("", mark)
