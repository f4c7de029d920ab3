"""Which item has to make room, and which one is worn instead: the order of preference, first difference decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from app.inventory.buckets import ENGRAMS
from app.inventory.definitions import TIER_EXOTIC
from app.inventory.items import ItemState, power_of
from app.inventory.moves.world import Stack, World


class Tag(IntEnum):
    """The player's own mark on an item."""

    NONE = 0
    FAVORITE = 1
    KEEP = 2
    INFUSE = 3
    JUNK = 4
    ARCHIVE = 5


# By the names that players give them; a label of one's own says nothing about moving.
TAGS: Mapping[str, Tag] = {each.name.lower(): each for each in Tag if each}
_KEPT = frozenset({Tag.FAVORITE, Tag.KEEP})
# Who leaves first. On characters what is put away anyway goes, in the vault what is most likely wanted elsewhere.
_LEAVES_CHARACTER = (Tag.ARCHIVE, Tag.INFUSE, Tag.NONE, Tag.JUNK, Tag.KEEP, Tag.FAVORITE)
_LEAVES_VAULT = (Tag.JUNK, Tag.NONE, Tag.KEEP, Tag.FAVORITE, Tag.INFUSE, Tag.ARCHIVE)
_IS_WORN_FIRST = (Tag.FAVORITE, Tag.KEEP, Tag.NONE, Tag.INFUSE, Tag.JUNK, Tag.ARCHIVE)


def _no_tag(_key: str) -> Tag:
    return Tag.NONE


def _never(_key: str) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the player's own order says about items, by key (instance id, or hash of a stack).

    `reserved` are never moved aside: the other items of the same batch. `in_loadout` and kept tags only when there
    is no other choice. `moved_at` is when the player moved an item by hand (Unix seconds, 0 = never).
    """

    reserved: frozenset[str] = frozenset()
    in_loadout: frozenset[str] = frozenset()
    tag_of: Callable[[str], Tag] = _no_tag
    moved_at: Callable[[str], float] = _never

    def is_treasured(self, stack: Stack) -> bool:
        return stack.key in self.in_loadout or self.tag_of(stack.key) in _KEPT or stack.item.has(ItemState.LOCKED)


def leaves_character(world: World, preferences: Preferences, owner: str) -> Callable[[Stack], Any]:
    """Sort key: the first is the best one to send away from a character's bucket."""

    def rank(stack: Stack) -> tuple[Any, ...]:
        return (
            stack.is_worn,
            preferences.is_treasured(stack),
            stack.bucket_hash != ENGRAMS,
            preferences.moved_at(stack.key),
            world.can_wear(stack, owner),
            _LEAVES_CHARACTER.index(preferences.tag_of(stack.key)),
            _tier(stack),
            _power(stack),
            stack.key,
        )

    return rank


def leaves_vault(world: World, preferences: Preferences, destination: str) -> Callable[[Stack], Any]:
    """Sort key: the first is the best one to send from the vault to a character, or "account"."""

    def rank(stack: Stack) -> tuple[Any, ...]:
        can_wear = destination in world.characters and world.can_wear(stack, destination)
        return (
            preferences.is_treasured(stack),
            preferences.moved_at(stack.key),
            not can_wear,
            _LEAVES_VAULT.index(preferences.tag_of(stack.key)),
            -_tier(stack),
            -_power(stack),
            stack.key,
        )

    return rank


def is_worn_instead(preferences: Preferences, of: Stack) -> Callable[[Stack], Any]:
    """Sort key: the first is the best one to wear in the place of `of`."""
    type_name = of.facts.type_name if of.facts else ""

    def rank(stack: Stack) -> tuple[Any, ...]:
        return (
            _tier(stack) == TIER_EXOTIC,
            not stack.facts or stack.facts.type_name != type_name,
            _IS_WORN_FIRST.index(preferences.tag_of(stack.key)),
            -_tier(stack),
            -_power(stack),
            stack.key,
        )

    return rank


def _tier(stack: Stack) -> int:
    return stack.facts.tier if stack.facts else 0


def _power(stack: Stack) -> int:
    return power_of(stack.item) or 0
