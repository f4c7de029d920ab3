"""Carries one batch out: plans each order on what is known now, does its steps one by one, and looks when unsure.

Rules: a step is written down before Bungie is asked and after it answered. After an answer that leaves it open whether
the game did it, nothing is repeated before a newer profile was read. A refusal that shows our picture to be old leads
to a new plan, a few times; every other refusal ends the order with its reason. What several orders of one character
end with, to be worn, is asked for with one request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import NamedTuple, TypeVar

from app.bungie.errors import BungieError, GrantRevoked, NoRoom, NotFound, Throttled, TokenRefused
from app.bungie.http import Deadline
from app.inventory.buckets import VAULT
from app.inventory.moves.effects import held_before, shows
from app.inventory.moves.farming import may_go
from app.inventory.moves.plan import VAULT_STORE, Because, CannotMove, Obstacle, Step, StepKind
from app.inventory.moves.world import Spot, World
from app.models import MoveBatch, MoveOrder, MoveStep
from app.services.moves import answers
from app.services.moves import journal as book
from app.services.moves.deeds import came_from, comes_off, deed_steps, plan_for
from app.services.moves.hand import Hand
from app.services.moves.journal import MoveJournal, has_arrived, is_begun, owed_locks, step_of, wish_of
from app.services.moves.pictures import Picture, Pictures
from app.services.moves.queue import Turn
from app.services.moves.wardrobe import Wardrobe
from app.services.profiles import LoadedProfile

log = logging.getLogger(__name__)

_MOST_PLANS = 4
_ONLY_IN_ORBIT = frozenset({StepKind.EQUIP, StepKind.PLUG, StepKind.WEAR_SET})
_LOOK_EVERY_S = 1.0
_BREATH_S = 0.5  # after an action that came too soon after the last one of its kind

_Ends = TypeVar("_Ends")


class Means(NamedTuple):
    """What a batch is carried out with: one account's turn, and the hand of one run."""

    journal: MoveJournal
    pictures: Pictures
    turn: Turn
    hand: Hand
    sleep: Callable[[float], None]


class Until(NamedTuple):
    """After `slice_` it goes on only while nobody else's moves wait."""

    deadline: Deadline
    slice_: Deadline


class _End(Enum):
    """How a step ended for the order that it belongs to."""

    DONE = auto()
    PLAN_ANEW = auto()
    STOP = auto()  # the order has been ended, or has to wait for somebody to look
    LATER = auto()  # it is carried, and waits in the wardrobe


