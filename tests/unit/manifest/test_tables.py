"""What items refer to is kept: sockets and rolls, scales of stats, sets, objectives, lore, catalysts, pictures."""

from __future__ import annotations

from typing import Any

from app.inventory.definitions import (
    Amount,
    ItemDefinition,
    ItemPerk,
    NamedDefinition,
    Note,
    RecordDefinition,
    SeasonPassDefinition,
    SocketDefinition,
    StatPoints,
)
from app.inventory.references import (
    CategoryDefinition,
    CollectibleDefinition,
    ItemArtDefinition,
    ItemSetDefinition,
    LoreDefinition,
    MaterialsDefinition,
    ObjectiveDefinition,
    PerkDefinition,
    PlugSetDefinition,
    SetPerk,
    SocketTypeDefinition,
    StatGroupDefinition,
    StatScale,
    VendorDefinition,
)
from app.manifest import plans
from app.manifest.build import Builder
from app.manifest.plans import ITEM, PLANS, RECORD, TABLE_OF
from app.manifest.records import decode, encode

ICON = "/common/destiny2_content/icons/a.png"
WORDS = {"name": "n", "description": "d", "icon": ICON}


def made(table: str, raw: dict[str, Any], builder: Builder | None = None) -> Any:
    record = (builder or Builder()).record(table, 7, raw)
    assert record is not None
    return decode(table, 7, encode(record))


# --- items -----------------------------------------------------------------------------------------------------------


def test_a_socket_knows_what_it_comes_with_and_which_sets_it_rolls_from() -> None:
    entry = {
        "socketTypeHash": 1, "singleInitialItemHash": 2, "reusablePlugSetHash": 3, "randomizedPlugSetHash": 4,
        "plugSources": 6, "defaultVisible": False, "reusablePlugItems": [{"plugItemHash": 5}],
    }  # fmt: skip
    assert made(ITEM, {"sockets": {"socketEntries": [entry]}}).sockets == (SocketDefinition(1, 2, 3, 4, 6, True, ()),)


def test_a_socket_without_a_set_lists_its_plugs_itself() -> None:
    plugs = [{"plugItemHash": 5}, None, {"plugItemHash": "x"}, {"plugItemHash": 6}, {"plugItemHash": 5}]
    entry = {"socketTypeHash": 1, "reusablePlugItems": plugs, "defaultVisible": True}
    assert made(ITEM, {"sockets": {"socketEntries": [entry]}}).sockets == (SocketDefinition(1, plug_hashes=(5, 6)),)


def test_an_odd_socket_keeps_its_place() -> None:
    found = made(ITEM, {"sockets": {"socketEntries": [None, {"socketTypeHash": 9}, 5]}})
    assert found.sockets == (SocketDefinition(), SocketDefinition(9), SocketDefinition())


def test_a_plug_keeps_what_it_gives_costs_and_asks_for() -> None:
    raw = {
        "plug": {
            "plugCategoryHash": 1, "plugCategoryIdentifier": "mods", "uiPlugLabel": "masterwork", "plugStyle": 1,
            "energyCost": {"energyCost": 3}, "energyCapacity": {"capacityValue": 10},
            "insertionMaterialRequirementHash": 2, "insertionRules": [{"failureMessage": "Later."}, {}, None],
        },
        "investmentStats": [{"statTypeHash": 5, "value": -10, "isConditionallyActive": True}, {"statTypeHash": 6}, 1],
        "perks": [{"perkHash": 8, "perkVisibility": 2, "requirementDisplayString": "Raid only"}, {"perkHash": 9}, {}],
    }  # fmt: skip
    assert made(ITEM, raw) == ItemDefinition(
        7, plug_category="mods", plug_category_hash=1, plug_label="masterwork", plug_style=1, plug_rules=("Later.",),
        energy_cost=3, energy_capacity=10, insertion_cost_hash=2, investments=(StatPoints(5, -10, True),),
        perks=(ItemPerk(8, 2, "Raid only"), ItemPerk(9)),
    )  # fmt: skip


def test_a_bounty_keeps_its_rewards_and_when_it_ends() -> None:
    raw = {
        "value": {"itemValue": [{"itemHash": 3, "quantity": 2}, {"itemHash": 0, "quantity": 0}]},
        "inventory": {"expirationTooltip": "Soon.", "suppressExpirationWhenObjectivesComplete": True},
    }
    assert made(ITEM, raw) == ItemDefinition(7, rewards=(Amount(3, 2),), expiration="Soon.", outlives_expiration=True)


