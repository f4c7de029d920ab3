"""Many players move many things at once, through the workers as they are deployed: Bungie's limits hold, all get on.

By default four players with ten moves each; MOVE_PROOFS=full makes it ten players with a hundred.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.models import BungieAccount, MoveBatch, MoveOrder
from app.sandbox import SandboxServer, World
from app.sandbox.player import Player
from app.sandbox.state import RequestLog
from app.sandbox.world import RecordedAccount
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.wiring import Services
from tests.fixtures.waiting import wait_until
from tests.integration.move_shapes import KINETIC, TITAN, belongings, locks
from tests.shared import ROOT

pytestmark = pytest.mark.usefixtures("definitions")

_IS_FULL = os.environ.get("MOVE_PROOFS") == "full"
_PLAYERS, _MOVES = (10, 100) if _IS_FULL else (4, 10)
_TOO_MANY = 429
_WORKER = ("-m", "celery", "-A", "celery_worker.celery", "worker", "--concurrency", "2", "-l", "info")


class TimedLog(RequestLog):
    """Remembers when each request came, and which were refused for coming too soon."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []
        self.refused: list[str] = []

    def add(self, route: str, method: str, template: str, status: int) -> None:
        super().add(route, method, template, status)
        if template.startswith("/Platform/"):
            self.moments.append(time.monotonic())
        if status == _TOO_MANY:
            self.refused.append(template)

    def most_within(self, seconds: float) -> int:
        moments = sorted(self.moments)
        return max(sum(begin <= other < begin + seconds for other in moments) for begin in moments)


def clone(account: RecordedAccount, number: int) -> RecordedAccount:
    """The same player under other names."""
    told = json.dumps([account.linked, account.profile, account.vendors])
    told = told.replace("40000001", f"4000{number:04}9").replace(account.membership_id, f"46116860185000{number:05}")
    return RecordedAccount(f"46116860185000{number:05}", *json.loads(told))


@pytest.fixture
def world(world: World) -> World:
    first = world.accounts[0]
    return replace(world, name="crowd", accounts=(first, *(clone(first, number) for number in range(1, _PLAYERS))))


@pytest.fixture
def workers(site_environ: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """As in the Procfile."""
    log = tmp_path / "workers.log"
    with log.open("wb") as out:
        environ = {**os.environ, **site_environ}
        running = subprocess.Popen([sys.executable, *_WORKER], cwd=ROOT, env=environ, stdout=out, stderr=out)
    try:
        wait_until(lambda: " ready." in log.read_text(), f"the workers are ready; see {log}", limit_s=60)
        yield log
    finally:
        running.terminate()
        try:
            running.wait(timeout=20)
        finally:
            running.kill()


def connected(services: Services, sandbox: SandboxServer, player: Player) -> Viewer:
    user_id = services.accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
    account_id = db.session.scalars(select(BungieAccount.id).where(BungieAccount.user_id == user_id)).one()
    return Viewer(user_id, 1, "player", "", account_id, player.membership_id, player.membership_type)


def there_and_back(player: Player) -> list[MoveRequest]:
    """So many moves: a few things to the vault, back again, and so on."""
    items = [each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC][:5]
    rounds = -(-_MOVES // len(items))
    return [
        MoveRequest(
            Wish(each["itemHash"], each["itemInstanceId"], *((TITAN, VAULT_STORE), (VAULT_STORE, TITAN))[turn % 2])
        )
        for turn in range(rounds)
        for each in items
    ][:_MOVES]


def done_by_account() -> Counter[int]:
    db.session.rollback()
    query = select(MoveBatch.account_id, func.count()).join(MoveOrder).where(MoveOrder.state == "done")
    return Counter({row[0]: row[1] for row in db.session.execute(query.group_by(MoveBatch.account_id))})


def test_a_crowd_stays_within_bungies_limits_and_everybody_gets_on(
    services: Services, sandbox: SandboxServer, workers: Path
) -> None:
    log = sandbox.app.state.requests = TimedLog()
    players = list(sandbox.app.state.players.values())
    before = [(belongings(player), locks(player)) for player in players]
    viewers = [connected(services, sandbox, player) for player in players]
    began = time.monotonic()
    for viewer, player in zip(viewers, players, strict=True):
        services.moves.order(viewer, "a-crowd-of-moves", there_and_back(player))
    slowest_when_first_ended = None
    while sum((done := done_by_account()).values()) < _PLAYERS * _MOVES:
        assert time.monotonic() - began < _PLAYERS * _MOVES, (done, workers.read_text()[-3000:])
        if slowest_when_first_ended is None and max(done.values(), default=0) == _MOVES:
            slowest_when_first_ended = min(done[viewer.account_id or 0] for viewer in viewers)
        time.sleep(0.2)
    took = time.monotonic() - began
    most = log.most_within(10)
    print(
        f"{_PLAYERS} players x {_MOVES} moves in {took:.1f} s ({_PLAYERS * _MOVES / took:.1f} a second), "
        f"{len(log.moments)} requests, at most {most} in 10 s, refused as too soon: {len(log.refused)}, "
        f"done by the slowest when the first had ended: {slowest_when_first_ended}"
    )
    assert most <= 250
    assert log.refused == []
    assert [(belongings(player), locks(player)) for player in players] == before
    if _IS_FULL:
        assert slowest_when_first_ended is not None
        assert slowest_when_first_ended >= _MOVES // 2
