"""Moves -> their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Step, StepKind, Wish
from app.main import move_words, words
from app.main.move_again import AgainView, again, tally
from app.main.tiles import Picture
from app.services.moves.pictures import MoveNames
from app.services.moves.reports import BatchReport, OrderReport, StepReport
from app.services.moves.service import Preview


@dataclass(frozen=True, slots=True)
class StepView:
    state: str
    state_text: str
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class OrderView:
    state: str
    state_text: str
    text: str
    reason: str
    href: str
    icon_url: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class BatchView:
    """`progress` is (ended, all). `refresh_s` is 0 once nothing will change any more; then what is undone stands first.

    `tally` counts it, "" when there is nothing to count, and `again` asks for it once more.
    """

    href: str
    public_id: str
    state: str
    state_text: str
    title: str
    when: str
    when_iso: str
    progress: tuple[int, int]
    tally: str
    refresh_s: int
    can_cancel: bool
    can_undo: bool
    again: AgainView | None
    key: str
    orders: tuple[OrderView, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """What would happen. `reason` is "" when there is a way."""

    steps: tuple[StepView, ...]
    reason: str
    fields: tuple[tuple[str, str], ...]


def history_page(batches: Sequence[BatchReport], names: MoveNames, now: datetime) -> tuple[BatchView, ...]:
    return tuple(batch_page(batch, names, now, lambda _path: "") for batch in batches)


def batch_page(batch: BatchReport, names: MoveNames, now: datetime, picture: Picture, key: str = "") -> BatchView:
    orders = tuple(_order(order, names, picture) for order in batch.orders)
    return BatchView(
        href=url_for("main.move_batch", public_id=batch.public_id),
        public_id=batch.public_id,
        state=batch.state,
        state_text=str(move_words.STATES[batch.state]),
        title=_title(batch, orders, names),
        when=words.ago(batch.created_at, now),
        when_iso=batch.created_at.isoformat(),
        progress=(batch.ended, len(batch.orders)),
        tally=tally(batch),
        refresh_s=2 if batch.is_open else 0,
        can_cancel=batch.is_open and not batch.wants_cancel,
        can_undo=batch.is_undoable,
        again=again(batch, key),
        key=key,
        orders=orders if batch.is_open else tuple(sorted(orders, key=lambda order: order.state == "done")),
    )


def preview_page(wish: Wish, preview: Preview, names: MoveNames, item: str, key: str) -> PlanView:
    steps = tuple(_planned(step, names) for step in preview.steps)
    fields = {
        "item": item, "from": wish.source, "to": wish.target, "quantity": str(wish.quantity),
        "equip": str(int(wish.equip)), "key": key,
    }  # fmt: skip
    reason = move_words.reason(preview.reason.obstacle, 0) if preview.reason else ""
    return PlanView(steps, reason, tuple(fields.items()))


def _title(batch: BatchReport, orders: Sequence[OrderView], names: MoveNames) -> str:
    told = batch.title or (orders[0].text if len(orders) == 1 else _several(batch, names))
    if batch.farming:
        return gettext("Farming mode: %(what)s", what=told)
    return gettext("Undo: %(what)s", what=told) if batch.undoes else told


def _several(batch: BatchReport, names: MoveNames) -> str:
    """How many items, and where to if all of them go to one place."""
    count = ngettext("%(num)d item", "%(num)d items", len(batch.orders))
    targets = {order.target if order.action == "move" else "" for order in batch.orders}
    target = targets.pop() if len(targets) == 1 else ""
    return gettext("%(name)s to %(target)s", name=count, target=_store(names, target)) if target else count


def _order(order: OrderReport, names: MoveNames, picture: Picture) -> OrderView:
    definition = names.definitions.item(order.item_hash)
    return OrderView(
        state=order.state,
        state_text=str(move_words.STATES[order.state]),
        text=_order_text(order, names),
        reason=move_words.reason(order.obstacle, order.code),
        href=url_for("main.item", instance_id=order.instance_id) if order.instance_id else "",
        icon_url=picture(definition.icon) if definition else "",
        steps=tuple(_step(step, names) for step in order.steps),
    )


def _order_text(order: OrderReport, names: MoveNames) -> str:
    name = _name(names, order.item_hash)
    if order.action == StepKind.PLUG:
        return move_words.plug_text(_name(names, order.plug_hash), name)
    if order.action == StepKind.WEAR_SET:
        return move_words.set_text(order.slot, _store(names, order.target))
    if order.action != "move":
        return move_words.action_text(order.action, name)
    name, target = _pieces(names, order), _store(names, order.target)
    if order.equip:
        return gettext("%(name)s to %(target)s, worn", name=name, target=target)
    return gettext("%(name)s to %(target)s", name=name, target=target)


def _step(step: StepReport, names: MoveNames) -> StepView:
    text = _step_text(step, names)
    return StepView(step.state, str(move_words.STATES[step.state]), text, move_words.because(step.because))


def _planned(step: Step, names: MoveNames) -> StepView:
    return StepView("planned", "", _step_text(step, names), move_words.because(step.because))


def _step_text(step: StepReport | Step, names: MoveNames) -> str:
    if step.kind == StepKind.PLUG:
        return move_words.plug_text(_name(names, step.plug_hash), _name(names, step.item_hash))
    if step.kind == StepKind.WEAR_SET:
        return move_words.set_text(step.slot, _store(names, step.character_id))
    return move_words.step_text(step.kind, _pieces(names, step), _owner(names, step))


def _pieces(names: MoveNames, each: OrderReport | StepReport | Step) -> str:
    name = _name(names, each.item_hash)
    return f"{words.number(each.quantity)} \N{MULTIPLICATION SIGN} {name}" if each.quantity > 1 else name


def _owner(names: MoveNames, step: StepReport | Step) -> str:
    """Of what belongs to the account as a whole any character is named in a request, and none is meant."""
    definition = names.definitions.item(step.item_hash)
    bucket = names.definitions.bucket(definition.bucket_hash) if definition else None
    is_accounts = bucket is not None and bucket.is_account_wide and step.kind != StepKind.PULL
    return _store(names, ACCOUNT_STORE if is_accounts else step.character_id)


def _name(names: MoveNames, item_hash: int) -> str:
    definition = names.definitions.item(item_hash)
    return (definition.name if definition else "") or gettext("Item %(hash)d", hash=item_hash)


def _store(names: MoveNames, store: str) -> str:
    if store == VAULT_STORE:
        return gettext("the vault")
    if store == ACCOUNT_STORE:
        return gettext("your account")
    character = next((each for each in names.characters if each.id == store), None)
    if character is None:
        return gettext("a character")
    return str(words.CLASSES.get(character.class_type, gettext("Guardian")))
