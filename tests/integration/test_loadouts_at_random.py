"""Loadouts of any pieces, put on any character one after another: no item is lost, doubled or told wrongly."""

from __future__ import annotations

import os
import random
import secrets

import pytest

from app.inventory.loadouts.model import Build, Piece, Plug
from app.inventory.power import SLOTS
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.services.sessions import Viewer
from app.wiring import Services
from tests.browser.journey import listed_by_bungie
from tests.integration.loadout_support import belongings
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")

_RUNS = 60 if os.environ.get("MOVE_PROOFS") == "full" else 5
_MOST_PIECES = 8
# What the game may say to a loadout that makes no sense: it is told, and nothing else goes wrong.
_ENDS = {"done", "partly", "failed"}


def piece(player: Player, dice: random.Random, item_hash: int, item_id: str) -> Piece:
    """Worn or carried, as it is or with other plugs, by its number or as any copy."""
    offered = (player.instance_data("reusablePlugs", item_id) or {}).get("plugs", {})
    chosen = dice.sample(sorted(offered), min(len(offered), dice.randint(0, 2)))
    plugs = tuple(Plug(int(index), dice.choice(offered[index])["plugItemHash"]) for index in chosen)
    return Piece(item_hash, dice.choice((item_id, item_id, "")), dice.random() < 0.7, plugs)


def a_build(player: Player, sandbox: SandboxServer, dice: random.Random) -> Build:
    facts = sandbox.app.state.definitions.item
    gear = [
        (each["itemHash"], each["itemInstanceId"])
        for place in player.places()
        for each in place.items
        if "itemInstanceId" in each and (known := facts(each["itemHash"])) and known.bucket_hash in SLOTS
    ]
    count = dice.randint(1, _MOST_PIECES)
    return Build("At random", pieces=tuple(piece(player, dice, *each) for each in dice.sample(gear, count)))


@pytest.mark.parametrize("seed", [1])
def test_random_loadouts_lose_and_double_nothing(
    live_server: str, services: Services, sandbox: SandboxServer, seed: int
) -> None:
    dice, player = random.Random(seed), next(iter(sandbox.app.state.players.values()))
    visitor = Visitor(live_server)
    visitor.sign_in(player.membership_id)
    viewer = Viewer(1, 1, "player", "", 1, player.membership_id, player.membership_type)
    owned, moved = belongings(player), 0
    for _ in range(_RUNS):
        build, target = a_build(player, sandbox, dice), dice.choice(player.character_ids)
        applied = services.loadouts.apply(viewer, secrets.token_hex(8), build, target, "en")
        assert applied
        while services.moves.go_on(1) is not None:
            pass
        assert belongings(player) == owned
        if applied.batch:
            found = services.moves.find(viewer, applied.batch.public_id)
            assert found
            assert found.state in _ENDS
            moved += sum(bool(order.steps) for order in found.orders)
        for character_id in player.character_ids:  # one thing is worn in every slot, never none or two
            slots = [item["bucketHash"] for item in player.worn(character_id)]
            assert len(slots) == len(set(slots))
    assert moved > _RUNS
    assert visitor.everything() == listed_by_bungie(sandbox, player.membership_id)
    visitor.session.close()
