"""Visits that are over are remembered, so that what had not been seen by any day can be told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.arrange import OwnedItem
from app.models import BungieAccount, User, Visit
from app.services.new_items import NewItems, Seen, seen_by
from tests.builders import item
from tests.fixtures.clock import MovingClock


class Player:
    """Looks at copies numbered 1 to some number, as a page does."""

    def __init__(self, session: scoped_session[Session], clock: MovingClock) -> None:
        self._session, self._clock = session, clock
        user = User(role="player", created_at=clock())
        session.add(user)
        session.flush()
        ends = clock()
        account = BungieAccount(
            user_id=user.id, membership_id="1", access_ends_at=ends, refresh_ends_at=ends, connected_at=ends
        )
        session.add(account)
        session.commit()
        self.account_id = account.id
        self.new_items = NewItems(session, clock)

    @property
    def seen(self) -> Seen:
        self._session.rollback()
        return seen_by(self._session.get_one(BungieAccount, self.account_id))

    def look(self, newest: int) -> None:
        copies = (OwnedItem(item(1, str(number)), None, None) for number in range(1, newest + 1))
        self.new_items.look(self.account_id, self.seen, copies)

    def known_by(self, since: date | timedelta) -> int | None:
        return self.new_items.known_by(self.account_id, self.seen, since)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def player(db_session: scoped_session[Session], clock: MovingClock) -> Player:
    return Player(db_session, clock)


def test_what_was_seen_by_a_day_is_what_the_last_visit_before_it_showed(player: Player, clock: MovingClock) -> None:
    player.look(3)
    clock.move(days=10)
    tenth = clock().date()
    player.look(4)
    clock.move(days=2)
    player.look(6)
    assert player.known_by(timedelta(days=0)) == 6
    assert player.known_by(timedelta(days=1)) == 4
    assert player.known_by(timedelta(days=7)) == player.known_by(tenth) == 3
    assert player.known_by(tenth + timedelta(days=1)) == 4


def test_whoever_came_later_than_that_has_seen_what_was_there_at_first(player: Player, clock: MovingClock) -> None:
    assert player.known_by(timedelta(days=7)) is None
    player.look(3)
    assert player.known_by(timedelta(days=7)) == player.known_by(date(2000, 1, 1)) == 3
    player.look(5)
    assert player.known_by(timedelta(days=7)) == 3
    clock.move(hours=2)
    player.look(5)
    assert player.known_by(timedelta(days=999 * 365)) == 5


def test_a_visit_is_kept_once_and_not_for_ever(
    player: Player, clock: MovingClock, db_session: scoped_session[Session]
) -> None:
    for _ in range(3):
        player.look(3)
        clock.move(minutes=30)
        player.look(3)
        clock.move(hours=5)
    assert db_session.scalar(select(func.count()).select_from(Visit)) == 2
    clock.move(days=900)
    player.look(3)
    clock.move(days=1)
    player.look(3)
    assert db_session.scalar(select(func.count()).select_from(Visit)) == 1
