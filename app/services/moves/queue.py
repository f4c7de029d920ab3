"""One process at a time moves an account's items: a lease in the database, which Redis being away does not touch."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Update, bindparam, or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.models import MoveQueue
from app.services.clock import Clock
from app.services.moves.memory import remembering

# Longer than any one request to Bungie with its looks; a killed worker blocks its player for this long at most.
LEASE = timedelta(seconds=40)
# For so long after it was written down nobody else can have it: a small part of the lease.
_IS_OURS_S = 1.0

# Put together once: every move takes a turn and gives it back.
_SET_LEASE = (
    update(MoveQueue)
    .where(MoveQueue.account_id == bindparam("of"))
    .values(owner=bindparam("by"), lease_until=bindparam("until"))
    .execution_options(synchronize_session=False)
)
_TAKE = _SET_LEASE.where(or_(MoveQueue.lease_until.is_(None), MoveQueue.lease_until < bindparam("now")))
_KEEP = _SET_LEASE.where(MoveQueue.owner == bindparam("by"))
_GIVE_BACK = (
    update(MoveQueue)
    .where(MoveQueue.account_id == bindparam("of"), MoveQueue.owner == bindparam("by"))
    .values(lease_until=None)
    .execution_options(synchronize_session=False)
)


class Turn:
    """The right to work on an account, while it is renewed in time.

    Meanwhile nobody else writes what belongs to its moves, so what has been read once is not read again.
    """

    def __init__(self, queue: MoveQueues, account_id: int, owner: str) -> None:
        self._queue, self._account_id, self._owner = queue, account_id, owner
        self._kept_at = time.monotonic()

    def renew(self) -> bool:
        """False when another process has taken over: then stop at once, without asking Bungie for anything more."""
        is_ours = self._extend()
        self._queue.save()
        return is_ours

    def keep(self) -> bool:
        """The same, but it is the caller who writes it down, at once, with what it says next."""
        return time.monotonic() - self._kept_at < _IS_OURS_S or self._extend()

    def _extend(self) -> bool:
        now = time.monotonic()
        is_ours = self._queue.extend(self._account_id, self._owner)
        self._kept_at = now if is_ours else now - _IS_OURS_S
        return is_ours


class MoveQueues:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    @contextmanager
    def turn(self, account_id: int) -> Iterator[Turn | None]:
        """The caller's turn, or None while somebody else has it."""
        owner = secrets.token_hex(8)
        with remembering(self._session):
            if not self._take(account_id, owner):
                yield None
                return
            try:
                yield Turn(self, account_id, owner)
            except BaseException:
                self._session.rollback()
                raise
            finally:
                self._give_back(account_id, owner)

    def extend(self, account_id: int, owner: str) -> bool:
        """Nothing is committed unless it is not the owner's any more; then what was read may be out of date."""
        is_ours = self._set_lease(_KEEP, account_id, owner)
        if not is_ours:
            self._session.commit()
            self._session.expire_all()
        return is_ours

    def save(self) -> None:
        self._session.commit()

    def _take(self, account_id: int, owner: str) -> bool:
        is_taken = self._take_if_free(account_id, owner)
        if not is_taken and self._session.get(MoveQueue, account_id) is None:
            self._make_row(account_id)
            is_taken = self._take_if_free(account_id, owner)
        return is_taken

    def _take_if_free(self, account_id: int, owner: str) -> bool:
        is_taken = self._set_lease(_TAKE, account_id, owner)
        self._session.commit()
        return is_taken

    def _make_row(self, account_id: int) -> None:
        try:
            self._session.add(MoveQueue(account_id=account_id))
            self._session.commit()
        except IntegrityError:  # somebody was quicker, or the account is gone
            self._session.rollback()

    def _set_lease(self, how: Update, account_id: int, owner: str) -> bool:
        now = self._clock()
        values = {"of": account_id, "by": owner, "until": now + LEASE, "now": now}
        with self._session.no_autoflush:  # what is about to be said is written once, when it is said
            changed = self._session.execute(how, values)
        return isinstance(changed, CursorResult) and changed.rowcount == 1

    def _give_back(self, account_id: int, owner: str) -> None:
        self._session.execute(_GIVE_BACK, {"of": account_id, "by": owner})
        self._session.commit()
