"""Parts of an item definition, each in the shape of Bungie's own block of that name."""

from functools import cache

from app.sandbox.demo.catalogue import TIERS, Model
from app.sandbox.demo.tables import document, keyed, table
from app.sandbox.envelope import Json

DAMAGE_HASHES = {1: 3373582085, 2: 2303181850, 3: 1847026933, 4: 3454344768, 6: 151347233, 7: 3949783978}
_TIER_HASHES = {1: 1801258597, 2: 3340296461, 3: 2395677314, 4: 2127292149, 5: 4008398120, 6: 2759499571}
TIER_NAMES = {1: "Basic", 2: "Common", 3: "Uncommon", 4: "Rare", 5: "Legendary", 6: "Exotic"}
_AMMO = {"": 0, "primary": 1, "special": 2, "heavy": 3}
_EQUIPPABLE = {"ghost", "sparrow", "ship", "emblem", "subclass", "finishers", "artifact", "emotes", "clan-banner"}
_BOUND = {
    "subclass",
    "finisher",
    "finishers",
    "emblem",
    "artifact",
    "emotes",
    "clan-banner",
    "engram",
    "quest",
    "bounty",
}
ATTACK, DEFENSE = 1480404414, 3897883278
WEAPON_STATS, ARMOR_STATS = 1099468801, 1
ARMOR_STAT_HASHES = (2996146975, 392767087, 1943323491, 1735777505, 144602215, 4244567218)
_POSTMASTER = 215593132
# Which champions a weapon stops by itself: barrier, overload, unstoppable.
_BREAKERS = {814876684: 1, 3588934839: 2, 204878059: 3}


def display(name: str, description: str, icon: str) -> Json:
    shown: Json = {"name": name, "description": description, "iconHash": 0, "hasIcon": bool(icon)}
    return shown | ({"icon": icon} if icon else {})


def is_equippable(model: Model) -> bool:
    return model.is_weapon or model.is_armor or model.kind in _EQUIPPABLE


def is_bound(model: Model) -> bool:
    return model.kind in _BOUND or model.kind == "currency"


def collectible_hash(model: Model) -> int:
    return model.hash ^ 0x0C0FFEE0


def lore_hash(model: Model) -> int:
    return model.hash ^ 0x00105E00


def has_perk(plug: dict[str, str]) -> bool:
    """Whether a row of the plug table grants a sandbox perk; barrels and magazines only change numbers."""
    return plug["kind"] in {"frame", "trait", "enhanced-trait", "origin"}


def perk_hash(plug: int) -> int:
    return plug ^ 0x00FEED00


def plug_model(row: dict[str, str]) -> Model:
    """A plug as a model: it lives in the dummy bucket, as plugs do."""
    type_name = keyed("sockets", "kind")[row["kind"]]["en"]
    tier = "uncommon" if row["kind"].startswith("enhanced") else "common"
    return Model(int(row["hash"]), row["name"], "plug", tier, 2422292810, type_name, is_instanced=False)


@cache
def weapon_stats(model: Model) -> dict[int, int]:
    """Base stats: those of the kind, shifted a little by the hash so that two rifles differ."""
    base = keyed("weapon_stats", "kind")[model.kind]
    shown: dict[int, int] = {}
    for position, (stat, value) in enumerate(list(base.items())[1:]):
        if value:
            shift = (model.hash >> position) % 13 - 6 if int(value) in range(10, 90) and position else 0
            shown[int(stat)] = int(value) + shift
    return shown


def skeleton(model: Model) -> Json:
    return {
        "tooltipNotifications": [],
        "itemTypeDisplayName": "",
        "uiItemDisplayStyle": "",
        "displaySource": "",
        "acquireRewardSiteHash": 0,
        "acquireUnlockHash": 0,
        "allowActions": True,
        "doesPostmasterPullHaveSideEffects": False,
        "nonTransferrable": False,
        "itemCategoryHashes": [],
        "specialItemType": 0,
        "classType": model.class_type,
        "breakerType": _BREAKERS.get(model.hash, 0),
        "defaultDamageType": 0,
        "isWrapper": False,
        "perks": [],
        "traitIds": [],
        "traitHashes": [],
        "hash": model.hash,
        "redacted": False,
        "blacklisted": False,
    }


