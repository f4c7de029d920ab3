"""What sits in the sockets of a copy by choice or by luck: mods, rolls, looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.inventory.definitions import TIER_EXOTIC, TIER_LEGENDARY
from app.inventory.items import ItemState
from app.inventory.references import PlugSetDefinition
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Plugged, Reading, Subject, once_per_copy
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, asking, flag, picked, shared
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.roles import Role

# Which activity a special socket of armor belongs to, by the category of what fits in.
MOD_SLOTS: Mapping[str, str] = {
    "lastwish": "enhancements.season_outlaw",
    "nightmare": "enhancements.season_maverick",
    "gardenofsalvation": "enhancements.raid_garden",
    "deepstonecrypt": "enhancements.raid_descent",
    "vaultofglass": "enhancements.raid_v520",
    "vowofthedisciple": "enhancements.raid_v600",
    "kingsfall": "enhancements.raid_v620",
    "rootofnightmares": "enhancements.raid_v700",
    "crotasend": "enhancements.raid_v720",
    "salvationsedge": "enhancements.raid_v800",
}
_SET_BONUS = "item_sets.selectors"
_ORIGIN = "origins"
_ARTIFICE = "enhancements.artifice"
_TRAIT = "frames"
_INTRINSIC = "intrinsics"
_CRAFTED = int(ItemState.CRAFTED)  # a plain number is compared faster
# Weapons with a bracket in their name that are no adepts.
_NOT_ADEPT = frozenset({502356570, 79075821, 53159281})
_BRACKETED = re.compile(r".[(\uff08][^()]+[)\uff09]\Z")


def _any(test: Callable[[Plugged], bool]) -> Callable[[Collection, Subject], bool]:
    @once_per_copy
    def found(reading: Reading, subject: Subject) -> bool:
        return any(map(test, reading.plugged(subject)))

    return lambda facts, subject: found(facts.reading, subject)


def slot_categories(facts: Collection, subject: Subject) -> frozenset[str]:
    return facts.reading.plug_categories(subject) if subject.known.item_type == ARMOR else frozenset()


def _mod_slot(argument: str, facts: Collection) -> Predicate:
    if fold(argument) in {"activity", "none"}:
        wanted = frozenset(MOD_SLOTS.values())
        is_wanted = fold(argument) == "activity"
        return lambda subject: (
            subject.known.item_type == ARMOR
            and bool(facts.reading.plugged(subject))
            and bool(wanted & slot_categories(facts, subject)) is is_wanted
        )
    if fold(argument) == "setbonus":
        return lambda subject: any(_SET_BONUS in each for each in slot_categories(facts, subject))
    category = picked(argument, {**MOD_SLOTS, **dict.fromkeys(("activity", "none", "setbonus"), "")})
    return lambda subject: category in slot_categories(facts, subject)


def is_mod(plugged: Plugged) -> bool:
    return plugged.role is Role.MOD and not plugged.is_empty and plugged.is_visible


def _is_disabled_mod(plugged: Plugged) -> bool:
    return is_mod(plugged) and not plugged.is_enabled


def is_shader(plugged: Plugged) -> bool:
    return plugged.plug.plug_category == "shader" and not plugged.is_empty


def _is_holofoil_plug(plugged: Plugged) -> bool:
    return "holofoil" in plugged.plug.plug_category


_wears_holofoil = _any(_is_holofoil_plug)


def is_holofoil(facts: Collection, subject: Subject) -> bool:
    return subject.known.is_holofoil or _wears_holofoil(facts, subject)


def _is_ornamented(_facts: Collection, subject: Subject) -> bool:
    return subject.item.style_hash != 0


def _has_origin_trait(facts: Collection, subject: Subject) -> bool:
    return _ORIGIN in facts.reading.plug_categories(subject)


def is_artifice(facts: Collection, subject: Subject) -> bool:
    return _ARTIFICE in facts.reading.plug_categories(subject)


def _is_adept(subject: Subject) -> bool:
    known = subject.known
    is_named_so = known.hash not in _NOT_ADEPT and bool(_BRACKETED.search(known.name))
    return known.item_type == WEAPON and (known.is_adept or is_named_so)


def _armor_intrinsic(argument: str, facts: Collection) -> Predicate:
    wanted = fold(argument)
    intrinsics = shared(facts, _intrinsics)
    if wanted == "none":
        return lambda subject: intrinsics(subject) == ()
    return lambda subject: any(wanted in name for name in intrinsics(subject) or ())


def _intrinsics(facts: Collection, subject: Subject) -> tuple[str, ...] | None:
    """Their names, folded; None for what is not asked about: exotics, what is no armor, and what nobody knows."""
    if subject.known.item_type != ARMOR or subject.known.tier == TIER_EXOTIC:
        return None
    return _intrinsics_in(facts.reading, subject) if facts.reading.plugged(subject) else None


@once_per_copy
def _intrinsics_in(reading: Reading, subject: Subject) -> tuple[str, ...]:
    return tuple([fold(each.plug.name) for each in reading.plugged(subject) if each.plug.plug_category == _INTRINSIC])


def _has_armor_intrinsic(facts: Collection, subject: Subject) -> bool:
    return any(_intrinsics(facts, subject) or ())


def _has_extra_perk(facts: Collection, subject: Subject) -> bool:
    """More than one trait to choose from in one column; a shaped weapon's choices are all the same."""
    if subject.known.item_type != WEAPON or subject.item.state & _CRAFTED:
        return False
    return _chooses_traits(facts.reading, subject)


