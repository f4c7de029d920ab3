"""Numbers of weapons and armor, and which pieces are the best a player has for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from app.inventory.definitions import TIER_EXOTIC
from app.inventory.search.errors import Fault
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Reading, Subject, once_per_copy
from app.inventory.search.keyword import (
    Chapter,
    Form,
    Keyword,
    Need,
    Predicate,
    Refused,
    held_in,
    picked,
    shared,
    together,
)
from app.inventory.search.numbers import Test, number_test
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.stats import POWER_LIKE

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
_GEAR = frozenset({WEAPON, ARMOR})
_RANKS = ("highest", "secondhighest", "thirdhighest", "fourthhighest", "fifthhighest", "sixthhighest")

Numbers = Mapping[int, int]


class Sheet(NamedTuple):
    """The numbers of a copy by stat. `ranks` are those that it has of armor's six, the highest first."""

    numbers: Numbers
    ranks: tuple[int, ...]


EMPTY = Sheet({}, ())
Value = Callable[[Sheet], float | None]
Reader = Callable[[Collection, Subject], Sheet]


def sheet_of(numbers: Numbers) -> Sheet:
    return Sheet(numbers, tuple(sorted([numbers[stat] for stat in SIX if stat in numbers], reverse=True)))


def numbers_of(facts: Collection, subject: Subject) -> Numbers:
    """Stats of a copy as Bungie recorded them, those left out as its sockets make them; empty for things without."""
    return sheet_now(facts, subject).numbers


def sheet_now(facts: Collection, subject: Subject) -> Sheet:
    return _sheet(facts.reading, subject)


@once_per_copy
def _sheet(reading: Reading, subject: Subject) -> Sheet:
    detail = reading.detail(subject)
    if detail.stats:
        return sheet_of({**_hidden(reading, subject, detail.stats), **detail.stats})
    if detail.sockets:
        return sheet_of({row.stat_hash: row.value for row in reading.stat_rows(subject)})
    return sheet_of(subject.known.stats) if subject.known.item_type == WEAPON else EMPTY


def _hidden(reading: Reading, subject: Subject, sent: Numbers) -> Numbers:
    """What Bungie leaves out of a weapon's numbers. The sum is dear, and made only where the definition has more."""
    more = {each.stat_hash for each in subject.known.investments} - sent.keys() - POWER_LIKE
    if subject.known.item_type != WEAPON or not more:
        return {}
    return {row.stat_hash: row.value for row in reading.stat_rows(subject)}


# --- stat:a+b:>=n --------------------------------------------------------------------------------------------------


def _plain(stat: int) -> Value:
    return lambda sheet: sheet.numbers.get(stat)


def _total(sheet: Sheet) -> float | None:
    return sum(sheet.ranks) if sheet.ranks else None


def _ranked(rank: int) -> Value:
    return lambda sheet: sheet.ranks[rank] if rank < len(sheet.ranks) else None


# Single stats by their names: numbers of weapons and of armor, the sum of the six, and their ranks.
_VALUES: Mapping[str, Value] = {
    **{word: _plain(stat) for word, stat in {**ARMOR_NAMES, **WEAPON_STATS}.items()},
    "total": _total,
    "any": _ranked(0),
    **{word: _ranked(rank) for rank, word in enumerate(_RANKS)},
}


def _combined(text: str) -> Value:
    """`a+b` adds up, `a&b` is the mean of both; in `a+b&c` the mean is one of the terms of the sum."""
    terms = [_mean([picked(name, _VALUES) for name in part.split("&")]) for part in text.split("+")]
    if len(terms) == 1:
        return terms[0]

    def value(sheet: Sheet) -> float | None:
        found = [each for term in terms if (each := term(sheet)) is not None]
        return sum(found) if found else None

    return value


def _mean(values: list[Value]) -> Value:
    """What a copy has nothing of counts as none of it."""
    if len(values) == 1:
        return values[0]

    def value(sheet: Sheet) -> float | None:
        found = [each for one in values if (each := one(sheet)) is not None]
        return sum(found) / len(values) if found else None

    return value


def _split(argument: str) -> tuple[str, Test]:
    """`range:>=40` and `range>=40` alike."""
    name = fold(argument).rstrip("0123456789.").rstrip("<>=").rstrip(":")
    limit = argument[len(name) :].removeprefix(":")
    if not limit:
        raise Refused(Fault.NUMBER_WANTED, argument)
    return name, number_test(limit)


