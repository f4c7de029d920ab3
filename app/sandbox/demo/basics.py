"""The small definition tables of the demo world: buckets, classes, elements, stats, sockets, seasons and their like."""

from collections.abc import Iterable

from app.sandbox.demo.art import Gallery
from app.sandbox.demo.blocks import (
    ARMOR_STAT_HASHES,
    collectible_hash,
    display,
    has_perk,
    lore_hash,
    perk_hash,
    plug_set_hash,
    plugs_for,
    set_hash,
)
from app.sandbox.demo.catalogue import Model, catalogue, of_kind
from app.sandbox.demo.deeds import objective_texts, patterns, record_rows
from app.sandbox.demo.market import group_rows, vendor_rows
from app.sandbox.demo.numbers import (
    DATE_OBJECTIVE,
    LEVEL_OBJECTIVE,
    TRACKER_OBJECTIVE,
    VAULT_VENDOR,
)
from app.sandbox.demo.points import PLAIN_NUMBERS, most_of
from app.sandbox.demo.ranks import tables as rank_tables
from app.sandbox.demo.ranks import titles
from app.sandbox.demo.tables import document, keyed, table
from app.sandbox.demo.words import Words
from app.sandbox.envelope import Json

Rows = Iterable[Json]
_GENERAL = 138197802
_CLASSES = ((3655393761, 0, "Titan"), (671679327, 1, "Hunter"), (2271682572, 2, "Warlock"))
_RACES = ((3887404748, 0, "Human"), (2803282938, 1, "Awoken"), (898834093, 2, "Exo"))
_GENDERS = ((3111576190, 0, "Body Type 1"), (2204441813, 1, "Body Type 2"))
_DAMAGE = (
    (3373582085, 1, "Kinetic", (255, 255, 255)),
    (2303181850, 2, "Arc", (133, 197, 236)),
    (1847026933, 3, "Solar", (242, 114, 27)),
    (3454344768, 4, "Void", (177, 132, 197)),
    (151347233, 6, "Stasis", (77, 136, 255)),
    (3949783978, 7, "Strand", (53, 227, 102)),
)
_TIER_TYPES = (
    (1801258597, "Basic"),
    (3340296461, "Common"),
    (2395677314, "Uncommon"),
    (2127292149, "Rare"),
    (4008398120, "Legendary"),
    (2759499571, "Exotic"),
)
_BREAKERS = ((485622768, 1, "Shield Piercing"), (2611060930, 2, "Disruption"), (3178805705, 3, "Stagger"))
_ENERGIES = ((1198124803, 0, "Any"), (3340383460, 4, "Ghost"))
_SOCKET_CATEGORIES = (
    (3956125808, "INTRINSIC TRAITS", 6),
    (4241085061, "WEAPON PERKS", 1),
    (2685412949, "WEAPON MODS", 2),
    (2048875504, "WEAPON COSMETICS", 2),
    (3154740035, "ARMOR PERKS", 6),
    (590099826, "ARMOR MODS", 2),
    (1926152773, "ARMOR COSMETICS", 2),
    (3583996951, "", 2),
)


def small_tables(say: Words, gallery: Gallery) -> dict[str, list[Json]]:
    """Rows by table name without `Destiny` and `Definition`; `index` is added by the caller."""
    return {
        "InventoryBucket": [_bucket(row, say) for row in table("buckets")],
        "Class": [_class(*facts, say=say, gallery=gallery) for facts in _CLASSES],
        "Race": [_race(*facts, say=say) for facts in _RACES],
        "Gender": [_named(each, say(name)) | {"genderType": number} for each, number, name in _GENDERS],
        "DamageType": [_damage(*facts, say=say, gallery=gallery) for facts in _DAMAGE],
        "ItemTierType": [_named(each, say(name)) | {"infusionProcess": _INFUSION} for each, name in _TIER_TYPES],
        "BreakerType": [_breaker(*facts, say=say) for facts in _BREAKERS],
        "EnergyType": [_named(each, say(name)) | _energy(number) for each, number, name in _ENERGIES],
        "Stat": [_named(int(row["hash"]), say(row["en"])) | _STAT for row in table("stats")],
        "StatGroup": [_stat_group(1099468801, _weapon_stat_hashes()), _stat_group(1, ARMOR_STAT_HASHES)],
        "ItemCategory": list(_categories(say)),
        "Season": [_season(row) for row in table("seasons")],
        "SocketCategory": [_socket_category(*facts, say=say) for facts in _SOCKET_CATEGORIES],
        "SocketType": [_socket_type(row) for row in table("sockets")],
        "PlugSet": [_plug_set(kind) for kind in keyed("sockets", "kind")],
        "SandboxPerk": list(_perks(gallery)),
        "Collectible": [_collectible(model, say, gallery) for model in _exotics()],
        "Lore": [_lore(model, say) for model in _exotics()],
        "Record": [
            *titles(each for each, _, _ in _GENDERS),
            *record_rows({each: say(catalogue()[each].name) for each in patterns()}),
        ],
        "EquipableItemSet": list(_sets(say)),
        "Objective": list(_objectives()),
        "Progression": [_progression()],
        "Vendor": [_vault_vendor(say), *vendor_rows(say, gallery)],
        "VendorGroup": group_rows(say),
    } | rank_tables(say)


