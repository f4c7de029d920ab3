"""Undoing puts back everything that a move has changed: also what made room, and what came off on the way."""

from __future__ import annotations

import pytest

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import VAULT, Player
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.wiring import Services
from tests.integration.move_shapes import HUNTER, KINETIC, ONLY_LOOKS_FREE, SHAPES, TITAN, carried_out, request_of

pytestmark = pytest.mark.usefixtures("definitions", "bungie_ahead")

# Nothing goes back to the postmaster, what an in-game loadout does the game does not tell, and how full a vault is
# that only looks free nobody knows.
FOR_GOOD = {"postmaster to another character", "an in-game loadout", ONLY_LOOKS_FREE}
# Pieces of it lie in the vault and in the account's own bucket.
IN_BOTH = 353704689
Lie = dict[str, tuple[str, int, bool, int, str]]


def lie(player: Player) -> Lie:
    """Where every copy and stack is, whether it is worn, how many there are or how it is marked, and its plugs."""
    found: Lie = {}
    for place in player.places():
        for item in place.items:
            name = item.get("itemInstanceId", f"{item['itemHash']} {place.character_id} {item['bucketHash']}")
            known = found[name][3] if name in found and "itemInstanceId" not in item else 0
            marks = item["state"] if "itemInstanceId" in item else known + item["quantity"]
            plugs = (player.instance_data("sockets", name) or {}).get("sockets", [])
            found[name] = (place.character_id or "", item["bucketHash"], place.is_worn, marks, str(plugs))
    return found


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - FOR_GOOD))
def test_after_undoing_everything_is_where_it_was(
    shape: str, services: Services, viewer: Viewer, player: Player
) -> None:
    request = request_of(shape, player, services)
    before = lie(player)
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [request]))
    assert (done.state, done.is_undoable) == ("done", True)
    assert lie(player) != before
    undone = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    assert undone.state == "done"
    assert lie(player) == before


def test_what_made_room_for_many_comes_back_too(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer
) -> None:
    before = lie(player)
    requests = [to_titan(item) for item in stored(player, sandbox, KINETIC)[:8]]
    done = carried_out(services, viewer, services.moves.order(viewer, "there", requests))
    assert any(step.because == "room" for order in done.orders for step in order.steps)
    carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    assert lie(player) == before


def test_what_was_done_of_a_move_that_broke_off_can_be_undone(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer
) -> None:
    request, before = request_of("worn, to another character", player, services), lie(player)
    sandbox.app.state.faults.set(refuse={"path": "*/Items/TransferItem/"}, refuse_code=1660)
    broken = carried_out(services, viewer, services.moves.order(viewer, "there", [request]))
    sandbox.app.state.faults.clear()
    assert (broken.state, broken.is_undoable) == ("failed", True)
    assert lie(player) != before
    carried_out(services, viewer, services.moves.undo(viewer, broken.public_id, "and-back"))
    assert lie(player) == before


@pytest.mark.parametrize(("source", "target"), [(ACCOUNT_STORE, VAULT_STORE), (VAULT_STORE, ACCOUNT_STORE)])
def test_pieces_of_a_stack_go_back_to_where_they_came_from_wherever_else_it_lies(
    services: Services, viewer: Viewer, player: Player, source: str, target: str
) -> None:
    before = lie(player)
    wish = Wish(IN_BOTH, "", source, target, 3)
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [MoveRequest(wish)]))
    assert lie(player) != before
    undone = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    assert undone.state == "done"
    assert [(order.source, order.target) for order in undone.orders] == [(target, source)]
    assert lie(player) == before


def test_a_copy_goes_back_to_where_the_game_had_it_and_not_to_where_an_old_picture_did(
    services: Services, viewer: Viewer, player: Player
) -> None:
    item = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    player.carried(TITAN).remove(item)
    player.account_items().append(item | {"bucketHash": VAULT, "location": 2})
    before = lie(player)
    request = MoveRequest(Wish(item["itemHash"], item["itemInstanceId"], TITAN, HUNTER))
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [request]))
    assert done.state == "done"
    undone = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    assert undone.state == "done"
    assert lie(player) == before


def test_undone_twice_a_stack_keeps_its_other_pieces(services: Services, viewer: Viewer, player: Player) -> None:
    before = lie(player)
    wish = Wish(IN_BOTH, "", ACCOUNT_STORE, VAULT_STORE, 3)
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [MoveRequest(wish)]))
    undone = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    again = services.moves.undo(viewer, done.public_id, "and-once-more")
    assert again
    assert again.public_id == undone.public_id
    assert lie(player) == before


def test_an_undoing_that_came_to_nothing_can_be_asked_for_again(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer
) -> None:
    request, before = request_of("to the vault", player, services), lie(player)
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [request]))
    sandbox.app.state.faults.set(refuse={"path": "*/Items/TransferItem/", "times": 1}, refuse_code=1663)
    failed = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-back"))
    assert failed.state == "failed"
    undone = carried_out(services, viewer, services.moves.undo(viewer, done.public_id, "and-once-more"))
    assert undone.state == "done"
    assert lie(player) == before


@pytest.mark.parametrize("shape", ["postmaster to another character", "an in-game loadout"])
def test_what_cannot_go_back_is_not_offered_to(shape: str, services: Services, viewer: Viewer, player: Player) -> None:
    request = request_of(shape, player, services)
    done = carried_out(services, viewer, services.moves.order(viewer, "there", [request]))
    assert (done.state, done.is_undoable) == ("done", False)
    assert services.moves.undo(viewer, done.public_id, "and-back") is None


def stored(player: Player, sandbox: SandboxServer, bucket_hash: int) -> list[Json]:
    """Copies in the vault that belong into that bucket."""
    facts = sandbox.app.state.definitions.item
    copies = (item for item in player.account_items() if item["bucketHash"] == VAULT and "itemInstanceId" in item)
    return [item for item in copies if (known := facts(item["itemHash"])) and known.bucket_hash == bucket_hash]


def to_titan(item: Json) -> MoveRequest:
    return MoveRequest(Wish(item["itemHash"], item["itemInstanceId"], VAULT_STORE, TITAN))
