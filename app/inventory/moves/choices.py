"""Where an item may be asked to go: what its page offers. Whether there is a way today only a plan can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE
from app.inventory.moves.world import Stack, World
from app.inventory.profile import Profile


class Choice(NamedTuple):
    """`target` is a character id, VAULT_STORE or ACCOUNT_STORE."""

    target: str
    equip: bool = False


def choices(profile: Profile, definitions: Definitions, item: Item) -> tuple[Choice, ...]:
    """Characters in the order of the profile (last played first), the vault last; () for what stays where it is."""
    if item.place is Place.CURRENCY:
        return ()
    world = World(replace(profile, items=(item,)), definitions)
    stack = next(world.stacks())
    if stack.in_postmaster:
        return _out_of_postmaster(stack)
    home = world.home(stack)
    if world.is_account_wide(home):
        other = ACCOUNT_STORE if stack.store == VAULT_STORE else VAULT_STORE
        return (Choice(other),) if _may_travel(world, stack) else ()
    return (*_to_characters(world, stack), *_to_vault(world, stack))


def pieces_there(profile: Profile, item: Item) -> int:
    """How many there are of a stack in the place where it lies: the game cuts them into stacks as it likes."""
    if item.instance_id:
        return item.quantity
    place = (item.hash, "", item.owner, item.bucket_hash)
    same = (each for each in profile.items if (each.hash, each.instance_id, each.owner, each.bucket_hash) == place)
    return sum(each.quantity for each in same)


def _out_of_postmaster(stack: Stack) -> tuple[Choice, ...]:
    is_claimed_in_game = stack.facts is None or stack.facts.pull_has_side_effects or not stack.facts.bucket_hash
    return () if is_claimed_in_game else (Choice(stack.store),)


def _to_characters(world: World, stack: Stack) -> Iterator[Choice]:
    travels = _may_travel(world, stack)
    for character_id in world.by_last_played:
        is_here = character_id == stack.store
        if travels and not is_here:
            yield Choice(character_id)
        if world.can_wear(stack, character_id) and (travels or is_here) and not (is_here and stack.is_worn):
            yield Choice(character_id, equip=True)


def _to_vault(world: World, stack: Stack) -> Iterator[Choice]:
    if stack.store != VAULT_STORE and _may_travel(world, stack):
        yield Choice(VAULT_STORE)


def _may_travel(world: World, stack: Stack) -> bool:
    return bool(world.home(stack)) and not stack.is_bound and world.is_storable(stack)
