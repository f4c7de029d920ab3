"""Which item has to make room, and which one is worn instead: the order of preference, first difference decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
_LOCKED = int(ItemState.LOCKED)  # asked of a whole vault at once, and a plain number is quicker
_KEPT = frozenset({Tag.FAVORITE, Tag.KEEP})
# Who leaves first. On characters what is put away anyway goes, in the vault what is most likely wanted elsewhere.
_LEAVES_CHARACTER = (Tag.ARCHIVE, Tag.INFUSE, Tag.NONE, Tag.JUNK, Tag.KEEP, Tag.FAVORITE)
_LEAVES_VAULT = (Tag.JUNK, Tag.NONE, Tag.KEEP, Tag.FAVORITE, Tag.INFUSE, Tag.ARCHIVE)
_IS_WORN_FIRST = (Tag.FAVORITE, Tag.KEEP, Tag.NONE, Tag.INFUSE, Tag.JUNK, Tag.ARCHIVE)


def _no_tag(_key: str) -> Tag:
    return Tag.NONE


def _in_none(_key: str) -> bool:
    return False


def _never(_key: str) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the player's own order says about items, by key (instance id, or hash of a stack).

    `reserved` are never moved aside: the other items of the same batch. What `is_in_loadout` and kept tags only when
    there is no other choice. `moved_at` is when the player moved an item by hand (Unix seconds, 0 = never).
    """

    reserved: frozenset[str] = frozenset()
    is_in_loadout: Callable[[str], bool] = _in_none
    tag_of: Callable[[str], Tag] = _no_tag
    moved_at: Callable[[str], float] = _never

    def is_treasured(self, stack: Stack) -> bool:
        if stack.item.state & _LOCKED:
            return True
        key = stack.key
        return self.tag_of(key) in _KEPT or self.is_in_loadout(key)


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


def leave_vault(
    world: World, preferences: Preferences, destination: str, stacks: Sequence[Stack], most: int
) -> list[Stack]:
    """The best ones to send from the vault to a character, or "account", best first."""
    is_worn_there = destination in world.characters
    return _first(
        stacks,
        most,
        preferences.is_treasured,
        lambda stack: preferences.moved_at(stack.key),
        lambda stack: not (is_worn_there and world.can_wear(stack, destination)),
        lambda stack: _LEAVES_VAULT.index(preferences.tag_of(stack.key)),
        lambda stack: -_tier(stack),
        lambda stack: -_power(stack),
        lambda stack: stack.key,
    )


def _first(stacks: Sequence[Stack], most: int, *criteria: Callable[[Stack], Any]) -> list[Stack]:
    """The first few as sorting would have them: each criterion is asked only of those that are level so far.

    A vault holds many hundreds, and most questions are settled by the first ones.
    """
    if not criteria or len(stacks) < 2:
        return list(stacks[:most])
    level: defaultdict[Any, list[Stack]] = defaultdict(list)
    for stack in stacks:
        level[criteria[0](stack)].append(stack)
    found: list[Stack] = []
    for value in sorted(level):
        if len(found) < most:
            found += _first(level[value], most - len(found), *criteria[1:])
    return found


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
