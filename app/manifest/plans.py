"""Which tables of Bungie's definitions are kept, which fields of them, and why. The one place to extend for a new page.

Pure data. Tables are read in this order: those at the top only lend facts to the items below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.inventory.definitions import (
    BucketDefinition,
    ItemDefinition,
    NamedDefinition,
    RecordDefinition,
    SeasonPassDefinition,
    StatDefinition,
    VendorGroupDefinition,
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
    SocketTypeDefinition,
    StatGroupDefinition,
    VendorDefinition,
)
from app.manifest import blocks, kinds
from app.manifest.fields import ART_FIELDS, VENDOR_FIELDS, VENDOR_GROUP_FIELDS, Field

# Part of every version id: raise it when a plan or the builder changes, then the next run builds anew.
BUILD_FORMAT = 7

ITEM = "DestinyInventoryItemDefinition"
BUCKET = "DestinyInventoryBucketDefinition"
COLLECTIBLE = "DestinyCollectibleDefinition"
PERK = "DestinySandboxPerkDefinition"
RECORD = "DestinyRecordDefinition"
STAT = "DestinyStatDefinition"
STAT_GROUP = "DestinyStatGroupDefinition"
PLUG_SET = "DestinyPlugSetDefinition"
SOCKET_TYPE = "DestinySocketTypeDefinition"
ITEM_SET = "DestinyEquipableItemSetDefinition"
OBJECTIVE = "DestinyObjectiveDefinition"
LORE = "DestinyLoreDefinition"
CATEGORY = "DestinyItemCategoryDefinition"
VENDOR = "DestinyVendorDefinition"
VENDOR_GROUP = "DestinyVendorGroupDefinition"
MATERIALS = "DestinyMaterialRequirementSetDefinition"
ICON = "DestinyIconDefinition"
ITEM_ART = "DestinyInventoryItemConstantsDefinition"
POWER_CAP = "DestinyPowerCapDefinition"
PROGRESSION = "DestinyProgressionDefinition"
ACTIVITY = "DestinyActivityDefinition"
SEASON_TICKET = "DestinySeasonPassDefinition"
LOADOUT_NAME = "DestinyLoadoutNameDefinition"
LOADOUT_ICON = "DestinyLoadoutIconDefinition"
LOADOUT_COLOR = "DestinyLoadoutColorDefinition"

Definition = (
    ItemDefinition
    | BucketDefinition
    | StatDefinition
    | NamedDefinition
    | CategoryDefinition
    | CollectibleDefinition
    | ItemArtDefinition
    | ItemSetDefinition
    | LoreDefinition
    | MaterialsDefinition
    | ObjectiveDefinition
    | PerkDefinition
    | PlugSetDefinition
    | SocketTypeDefinition
    | StatGroupDefinition
    | VendorDefinition
)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table. `makes` None: only read for what other tables take from it, nothing is stored.

    `is_small`: few enough rows to be held whole in every process, so that pages need not name hashes.
    `is_required`: without rows there is no vault. `is_steady`: rows hardly ever go, so a large loss is a fault.
    """

    why: str
    makes: type[Definition] | None
    fields: tuple[Field, ...] = ()
    is_small: bool = True
    is_required: bool = False
    is_steady: bool = False

    def default_of(self, attribute: str) -> Any:
        """The value that a record leaves out."""
        found = next(each for each in fields(self.makes or ItemDefinition) if each.name == attribute)
        return {} if callable(found.default_factory) else found.default


_SHOWN = (
    Field("name", "n", "displayProperties.name", kinds.TEXT, "shown"),
    Field("description", "d", "displayProperties.description", kinds.TEXT, "shown on pages of one thing"),
    Field("icon", "i", "displayProperties.icon", kinds.ICON, "shown"),
    Field("redacted", "z", "redacted", kinds.FLAG, "classified things say so"),
)


def _named(why: str, number: str, *, picture: str = "", is_steady: bool = False) -> TablePlan:
    """A small table of names; `number` is the field that profiles refer to it by."""
    extra: tuple[Field, ...] = (Field("number", "o", number, kinds.WHOLE, "profiles give this instead of a hash"),)
    if picture:
        extra += (Field("text", "x", picture, kinds.Kind(kinds.icon, kinds.full_icon), "the glyph without backdrop"),)
    return TablePlan(why, NamedDefinition, _SHOWN + extra, is_steady=is_steady)


