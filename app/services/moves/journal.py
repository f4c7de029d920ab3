"""The book of moves. Everything is committed before the next request to Bungie, so a crash leaves no unknown past.

What is written between two requests, while nobody waits for anything, is one transaction: the end of a step, what
follows from it, the next one's beginning.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session, selectinload

from app.inventory.items import Item
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, Step, StepKind, Wish
from app.models import MoveBatch, MoveOrder, MoveStep
from app.services.clock import Clock
from app.services.moves.memory import remembering

WAITING, RUNNING, DONE, PARTLY, FAILED, CANCELLED = "waiting", "running", "done", "partly", "failed", "cancelled"
REFUSED, UNSURE = "refused", "unsure"
PLANNED, ASKED, DROPPED = "planned", "asked", "dropped"
MOVE = "move"
# Obstacles that the planner does not know.
AWAY, BROKEN_OFF, FAILING, RECONNECT, TOO_LATE = "away", "broken-off", "failing", "reconnect", "too-late"

_KEPT = timedelta(days=90)
_IS_UNFINISHED = MoveBatch.state.in_((WAITING, RUNNING))
# Asked by every page of a player's items, or for every move, so they are put together once.
_DONE_SINCE = (
    select(*(getattr(MoveStep, name) for name in (*Step._fields, "held_before", "ended_at")))
    .where(MoveStep.account_id == bindparam("of"), MoveStep.ended_at > bindparam("moment"), MoveStep.state == DONE)
    .order_by(MoveStep.id)
)
_OLDEST = (
    select(MoveBatch.id)
    .where(_IS_UNFINISHED, MoveBatch.account_id == bindparam("of"))
    .order_by(MoveBatch.created_at, MoveBatch.id)
    .limit(1)
)
_LATEST_STEP = (
    select(MoveStep.kind, MoveStep.ended_at)
    .where(MoveStep.account_id == bindparam("of"), MoveStep.ended_at.is_not(None))
    .order_by(MoveStep.ended_at.desc())
    .limit(1)
)


class DoneStep(NamedTuple):
    """What the game has done; `held` is what `held_before` said when it was asked for."""

    step: Step
    held: int
    ended_at: datetime


class MoveJournal:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    # --- batches ---------------------------------------------------------------------------------------------------

    def open(self, batch: MoveBatch, also: Callable[[], None] = lambda: None) -> tuple[MoveBatch, bool]:
        """Puts a new batch down, or finds the one that the same form has already made; the bool tells which.

        `also` adds what is to be written with a new one. It is there for everybody with the next commit: that of
        `save`, or of whoever takes the account's turn.
        """
        account_id, key = batch.account_id, batch.key
        batch.public_id, batch.created_at, batch.state = secrets.token_urlsafe(12), self._clock(), WAITING
        try:
            self._session.add(batch)
            also()
            self._session.flush()
        except IntegrityError:
            self._session.rollback()
            known = self.by_key(account_id, key)
            if known is None:
                raise
            return known, False
        return batch, True

    def by_key(self, account_id: int, key: str) -> MoveBatch | None:
        query = _whole().where(MoveBatch.account_id == account_id, MoveBatch.key == key)
        return self._session.scalars(query).one_or_none()

    def by_public_id(self, account_id: int, public_id: str) -> MoveBatch | None:
        """None also for what belongs to somebody else."""
        query = _whole().where(MoveBatch.account_id == account_id, MoveBatch.public_id == public_id)
        return self._session.scalars(query).one_or_none()

    def latest(self, account_id: int, limit: int) -> Sequence[MoveBatch]:
        query = _whole().where(MoveBatch.account_id == account_id)
        return self._session.scalars(
            query.order_by(MoveBatch.created_at.desc(), MoveBatch.id.desc()).limit(limit)
        ).all()

    def of_farming(self, account_id: int, farming: str) -> Sequence[MoveBatch]:
        """What one session of farming has ordered, the latest first."""
        query = _whole().where(MoveBatch.account_id == account_id, MoveBatch.farming == farming)
        return self._session.scalars(query.order_by(MoveBatch.id.desc())).all()

    def taking_back(self, account_id: int, undone: str) -> MoveBatch | None:
        """What undoes that batch, or that session of farming, unless nothing came of it."""
        query = _whole().where(MoveBatch.account_id == account_id, MoveBatch.undoes == undone)
        query = query.where(MoveBatch.state.not_in((FAILED, CANCELLED))).order_by(MoveBatch.id.desc())
        return self._session.scalars(query.limit(1)).first()

    def unfinished(self, account_id: int) -> Sequence[MoveBatch]:
        """Oldest first, as other processes have written them."""
        self._session.commit()
        query = _whole().where(_IS_UNFINISHED, MoveBatch.account_id == account_id)
        query = query.order_by(MoveBatch.created_at, MoveBatch.id).execution_options(populate_existing=True)
        return self._session.scalars(query).all()

    def oldest(self, account_id: int, known: MoveBatch | None = None) -> MoveBatch | None:
        """The first of them, as other processes have written it. `known` is what only the caller can have changed."""
        found = self._session.scalar(_OLDEST, {"of": account_id})
        if known is not None and found == known.id:
            return known
        whole = _whole().where(MoveBatch.id == found).execution_options(populate_existing=True)
        return self._session.scalars(whole).one_or_none() if found else None

    def is_busy(self, account_id: int) -> bool:
        """Whether anything of an account waits or is under way."""
        return self._is_any(MoveBatch.account_id == account_id)

    def do_others_wait(self, account_id: int) -> bool:
        """Whether there are moves of other accounts to be done."""
        return self._is_any(MoveBatch.account_id != account_id)

    def waiting_accounts(self) -> list[int]:
        """Whose moves are not at their end."""
        return sorted(self._session.scalars(select(MoveBatch.account_id).where(_IS_UNFINISHED).distinct()))

    def wants_cancel(self, batch: MoveBatch) -> bool:
        """As other processes have it now."""
        query = select(MoveBatch.wants_cancel).where(MoveBatch.id == batch.id)
        return bool(self._session.scalar(query))

    def cancel(self, batch: MoveBatch) -> None:
        batch.wants_cancel = True
        self._session.commit()

    def finish(self, batch: MoveBatch) -> None:
        """The batch's state is what its orders say. It stays open while one of them is waiting or unsure.

        Written by `save`, or when the turn is given back.
        """
        states = {order.state for order in batch.orders}
        if states & {WAITING, UNSURE}:
            batch.state = WAITING
        else:
            batch.state = _summary(states)
            batch.finished_at = self._clock()

    def forget_old(self) -> int:
        """Removes what is older than three months; answers how many batches."""
        old = delete(MoveBatch).where(MoveBatch.created_at < self._clock() - _KEPT)
        removed = self._session.execute(old)
        self._session.commit()
        return int(getattr(removed, "rowcount", 0))

    # --- orders ----------------------------------------------------------------------------------------------------

    def end_order(self, order: MoveOrder, state: str, *, obstacle: str = "", code: int = 0) -> None:
        """Written with the batch's end, or by `save` before the next order."""
        order.state, order.obstacle, order.code = state, obstacle, code
        for step in order.steps:
            if step.state == PLANNED:
                step.state = DROPPED

    def save(self) -> None:
        """Writes down what has been told since."""
        with remembering(self._session):
            self._session.commit()

    def plan(
        self, order: MoveOrder, steps: Iterable[Step], came_from: str, comes_off: Sequence[Item | None] = ()
    ) -> list[MoveStep]:
        """Puts a plan in the place of what was left of the one before; `ask` and every ending write it down.

        `came_from` (that of the first plan counts) and what comes off at each step are what undoing will need.
        """
        for old in order.steps:
            if old.state == PLANNED:
                old.state = DROPPED
        rows = [MoveStep(**step._asdict() | {"kind": step.kind.value, "because": step.because.value}) for step in steps]
        for row in rows:
            row.state, row.account_id = PLANNED, order.batch.account_id
        for row, item in zip(rows, comes_off, strict=False):
            if item:
                row.replaced_hash, row.replaced_id = item.hash, item.instance_id
        order.steps.extend(rows)
        order.came_from = order.came_from or came_from
        order.batch.state = RUNNING
        return rows

    # --- steps -----------------------------------------------------------------------------------------------------

    def ask(self, step: MoveStep, held_before: int) -> None:
        """Written before Bungie is asked: from here on the step may have happened."""
        self.ask_all([step], held_before)

    def ask_all(self, steps: Iterable[MoveStep], held_before: int) -> None:
        """The same for what one request asks at once."""
        now = self._clock()
        for step in steps:
            step.state, step.asked_at, step.held_before = ASKED, now, held_before
        self._session.commit()

    def end_step(self, step: MoveStep, state: str, code: int = 0) -> None:
        self.done(step, state, code)
        self._session.commit()

    def done(self, step: MoveStep, state: str = DONE, code: int = 0) -> None:
        """The end of a step after which nobody waits: it is written with the next one's beginning, or the order's end.

        Whoever dies in between leaves a step that was asked for, and somebody looks what became of it.
        """
        step.state, step.code, step.ended_at = state, code, self._clock()

    def done_since(self, account_id: int, moment: datetime) -> list[DoneStep]:
        """What the game has surely done for an account since then, in order."""
        rows = self._session.execute(_DONE_SINCE, {"of": account_id, "moment": moment})
        return [DoneStep(step_of(row), row.held_before, row.ended_at) for row in rows]

    def moved_at(self, account_id: int) -> dict[str, float]:
        """When the player moved each of their items last (Unix seconds), by instance id or by the hash of a stack.

        Only what was wished: what made room was not the player's choice, and what farming moved was not either.
        """
        query = (
            select(MoveStep.instance_id, MoveStep.item_hash, func.max(MoveStep.ended_at).label("moved_at"))
            .join(MoveOrder, MoveOrder.id == MoveStep.order_id)
            .join(MoveBatch, MoveBatch.id == MoveOrder.batch_id)
            .where(MoveStep.account_id == account_id, MoveStep.state == DONE, MoveStep.because == Because.WISH)
            .where(MoveOrder.action == MOVE, MoveBatch.farming == "")
            .group_by(MoveStep.instance_id, MoveStep.item_hash)
        )
        rows = self._session.execute(query)
        return {instance_id or str(item_hash): moment.timestamp() for instance_id, item_hash, moment in rows if moment}

    def latest_step(self, account_id: int) -> tuple[StepKind, float] | None:
        """What the game has done or refused last, and how many seconds ago it answered."""
        last = self._session.execute(_LATEST_STEP, {"of": account_id}).one_or_none()
        return (StepKind(last.kind), (self._clock() - last.ended_at).total_seconds()) if last else None

    def _is_any(self, whose: ColumnElement[bool]) -> bool:
        return self._session.scalar(select(MoveBatch.id).where(_IS_UNFINISHED, whose).limit(1)) is not None

    def unasked(self, *steps: MoveStep) -> None:
        """Bungie has surely not done them, and they will be asked again."""
        for step in steps:
            step.state = PLANNED
        self._session.commit()


