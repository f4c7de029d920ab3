"""Equipping: one item per slot, one exotic per group, the wearer's class, and the light that follows from it."""

from app.sandbox.definitions import Definitions, ItemFacts
from app.sandbox.envelope import BungieError, Json
from app.sandbox.player import POSTMASTERS, Player
from app.sandbox.rules import class_type_of, may_wear

_EQUIPPED = 1
_POWER_SLOTS = frozenset(
    {1498876634, 2465295065, 953998645, 3448274439, 3551918588, 14239492, 20886954, 1585787867},
)


def equip(player: Player, definitions: Definitions, character_id: str, item_id: str) -> None:
    """Put a carried item on. Wearing what is worn already is a success. Raises `BungieError`."""
    worn, carried = player.worn(character_id), player.carried(character_id)
    if any(item.get("itemInstanceId") == item_id for item in worn):
        return
    item = next((item for item in carried if item.get("itemInstanceId") == item_id), None)
    if item is None or item["bucketHash"] in POSTMASTERS:
        raise BungieError(1623)
    facts = definitions.item(item["itemHash"])
    if facts is None or not may_wear(facts, class_type_of(player, character_id)):
        raise BungieError(1640)
    _refuse_second_exotic(definitions, worn, item, facts)
    before = _power(player, character_id)
    _swap(player, worn, carried, item)
    _adjust_light(player, character_id, before)


def _refuse_second_exotic(definitions: Definitions, worn: list[Json], item: Json, facts: ItemFacts) -> None:
    """The item in the same slot comes off, so only other slots count."""
    if not facts.unique_label:
        return
    for other in worn:
        known = definitions.item(other["itemHash"])
        if other["bucketHash"] != item["bucketHash"] and known and known.unique_label == facts.unique_label:
            raise BungieError(1641)


def _swap(player: Player, worn: list[Json], carried: list[Json], item: Json) -> None:
    carried[:] = [other for other in carried if other is not item]
    for other in [other for other in worn if other["bucketHash"] == item["bucketHash"]]:
        worn[:] = [kept for kept in worn if kept is not other]
        carried.append(other)
        _mark(player, other, is_worn=False)
    worn.append(item)
    _mark(player, item, is_worn=True)


def _mark(player: Player, item: Json, *, is_worn: bool) -> None:
    kept = item["transferStatus"] & ~_EQUIPPED
    item["transferStatus"] = kept | _EQUIPPED if is_worn else kept
    row = player.instance_data("instances", item["itemInstanceId"])
    if row is not None:
        row["isEquipped"] = is_worn


def _power(player: Player, character_id: str) -> int | None:
    """Whole points of the mean power of the eight gear slots, None when any of them is bare or not recorded."""
    values = []
    for item in player.worn(character_id):
        row = player.instance_data("instances", item.get("itemInstanceId", "")) or {}
        if item["bucketHash"] in _POWER_SLOTS and "primaryStat" in row:
            values.append(row["primaryStat"]["value"])
    return sum(values) // len(values) if len(values) == len(_POWER_SLOTS) else None


def _adjust_light(player: Player, character_id: str, before: int | None) -> None:
    """By the difference, because a recorded light may hold a bonus that no item carries."""
    after = _power(player, character_id)
    character = (player.data("characters") or {}).get(character_id)
    if before is not None and after is not None and character is not None:
        character["light"] += after - before
