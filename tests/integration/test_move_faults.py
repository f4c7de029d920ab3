"""Whatever happens at whichever step: the move ends as asked, once, and the pages show the game's world.

Every step of every shape of a plan either loses its answer or its process is killed, in turns; MOVE_PROOFS=full tries
every kind of trouble at every step.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.services.moves.service import MoveRequest
from app.wiring import Services
from tests.fixtures.clock import MovingClock
from tests.fixtures.dying import KEY, Die, order
from tests.integration.move_shapes import (
    ONLY_LOOKS_FREE,
    SHAPES,
    AtStep,
    assert_done,
    assert_locks_are_kept,
    assert_pages_agree,
    belongings,
    fill_vault,
    go_on,
    locks,
    request_of,
    the_viewer,
    vaulted,
)
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions", "bungie_ahead")

# Hung up before acting, hung up after acting, and a gateway's page in the place of an answer.
_LOSSES = ("reset", "reset_after", "status_502_html")
# What a wrong guess would spoil for good: how many pieces there are, and which lock an item has.
_ALWAYS = ("pieces of a stack", "away from a twin")
_MOMENTS = ("before", "after")
_IS_FULL = os.environ.get("MOVE_PROOFS") == "full"
STEPS = [(shape, step) for shape, steps in SHAPES.items() for step in range(steps)]


def cases(kinds: tuple[str, ...], turn: int) -> list[tuple[str, int, str]]:
    """Every kind at every step, or one kind at every second step; some shapes always whole."""
    every = [(*each, kind) for each in STEPS for kind in kinds]
    some = [(*each, kinds[number // 2 % len(kinds)]) for number, each in enumerate(STEPS) if number % 2 == turn]
    return [each for each in every if _IS_FULL or each in some or each[0] in _ALWAYS]


def spoken(value: object) -> str:
    return str(value).replace(", ", "-").replace(" ", "-")


@pytest.fixture
def owned(player: Player, sandbox: SandboxServer, shape: str) -> Iterator[None]:
    """Nothing is lost and nothing doubled, and what was locked is locked."""
    sandbox.app.state.faults.set(inherit_lock=True)
    if shape == ONLY_LOOKS_FREE:
        fill_vault(sandbox, player)
    before, locked = belongings(player), locks(player)
    yield
    assert belongings(player) == before
    assert_locks_are_kept(shape, locked, locks(player))


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize(("shape", "step", "loss"), cases(_LOSSES, 0), ids=spoken)
def test_a_lost_answer_loses_nothing(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, shape: str, step: int, loss: str
) -> None:
    request = request_of(shape, player, services)
    stored = vaulted(player, request.wish.item_hash)
    fault = AtStep(step=step)
    sandbox.app.state.faults.set(**{loss: fault})
    services.moves.order(the_viewer(player), KEY, [request])
    assert fault.seen > step
    assert_all_is_well(visitor, player, services, request, stored)


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize(("shape", "step", "moment"), cases(_MOMENTS, 1), ids=spoken)
def test_a_killed_process_leaves_a_move_that_somebody_else_ends(
    clock: MovingClock, visitor: Visitor, player: Player, services: Services, die: Die,
    shape: str, step: int, moment: str,
) -> None:  # fmt: skip
    request = request_of(shape, player, services)
    stored, viewer = vaulted(player, request.wish.item_hash), the_viewer(player)
    assert die(moment, step, order, viewer, request) == -signal.SIGKILL
    clock.now = datetime.now(UTC) + timedelta(seconds=60)  # the dead one's turn has ended
    assert_all_is_well(visitor, player, services, request, stored)


@pytest.mark.usefixtures("visitor")
def test_what_nobody_could_look_after_for_a_day_is_ended_and_told(
    clock: MovingClock, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    request, viewer = request_of("to the vault", player, services), the_viewer(player)
    lost = {"path": "*/Items/TransferItem/", "times": 1}
    sandbox.app.state.faults.set(reset_after=lost, status_502_html="*/Profile/*")
    report = services.moves.order(viewer, KEY, [request])
    assert (report.is_open, report.orders[0].state) == (True, "unsure")
    clock.move(days=1, seconds=1)
    assert services.moves.go_on(1) is None
    (ended,) = services.moves.latest(viewer)
    assert (ended.state, ended.orders[0].obstacle) == ("failed", "broken-off")


def assert_all_is_well(visitor: Visitor, player: Player, services: Services, request: MoveRequest, stored: int) -> None:
    go_on(services)
    (report,) = services.moves.latest(the_viewer(player))
    assert_done(report, request, player)
    if request.action == "move" and not request.wish.instance_id:
        assert vaulted(player, request.wish.item_hash) == stored + request.wish.quantity
    assert_pages_agree(visitor, player)
