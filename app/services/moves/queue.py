"""One process at a time moves an account's items: a lease in the database, which Redis being away does not touch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.models import MoveQueue
from app.services.clock import Clock

# Longer than any one request to Bungie with its looks; a killed worker blocks its player for this long at most.
LEASE = timedelta(seconds=40)


class Turn:
    """The right to work on an account, while it is renewed in time."""

    def __init__(self, queue: MoveQueues, account_id: int, owner: str) -> None:
        self._queue, self._account_id, self._owner = queue, account_id, owner

    def renew(self) -> bool:
        """False when another process has taken over: then stop at once, without asking Bungie for anything more."""
        return self._queue.extend(self._account_id, self._owner)


class MoveQueues:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    @contextmanager
    def turn(self, account_id: int) -> Iterator[Turn | None]:
        """The caller's turn, or None while somebody else has it."""
        owner = secrets.token_hex(8)
        if not self._take(account_id, owner):
            yield None
            return
        try:
            yield Turn(self, account_id, owner)
        finally:
            self._session.rollback()
            self._give_back(account_id, owner)

    def extend(self, account_id: int, owner: str) -> bool:
        return self._set_lease(account_id, MoveQueue.owner == owner, owner)

    def _take(self, account_id: int, owner: str) -> bool:
        self._make_row(account_id)
        free = or_(MoveQueue.lease_until.is_(None), MoveQueue.lease_until < self._clock())
        return self._set_lease(account_id, free, owner)

    def _make_row(self, account_id: int) -> None:
        if self._session.get(MoveQueue, account_id) is None:
            try:
                self._session.add(MoveQueue(account_id=account_id))
                self._session.commit()
            except IntegrityError:  # somebody was quicker, or the account is gone
                self._session.rollback()

    def _set_lease(self, account_id: int, condition: object, owner: str) -> bool:
        changed = self._session.execute(
            update(MoveQueue)
            .where(MoveQueue.account_id == account_id, condition)  # type: ignore[arg-type]
            .values(owner=owner, lease_until=self._clock() + LEASE)
            .execution_options(synchronize_session=False)
        )
        self._session.commit()
        return isinstance(changed, CursorResult) and changed.rowcount == 1

    def _give_back(self, account_id: int, owner: str) -> None:
        self._session.execute(
            update(MoveQueue)
            .where(MoveQueue.account_id == account_id, MoveQueue.owner == owner)
            .values(lease_until=None)
            .execution_options(synchronize_session=False)
        )
        self._session.commit()
