"""How a weapon was made and what became of it: masterwork, catalyst, levels from the bench, patterns, kills."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.inventory.definitions import TIER_EXOTIC, TIER_UNCOMMON
from app.inventory.items import ItemState, Objective
from app.inventory.references import ObjectiveDefinition
from app.inventory.search.facts import WEAPON, Collection, Plugged, Reading, Subject, once_per_copy
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, asking, flag, picked, shared
from app.inventory.search.numbers import is_range, number_test, ranged
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.objectives import CRAFTED_LEVEL, TRACKERS_GAMBIT, TRACKERS_PVE, TRACKERS_PVP
from app.inventory.telling.roles import Role

_DIGITS = re.compile(r"\d+")
_FULL_MASTERWORK = 10
# Plain numbers are compared faster.
_MASTERWORKED, _CRAFTED, _DEEPSIGHT = int(ItemState.MASTERWORK), int(ItemState.CRAFTED), int(ItemState.DEEPSIGHT)
# The last word of a masterwork's category, where players say something else.
MASTERWORK_STATS: Mapping[str, str] = {
    "handling": "handling", "reload": "reload", "stability": "stability", "range": "range", "impact": "damage",
    "blastradius": "blast_radius", "velocity": "projectile_speed", "chargetime": "charge_time", "drawtime": "draw_time",
    "accuracy": "accuracy", "shieldduration": "shield_duration", "persistence": "persistence",
}  # fmt: skip
_ENHANCEMENT_LEVELS = {2728416798: 1, 2728416797: 2, 2728416796: 3}
_MEMENTO, _EMPTY_MEMENTO = "mementos", "crafting.recipes.empty_socket"
_ENHANCEMENT_SOCKET = 4251072212
_EXTRACTOR = "crafting.plugs.weapons.mods.extractors"
_TRACKERS = {"pve": TRACKERS_PVE, "pvp": TRACKERS_PVP, "gambit": TRACKERS_GAMBIT}
EVERY_TRACKER = TRACKERS_PVE | TRACKERS_PVP | TRACKERS_GAMBIT


def masterwork_of(facts: Collection, subject: Subject) -> Plugged | None:
    return _masterwork_in(facts.reading, subject) if subject.known.item_type == WEAPON else None


@once_per_copy
def _masterwork_in(reading: Reading, subject: Subject) -> Plugged | None:
    return next((each for each in reading.plugged(subject) if "masterworks.stat." in each.plug.plug_category), None)


def masterwork_tier(facts: Collection, subject: Subject) -> int | None:
    """The number in the name, which every language writes the same way; a finished one has none."""
    plugged = masterwork_of(facts, subject)
    if plugged is None:
        return None
    digits = _DIGITS.search(plugged.plug.name)
    return int(digits[0]) if digits else _FULL_MASTERWORK


def _masterwork(argument: str, facts: Collection) -> Predicate:
    if is_range(argument):
        return ranged(argument, shared(facts, masterwork_tier))
    ending = ".stat." + picked(argument, MASTERWORK_STATS)

    def holds(subject: Subject) -> bool:
        plugged = masterwork_of(facts, subject)
        return plugged is not None and plugged.plug.plug_category.endswith(ending)

    return holds


def is_shaped(subject: Subject) -> bool:
    """The game marks what was shaped and what was enhanced alike; a pattern is only of what can be shaped."""
    return subject.known.record_hash != 0 and bool(subject.item.state & _CRAFTED)


def was_enhanced(subject: Subject) -> bool:
    """Whether a weapon was taken to the bench as it had dropped."""
    known = subject.known
    return known.item_type == WEAPON and not known.record_hash and bool(subject.item.state & _CRAFTED)


def enhancement(facts: Collection, subject: Subject) -> int | None:
    """The level from the bench, 0 to 3; None for what was never there, and where nobody knows."""
    level = _enhancement_in(facts.reading, subject) if subject.known.item_type == WEAPON else None
    return level or (0 if was_enhanced(subject) and facts.reading.plugged(subject) else None)


@once_per_copy
def _enhancement_in(reading: Reading, subject: Subject) -> int | None:
    held = reading.plugged(subject)
    return next((level for each in held if (level := _ENHANCEMENT_LEVELS.get(each.hash))), None)


def _enhanced_perks(facts: Collection, subject: Subject) -> int | None:
    return _enhanced_perks_in(facts.reading, subject) if subject.known.item_type == WEAPON else None


@once_per_copy
def _enhanced_perks_in(reading: Reading, subject: Subject) -> int | None:
    held = reading.plugged(subject)
    return sum(each.role is Role.PERK and each.plug.tier == TIER_UNCOMMON for each in held) if held else None


def _memento(argument: str, facts: Collection) -> Predicate:
    """`memento:any`, `memento:none`, or letters of its name."""
    wanted = fold(argument)
    if wanted == "none":
        return lambda subject: _EMPTY_MEMENTO in facts.reading.plug_categories(subject)
    letters = "" if wanted == "any" else wanted

    mementos = shared(facts, _mementos)

    def holds(subject: Subject) -> bool:
        held = mementos(subject)
        return bool(held) and any(letters in name for name in held)

    return holds


def _mementos(facts: Collection, subject: Subject) -> tuple[str, ...]:
    if _MEMENTO not in facts.reading.plug_categories(subject):
        return ()
    held = facts.reading.plugged(subject)
    return tuple([fold(each.plug.name) for each in held if each.plug.plug_category == _MEMENTO])


def _catalyst(argument: str, facts: Collection) -> Predicate:
    return picked(argument, {
        "complete": lambda subject: _has_catalyst_socket(facts, subject) and _is_masterworked(subject),
        "incomplete": lambda subject: _catalyst_in(facts, subject, is_empty=False) and not _is_masterworked(subject),
        "missing": lambda subject: _catalyst_in(facts, subject, is_empty=True) and not _is_masterworked(subject),
    })  # fmt: skip


def _is_masterworked(subject: Subject) -> bool:
    return bool(subject.item.state & _MASTERWORKED)


def _catalysts(facts: Collection, subject: Subject) -> Sequence[Plugged]:
    is_exotic = subject.known.tier == TIER_EXOTIC and subject.known.item_type == WEAPON
    return _catalysts_in(facts.reading, subject) if is_exotic else ()


@once_per_copy
def _catalysts_in(reading: Reading, subject: Subject) -> Sequence[Plugged]:
    return [each for each in reading.plugged(subject) if each.role is Role.CATALYST]


def _has_catalyst_socket(facts: Collection, subject: Subject) -> bool:
    return bool(_catalysts(facts, subject))


def _catalyst_in(facts: Collection, subject: Subject, *, is_empty: bool) -> bool:
    found = _catalysts(facts, subject)
    return bool(found) and all(
        (each.plug.plug_category == "v400.empty.exotic.masterwork") is is_empty for each in found
    )


def _kills(argument: str, facts: Collection) -> Predicate:
    where, colon, limit = argument.partition(":")
    wanted = picked(where, _TRACKERS) if colon else EVERY_TRACKER
    test = number_test(limit if colon else argument)
    counts = shared(facts, _kill_counts)

    def holds(subject: Subject) -> bool:
        counted = counts(subject)
        return bool(counted) and any(test(each.progress) for each in counted if each.hash in wanted)

    return holds


def _kill_counts(facts: Collection, subject: Subject) -> Sequence[Objective]:
    counted = facts.reading.detail(subject).plug_objectives or {}
    return [each for row in counted.values() for each in row if each.hash in EVERY_TRACKER]


def _is_enhanceable(facts: Collection, subject: Subject) -> bool:
    has_bench_socket = any(each.type_hash == _ENHANCEMENT_SOCKET for each in subject.known.sockets)
    return has_bench_socket and enhancement(facts, subject) != max(_ENHANCEMENT_LEVELS.values())


def _can_be_enhanced_now(facts: Collection, subject: Subject) -> bool:
    """The game would take the next level at the bench this moment."""
    if not subject.item.state & _CRAFTED:
        return False
    places = [place for place, each in enumerate(subject.known.sockets) if each.type_hash == _ENHANCEMENT_SOCKET]
    choices = facts.reading.detail(subject).choices or {}
    held = {each.position: each.hash for each in facts.reading.plugged(subject)}
    offers = ((place, each) for place in places for each in choices.get(place, ()))
    return any(each.can_insert and each.plug_hash != held.get(place) for place, each in offers)


def is_harmonizable(plugged: Plugged) -> bool:
    return plugged.plug.plug_category == _EXTRACTOR and plugged.is_visible


def _deepsight(argument: str, facts: Collection) -> Predicate:
    return picked(argument, {
        "extractable": _has_pattern_in_it,
        "harmonizable": lambda subject: (
            not subject.item.state & (_CRAFTED | _DEEPSIGHT) and _takes_harmonizer(facts.reading, subject)
        ),
    })  # fmt: skip


@once_per_copy
def _takes_harmonizer(reading: Reading, subject: Subject) -> bool:
    return any(map(is_harmonizable, reading.plugged(subject)))


def _has_pattern_in_it(subject: Subject) -> bool:
    return bool(subject.item.state & _DEEPSIGHT)


def _pattern_is_unlocked(facts: Collection, subject: Subject) -> bool:
    return bool(subject.known.recipe_hash and subject.known.record_hash) and facts.record_done(
        subject.known.record_hash
    )


def weapon_level(facts: Collection, subject: Subject) -> int | None:
    return _level_in(facts.reading, subject)


@once_per_copy
def _level_in(reading: Reading, subject: Subject) -> int | None:
    for row in (reading.detail(subject).plug_objectives or {}).values():
        for each in row:
            counted = reading.find(ObjectiveDefinition, each.hash)
            if counted and counted.display == CRAFTED_LEVEL:
                return each.progress
    return None


_PLUGS = Need.PLUGS

CHAPTERS = (
    Chapter("masterwork", N_("Masterwork and crafting"), (
        Keyword("masterwork", Form.MIXED, N_("Weapons by the stat that their masterwork raises, or by its level."),
                _masterwork, ("masterworked",), tuple(MASTERWORK_STATS), "masterwork:>=5", _PLUGS),
        Keyword("catalyst", Form.CHOICE, N_("Exotic weapons by how far their catalyst is."), _catalyst, (),
                ("complete", "incomplete", "missing"), need=_PLUGS),
        asking("enhanced", N_("Weapons whose level was raised at the bench."),
               lambda facts, subject: was_enhanced(subject) or enhancement(facts, subject) is not None, need=_PLUGS),
        Keyword("enhanced", Form.RANGE, N_("Weapons by that level, from 0 to 3."),
                lambda argument, facts: ranged(argument, shared(facts, enhancement)),
                example="enhanced:>=2", need=_PLUGS),
        asking("enhancedperk", N_("Weapons with an enhanced perk."),
               lambda facts, subject: bool(_enhanced_perks(facts, subject)), need=_PLUGS),
        Keyword("enhancedperk", Form.RANGE, N_("Weapons by how many enhanced perks they have."),
                lambda argument, facts: ranged(argument, shared(facts, _enhanced_perks)),
                example="enhancedperk:2", need=_PLUGS),
        Keyword("memento", Form.MIXED, N_("Shaped weapons by the memento in them; any and none work too."), _memento,
                (), ("any", "none"), "memento:any", _PLUGS),
        Keyword("kills", Form.MIXED, N_("Weapons by what their tracker has counted; pve, pvp and gambit apart if"
                " wanted."), _kills, (), ("pve:", "pvp:", "gambit:"), "kills:pve:>100", _PLUGS),
    )),
    Chapter("patterns", N_("Patterns and deepsight"), (
        flag("craftable", N_("Weapons that can be shaped once their pattern is known."),
             lambda subject: subject.known.recipe_hash != 0),
        asking("patternunlocked", N_("Weapons whose pattern you have completed."), _pattern_is_unlocked),
        Keyword("weaponlevel", Form.RANGE, N_("Shaped weapons by their level."),
                lambda argument, facts: ranged(argument, shared(facts, weapon_level)),
                example="weaponlevel:>=17", need=Need.OBJECTIVES),
        flag("deepsight", N_("Weapons with deepsight resonance."), _has_pattern_in_it),
        Keyword("deepsight", Form.CHOICE, N_("Weapons from which a pattern can be taken, or that take a harmonizer."),
                _deepsight, (), ("extractable", "harmonizable"), need=_PLUGS),
        asking("enhanceable", N_("Weapons whose level can still be raised at the bench."), _is_enhanceable,
               need=_PLUGS),
        asking("enhancementready", N_("Weapons whose level can be raised at the bench right now."),
               _can_be_enhanced_now, need=_PLUGS),
    )),
)  # fmt: skip