def _whole() -> Select[MoveBatch]:
    """Batches with their orders and steps: three queries however many there are."""
    return select(MoveBatch).options(selectinload(MoveBatch.orders).selectinload(MoveOrder.steps))


def _summary(states: set[str]) -> str:
    if states == {DONE}:
        return DONE
    if DONE in states:
        return PARTLY
    return CANCELLED if states == {CANCELLED} else FAILED


def step_of(row: MoveStep | Row[Any]) -> Step:
    return Step(
        StepKind(row.kind),
        row.item_hash,
        row.instance_id,
        row.quantity,
        row.character_id,
        Because(row.because),
        row.slot,
        row.plug_hash,
    )


def wish_of(order: MoveOrder) -> Wish:
    """What is still wished. Pieces of a stack have no name of their own: where they lie follows from what was done."""
    source = order.source
    for row in _done_for(order):
        source = VAULT_STORE if row.kind == StepKind.STORE else ACCOUNT_STORE if order.target == VAULT_STORE else source
    return Wish(order.item_hash, order.instance_id, source, order.target, order.quantity, order.equip)


def is_begun(order: MoveOrder) -> bool:
    """Whether the game has done any of it, or may have."""
    return any(row.state in {ASKED, DONE} for row in order.steps)


def has_arrived(order: MoveOrder) -> bool:
    """Whether pieces of a stack are where they were wished. A copy can be looked for instead."""
    last = {StepKind.STORE} if order.target == VAULT_STORE else {StepKind.FETCH, StepKind.PULL}
    return any(row.kind in last for row in _done_for(order))


def owed_locks(order: MoveOrder) -> tuple[Step, ...]:
    """Locks that were to be set again after a hop that is done, and that nobody has set since."""
    owed: dict[str, Step] = {}
    moved: set[str] = set()
    for row in order.steps:
        if row.because == Because.KEEP_LOCK and row.instance_id in moved:
            if row.state in {DONE, REFUSED}:
                owed.pop(row.instance_id, None)
            else:
                owed.setdefault(row.instance_id, step_of(row))
        elif row.state == DONE:
            moved.add(row.instance_id)
    return tuple(owed.values())


def _done_for(order: MoveOrder) -> list[MoveStep]:
    """The steps of a stack's own way that are done; nothing for a copy."""
    own = (row for row in order.steps if row.because == Because.WISH and not order.instance_id)
    return [row for row in own if row.state == DONE]
