"""What a player has more than once: weapons and armor of which several copies lie about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.inventory.arrange import Inventory, OwnedItem, Section
from app.inventory.buckets import Group
from app.inventory.definitions import ItemDefinition

_GEAR = {Group.WEAPONS, Group.ARMOR}
_WEAPON_OR_ARMOR = {2, 3}  # DestinyItemType


class Copies(NamedTuple):
    """All copies of one item, the strongest first."""

    group: Group
    bucket_hash: int
    items: tuple[OwnedItem, ...]


def duplicates(inventory: Inventory) -> tuple[Copies, ...]:
    """By group and name. A weapon that the game has issued anew under the same name counts as the same."""
    found: dict[tuple[Group, int, str | int, int], list[OwnedItem]] = {}
    for section, owned in _gear(inventory):
        bucket = owned.definition.bucket_hash if owned.definition else section.bucket_hash
        found.setdefault((section.group, bucket, *_kind(owned)), []).append(owned)
    several = [
        Copies(group, bucket, tuple(sorted(items, key=_strongest_first)))
        for (group, bucket, *_), items in found.items()
        if len(items) > 1
    ]
    return tuple(sorted(several, key=_by_group_and_name))


def is_reissue(one: ItemDefinition | None, other: ItemDefinition | None) -> bool:
    """Whether two definitions are one weapon or one piece of armor, issued twice."""
    if one is None or other is None or not one.name or one.redacted or other.redacted:
        return False
    return one.item_type in _WEAPON_OR_ARMOR and _marks_of(one) == _marks_of(other)


def _marks_of(known: ItemDefinition) -> tuple[str, int, int, int, int]:
    return known.name, known.item_type, known.sub_type, known.class_type, known.bucket_hash


def _gear(inventory: Inventory) -> Iterator[tuple[Section, OwnedItem]]:
    for sections in (inventory.vault, *(store.sections for store in inventory.characters)):
        for section in sections:
            for owned in section.items:
                if section.group in _GEAR and owned.item.instance_id:
                    yield section, owned


def _kind(owned: OwnedItem) -> tuple[str | int, int]:
    known = owned.definition
    return (known.name, known.class_type) if known and known.name and not known.redacted else (owned.item.hash, 0)


def _strongest_first(owned: OwnedItem) -> tuple[int, str]:
    return -(owned.power or 0), owned.item.instance_id


def _by_group_and_name(copies: Copies) -> tuple[bool, int, str]:
    first = copies.items[0].definition
    return copies.group is not Group.WEAPONS, -len(copies.items), first.name.casefold() if first else ""
