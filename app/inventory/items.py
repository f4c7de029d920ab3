"""One owned item as Bungie lists it, and what its flags mean.

These are NamedTuples: a profile has a thousand of them, and a frozen dataclass costs three times as much to make.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

# Stats that mean "power" when they are an instance's primary stat; a sparrow's primary stat is its speed.
POWER_STATS = frozenset({1480404414, 3897883278, 1935470627})

POWER_PER_LEVEL = 10


class Place(IntEnum):
    """Which list of the profile an item came from."""

    VAULT = 0
    ACCOUNT = 1
    CURRENCY = 2
    CARRIED = 3
    EQUIPPED = 4
    VENDOR = 5  # not owned: what somebody sells


# For loops over all items: a member that is looked up in its class costs more than most of what is done with it.
CARRIED, EQUIPPED = Place.CARRIED, Place.EQUIPPED


class ItemState(IntFlag):
    LOCKED = 1
    TRACKED = 2
    MASTERWORK = 4
    CRAFTED = 8
    DEEPSIGHT = 16


class Instance(NamedTuple):
    """What component 300 says about one copy. 0 and None mean "not said"."""

    primary_stat_hash: int = 0
    primary_stat: int = 0
    item_level: int = 0
    quality: int = 0
    damage_type: int = 0
    gear_tier: int = 0
    energy_capacity: int = 0
    energy_used: int = 0
    breaker_type: int = 0


class Item(NamedTuple):
    """One entry of an inventory list: a copy, or a stack (then `instance_id` is ""). Source: DestinyItemComponent.

    `notes` are the places of those notes of the definition that the game shows with this one.
    """

    hash: int
    instance_id: str
    quantity: int
    bucket_hash: int
    place: Place
    owner: str  # character id; "" for the account
    state: int = 0
    transfer_status: int = 0
    version_number: int = -1
    style_hash: int = 0
    expires_at: str = ""
    is_lockable: bool = False
    instance: Instance | None = None
    notes: tuple[int, ...] = ()

    def has(self, flag: ItemState) -> bool:
        return bool(self.state & flag)


class Socket(NamedTuple):
    """One socket of a copy, in definition order. `plug_hash` 0 = empty or unknown. Source: component 305."""

    plug_hash: int
    is_enabled: bool
    is_visible: bool


class PlugChoice(NamedTuple):
    """A plug that this copy could hold in one socket: its roll's alternatives. Source: component 310.

    `can_insert`: the game would take it now. `is_enabled`: it would also do something.
    """

    plug_hash: int
    can_insert: bool
    is_enabled: bool

    @property
    def is_open(self) -> bool:
        return self.can_insert and self.is_enabled


class Objective(NamedTuple):
    """How far one objective is. `progress` counts towards `goal`; a flag has a goal of 1."""

    hash: int
    progress: int
    goal: int
    is_complete: bool
    is_visible: bool


class ItemDetails(NamedTuple):
    """The parts of an item that only its own page needs. None = the component was not sent for this item.

    `choices` go by socket index, `plug_objectives` (kill trackers, catalysts, crafting level) by plug hash.
    `shows`: what an emblem counts for all to see.
    """

    stats: dict[int, int] | None = None
    sockets: tuple[Socket, ...] | None = None
    choices: dict[int, tuple[PlugChoice, ...]] | None = None
    objectives: tuple[Objective, ...] | None = None
    plug_objectives: dict[int, tuple[Objective, ...]] | None = None
    shows: tuple[Objective, ...] = ()


def power_of(item: Item, *, is_redacted: bool = False) -> int | None:
    """The power that the game shows, or None. Classified gear hides its primary stat, so level and quality tell."""
    instance = item.instance
    if instance is None:
        return None
    if instance.primary_stat_hash in POWER_STATS:
        return instance.primary_stat
    if is_redacted and instance.item_level:
        return instance.item_level * POWER_PER_LEVEL + instance.quality
    return None
