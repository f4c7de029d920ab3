"""What a player has tagged as dear stays where it is while something else can make room."""

from __future__ import annotations

import pytest

from app.inventory.moves.plan import Because, StepKind
from app.sandbox import SandboxServer
from app.services.moves.service import MoveRequest
from app.wiring import Services
from tests.integration.move_shapes import request_of, the_viewer
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
