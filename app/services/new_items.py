"""Which copies are new to a player: come into being since the visit before this one.

The game numbers copies in the order in which they come into being, so one number tells those that were there before,
however many they are and wherever they lie meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, scoped_session

from app.inventory.arrange import OwnedItem
from app.models import BungieAccount, Visit
from app.services.clock import Clock

# Who comes back after this has been away: what was there when they left is no longer new.
VISIT_ENDS_AFTER = timedelta(hours=1)
# Looking is written down this often at most.
_TOUCH_EVERY = timedelta(minutes=10)
_VISITS_KEPT = timedelta(days=800)


class Seen(NamedTuple):
    """Copies numbered above `up_to` are new; `newest` was the highest number shown when somebody looked, `at`."""

    up_to: int = 0
    newest: int = 0
    at: datetime | None = None


def seen_by(account: BungieAccount) -> Seen:
    return Seen(int(account.seen_up_to or 0), int(account.newest_item or 0), account.looked_at)


class NewItems:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def look(self, account_id: int, seen: Seen, items: Iterable[OwnedItem]) -> frozenset[str]:
        """The instance ids that are new to the account's player, who looks at these items now. At first none is."""
        ids = [owned.item.instance_id for owned in items if owned.item.instance_id.isdigit()]
        newest = max(map(int, ids), default=0)
        up_to = self._up_to(account_id, seen, newest)
        return frozenset(each for each in ids if int(each) > up_to) if newest > up_to else frozenset()

    def mark_all_seen(self, account_id: int) -> None:
        """Whatever was shown up to now is no longer new."""
        self._write(account_id, seen_up_to=BungieAccount.newest_item)

    def known_up_to(self, seen: Seen) -> int | None:
        """The highest number that is not new at this moment; None for who never looked: nothing is new to them."""
        if seen.at is None:
            return None
        return (seen.newest or None) if self._clock() - seen.at > VISIT_ENDS_AFTER else seen.up_to

    def known_by(self, account_id: int, seen: Seen, since: date | timedelta) -> int | None:
        """The highest number that had been shown by a day, or so long ago; None for who never looked.

        Who first came later than that has seen what was there when they came.
        """
        begin = self._clock() - since if isinstance(since, timedelta) else datetime.combine(since, time(), UTC)
        if seen.at is None or begin >= seen.at:
            return seen.newest or None
        visits = select(Visit.newest_item).where(Visit.account_id == account_id)
        before = visits.where(Visit.ended_at <= begin).order_by(Visit.ended_at.desc())
        first = visits.order_by(Visit.ended_at)
        number = self._session.scalar(before.limit(1)) or self._session.scalar(first.limit(1))
        return int(number or seen.up_to) or None

    def _keep_visit(self, account_id: int, seen: Seen) -> None:
        if seen.at and seen.newest:
            old = self._clock() - _VISITS_KEPT
            self._session.execute(delete(Visit).where(Visit.account_id == account_id, Visit.ended_at < old))
            self._session.add(Visit(account_id=account_id, newest_item=str(seen.newest), ended_at=seen.at))

    def _up_to(self, account_id: int, seen: Seen, newest: int) -> int:
        """The highest number that is not new any more; also writes down that somebody looks."""
        now = self._clock()
        away = now - seen.at if seen.at else None
        is_visit = away is None or away > VISIT_ENDS_AFTER
        known = self.known_up_to(seen)
        up_to = newest if known is None else known
        if is_visit or newest > seen.newest or (away and away > _TOUCH_EVERY):
            top = max(newest, seen.newest)
            if is_visit:
                self._keep_visit(account_id, seen)
            self._write(account_id, seen_up_to=str(up_to), newest_item=str(top), looked_at=now)
        return up_to

    def _write(self, account_id: int, **values: object) -> None:
        self._session.execute(update(BungieAccount).where(BungieAccount.id == account_id).values(**values))
        self._session.commit()
