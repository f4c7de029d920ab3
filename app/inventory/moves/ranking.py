"""Which item has to make room, and which one is worn instead: the order of preference, first difference decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import compress
from operator import eq
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


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the player's own order says about items, by key (instance id, or hash of a stack).

    `reserved` are never moved aside: the other items of the same batch. What stands in `loadouts` and kept tags only
    when there is no other choice. `moved_at` is when the player moved an item by hand (Unix seconds), not for those
    that they never moved. All but `reserved` are asked only when something has to be chosen, and may be asked often.
    """

    reserved: frozenset[str] = frozenset()
    loadouts: Callable[[], Collection[str]] = frozenset
    tags: Callable[[], Mapping[str, Tag]] = dict
    moved_at: Callable[[], Mapping[str, float]] = dict

    def tag_of(self, key: str) -> Tag:
        return self.tags().get(key, Tag.NONE)

    def is_treasured(self, stack: Stack) -> bool:
        return self.treasured((stack,))[0]

    def treasured(self, stacks: Sequence[Stack]) -> list[bool]:
        """`is_treasured` of many."""
        tags, loadouts = self.tags(), self.loadouts()
        if not tags and not loadouts:
            return [each.item.state & _LOCKED == _LOCKED for each in stacks]
        return [
            each.item.state & _LOCKED == _LOCKED or (key := each.key) in loadouts or tags.get(key) in _KEPT
            for each in stacks
        ]


def leaves_character(world: World, preferences: Preferences, owner: str) -> Callable[[Stack], Any]:
    """Sort key: the first is the best one to send away from a character's bucket."""
    moved_at = preferences.moved_at()

    def rank(stack: Stack) -> tuple[Any, ...]:
        return (
            preferences.is_treasured(stack),
            stack.bucket_hash != ENGRAMS,
            moved_at.get(stack.key, 0.0),
            world.can_wear(stack, owner),
            _LEAVES_CHARACTER.index(preferences.tag_of(stack.key)),
            stack.tier,
            _power(stack),
            stack.key,
        )

    return rank


def leave_vault(world: World, preferences: Preferences, destination: str, stacks: Sequence[Stack]) -> Iterator[Stack]:
    """In the order in which they had best be sent from the vault to a character, or "account", best first."""
    return _sorted(stacks, tuple(_reasons_to_leave_vault(world, preferences, destination)))


# Asked of all at once, because a call for each of many hundreds costs more than what it finds out. Low goes first.
_Criterion = Callable[[Sequence[Stack]], Iterable[Any]]
# So many different answers are gone through one by one: mostly only the first is wanted.
_FEW_LEVELS = 8


def _reasons_to_leave_vault(world: World, preferences: Preferences, destination: str) -> Iterator[_Criterion]:
    """The first one weighs most. What is the same for everything is left out."""
    yield preferences.treasured
    if moved_at := preferences.moved_at():
        yield lambda stacks: [moved_at.get(each.key, 0.0) for each in stacks]
    if destination in world.characters:
        yield lambda stacks: [not each for each in world.wearable(stacks, destination)]
    if tags := preferences.tags():
        yield lambda stacks: [_LEAVES_VAULT.index(tags.get(each.key, Tag.NONE)) for each in stacks]
    yield lambda stacks: [-each.tier for each in stacks]
    yield lambda stacks: [-_power(each) for each in stacks]
    yield lambda stacks: [each.key for each in stacks]


def _sorted(stacks: Sequence[Stack], criteria: Sequence[_Criterion]) -> Iterator[Stack]:
    """Each criterion is asked only of those that are level so far, and not before somebody wants to know.

    A vault holds many hundreds, only the first few are looked at, and most questions are settled by the first ones.
    """
    if not criteria or len(stacks) < 2:
        yield from stacks
        return
    values = list(criteria[0](stacks))
    levels = set(values)
    if len(levels) <= _FEW_LEVELS:
        for level in sorted(levels):
            yield from _sorted(list(compress(stacks, map(partial(eq, level), values))), criteria[1:])
        return
    by_level: defaultdict[Any, list[Stack]] = defaultdict(list)
    for value, stack in zip(values, stacks, strict=True):
        by_level[value].append(stack)
    for level in sorted(levels):
        yield from _sorted(by_level[level], criteria[1:])


def is_worn_instead(preferences: Preferences, of: Stack) -> Callable[[Stack], Any]:
    """Sort key: the first is the best one to wear in the place of `of`."""
    type_name = of.facts.type_name if of.facts else ""

    def rank(stack: Stack) -> tuple[Any, ...]:
        return (
            stack.tier == TIER_EXOTIC,
            not stack.facts or stack.facts.type_name != type_name,
            _IS_WORN_FIRST.index(preferences.tag_of(stack.key)),
            -stack.tier,
            -_power(stack),
            stack.key,
        )

    return rank


def _power(stack: Stack) -> int:
    return power_of(stack.item) or 0