def _bare(why: str, field: Field, *, is_small: bool = True) -> TablePlan:
    return TablePlan(why, NamedDefinition, (field,), is_small=is_small)


_ITEM_FIELDS = (
    *_SHOWN,
    Field("flavor", "f", "flavorText", kinds.TEXT, "the line of story on the item page"),
    Field("type_name", "t", "itemTypeDisplayName", kinds.TEXT, "Hand Cannon: in the language of the player"),
    Field("tier", "r", "inventory.tierType", kinds.WHOLE, "rarity: colour and order of tiles"),
    Field("tier_name", "R", "inventory.tierTypeName", kinds.TEXT, "rarity in the language of the player"),
    Field("bucket_hash", "b", "inventory.bucketTypeHash", kinds.HASH, "the section of a vaulted item"),
    Field("item_type", "y", "itemType", kinds.WHOLE, "what kind of thing it is"),
    Field("sub_type", "s", "itemSubType", kinds.WHOLE, "which weapon or piece of armor"),
    Field("class_type", "c", "classType", kinds.WHOLE, "who can wear it"),
    Field("damage_type", "e", "defaultDamageType", kinds.WHOLE, "element when the copy does not say"),
    Field("ammo_type", "a", "equippingBlock.ammoType", kinds.WHOLE, "item page"),
    Field("breaker_type", "k", "breakerType", kinds.WHOLE, "which champion it stops"),
    Field("max_stack", "m", "inventory.maxStackSize", kinds.WHOLE, "how stacks merge"),
    Field("is_instanced", "I", "inventory.isInstanceItem", kinds.FLAG, "copies or stacks"),
    Field("is_equippable", "q", "equippable", kinds.FLAG, "moves and power"),
    Field("is_transferable", "X", "nonTransferrable", kinds.NOT_FLAG, "moves"),
    Field("pull_has_side_effects", "p", "doesPostmasterPullHaveSideEffects", kinds.FLAG, "moves from the postmaster"),
    Field("watermark", "w", "iconWatermark", kinds.ICON, "season mark laid over the icon"),
    Field("version_watermarks", "W", "quality.displayVersionWatermarkIcons", kinds.ICONS, "season mark of a reissue"),
    Field("screenshot", "S", "screenshot", kinds.ICON, "item page"),
    Field("secondary_icon", "E", "secondaryIcon", kinds.ICON, "the wide banner of an emblem"),
    Field("stack_unique_label", "u", "inventory.stackUniqueLabel", kinds.TEXT, "only one stack may exist"),
    Field("unique_label", "U", "equippingBlock.uniqueLabel", kinds.TEXT, "only one exotic may be worn"),
    Field("stats", "T", "stats.stats", kinds.STATS, "shown when the copy's own are not recorded"),
    Field("primary_stat_hash", "P", "stats.primaryBaseStatHash", kinds.HASH, "power, or a sparrow's speed"),
    Field("stat_group_hash", "G", "stats.statGroupHash", kinds.HASH, "how stats are scaled"),
    Field("plug_category", "g", "plug.plugCategoryIdentifier", kinds.TEXT, "perk, mod or ornament"),
    Field("is_dummy_plug", "D", "plug.isDummyPlug", kinds.FLAG, "an ornament that is none"),
    Field("quest_line", "l", "setData.questLineName", kinds.TEXT, "the title of a quest; its name is the step's"),
    Field("collectible_hash", "C", "collectibleHash", kinds.HASH, "collections"),
    Field("lore_hash", "L", "loreHash", kinds.HASH, "lore"),
    Field("season_hash", "N", "seasonHash", kinds.HASH, "seasons"),
    Field("category_hashes", "h", "itemCategoryHashes", kinds.HASHES, "search"),
    Field("trait_ids", "j", "traitIds", kinds.WORDS, "search: foundry, season of release"),
    Field("objective_hashes", "O", "objectives.objectiveHashes", kinds.HASHES, "quests and bounties"),
    Field("source", "v", "displaySource", kinds.TEXT, "where it comes from; collectibles say it better"),
    Field("socket_categories", "K", "sockets.socketCategories", kinds.SOCKETS, "which socket is a perk, mod or look"),
    Field("sockets", "so", "sockets.socketEntries", blocks.SOCKETS, "what an item comes with and can roll"),
    Field("investments", "iv", "investmentStats", blocks.POINTS, "what a plug or an item gives to stats"),
    Field("perks", "pk", "perks", blocks.PERKS, "what a plug does, in the words of its perk"),
    Field("plug_category_hash", "pc", "plug.plugCategoryHash", kinds.HASH, "which sockets it fits"),
    Field("plug_label", "pl", "plug.uiPlugLabel", kinds.TEXT, "marks masterworks"),
    Field("plug_style", "ps", "plug.plugStyle", kinds.WHOLE, "marks masterworks"),
    Field("plug_rules", "pr", "plug.insertionRules", blocks.RULES, "why a mod cannot be put in"),
    Field("energy_cost", "ec", "plug.energyCost.energyCost", kinds.WHOLE, "mods use up the energy of armor"),
    Field("energy_capacity", "ep", "plug.energyCapacity.capacityValue", kinds.WHOLE, "energy of armor"),
    Field("insertion_cost_hash", "ic", "plug.insertionMaterialRequirementHash", kinds.HASH, "only free plugs go in"),
    Field("quest_steps", "qs", "setData.itemList", blocks.STEPS, "step x of y"),
    Field("quest_hash", "qh", "objectives.questlineItemHash", kinds.HASH, "step x of y"),
    Field("rewards", "rw", "value.itemValue", blocks.REWARDS, "what a bounty or quest gives"),
    Field("expiration", "ex", "inventory.expirationTooltip", kinds.TEXT, "bounties"),
    Field(
        "outlives_expiration",
        "ox",
        "inventory.suppressExpirationWhenObjectivesComplete",
        kinds.FLAG,
        "complete bounties need no hurry",
    ),
    Field("recipe_hash", "rh", "inventory.recipeItemHash", kinds.HASH, "weapons that can be crafted"),
    Field("crafts_hash", "ch", "crafting.outputItemHash", kinds.HASH, "from the pattern to its weapon"),
    Field("record_hash", "rc", "", kinds.HASH, "progress of patterns and catalysts"),
    Field("set_hash", "sh", "equippingBlock.equipableItemSetHash", kinds.HASH, "set bonuses"),
    Field(
        "notes", "no", "tooltipNotifications", blocks.NOTES, "what the game says below an item: deepsight, enhancing"
    ),
    Field("badge", "bg", "", kinds.ICON, "season mark of one corner"),
    Field("featured_watermark", "fw", "iconWatermarkFeatured", kinds.ICON, "season mark of featured gear"),
    Field("current_version", "cv", "quality.currentVersion", kinds.WHOLE, "which version a new copy has"),
    Field("power_cap_hashes", "pp", "quality.versions", blocks.POWER_CAPS, "old gear whose power is capped"),
    Field("is_featured", "if", "isFeaturedItem", kinds.FLAG, "new gear, which gives bonuses"),
    Field("is_holofoil", "ih", "isHolofoil", kinds.FLAG, "its own backdrop"),
    Field("is_adept", "ia", "isAdept", kinds.FLAG, "search"),
    Field("allows_actions", "aa", "allowActions", kinds.FLAG, "moves: some things may not be acted on"),
    Field("subclass_element", "se", "talentGrid.hudDamageType", kinds.WHOLE, "subclasses have no damage type"),
)

