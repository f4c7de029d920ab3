"""Takes an account's turn and carries out what waits there, batch by batch."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from app.bungie.http import Deadline
from app.models import MoveBatch
from app.services.moves.batch import BatchRun, Means, Until
from app.services.moves.hand import Hand
from app.services.moves.journal import MoveJournal
from app.services.moves.pictures import Pictures
from app.services.moves.queue import MoveQueues
from app.services.profiles import LoadedProfile


class Ran(Enum):
    """How far a run came."""

    ALL_DONE = auto()
    SOME_ARE_LEFT = auto()  # time ran out, or nobody can tell yet what became of a step
    SLICE_IS_OVER = auto()  # others wait for their turn with the same workers
    IS_ANOTHERS_TURN = auto()


class Begun(NamedTuple):
    """A batch that has just been put down, and the player's profile when that was read for it."""

    batch: MoveBatch | None
    seen: LoadedProfile | None = None


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

    def run(
        self, account_id: int, deadline: Deadline, slice_: Deadline | None = None, begun: Begun | None = None
    ) -> Ran:
        """Everything that waits for an account, oldest first; after `slice_` only while nobody else's moves wait.

        What the session holds is written with the turn: so nobody else has had `begun` before.
        """
        until = Until(deadline, slice_ or deadline)
        begun = begun or Begun(None)
        with self._queues.turn(account_id) as turn:
            if turn is None:
                return Ran.IS_ANOTHERS_TURN
            means = Means(self._journal, self._pictures, turn, self._hand_of(account_id), self._sleep)
            # Asked anew after each one: orders may have come meanwhile.
            while batch := self._journal.oldest(account_id, begun.batch):
                seen = begun.seen if batch is begun.batch else None
                if not BatchRun(means, batch, until, seen).carry_out():
                    is_sliced = until.slice_.remaining_s() <= 0 < deadline.remaining_s()
                    return Ran.SLICE_IS_OVER if is_sliced else Ran.SOME_ARE_LEFT
                begun = Begun(begun.batch)  # what it has seen is no longer how things are
        return Ran.ALL_DONE

    def _hand_of(self, account_id: int) -> Hand:
        """One that knows what the hand before it did last: the game's pace does not begin anew with it."""
        hand, last = self._new_hand(), self._journal.latest_step(account_id)
        if last:
            hand.resume(*last)
        return hand
