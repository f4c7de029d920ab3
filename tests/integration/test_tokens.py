"""Players' tokens against a real token endpoint and a real database: refreshed once, and kept in outages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.bungie.errors import GrantRevoked, Maintenance, Unavailable
from app.bungie.http import Deadline
from app.services.sealing import Sealer, SealError
from tests.fixtures.tokens import KEY, NEXT_KEY, Desk


def in_threads(count: int, work: Callable[[], str], session: scoped_session[Session]) -> list[str]:
    together = threading.Barrier(count)

    def one() -> str:
        together.wait(timeout=20)
        try:
            return work()
        finally:
            session.remove()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one) for _ in range(count)]]


def test_a_token_that_is_still_good_costs_no_call(desk: Desk) -> None:
    assert desk.token() == desk.token()
    assert desk.token_calls() == 0


def test_a_token_is_refreshed_five_minutes_before_its_end(desk: Desk) -> None:
    first = desk.token()
    desk.clock.now += timedelta(seconds=3600 - 299)
    assert desk.token() != first
    assert desk.token_calls() == 1


def test_fifty_requests_with_an_expired_token_refresh_once_twenty_times_over(desk: Desk) -> None:
    for _ in range(20 if desk.is_sqlite else 3):  # PostgreSQL locks by row: it has less to prove
        desk.clock.now += timedelta(hours=2)
        desk.bungie.app.state.requests.clear()
        tokens = in_threads(50, desk.token, desk.session)
        assert len(tokens) == 50
        assert len(set(tokens)) == 1
        assert desk.token_calls() == 1


def test_a_refused_token_is_replaced_although_its_time_is_not_up(desk: Desk) -> None:
    first = desk.token()
    assert desk.token(refused=first) != first


@pytest.mark.parametrize("fault", [{"maintenance": "api"}, {"status_502_html": "*token*"}, {"reset": "*token*"}])
def test_trouble_keeps_the_grant_and_the_old_token_serves_while_it_lasts(desk: Desk, fault: dict) -> None:
    first = desk.token()
    desk.bungie.app.state.faults.set(**fault)
    desk.clock.now += timedelta(seconds=3600 - 60)
    assert desk.token() == first
    desk.clock.now += timedelta(hours=1)
    with pytest.raises((Maintenance, Unavailable)):
        desk.token()
    desk.bungie.app.state.faults.clear()
    assert desk.token() != first
    assert not desk.row().needs_reconnect


def test_a_revoked_grant_asks_to_reconnect_and_is_not_tried_again(desk: Desk) -> None:
    desk.bungie.app.state.revoke_grants()
    desk.clock.now += timedelta(hours=2)
    for _ in range(3):
        with pytest.raises(GrantRevoked):
            desk.token()
    assert desk.token_calls() == 1
    assert desk.row().needs_reconnect
    assert desk.row().refresh_token == ""


def test_a_lease_left_by_a_killed_process_ends_by_itself(desk: Desk) -> None:
    desk.clock.now += timedelta(hours=2)
    desk.row().lease_until = desk.clock.now + timedelta(seconds=20)
    desk.session.commit()
    with pytest.raises(Unavailable):
        desk.service.access_token(desk.account_id, Deadline(0.3))
    desk.clock.now += timedelta(seconds=21)
    assert desk.token()


def test_tokens_are_unreadable_at_rest_and_bound_to_their_owner(desk: Desk) -> None:
    token = desk.token()
    row = desk.row()
    assert token not in row.access_token + row.refresh_token
    with pytest.raises(SealError):
        Sealer([KEY]).open(row.access_token, owner="somebody else", purpose="access")
    with pytest.raises(SealError):
        Sealer([KEY]).open(row.access_token, owner=row.membership_id, purpose="refresh")


def test_a_row_that_cannot_be_opened_asks_to_reconnect(desk: Desk) -> None:
    row = desk.row()
    row.access_token, row.refresh_token = row.refresh_token, row.access_token
    desk.session.commit()
    with pytest.raises(GrantRevoked):
        desk.token()
    assert desk.row().needs_reconnect


def test_rotation_moves_every_row_to_the_first_key_and_then_the_old_one_can_go(desk: Desk) -> None:
    token = desk.token()
    both = desk.service_with(NEXT_KEY, KEY)
    assert both.waiting_for_rotation() == 1
    assert both.rotate() == 1
    assert both.waiting_for_rotation() == 0
    assert desk.service_with(NEXT_KEY).access_token(desk.account_id, Deadline(5)) == token
