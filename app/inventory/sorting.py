"""In which order items stand: by several keys, each of them either way round.

Every key has a natural direction, the one that players mean: the strongest, rarest and newest first, names from A.
Items of which a key says nothing come last, whichever way it is turned; what is worn always stands in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app.inventory import champions, order_facts
from app.inventory.annotations.marks import rank_of
from app.inventory.arrange import OwnedItem
from app.inventory.items import EQUIPPED, ItemState
from app.inventory.search.facts import Collection
from app.inventory.search.keyword import Need
from app.inventory.seasons import season_of

MOST_KEYS = 4
# Knows nothing of sockets: what keys ask of those is then said of no item.
NO_FACTS = Collection(())

Fact = Callable[[OwnedItem], Any]
Inner = Callable[[OwnedItem, Collection], Any]


class SortBy(NamedTuple):
    """One key of an order. Written "power", or "-power" when it is turned round."""

    key: str
    is_reversed: bool = False

    def __str__(self) -> str:
        return f"-{self.key}" if self.is_reversed else self.key


Order = tuple[SortBy, ...]


class _Key(NamedTuple):
    """`inner` asks what an item's sockets hold."""

    fact: Inner  # None where nothing is known
    falls: bool  # naturally from the greatest down
    inner: bool = False


def _outer(fact: Fact, *, falls: bool) -> _Key:
    return _Key(lambda owned, _: fact(owned), falls)


def _inner(fact: Inner, *, falls: bool = True) -> _Key:
    return _Key(fact, falls, inner=True)


def _inner_text(fact: Callable[[OwnedItem, Collection], str]) -> _Key:
    return _inner(lambda owned, facts: fact(owned, facts).casefold() or None, falls=False)


def _stat(stat: int) -> _Key:
    falls = stat not in order_facts.LOW_IS_GOOD
    return _inner(lambda owned, facts: order_facts.one_stat(owned, facts, stat), falls=falls)


def _text(name: str) -> _Key:
    def fact(owned: OwnedItem) -> str | None:
        return (getattr(owned.definition, name).casefold() or None) if owned.definition else None

    return _outer(fact, falls=False)


def _number(name: str, *, falls: bool = True) -> _Key:
    def fact(owned: OwnedItem) -> int | None:
        return (getattr(owned.definition, name) or None) if owned.definition else None

    return _outer(fact, falls=falls)


def _flag(flag: ItemState) -> _Key:
    """What has the mark comes first; what has not is no gap in our knowledge."""
    return _outer(lambda owned: bool(owned.item.state & flag), falls=True)


def _of_copy(name: str) -> _Key:
    def fact(owned: OwnedItem) -> int | None:
        return (getattr(owned.item.instance, name) or None) if owned.item.instance else None

    return _outer(fact, falls=True)


def element_of(owned: OwnedItem) -> int:
    """Damage type of this copy, else that of the item; 0 for none."""
    said = owned.item.instance.damage_type if owned.item.instance else 0
    return said or (owned.definition.damage_type if owned.definition else 0)


def breaker_of(owned: OwnedItem) -> int:
    """Which champions it stops without a look into its sockets: 0 none."""
    return champions.breaker_of(owned.definition, owned.item.instance)


def season_number(owned: OwnedItem) -> int | None:
    return season_of(owned.item, owned.definition) if owned.definition else None


def _class(owned: OwnedItem) -> int | None:
    known = owned.definition
    return known.class_type if known and known.class_type < 3 else None  # 3: any


def _recency(owned: OwnedItem) -> int | None:
    """The game numbers copies as they come into being."""
    return int(owned.item.instance_id) if owned.item.instance_id.isdigit() else None


KEYS: Mapping[str, _Key] = {
    "power": _outer(lambda owned: owned.power, falls=True),
    "name": _text("name"),
    "rarity": _number("tier"),
    "type": _text("type_name"),
    "element": _outer(lambda owned: element_of(owned) or None, falls=False),
    "ammo": _number("ammo_type", falls=False),
    "class": _outer(_class, falls=False),
    "recency": _outer(_recency, falls=True),
    "season": _outer(season_number, falls=True),
    "tier": _of_copy("gear_tier"),
    "energy": _of_copy("energy_capacity"),
    "breaker": _outer(lambda owned: breaker_of(owned) or None, falls=False),
    "amount": _outer(lambda owned: owned.item.quantity, falls=True),
    "masterworked": _flag(ItemState.MASTERWORK),
    "crafted": _flag(ItemState.CRAFTED),
    "deepsight": _flag(ItemState.DEEPSIGHT),
    "locked": _flag(ItemState.LOCKED),
    "featured": _outer(lambda owned: bool(owned.definition and owned.definition.is_featured), falls=True),
    "tag": _outer(lambda owned: rank_of(owned.tag) if owned.tag else None, falls=False),
    "archetype": _inner_text(order_facts.archetype),
    "frame": _inner_text(order_facts.frame),
    "total": _inner(order_facts.stat_total),
    "masterworktier": _inner(order_facts.masterwork_level),
    "quest": _outer(lambda owned: order_facts.quest_kind(owned) or None, falls=False),
    "expiry": _outer(lambda owned: owned.item.expires_at or None, falls=False),
    **{f"stat.{word}": _stat(stat) for word, stat in order_facts.STATS.items()},
}


def read_order(texts: Iterable[str]) -> Order:
    """The order that "power,-name" or several such texts ask for. What is no key is passed over, the rest counts."""
    found: dict[str, SortBy] = {}
    for word in ",".join(texts).lower().split(","):
        key = word.strip().removeprefix("-")
        if key in KEYS and key not in found:
            found[key] = SortBy(key, word.strip().startswith("-"))
    return tuple(found.values())[:MOST_KEYS]


def written(order: Order) -> str:
    """The text that `read_order` reads as this order."""
    return ",".join(map(str, order))


def need_of(order: Order) -> Need:
    """What a collection of facts must have read for this order."""
    return Need.PLUGS if any(KEYS[each.key].inner for each in order) else Need.NOTHING


def in_order(items: Sequence[OwnedItem], order: Order, facts: Collection = NO_FACTS) -> tuple[OwnedItem, ...]:
    """The items by these keys; those that no key tells apart stay as they stood."""
    found = list(items)
    for each in reversed(order):
        found = _by(found, each, facts)
    if order:
        found.sort(key=_is_not_worn)
    return tuple(found)


def _by(items: list[OwnedItem], by: SortBy, facts: Collection) -> list[OwnedItem]:
    key = KEYS[by.key]
    said = [(key.fact(each, facts), each) for each in items]
    known = [pair for pair in said if pair[0] is not None]
    known.sort(key=_fact_of, reverse=key.falls != by.is_reversed)
    return [each for _, each in known] + [each for fact, each in said if fact is None]


def _fact_of(pair: tuple[Any, OwnedItem]) -> Any:
    return pair[0]


def _is_not_worn(owned: OwnedItem) -> bool:
    return owned.item.place is not EQUIPPED