_BUCKET_FIELDS = (
    *(field for field in _SHOWN if field.attribute != "icon"),
    Field("order", "o", "bucketOrder", kinds.WHOLE, "order of unknown buckets"),
    Field("capacity", "c", "itemCount", kinds.WHOLE, "x of y"),
    Field("scope", "s", "scope", kinds.WHOLE, "a character's or the account's"),
    Field("category", "g", "category", kinds.WHOLE, "currencies and invisible ones"),
    Field("location", "l", "location", kinds.WHOLE, "postmaster"),
    Field("is_vaultable", "v", "hasTransferDestination", kinds.FLAG, "moves"),
    Field("is_fifo", "f", "fifo", kinds.FLAG, "the oldest is lost when it is full"),
    Field("enabled", "e", "enabled", kinds.FLAG, "buckets that the game switched off"),
)

_STAT_FIELDS = (
    *_SHOWN,
    Field("category", "g", "statCategory", kinds.WHOLE, "which stats belong together"),
    Field("order", "o", "index", kinds.WHOLE, "order where we know no better"),
)

_RECORD_FIELDS = (
    *_SHOWN,
    Field("text", "x", "", kinds.TEXT, "the title"),
    Field("objective_hashes", "O", "objectiveHashes", kinds.HASHES, "how far a pattern or catalyst is"),
    Field("is_pattern", "p", "", kinds.FLAG, "weapon patterns"),
    Field("is_catalyst", "c", "", kinds.FLAG, "catalysts"),
    Field("gilding_hash", "g", "titleInfo.gildingTrackingRecordHash", kinds.HASH, "how often a title was gilded"),
)

