"""The best power that a player can have in each slot, and which slots hold the sum back.

Gear anywhere counts, the postmaster included: once collected it can be worn. Eight slots make the mean that the game
compares drops with, and the game counts it in eighths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.inventory.arrange import Inventory, OwnedItem, Section
from app.inventory.definitions import TIER_EXOTIC
from app.inventory.items import EQUIPPED
from app.inventory.profile import Character

WEAPON_SLOTS = (1498876634, 2465295065, 953998645)
ARMOR_SLOTS = (3448274439, 3551918588, 14239492, 20886954, 1585787867)
SLOTS = WEAPON_SLOTS + ARMOR_SLOTS
_ANY_CLASS = 3


class Total(NamedTuple):
    """A mean of eight slots: whole points and the eighths beyond them, as the game counts."""

    points: int
    eighths: int


class SlotPower(NamedTuple):
    """One slot, the best for it in three ways. None = nobody has one with a known power.

    `best` minds that only one exotic of a kind is worn, `strongest` does not, and `anybodys` does not mind the class
    either.
    """

    bucket_hash: int
    worn: OwnedItem | None
    best: OwnedItem | None
    strongest: OwnedItem | None
    anybodys: OwnedItem | None
    is_holding_back: bool


@dataclass(frozen=True, slots=True)
class PowerSheet:
    """A total is None where a slot has nothing whose power is known: the mean would be a lie."""

    slots: tuple[SlotPower, ...]
    worn: Total | None
    best: Total | None
    strongest: Total | None
    anybodys: Total | None


class _Gear(NamedTuple):
    """What can stand in the slots, by slot, the strongest first."""

    worn: Mapping[int, list[OwnedItem]]
    usable: Mapping[int, list[OwnedItem]]
    all: Mapping[int, list[OwnedItem]]


def power_sheet(inventory: Inventory, character: Character) -> PowerSheet:
    gear = _gear(inventory, character)
    worn, strongest, anybodys = ([_first(by_slot[slot]) for slot in SLOTS] for by_slot in gear)
    best = _with_one_exotic(gear.usable, WEAPON_SLOTS) + _with_one_exotic(gear.usable, ARMOR_SLOTS)
    total = total_of(best)
    rows = zip(SLOTS, worn, best, strongest, anybodys, strict=True)
    return PowerSheet(
        tuple(SlotPower(*row, _is_below(row[2], total)) for row in rows),
        total_of(worn),
        total,
        total_of(strongest),
        total_of(anybodys),
    )


def total_of(chosen: Sequence[OwnedItem | None]) -> Total | None:
    """The mean power of all slots; None when one of them is empty."""
    powers = [each.power for each in chosen if each and each.power]
    return Total(*divmod(sum(powers), len(SLOTS))) if len(powers) == len(SLOTS) else None


def _gear(inventory: Inventory, character: Character) -> _Gear:
    found = _Gear(*({slot: [] for slot in SLOTS} for _ in range(3)))
    for owned in _everything(inventory):
        slot = slot_of(owned)
        if not owned.power or slot not in found.all:
            continue
        found.all[slot].append(owned)
        if _is_usable(owned, character):
            found.usable[slot].append(owned)
        if owned.item.place is EQUIPPED and owned.item.owner == character.id:
            # A weapon may have changed its slot since an old answer: it is worn where that says.
            found.worn.get(owned.item.bucket_hash, found.worn[slot]).append(owned)
    for items in (*found.usable.values(), *found.all.values()):
        items.sort(key=lambda owned: _rank(owned, character))
    return found


def slot_of(owned: OwnedItem) -> int:
    """Where an item is worn: its own bucket, or where it lies when the definition does not say."""
    return (owned.definition.bucket_hash if owned.definition else 0) or owned.item.bucket_hash


def _everything(inventory: Inventory) -> Iterator[OwnedItem]:
    yield from _items(inventory.vault)
    for store in inventory.characters:
        yield from _items(store.sections)


def _items(sections: Iterable[Section]) -> Iterator[OwnedItem]:
    return (owned for section in sections for owned in section.items)


def _is_usable(owned: OwnedItem, character: Character) -> bool:
    """Nobody knows the class of gear that nothing defines, and of classified armor: it is surely for its wearer."""
    known = owned.definition
    if known is None or (known.redacted and slot_of(owned) in ARMOR_SLOTS):
        return owned.item.place is EQUIPPED and owned.item.owner == character.id
    return known.class_type in {_ANY_CLASS, character.class_type}


def _rank(owned: OwnedItem, character: Character) -> tuple[int, bool, bool, str]:
    """The strongest first; of equals the one that is least trouble to put on."""
    is_here = owned.item.owner == character.id
    return (-(owned.power or 0), not (is_here and owned.item.place is EQUIPPED), not is_here, owned.item.instance_id)


def _first(items: Sequence[OwnedItem]) -> OwnedItem | None:
    return items[0] if items else None


def _with_one_exotic(gear: Mapping[int, list[OwnedItem]], slots: Sequence[int]) -> list[OwnedItem | None]:
    """The strongest choice in which at most one slot holds an exotic: try each slot as the one that may."""
    plain = {slot: _first([each for each in gear[slot] if not _is_exotic(each)]) for slot in slots}
    choices = [[_first(gear[slot]) if slot == free else plain[slot] for slot in slots] for free in slots]
    return max(choices, key=_strength)


def _strength(choice: Sequence[OwnedItem | None]) -> tuple[int, int]:
    """Of equally strong choices, the one in which more is worn already."""
    there = [each for each in choice if each]
    return sum(each.power or 0 for each in there), sum(each.item.place is EQUIPPED for each in there)


def _is_exotic(owned: OwnedItem) -> bool:
    return owned.definition is not None and (
        owned.definition.tier == TIER_EXOTIC or bool(owned.definition.unique_label)
    )


def _is_below(owned: OwnedItem | None, total: Total | None) -> bool:
    """Whether a slot is below the mean: there a drop raises it the most."""
    return total is not None and owned is not None and (owned.power or 0) < total.points + bool(total.eighths)
