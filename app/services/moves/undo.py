"""What undoing asks for: everything that an order has changed, the last step first.

Also what made room or had to be worn on the way goes back, and what came off is worn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, StepKind, Wish
from app.models import MoveOrder, MoveStep
from app.services.moves import journal as book

_ENDED = frozenset({book.DONE, book.REFUSED, book.CANCELLED})
_HOPS = frozenset({StepKind.STORE, StepKind.FETCH})
_OPPOSITE = {
    StepKind.LOCK: StepKind.UNLOCK,
    StepKind.UNLOCK: StepKind.LOCK,
    StepKind.TRACK: StepKind.UNTRACK,
    StepKind.UNTRACK: StepKind.TRACK,
}


class Back(NamedTuple):
    """One wish and what to do, as a `MoveRequest` has them."""

    wish: Wish
    action: str = book.MOVE
    slot: int = 0
    plug_hash: int = 0


class _Copy(NamedTuple):
    """What a step is about. Each time that pieces of a stack made room counts by itself: `row` tells them apart."""

    item_hash: int
    instance_id: str
    row: int = 0


def is_undoable(order: MoveOrder) -> bool:
    return any(True for _ in backwards(order))


def backwards(order: MoveOrder) -> Iterator[Back]:
    """What takes an order back, in order; nothing for what has not ended or changed nothing.

    Nothing goes back to the postmaster, so what made room for it stays where it went. What an in-game loadout has
    changed nobody has told us.
    """
    done = [row for row in order.steps if row.state == book.DONE]
    if order.state not in _ENDED or not done:
        return
    if order.action == book.MOVE:
        if not any(row.kind == StepKind.PULL for row in done):
            yield from map(Back, _carried_back(order, done))
    elif order.came_from and order.action != StepKind.WEAR_SET:
        yield _changed_back(order)


def _changed_back(order: MoveOrder) -> Back:
    wish = Wish(order.item_hash, order.instance_id, order.source, order.target)
    if order.action == StepKind.PLUG:
        return Back(wish, order.action, order.slot, int(order.came_from))
    return Back(wish, _OPPOSITE[StepKind(order.action)].value)


def _carried_back(order: MoveOrder, done: Sequence[MoveStep]) -> Iterator[Wish]:
    """One wish for each copy, however often it was carried: from where it is to where it was, worn if it was."""
    first: dict[_Copy, MoveStep] = {}
    for row in done:
        if row.kind in _HOPS:
            first.setdefault(_copy_of(row), row)
    came_off = _came_off(order, done)
    settled: set[_Copy] = set()
    for row in reversed(done):
        copy = _copy_of(row)
        if row.kind in _HOPS and copy not in settled:
            settled.add(copy)
            here = VAULT_STORE if row.kind == StepKind.STORE else _outside(order, row)
            there = _home_of(order, first[copy])
            wears = came_off.get(copy) == there
            yield Wish(row.item_hash, row.instance_id, here, there, row.quantity, wears)
        elif row.kind == StepKind.EQUIP:
            off = _replaced_by(order, row)
            if off in came_off and off not in settled:
                settled.add(off)
                yield Wish(off.item_hash, off.instance_id, row.character_id, row.character_id, equip=True)


def _copy_of(row: MoveStep) -> _Copy:
    is_one_of_many = not row.instance_id and row.because != Because.WISH
    return _Copy(row.item_hash, row.instance_id, row.id if is_one_of_many else 0)


def _home_of(order: MoveOrder, row: MoveStep) -> str:
    """Where a copy lay before the first step that carried it, as the game has proved by taking it from there."""
    return VAULT_STORE if row.kind == StepKind.FETCH else _outside(order, row)


def _outside(order: MoveOrder, row: MoveStep) -> str:
    """The end of a hop that is not the vault. A character is asked for also where pieces are the whole account's."""
    is_own = not row.instance_id and row.because == Because.WISH
    return ACCOUNT_STORE if is_own and ACCOUNT_STORE in {order.source, order.target} else row.character_id


def _replaced_by(order: MoveOrder, row: MoveStep) -> _Copy:
    if not row.replaced_id and row.because == Because.WISH:  # as it was written before every step had it
        return _Copy(order.replaced_hash, order.replaced_id)
    return _Copy(row.replaced_hash, row.replaced_id)


def _came_off(order: MoveOrder, done: Sequence[MoveStep]) -> dict[_Copy, str]:
    """What a character wore before the first step, by copy; not what was put on only on the way."""
    put_on: set[_Copy] = set()
    found: dict[_Copy, str] = {}
    for row in done:
        if row.kind == StepKind.EQUIP:
            off = _replaced_by(order, row)
            if off.instance_id and off not in put_on:
                found[off] = row.character_id
            put_on.add(_copy_of(row))
    return found
