"""Every answer of the sandbox fits Bungie's own specification, for the demo world and for a recorded one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import orjson
import pytest

from app.sandbox import SandboxServer, World, demo_world, load_world
from tests.shared import requires_shared, shared_dir
from tests.unit.sandbox.spec import complaints, schema_names, schema_validator, validator
from tests.unit.sandbox.visitor import EVERYTHING, Visitor, all_items, serve

pytestmark = requires_shared
ACCOUNT = "/Destiny2/{membershipType}/Profile/{destinyMembershipId}/"
CHARACTER = ACCOUNT + "Character/{characterId}/"
PLAIN = (
    "/Settings/",
    "/GlobalAlerts/",
    "/GetAvailableLocales/",
    "/Destiny2/Manifest/",
    "/User/GetMembershipsForCurrentUser/",
)
BANSHEE = 672118013


@cache
def recorded() -> World:
    return load_world(shared_dir() / "worlds" / "june-2026")


@pytest.fixture(scope="module", params=["demo", "june-2026"])
def server(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    with serve(demo_world() if request.param == "demo" else recorded()) as running:
        yield running


@pytest.fixture(scope="module")
def visitors(server: SandboxServer) -> list[Visitor]:
    """One visitor per account, signed in as its owner."""
    made = []
    for membership_id, player in server.app.state.players.items():
        visitor = Visitor(server)
        visitor.sign_in(membership_id, player.membership_type)
        made.append(visitor)
    return made


def assert_fits(visitor: Visitor, documented: str, path: str) -> None:
    answer = visitor.get(path).json()
    assert answer["ErrorCode"] == 1, (path, answer["ErrorStatus"])
    assert complaints(validator(documented), answer) == [], path


@pytest.mark.parametrize("path", PLAIN)
def test_plain_answers_fit(visitors: list[Visitor], path: str) -> None:
    visitors[0].server.app.state.faults.set(alert="hello")
    assert_fits(visitors[0], path, path)


def test_profiles_and_linked_profiles_fit(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        base = f"/Destiny2/{visitor.type}/Profile/{visitor.id}/"
        assert_fits(visitor, ACCOUNT, f"{base}?components={EVERYTHING}")
        linked = "/Destiny2/{membershipType}/Profile/{membershipId}/LinkedProfiles/"
        assert_fits(visitor, linked, f"{base}LinkedProfiles/?getAllMemberships=true")


def test_characters_and_vendors_fit(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        for character_id in visitor.server.app.state.players[visitor.id].character_ids[:1]:
            base = f"/Destiny2/{visitor.type}/Profile/{visitor.id}/Character/{character_id}/"
            assert_fits(visitor, CHARACTER, f"{base}?components={EVERYTHING}")
            assert_fits(visitor, CHARACTER + "Vendors/", f"{base}Vendors/?components=400,401,402,600")
            if visitor.server.app.state.players[visitor.id].vendors:
                single = f"{base}Vendors/{BANSHEE}/?components=300,304,305,310,400,401,402,600"
                assert_fits(visitor, CHARACTER + "Vendors/{vendorHash}/", single)


def test_items_fit(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        items = [item for item in all_items(visitor.profile()) if "itemInstanceId" in item]
        for item in items[::60]:
            path = f"/Destiny2/{visitor.type}/Profile/{visitor.id}/Item/{item['itemInstanceId']}/"
            assert_fits(
                visitor, ACCOUNT + "Item/{itemInstanceId}/", f"{path}?components=300,301,302,304,305,307,309,310"
            )


def test_actions_fit(visitors: list[Visitor]) -> None:
    visitor = visitors[0]
    player = visitor.server.app.state.players[visitor.id]
    character_id = player.character_ids[0]
    item = next(item for item in player.carried(character_id) if item["bucketHash"] == 1498876634)
    ids = {"characterId": character_id, "membershipType": visitor.type}
    moved = {"itemReferenceHash": item["itemHash"], "itemId": item["itemInstanceId"], "stackSize": 1}
    for action, body in (
        ("TransferItem", moved | {"transferToVault": True}),
        ("TransferItem", moved | {"transferToVault": False}),
        ("SetLockState", {"itemId": item["itemInstanceId"], "state": True}),
        ("EquipItems", {"itemIds": [item["itemInstanceId"]]}),
    ):
        answer = visitor.post(action, body | ids).json()
        assert answer["ErrorCode"] == 1, (action, answer["ErrorStatus"])
        assert complaints(validator(f"/Destiny2/Actions/Items/{action}/", "post"), answer) == [], action


def test_a_plug_change_fits() -> None:
    with serve(demo_world()) as server:
        visitor = Visitor(server)
        visitor.sign_in()
        chosen = visitor.profile("310")["itemComponents"]["reusablePlugs"]["data"]
        item_id, row = next(iter(chosen.items()))
        index, plugs = next(iter(row["plugs"].items()))
        plug = {"socketIndex": int(index), "socketArrayType": 0, "plugItemHash": plugs[-1]["plugItemHash"]}
        body = {"itemId": item_id, "plug": plug, "characterId": "2305843009000000100", "membershipType": 3}
        answer = visitor.post("InsertSocketPlugFree", body).json()
    assert answer["ErrorCode"] == 1
    path = "/Destiny2/Actions/Items/InsertSocketPlugFree/"
    assert complaints(validator(path, "post"), answer) == []


def test_the_demos_definitions_fit_their_schemas() -> None:
    manifest = demo_world().manifest
    for table, path in manifest.index["jsonWorldComponentContentPaths"]["en"].items():
        check = schema_validator(schema_names()[table])
        for row in orjson.loads(manifest.find(path).body).values():
            assert complaints(check, row, 3) == [], (table, row["hash"])


def test_the_recorded_world_is_answered_as_recorded() -> None:
    world = recorded()
    with serve(world) as server:
        for account in world.accounts:
            visitor = Visitor(server)
            visitor.sign_in(account.membership_id, server.app.state.players[account.membership_id].membership_type)
            answer = visitor.profile(EVERYTHING)
            kept = {name: value for name, value in account.profile.items() if not name.endswith("MintedTimestamp")}
            assert {name: answer[name] for name in kept} == kept
            assert all_items(answer)