_INFUSION: Json = {"baseQualityTransferRatio": 0.5, "minimumQualityIncrement": 10}
_STAT: Json = {"aggregationType": 0, "hasComputedBlock": False, "statCategory": 0, "interpolate": False}


def _exotics() -> list[Model]:
    kinds = [row["kind"] for row in table("kinds") if row["item_type"] in {"2", "3"}]
    return [model for model in of_kind(*kinds) if model.tier == "exotic"]


def _named(row_hash: int, name: str, description: str = "", icon: str = "") -> Json:
    return {
        "displayProperties": display(name, description, icon),
        "hash": row_hash,
        "redacted": False,
        "blacklisted": False,
    }


def _bucket(row: dict[str, str], say: Words) -> Json:
    facts: Json = {
        "scope": int(row["scope"]),
        "category": int(row["category"]),
        "bucketOrder": int(row["order"]),
        "itemCount": int(row["count"]),
        "location": int(row["location"]),
        "hasTransferDestination": row["vaultable"] == "yes",
        "enabled": row["enabled"] == "yes",
        "fifo": row["fifo"] == "yes",
    }
    shown = _named(int(row["hash"]), say(row["en"])) | facts
    if not row["en"]:  # nameless buckets have no texts at all
        shown["displayProperties"] = {"iconHash": 0, "hasIcon": False}
    return shown


def _class(row_hash: int, number: int, name: str, say: Words, gallery: Gallery) -> Json:
    by_gender = {str(gender): say(name) for gender, _, _ in _GENDERS}
    row = _named(row_hash, say(name), icon=gallery.sign(name.lower()))
    return row | {"classType": number, "genderedClassNamesByGenderHash": by_gender}


def _race(row_hash: int, number: int, name: str, say: Words) -> Json:
    by_gender = {str(gender): say(name) for gender, _, _ in _GENDERS}
    return _named(row_hash, say(name)) | {"raceType": number, "genderedRaceNamesByGenderHash": by_gender}


def _damage(row_hash: int, number: int, name: str, colour: tuple[int, int, int], say: Words, gallery: Gallery) -> Json:
    icon = gallery.sign(name.lower())
    red, green, blue = colour
    shown = {"transparentIconPath": icon, "showIcon": True, "enumValue": number}
    colours = {"color": {"red": red, "green": green, "blue": blue, "alpha": 255}}
    return _named(row_hash, say(name), icon=icon) | shown | colours


def _breaker(row_hash: int, number: int, name: str, say: Words) -> Json:
    return _named(row_hash, say(name)) | {"enumValue": number, "unlockHash": 0}


def _energy(number: int) -> Json:
    return {"transparentIconPath": "", "showIcon": False, "enumValue": number, "capacityStatHash": 0, "costStatHash": 0}


def _weapon_stat_hashes() -> list[int]:
    return [int(name) for name in list(table("weapon_stats")[0])[1:]]


def _stat_group(row_hash: int, stats: Iterable[int]) -> Json:
    scaled = [_scale(stat) for stat in stats]
    facts: Json = {"maximumValue": 100, "uiPosition": 0, "scaledStats": scaled, "overrides": {}}
    return facts | {"hash": row_hash, "redacted": False, "blacklisted": False}


def _scale(stat: int) -> Json:
    """Points are shown as they are, up to the most that there can be."""
    ramp = [{"value": each, "weight": each} for each in (0, most_of(stat))]
    is_plain = stat in PLAIN_NUMBERS
    return {
        "statHash": stat,
        "maximumValue": most_of(stat),
        "displayAsNumeric": is_plain,
        "displayInterpolation": ramp,
    }


def _categories(say: Words) -> Rows:
    names = {"1": "Weapon", "20": "Armor"}
    for row in table("kinds"):
        if row["categories"]:
            names.setdefault(row["categories"].split()[-1], row["en"])
    for category, name in names.items():
        facts: Json = {"visible": True, "deprecated": False, "shortTitle": say(name), "parentCategoryHashes": []}
        yield _named(int(category), say(name)) | facts


