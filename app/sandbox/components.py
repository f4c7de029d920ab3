"""Component filtering: which parts of a profile were asked for, recorded, and may be seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.sandbox.envelope import BungieError, Json

_PUBLIC = 1
_PRIVATE = 2
_MOST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Component:
    """One of Bungie's component types: its name, the response fields it fills, and its part of `itemComponents`."""

    name: str
    fields: tuple[str, ...] = ()
    item_part: str = ""


COMPONENTS: dict[int, Component] = {
    100: Component("Profiles", ("profile",)),
    101: Component("VendorReceipts", ("vendorReceipts",)),
    102: Component("ProfileInventories", ("profileInventory",)),
    103: Component("ProfileCurrencies", ("profileCurrencies",)),
    104: Component("ProfileProgression", ("profileProgression",)),
    105: Component("PlatformSilver", ("platformSilver",)),
    200: Component("Characters", ("characters",)),
    201: Component("CharacterInventories", ("characterInventories",)),
    202: Component("CharacterProgressions", ("characterProgressions",)),
    203: Component("CharacterRenderData", ("characterRenderData",)),
    204: Component("CharacterActivities", ("characterActivities",)),
    205: Component("CharacterEquipment", ("characterEquipment",)),
    206: Component("CharacterLoadouts", ("characterLoadouts",)),
    300: Component("ItemInstances", item_part="instances"),
    301: Component("ItemObjectives", ("characterUninstancedItemComponents",), "objectives"),
    302: Component("ItemPerks", ("characterUninstancedItemComponents",), "perks"),
    303: Component("ItemRenderData", item_part="renderData"),
    304: Component("ItemStats", item_part="stats"),
    305: Component("ItemSockets", ("profilePlugSets", "characterPlugSets"), "sockets"),
    306: Component("ItemTalentGrids", item_part="talentGrids"),
    307: Component("ItemCommonData"),
    308: Component("ItemPlugStates", item_part="plugStates"),
    309: Component("ItemPlugObjectives", item_part="plugObjectives"),
    310: Component("ItemReusablePlugs", item_part="reusablePlugs"),
    400: Component("Vendors", ("vendors", "vendorGroups")),
    401: Component("VendorCategories", ("categories",)),
    402: Component("VendorSales", ("sales",)),
    500: Component("Kiosks", ("profileKiosks", "characterKiosks")),
    600: Component("CurrencyLookups", ("characterCurrencyLookups", "currencyLookups")),
    700: Component("PresentationNodes", ("profilePresentationNodes", "characterPresentationNodes")),
    800: Component("Collectibles", ("profileCollectibles", "characterCollectibles")),
    900: Component("Records", ("profileRecords", "characterRecords")),
    1000: Component("Transitory", ("profileTransitoryData",)),
    1100: Component("Metrics", ("metrics",)),
    1200: Component("StringVariables", ("profileStringVariables", "characterStringVariables", "stringVariables")),
    1300: Component("Craftables", ("characterCraftables",)),
    1400: Component("SocialCommendations", ("profileCommendations",)),
}
_BY_NAME = {component.name.lower(): number for number, component in COMPONENTS.items()}


def requested(listed: str) -> frozenset[int]:
    """The numbers in a `components` parameter, given as numbers or names. Raises `BungieError` 7 for anything else."""
    return frozenset(_number(part.strip()) for part in listed.split(",") if part.strip())


def item_parts(numbers: Iterable[int]) -> list[str]:
    """The fields of `itemComponents` that these components fill."""
    return [COMPONENTS[number].item_part for number in sorted(numbers) if COMPONENTS[number].item_part]


def select(recorded: Json, numbers: Iterable[int], *, is_owner: bool) -> Json:
    """The components of `recorded` that were asked for; what the asker may not see keeps its `privacy` only."""
    wanted = {name for number in numbers for name in COMPONENTS[number].fields}
    chosen = {name: visible(recorded[name], is_owner=is_owner) for name in recorded if name in wanted}
    parts = item_parts(numbers)
    if parts and "itemComponents" in recorded:
        whole = recorded["itemComponents"]
        chosen["itemComponents"] = {part: visible(whole[part], is_owner=is_owner) for part in parts if part in whole}
    return chosen


def visible(component: Json, *, is_owner: bool) -> Json:
    if is_owner or component.get("privacy", _PRIVATE) <= _PUBLIC:
        return component
    return {"privacy": _PRIVATE}


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        named = _BY_NAME.get(text.lower())
        if named is None:
            raise BungieError(7)
        return named
    number = int(text)
    if number not in COMPONENTS:
        raise BungieError(7)
    return number
