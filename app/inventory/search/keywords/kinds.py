"""What an item is by nature: element, class, slot, type, ammunition, rarity, maker."""

from __future__ import annotations

from collections.abc import Mapping

from app.inventory.search.facts import ARMOR, WEAPON, Subject
from app.inventory.search.keyword import Chapter, Keyword, Predicate, choice, flag

_ELEMENTS = {"kinetic": 1, "arc": 2, "solar": 3, "void": 4, "stasis": 6, "strand": 7}
_CLASSES = {"titan": 0, "hunter": 1, "warlock": 2}

# Home buckets; the last four are places where items of any kind lie.
_SLOTS: Mapping[str, tuple[int, str]] = {
    "kineticslot": (1498876634, "kinetic weapon"),
    "energy": (2465295065, "energy weapon"),
    "power": (953998645, "power weapon"),
    "helmet": (3448274439, "helmet"),
    "gauntlets": (3551918588, "gauntlets"),
    "chest": (14239492, "chest armor"),
    "leg": (20886954, "leg armor"),
    "classitem": (1585787867, "class item"),
    "subclass": (3284755031, "subclass"),
    "ghost": (4023194814, "ghost"),
    "emblems": (4274335291, "emblem"),
    "ships": (284967655, "ship"),
    "vehicle": (2025709351, "vehicle"),
    "emotes": (1107761855, "emote"),
    "finishers": (3683254069, "finisher"),
    "seasonalartifacts": (1506418338, "artifact"),
    "accessories": (687325600, "accessory"),
    "consumables": (1469714392, "consumable"),
    "modifications": (3313201758, "modification"),
    "engrams": (375726501, "engram"),
    "lostitems": (215593132, "postmaster"),
    "messages": (3161908920, "message"),
    "specialorders": (1367666825, "special order"),
}
# Words to DestinyItemSubType.
_WEAPONS: Mapping[str, tuple[int, str, tuple[str, ...]]] = {
    "autorifle": (6, "auto rifles", ()),
    "shotgun": (7, "shotguns", ()),
    "machinegun": (8, "machine guns", ("lmg",)),
    "handcannon": (9, "hand cannons", ()),
    "rocketlauncher": (10, "rocket launchers", ()),
    "fusionrifle": (11, "fusion rifles, linear ones left out", ()),
    "sniperrifle": (12, "sniper rifles", ()),
    "pulserifle": (13, "pulse rifles", ()),
    "scoutrifle": (14, "scout rifles", ()),
    "sidearm": (17, "sidearms", ()),
    "sword": (18, "swords", ()),
    "linearfusionrifle": (22, "linear fusion rifles", ("lfr",)),
    "grenadelauncher": (23, "grenade launchers of both kinds", ()),
    "submachine": (24, "submachine guns", ("smg", "submachinegun")),
    "tracerifle": (25, "trace rifles", ()),
    "bow": (31, "combat bows", ()),
    "glaive": (33, "glaives", ()),
}
_GRENADE_LAUNCHER, _HEAVY = 23, 3
# Words to item categories.
_CATEGORIES: Mapping[str, tuple[int, str]] = {
    "transmat": (208981632, "transmat effects of ships"),
    "weaponmod": (610365472, "mods for weapons"),
    "armormod": (4104513227, "mods for armor"),
    "reptoken": (2088636411, "tokens that are handed in for reputation"),
}
_AMMO = {"primary": 1, "special": 2, "heavy": 3}
_RARITIES = {
    "common": (2, "white"),
    "uncommon": (3, "green"),
    "rare": (4, "blue"),
    "legendary": (5, "purple"),
    "exotic": (6, "yellow"),
}
# Emblem, clan banner, ship, vehicle, emote, ghost, finisher.
_COSMETIC_TYPES = frozenset({14, 17, 21, 22, 23, 24, 29})
_COSMETIC_MODS = frozenset({20, 21})  # DestinyItemSubType: shader, ornament
_MOD = 19
_BREAKERS: Mapping[str, int] = {
    "antibarrier": 1, "barrier": 1, "shieldpiercing": 1, "overload": 2, "disruption": 2, "unstoppable": 3, "stagger": 3,
}  # fmt: skip
_BREAKER_CATEGORIES = {1793728308: 1, 964228942: 2, 2906646562: 3}
_FOUNDRIES = ("daito", "hakke", "omolon", "suros", "tex-mechanica", "veist")


def element_of(subject: Subject) -> int:
    return subject.instance.damage_type or subject.known.damage_type


def breaker_of(subject: Subject) -> int:
    """Which champion an item stops, 0 for none: by its copy, its definition or its category."""
    known = subject.known
    named = subject.instance.breaker_type or known.breaker_type
    return named or next(
        (_BREAKER_CATEGORIES[each] for each in known.category_hashes if each in _BREAKER_CATEGORIES), 0
    )


