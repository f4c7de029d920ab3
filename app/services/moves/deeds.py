"""Orders that change an item or a character where it is: locks, quests that are tracked, plugs, in-game loadouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.inventory.items import Item, Place
from app.inventory.moves.effects import held_before, plug_in, saved_loadout, shows
from app.inventory.moves.plan import Because, CannotMove, Obstacle, Step, StepKind, Wish
from app.inventory.moves.planner import plan
from app.inventory.moves.ranking import Preferences
from app.inventory.moves.world import World
from app.models import MoveBatch, MoveOrder
from app.services.moves import journal as book
from app.services.moves.pictures import Picture

_FLAGS = (StepKind.LOCK, StepKind.UNLOCK, StepKind.TRACK, StepKind.UNTRACK)


def deed_steps(order: MoveOrder, picture: Picture) -> tuple[Step, ...] | None:
    """None for an order to move something; () when it is so already. Raises CannotMove."""
    make = _DEEDS.get(order.action)
    if make is None:
        return None
    step = make(order, picture)
    is_so = shows(picture.profile, step, held_before(picture.profile, step))
    return () if is_so else (step,)


def plan_for(batch: MoveBatch, world: World, wish: Wish, preferences: Preferences) -> tuple[Step, ...]:
    """The plan of one order of a batch. Raises CannotMove.

    What has been collected from the postmaster is saved wherever it lies: it makes room where nothing else can.
    """
    try:
        return plan(world, wish, preferences)
    except CannotMove as reason:
        collected = {order.instance_id or str(order.item_hash) for order in batch.orders if _is_collected(order)}
        if reason.obstacle is not Obstacle.NO_ROOM or not collected:
            raise
        return plan(world, wish, replace(preferences, reserved=preferences.reserved - collected))


def _is_collected(order: MoveOrder) -> bool:
    return order.state == book.DONE and any(step.kind == StepKind.PULL for step in order.steps)


def came_from(order: MoveOrder, picture: Picture) -> str:
    """Where an item lies, or for undoing which plug sits in the socket."""
    if order.action == StepKind.PLUG:
        return str(plug_in(picture.profile, _plug(order, picture)) or "")
    return picture.store_of(order.item_hash, order.instance_id)


def comes_off(steps: Iterable[Step], picture: Picture) -> list[Item | None]:
    """What a character wears in the slot of what each step puts on; None where nothing is put on."""
    return [_comes_off(step, picture) if step.kind is StepKind.EQUIP else None for step in steps]


def _comes_off(step: Step, picture: Picture) -> Item | None:
    definition = picture.definitions.item(step.item_hash)
    slot = definition.bucket_hash if definition else 0
    worn = (each for each in picture.profile.items if each.place is Place.EQUIPPED and each.owner == step.character_id)
    return next((each for each in worn if each.bucket_hash == slot), None)


def _flag(order: MoveOrder, picture: Picture) -> Step:
    item = _item(order, picture)
    character_id = item.owner or next((each.id for each in picture.profile.characters), "")
    return Step(StepKind(order.action), item.hash, item.instance_id, 1, character_id, Because.WISH)


def _plug(order: MoveOrder, picture: Picture) -> Step:
    item = _item(order, picture)
    owner = item.owner or order.target
    step = Step(
        StepKind.PLUG, item.hash, item.instance_id, 1, owner, Because.WISH, slot=order.slot, plug_hash=order.plug_hash
    )
    if plug_in(picture.profile, step) is None:
        raise CannotMove(Obstacle.NO_SOCKET, item.hash)
    return step


def _wear_set(order: MoveOrder, picture: Picture) -> Step:
    step = Step(StepKind.WEAR_SET, 0, "", 1, order.target, Because.WISH, slot=order.slot)
    if saved_loadout(picture.profile, step) is None:
        raise CannotMove(Obstacle.EMPTY_SLOT)
    return step


def _item(order: MoveOrder, picture: Picture) -> Item:
    item = picture.profile.item(order.instance_id)
    if item is None:
        raise CannotMove(Obstacle.GONE, order.item_hash)
    return item


_DEEDS: dict[str, Callable[[MoveOrder, Picture], Step]] = {
    **dict.fromkeys((each.value for each in _FLAGS), _flag),
    StepKind.PLUG.value: _plug,
    StepKind.WEAR_SET.value: _wear_set,
}