_PERK_FIELDS = (*_SHOWN, Field("is_displayable", "v", "isDisplayable", kinds.FLAG, "hidden ones are machinery"))

_COLLECTIBLE_FIELDS = (
    *(field for field in _SHOWN if field.attribute != "description"),
    Field("source", "v", "sourceString", kinds.TEXT, "where it comes from"),
    Field("source_hash", "s", "sourceHash", kinds.HASH, "search by source"),
    Field("item_hash", "t", "itemHash", kinds.HASH, "which item it stands for"),
    Field("scope", "c", "scope", kinds.WHOLE, "whether each character has its own"),
    Field("parent_hashes", "p", "parentNodeHashes", kinds.HASHES, "its place in the collections"),
)

_OBJECTIVE_FIELDS = (
    *_SHOWN,
    Field("progress_text", "p", "progressDescription", kinds.TEXT, "what is counted"),
    Field("goal", "g", "completionValue", kinds.WHOLE, "x of y"),
    Field("style", "s", "inProgressValueStyle", kinds.WHOLE, "bar, box, percentage or time"),
    Field("done_style", "e", "completedValueStyle", kinds.WHOLE, "the same, once complete"),
    Field("display", "u", "uiStyle", kinds.WHOLE, "level and date of crafted weapons"),
    Field("label", "l", "uiLabel", kinds.TEXT, "level and date of crafted weapons"),
    Field("can_exceed_goal", "o", "allowOvercompletion", kinds.FLAG, "counters without an end"),
    Field("is_countdown", "c", "isCountingDownward", kinds.FLAG, "progress turned round"),
)

_LORE_FIELDS = (
    Field("name", "n", "displayProperties.name", kinds.TEXT, "heading"),
    Field("subtitle", "s", "subtitle", kinds.TEXT, "heading"),
    Field("text", "x", "displayProperties.description", kinds.TEXT, "the story"),
    Field("redacted", "z", "redacted", kinds.FLAG, "classified things say so"),
)

_SOCKET_TYPE_FIELDS = (
    Field("category_hash", "c", "socketCategoryHash", kinds.HASH, "perk, mod or look"),
    Field("plug_category_hashes", "p", "plugWhitelist", blocks.PLUG_CATEGORIES, "which mods fit"),
    Field("visibility", "v", "visibility", kinds.WHOLE, "sockets that the game hides"),
)

_ITEM_SET_FIELDS = (
    *_SHOWN,
    Field("item_hashes", "t", "setItems", kinds.HASHES, "how many are worn"),
    Field("perks", "p", "setPerks", blocks.SET_PERKS, "the bonuses"),
)