def stat_predicate(argument: str, facts: Collection, read: Reader) -> Predicate:
    """`name:>=n` over the numbers that the reader knows of an item."""
    name, test = _split(argument)
    value, sheet = _combined(name), shared(facts, read)

    def holds(subject: Subject) -> bool:
        found = value(sheet(subject))
        return found is not None and test(found)

    return holds


# --- the best that there is ----------------------------------------------------------------------------------------


def _slots(facts: Collection) -> Mapping[int, Mapping[int, Sequence[Subject]]]:
    """Gear that each class can use, by class and slot."""

    def work() -> Mapping[int, Mapping[int, Sequence[Subject]]]:
        found: dict[int, dict[int, list[Subject]]] = {each: defaultdict(list) for each in range(3)}
        for subject in facts.subjects:
            known = subject.known
            if known.item_type in _GEAR and subject.item.instance_id:
                for usable in (known.class_type,) if known.class_type in found else found:
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
            worth = [value(each) for each in pieces]
            most = max(worth)
            keys.update(each.key for each, own in zip(pieces, worth, strict=True) if own == most > 0)
    return frozenset(keys)


def _highest_of_account(facts: Collection) -> frozenset[str]:
    gear = [each for each in facts.subjects if each.power and each.known.item_type in _GEAR]
    most: dict[int, int] = {}
    for each in gear:
        most[each.known.bucket_hash] = max(each.power, most.get(each.known.bucket_hash, 0))
    return frozenset(each.key for each in gear if each.power == most[each.known.bucket_hash])


def _power(subject: Subject) -> float:
    return subject.power


def best_per_slot(name: str, facts: Collection, read: Reader) -> Predicate:
    """Armor with the most of a stat in its slot, for each class."""
    return _best_of(name, facts, read, _highest_per_slot)


def _best_of(
    name: str,
    facts: Collection,
    read: Reader,
    find: Callable[[Collection, Callable[[Subject], float]], frozenset[str]],
) -> Predicate:
    def best(stats: tuple[int, ...]) -> frozenset[str]:
        def value(subject: Subject) -> float:
            sheet = read(facts, subject)
            return sum(sheet.ranks) if stats == SIX else sheet.numbers.get(stats[0], 0)

        return facts.once((find, read, stats), lambda: find(facts, value))

    wanted = picked(name, _BEST_OF)
    return held_in(lambda: frozenset().union(*map(best, wanted)))


def _armor_sheet(facts: Collection, subject: Subject) -> Sheet:
    return sheet_now(facts, subject) if subject.known.item_type == ARMOR else EMPTY


def _best_armor(facts: Collection, value: Callable[[Subject], float]) -> frozenset[str]:
    return _best_sets(facts, value, (ARMOR,))


NAMES = (*ARMOR_NAMES, *WEAPON_STATS, "total", "any", *_RANKS)

CHAPTERS = (
    Chapter("stats", N_("Stats"), (
        Keyword("stat", Form.STAT, N_("Gear by its numbers. A plus adds stats up, & takes their mean; highest,"
                " secondhighest and so on mean the ranks among armor's six."),
                lambda argument, facts: stat_predicate(argument, facts, sheet_now), (), NAMES,
                "stat:range+handling:>=100", Need.PLUGS),
        Keyword("maxstatvalue", Form.CHOICE, N_("Armor that has the most of a stat in its slot, for each class."),
                lambda argument, facts: best_per_slot(argument, facts, _armor_sheet), (), BEST_NAMES,
                need=Need.PLUGS),
        Keyword("maxstatloadout", Form.CHOICE, N_("The armor of each class that gives the most of a stat together, with"
                " one exotic at most."), lambda argument, facts: _best_of(argument, facts, _armor_sheet, _best_armor),
                (), BEST_NAMES, need=Need.PLUGS),
        together("maxpowerloadout", N_("The gear of each class with the most power together, one exotic weapon and one"
                 " exotic piece of armor at most."), lambda facts: _best_sets(facts, _power, (WEAPON, ARMOR))),
        together("maxpower", N_("The gear with the most power in its slot, for each class."),
                 lambda facts: _highest_per_slot(facts, _power)),
        together("accountmaxpower", N_("The gear with the most power in its slot on the whole account."),
                 _highest_of_account),
    )),
)  # fmt: skip
