"""Actions over the wire: what they change shows in the next profile, and refusals carry Bungie's codes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from app.sandbox import SandboxServer, demo_world
from tests.unit.sandbox.visitor import (
    CROSSROADS_ID,
    DEMO_ID,
    OPTIONS,
    TIMEOUT_S,
    Clock,
    Visitor,
    all_items,
    belongings,
    serve,
)

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
HELMETS = 3448274439
KINETIC, VAULT, POSTMASTER, QUESTS, SUBCLASSES = 1498876634, 138197802, 215593132, 1345459588, 3284755031
NO_PLUG, A_WARLOCKS_CHEST = 2166136261, 3475188156


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with serve(demo_world()) as running:
        yield running


@pytest.fixture
def visitor(server: SandboxServer) -> Visitor:
    made = Visitor(server)
    made.sign_in()
    return made


def carried(visitor: Visitor, bucket: int, character_id: str = TITAN) -> list[dict[str, Any]]:
    items = visitor.profile("201")["characterInventories"]["data"][character_id]["items"]
    return [item for item in items if item["bucketHash"] == bucket]


def found(visitor: Visitor, item_id: str) -> dict[str, Any]:
    return next(item for item in all_items(visitor.profile()) if item.get("itemInstanceId") == item_id)


def test_a_transfer_shows_in_the_next_profile(visitor: Visitor) -> None:
    item = carried(visitor, KINETIC)[0]
    assert visitor.transfer(item, TITAN, to_vault=True) == 1
    assert found(visitor, item["itemInstanceId"])["bucketHash"] == VAULT
    assert visitor.transfer(item, HUNTER, to_vault=False) == 1
    assert item["itemInstanceId"] in [each["itemInstanceId"] for each in carried(visitor, KINETIC, HUNTER)]


def test_a_refused_transfer_is_an_http_500_with_an_envelope_without_response(visitor: Visitor) -> None:
    body = {"itemReferenceHash": 1, "itemId": "5", "stackSize": 1, "transferToVault": True}
    answer = visitor.post("TransferItem", body | {"characterId": TITAN, "membershipType": 3})
    assert (answer.status_code, answer.json()["ErrorStatus"]) == (500, "DestinyItemNotFound")
    assert "Response" not in answer.json()


def test_leaving_transfer_to_vault_out_means_from_the_vault(visitor: Visitor) -> None:
    item = carried(visitor, KINETIC)[0]
    code = visitor.act(
        "TransferItem", TITAN, itemReferenceHash=item["itemHash"], itemId=item["itemInstanceId"], stackSize=1
    )
    assert code == 1623


def test_the_postmaster_gives_back(visitor: Visitor) -> None:
    lost = next(
        item for item in carried(visitor, POSTMASTER) if "itemInstanceId" in item and item["transferStatus"] == 0
    )
    body = {"itemReferenceHash": lost["itemHash"], "itemId": lost["itemInstanceId"], "stackSize": 1}
    assert visitor.act("PullFromPostmaster", TITAN, **body) == 1
    assert found(visitor, lost["itemInstanceId"])["bucketHash"] != POSTMASTER


def test_equipping_many_tells_of_each_and_passes_over_what_is_not_there(visitor: Visitor) -> None:
    good, lost = carried(visitor, KINETIC)[0], carried(visitor, POSTMASTER)[5]
    wrong_class = carried(visitor, SUBCLASSES, HUNTER)[0]
    ids = [good["itemInstanceId"], lost["itemInstanceId"], wrong_class["itemInstanceId"], "1"]
    answer = visitor.post("EquipItems", {"itemIds": ids, "characterId": TITAN, "membershipType": 3})
    assert answer.status_code == 200
    results = answer.json()["Response"]["equipResults"]
    assert results == [{"itemInstanceId": good["itemInstanceId"], "equipStatus": 1}]


def test_equipping_many_tells_the_code_of_each_refusal(visitor: Visitor) -> None:
    vault = visitor.profile("102")["profileInventory"]["data"]["items"]
    robe = next(item for item in vault if item["itemHash"] == A_WARLOCKS_CHEST)
    assert visitor.transfer(robe, TITAN, to_vault=False) == 1
    ids = [robe["itemInstanceId"], carried(visitor, KINETIC)[0]["itemInstanceId"]]
    answer = visitor.post("EquipItems", {"itemIds": ids, "characterId": TITAN, "membershipType": 3})
    assert [each["equipStatus"] for each in answer.json()["Response"]["equipResults"]] == [1640, 1]


def test_a_lock_can_be_set_and_taken_off_wherever_the_item_is(visitor: Visitor) -> None:
    items = all_items(visitor.profile())
    stored = next(i for i in items if i["bucketHash"] == VAULT and i["lockable"] and not i["state"] & 1)
    for state in (True, False):
        assert visitor.act("SetLockState", TITAN, itemId=stored["itemInstanceId"], state=state) == 1
        assert bool(found(visitor, stored["itemInstanceId"])["state"] & 1) is state


def test_what_has_no_lock_is_not_locked(visitor: Visitor) -> None:
    engram = carried(visitor, 375726501)[0]
    assert visitor.act("SetLockState", TITAN, itemId=engram["itemInstanceId"], state=True) == 1663


def test_a_quest_can_be_tracked(visitor: Visitor) -> None:
    quest = next(item for item in carried(visitor, QUESTS) if "itemInstanceId" in item and not item["state"] & 2)
    assert visitor.act("SetTrackedState", TITAN, itemId=quest["itemInstanceId"], state=True) == 1
    assert found(visitor, quest["itemInstanceId"])["state"] & 2


def test_a_free_plug_goes_into_its_socket_and_nowhere_else(visitor: Visitor) -> None:
    item_id = carried(visitor, KINETIC)[0]["itemInstanceId"]
    profile = visitor.profile("305,310")["itemComponents"]
    options = profile["reusablePlugs"]["data"][item_id]["plugs"]
    index, offered = next(iter(options.items()))
    now = profile["sockets"]["data"][item_id]["sockets"][int(index)]["plugHash"]
    other = next(plug["plugItemHash"] for plug in offered if plug["plugItemHash"] != now)

    def insert(socket: int, plug: int) -> int:
        body = {"socketIndex": socket, "socketArrayType": 0, "plugItemHash": plug}
        return visitor.act("InsertSocketPlugFree", TITAN, itemId=item_id, plug=body)

    assert insert(int(index), other) == 1
    sockets = visitor.profile("305")["itemComponents"]["sockets"]["data"][item_id]["sockets"]
    assert sockets[int(index)]["plugHash"] == other
    assert [insert(int(index), other), insert(int(index), 5), insert(99, other)] == [1679, 1680, 1677]


def test_a_plug_that_needs_more_energy_than_is_left_does_not_go_in(visitor: Visitor, server: SandboxServer) -> None:
    player = server.app.state.players[DEMO_ID]
    helmet = next(item["itemInstanceId"] for item in player.worn(TITAN) if item["bucketHash"] == HELMETS)
    row, sockets = player.instance_data("instances", helmet), player.instance_data("sockets", helmet)
    assert row
    assert sockets
    (owned,) = visitor.profile("305")["profilePlugSets"]["data"]["plugs"].values()
    others = (each["plugItemHash"] for each in owned if each["plugItemHash"] != sockets["sockets"][4]["plugHash"])
    one, two, *_ = others

    def insert(plug: int) -> int:
        body = {"socketIndex": 4, "socketArrayType": 0, "plugItemHash": plug}
        return visitor.act("InsertSocketPlugFree", TITAN, itemId=helmet, plug=body)

    assert insert(one) == 1
    used = visitor.profile("300")["itemComponents"]["instances"]["data"][helmet]["energy"]["energyUsed"]
    row["energy"]["energyCapacity"] = used - 1
    assert insert(two) == 1676
    assert player.instance_data("sockets", helmet)["sockets"][4]["plugHash"] == one  # type: ignore[index]


def test_somebody_elses_items_and_characters_are_out_of_reach(visitor: Visitor, server: SandboxServer) -> None:
    item = carried(visitor, KINETIC)[0]
    thief = Visitor(server)
    thief.sign_in(CROSSROADS_ID, 2)
    assert thief.transfer(item, TITAN, to_vault=True) == 1620
    assert thief.act("SetLockState", "2305843009000000201", itemId=item["itemInstanceId"], state=True) == 1623


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"membershipType": 2}, 18),
        ({"stackSize": 0}, 18),
        ({"characterId": "9"}, 1620),
        ({"itemReferenceHash": "frog"}, 7),
        ({"itemId": None}, 1623),
    ],
)
def test_bodies_that_make_no_sense_are_refused(visitor: Visitor, change: dict[str, object], code: int) -> None:
    item = carried(visitor, KINETIC)[0]
    body = {"itemReferenceHash": item["itemHash"], "itemId": item["itemInstanceId"], "stackSize": 1}
    body |= {"transferToVault": True, "characterId": TITAN, "membershipType": 3} | change
    assert visitor.post("TransferItem", body).json()["ErrorCode"] == code


def test_an_action_repeated_too_soon_is_throttled() -> None:
    clock = Clock()
    with serve(demo_world(), replace(OPTIONS, action_spacing_s=0.1), clock) as server:
        visitor = Visitor(server)
        visitor.sign_in()
        item = carried(visitor, KINETIC)[0]
        assert visitor.transfer(item, TITAN, to_vault=True) == 1
        assert visitor.transfer(item, TITAN, to_vault=False) == 36
        assert visitor.act("SetLockState", TITAN, itemId=item["itemInstanceId"], state=True) == 1
        clock.now_s += 0.2
        assert visitor.transfer(item, TITAN, to_vault=False) == 1


def test_two_sandboxes_of_one_world_do_not_share_what_they_change() -> None:
    world = demo_world()
    with serve(world) as first, serve(world) as second:
        mover, watcher = Visitor(first), Visitor(second)
        mover.sign_in()
        watcher.sign_in()
        item = carried(mover, KINETIC)[0]
        mover.transfer(item, TITAN, to_vault=True)
        assert found(watcher, item["itemInstanceId"])["bucketHash"] == KINETIC


def test_moves_from_many_threads_lose_nothing(visitor: Visitor) -> None:
    before = belongings(visitor.profile())
    items = [item for item in carried(visitor, KINETIC) if item["transferStatus"] == 0]
    codes: list[int] = []

    def shuttle(item: dict[str, Any]) -> None:
        for turn in range(6):
            codes.append(visitor.transfer(item, TITAN, to_vault=turn % 2 == 0))

    threads = [threading.Thread(target=shuttle, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert codes == [1] * (6 * len(items))
    assert belongings(visitor.profile()) == before


def loadout(visitor: Visitor, index: int) -> dict[str, Any]:
    found = visitor.profile("206")["characterLoadouts"]["data"][TITAN]["loadouts"][index]
    return dict(found)


def worn_ids(visitor: Visitor) -> set[str]:
    return {item["itemInstanceId"] for item in visitor.profile("205")["characterEquipment"]["data"][TITAN]["items"]}


def on_loadout(visitor: Visitor, action: str, index: int, **more: int) -> int:
    url = f"{visitor.url}/Platform/Destiny2/Actions/Loadouts/{action}/"
    body = {"loadoutIndex": index, "characterId": TITAN, "membershipType": 3} | more
    return int(requests.post(url, json=body, headers=visitor.headers, timeout=TIMEOUT_S).json()["ErrorCode"])


def test_a_loadout_remembers_what_was_worn_and_brings_it_back_from_the_vault(visitor: Visitor) -> None:
    assert on_loadout(visitor, "SnapshotLoadout", 3, nameHash=7) == 1
    before = worn_ids(visitor)
    kinetic = next(
        i for i in all_items(visitor.profile()) if i["bucketHash"] == KINETIC and i["itemInstanceId"] in before
    )
    other = next(item for item in carried(visitor, KINETIC) if item["itemInstanceId"] not in before)
    assert visitor.act("EquipItem", TITAN, itemId=other["itemInstanceId"]) == 1
    assert visitor.transfer(kinetic, TITAN, to_vault=True) == 1
    assert worn_ids(visitor) != before
    assert on_loadout(visitor, "EquipLoadout", 3) == 1
    assert worn_ids(visitor) == before
    assert loadout(visitor, 3)["nameHash"] == 7
    assert len(loadout(visitor, 3)["items"][0]["plugItemHashes"]) > 1


def test_loadouts_are_renamed_and_cleared(visitor: Visitor) -> None:
    assert on_loadout(visitor, "UpdateLoadoutIdentifiers", 0, iconHash=5) == 1
    assert (loadout(visitor, 0)["iconHash"], len(loadout(visitor, 0)["items"])) == (5, 8)
    assert on_loadout(visitor, "ClearLoadout", 0) == 1
    assert loadout(visitor, 0) == {"colorHash": NO_PLUG, "iconHash": NO_PLUG, "nameHash": NO_PLUG, "items": []}


def test_loadouts_that_cannot_be_worn_are_refused(visitor: Visitor) -> None:
    assert on_loadout(visitor, "EquipLoadout", 5) == 1623
    assert on_loadout(visitor, "EquipLoadout", 99) == 18
    visitor.server.app.state.faults.set(in_activity=True)
    assert on_loadout(visitor, "EquipLoadout", 0) == 1671


def test_a_shader_of_the_players_collection_fits_armor_too(visitor: Visitor) -> None:
    helmet = carried(visitor, 3448274439)[0]["itemInstanceId"]
    profile = visitor.profile("305")
    sockets = profile["itemComponents"]["sockets"]["data"][helmet]["sockets"]
    (owned,) = profile["profilePlugSets"]["data"]["plugs"].values()
    shader = next(each["plugItemHash"] for each in owned if each["plugItemHash"] != sockets[4]["plugHash"])
    plug = {"socketIndex": 4, "socketArrayType": 0, "plugItemHash": shader}
    assert visitor.act("InsertSocketPlugFree", TITAN, itemId=helmet, plug=plug) == 1
    assert visitor.act("InsertSocketPlugFree", TITAN, itemId=helmet, plug=plug | {"socketIndex": 0}) == 1680
