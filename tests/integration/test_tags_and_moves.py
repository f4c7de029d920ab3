"""What a player has tagged as dear, or moved a moment ago, stays where it is while something else can make room."""

from __future__ import annotations

import pytest

from app.inventory.moves.plan import VAULT_STORE, Because, StepKind, Wish
from app.sandbox import SandboxServer
from app.services.moves.service import MoveRequest
from app.wiring import Services
from tests.integration.move_shapes import HUNTER, request_of, the_viewer
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")


def making_room(services: Services, request: MoveRequest, sandbox: SandboxServer) -> list[str]:
    """What would be sent away first."""
    player = next(iter(sandbox.app.state.players.values()))
    steps = services.moves.preview(the_viewer(player), request.wish).steps
    return [each.instance_id for each in steps if each.kind is StepKind.STORE and each.because is Because.ROOM]


@pytest.mark.parametrize("tag", ["keep", "favorite"])
def test_what_is_tagged_as_dear_makes_room_last(
    live_server: str, services: Services, sandbox: SandboxServer, tag: str
) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    Visitor(live_server).sign_in(player.membership_id)
    request = request_of("into a full place", player, services)
    (before,) = making_room(services, request, sandbox)
    services.annotations.tag_many(the_viewer(player), [before], tag)
    (after,) = making_room(services, request, sandbox)
    assert after != before
    services.annotations.tag_many(the_viewer(player), [after], "archive")
    assert making_room(services, request, sandbox) == [after]


def test_what_the_player_moved_a_moment_ago_makes_room_after_the_rest(
    live_server: str, services: Services, sandbox: SandboxServer
) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    Visitor(live_server).sign_in(player.membership_id)
    request = request_of("into a full place", player, services)
    (before,) = making_room(services, request, sandbox)
    found = player.find(before)
    assert found
    there_and_back = [
        Wish(found[1]["itemHash"], before, HUNTER, VAULT_STORE),
        Wish(found[1]["itemHash"], before, VAULT_STORE, HUNTER),
    ]
    for wish in there_and_back:
        report = services.moves.order(the_viewer(player), wish.target, [MoveRequest(wish)])
        assert report.state == "done"
    (after,) = making_room(services, request, sandbox)
    assert after != before
    services.moves.order(the_viewer(player), "the move itself", [request])
    assert services.moves._journal.moved_at(1).keys() == {before, request.wish.instance_id}
