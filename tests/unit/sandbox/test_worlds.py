"""Recorded worlds are read tolerantly, and what is missing is said."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from app.sandbox import create_sandbox, load_world
from app.sandbox.components import requested
from app.sandbox.definitions import Definitions, ItemFacts, learned_facts
from app.sandbox.envelope import BungieError, Json
from app.sandbox.faults import Faults, PathRule
from app.sandbox.manifest import MemoryManifest
from app.sandbox.player import Player

CARD: Json = {"membershipId": "77", "membershipType": 3, "displayName": "Seven"}


def record(root: Path, *, is_enveloped: bool, is_packed: bool, **profile: Json) -> Path:
    """A tiny world of one account without a manifest file."""
    account, manifest = root / "accounts" / "77", root / "manifest"
    account.mkdir(parents=True)
    manifest.mkdir()
    for folder, name, payload in (
        (account, "linked.json", {"profiles": [CARD]}),
        (account, "profile.json", profile),
        (manifest, "index.json", {"version": "1"}),
    ):
        body = orjson.dumps({"Response": payload, "ErrorCode": 1} if is_enveloped else payload)
        target = folder / (f"{name}.gz" if is_packed else name)
        target.write_bytes(gzip.compress(body) if is_packed else body)
    return root


@pytest.mark.parametrize("is_enveloped", [True, False])
@pytest.mark.parametrize("is_packed", [True, False])
def test_envelopes_and_packed_files_are_read_alike(tmp_path: Path, is_enveloped: bool, is_packed: bool) -> None:
    profile = {"profileInventory": {"data": {"items": []}}}
    world = load_world(record(tmp_path, is_enveloped=is_enveloped, is_packed=is_packed, **profile))
    assert world.accounts[0].profile == profile
    assert world.accounts[0].linked == {"profiles": [CARD]}
    assert world.manifest.index["version"] == "1"
    assert world.manifest.index["mobileWorldContentPaths"] == {}


def test_a_folder_that_misses_something_says_what(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no accounts"):
        load_world(tmp_path)
    record(tmp_path, is_enveloped=False, is_packed=False)
    (tmp_path / "accounts" / "77" / "linked.json").unlink()
    with pytest.raises(ValueError, match=r"needs both profile\.json and linked\.json"):
        load_world(tmp_path)


def test_a_world_without_an_index_says_so(tmp_path: Path) -> None:
    record(tmp_path, is_enveloped=False, is_packed=False)
    (tmp_path / "manifest" / "index.json").unlink()
    with pytest.raises(ValueError, match="no manifest index"):
        load_world(tmp_path)


def test_a_linked_answer_about_somebody_else_is_refused(tmp_path: Path) -> None:
    record(tmp_path, is_enveloped=False, is_packed=False)
    (tmp_path / "accounts" / "77").rename(tmp_path / "accounts" / "78")
    with pytest.raises(ValueError, match="78"):
        create_sandbox(load_world(tmp_path))


def test_characters_are_known_by_any_component_that_was_recorded(tmp_path: Path) -> None:
    inventories = {"data": {"5": {"items": []}}}
    world = load_world(record(tmp_path, is_enveloped=True, is_packed=False, characterInventories=inventories))
    assert Player(world.accounts[0]).character_ids == ["5"]


def test_a_player_does_not_change_the_recording(tmp_path: Path) -> None:
    items = {"data": {"items": [{"itemHash": 1}]}}
    world = load_world(record(tmp_path, is_enveloped=True, is_packed=False, profileInventory=items))
    Player(world.accounts[0]).account_items().clear()
    assert world.accounts[0].profile["profileInventory"]["data"]["items"] == [{"itemHash": 1}]


def test_an_undefined_item_is_at_home_where_it_was_seen_on_a_character() -> None:
    worn = {"itemHash": 5, "bucketHash": 30, "itemInstanceId": "1"}
    stack = {"itemHash": 6, "bucketHash": 31}
    stored = {"itemHash": 7, "bucketHash": 138197802}
    learned = learned_facts([[worn], [stack, stored]], frozenset({138197802}))
    assert set(learned) == {5, 6}
    definitions = Definitions(
        MemoryManifest({"mobileWorldContentPaths": {}, "jsonWorldComponentContentPaths": {}}, {}), learned
    )
    assert definitions.item(5) == ItemFacts(30, is_equippable=True)
    assert definitions.item(6).is_instanced is False
    assert definitions.item(7) is None


def test_components_are_numbers_or_names() -> None:
    assert requested("100, 102,itemSockets") == {100, 102, 305}
    assert requested("") == frozenset()
    for wrong in ("frogs", "99", "1" * 5000):
        with pytest.raises(BungieError) as refused:
            requested(wrong)
        assert refused.value.code == 7


def test_a_path_rule_counts_its_uses() -> None:
    rule = PathRule("/a/*", 2)
    assert [rule.hits(path) for path in ("/b", "/a/1", "/a/2", "/a/3")] == [False, True, True, False]


def test_switches_read_what_json_can_say() -> None:
    faults = Faults()
    faults.set(maintenance=True, reset="/x*", drip={"path": "*", "times": 3}, latency_s={"*": 2}, unknown_hashes=4)
    assert (faults.maintenance, faults.reset, faults.drip) == ("api", PathRule("/x*"), PathRule("*", 3))
    assert faults.latency_for("/anything") == 2.0
    faults.set(reset=False, latency_s=0)
    assert (faults.reset, faults.latency_for("/anything")) == (None, 0.0)
    faults.clear()
    assert faults == Faults()
    with pytest.raises(ValueError, match="no fault named 'frogs'"):
        faults.set(unknown_hashes=1, frogs=True)
    assert faults.unknown_hashes == 0