def inventory_block(model: Model, tier_name: str) -> Json:
    tier = TIERS[model.tier]
    inventory: Json = {
        "maxStackSize": model.max_stack,
        "bucketTypeHash": model.bucket,
        "recoveryBucketTypeHash": _POSTMASTER,
        "tierTypeHash": _TIER_HASHES[tier],
        "isInstanceItem": model.is_instanced,
        "nonTransferrableOriginal": is_bound(model),
        "tierTypeName": tier_name,
        "tierType": tier,
        "expirationTooltip": "",
        "suppressExpirationWhenObjectivesComplete": False,
    }
    return inventory | ({"stackUniqueLabel": model.limit} if model.limit else {})


def equipping_block(model: Model) -> Json:
    block: Json = {
        "uniqueLabelHash": 0,
        "equipmentSlotTypeHash": model.bucket,
        "attributes": 0,
        "equippingSoundHash": 0,
        "hornSoundHash": 0,
        "ammoType": _AMMO[model.ammo],
        "displayStrings": [""],
    }
    if model.tier == "exotic" and (model.is_weapon or model.is_armor):
        block["uniqueLabel"] = "exotic_weapon" if model.is_weapon else "exotic_armor"
        block["uniqueLabelHash"] = 4017842899 if model.is_weapon else 1600633250
    if set_hash(model):
        block["equipableItemSetHash"] = set_hash(model)
    return block


def set_hash(model: Model) -> int:
    """The set that a piece of armor belongs to by its name, 0 for none; numbers of our own."""
    names = [each["name"] for each in document("sets")]
    found = [index for index, name in enumerate(names) if model.is_armor and model.name.startswith(name)]
    return 4_200_000_800 + found[0] if found else 0


def damage_block(damage: int) -> Json:
    damage_hash = DAMAGE_HASHES[damage]
    return {
        "defaultDamageType": damage,
        "defaultDamageTypeHash": damage_hash,
        "damageTypes": [damage],
        "damageTypeHashes": [damage_hash],
    }


def stat_block(values: dict[int, int], group: int, primary: int) -> Json:
    stats = {
        str(stat): {"statHash": stat, "value": value, "minimum": 0, "maximum": 0, "displayMaximum": 100}
        for stat, value in values.items()
    }
    return {
        "disablePrimaryStatDisplay": False,
        "statGroupHash": group,
        "stats": stats,
        "hasDisplayableStats": True,
        "primaryBaseStatHash": primary,
    }


def socket_block(layout: str) -> Json:
    """Socket entries in the order of the layout, and the categories that they are shown under."""
    kinds = document("layouts")[layout]
    categories: dict[int, list[int]] = {}
    entries = []
    for index, kind in enumerate(kinds):
        socket = keyed("sockets", "kind")[kind]
        categories.setdefault(int(socket["category"]), []).append(index)
        entries.append(_socket_entry(kind, int(socket["type"])))
    shown = [{"socketCategoryHash": each, "socketIndexes": indexes} for each, indexes in categories.items()]
    return {"detail": "", "socketEntries": entries, "intrinsicSockets": [], "socketCategories": shown}


def _socket_entry(kind: str, socket_type: int) -> Json:
    return {
        "socketTypeHash": socket_type,
        "singleInitialItemHash": plugs_for(kind)[0],
        "reusablePlugItems": [],
        "preventInitializationOnVendorPurchase": False,
        "hidePerksInItemTooltip": False,
        "plugSources": 2,
        "reusablePlugSetHash": plug_set_hash(kind),
        "overridesUiAppearance": False,
        "defaultVisible": kind not in {"memory", "shaped"},
    }


def plug_set_hash(kind: str) -> int:
    """One plug set per kind of socket; numbers of our own."""
    return 900_000 + list(keyed("sockets", "kind")).index(kind)


@cache
def plugs_for(kind: str) -> tuple[int, ...]:
    return tuple(int(row["hash"]) for row in table("plugs") if row["kind"] == kind)
