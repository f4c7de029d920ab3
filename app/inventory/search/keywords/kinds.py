"""What an item is by nature: element, class, slot, type, ammunition, rarity, maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.inventory import champions
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Reading, Subject, once_per_copy
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, choice, flag, picked
from app.inventory.sentences import N_

# Words to their number in the game's data, and what the keyword says.
_ELEMENTS = {
    "kinetic": (1, N_("Items of the element kinetic.")),
    "arc": (2, N_("Items of the element arc.")),
    "solar": (3, N_("Items of the element solar.")),
    "void": (4, N_("Items of the element void.")),
    "stasis": (6, N_("Items of the element stasis.")),
    "strand": (7, N_("Items of the element strand.")),
}
_CLASSES = {
    "titan": (0, N_("Items that only a titan can use.")),
    "hunter": (1, N_("Items that only a hunter can use.")),
    "warlock": (2, N_("Items that only a warlock can use.")),
}

# Home buckets; the last four are places where items of any kind lie.
_SLOTS: Mapping[str, tuple[int, str]] = {
    "kineticslot": (1498876634, N_("Items whose slot or place is: kinetic weapon.")),
    "energy": (2465295065, N_("Items whose slot or place is: energy weapon.")),
    "power": (953998645, N_("Items whose slot or place is: power weapon.")),
    "helmet": (3448274439, N_("Items whose slot or place is: helmet.")),
    "gauntlets": (3551918588, N_("Items whose slot or place is: gauntlets.")),
    "chest": (14239492, N_("Items whose slot or place is: chest armor.")),
    "leg": (20886954, N_("Items whose slot or place is: leg armor.")),
    "classitem": (1585787867, N_("Items whose slot or place is: class item.")),
    "subclass": (3284755031, N_("Items whose slot or place is: subclass.")),
    "ghost": (4023194814, N_("Items whose slot or place is: ghost.")),
    "emblems": (4274335291, N_("Items whose slot or place is: emblem.")),
    "ships": (284967655, N_("Items whose slot or place is: ship.")),
    "vehicle": (2025709351, N_("Items whose slot or place is: vehicle.")),
    "emotes": (1107761855, N_("Items whose slot or place is: emote.")),
    "finishers": (3683254069, N_("Items whose slot or place is: finisher.")),
    "seasonalartifacts": (1506418338, N_("Items whose slot or place is: artifact.")),
    "accessories": (687325600, N_("Items whose slot or place is: accessory.")),
    "consumables": (1469714392, N_("Items whose slot or place is: consumable.")),
    "modifications": (3313201758, N_("Items whose slot or place is: modification.")),
    "engrams": (375726501, N_("Items whose slot or place is: engram.")),
    "lostitems": (215593132, N_("Items whose slot or place is: postmaster.")),
    "messages": (3161908920, N_("Items whose slot or place is: message.")),
    "specialorders": (1367666825, N_("Items whose slot or place is: special order.")),
}
# Words to DestinyItemSubType.
_WEAPONS: Mapping[str, tuple[int, str, tuple[str, ...]]] = {
    "autorifle": (6, N_("Weapons: auto rifles."), ()),
    "shotgun": (7, N_("Weapons: shotguns."), ()),
    "machinegun": (8, N_("Weapons: machine guns."), ("lmg",)),
    "handcannon": (9, N_("Weapons: hand cannons."), ()),
    "rocketlauncher": (10, N_("Weapons: rocket launchers."), ()),
    "fusionrifle": (11, N_("Weapons: fusion rifles, linear ones left out."), ()),
    "sniperrifle": (12, N_("Weapons: sniper rifles."), ()),
    "pulserifle": (13, N_("Weapons: pulse rifles."), ()),
    "scoutrifle": (14, N_("Weapons: scout rifles."), ()),
    "sidearm": (17, N_("Weapons: sidearms."), ()),
    "sword": (18, N_("Weapons: swords."), ()),
    "linearfusionrifle": (22, N_("Weapons: linear fusion rifles."), ("lfr",)),
    "grenadelauncher": (23, N_("Weapons: grenade launchers of both kinds."), ()),
    "submachine": (24, N_("Weapons: submachine guns."), ("smg", "submachinegun")),
    "tracerifle": (25, N_("Weapons: trace rifles."), ()),
    "bow": (31, N_("Weapons: combat bows."), ()),
    "glaive": (33, N_("Weapons: glaives."), ()),
}
_GRENADE_LAUNCHER, _HEAVY = 23, 3
# Words to item categories.
_CATEGORIES: Mapping[str, tuple[int, str]] = {
    "transmat": (208981632, N_("Things: transmat effects of ships.")),
    "weaponmod": (610365472, N_("Things: mods for weapons.")),
    "armormod": (4104513227, N_("Things: mods for armor.")),
    "reptoken": (2088636411, N_("Things: tokens that are handed in for reputation.")),
}
_AMMO = {
    "primary": (1, N_("Weapons that use primary ammunition.")),
    "special": (2, N_("Weapons that use special ammunition.")),
    "heavy": (3, N_("Weapons that use heavy ammunition.")),
}
_RARITIES = {
    "common": (2, "white", N_("Items of the rarity common, shown in white.")),
    "uncommon": (3, "green", N_("Items of the rarity uncommon, shown in green.")),
    "rare": (4, "blue", N_("Items of the rarity rare, shown in blue.")),
    "legendary": (5, "purple", N_("Items of the rarity legendary, shown in purple.")),
    "exotic": (6, "yellow", N_("Items of the rarity exotic, shown in yellow.")),
}
# Emblem, clan banner, ship, vehicle, emote, ghost, finisher.
_COSMETIC_TYPES = frozenset({14, 17, 21, 22, 23, 24, 29})
_COSMETIC_MODS = frozenset({20, 21})  # DestinyItemSubType: shader, ornament
_MOD = 19
_BREAKERS: Mapping[str, int] = {
    "antibarrier": 1, "barrier": 1, "shieldpiercing": 1, "overload": 2, "disruption": 2, "unstoppable": 3, "stagger": 3,
}  # fmt: skip
_FOUNDRIES = ("daito", "hakke", "omolon", "suros", "tex-mechanica", "veist")


def element_of(subject: Subject) -> int:
    return subject.instance.damage_type or subject.known.damage_type


def breaker_of(facts: Collection, subject: Subject) -> int:
    """Which champion an item stops, 0 for none."""
    return _breaker(facts.reading, subject)


@once_per_copy
def _breaker(reading: Reading, subject: Subject) -> int:
    plugs = (each.plug for each in reading.plugged(subject) if each.is_enabled)
    return champions.breaker_of(subject.known, subject.instance, plugs)


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


def _stops(argument: str, facts: Collection) -> Predicate:
    test = picked(argument, _STOPS)
    return lambda subject: test(subject, breaker_of(facts, subject))


def _is_kind(number: int) -> Callable[[Subject, int], bool]:
    return lambda _subject, found: found == number


# Of an item and the champion that it stops.
_STOPS: Mapping[str, Callable[[Subject, int], bool]] = {
    "any": lambda _subject, found: found > 0,
    "intrinsic": lambda subject, _found: subject.known.breaker_type > 0,
    **{word: _is_kind(number) for word, number in _BREAKERS.items()},
}


def _made_by(foundry: str) -> Predicate:
    trait = "foundry." + foundry.replace("-", "_")
    return lambda subject: trait in subject.known.trait_ids


def _has_foundry(subject: Subject) -> bool:
    return any(trait.startswith("foundry.") for trait in subject.known.trait_ids)


def _is_cosmetic(subject: Subject) -> bool:
    known = subject.known
    return known.item_type in _COSMETIC_TYPES or (known.item_type == _MOD and known.sub_type in _COSMETIC_MODS)


def _slots() -> tuple[Keyword, ...]:
    return tuple(flag(word, says, _in_slot(bucket)) for word, (bucket, says) in _SLOTS.items())


def _weapons() -> tuple[Keyword, ...]:
    return tuple(
        flag(word, says, _is_weapon(sub_type), *aliases) for word, (sub_type, says, aliases) in _WEAPONS.items()
    )


CHAPTERS = (
    Chapter("element", N_("Element"), (
        *(flag(word, says, _is_element(number)) for word, (number, says) in _ELEMENTS.items()),
        flag("light", N_("Items of an element of the Light: arc, solar or void."), _is_element(2, 3, 4)),
        flag("dark", N_("Items of an element of the Darkness: stasis or strand."), _is_element(6, 7)),
    )),
    Chapter("class", N_("Class"), tuple(
        flag(word, says, _is_class(number)) for word, (number, says) in _CLASSES.items()
    )),
    Chapter("slot", N_("Slot"), _slots()),
    Chapter("type", N_("Type"), (
        *_weapons(),
        flag("heavygrenadelauncher", N_("Weapons: grenade launchers with heavy ammunition."), _is_launcher(heavy=True)),
        flag("specialgrenadelauncher", N_("Weapons: grenade launchers with other ammunition."),
             _is_launcher(heavy=False)),
        *(flag(word, says, _in_category(number)) for word, (number, says) in _CATEGORIES.items()),
        flag("weapon", N_("All weapons."), lambda subject: subject.known.item_type == WEAPON),
        flag("armor", N_("All armor."), lambda subject: subject.known.item_type == ARMOR),
        flag("equipment", N_("Everything that a character can wear or carry in the hand."),
             lambda subject: subject.known.is_equippable, "equippable"),
        flag("cosmetic", N_("Everything that is only for the looks, ghosts and ships included."), _is_cosmetic),
    )),
    Chapter("ammo", N_("Ammunition"), tuple(
        flag(word, says, _uses_ammo(number)) for word, (number, says) in _AMMO.items()
    )),
    Chapter("rarity", N_("Rarity"), tuple(
        flag(word, says, _is_rarity(tier), color) for word, (tier, color, says) in _RARITIES.items()
    )),
    Chapter("champion", N_("Champions"), (
        Keyword("breaker", Form.CHOICE, N_("Weapons and artifacts that stop a kind of champion by themselves."), _stops,
                (), tuple(_STOPS), need=Need.PLUGS),
    )),
    Chapter("maker", N_("Maker"), (
        choice("foundry", N_("Weapons by the foundry that makes them."), {
            "any": _has_foundry, **{word: _made_by(word) for word in _FOUNDRIES},
        }),
    )),
)  # fmt: skip
