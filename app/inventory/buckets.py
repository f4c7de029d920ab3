"""The buckets of the game: which belong together, in which order, and which are the postmaster's.

Hashes are facts of Destiny 2; names and capacities always come from the definitions.
"""

from __future__ import annotations

from enum import StrEnum

from app.inventory.definitions import BucketDefinition

VAULT = 138197802
LOST_ITEMS = 215593132
MESSAGES = 3161908920
SPECIAL_ORDERS = 1367666825
ENGRAMS = 375726501
SUBCLASS = 3284755031
EMBLEMS = 4274335291

POSTMASTER = frozenset({LOST_ITEMS, MESSAGES, SPECIAL_ORDERS})


class Group(StrEnum):
    WEAPONS = "weapons"
    ARMOR = "armor"
    GENERAL = "general"
    INVENTORY = "inventory"
    POSTMASTER = "postmaster"
    QUESTS = "quests"
    CURRENCIES = "currencies"
    OTHER = "other"


# Game order: the position in this table is the position on the page.
_ORDER: dict[int, Group] = {
    LOST_ITEMS: Group.POSTMASTER,
    MESSAGES: Group.POSTMASTER,
    SPECIAL_ORDERS: Group.POSTMASTER,
    ENGRAMS: Group.POSTMASTER,
    1498876634: Group.WEAPONS,  # kinetic
    2465295065: Group.WEAPONS,  # energy
    953998645: Group.WEAPONS,  # power
    3448274439: Group.ARMOR,  # helmet
    3551918588: Group.ARMOR,  # gauntlets
    14239492: Group.ARMOR,  # chest
    20886954: Group.ARMOR,  # leg
    1585787867: Group.ARMOR,  # class armor
    SUBCLASS: Group.GENERAL,
    1506418338: Group.GENERAL,  # seasonal artifact
    4023194814: Group.GENERAL,  # ghost
    2025709351: Group.GENERAL,  # vehicle
    284967655: Group.GENERAL,  # ships
    EMBLEMS: Group.GENERAL,
    1107761855: Group.GENERAL,  # emotes
    3054419239: Group.GENERAL,  # emotes of 2017
    3683254069: Group.GENERAL,  # finishers
    4292445962: Group.GENERAL,  # clan banners
    1469714392: Group.INVENTORY,  # consumables
    3313201758: Group.INVENTORY,  # modifications
    3865314626: Group.INVENTORY,  # materials
    687325600: Group.INVENTORY,  # accessories
    1345459588: Group.QUESTS,
    635141261: Group.QUESTS,  # orders
    1801258597: Group.QUESTS,  # milestone quests
}
_POSITION = {bucket_hash: position for position, bucket_hash in enumerate(_ORDER)}
_GROUP_POSITION = {group: position for position, group in enumerate(Group)}

_CURRENCY_CATEGORY = 2
_POSTMASTER_LOCATION = 4


def group_of(bucket_hash: int, definition: BucketDefinition | None) -> Group:
    """Where a bucket stands on a page. A bucket that is new to us is placed by what its definition says."""
    known = _ORDER.get(bucket_hash)
    if known is not None:
        return known
    if definition is None:
        return Group.OTHER
    if definition.category == _CURRENCY_CATEGORY:
        return Group.CURRENCIES
    if definition.location == _POSTMASTER_LOCATION:
        return Group.POSTMASTER
    return Group.OTHER


def position_of(bucket_hash: int, definition: BucketDefinition | None) -> tuple[int, int, int, int]:
    """Sort key of a bucket: group, our table, then Bungie's own order."""
    group = group_of(bucket_hash, definition)
    order = definition.order if definition else 0
    return (_GROUP_POSITION[group], _POSITION.get(bucket_hash, len(_POSITION)), order, bucket_hash)
