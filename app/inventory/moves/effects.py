"""What a step changes, and whether a profile shows that it was done: how we look instead of asking twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from app.inventory.buckets import POSTMASTER
from app.inventory.definitions import Definitions
from app.inventory.items import Item, ItemState, Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, Step, StepKind
from app.inventory.moves.plugged import PluggedDetails
from app.inventory.moves.world import Stack, World
from app.inventory.profile import Loadout, Profile

_FLAGS = {
    StepKind.LOCK: (ItemState.LOCKED, True),
    StepKind.UNLOCK: (ItemState.LOCKED, False),
    StepKind.TRACK: (ItemState.TRACKED, True),
    StepKind.UNTRACK: (ItemState.TRACKED, False),
}

# What they change lies in the details of a profile, not in where things are.
_BEYOND_PLACES = frozenset({StepKind.PLUG, StepKind.WEAR_SET})


def after(profile: Profile, definitions: Definitions, step: Step) -> Profile:
    """The profile as it is once the game has done this step. Currencies and what no step touches stay as they are."""
    if step.kind in _FLAGS:
        return replace(profile, items=tuple(_flagged(item, step) for item in profile.items))
    if step.kind is StepKind.PLUG:
        return _plugged(profile, {step.instance_id: {step.slot: step.plug_hash}})
    world = World(profile, definitions)
    if step.kind is StepKind.WEAR_SET:
        _wear_set(world, profile, step)
        profile = _plugged(profile, _plugs_of(saved_loadout(profile, step)))
    else:
        world.apply(step)
    currencies = tuple(item for item in profile.items if item.place is Place.CURRENCY)
    return replace(profile, items=(*currencies, *world.items()))


class Unfolding:
    """A profile to which these steps are added in their order, laid out once however many there are.

    The same as `after` for every step that the profile does not show yet, but for the order of what is listed.
    """

    def __init__(self, profile: Profile, definitions: Definitions, steps: Collection[Step]) -> None:
        self._profile = profile
        self._definitions = definitions
        self._hashes = {step.item_hash for step in steps}
        self._wearers = {step.character_id for step in steps if step.kind is StepKind.EQUIP}
        self._world: World | None = None
        self._untouched: list[Item] = []
        self._is_changed = False

    def add(self, step: Step, held: int) -> None:
        """`held` is what `held_before` said when the step was asked for."""
        if step.kind in _BEYOND_PLACES:
            profile = self.profile()
            self._world = None
            if not shows(profile, step, held):
                self._profile = after(profile, self._definitions, step)
            return
        self._world = self._world or self._lay_out()
        if not _world_shows(self._world, step, held):
            self._is_changed = True
            if step.kind in _FLAGS:
                _flag(self._world, step)
            else:
                self._world.apply(step)

    def profile(self) -> Profile:
        if self._world and self._is_changed:
            self._profile = replace(self._profile, items=(*self._untouched, *self._world.items()))
            self._is_changed = False
        return self._profile

    def _lay_out(self) -> World:
        """Only what the steps can change: what is moved, what merges with it, and what comes off for it."""
        touched: list[Item] = []
        self._untouched = []
        for item in self._profile.items:
            is_worn = item.place is Place.EQUIPPED and item.owner in self._wearers
            is_touched = (item.hash in self._hashes or is_worn) and item.place is not Place.CURRENCY
            (touched if is_touched else self._untouched).append(item)
        return World(replace(self._profile, items=tuple(touched)), self._definitions)


def _world_shows(world: World, step: Step, held: int) -> bool:
    """`shows` for what is laid out already."""
    stacks = world.find(step.item_hash, step.instance_id)
    if step.kind in _FLAGS:
        flag, is_on = _FLAGS[step.kind]
        return any(stack.item.has(flag) is is_on for stack in stacks)
    if step.kind is StepKind.EQUIP:
        return any(stack.is_worn and stack.store == step.character_id for stack in stacks)
    return sum(stack.quantity for stack in stacks if _is_taken_from(stack, step)) <= held - step.quantity


def _is_taken_from(stack: Stack, step: Step) -> bool:
    if step.kind is StepKind.PULL:
        return stack.in_postmaster and stack.store == step.character_id
    if step.kind is StepKind.FETCH:
        return stack.store == VAULT_STORE
    return not stack.in_postmaster and stack.store in {step.character_id, ACCOUNT_STORE}


def _flag(world: World, step: Step) -> None:
    for stack in world.find(step.item_hash, step.instance_id):
        spot = (stack.store, stack.bucket_hash)
        world.places[spot] = tuple(
            each._replace(item=_flagged(each.item, step)) if each is stack else each for each in world.places[spot]
        )


def held_before(profile: Profile, step: Step) -> int:
    """How many pieces lie where the step takes from. To be kept, because only a difference tells that a stack moved.

    Of an in-game loadout it is how many of its pieces are worn.
    """
    if step.kind is StepKind.WEAR_SET:
        return sum(_is_worn_by(item, step.character_id) for item in _pieces_of(profile, step))
    return sum(item.quantity for item in profile.items if _is_meant(item, step) and _is_at_source(item, step))


def shows(profile: Profile, step: Step, held: int) -> bool:
    """Whether a profile that is newer than the step shows that it was done; `held` is what `held_before` said."""
    if step.kind in _FLAGS:
        flag, is_on = _FLAGS[step.kind]
        return any(item.has(flag) is is_on for item in profile.items if _is_meant(item, step))
    if step.kind is StepKind.PLUG:
        return plug_in(profile, step) == step.plug_hash
    if step.kind is StepKind.WEAR_SET:
        # The game wears what it can, so one piece more tells as well as all of them.
        worn = held_before(profile, step)
        return worn > held or (worn > 0 and worn == len(_pieces_of(profile, step)))
    if step.kind is StepKind.EQUIP:
        return any(_is_meant(item, step) and _is_worn_by(item, step.character_id) for item in profile.items)
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


def _wear_set(world: World, profile: Profile, step: Step) -> None:
    """As the game does: pieces in the vault are fetched, all are worn as far as one exotic of a kind allows."""
    stacks = [stack for item in _pieces_of(profile, step) for stack in world.find(item.hash, item.instance_id)]
    for stack in sorted(stacks, key=lambda each: each.unique_label):  # exotics last, when others have come off
        name = (stack.item.hash, stack.item.instance_id, 1, step.character_id, Because.WISH)
        world.apply(Step(StepKind.FETCH, *name))
        worn = (each for each in world.worn(step.character_id) if each.bucket_hash != world.home(stack))
        if not stack.unique_label or all(each.unique_label != stack.unique_label for each in worn):
            world.apply(Step(StepKind.EQUIP, *name))


def _pieces_of(profile: Profile, step: Step) -> list[Item]:
    """What there is of an in-game loadout."""
    loadout = saved_loadout(profile, step)
    return [item for each in loadout.items if (item := profile.item(each.instance_id))] if loadout else []


def _is_worn_by(item: Item, character_id: str) -> bool:
    return item.place is Place.EQUIPPED and item.owner == character_id


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
