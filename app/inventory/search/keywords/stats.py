"""Numbers of weapons and armor, and which pieces are the best a player has for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from app.inventory.definitions import TIER_EXOTIC
from app.inventory.search.errors import Fault
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, Refused, asking, picked
from app.inventory.search.numbers import Test, number_test
from app.inventory.search.text import fold
from app.inventory.sentences import N_

WEAPONS, HEALTH, CLASS, GRENADE, SUPER, MELEE = 2996146975, 392767087, 1943323491, 1735777505, 144602215, 4244567218
SIX = (WEAPONS, HEALTH, CLASS, GRENADE, SUPER, MELEE)
TODAY: Mapping[str, int] = {
    "weapons": WEAPONS, "health": HEALTH, "class": CLASS, "grenade": GRENADE, "super": SUPER, "melee": MELEE,
}  # fmt: skip
# The names that the six had until the summer of 2025.
_OLD: Mapping[str, int] = {
    "mobility": WEAPONS, "resilience": HEALTH, "recovery": CLASS, "discipline": GRENADE, "intellect": SUPER,
    "strength": MELEE,
}  # fmt: skip
ARMOR_NAMES = {**TODAY, **_OLD}
WEAPON_STATS: Mapping[str, int] = {
    "rpm": 4284893193, "rof": 4284893193, "charge": 2961396640, "chargetime": 2961396640, "impact": 4043523819,
    "handling": 943549884, "equipspeed": 943549884, "range": 1240592695, "stability": 155624089, "reload": 4188031367,
    "magazine": 3871231066, "aimassist": 1345609583, "zoom": 3555269338, "recoildirection": 2715839340,
    "airborne": 2714457168, "drawtime": 447667954, "accuracy": 1591432999, "velocity": 2523465841,
    "blastradius": 3614673599, "shieldduration": 1842278586, "ammogen": 1931675084, "ammocapacity": 925767036,
    "persistence": 3085395333, "ventspeed": 602570185, "heatgen": 3481294762, "cooling": 4006394725,
    "chargerate": 3022301683, "swingspeed": 2837207746, "guardefficiency": 2762071195, "guardresistance": 209426660,
    "guardendurance": 3736848092,
}  # fmt: skip
# What can be the most: one stat, the sum of the six, or any of them.
_BEST_OF: Mapping[str, tuple[tuple[int, ...], ...]] = {
    **{name: ((stat,),) for name, stat in ARMOR_NAMES.items()}, "total": (SIX,), "any": tuple((stat,) for stat in SIX),
}  # fmt: skip
BEST_NAMES = tuple(_BEST_OF)
_RANKS = ("highest", "secondhighest", "thirdhighest", "fourthhighest", "fifthhighest", "sixthhighest")

Numbers = Mapping[int, int]
Value = Callable[[Numbers], float | None]
Reader = Callable[[Collection, Subject], Numbers]


def numbers_of(facts: Collection, subject: Subject) -> Numbers:
    """Stats of a copy as Bungie recorded them, else as its sockets make them; empty for things without."""
    detail = facts.reading.detail(subject)
    if detail.stats:
        return detail.stats
    if detail.sockets:
        return {row.stat_hash: row.value for row in facts.reading.stat_rows(subject)}
    return subject.known.stats if subject.known.item_type == WEAPON else {}


# --- stat:a+b:>=n --------------------------------------------------------------------------------------------------


def _named(name: str) -> Value:
    """One stat by its name: a number of a weapon or of armor, a sum, or a rank among the six."""
    table: dict[str, Value] = {
        **{word: _plain(stat) for word, stat in {**ARMOR_NAMES, **WEAPON_STATS}.items()},
        "total": _total,
        "any": _highest,
        **{word: _ranked(rank) for rank, word in enumerate(_RANKS)},
    }
    return picked(name, table)


def _plain(stat: int) -> Value:
    return lambda numbers: numbers.get(stat)


def _total(numbers: Mapping[int, int]) -> float | None:
    return sum(numbers.get(stat, 0) for stat in SIX) if any(stat in numbers for stat in SIX) else None


def _highest(numbers: Mapping[int, int]) -> float | None:
    return max((value for stat, value in numbers.items() if stat in SIX), default=None)


def _ranked(rank: int) -> Value:
    def value(numbers: Mapping[int, int]) -> float | None:
        found = sorted((numbers[stat] for stat in SIX if stat in numbers), reverse=True)
        return found[rank] if rank < len(found) else None

    return value


def _combined(text: str) -> Value:
    """`a+b` adds up, `a&b` is the mean of both; in `a+b&c` the mean is one of the terms of the sum."""
    terms = [[_named(name) for name in part.split("&")] for part in text.split("+")]

    def value(numbers: Mapping[int, int]) -> float | None:
        total, is_known = 0.0, False
        for term in terms:
            found = [each for stat in term if (each := stat(numbers)) is not None]
            is_known = is_known or bool(found)
            total += sum(found) / len(term)
        return total if is_known else None

    return value


def _split(argument: str) -> tuple[str, Test]:
    """`range:>=40` and `range>=40` alike."""
    name = fold(argument).rstrip("0123456789.").rstrip("<>=").rstrip(":")
    limit = argument[len(name) :].removeprefix(":")
    if not limit:
        raise Refused(Fault.NUMBER_WANTED, argument)
    return name, number_test(limit)


def stat_predicate(argument: str, facts: Collection, numbers: Reader) -> Predicate:
    """`name:>=n` over the numbers that the reader knows of an item."""
    name, test = _split(argument)
    value = _combined(name)

    def holds(subject: Subject) -> bool:
        found = value(numbers(facts, subject))
        return found is not None and test(found)

    return holds


# --- the best that there is ----------------------------------------------------------------------------------------


def _slots(facts: Collection) -> Mapping[int, Mapping[int, Sequence[Subject]]]:
    """Gear that each class can use, by class and slot."""

    def work() -> Mapping[int, Mapping[int, Sequence[Subject]]]:
        found: dict[int, dict[int, list[Subject]]] = {each: defaultdict(list) for each in range(3)}
        for subject in facts.subjects:
            known = subject.known
            if known.item_type in {WEAPON, ARMOR} and subject.item.instance_id:
                for usable in range(3) if known.class_type not in found else (known.class_type,):
                    found[usable][known.bucket_hash].append(subject)
        return found

    return facts.once("slots", work)


def _best_sets(facts: Collection, value: Callable[[Subject], float], types: Iterable[int]) -> frozenset[str]:
    """The pieces of the best outfit of every class: one exotic weapon and one exotic piece of armor at most."""
    keys: set[str] = set()
    for by_slot in _slots(facts).values():
        for kind in types:
            slots = [list(each) for each in by_slot.values() if each[0].known.item_type == kind]
            keys.update(each.key for each in _outfit(slots, value))
    return frozenset(keys)


def _outfit(slots: Sequence[Sequence[Subject]], value: Callable[[Subject], float]) -> list[Subject]:
    """Every slot's best, with an exotic in the one slot where it gains the most."""

    def best(pieces: Iterable[Subject]) -> Subject | None:
        return max((each for each in pieces if value(each) > 0), key=lambda each: (value(each), each.key), default=None)

    plain = [best(each for each in slot if each.known.tier != TIER_EXOTIC) for slot in slots]
    exotic = [best(each for each in slot if each.known.tier == TIER_EXOTIC) for slot in slots]
    gains = [
        (value(rare) - (value(usual) if usual else 0), position)
        for position, (usual, rare) in enumerate(zip(plain, exotic, strict=True))
        if rare
    ]
    if gains and max(gains)[0] > 0:
        position = max(gains)[1]
        plain[position] = exotic[position]
    return [each for each in plain if each]


