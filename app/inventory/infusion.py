"""Whose power could go into which other piece of gear.

The game's data has eighteen kinds of gear for this: the three slots of weapons, and the five of armor for each class.
Gear takes the power of anything stronger of its own kind, whatever its name, rarity or type.
"""

from __future__ import annotations

from typing import NamedTuple

from app.inventory.items import ItemState
from app.inventory.organizer.desk import Desk
from app.inventory.search.facts import ARMOR, WEAPON, Subject

_GEAR = frozenset({WEAPON, ARMOR})


class Infusion(NamedTuple):
    """`fuel` could raise the item's power, strongest first; `fed` could be raised by it, weakest first."""

    fuel: tuple[Subject, ...]
    fed: tuple[Subject, ...]


def takes_part(subject: Subject) -> bool:
    """Whether a copy can give or take power at all."""
    return subject.known.item_type in _GEAR and subject.power > 0 and bool(subject.item.instance_id)


def infusion_of(desk: Desk, subject: Subject) -> Infusion:
    """Of equal power what is least missed comes first: tagged for it, then junk, then what is not locked."""
    same = [each for each in desk.facts.subjects if each.key != subject.key and is_same_kind(subject, each)]
    fuel = sorted((each for each in same if each.power > subject.power), key=lambda each: _spare(desk, each))
    fuel.sort(key=lambda each: -each.power)
    fed = sorted((each for each in same if each.power < subject.power), key=lambda each: (each.power, each.key))
    return Infusion(tuple(fuel), tuple(fed))


def is_same_kind(one: Subject, other: Subject) -> bool:
    if not takes_part(one) or not takes_part(other):
        return False
    return _kind(one) == _kind(other)


def _kind(subject: Subject) -> tuple[int, int]:
    known = subject.known
    return known.bucket_hash, known.class_type if known.item_type == ARMOR else -1


def _spare(desk: Desk, subject: Subject) -> tuple[int, bool, str]:
    tag = desk.extras.tags.get(subject.item.instance_id, "")
    rank = {"infuse": 0, "junk": 1, "": 2}.get(tag, 3)
    return rank, subject.item.has(ItemState.LOCKED), subject.key
