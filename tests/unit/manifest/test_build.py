"""Raw rows in, typed definitions out: what pages show is kept, odd values are left out, nothing raises."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inventory.definitions import BucketDefinition, ItemDefinition, NamedDefinition, RecordDefinition
from app.manifest.build import Builder
from app.manifest.plans import BUCKET, COLLECTIBLE, ITEM, PERK, PLANS, RECORD, STORED
from app.manifest.records import decode, encode
from app.manifest.rows import parse

ICON = "/common/destiny2_content/icons/cdfbfd3f098329a367294f191070f8c4.jpg"


def made(table: str, raw: dict[str, Any], definition_hash: int = 7, builder: Builder | None = None) -> Any:
    record = (builder or Builder()).record(table, definition_hash, raw)
    assert record is not None
    return decode(table, definition_hash, encode(record))


def test_an_item_keeps_what_pages_show() -> None:
    raw = {
        "displayProperties": {"name": "Ace of Spades", "description": "d", "icon": ICON},
        "flavorText": "Folding was never an option.",
        "itemTypeDisplayName": "Hand Cannon",
        "inventory": {
            "tierType": 6, "tierTypeName": "Exotic", "bucketTypeHash": 1498876634, "maxStackSize": 1,
            "isInstanceItem": True, "stackUniqueLabel": "one",
        },
        "itemType": 3, "itemSubType": 9, "classType": 3, "defaultDamageType": 1, "breakerType": 2,
        "equippingBlock": {"ammoType": 1, "uniqueLabel": "exotic_weapon"},
        "equippable": True, "nonTransferrable": True, "doesPostmasterPullHaveSideEffects": True,
        "iconWatermark": "/common/destiny2_content/icons/w.png",
        "quality": {"displayVersionWatermarkIcons": ["/common/destiny2_content/icons/a.png", "", "/img/misc/b.png"]},
        "screenshot": "/common/destiny2_content/screenshots/347366834.jpg",
        "stats": {
            "stats": {"4284893193": {"statHash": 4284893193, "value": 140}, "1480404414": {"value": 0}},
            "primaryBaseStatHash": 1480404414, "statGroupHash": 1099468801,
        },
        "collectibleHash": 1660030046, "loreHash": 5, "seasonHash": 6, "itemCategoryHashes": [2, 1],
        "traitIds": ["item.weapon"], "objectives": {"objectiveHashes": [11]}, "displaySource": "Source: somewhere",
        "sockets": {"socketCategories": [{"socketCategoryHash": 4241085061, "socketIndexes": [0, 2]}]},
    }  # fmt: skip
    assert made(ITEM, raw) == ItemDefinition(
        7, name="Ace of Spades", description="d", flavor="Folding was never an option.", icon=ICON,
        type_name="Hand Cannon", tier=6, tier_name="Exotic", bucket_hash=1498876634, item_type=3, sub_type=9,
        class_type=3, damage_type=1, ammo_type=1, breaker_type=2, max_stack=1, is_instanced=True, is_equippable=True,
        is_transferable=False, pull_has_side_effects=True, watermark="/common/destiny2_content/icons/w.png",
        version_watermarks=("/common/destiny2_content/icons/a.png", "", "/img/misc/b.png"),
        screenshot="/common/destiny2_content/screenshots/347366834.jpg", stack_unique_label="one",
        unique_label="exotic_weapon", stats={4284893193: 140}, primary_stat_hash=1480404414,
        stat_group_hash=1099468801, collectible_hash=1660030046, lore_hash=5, season_hash=6, category_hashes=(2, 1),
        trait_ids=("item.weapon",), objective_hashes=(11,), source="Source: somewhere",
        socket_categories=(4241085061, 0, 4241085061),
    )  # fmt: skip


def test_a_row_without_facts_is_a_definition_of_defaults() -> None:
    for table in STORED:
        if table != RECORD:
            makes = PLANS[table].makes
            assert makes is not None
            assert made(table, {}) == makes(7)


def test_what_equals_the_default_costs_no_bytes() -> None:
    raw = {
        "classType": 3,
        "inventory": {"maxStackSize": 1, "tierType": 0},
        "nonTransferrable": False,
        "equippable": False,
    }
    assert Builder().record(ITEM, 7, raw) == {}


def test_a_bucket_keeps_order_capacity_and_flags() -> None:
    raw = {
        "displayProperties": {"name": "Vault", "description": "d"}, "scope": 1, "category": 1, "bucketOrder": 4,
        "itemCount": 500, "location": 2, "hasTransferDestination": True, "fifo": True, "enabled": False,
    }  # fmt: skip
    assert made(BUCKET, raw) == BucketDefinition(
        7, "Vault", "d", order=4, capacity=500, scope=1, category=1, location=2, is_vaultable=True, is_fifo=True,
        enabled=False,
    )  # fmt: skip


def test_a_damage_type_keeps_its_number_and_glyph() -> None:
    raw = {"displayProperties": {"name": "Arc"}, "enumValue": 2, "transparentIconPath": "/img/destiny_content/arc.png"}
    assert made("DestinyDamageTypeDefinition", raw) == NamedDefinition(
        7, "Arc", number=2, text="/img/destiny_content/arc.png"
    )


def test_of_records_only_titles_patterns_and_catalysts_are_kept() -> None:
    raw: dict[str, Any] = {"displayProperties": {"name": "Seal"}, "titleInfo": {"hasTitle": False}}
    assert Builder().record(RECORD, 7, raw) is None
    title = raw | {"titleInfo": {"titlesByGender": {"Male": "Cursebreaker"}}}
    assert made(RECORD, title) == RecordDefinition(7, "Seal", text="Cursebreaker")
    pattern = raw | {"completionInfo": {"toastStyle": 8}, "objectiveHashes": [5]}
    assert made(RECORD, pattern) == RecordDefinition(7, "Seal", objective_hashes=(5,), is_pattern=True)
    catalyst = raw | {"parentNodeHashes": [1, 185103480]}
    assert made(RECORD, catalyst) == RecordDefinition(7, "Seal", is_catalyst=True)


def test_a_classified_item_is_named_by_its_collectible_and_belongs_to_no_class() -> None:
    builder = Builder()
    collectible = {"displayProperties": {"name": "The Stag", "icon": ICON}, "itemHash": 7, "sourceString": "Source: x"}
    builder.record(COLLECTIBLE, 99, collectible)
    found = made(ITEM, {"displayProperties": {"name": "Classified"}, "classType": 0, "redacted": True}, builder=builder)
    assert (found.name, found.icon, found.source) == ("The Stag", ICON, "Source: x")
    assert (found.class_type, found.redacted) == (3, True)


def test_of_two_collectibles_of_an_item_the_one_that_it_names_tells_its_source() -> None:
    """Whatever their order, which differs between an archive and the JSON files."""
    collectibles = {
        99: {"itemHash": 7, "sourceString": "Source: here"},
        98: {"itemHash": 7, "sourceString": "Source: there"},
        97: {"itemHash": 8, "sourceString": "Source: elsewhere"},
    }
    for order in (collectibles, dict(reversed(collectibles.items()))):
        builder = Builder()
        for each, raw in order.items():
            builder.record(COLLECTIBLE, each, raw)
        assert made(ITEM, {"collectibleHash": 99}, builder=builder).source == "Source: here"
        assert made(ITEM, {}, builder=builder).source == "Source: there"


def test_a_collectible_that_is_classified_itself_names_nothing() -> None:
    builder = Builder()
    builder.record(COLLECTIBLE, 99, {"displayProperties": {"name": "Classified!"}, "itemHash": 7, "redacted": True})
    raw = {"displayProperties": {"name": "Classified"}, "redacted": True}
    assert made(ITEM, raw, builder=builder).name == "Classified"


def test_a_readable_item_keeps_its_own_name_whatever_its_collectible_says() -> None:
    builder = Builder()
    builder.record(COLLECTIBLE, 99, {"displayProperties": {"name": "Other"}, "itemHash": 7})
    assert made(ITEM, {"displayProperties": {"name": "Own"}}, builder=builder).name == "Own"


def test_a_mod_without_words_says_what_its_perk_says() -> None:
    builder = Builder()
    builder.record(PERK, 5, {"displayProperties": {"description": "Faster reloads."}})
    raw = {"plug": {"plugCategoryIdentifier": "mods"}, "perks": [None, {"perkHash": 4}, {"perkHash": 5}]}
    assert made(ITEM, raw, builder=builder).description == "Faster reloads."


@pytest.mark.parametrize(
    "path",
    [
        "javascript:alert(1)", "//evil.example/x.png", "http://evil.example/x.png", "/common/../etc/x.png",
        "/common/x.exe", "/elsewhere/x.png", "/common/x.png\n", "/common/x.png?y", '/common/"x.png', "", 5, None, [],
        "/img/misc/missing_icon_d2.png",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_bungies_is_no_icon(path: object) -> None:
    assert made(ITEM, {"displayProperties": {"icon": path}}).icon == ""


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "=1+1", "\u202egnp.exe", "two\nlines",
    "x" * 10_000, "🛡️ ẞ 試", "</script>", "'", "\\", "\u2028",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_survive_the_round_trip_unchanged(name: str) -> None:
    assert made(ITEM, {"displayProperties": {"name": name, "description": name}, "traitIds": [name]}).name == name


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x1b", "\r", "\x7f", "\x85"])
def test_control_characters_are_taken_out_because_browsers_differ_about_them(control: str) -> None:
    name = f"Ace{control} of Spades"
    assert made(ITEM, {"displayProperties": {"name": name}}).name == "Ace of Spades"


def test_half_a_surrogate_pair_costs_only_itself() -> None:
    raw = parse(b'{"displayProperties":{"name":"A\\ud800B"},"traitIds":["\\ud800"]}')
    found = made(ITEM, raw)
    assert found.name.startswith("A")
    assert found.name.endswith("B")


def test_numbers_beyond_json_are_left_out() -> None:
    raw = parse(json.dumps({"inventory": {"bucketTypeHash": 2**80, "tierType": 2**53 + 1}, "itemType": -(2**70)}))
    assert made(ITEM, raw) == ItemDefinition(7)


def test_bytes_that_are_no_record_are_an_unknown_hash() -> None:
    for stored in (b"", b"[]", b"{", b'{"i":5}', b"\xff", b'{"T":[1]}'):
        assert decode(ITEM, 7, stored) is None


def test_a_key_of_a_newer_release_is_passed_over() -> None:
    assert decode(ITEM, 7, b'{"n":"Ace","newer":1}') == ItemDefinition(7, name="Ace")


def test_every_planned_attribute_exists_and_every_key_is_used_once() -> None:
    for table in STORED:
        plan = PLANS[table]
        assert plan.makes is not None
        attributes = {field.name for field in dataclasses.fields(plan.makes)}
        assert {field.attribute for field in plan.fields} <= attributes, table
        assert len({field.key for field in plan.fields}) == len(plan.fields), table


def test_every_attribute_of_an_item_is_filled() -> None:
    filled = {field.attribute for field in PLANS[ITEM].fields}
    assert filled == {field.name for field in dataclasses.fields(ItemDefinition)} - {"hash"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_FIELD_NAMES = sorted({name for plan in PLANS.values() for field in plan.fields for name in field.source.split(".")})


@settings(max_examples=300, deadline=None)
@given(
    table=st.sampled_from(sorted(PLANS)),
    raw=st.dictionaries(
        st.sampled_from([*_FIELD_NAMES, "displayProperties", "perks", "titleInfo", "itemHash", "iconWatermarkShelved"]),
        _JSON | st.dictionaries(st.sampled_from(_FIELD_NAMES), _JSON, max_size=6),
        max_size=12,
    ),
)
def test_no_row_of_any_shape_raises_or_becomes_unreadable(table: str, raw: dict[str, Any]) -> None:
    record = Builder().record(table, 7, raw)
    if record is not None:
        assert decode(table, 7, encode(record)) is not None
