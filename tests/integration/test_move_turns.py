"""One process at a time moves an account's items, and whoever has lost the turn notices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import MoveQueue
from app.sandbox import SandboxServer
from app.services.clock import utc_now
from app.services.moves.queue import MoveQueues
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def queues(app: Flask, live_server: str, sandbox: SandboxServer) -> Iterator[MoveQueues]:
    visitor = Visitor(live_server)
    visitor.sign_in(next(iter(sandbox.app.state.players)))
    visitor.session.close()
    with app.app_context():
        yield MoveQueues(db.session, utc_now)  # type: ignore[arg-type]


def take_over() -> None:
    later = datetime.now(UTC) + timedelta(seconds=60)
    db.session.execute(update(MoveQueue).values(owner="another process", lease_until=later))
    db.session.commit()


def test_a_second_one_does_not_get_the_turn_until_the_first_one_gives_it_back(queues: MoveQueues) -> None:
    with queues.turn(1) as first:
        assert first
        assert first.keep()
        with queues.turn(1) as second:
            assert second is None
    with queues.turn(1) as third:
        assert third


def test_whoever_has_lost_the_turn_is_told_so_when_looking_and_a_second_later_before_every_step(
    queues: MoveQueues,
) -> None:
    with queues.turn(1) as turn:
        assert turn
        take_over()
        time.sleep(1.05)
        assert not turn.keep()
        assert not turn.keep()
    with queues.turn(1) as turn:
        assert turn is None  # it is the other one's, and was not given back


def test_looking_asks_at_once_whose_turn_it_is(queues: MoveQueues) -> None:
    with queues.turn(1) as turn:
        assert turn
        take_over()
        assert not turn.renew()
