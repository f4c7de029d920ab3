"""Carries a batch out: plans each order on what is known now, does its steps one by one, and looks when unsure.

Rules: a step is written down before Bungie is asked and after it answered. After an answer that leaves it open whether
the game did it, nothing is repeated before a newer profile was read. A refusal that shows our picture to be old leads
to a new plan, a few times; every other refusal ends the order with its reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from app.bungie.errors import (
    ApplicationRefused,
    BungieError,
    GrantRevoked,
    Maintenance,
    NoRoom,
    NotFound,
    Throttled,
    TokenRefused,
)
from app.bungie.http import Deadline
from app.inventory.buckets import VAULT
from app.inventory.moves.effects import held_before, shows
from app.inventory.moves.farming import may_go
from app.inventory.moves.plan import VAULT_STORE, Because, CannotMove, Obstacle, Step, StepKind
from app.inventory.moves.planner import plan
from app.inventory.moves.world import Spot, World
from app.models import MoveBatch, MoveOrder, MoveStep
from app.services.moves import journal as book
from app.services.moves.deeds import came_from, deed_steps, worn_instead
from app.services.moves.hand import Hand
from app.services.moves.journal import MoveJournal, has_arrived, owed_locks, step_of, wish_of
from app.services.moves.pictures import Picture, Pictures
from app.services.moves.queue import MoveQueues, Turn

log = logging.getLogger(__name__)

_MOST_PLANS = 4
_UNIQUE = 1648  # making room does not help against it
# It is worn, it is there already, it is tracked already: our picture was old, and a new plan knows better.
_OLD_PICTURE = frozenset({1632, 1656, 1658})
_NEVER_DONE = (Maintenance, Throttled, TokenRefused, GrantRevoked, ApplicationRefused)
# Bungie's codes for "something failed": the game may have done it all the same.
_OPEN_CODES = frozenset({0, 2, 3, 27, 1618, 1626, 1643, 1651, 1652, 1688})
_SIGN_IN_AGAIN = 401
_NOT_HERE = 1671
_ONLY_IN_ORBIT = frozenset({StepKind.EQUIP, StepKind.PLUG, StepKind.WEAR_SET})
_LOOK_EVERY_S = 1.0
_BREATH_S = 0.5  # after an action that came too soon after the last one of its kind


class Ran(Enum):
    """How far a run came."""

    ALL_DONE = auto()
    SOME_ARE_LEFT = auto()  # time ran out, or nobody can tell yet what became of a step
    SLICE_IS_OVER = auto()  # others wait for their turn with the same workers
    IS_ANOTHERS_TURN = auto()


class _End(Enum):
    """How a step ended for the order that it belongs to."""

    DONE = auto()
    PLAN_ANEW = auto()
    STOP = auto()  # the order has been ended, or has to wait for somebody to look


class MoveRunner:
    def __init__(
        self,
        journal: MoveJournal,
        queues: MoveQueues,
        pictures: Pictures,
        new_hand: Callable[[], Hand],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._journal = journal
        self._queues = queues
        self._pictures = pictures
        self._new_hand = new_hand
        self._sleep = sleep

    def run(self, account_id: int, deadline: Deadline, slice_: Deadline | None = None) -> Ran:
        """Everything that waits for an account, oldest first; after `slice_` only while nobody else's moves wait."""
        slice_ = slice_ or deadline
        with self._queues.turn(account_id) as turn:
            if turn is None:
                return Ran.IS_ANOTHERS_TURN
            hand = self._hand_of(account_id)
            # Asked anew after each one: orders may have come meanwhile.
            while batches := self._journal.unfinished(account_id):
                if not _Batch(self, batches[0], turn, hand, deadline, slice_).carry_out():
                    return (
                        Ran.SLICE_IS_OVER if slice_.remaining_s() <= 0 < deadline.remaining_s() else Ran.SOME_ARE_LEFT
                    )
        return Ran.ALL_DONE

    def _hand_of(self, account_id: int) -> Hand:
        """One that knows what the hand before it did last: the game's pace does not begin anew with it."""
        hand, last = self._new_hand(), self._journal.latest_step(account_id)
        if last:
            hand.resume(*last)
        return hand