def test_a_quest_knows_its_steps_and_a_step_its_quest() -> None:
    raw = {"setData": {"itemList": [{"itemHash": 3}, {"itemHash": 2}]}, "objectives": {"questlineItemHash": 9}}
    assert made(ITEM, raw) == ItemDefinition(7, quest_steps=(3, 2), quest_hash=9)


def test_gear_keeps_its_set_its_recipe_its_notes_and_its_power_caps() -> None:
    raw = {
        "equippingBlock": {"equipableItemSetHash": 4}, "crafting": {"outputItemHash": 6},
        "inventory": {"recipeItemHash": 5}, "isAdept": True, "isFeaturedItem": True, "isHolofoil": True,
        "tooltipNotifications": [{"displayString": "Mind", "displayStyle": "info"}, {"displayString": ""}],
        "quality": {"currentVersion": 1, "versions": [{"powerCapHash": 8}, {}]}, "iconWatermarkFeatured": ICON,
        "allowActions": False, "talentGrid": {"hudDamageType": 3},
    }  # fmt: skip
    assert made(ITEM, raw) == ItemDefinition(
        7, set_hash=4, recipe_hash=5, crafts_hash=6, is_adept=True, is_featured=True, is_holofoil=True,
        notes=(Note("Mind", "info"),), current_version=1, power_cap_hashes=(8, 0), featured_watermark=ICON,
        allows_actions=False, subclass_element=3,
    )  # fmt: skip


def test_the_badge_of_a_season_is_found_through_the_icon() -> None:
    builder = Builder()
    assert builder.record(plans.ICON, 55, {"secondaryBackground": ICON}) is None
    assert made(ITEM, {"displayProperties": {"iconHash": 55}}, builder).badge == ICON


def test_a_weapon_that_can_be_crafted_knows_the_record_of_its_pattern() -> None:
    builder = Builder()
    builder.record(RECORD, 44, {"displayProperties": {"name": "Ammit"}, "completionInfo": {"toastStyle": 8}})
    craftable = {"displayProperties": {"name": "Ammit"}, "inventory": {"recipeItemHash": 5}}
    assert made(ITEM, craftable, builder).record_hash == 44
    assert made(ITEM, {"displayProperties": {"name": "Ammit"}}, builder).record_hash == 0


def test_a_catalyst_knows_its_record_by_name_or_by_objective() -> None:
    builder = Builder()
    shown, nodes = {"displayProperties": {"name": "Thorn Catalyst"}}, {"parentNodeHashes": [2538646043]}
    builder.record(RECORD, 44, shown | nodes | {"objectiveHashes": [12]})
    plug = {"plug": {"plugCategoryIdentifier": "masterwork"}}
    assert made(ITEM, shown | plug, builder).record_hash == 44
    assert made(ITEM, plug | {"objectives": {"objectiveHashes": [11, 12]}}, builder).record_hash == 44
    assert made(ITEM, shown, builder).record_hash == 0


# --- what they refer to ---------------------------------------------------------------------------------------------


def test_a_stat_group_keeps_its_scales_in_the_games_order() -> None:
    steps = [{"value": 0, "weight": 0}, {"value": 100, "weight": 1000}]
    scales = [
        {"statHash": 5, "maximumValue": 100, "displayAsNumeric": True, "displayInterpolation": steps},
        {"statHash": 4, "maximumValue": 10},
        None,
    ]
    found = made(plans.STAT_GROUP, {"scaledStats": scales})
    expected = {5: StatScale(100, True, ((0, 0), (100, 1000))), 4: StatScale(10, False, ())}
    assert found == StatGroupDefinition(7, expected)
    assert list(found.scales) == [5, 4]


def test_a_plug_is_retired_only_when_no_entry_lets_it_roll() -> None:
    rolls = [(5, True), (6, False), (8, False), (8, True), (6, False)]
    raw = {"reusablePlugItems": [{"plugItemHash": each, "currentlyCanRoll": can} for each, can in rolls]}
    assert made(plans.PLUG_SET, raw) == PlugSetDefinition(7, (5, 6, 8), (6,))


def test_the_largest_plug_sets_are_kept_whole() -> None:
    raw = {"reusablePlugItems": [{"plugItemHash": each, "currentlyCanRoll": True} for each in range(1, 1001)]}
    assert made(plans.PLUG_SET, raw).plug_hashes == tuple(range(1, 1001))