def _highest_per_slot(facts: Collection, value: Callable[[Subject], float]) -> frozenset[str]:
    keys: set[str] = set()
    for by_slot in _slots(facts).values():
        for pieces in by_slot.values():
            most = max(map(value, pieces))
            keys.update(each.key for each in pieces if most > 0 and value(each) == most)
    return frozenset(keys)


def _highest_of_account(facts: Collection) -> frozenset[str]:
    gear = [each for each in facts.subjects if each.power and each.known.item_type in {WEAPON, ARMOR}]
    most: dict[int, int] = {}
    for each in gear:
        most[each.known.bucket_hash] = max(each.power, most.get(each.known.bucket_hash, 0))
    return frozenset(each.key for each in gear if each.power == most[each.known.bucket_hash])


def _power(subject: Subject) -> float:
    return subject.power


def best_per_slot(name: str, facts: Collection, numbers: Reader) -> Predicate:
    """Armor with the most of a stat in its slot, for each class."""
    return _best_of(name, facts, numbers, _highest_per_slot)


def _best_of(
    name: str,
    facts: Collection,
    numbers: Reader,
    find: Callable[[Collection, Callable[[Subject], float]], frozenset[str]],
) -> Predicate:
    def best(stats: tuple[int, ...]) -> frozenset[str]:
        def value(subject: Subject) -> float:
            known = numbers(facts, subject)
            return sum(known.get(stat, 0) for stat in stats)

        return facts.once((find, numbers, stats), lambda: find(facts, value))

    wanted = picked(name, _BEST_OF)
    return lambda subject: any(subject.key in best(stats) for stats in wanted)


