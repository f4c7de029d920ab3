"""Any orders in any order, with answers getting lost and the game being played meanwhile: nothing is lost or doubled,
what is told as done is so, nothing is unlocked by the way, and what we know is what the game has.

By default 40 runs; MOVE_PROOFS=full makes it 2,000. Pauses between actions are left out, on both sides.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as running
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from app.bungie.actions import BungieActions
from app.bungie.http import BungieHttp
from app.extensions import db
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.models import MoveBatch
from app.sandbox import SandboxOptions, SandboxServer, World, create_sandbox
from app.sandbox.envelope import Json
from app.sandbox.player import VAULT, Player
from app.services.clock import utc_now
from app.services.moves.hand import Hand
from app.services.moves.queue import MoveQueues
from app.services.moves.reports import BatchReport
from app.services.moves.runner import MoveRunner
from app.services.moves.service import MoveRequest, MoveService
from app.wiring import Services
from config import Settings
from tests.integration.move_shapes import CLOCK_AHEAD_S, TITAN, AtStep, belongings, locks, the_viewer
from tests.visitor import Visitor, listed_items

pytestmark = pytest.mark.usefixtures("definitions")

_RUNS = 2000 if os.environ.get("MOVE_PROOFS") == "full" else 40
_OPERATIONS = 6


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No budget of requests: a run is a fraction of a second."""
    return replace(settings, bungie=replace(settings.bungie, requests_per_s=100_000, player_pause_s=0))


@pytest.fixture
def sandbox(world: World, site_port: int) -> Iterator[SandboxServer]:
    options = SandboxOptions(redirect_uri=f"http://127.0.0.1:{site_port}/callback/bungie", action_spacing_s=0)
    with SandboxServer(create_sandbox(world, options)) as server:
        server.app.state.clock = lambda: time.time() + CLOCK_AHEAD_S
        server.app.state.faults.set(inherit_lock=True)
        yield server


def impatient(services: Services, sandbox: SandboxServer) -> MoveService:
    """The service as it is, but that it never sleeps for long."""
    moves, actions = services.moves, BungieActions(BungieHttp(sandbox.url, "sandbox-key", "40000"))
    runner = MoveRunner(
        moves._journal,
        MoveQueues(db.session, utc_now),  # type: ignore[arg-type]
        moves._pictures,
        lambda: Hand(actions, services.tokens, sleep=lambda _s: None),
        sleep=lambda wait_s: time.sleep(min(wait_s, 0.02)),
    )
    return MoveService(
        moves._journal, runner, moves._pictures, utc_now, services.audit, lambda: "machine", lambda _account: False
    )