def test_an_objective_keeps_its_goal_and_how_it_is_shown() -> None:
    raw = {
        "displayProperties": WORDS, "progressDescription": "Kills", "completionValue": 500, "inProgressValueStyle": 3,
        "completedValueStyle": 2, "uiStyle": 4, "uiLabel": "l", "allowOvercompletion": True, "isCountingDownward": True,
    }  # fmt: skip
    assert made(plans.OBJECTIVE, raw) == ObjectiveDefinition(
        7, "n", "d", ICON, progress_text="Kills", goal=500, style=3, done_style=2, display=4, label="l",
        can_exceed_goal=True, is_countdown=True,
    )  # fmt: skip


def test_the_other_tables_keep_what_pages_show() -> None:
    shown = {"displayProperties": WORDS}
    rows: list[tuple[str, dict[str, Any], object]] = [
        (plans.LORE, shown | {"subtitle": "s"}, LoreDefinition(7, "n", "s", "d")),
        (plans.PERK, shown | {"isDisplayable": True}, PerkDefinition(7, "n", "d", ICON, is_displayable=True)),
        (
            plans.SOCKET_TYPE,
            {"socketCategoryHash": 3, "plugWhitelist": [{"categoryHash": 1}, {}], "visibility": 1},
            SocketTypeDefinition(7, 3, (1,), 1),
        ),
        (
            plans.ITEM_SET,
            shown | {"setItems": [3, 2], "setPerks": [{"requiredSetCount": 2, "sandboxPerkHash": 4}, {}]},
            ItemSetDefinition(7, "n", "d", ICON, (3, 2), (SetPerk(2, 4),)),
        ),
        (
            plans.COLLECTIBLE,
            shown | {"sourceString": "s", "sourceHash": 1, "itemHash": 2, "scope": 1, "parentNodeHashes": [3]},
            CollectibleDefinition(7, "n", ICON, "s", 1, 2, 1, (3,)),
        ),
        (
            plans.CATEGORY,
            shown | {"shortTitle": "s", "parentCategoryHashes": [1]},
            CategoryDefinition(7, "n", "s", (1,)),
        ),
        (
            plans.VENDOR,
            {"displayProperties": WORDS | {"subtitle": "s"}, "failureStrings": ["a", None, "b"]},
            VendorDefinition(7, "n", "s", "d", ICON, ("a", "", "b")),
        ),
        (plans.MATERIALS, {"materials": [{"itemHash": 3, "count": 5}]}, MaterialsDefinition(7, (Amount(3, 5),))),
        (
            plans.ITEM_ART,
            {"gearTierOverlayImagePaths": [ICON, ICON], "masterworkOverlayPath": ICON},
            ItemArtDefinition(7, (ICON, ICON), masterwork_overlay=ICON),
        ),
        (
            plans.RECORD,
            {"titleInfo": {"titlesByGender": {"Male": "Wanted"}, "gildingTrackingRecordHash": 9}},
            RecordDefinition(7, text="Wanted", gilding_hash=9),
        ),
        (
            plans.SEASON_TICKET,
            shown | {"rewardProgressionHash": 3, "prestigeProgressionHash": 4},
            SeasonPassDefinition(7, "n", reward_hash=3, prestige_hash=4),
        ),
        (plans.ACTIVITY, shown, NamedDefinition(7, "n")),
        ("DestinyGuardianRankDefinition", shown | {"rankNumber": 8}, NamedDefinition(7, "n", "d", ICON, 8)),
        (plans.POWER_CAP, {"powerCap": 1350}, NamedDefinition(7, number=1350)),
        (plans.LOADOUT_NAME, {"name": "PvP"}, NamedDefinition(7, "PvP")),
        (plans.LOADOUT_ICON, {"iconImagePath": ICON}, NamedDefinition(7, icon=ICON)),
        (plans.LOADOUT_COLOR, {"colorImagePath": ICON}, NamedDefinition(7, icon=ICON)),
    ]
    for table, raw, expected in rows:
        assert made(table, raw) == expected, table


def test_a_class_names_its_table() -> None:
    for makes, table in TABLE_OF.items():
        assert PLANS[table].makes is makes


def test_every_field_and_table_says_why_it_is_kept() -> None:
    for table, plan in PLANS.items():
        assert plan.why, table
        assert all(field.why for field in plan.fields), table