@once_per_copy
def _chooses_traits(reading: Reading, subject: Subject) -> bool:
    choices = reading.detail(subject).choices or {}
    traits = (each.position for each in reading.plugged(subject) if each.plug.plug_category == _TRAIT)
    return any(len(choices.get(position, ())) > 1 for position in traits)


def _is_rolled(subject: Subject) -> bool:
    """Armor with energy has stats by luck; at the bench nothing is left to it."""
    if subject.known.item_type == ARMOR:
        return subject.instance.energy_capacity > 0
    return not subject.item.state & _CRAFTED and _has_random_rolls(subject)


def _has_random_rolls(subject: Subject) -> bool:
    return subject.known.item_type == WEAPON and any(each.random_set_hash for each in subject.known.sockets)


def _is_curated(facts: Collection, subject: Subject) -> bool:
    return subject.known.tier == TIER_LEGENDARY and _has_first_roll(facts.reading, subject)


@once_per_copy
def _has_first_roll(reading: Reading, subject: Subject) -> bool:
    """A weapon that could have rolled anything and holds what the definition names first."""
    if not _has_random_rolls(subject):
        return False
    holds = {each.position: each.hash for each in reading.plugged(subject)}
    rolled = [(place, each) for place, each in enumerate(subject.known.sockets) if each.random_set_hash]
    return all(each.initial_hash and holds.get(place) == each.initial_hash for place, each in rolled)


def _has_retired_perk(facts: Collection, subject: Subject) -> bool:
    return _holds_retired(facts.reading, subject)


@once_per_copy
def _holds_retired(reading: Reading, subject: Subject) -> bool:
    """A perk in it, of those that once could roll there and no longer can."""
    sockets = subject.known.sockets
    for each in reading.plugged(subject):
        if each.role is Role.PERK and each.position < len(sockets):
            rolls = reading.find(PlugSetDefinition, sockets[each.position].random_set_hash)
            if rolls and each.hash in rolls.retired:
                return True
    return False


_PLUGS = Need.PLUGS

CHAPTERS = (
    Chapter("mods", N_("Mods"), (
        Keyword("modslot", Form.CHOICE, N_("Armor by its socket for the mods of an activity."), _mod_slot, (),
                (*MOD_SLOTS, "none", "activity", "setbonus"), "modslot:deepstonecrypt", _PLUGS),
        asking("artifice", N_("Armor with the extra socket of artifice armor."), is_artifice, need=_PLUGS),
        asking("modded", N_("Gear with at least one mod in it."), _any(is_mod), need=_PLUGS),
        asking("hasdisabledmod", N_("Gear with a mod that does not work right now."), _any(_is_disabled_mod),
               need=_PLUGS),
        asking("armorintrinsic", N_("Armor that is not exotic and yet has a perk of its own."), _has_armor_intrinsic,
               need=_PLUGS),
        Keyword("armorintrinsic", Form.TEXT, N_("Such armor by letters of that perk's name; none finds the rest."),
                _armor_intrinsic, (), ("none",), "armorintrinsic:none", _PLUGS),
    )),
    Chapter("rolls", N_("Rolls and looks"), (
        flag("randomroll", N_("Weapons whose perks and armor whose stats are rolled."), _is_rolled),
        asking("curated", N_("Legendary weapons with exactly the perks that the maker chose."), _is_curated,
               need=_PLUGS),
        asking("retiredperk", N_("Weapons with a perk that no longer drops on them."), _has_retired_perk,
               need=_PLUGS | Need.ROLLS),
        asking("extraperk", N_("Weapons with more than one trait to choose from in a column."), _has_extra_perk,
               need=_PLUGS),
        asking("origintrait", N_("Weapons with an origin trait."), _has_origin_trait, need=_PLUGS),
        flag("adept", N_("Adept, Timelost and Harrowed weapons."), _is_adept),
        asking("shaded", N_("Items that wear a shader."), _any(is_shader), "hasshader", need=_PLUGS),
        asking("holofoil", N_("Weapons with a holofoil finish."), is_holofoil, "shiny", need=_PLUGS),
        asking("ornamented", N_("Items that wear an ornament."), _is_ornamented, "hasornament"),
    )),
)  # fmt: skip
