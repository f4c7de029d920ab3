"""Batches as the layers above see them: values, not rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models import MoveBatch, MoveOrder, MoveStep
from app.services.moves import journal as book
from app.services.moves.undo import is_undoable

_OPEN = frozenset({book.WAITING, book.RUNNING})


@dataclass(frozen=True, slots=True)
class StepReport:
    """`kind` and `because` are words of the planner; `state` planned, asked, done, refused; `code` is Bungie's."""

    kind: str
    item_hash: int
    instance_id: str
    quantity: int
    character_id: str
    because: str
    state: str
    code: int
    slot: int = 0
    plug_hash: int = 0


@dataclass(frozen=True, slots=True)
class OrderReport:
    """`state` waiting, done, refused, unsure, cancelled; `obstacle` a word of the planner or of the journal."""

    action: str
    item_hash: int
    instance_id: str
    source: str
    target: str
    quantity: int
    equip: bool
    state: str
    obstacle: str
    code: int
    steps: tuple[StepReport, ...]
    slot: int = 0
    plug_hash: int = 0
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class BatchReport:
    """`state` waiting, running, done, partly, failed, cancelled. Times are UTC."""

    public_id: str
    state: str
    title: str
    undoes: str
    farming: str
    wants_cancel: bool
    created_at: datetime
    finished_at: datetime | None
    orders: tuple[OrderReport, ...]

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def is_undoable(self) -> bool:
        return not self.is_open and any(order.can_undo for order in self.orders)

    @property
    def ended(self) -> int:
        """How many orders have come to an end."""
        return sum(order.state not in {book.WAITING, book.UNSURE} for order in self.orders)


def report(batch: MoveBatch) -> BatchReport:
    return BatchReport(
        batch.public_id,
        batch.state,
        batch.title,
        batch.undoes,
        batch.farming,
        batch.wants_cancel,
        batch.created_at,
        batch.finished_at,
        tuple(_order(order) for order in batch.orders),
    )


def _order(order: MoveOrder) -> OrderReport:
    return OrderReport(
        order.action,
        order.item_hash,
        order.instance_id,
        order.source,
        order.target,
        order.quantity,
        order.equip,
        order.state,
        order.obstacle,
        order.code,
        tuple(_step(step) for step in order.steps if step.state != book.DROPPED),
        order.slot,
        order.plug_hash,
        is_undoable(order),
    )


def _step(step: MoveStep) -> StepReport:
    return StepReport(
        step.kind,
        step.item_hash,
        step.instance_id,
        step.quantity,
        step.character_id,
        step.because,
        step.state,
        step.code,
        step.slot,
        step.plug_hash,
    )
