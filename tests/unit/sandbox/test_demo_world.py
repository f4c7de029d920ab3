"""The demo world holds what pages and rules have to cope with."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from xml.dom import minidom

import orjson
import pytest

from app.sandbox import demo_world
from app.sandbox.definitions import Definitions
from app.sandbox.demo.blocks import is_equippable
from app.sandbox.demo.catalogue import CLASSIFIED, UNKNOWN, catalogue
from app.sandbox.demo.tables import document, table
from app.sandbox.drawing import draw
from app.sandbox.player import POSTMASTER, VAULT, Player
from tests.unit.sandbox.visitor import all_items

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TITAN = "2305843009000000100"


@pytest.fixture(scope="module")
def profile() -> dict[str, Any]:
    return demo_world(NOW).accounts[0].profile


@pytest.fixture(scope="module")
def items(profile: dict[str, Any]) -> list[dict[str, Any]]:
    return all_items(profile)


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    """The English item definitions by hash."""
    manifest = demo_world(NOW).manifest
    path = manifest.index["jsonWorldComponentContentPaths"]["en"]["DestinyInventoryItemDefinition"]
    return orjson.loads(manifest.find(path).body)


def test_the_same_moment_gives_the_same_world() -> None:
    first, second = demo_world(NOW), demo_world(NOW)
    assert first.accounts == second.accounts
    assert first.manifest == second.manifest


def test_there_are_three_hundred_items_in_every_bucket_that_a_player_has(items: list[dict[str, Any]]) -> None:
    assert len(items) >= 300
    held = {item["bucketHash"] for item in items}
    currencies = {2689798308, 2689798310, 2689798311, 130233231}
    empty = {3161908920, 1367666825, 2422292810}  # messages, special orders, the dummy bucket of plugs
    assert {int(row["hash"]) for row in table("buckets")} - currencies - empty == held


def test_no_instance_is_there_twice(items: list[dict[str, Any]]) -> None:
    ids = Counter(item["itemInstanceId"] for item in items if "itemInstanceId" in item)
    assert max(ids.values()) == 1


def test_the_vault_is_nearly_and_the_postmaster_quite_full(profile: dict[str, Any]) -> None:
    vaulted = [item for item in profile["profileInventory"]["data"]["items"] if item["bucketHash"] == VAULT]
    lost = [
        item for item in profile["characterInventories"]["data"][TITAN]["items"] if item["bucketHash"] == POSTMASTER
    ]
    assert (len(vaulted), len(lost)) == (205, 21)


def test_no_bucket_holds_more_than_its_definition_allows(profile: dict[str, Any]) -> None:
    capacity = {int(row["hash"]): int(row["count"]) for row in table("buckets")}
    piles = [profile["profileInventory"]["data"]["items"]]
    for character_id, held in profile["characterInventories"]["data"].items():
        piles.append(held["items"] + profile["characterEquipment"]["data"][character_id]["items"])
    for pile in piles:
        for bucket, count in Counter(item["bucketHash"] for item in pile).items():
            assert count <= capacity[bucket], bucket


def test_every_character_wears_one_of_everything_and_one_exotic_of_a_group(profile: dict[str, Any]) -> None:
    for worn in profile["characterEquipment"]["data"].values():
        slots = Counter(item["bucketHash"] for item in worn["items"])
        assert len(slots) == len(worn["items"]) == 17
        models = [catalogue()[item["itemHash"]] for item in worn["items"]]
        assert sum(model.is_weapon and model.tier == "exotic" for model in models) == 1
        assert sum(model.is_armor and model.tier == "exotic" for model in models) == 1


def test_all_classes_elements_weapon_types_and_rarities_are_owned(
    items: list[dict[str, Any]], profile: dict[str, Any]
) -> None:
    models = [catalogue()[item["itemHash"]] for item in items if item["itemHash"] in catalogue()]
    weapons = {model.kind for model in models if model.is_weapon}
    assert weapons == {row["kind"] for row in table("kinds") if row["item_type"] == "3"}
    assert {model.element for model in models if model.is_weapon} >= {
        "kinetic",
        "arc",
        "solar",
        "void",
        "stasis",
        "strand",
    }
    assert {model.tier for model in models} >= {"common", "uncommon", "rare", "legendary", "exotic"}
    assert {row["classType"] for row in profile["characters"]["data"].values()} == {0, 1, 2}


def test_oddities_are_owned(items: list[dict[str, Any]], profile: dict[str, Any], rows: dict[str, Any]) -> None:
    hashes = {item["itemHash"] for item in items}
    assert set(UNKNOWN) <= hashes
    assert not set(map(str, UNKNOWN)) & set(rows)
    assert set(CLASSIFIED) <= hashes
    assert all(rows[str(each)]["redacted"] for each in CLASSIFIED)
    assert {row["hash"] for row in document("hostile")} <= hashes
    states = {bit for item in items for bit in (1, 2, 4, 8, 16) if item["state"] & bit}
    assert states == {1, 2, 4, 8, 16}
    tiers = {row.get("gearTier") for row in profile["itemComponents"]["instances"]["data"].values()}
    assert tiers == {None, 1, 2, 3, 4, 5}
    assert any("overrideStyleItemHash" in item for item in items)
    assert any("versionNumber" in item for item in items)


def test_bounties_run_out_soon_but_not_yet(items: list[dict[str, Any]]) -> None:
    ends = [datetime.fromisoformat(item["expirationDate"]) for item in items if "expirationDate" in item]
    assert len(ends) > 5
    assert all(2 <= (end - NOW).total_seconds() / 3600 <= 120 for end in ends)


def test_some_stackables_need_several_stacks(items: list[dict[str, Any]]) -> None:
    pocketed = Counter(item["itemHash"] for item in items if item["bucketHash"] == 1469714392)
    assert max(pocketed.values()) == 3
    for item in items:
        model = catalogue().get(item["itemHash"])
        assert model is None or 1 <= item["quantity"] <= model.max_stack


def test_hostile_names_are_hostile(rows: dict[str, Any]) -> None:
    names = [rows[str(row["hash"])]["displayProperties"]["name"] for row in document("hostile")]
    assert max(map(len, names)) == 10_000
    for fragment in ("<script>", '"><img', "\u202e", "\x00", "{{7*7}}", "=1+1", "'; DROP", "👾"):
        assert any(fragment in name for name in names), fragment
    assert any(
        row["displayProperties"]["icon"].startswith("javascript:")
        for row in rows.values()
        if "icon" in row["displayProperties"]
    )


def test_every_instance_that_should_has_its_components(
    items: list[dict[str, Any]], profile: dict[str, Any], rows: dict[str, Any]
) -> None:
    parts = {name: component["data"] for name, component in profile["itemComponents"].items()}
    for item in items:
        item_id = item.get("itemInstanceId")
        assert (item_id in parts["instances"]) is (item_id is not None)
        model = catalogue().get(item["itemHash"])
        if item_id and model and (model.is_weapon or model.is_armor):
            assert parts["stats"][item_id]["stats"]
            entries = rows[str(item["itemHash"])].get("sockets", {}).get("socketEntries")
            assert entries is None or len(entries) == len(parts["sockets"][item_id]["sockets"])


def test_every_plug_in_a_socket_is_defined(profile: dict[str, Any], rows: dict[str, Any]) -> None:
    sockets = profile["itemComponents"]["sockets"]["data"].values()
    plugs = {socket["plugHash"] for row in sockets for socket in row["sockets"] if "plugHash" in socket}
    assert plugs
    assert {str(plug) for plug in plugs} <= set(rows)


def test_light_is_the_mean_power_of_what_is_worn(profile: dict[str, Any]) -> None:
    instances = profile["itemComponents"]["instances"]["data"]
    for character_id, row in profile["characters"]["data"].items():
        worn = profile["characterEquipment"]["data"][character_id]["items"]
        powers = [p["value"] for item in worn if (p := instances[item["itemInstanceId"]].get("primaryStat"))]
        assert len(powers) == 8
        assert row["light"] == sum(powers) // 8


def test_equippable_is_told_alike_in_the_definition_and_in_the_model(rows: dict[str, Any]) -> None:
    for model in catalogue().values():
        if not model.is_classified:
            assert rows[str(model.hash)]["equippable"] is is_equippable(model)
            assert ("equippingBlock" in rows[str(model.hash)]) is is_equippable(model)


def test_every_picture_can_be_drawn() -> None:
    pictures = demo_world(NOW).pictures
    assert len(pictures) > 500
    for picture in pictures.values():
        root = minidom.parseString(draw(picture)).documentElement  # noqa: S318 - our own drawing
        assert root.getAttribute("width") == ("474" if picture.is_banner else "96")


def test_every_picture_that_any_table_or_profile_names_hangs_in_the_gallery() -> None:
    world = demo_world(NOW)
    named = set()
    for locale in ("en", "de"):
        raw = world.manifest.find(world.manifest.index["jsonWorldContentPaths"][locale]).body
        named |= {part.split(b'"')[0].decode() for part in raw.split(b'"/common/')[1:]}
    named = {"/common/" + path for path in named}
    for account in world.accounts:
        for row in account.profile["characters"]["data"].values():
            named |= {row["emblemPath"], row["emblemBackgroundPath"]}
    assert len(named) > 500
    assert named <= set(world.pictures)


def test_the_game_knows_where_unknown_items_belong() -> None:
    world = demo_world(NOW)
    definitions = Definitions(world.manifest, world.known_items)
    assert definitions.row("DestinyInventoryItemDefinition", next(iter(UNKNOWN))) is None
    assert definitions.item(next(iter(UNKNOWN))).bucket_hash == 1498876634
    definitions.close()


def test_three_players_are_one_of_each_kind() -> None:
    players = [Player(account) for account in demo_world(NOW).accounts]
    assert [len(player.character_ids) for player in players] == [3, 0, 1]
    assert [player.card["crossSaveOverride"] for player in players] == [0, 0, 2]
