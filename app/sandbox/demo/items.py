"""Item definitions in Bungie's own shape, written from the models."""

from app.sandbox.demo.art import Gallery
from app.sandbox.demo.blocks import (
    ARMOR_STAT_HASHES,
    ARMOR_STATS,
    ATTACK,
    DEFENSE,
    TIER_NAMES,
    WEAPON_STATS,
    collectible_hash,
    damage_block,
    display,
    equipping_block,
    has_perk,
    inventory_block,
    is_bound,
    is_equippable,
    lore_hash,
    perk_hash,
    plug_model,
    skeleton,
    socket_block,
    stat_block,
    weapon_stats,
)
from app.sandbox.demo.catalogue import DAMAGE_TYPES, SIDE_EFFECTS, TIERS, Model
from app.sandbox.demo.deeds import patterns, pursuit_block
from app.sandbox.demo.numbers import DATE_OBJECTIVE, LEVEL_OBJECTIVE, TRACKER_OBJECTIVE
from app.sandbox.demo.points import investments, points_of
from app.sandbox.demo.tables import document, keyed
from app.sandbox.demo.words import Words
from app.sandbox.envelope import Json

_NEWEST_SEASON = 28


class ItemWriter:
    """Writes definition rows in one language; pictures go to the gallery."""

    def __init__(self, say: Words, gallery: Gallery) -> None:
        self._say = say
        self._gallery = gallery

    def row(self, model: Model) -> Json:
        """The whole definition of a model, without its `index`."""
        if model.is_classified:
            return self._classified(model)
        say, kind = self._say, keyed("kinds", "kind")[model.kind]
        tier_name = say(TIER_NAMES[TIERS[model.tier]])
        row = skeleton(model) | {
            "displayProperties": display(say(model.name), self._description(model), self._gallery.item_icon(model)),
            "itemTypeDisplayName": say(model.type_name),
            "itemTypeAndTierDisplayName": f"{tier_name} {say(model.type_name)}",
            "flavorText": self._flavour(model),
            "inventory": inventory_block(model, tier_name),
            "itemType": int(kind["item_type"]),
            "itemSubType": int(kind["sub_type"]),
            "itemCategoryHashes": [int(each) for each in kind["categories"].split()],
            "equippable": is_equippable(model),
            "nonTransferrable": is_bound(model),
            "doesPostmasterPullHaveSideEffects": model.hash == SIDE_EFFECTS,
        }
        if model.hash in patterns():
            row["inventory"]["recipeItemHash"] = patterns()[model.hash]
        return row | self._season(model) | self._combat(model) | self._emblem(model) | pursuit_block(model)

    def plug(self, row: dict[str, str]) -> Json:
        """A perk, mod, shader or masterwork: an item that lives in sockets."""
        socket = keyed("sockets", "kind")[row["kind"]]
        model = plug_model(row)
        energy = {"energyCost": 1, "energyTypeHash": 1198124803, "energyType": 0}
        plug: Json = {
            "plugCategoryHash": int(socket["identifier_hash"]),
            "plugCategoryIdentifier": socket["identifier"],
            "insertionMaterialRequirementHash": 0,
            "isDummyPlug": False,
            "uiPlugLabel": "masterwork" if row["name"].startswith("Masterworked") else "",
            "enabledRules": [],
            "insertionRules": [],
        }
        if row["kind"].endswith("mod") and not row["name"].startswith("Empty"):
            plug["energyCost"] = energy
        shape = row["kind"] if row["kind"] in {"shader", "mod"} else "perk"
        icon = self._gallery.item_icon(_shaped(model, shape))
        shown = display(self._say(row["name"]), row["text"], icon)
        given = {"investmentStats": investments(points_of(model.hash))}
        counted = {"objectives": {"objectiveHashes": _counted_by(row)}}
        return self.row(model) | given | counted | {"plug": plug, "displayProperties": shown, "perks": _perks_of(row)}

    def _description(self, model: Model) -> str:
        made = {"quest": "One step of a longer road.", "bounty": "A small errand with a small reward."}
        return made.get(model.kind, f"{model.type_name}." if not model.is_instanced else "")

    def _flavour(self, model: Model) -> str:
        lines = document("flavour")
        return model.flavour or (lines[model.hash % len(lines)] if model.is_weapon or model.is_armor else "")

    def _season(self, model: Model) -> Json:
        if not model.season:
            return {}
        mark = self._gallery.watermark(model.season)
        season = keyed("seasons", "number")[str(model.season)]
        return {
            "iconWatermark": mark,
            "iconWatermarkShelved": mark,
            "isFeaturedItem": model.season == _NEWEST_SEASON,
            "seasonHash": int(season["hash"]),
            "quality": {
                "itemLevels": [],
                "qualityLevel": 0,
                "infusionCategoryName": "",
                "infusionCategoryHash": 0,
                "infusionCategoryHashes": [],
                "progressionLevelRequirementHash": 0,
                "currentVersion": 0,
                "versions": [{"powerCapHash": 2759499571}],
                "displayVersionWatermarkIcons": [mark],
            },
        }

    def _combat(self, model: Model) -> Json:
        damage = DAMAGE_TYPES[model.element]
        combat: Json = {}
        if is_equippable(model):
            combat["equippingBlock"] = equipping_block(model)
        if model.is_weapon:
            combat |= damage_block(damage) | {"stats": stat_block(weapon_stats(model), WEAPON_STATS, ATTACK)}
            combat["investmentStats"] = investments(weapon_stats(model))
        elif model.kind == "subclass":
            combat["talentGrid"] = {
                "talentGridHash": 0,
                "itemDetailString": "",
                "buildName": "",
                "hudDamageType": damage,
            }
        if model.is_armor:
            combat["stats"] = stat_block(dict.fromkeys(ARMOR_STAT_HASHES, 0), ARMOR_STATS, DEFENSE)
        layout = keyed("kinds", "kind")[model.kind]["layout"]
        if layout:
            combat["sockets"] = socket_block(layout)
        if model.tier == "exotic" and (model.is_weapon or model.is_armor):
            combat |= {"collectibleHash": collectible_hash(model), "loreHash": lore_hash(model)}
            combat["screenshot"] = self._gallery.screenshot(model)
        return combat

    def _emblem(self, model: Model) -> Json:
        if model.kind != "emblem":
            return {}
        banner = self._gallery.banner(model)
        return {"secondaryIcon": banner, "secondarySpecial": banner, "secondaryOverlay": self._gallery.item_icon(model)}

    def _classified(self, model: Model) -> Json:
        """Bungie's own shape of a redacted row: no type, no rarity, no icon, and always a Titan's."""
        shown = display(self._say("Classified"), "Keep it secret.", self._gallery.item_icon(model))
        row = skeleton(model) | {"redacted": True, "classType": 0, "equippable": model.is_instanced, "itemType": 0}
        inventory = inventory_block(model, "") | {"tierType": 0, "tierTypeHash": 0}
        return row | {"displayProperties": shown | {"hasIcon": False}, "inventory": inventory, "itemSubType": 0}


def _shaped(model: Model, shape: str) -> Model:
    return Model(model.hash, model.name, shape, "common", model.bucket, model.type_name, is_instanced=False)


def _perks_of(row: dict[str, str]) -> list[Json]:
    if not has_perk(row):
        return []
    return [{"perkHash": perk_hash(int(row["hash"])), "perkVisibility": 0, "requirementDisplayString": ""}]


def _counted_by(row: dict[str, str]) -> list[int]:
    """What a plug counts; a tracker that is switched off counts nothing."""
    if row["kind"] == "shaped":
        return [LEVEL_OBJECTIVE, DATE_OBJECTIVE]
    return [TRACKER_OBJECTIVE] if row["kind"] == "tracker" and "Disabled" not in row["name"] else []
