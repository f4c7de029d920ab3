"""What a player means who names a copy or a stack and where it should go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.inventory.buckets import POSTMASTER
from app.inventory.items import Item, Place
from app.inventory.moves.choices import pieces_there
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.inventory.moves.world import World
from app.inventory.profile import Profile
from app.services.moves.pictures import Picture, store_of


class Held(NamedTuple):
    """A copy that the player owns, or all pieces of a stack in one place.

    `store` is a character id, vault or account.
    """

    hash: int
    instance_id: str
    store: str
    quantity: int = 1


def pile_for(profile: Profile, name: str, target: str) -> Held | None:
    """A copy by its instance id, or of a stack (by its hash) the pieces that can come to `target`.

    Those in the target's own postmaster come first. None for what is not owned, or lies there already.
    """
    found = [item for item in profile.items if (item.instance_id or str(item.hash)) == name]
    usable = [item for item in found if item.instance_id or _may_come(item, target)]
    if not usable:
        return None
    item = min(usable, key=lambda each: each.bucket_hash not in POSTMASTER)
    return Held(item.hash, item.instance_id, store_of(item), pieces_there(profile, item))


def wishes_for(picture: Picture, names: Iterable[str], target: str, *, wears: bool = False) -> list[Wish]:
    """To bring all these to one place. `wears`: and to wear what that character can wear."""
    world = World(picture.profile, picture.definitions) if wears else None
    found = (pile_for(picture.profile, name, target) for name in dict.fromkeys(names))
    return [
        Wish(held.hash, held.instance_id, held.store, target, held.quantity, _is_worn_by(world, held, target))
        for held in found
        if held
    ]


def flags_for(profile: Profile, names: Iterable[str]) -> list[Wish]:
    """The copies of these that can be locked; stacks cannot."""
    asked = set(names)
    found = (item for item in profile.items if item.instance_id in asked and item.is_lockable)
    return [Wish(item.hash, item.instance_id, store_of(item), store_of(item)) for item in found]


def _is_worn_by(world: World | None, held: Held, target: str) -> bool:
    if world is None or target not in world.characters:
        return False
    return any(world.can_wear(stack, target) for stack in world.find(held.hash, held.instance_id))


def _may_come(item: Item, target: str) -> bool:
    if item.place is Place.CURRENCY:
        return False
    if item.bucket_hash in POSTMASTER:
        return item.owner == target
    return (store_of(item) == VAULT_STORE) is not (target == VAULT_STORE)