PLANS: Mapping[str, TablePlan] = {
    ICON: TablePlan("items name their season's badge only here", None),
    PERK: TablePlan("what mods and set bonuses do", PerkDefinition, _PERK_FIELDS, is_small=False),
    COLLECTIBLE: TablePlan(
        "names classified items, and says where an item comes from",
        CollectibleDefinition,
        _COLLECTIBLE_FIELDS,
        is_small=False,
    ),
    BUCKET: TablePlan(
        "sections, names, capacities", BucketDefinition, _BUCKET_FIELDS, is_required=True, is_steady=True
    ),
    "DestinyClassDefinition": _named("characters", "classType", is_steady=True),
    "DestinyRaceDefinition": _named("characters", "raceType", is_steady=True),
    "DestinyGenderDefinition": _named("characters", "genderType", is_steady=True),
    "DestinyDamageTypeDefinition": _named("elements", "enumValue", picture="transparentIconPath", is_steady=True),
    "DestinyEnergyTypeDefinition": _named("armor energy", "enumValue", picture="transparentIconPath"),
    "DestinyBreakerTypeDefinition": _named("champions", "enumValue"),
    "DestinyItemTierTypeDefinition": _named("rarity", "index"),
    "DestinySeasonDefinition": _named("seasons", "seasonNumber"),
    "DestinySocketCategoryDefinition": _named("headings over perks and mods", "categoryStyle"),
    STAT: TablePlan("stats of characters and items", StatDefinition, _STAT_FIELDS, is_steady=True),
    RECORD: TablePlan("titles, patterns and catalysts; no other records", RecordDefinition, _RECORD_FIELDS),
    STAT_GROUP: TablePlan(
        "how points become the numbers that are shown",
        StatGroupDefinition,
        (Field("scales", "s", "scaledStats", blocks.SCALES, "one scale per stat"),),
    ),
    PLUG_SET: TablePlan(
        "which rolls are possible",
        PlugSetDefinition,
        (
            Field("plug_hashes", "p", "reusablePlugItems", blocks.PLUGS, "the rolls"),
            Field("retired", "r", "reusablePlugItems", blocks.RETIRED, "rolls of older copies"),
        ),
        is_small=False,
    ),
    SOCKET_TYPE: TablePlan("which plugs fit", SocketTypeDefinition, _SOCKET_TYPE_FIELDS, is_small=False),
    ITEM_SET: TablePlan("set bonuses", ItemSetDefinition, _ITEM_SET_FIELDS),
    OBJECTIVE: TablePlan(
        "progress of quests, trackers, catalysts", ObjectiveDefinition, _OBJECTIVE_FIELDS, is_small=False
    ),
    LORE: TablePlan("the story of an item", LoreDefinition, _LORE_FIELDS, is_small=False),
    CATEGORY: TablePlan(
        "search and facets",
        CategoryDefinition,
        (
            Field("name", "n", "displayProperties.name", kinds.TEXT, "shown"),
            Field("short_name", "s", "shortTitle", kinds.TEXT, "shown"),
            Field("parent_hashes", "p", "parentCategoryHashes", kinds.HASHES, "wider kinds"),
            Field("redacted", "z", "redacted", kinds.FLAG, "classified things say so"),
        ),
    ),
    MATERIALS: TablePlan(
        "whether a plug is free",
        MaterialsDefinition,
        (Field("costs", "c", "materials", blocks.COSTS, "what it costs"),),
        is_small=False,
    ),
    VENDOR: TablePlan("who sells, and why something cannot be bought", VendorDefinition, VENDOR_FIELDS, is_small=False),
    VENDOR_GROUP: TablePlan("the places where vendors stand", VendorGroupDefinition, VENDOR_GROUP_FIELDS),
    ITEM_ART: TablePlan("pictures over and under icons", ItemArtDefinition, ART_FIELDS),
    POWER_CAP: _bare("old gear", Field("number", "o", "powerCap", kinds.WHOLE, "the most power that it can have")),
    PROGRESSION: TablePlan("names of ranks", NamedDefinition, _SHOWN),
    "DestinyGuardianRankDefinition": _named("what a player's rank is called", "rankNumber"),
    SEASON_TICKET: TablePlan(
        "the rank of the season",
        SeasonPassDefinition,
        (
            _SHOWN[0],
            Field("reward_hash", "r", "rewardProgressionHash", kinds.HASH, "its first ranks"),
            Field("prestige_hash", "p", "prestigeProgressionHash", kinds.HASH, "the ranks after those"),
        ),
    ),
    "DestinyActivityModeDefinition": _named("what a character is playing", "modeType"),
    ACTIVITY: _bare("what a character is playing", _SHOWN[0], is_small=False),
    LOADOUT_NAME: _bare("in-game loadouts", Field("name", "n", "name", kinds.TEXT, "profiles give its hash")),
    LOADOUT_ICON: _bare("in-game loadouts", Field("icon", "i", "iconImagePath", kinds.ICON, "profiles give its hash")),
    LOADOUT_COLOR: _bare("in-game loadouts", Field("icon", "i", "colorImagePath", kinds.ICON, "behind the icon")),
    ITEM: TablePlan("everything", ItemDefinition, _ITEM_FIELDS, is_small=False, is_required=True, is_steady=True),
}

STORED = tuple(table for table, plan in PLANS.items() if plan.makes)
# Not one of Bungie's: the index by which items are found, made of the others.
FINDING = "FindingIndex"
SMALL = tuple(table for table in STORED if PLANS[table].is_small)
# The table of each class that only one table makes: whoever names the class need not name the table.
TABLE_OF: Mapping[type, str] = {
    plan.makes: table for table, plan in PLANS.items() if plan.makes and plan.makes is not NamedDefinition
}
