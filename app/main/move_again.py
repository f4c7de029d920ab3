"""What a batch has left undone, as a form that asks for it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from app.inventory.moves.plan import Obstacle
from app.main import words
from app.services.moves import journal as book
from app.services.moves.reports import BatchReport, OrderReport

# However often somebody asks.
_FOR_GOOD = frozenset(
    {
        Obstacle.GONE,
        Obstacle.UNKNOWN,
        Obstacle.BOUND,
        Obstacle.NOT_STORABLE,
        Obstacle.NOT_WEARABLE,
        Obstacle.NO_CHARACTER,
        Obstacle.SIDE_EFFECTS,
        Obstacle.WRONG_CLASS,
        Obstacle.KEPT,
    }
)


@dataclass(frozen=True, slots=True)
class AgainView:
    """Where it is posted, and its fields; several of them are called "item"."""

    action: str
    fields: tuple[tuple[str, str], ...]


def tally(batch: BatchReport) -> str:
    """How much was done of a batch that has ended with something undone; "" for any other."""
    done = sum(order.state == book.DONE for order in batch.orders)
    left = len(batch.orders) - done
    if batch.is_open or not left or len(batch.orders) == 1:
        return ""
    return gettext("%(done)s done, %(left)s not", done=words.number(done), left=words.number(left))


def again(batch: BatchReport, key: str) -> AgainView | None:
    """None while it goes on, and when nothing is left that one form could ask for."""
    left = [order for order in batch.orders if order.state != book.DONE and order.obstacle not in _FOR_GOOD]
    ways = {(order.action, order.target, order.equip) for order in left}
    if batch.is_open or not key or len(ways) != 1 or left[0].action != book.MOVE:
        return None
    if len(left) == 1:
        return None if _is_on_its_way(left[0]) else _one(left[0], key)
    return _many(left, key) if all(order.instance_id for order in left) else None


def _is_on_its_way(order: OrderReport) -> bool:
    """Pieces that have left already cannot be told from those that were not asked for."""
    return not order.instance_id and any(step.state == book.DONE for step in order.steps)


def _one(order: OrderReport, key: str) -> AgainView:
    fields = {
        "item": order.instance_id or str(order.item_hash), "from": order.source, "to": order.target,
        "quantity": str(order.quantity), "equip": str(int(order.equip)), "key": key,
    }  # fmt: skip
    return AgainView(url_for("main.move"), tuple(fields.items()))


def _many(orders: Sequence[OrderReport], key: str) -> AgainView:
    items = tuple(("item", order.instance_id) for order in orders)
    ways = (("to", orders[0].target), ("equip", str(int(orders[0].equip))), ("key", key))
    return AgainView(url_for("main.move_many"), (*items, *ways))
