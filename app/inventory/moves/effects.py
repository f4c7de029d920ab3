"""What a step changes, and whether a profile shows that it was done: how we look instead of asking twice."""

from __future__ import annotations

from dataclasses import replace

from app.inventory.buckets import POSTMASTER
from app.inventory.definitions import Definitions
from app.inventory.items import Item, ItemState, Place
from app.inventory.moves.plan import Step, StepKind
from app.inventory.moves.world import World
from app.inventory.profile import Profile

_FLAGS = {
    StepKind.LOCK: (ItemState.LOCKED, True),
    StepKind.UNLOCK: (ItemState.LOCKED, False),
    StepKind.TRACK: (ItemState.TRACKED, True),
    StepKind.UNTRACK: (ItemState.TRACKED, False),
}


def after(profile: Profile, definitions: Definitions, step: Step) -> Profile:
    """The profile as it is once the game has done this step. Currencies and what no step touches stay as they are."""
    if step.kind in _FLAGS:
        return replace(profile, items=tuple(_flagged(item, step) for item in profile.items))
    world = World(profile, definitions)
    world.apply(step)
    currencies = tuple(item for item in profile.items if item.place is Place.CURRENCY)
    return replace(profile, items=(*currencies, *world.items()))


def held_before(profile: Profile, step: Step) -> int:
    """How many pieces lie where the step takes from. To be kept, because only a difference tells that a stack moved."""
    return sum(item.quantity for item in profile.items if _is_meant(item, step) and _is_at_source(item, step))


def shows(profile: Profile, step: Step, held: int) -> bool:
    """Whether a profile that is newer than the step shows that it was done; `held` is what `held_before` said."""
    if step.kind in _FLAGS:
        flag, is_on = _FLAGS[step.kind]
        return any(item.has(flag) is is_on for item in profile.items if _is_meant(item, step))
    if step.kind is StepKind.EQUIP:
        worn = (item for item in profile.items if _is_meant(item, step) and item.place is Place.EQUIPPED)
        return any(item.owner == step.character_id for item in worn)
    return held_before(profile, step) <= held - step.quantity


def _flagged(item: Item, step: Step) -> Item:
    if not _is_meant(item, step):
        return item
    flag, is_on = _FLAGS[step.kind]
    return item._replace(state=item.state | flag if is_on else item.state & ~flag)


def _is_meant(item: Item, step: Step) -> bool:
    return item.hash == step.item_hash and item.instance_id == step.instance_id


def _is_at_source(item: Item, step: Step) -> bool:
    in_postmaster = item.bucket_hash in POSTMASTER
    if step.kind is StepKind.PULL:
        return in_postmaster and item.owner == step.character_id
    if step.kind is StepKind.FETCH:
        return item.place is Place.VAULT
    return not in_postmaster and item.place is not Place.VAULT and item.owner in {step.character_id, ""}