def machine(  # noqa: C901 - one rule after the other
    services: Services, sandbox: SandboxServer, world: World, ends: Counter[str]
) -> type[RuleBasedStateMachine]:
    moves, state = impatient(services, sandbox), sandbox.app.state
    account = world.accounts[0]
    numbers = st.integers(0, 10_000)

    class Machine(RuleBasedStateMachine):
        @initialize()
        def a_fresh_world(self) -> None:
            state.faults.set(reset=None, reset_after=None, in_activity=False)
            self.player = state.players[account.membership_id] = Player(account)
            db.session.execute(delete(MoveBatch))
            db.session.commit()
            services.profiles.renew(1, self.player.membership_type, self.player.membership_id)
            self.owned, self.locks = belongings(self.player), locks(self.player)
            self.keys, self.last = iter(range(1000)), ""

        @rule(pick=numbers, goal=numbers, equip=st.booleans(), part=st.floats(0.01, 1))
        def move(self, pick: int, goal: int, equip: bool, part: float) -> None:
            source, item = a_choice(self.player, pick)
            targets = [VAULT_STORE, *self.player.character_ids]
            to = targets[goal % len(targets)]
            wears, pieces = equip and to != VAULT_STORE, max(1, int(item["quantity"] * part))
            wish = Wish(item["itemHash"], item.get("itemInstanceId", ""), source, to, pieces, wears)
            report = self.order(MoveRequest(wish))
            if report.state == "done" and wish.instance_id:
                found = self.player.find(wish.instance_id)
                assert found
                assert found[0].character_id == (None if to == VAULT_STORE else to) or is_account_wide(found[1])
                assert found[0].is_worn or not wears

        @rule(pick=numbers, is_on=st.booleans())
        def lock(self, pick: int, is_on: bool) -> None:
            source, item = a_choice(self.player, pick)
            if not item.get("lockable"):
                return
            wish = Wish(item["itemHash"], item["itemInstanceId"], source, source)
            if self.order(MoveRequest(wish, "lock" if is_on else "unlock")).state == "done":
                self.locks[item["itemInstanceId"]] = is_on

        @rule()
        def undo(self) -> None:
            before = moves.find(the_viewer(self.player), self.last) if self.last else None
            moves.undo(the_viewer(self.player), self.last, f"undo-{next(self.keys)}")
            if before and before.orders[0].action != "move":
                self.locks = locks(self.player)

        @rule(step=st.integers(0, 2), kind=st.sampled_from(["reset", "reset_after"]))
        def an_answer_will_get_lost(self, step: int, kind: str) -> None:
            state.faults.set(**{kind: AtStep(step=step)})

        @rule(pick=numbers)
        def the_player_stores_something_in_the_game(self, pick: int) -> None:
            carried = self.player.carried(TITAN)
            copies = [each for each in carried if each["bucketHash"] == 1498876634]
            if copies:
                item = copies[pick % len(copies)]
                carried.remove(item)
                item["bucketHash"] = VAULT
                self.player.account_items().append(item)

        @rule(is_on=st.booleans())
        def the_player_begins_or_ends_an_activity(self, is_on: bool) -> None:
            state.faults.set(in_activity=is_on)

        @invariant()
        def nothing_is_lost_or_doubled(self) -> None:
            assert belongings(self.player) == self.owned

        @invariant()
        def nothing_is_locked_or_unlocked_by_the_way(self) -> None:
            assert {key for key, is_on in locks(self.player).items() if is_on is not self.locks[key]} == set()

        def order(self, request: MoveRequest) -> BatchReport:
            report = moves.order(the_viewer(self.player), f"key-{next(self.keys)}", [request])
            for _ in range(3):  # as workers would, when time ran out
                if report.is_open:
                    moves.go_on(1)
                    report = moves.find(the_viewer(self.player), report.public_id) or report
            assert not report.is_open
            self.last = report.public_id
            ends[report.state] += 1
            return report

    return Machine


def a_choice(player: Player, pick: int) -> tuple[str, Json]:
    """Anything that the player has, and the store it lies in; often one of those that there are more of."""
    everything = [(place, item) for place in player.places() for item in place.items]
    counts = Counter(item["itemHash"] for _, item in everything if item.get("lockable"))
    twins = [(place, item) for place, item in everything if counts[item["itemHash"]] > 1]
    chosen = twins if twins and pick % 2 else everything
    place, item = chosen[pick // 2 % len(chosen)]
    return place.character_id or (VAULT_STORE if item["bucketHash"] == VAULT else ACCOUNT_STORE), item


def is_account_wide(item: Json) -> bool:
    return item.get("location") == 2


def test_no_sequence_of_orders_and_accidents_breaks_a_promise(
    live_server: str, services: Services, sandbox: SandboxServer, world: World
) -> None:
    visitor, player = Visitor(live_server), next(iter(sandbox.app.state.players.values()))
    visitor.sign_in(player.membership_id)
    ends: Counter[str] = Counter()
    run_state_machine_as_test(
        machine(services, sandbox, world, ends),
        settings=running(
            max_examples=_RUNS, stateful_step_count=_OPERATIONS, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert ends["done"] >= _RUNS // 2, ends  # most orders are sensible enough to be carried out
    current = next(iter(sandbox.app.state.players.values()))
    services.profiles.renew(1, current.membership_type, current.membership_id)
    assert visitor.everything() == listed_items(current.components)
    visitor.session.close()
    print(f"{_RUNS} runs, orders that ended: {dict(ends)}")
