"""Whatever happens at whichever request of applying a loadout: it ends as asked, and the pages show the game's world.

Fetching from another character, wearing, and putting in a plug each lose their answer or their process, in turns;
MOVE_PROOFS=full tries every kind of trouble at every request.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.inventory.moves.plan import Wish
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.wiring import Services
from tests.fixtures.clock import MovingClock
from tests.fixtures.dying import KEY, Die, finish
from tests.fixtures.dying import apply as apply_in_its_process
from tests.integration.loadout_support import (
    ENERGY,
    HELMET,
    HUNTER,
    KINETIC,
    TITAN,
    belongings,
    carried,
    free_choice,
    sockets,
    worn,
)
from tests.integration.move_shapes import AtStep, assert_pages_agree
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions", "bungie_ahead")

_LOSSES = ("reset", "reset_after", "status_502_html")
_MOMENTS = ("before", "after")
_IS_FULL = os.environ.get("MOVE_PROOFS") == "full"
# Two to fetch the weapon, one to wear both, one for the plug; one more finds nothing left to spoil.
REQUESTS = 5


@dataclass(frozen=True)
class Scene:
    """A loadout that is kept; what it is to bring back: what is worn where, and the plug in one socket."""

    public_id: str
    dressed: dict[int, str]
    socket: int
    plug: int
    player: Player

    def assert_is_on(self) -> None:
        player = self.player
        assert {item["bucketHash"]: item["itemInstanceId"] for item in player.worn(TITAN)} == self.dressed
        assert sockets(player, worn(player, HELMET))[self.socket]["plugHash"] == self.plug


def cases(kinds: tuple[str, ...], turn: int) -> list[tuple[int, str]]:
    every = [(step, kind) for step in range(REQUESTS) for kind in kinds]
    return [each for number, each in enumerate(every) if _IS_FULL or number % len(kinds) == (number + turn) // 3 % 2]


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned
    signed_in.session.close()


@pytest.fixture
def scene(viewer: Viewer, player: Player, services: Services) -> Scene:
    """What the Titan wears is kept; then a weapon is the Hunter's, another is worn, and a plug is another one."""
    helmet = worn(player, HELMET)
    socket, other = free_choice(player, helmet["itemInstanceId"])
    was = sockets(player, helmet)[socket]["plugHash"]
    dressed = {item["bucketHash"]: item["itemInstanceId"] for item in player.worn(TITAN)}
    build = services.loadouts.from_worn(viewer, TITAN, "Raid night", "en")
    assert build
    kept = services.loadouts.save(viewer, build)
    weapon = worn(player, KINETIC)
    for key, wish in (
        ("another-weapon", wearing(carried(player, KINETIC)[0])),
        ("another-second", wearing(carried(player, ENERGY)[0])),
        ("to-the-hunter", Wish(weapon["itemHash"], weapon["itemInstanceId"], TITAN, HUNTER)),
    ):
        assert services.moves.order(viewer, key, [MoveRequest(wish)]).state == "done"
    sockets(player, helmet)[socket]["plugHash"] = other
    services.profiles.renew(1, player.membership_type, player.membership_id)
    return Scene(kept.public_id, dressed, socket, was, player)


def wearing(item: dict[str, object]) -> Wish:
    return Wish(int(str(item["itemHash"])), str(item["itemInstanceId"]), TITAN, TITAN, equip=True)


def ended(services: Services, viewer: Viewer) -> str:
    """The state of the newest batch once nobody has anything left to do."""
    finish(services, 1)
    return services.moves.latest(viewer)[0].state


def test_applying_asks_the_game_for_every_kind_of_change(
    scene: Scene, viewer: Viewer, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    counts = sandbox.app.state.requests.counts
    before = dict(counts)
    apply(services, viewer, scene)
    assert ended(services, viewer) == "done"
    scene.assert_is_on()
    asked = {name: count - before.get(name, 0) for name, count in counts.items() if count != before.get(name, 0)}
    actions = {name: asked.get(name, 0) for name in ("transfer", "equip", "equip_many", "plug_free")}
    assert actions == {"transfer": 2, "equip": 0, "equip_many": 1, "plug_free": 1}
    assert sum(actions.values()) == REQUESTS - 1


def apply(services: Services, viewer: Viewer, scene: Scene) -> None:
    build = services.loadouts.build(viewer, scene.public_id)
    assert build
    applied = services.loadouts.apply(viewer, KEY, build, TITAN, "en")
    assert applied
    assert applied.batch


@pytest.mark.parametrize(("step", "loss"), cases(_LOSSES, 0))
def test_a_lost_answer_leaves_the_loadout_on(
    visitor: Visitor, scene: Scene, viewer: Viewer, player: Player, services: Services, sandbox: SandboxServer,
    step: int, loss: str,
) -> None:  # fmt: skip
    sandbox.app.state.faults.set(**{loss: AtStep(step=step)})
    apply(services, viewer, scene)
    assert ended(services, viewer) == "done"
    scene.assert_is_on()
    assert_pages_agree(visitor, player)


@pytest.mark.parametrize(("step", "moment"), cases(_MOMENTS, 1))
def test_a_killed_process_leaves_a_loadout_that_somebody_else_puts_on(
    clock: MovingClock, visitor: Visitor, scene: Scene, viewer: Viewer, services: Services,
    die: Die, step: int, moment: str,
) -> None:  # fmt: skip
    player = scene.player
    who, began = viewer, time.monotonic()
    code = die(moment, step, apply_in_its_process, who, scene.public_id, TITAN)
    assert code == (-signal.SIGKILL if step < REQUESTS - 1 else 0)
    clock.move(seconds=60 + time.monotonic() - began)  # the dead one's turn has ended
    assert ended(services, viewer) == "done"
    scene.assert_is_on()
    assert_pages_agree(visitor, player)


@pytest.mark.parametrize("loss", _LOSSES)
def test_an_in_game_loadout_whose_answer_is_lost_is_worn_once_and_told(
    visitor: Visitor, viewer: Viewer, player: Player, services: Services, sandbox: SandboxServer, loss: str
) -> None:
    pieces = (player.data("characterLoadouts") or {})[TITAN]["loadouts"][1]["items"]
    sandbox.app.state.faults.set(**{loss: AtStep(step=0)})
    assert services.in_game.equip(viewer, "the-only-one", TITAN, 1, "en")
    assert ended(services, viewer) == "done"
    on = {item["itemInstanceId"] for item in player.worn(TITAN)}
    assert len({each["itemInstanceId"] for each in pieces} & on) == 2  # of the three exotic weapons one
    assert_pages_agree(visitor, player)
