"""Farming: which of a character's things make room while its player is playing, so that nothing goes astray."""

from __future__ import annotations

from app.inventory.buckets import VAULT, Group, group_of
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.inventory.moves.ranking import Preferences
from app.inventory.moves.world import Stack, World

# What drops while one plays and fills up: weapons and armor. Nobody can send more than nine away: one of ten is worn.
LEAST_SLOTS, MOST_SLOTS = 1, 9
_FILLS_UP = frozenset({Group.WEAPONS, Group.ARMOR})


def makes_room(world: World, preferences: Preferences, character_id: str, slots: int) -> list[Wish]:
    """What has to go to the vault so that `slots` places are free in every slot, the newest first.

    Worn, locked, kept and loadout items never go, and no more than the vault holds.
    """
    going = [
        stack
        for (store, bucket_hash), held in world.places.items()
        if store == character_id and group_of(bucket_hash, None) in _FILLS_UP
        for stack in _newest(world, preferences, held)[: max(0, slots - world.free(store, bucket_hash))]
    ]
    room = max(0, world.free(VAULT_STORE, VAULT))
    return [Wish(each.item.hash, each.item.instance_id, character_id, VAULT_STORE) for each in going[:room]]


def _newest(world: World, preferences: Preferences, held: tuple[Stack, ...]) -> list[Stack]:
    """Who plays has chosen what lies there; what has just come in nobody has looked at yet. Ids grow with time."""
    free_to_go = [each for each in held if may_go(world, preferences, each)]
    return sorted(free_to_go, key=lambda each: int(each.item.instance_id), reverse=True)


def may_go(world: World, preferences: Preferences, stack: Stack) -> bool:
    """Asked again just before it goes: the player may have put it on or locked it meanwhile."""
    if not stack.is_copy or stack.is_worn or stack.is_bound or not world.is_storable(stack):
        return False
    return not preferences.is_treasured(stack)