def _season(row: dict[str, str]) -> Json:
    facts: Json = {"seasonNumber": int(row["number"]), "startDate": row["start"], "seasonPassProgressionHash": 0}
    return _named(int(row["hash"]), row["name"]) | facts


def _socket_category(row_hash: int, name: str, style: int, say: Words) -> Json:
    return _named(row_hash, say(name)) | {"uiCategoryStyle": 0, "categoryStyle": style}


def _socket_type(row: dict[str, str]) -> Json:
    allowed = [{"categoryHash": int(row["identifier_hash"]), "categoryIdentifier": row["identifier"]}]
    facts: Json = {"plugWhitelist": allowed, "socketCategoryHash": int(row["category"]), "visibility": 0}
    return _named(int(row["type"]), "") | facts


def _plug_set(kind: str) -> Json:
    every = plugs_for(kind)
    retired = set(every[-2:]) if kind in {"barrel", "trait"} else set()
    plugs = [{"plugItemHash": plug, "currentlyCanRoll": plug not in retired, "weight": 0.0} for plug in every]
    return _named(plug_set_hash(kind), "") | {"reusablePlugItems": plugs, "isFakePlugSet": False}


def _perks(gallery: Gallery) -> Rows:
    for row in table("plugs"):
        if has_perk(row):
            perk = _named(perk_hash(int(row["hash"])), row["name"], row["text"], gallery.sign("perk"))
            yield perk | {"isDisplayable": True, "damageType": 0}
    for each in document("sets"):
        for needed, name, text in each["perks"]:
            perk = _named(_set_perk_hash(each["name"], needed), name, text, gallery.sign("perk"))
            yield perk | {"isDisplayable": True, "damageType": 0}


def _sets(say: Words) -> Rows:
    pieces = of_kind("helmet", "gauntlets", "chest", "legs", "class-item")
    for each in document("sets"):
        members = [model for model in pieces if model.name.startswith(each["name"])]
        perks = [
            {"requiredSetCount": needed, "sandboxPerkHash": _set_perk_hash(each["name"], needed)}
            for needed, _, _ in each["perks"]
        ]
        items: Json = {"setItems": [model.hash for model in members], "setPerks": perks}
        yield _named(set_hash(members[0]), say(each["name"])) | items


def _set_perk_hash(name: str, needed: int) -> int:
    names = [each["name"] for each in document("sets")]
    return 4_200_000_850 + names.index(name) * 10 + int(needed)


def _lore(model: Model, say: Words) -> Json:
    stories = document("stories")
    story = stories[model.hash % len(stories)]
    return _named(lore_hash(model), say(model.name), "\n\n".join(story["text"])) | {"subtitle": story["subtitle"]}


def _collectible(model: Model, say: Words, gallery: Gallery) -> Json:
    row = _named(collectible_hash(model), say(model.name), icon=gallery.item_icon(model))
    source = f"Source: {keyed('seasons', 'number')[str(model.season or 1)]['name']}"
    return row | {"scope": 0, "sourceString": source, "sourceHash": 1, "itemHash": model.hash}


def _objectives() -> Rows:
    for row_hash, text, goal, style in (
        (TRACKER_OBJECTIVE, "Enemies Defeated", 1, 6),
        (LEVEL_OBJECTIVE, "Weapon Level", 1, 6),
        (DATE_OBJECTIVE, "Shaping Date", 1, 4),
        *objective_texts(),
    ):
        facts: Json = {"progressDescription": text, "completionValue": goal} | _styles(row_hash, style)
        yield _named(row_hash, "") | facts | {"allowOvercompletion": True, "isCountingDownward": False}


def _styles(objective: int, style: int) -> Json:
    """How the number is written, and what it means on a crafted weapon."""
    meaning = {LEVEL_OBJECTIVE: 2, DATE_OBJECTIVE: 4}.get(objective, 0)
    return {"uiStyle": meaning, "valueStyle": style, "inProgressValueStyle": style, "completedValueStyle": style}


def _progression() -> Json:
    facts: Json = {"scope": 0, "repeatLastStep": False, "steps": [], "visible": True}
    return _named(1716568313, "Character Level") | facts


def _vault_vendor(say: Words) -> Json:
    vaultable = [int(row["hash"]) for row in table("buckets") if row["vaultable"] == "yes"]
    accepted = [{"acceptedInventoryBucketHash": each, "destinationInventoryBucketHash": _GENERAL} for each in vaultable]
    return _named(VAULT_VENDOR, say("Vault")) | {"vendorIdentifier": "VAULT", "acceptedItems": accepted} | _VENDOR


_VENDOR: Json = {
    "enabled": True,
    "visible": True,
    "itemList": [],
    "categories": [],
    "displayCategories": [],
    "failureStrings": [],
}