class _Batch:
    """One batch while it is carried out."""

    def __init__(
        self, runner: MoveRunner, batch: MoveBatch, turn: Turn, hand: Hand, deadline: Deadline, slice_: Deadline
    ) -> None:
        self._journal = runner._journal  # noqa: SLF001 - two halves of one thing
        self._pictures = runner._pictures  # noqa: SLF001
        self._sleep = runner._sleep  # noqa: SLF001
        self._batch, self._turn, self._hand, self._deadline, self._slice = batch, turn, hand, deadline, slice_
        self._full: set[Spot] = set()
        self._is_grounded = False  # the character is where nothing can be worn or changed
        self._picture: Picture | None = None
        self._done: Step | None = None  # by us, and not in the picture yet

    def carry_out(self) -> bool:
        """False when it has to be gone on with later."""
        for order in self._batch.orders:
            if order.state not in {book.WAITING, book.UNSURE}:
                continue
            self._journal.save()
            if self._has_had_its_share() or not self._go_on(order):
                self._journal.finish(self._batch)
                return False
        self._journal.finish(self._batch)
        return True

    def _look(self) -> Picture | None:
        """The picture with our last step in it: laid out only if somebody asks, and after the last one nobody does."""
        if self._picture and self._done:
            self._picture = self._picture.after(self._done)
        self._done = None
        return self._picture

    def _has_had_its_share(self) -> bool:
        return self._slice.remaining_s() <= 0 and self._journal.do_others_wait(self._batch.account_id)

    def _go_on(self, order: MoveOrder) -> bool:
        """False when there is no time or no turn left."""
        try:
            is_under_way = _open_step(order) is not None
            if not self._settle_past(order):
                return False
            if order.obstacle or order.code:  # given up before, but for the locks that it owes
                return self._give_up(order, book.REFUSED, obstacle=order.obstacle, code=order.code)
            if not is_under_way and self._journal.wants_cancel(self._batch):
                return self._give_up(order, book.CANCELLED)
            return self._carry_out(order)
        except BungieError as error:  # while looking, planning or asking for a token
            return self._put_off_or_end(order, error)

    # --- what was asked before we came -------------------------------------------------------------------------------

    def _settle_past(self, order: MoveOrder) -> bool:
        """Finds out what became of a step that nobody has seen the answer to. False when that cannot be told yet."""
        row = _open_step(order)
        return row is None or self._look_whether_done(order, row) is not None

    def _look_whether_done(self, order: MoveOrder, row: MoveStep, code: int = 0) -> bool | None:
        """Reads profiles until one is newer than the step. None when time runs out before."""
        while self._deadline.remaining_s() > _LOOK_EVERY_S and self._turn.renew():
            self._picture = self._pictures.newer_than(self._batch, row.asked_at, self._deadline)
            if self._picture is not None:
                is_done = shows(self._picture.profile, step_of(row), row.held_before)
                self._journal.end_step(row, book.DONE if is_done else book.DROPPED, code)
                order.state = book.WAITING
                return is_done
            self._sleep(_LOOK_EVERY_S)
        order.state = book.UNSURE
        return None

    # --- an order ----------------------------------------------------------------------------------------------------

    def _carry_out(self, order: MoveOrder) -> bool:
        for attempt in range(_MOST_PLANS):
            if has_arrived(order):
                self._journal.end_order(order, book.DONE)
                return True
            steps = self._plan(order, is_first=attempt == 0)
            if steps is None:
                return order.state not in {book.WAITING, book.UNSURE}
            end = self._do_all(order, steps)
            if end is _End.DONE:
                self._journal.end_order(order, book.DONE)
                return True
            if end is _End.STOP:
                return order.state not in {book.WAITING, book.UNSURE}
            self._picture = None
        code = next((row.code for row in reversed(order.steps) if row.state in {book.REFUSED, book.DROPPED}), 0)
        return self._give_up(order, book.REFUSED, obstacle=book.FAILING if code in _OPEN_CODES else "", code=code)

    def _give_up(self, order: MoveOrder, state: str, *, obstacle: str = "", code: int = 0) -> bool:
        """Ends what is not done, but not before everything on its way has its lock again. False when that must wait."""
        owed = owed_locks(order)
        if owed:
            order.obstacle, order.code = obstacle, code
            self._picture = self._look() or self._pictures.current(self._batch, is_fresh=False)
        for row in self._journal.plan(order, owed, ""):
            if self._do(order, row) is _End.STOP:
                return False
        self._journal.end_order(order, state, obstacle=obstacle, code=code)
        return True

    def _plan(self, order: MoveOrder, *, is_first: bool) -> list[MoveStep] | None:
        """None when the order was given up instead. A "no" from an older picture is asked again of a newer one."""
        picture = self._picture = self._look() or self._pictures.current(self._batch, is_fresh=not is_first)
        try:
            steps = self._steps(order, picture)
        except CannotMove as reason:
            if not picture.is_new and is_first:
                self._picture = self._pictures.current(self._batch, is_fresh=True)
                return self._plan(order, is_first=False)
            self._give_up(order, book.REFUSED, obstacle=reason.obstacle)
            return None
        return self._journal.plan(order, steps, came_from(order, picture), worn_instead(order, picture))

    def _steps(self, order: MoveOrder, picture: Picture) -> tuple[Step, ...]:
        if (deed := deed_steps(order, picture)) is not None:
            return deed
        owed = owed_locks(order)
        for step in owed:  # so that a lock that the game has changed is not taken for the player's own
            picture = picture.after(step)
        world = World(picture.profile, picture.definitions, self._full)
        preferences = self._pictures.preferences(self._batch, picture)
        if self._batch.farming:
            found = world.find(order.item_hash, order.instance_id)
            if not all(may_go(world, preferences, stack) for stack in found):
                raise CannotMove(Obstacle.KEPT, order.item_hash)
            # Nobody has asked for anything else to be moved.
            preferences = replace(preferences, reserved=frozenset(stack.key for stack in world.stacks()))
        return (*owed, *plan(world, wish_of(order), preferences))

    def _do_all(self, order: MoveOrder, rows: list[MoveStep]) -> _End:
        for row in rows:
            end = self._do(order, row)
            if end is not _End.DONE:
                return end
        return _End.DONE

    # --- a step ------------------------------------------------------------------------------------------------------

    def _do(self, order: MoveOrder, row: MoveStep) -> _End:
        step, picture = step_of(row), self._look()
        assert picture is not None  # noqa: S101 - planned on it
        if self._deadline.remaining_s() <= _LOOK_EVERY_S or not self._turn.keep():
            return _End.STOP
        if self._is_grounded and step.kind in _ONLY_IN_ORBIT:
            return self._refuse(order, row, _NOT_HERE)
        self._journal.ask(row, held_before(picture.profile, step))
        try:
            self._hand.do(self._batch, step, self._deadline)
        except BungieError as error:
            if _is_surely_not_done(error):
                self._journal.unasked(row)
                return self._wait_and_repeat(order, row, error)
            return self._after_error(order, row, step, error)
        self._journal.done(row)
        self._done = step
        return _End.DONE

    def _wait_and_repeat(self, order: MoveOrder, row: MoveStep, error: BungieError) -> _End:
        """The game asks for patience and has surely done nothing: the same step, once more, when it may."""
        if not isinstance(error, Throttled):
            raise error
        wait_s = _BREATH_S if error.is_personal else error.retry_after_s
        if wait_s > self._deadline.remaining_s() - _LOOK_EVERY_S:
            raise error
        self._sleep(wait_s)
        return self._do(order, row)

    def _after_error(self, order: MoveOrder, row: MoveStep, step: Step, error: BungieError) -> _End:
        if error.code in _OPEN_CODES:
            is_done = self._look_whether_done(order, row, error.code)
            return _End.STOP if is_done is None else _End.DONE if is_done else _End.PLAN_ANEW
        self._journal.end_step(row, book.REFUSED, error.code)
        if step.because is Because.KEEP_LOCK:
            return _End.DONE  # the move has happened; its lock is not worth losing the rest
        is_full = isinstance(error, NoRoom) and error.code != _UNIQUE
        if is_full:
            self._full.add(self._spot(step))
        if is_full or isinstance(error, NotFound) or error.code in _OLD_PICTURE:
            return _End.PLAN_ANEW
        self._is_grounded = self._is_grounded or error.code == _NOT_HERE
        self._give_up(order, book.REFUSED, code=error.code)
        return _End.STOP

    def _refuse(self, order: MoveOrder, row: MoveStep, code: int) -> _End:
        """What the game would only refuse once more is not asked."""
        self._journal.end_step(row, book.REFUSED, code)
        self._give_up(order, book.REFUSED, code=code)
        return _End.STOP

    def _spot(self, step: Step) -> Spot:
        """Where there was no room, although it looked so."""
        assert self._picture is not None  # noqa: S101 - planned on it
        if step.kind is StepKind.STORE:
            return (VAULT_STORE, VAULT)
        return self._picture.home_spot(step)

    def _put_off_or_end(self, order: MoveOrder, error: BungieError) -> bool:
        """What may have begun waits for somebody to look; what has not is not done later, when nobody expects it."""
        log.warning("a move met trouble: %s", type(error).__name__, extra={"batch": self._batch.public_id})
        if _open_step(order) or isinstance(error, Throttled):
            return False
        is_lost = isinstance(error, GrantRevoked | TokenRefused)
        is_begun = any(row.state == book.DONE for row in order.steps)
        if not (order.obstacle or order.code):
            order.obstacle = book.RECONNECT if is_lost else book.BROKEN_OFF if is_begun else book.AWAY
        if owed_locks(order) and not is_lost:
            return False
        self._journal.end_order(order, book.REFUSED, obstacle=order.obstacle, code=order.code or error.code)
        return True


def _open_step(order: MoveOrder) -> MoveStep | None:
    return next((row for row in order.steps if row.state == book.ASKED), None)


def _is_surely_not_done(error: BungieError) -> bool:
    """Only when Bungie says so itself: a gateway's page may hide an action that went through."""
    if isinstance(error, Throttled):
        return True
    return isinstance(error, _NEVER_DONE) and bool(error.code or error.status == _SIGN_IN_AGAIN)
