"""What one character is to wear is asked for with one request; every piece has its own row and its own end."""

from __future__ import annotations

import pytest

from app.inventory.moves.plan import VAULT_STORE, Wish
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import VAULT, Player
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.wiring import Services
from tests.integration.loadout_support import ENERGY, HELMET, KINETIC, TITAN, belongings, carried, worn
from tests.integration.move_shapes import AtStep, carried_out

pytestmark = pytest.mark.usefixtures("definitions", "bungie_ahead")

WEARS = ("equip", "equip_many")


@pytest.fixture
def pieces(player: Player) -> list[Json]:
    """One for each of three slots, none of them exotic."""
    return [carried(player, bucket)[0] for bucket in (KINETIC, ENERGY, HELMET)]


def to_wear(item: Json, source: str = TITAN) -> MoveRequest:
    return MoveRequest(Wish(item["itemHash"], item["itemInstanceId"], source, TITAN, equip=True))


def carry_out(services: Services, viewer: Viewer, requests: list[MoveRequest]) -> BatchReport:
    return carried_out(services, viewer, services.moves.order(viewer, "all-at-once", requests))


def asked(sandbox: SandboxServer) -> dict[str, int]:
    return {name: sandbox.app.state.requests.counts[name] for name in (*WEARS, "transfer")}


def on(player: Player) -> set[str]:
    return {item["itemInstanceId"] for item in player.worn(TITAN) if "itemInstanceId" in item}


def ids(items: list[Json]) -> set[str]:
    return {item["itemInstanceId"] for item in items}


def test_one_request_wears_every_piece_and_each_has_its_own_row(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    report = carry_out(services, viewer, [to_wear(item) for item in pieces])
    assert asked(sandbox) == {"equip": 0, "equip_many": 1, "transfer": 0}
    assert [[(step.kind, step.state) for step in order.steps] for order in report.orders] == [[("equip", "done")]] * 3
    assert report.state == "done"
    assert ids(pieces) <= on(player)
    assert report.is_undoable


def test_what_lies_in_the_vault_is_fetched_first_and_then_worn_with_the_rest(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    player.carried(TITAN).remove(pieces[1])
    player.account_items().append(pieces[1] | {"bucketHash": VAULT})
    services.profiles.renew(1, player.membership_type, player.membership_id)
    requests = [to_wear(pieces[0]), to_wear(pieces[1], VAULT_STORE), to_wear(pieces[2])]
    assert carry_out(services, viewer, requests).state == "done"
    assert asked(sandbox) == {"equip": 0, "equip_many": 1, "transfer": 1}
    assert ids(pieces) <= on(player)


def test_one_piece_alone_is_asked_for_by_itself(
    services: Services, viewer: Viewer, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    assert carry_out(services, viewer, [to_wear(pieces[0])]).state == "done"
    assert asked(sandbox) == {"equip": 1, "equip_many": 0, "transfer": 0}


def test_of_two_for_one_slot_the_later_one_is_worn_in_the_end(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer
) -> None:
    one, two = carried(player, KINETIC)[:2]
    assert carry_out(services, viewer, [to_wear(one), to_wear(two)]).state == "done"
    assert worn(player, KINETIC)["itemInstanceId"] == two["itemInstanceId"]
    assert asked(sandbox)["equip_many"] == 2


def test_what_was_put_away_in_the_game_meanwhile_is_fetched_and_worn_all_the_same(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    services.profiles.renew(1, player.membership_type, player.membership_id)
    player.carried(TITAN).remove(pieces[1])
    player.account_items().append(pieces[1] | {"bucketHash": VAULT})
    report = carry_out(services, viewer, [to_wear(item) for item in pieces])
    assert report.state == "done", report
    assert asked(sandbox) == {"equip": 1, "equip_many": 1, "transfer": 1}
    assert ids(pieces) <= on(player)


def test_a_piece_that_is_gone_is_told_by_itself_and_the_others_are_worn(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    services.profiles.renew(1, player.membership_type, player.membership_id)
    player.carried(TITAN).remove(pieces[1])
    report = carry_out(services, viewer, [to_wear(item) for item in pieces])
    assert (report.state, [order.state for order in report.orders]) == ("partly", ["done", "refused", "done"])
    assert report.orders[1].obstacle == "gone"
    assert asked(sandbox)["equip_many"] == 1
    assert ids([pieces[0], pieces[2]]) <= on(player)


@pytest.mark.parametrize(("loss", "times"), [("reset", 0), ("reset_after", 1), ("status_502_html", 0)])
def test_after_a_lost_answer_somebody_looks_and_only_what_was_not_done_is_asked_for_again(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json],
    loss: str, times: int,
) -> None:  # fmt: skip
    owned = belongings(player)
    sandbox.app.state.faults.set(**{loss: AtStep(path="*/EquipItems/")})
    report = carry_out(services, viewer, [to_wear(item) for item in pieces])
    assert report.state == "done", report
    assert ids(pieces) <= on(player)
    assert asked(sandbox)["equip"] == (0 if times else len(pieces))
    assert belongings(player) == owned


def test_a_request_that_came_too_soon_is_made_once_more(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    sandbox.app.state.faults.set(refuse=AtStep(path="*/EquipItems/"), refuse_code=36)
    assert carry_out(services, viewer, [to_wear(item) for item in pieces]).state == "done"
    assert asked(sandbox)["equip"] == 0
    assert ids(pieces) <= on(player)


def test_a_code_that_leaves_it_open_is_looked_into(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    sandbox.app.state.faults.set(refuse_after=AtStep(path="*/EquipItems/"), refuse_code=1618)
    assert carry_out(services, viewer, [to_wear(item) for item in pieces]).state == "done"
    assert asked(sandbox) == {"equip": 0, "equip_many": 1, "transfer": 0}
    assert ids(pieces) <= on(player)


def test_after_an_open_answer_nothing_is_asked_again_on_a_profile_from_before_it(
    services: Services, viewer: Viewer, player: Player, sandbox: SandboxServer, pieces: list[Json]
) -> None:
    services.profiles.renew(1, player.membership_type, player.membership_id)
    faults = {"refuse_after": AtStep(path="*/EquipItems/"), "refuse_code": 1618, "stale_reads_s": 1.5}
    sandbox.app.state.faults.set(**faults)
    services.profiles.renew(1, player.membership_type, player.membership_id)  # what stale reads go on telling
    report = carry_out(services, viewer, [to_wear(item) for item in pieces])
    assert asked(sandbox) == {"equip": 0, "equip_many": 1, "transfer": 0}
    assert [[(step.kind, step.state) for step in order.steps] for order in report.orders] == [[("equip", "done")]] * 3
    assert ids(pieces) <= on(player)