def _is_element(*numbers: int) -> Predicate:
    return lambda subject: element_of(subject) in numbers


def _in_slot(bucket: int) -> Predicate:
    return lambda subject: bucket in (subject.known.bucket_hash, subject.item.bucket_hash)


def _is_weapon(sub_type: int) -> Predicate:
    return lambda subject: subject.known.sub_type == sub_type and subject.known.item_type == WEAPON


def _is_launcher(*, heavy: bool) -> Predicate:
    is_launcher = _is_weapon(_GRENADE_LAUNCHER)
    return lambda subject: is_launcher(subject) and (subject.known.ammo_type == _HEAVY) is heavy


def _in_category(category: int) -> Predicate:
    return lambda subject: category in subject.known.category_hashes


def _is_class(number: int) -> Predicate:
    return lambda subject: subject.known.class_type == number


def _uses_ammo(number: int) -> Predicate:
    return lambda subject: subject.known.ammo_type == number


def _is_rarity(tier: int) -> Predicate:
    return lambda subject: subject.known.tier == tier


def _stops(number: int) -> Predicate:
    return lambda subject: breaker_of(subject) == number


def _made_by(foundry: str) -> Predicate:
    trait = "foundry." + foundry.replace("-", "_")
    return lambda subject: trait in subject.known.trait_ids


def _has_foundry(subject: Subject) -> bool:
    return any(trait.startswith("foundry.") for trait in subject.known.trait_ids)


def _is_cosmetic(subject: Subject) -> bool:
    known = subject.known
    return known.item_type in _COSMETIC_TYPES or (known.item_type == _MOD and known.sub_type in _COSMETIC_MODS)


def _slots() -> tuple[Keyword, ...]:
    return tuple(
        flag(word, f"Items whose slot or place is: {what}.", _in_slot(bucket))
        for word, (bucket, what) in _SLOTS.items()
    )


def _weapons() -> tuple[Keyword, ...]:
    return tuple(
        flag(word, f"Weapons: {what}.", _is_weapon(sub_type), *aliases)
        for word, (sub_type, what, aliases) in _WEAPONS.items()
    )


CHAPTERS = (
    Chapter("element", "Element", (
        *(flag(word, f"Items of the element {word}.", _is_element(number)) for word, number in _ELEMENTS.items()),
        flag("light", "Items of an element of the Light: arc, solar or void.", _is_element(2, 3, 4)),
        flag("dark", "Items of an element of the Darkness: stasis or strand.", _is_element(6, 7)),
    )),
    Chapter("class", "Class", tuple(
        flag(word, f"Items that only a {word} can use.", _is_class(number)) for word, number in _CLASSES.items()
    )),
    Chapter("slot", "Slot", _slots()),
    Chapter("type", "Type", (
        *_weapons(),
        flag("heavygrenadelauncher", "Weapons: grenade launchers with heavy ammunition.", _is_launcher(heavy=True)),
        flag("specialgrenadelauncher", "Weapons: grenade launchers with other ammunition.", _is_launcher(heavy=False)),
        *(flag(word, f"Things: {what}.", _in_category(number)) for word, (number, what) in _CATEGORIES.items()),
        flag("weapon", "All weapons.", lambda subject: subject.known.item_type == WEAPON),
        flag("armor", "All armor.", lambda subject: subject.known.item_type == ARMOR),
        flag("equipment", "Everything that a character can wear or carry in the hand.",
             lambda subject: subject.known.is_equippable, "equippable"),
        flag("cosmetic", "Everything that is only for the looks, ghosts and ships included.", _is_cosmetic),
    )),
    Chapter("ammo", "Ammunition", tuple(
        flag(word, f"Weapons that use {word} ammunition.", _uses_ammo(number)) for word, number in _AMMO.items()
    )),
    Chapter("rarity", "Rarity", tuple(
        flag(word, f"Items of the rarity {word}, shown in {color}.", _is_rarity(tier), color)
        for word, (tier, color) in _RARITIES.items()
    )),
    Chapter("champion", "Champions", (
        choice("breaker", "Weapons and artifacts that stop a kind of champion by themselves.", {
            "any": lambda subject: breaker_of(subject) > 0,
            "intrinsic": lambda subject: subject.known.breaker_type > 0,
            **{word: _stops(number) for word, number in _BREAKERS.items()},
        }),
    )),
    Chapter("maker", "Maker", (
        choice("foundry", "Weapons by the foundry that makes them.", {
            "any": _has_foundry, **{word: _made_by(word) for word in _FOUNDRIES},
        }),
    )),
)  # fmt: skip