def _armor_numbers(facts: Collection, subject: Subject) -> Numbers:
    return numbers_of(facts, subject) if subject.known.item_type == ARMOR else {}


def _best_armor(facts: Collection, value: Callable[[Subject], float]) -> frozenset[str]:
    return _best_sets(facts, value, (ARMOR,))


def _max_power_loadout(facts: Collection, subject: Subject) -> bool:
    return subject.key in facts.once("max power set", lambda: _best_sets(facts, _power, (WEAPON, ARMOR)))


def _max_power(facts: Collection, subject: Subject) -> bool:
    return subject.key in facts.once("max power", lambda: _highest_per_slot(facts, _power))


def _account_max_power(facts: Collection, subject: Subject) -> bool:
    return subject.key in facts.once("account power", lambda: _highest_of_account(facts))


NAMES = (*ARMOR_NAMES, *WEAPON_STATS, "total", "any", *_RANKS)

CHAPTERS = (
    Chapter("stats", N_("Stats"), (
        Keyword("stat", Form.STAT, N_("Gear by its numbers. A plus adds stats up, & takes their mean; highest,"
                " secondhighest and so on mean the ranks among armor's six."),
                lambda argument, facts: stat_predicate(argument, facts, numbers_of), (), NAMES,
                "stat:range+handling:>=100", Need.PLUGS),
        Keyword("maxstatvalue", Form.CHOICE, N_("Armor that has the most of a stat in its slot, for each class."),
                lambda argument, facts: best_per_slot(argument, facts, _armor_numbers), (), BEST_NAMES,
                need=Need.PLUGS),
        Keyword("maxstatloadout", Form.CHOICE, N_("The armor of each class that gives the most of a stat together, with"
                " one exotic at most."), lambda argument, facts: _best_of(argument, facts, _armor_numbers, _best_armor),
                (), BEST_NAMES, need=Need.PLUGS),
        asking("maxpowerloadout", N_("The gear of each class with the most power together, one exotic weapon and one"
               " exotic piece of armor at most."), _max_power_loadout),
        asking("maxpower", N_("The gear with the most power in its slot, for each class."), _max_power),
        asking("accountmaxpower", N_("The gear with the most power in its slot on the whole account."),
               _account_max_power),
    )),
)  # fmt: skip
