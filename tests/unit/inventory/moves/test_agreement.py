"""The planner and the sandbox's own rules agree: every step of every plan is allowed, and nothing is lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from app.inventory.moves.plan import VAULT_STORE, CannotMove
from app.inventory.moves.planner import plan
from app.inventory.moves.world import World
from app.sandbox.definitions import Definitions
from app.sandbox.demo import demo_world
from app.sandbox.player import VAULT, Player
from app.sandbox.world import World as RecordedWorld
from tests.unit.inventory.moves.referee import Facts, Referee, any_wish, whereabouts

_WISHES = 250


@pytest.fixture(scope="module")
def recorded() -> RecordedWorld:
    return demo_world()


@pytest.fixture(scope="module")
def rows(recorded: RecordedWorld) -> Iterator[Definitions]:
    made = Definitions(recorded.manifest, recorded.known_items)
    yield made
    made.close()


def stage(recorded: RecordedWorld, rows: Definitions, room_in_vault: int) -> tuple[Facts, Referee]:
    """A vault that has only so many slots left, on both sides."""
    player = Player(recorded.accounts[0])
    stored = sum(item["bucketHash"] == VAULT for item in player.account_items())
    capacity = rows.bucket(VAULT)
    assert capacity
    hidden = capacity.capacity - stored - room_in_vault
    return Facts(rows, stored + room_in_vault), Referee(player, rows, hidden_vault_items=hidden)


@pytest.mark.parametrize("seed", range(20))
def test_five_thousand_wishes_lose_double_and_misplace_nothing(
    recorded: RecordedWorld, rows: Definitions, seed: int
) -> None:
    facts, referee = stage(recorded, rows, room_in_vault=seed % 5)
    owned, choose = referee.belongings(), random.Random(seed)
    here = World(referee.profile(), facts)
    ends: Counter[str] = Counter()
    for number in range(_WISHES):
        wish = any_wish(here, choose)
        if seed % 2 and wish.target != VAULT_STORE:  # crowd one character, so that room has to be made
            wish = wish._replace(target=list(here.characters)[number // 100 % len(here.characters)])
        try:
            for step in plan(here, wish):
                referee.carry_out(step)
                ends["steps"] += 1
        except CannotMove as reason:
            ends[reason.obstacle] += 1
        if number % 25 == 24:
            assert whereabouts(World(referee.profile(), facts)) == whereabouts(here)
            assert referee.belongings() == owned
    assert ends["steps"] > _WISHES / 2