class BatchRun:
    """One batch while it is carried out. `seen` is the player's profile when that was read a moment ago."""

    def __init__(self, means: Means, batch: MoveBatch, until: Until, seen: LoadedProfile | None = None) -> None:
        self._journal, self._pictures, self._turn, self._hand, self._sleep = means
        self._deadline, self._slice = until
        self._batch, self._seen = batch, seen
        self._wardrobe = Wardrobe(batch.orders)
        self._full: set[Spot] = set()
        self._is_grounded = False  # the character is where nothing can be worn or changed
        self._picture: Picture | None = None
        self._done: list[Step] = []  # by us, or soon in the wardrobe, and not in the picture yet

    def carry_out(self) -> bool:
        """False when it has to be gone on with later."""
        is_through = self._carry_out_each()
        is_worn = self._wear_together() is not _End.STOP  # also what a part of the batch has brought
        self._journal.finish(self._batch)
        return is_through and is_worn

    def _carry_out_each(self) -> bool:
        for order in self._batch.orders:
            if not _is_open(order):
                continue
            self._journal.save()
            if self._has_had_its_share():
                return False
            if not self._wardrobe.fits(order) and self._wear_together() is _End.STOP:
                return False
            if not self._go_on(order):
                return False
        return True

    def _look(self) -> Picture | None:
        """The picture with our last steps in it: laid out only if somebody asks, and after the last one nobody does."""
        done, self._done = self._done, []
        for step in done:
            self._picture = self._picture and self._picture.after(step)
        return self._picture

    def _forget(self) -> None:
        """What the picture shows has not happened."""
        self._picture, self._done = None, []

    def _has_had_its_share(self) -> bool:
        return self._slice.remaining_s() <= 0 and self._journal.do_others_wait(self._batch.account_id)

    def _go_on(self, order: MoveOrder) -> bool:
        """False when there is no time or no turn left."""
        return self._try(order, self._settle_and_carry_out)

    def _try(self, order: MoveOrder, act: Callable[[MoveOrder], bool]) -> bool:
        try:
            return act(order)
        except BungieError as error:  # while looking, planning or asking for a token
            return self._put_off_or_end(order, error)

    def _settle_and_carry_out(self, order: MoveOrder) -> bool:
        is_under_way = _open_step(order) is not None
        if not self._settle_past(order):
            return False
        if order.obstacle or order.code:  # given up before, but for the locks that it owes
            return self._give_up(order, book.REFUSED, obstacle=order.obstacle, code=order.code)
        if not is_under_way and self._wants_cancel(order):
            return self._give_up(order, book.CANCELLED)
        return self._carry_out(order)

    def _wants_cancel(self, order: MoveOrder) -> bool:
        """As other processes have it now; before the first order the batch has only just been read."""
        is_first = order is self._batch.orders[0]
        return self._batch.wants_cancel if is_first else self._journal.wants_cancel(self._batch)

    # --- what was asked before we came -------------------------------------------------------------------------------

    def _settle_past(self, order: MoveOrder) -> bool:
        """Finds out what became of a step that nobody has seen the answer to. False when that cannot be told yet."""
        row = _open_step(order)
        return row is None or self._look_whether_done(row) is not None

    def _look_whether_done(self, row: MoveStep, code: int = 0) -> bool | None:
        """Reads profiles until one is newer than the step. None when time runs out before.

        What was asked with the same request is settled with it.
        """
        asked = [(order, each) for order in self._batch.orders if (each := _open_step(order))]
        while self._deadline.remaining_s() > _LOOK_EVERY_S and self._turn.renew():
            self._picture, self._done = self._pictures.newer_than(self._batch, row.asked_at, self._deadline), []
            if self._picture is not None:
                for order, each in asked:
                    is_done = shows(self._picture.profile, step_of(each), each.held_before)
                    self._journal.done(each, book.DONE if is_done else book.DROPPED, code)
                    order.state = book.WAITING
                self._journal.save()
                return row.state == book.DONE
            self._sleep(_LOOK_EVERY_S)
        for order, _ in asked:
            order.state = book.UNSURE
        return None

    # --- an order ----------------------------------------------------------------------------------------------------

    def _carry_out(self, order: MoveOrder, *, is_alone: bool = False) -> bool:
        """`is_alone`: it was to be worn together with others, and that went wrong."""
        for attempt in range(_MOST_PLANS):
            if has_arrived(order):
                self._journal.end_order(order, book.DONE)
                return True
            steps = self._plan(order, is_first=attempt == 0 and not is_alone)
            if steps is None:
                return not _is_open(order)
            end = self._do_all(order, steps, is_alone=is_alone)
            if end is _End.DONE:
                self._journal.end_order(order, book.DONE)
            if end in {_End.DONE, _End.LATER}:
                return True
            if end is _End.STOP:
                return not _is_open(order)
            self._picture = None
        code = next((row.code for row in reversed(order.steps) if row.state in {book.REFUSED, book.DROPPED}), 0)
        failing = book.BROKEN_OFF if is_begun(order) else book.FAILING
        obstacle = failing if code in answers.OPEN_CODES else ""
        return self._give_up(order, book.REFUSED, obstacle=obstacle, code=code)

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
        seen, self._seen = self._seen, None
        picture = self._picture = self._look() or self._pictures.current(self._batch, is_fresh=not is_first, seen=seen)
        try:
            steps = self._steps(order, picture)
        except CannotMove as reason:
            if not picture.is_new and is_first:
                self._picture = self._pictures.current(self._batch, is_fresh=True)
                return self._plan(order, is_first=False)
            self._give_up(order, book.REFUSED, obstacle=reason.obstacle)
            return None
        return self._journal.plan(order, steps, came_from(order, picture), comes_off(steps, picture))

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
        return (*owed, *plan_for(self._batch, world, wish_of(order), preferences))

    def _do_all(self, order: MoveOrder, rows: list[MoveStep], *, is_alone: bool) -> _End:
        assert self._picture is not None  # noqa: S101 - planned on it
        definitions = self._picture.definitions
        for row in rows:
            if self._wardrobe.minds(row, definitions) and (end := self._wear_together()) is not _End.DONE:
                return end
            if not is_alone and self._wardrobe.takes(order, row):
                self._wardrobe.put(order, row, definitions)
                self._done.append(step_of(row))  # plans that follow may count on it; if it fails, they are made anew
                return _End.LATER
            end = self._do(order, row)
            if end is not _End.DONE:
                return end
        return _End.DONE

    # --- wearing together --------------------------------------------------------------------------------------------

    def _wear_together(self) -> _End:
        """Empties the wardrobe. PLAN_ANEW when something came out differently, STOP when it has to be gone on with.

        What may still be worn gets a plan of its own.
        """
        waiting = self._wardrobe.empty()
        ends = self._put_on(waiting)
        if all(end is _End.DONE for end in ends):
            return _End.DONE
        for (order, _), end in zip(waiting, ends, strict=True):
            if end is _End.PLAN_ANEW and not self._try(order, lambda one: self._carry_out(one, is_alone=True)):
                return _End.STOP
        return _End.STOP if any(_is_open(order) for order, _ in waiting) else _End.PLAN_ANEW

    def _put_on(self, waiting: list[tuple[MoveOrder, MoveStep]]) -> list[_End]:
        try:
            ends = self._do_at_once(waiting)
        except BungieError as error:
            self._forget()
            for order, _ in waiting:
                self._put_off_or_end(order, error)
            return [_End.STOP] * len(waiting)
        for (order, _), end in zip(waiting, ends, strict=True):
            if end is _End.DONE:
                self._journal.end_order(order, book.DONE)
        return ends

    def _do_at_once(self, waiting: list[tuple[MoveOrder, MoveStep]]) -> list[_End]:
        """One request for all; each has its own row in the journal and its own end."""
        rows = [row for _, row in waiting]
        if not rows or not self._may_ask():
            return [_End.STOP] * len(rows)
        if self._is_grounded:
            self._forget()
            return [self._refuse(order, row, answers.NOT_HERE) for order, row in waiting]
        self._journal.ask_all(rows, held_before=1)
        copies = [row.instance_id for row in rows]
        try:
            codes = self._hand.wear(self._batch, rows[0].character_id, copies, self._deadline)
        except BungieError as error:
            if answers.is_surely_not_done(error):
                self._journal.unasked(*rows)
                return self._wait_and_repeat(error, lambda: self._do_at_once(waiting))
            codes = dict.fromkeys(copies, error.code)
        if set(codes.values()) != {answers.WORN} or len(codes) < len(rows):
            self._forget()
        return [
            self._after_wearing(order, row, codes.get(row.instance_id, answers.NOT_CARRIED)) for order, row in waiting
        ]

    def _after_wearing(self, order: MoveOrder, row: MoveStep, code: int) -> _End:
        if code == answers.WORN:
            self._journal.done(row)
            return _End.DONE
        if code in answers.OPEN_CODES:
            is_known = row.state != book.ASKED or self._look_whether_done(row, code) is not None
            return _End.STOP if not is_known else _End.DONE if row.state == book.DONE else _End.PLAN_ANEW
        if code not in answers.WORTH_ANOTHER_TRY:
            return self._refuse(order, row, code)
        self._journal.end_step(row, book.REFUSED, code)
        return _End.PLAN_ANEW

    # --- a step ------------------------------------------------------------------------------------------------------

    def _do(self, order: MoveOrder, row: MoveStep) -> _End:
        step, picture = step_of(row), self._look()
        assert picture is not None  # noqa: S101 - planned on it
        if not self._may_ask():
            return _End.STOP
        if self._is_grounded and step.kind in _ONLY_IN_ORBIT:
            return self._refuse(order, row, answers.NOT_HERE)
        self._journal.ask(row, held_before(picture.profile, step))
        try:
            self._hand.do(self._batch, step, self._deadline)
        except BungieError as error:
            if answers.is_surely_not_done(error):
                self._journal.unasked(row)
                return self._wait_and_repeat(error, lambda: self._do(order, row))
            return self._after_error(order, row, step, error)
        self._journal.done(row)
        self._done.append(step)
        return _End.DONE

    def _may_ask(self) -> bool:
        return self._deadline.remaining_s() > _LOOK_EVERY_S and self._turn.keep()

    def _wait_and_repeat(self, error: BungieError, again: Callable[[], _Ends]) -> _Ends:
        """The game asks for patience and has surely done nothing: the same, once more, when it may."""
        if not isinstance(error, Throttled):
            raise error
        wait_s = max(_BREATH_S, error.told_s) if error.is_personal else error.retry_after_s
        if wait_s > self._deadline.remaining_s() - _LOOK_EVERY_S:
            raise error
        self._sleep(wait_s)
        return again()

    def _after_error(self, order: MoveOrder, row: MoveStep, step: Step, error: BungieError) -> _End:
        if error.code in answers.OPEN_CODES:
            is_done = self._look_whether_done(row, error.code)
            return _End.STOP if is_done is None else _End.DONE if is_done else _End.PLAN_ANEW
        self._journal.end_step(row, book.REFUSED, error.code)
        if step.because is Because.KEEP_LOCK:
            return _End.DONE  # the move has happened; its lock is not worth losing the rest
        is_full = isinstance(error, NoRoom) and error.code != answers.UNIQUE
        if is_full:
            self._full.add(self._spot(step))
        if is_full or isinstance(error, NotFound) or error.code in answers.OLD_PICTURE:
            return _End.PLAN_ANEW
        return self._turn_down(order, error.code)

    def _refuse(self, order: MoveOrder, row: MoveStep, code: int) -> _End:
        """The game has said no, or would only say it once more."""
        self._journal.end_step(row, book.REFUSED, code)
        return self._turn_down(order, code)

    def _turn_down(self, order: MoveOrder, code: int) -> _End:
        self._is_grounded = self._is_grounded or code == answers.NOT_HERE
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
        if not (order.obstacle or order.code):
            order.obstacle = book.RECONNECT if is_lost else book.BROKEN_OFF if is_begun(order) else book.AWAY
        if owed_locks(order) and not is_lost:
            return False
        self._journal.end_order(order, book.REFUSED, obstacle=order.obstacle, code=order.code or error.code)
        return True


def _open_step(order: MoveOrder) -> MoveStep | None:
    return next((row for row in order.steps if row.state == book.ASKED), None)


def _is_open(order: MoveOrder) -> bool:
    return order.state in {book.WAITING, book.UNSURE}
