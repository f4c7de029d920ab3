"""What a step changes, and whether a profile shows that it was done: how we look instead of asking twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.inventory.buckets import POSTMASTER
from app.inventory.definitions import Definitions
from app.inventory.items import Item, ItemState, Place
from app.inventory.moves.plan import Because, Step, StepKind
from app.inventory.moves.plugged import PluggedDetails
from app.inventory.moves.world import World
from app.inventory.profile import Loadout, Profile

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
    if step.kind is StepKind.PLUG:
        return _plugged(profile, {step.instance_id: {step.slot: step.plug_hash}})
    world = World(profile, definitions)
    for each in _worn_with(profile, step) if step.kind is StepKind.WEAR_SET else (step,):
        world.apply(each)
    if step.kind is StepKind.WEAR_SET:
        profile = _plugged(profile, _plugs_of(saved_loadout(profile, step)))
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
    if step.kind is StepKind.PLUG:
        return plug_in(profile, step) == step.plug_hash
    if step.kind is StepKind.WEAR_SET:
        return _wears_all(profile, step)
    if step.kind is StepKind.EQUIP:
        worn = (item for item in profile.items if _is_meant(item, step) and item.place is Place.EQUIPPED)
        return any(item.owner == step.character_id for item in worn)
    return held_before(profile, step) <= held - step.quantity


def plug_in(profile: Profile, step: Step) -> int | None:
    """What sits in the socket that a step is about; None when there is no such item or socket."""
    item = profile.item(step.instance_id)
    sockets = profile.details.item(item).sockets if item else None
    return sockets[step.slot].plug_hash if sockets and 0 <= step.slot < len(sockets) else None


def saved_loadout(profile: Profile, step: Step) -> Loadout | None:
    """The in-game loadout that a step is about; None when it is empty or Bungie does not tell."""
    loadouts = profile.details.loadouts(step.character_id) or ()
    return next((each for each in loadouts if each.slot == step.slot and each.items), None)


def _plugged(profile: Profile, plugs: Mapping[str, Mapping[int, int]]) -> Profile:
    return replace(profile, details=PluggedDetails(profile.details, plugs))


def _plugs_of(loadout: Loadout | None) -> dict[str, dict[int, int]]:
    items = loadout.items if loadout else ()
    return {each.instance_id: {at: plug for at, plug in enumerate(each.plug_hashes) if plug} for each in items}


def _worn_with(profile: Profile, step: Step) -> Iterator[Step]:
    """The game fetches the pieces of an in-game loadout from the vault and puts them on."""
    loadout = saved_loadout(profile, step)
    for piece in loadout.items if loadout else ():
        item = profile.item(piece.instance_id)
        if item and (item.place is Place.VAULT or item.owner == step.character_id):
            if item.place is Place.VAULT:
                yield Step(StepKind.FETCH, item.hash, item.instance_id, 1, step.character_id, Because.WISH)
            yield Step(StepKind.EQUIP, item.hash, item.instance_id, 1, step.character_id, Because.WISH)


def _wears_all(profile: Profile, step: Step) -> bool:
    loadout = saved_loadout(profile, step)
    there = [item for each in loadout.items if (item := profile.item(each.instance_id))] if loadout else []
    return bool(there) and all(each.place is Place.EQUIPPED and each.owner == step.character_id for each in there)


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
