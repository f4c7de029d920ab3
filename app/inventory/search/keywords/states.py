"""What has become of a copy: locks, marks, counts, power, and where it lies."""

from __future__ import annotations

from collections.abc import Callable

from app.inventory.buckets import POSTMASTER
from app.inventory.items import ItemState, Place
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Predicate, asking, flag
from app.inventory.search.keywords.making import is_shaped
from app.inventory.search.numbers import ranged
from app.inventory.seasons import POWER_WORDS, SEASON_WORDS, season_of, year_of
from app.inventory.sentences import N_

_NOT_TRANSFERABLE = 2  # of transferStatus
_ANY_CLASS = 3
_LOCKED = int(ItemState.LOCKED)  # a plain number is compared faster
_GEAR = frozenset({WEAPON, ARMOR})
# What quests and bounties name as their reward: not gear itself, but a stand-in for how strong it will be.
_POWERFUL = (4039143015, 1079707218, 3115354421, 3908267661, 602242147, 3114385605, 3114385606, 3114385607, 4249081773)
_PINNACLE = (73143230, 79790567, 1162338907)


def _has(state: ItemState) -> Predicate:
    wanted = int(state)
    return lambda subject: bool(subject.item.state & wanted)


def _range(name: str, says: str, value: Callable[[Subject], float | None], example: str, *aliases: str) -> Keyword:
    return Keyword(name, Form.RANGE, says, lambda argument, _facts: ranged(argument, value), aliases, example=example)


def _power(subject: Subject) -> int | None:
    return subject.power or None


def _season(subject: Subject) -> int | None:
    return season_of(subject.item, subject.known)


def _year(subject: Subject) -> int | None:
    season = season_of(subject.item, subject.known)
    return None if season is None else year_of(season)


def is_in_postmaster(subject: Subject) -> bool:
    return subject.item.bucket_hash in POSTMASTER


def _is_transferable(subject: Subject) -> bool:
    item = subject.item
    return (
        item.place is not Place.CURRENCY
        and subject.known.is_transferable
        and not item.transfer_status & _NOT_TRANSFERABLE
        and not is_in_postmaster(subject)
    )


def _is_stack_full(subject: Subject) -> bool:
    return subject.known.max_stack > 1 and subject.item.quantity >= subject.known.max_stack


def _is_infusable(subject: Subject) -> bool:
    return subject.power > 0 and subject.known.item_type in _GEAR


def _is_lockable_and_open(subject: Subject) -> bool:
    return subject.item.is_lockable and not subject.item.state & _LOCKED


def _on_character(which: int) -> Callable[[Collection, Subject], bool]:
    """Characters stand from left to right in the order of the page."""

    def holds(facts: Collection, subject: Subject) -> bool:
        found = facts.characters
        return bool(found) and which < len(found) and subject.item.owner == found[which].id

    return holds


def _on_right_character(facts: Collection, subject: Subject) -> bool:
    return len(facts.characters) > 1 and subject.item.owner == facts.characters[-1].id


def _on_middle_character(facts: Collection, subject: Subject) -> bool:
    return len(facts.characters) == 3 and subject.item.owner == facts.characters[1].id


def _of_current_class(facts: Collection, subject: Subject) -> bool:
    return bool(facts.characters) and subject.known.class_type in {facts.characters[0].class_type, _ANY_CLASS}


def _on_wrong_class(facts: Collection, subject: Subject) -> bool:
    owner = facts.class_of.get(subject.item.owner)
    return owner is not None and subject.known.class_type not in {owner, _ANY_CLASS}


def _in_loadout(facts: Collection, subject: Subject) -> bool:
    return subject.item.instance_id in facts.loadout_ids


def _rewards(*item_hashes: int) -> Predicate:
    wanted = frozenset(item_hashes)
    return lambda subject: any(each.item_hash in wanted for each in subject.known.rewards)


CHAPTERS = (
    Chapter("numbers", N_("Numbers"), (
        _range("stack", N_("Stacks by how many are in them."), lambda subject: subject.item.quantity, "stack:>=50"),
        Keyword("power", Form.RANGE, N_("Gear by its power, also by the words for the limits of the season."),
                lambda argument, _facts: ranged(argument, _power, POWER_WORDS), ("light",), tuple(POWER_WORDS),
                "power:>=softcap"),
        _range("tier", N_("Gear by its gear tier, from 1 to 5."), lambda subject: subject.instance.gear_tier or None,
               "tier:>=4"),
        _range("energycapacity", N_("Armor and ghosts by how much energy their mods may use."),
               lambda subject: subject.instance.energy_capacity or None, "energycapacity:10"),
        Keyword("season", Form.RANGE, N_("Items by the season that they were released in, by number or by name."),
                lambda argument, _facts: ranged(argument, _season, SEASON_WORDS), (), tuple(SEASON_WORDS),
                "season:>=27"),
        _range("year", N_("Items by the year of the game that they were released in."), _year, "year:>=7"),
        flag("haspower", N_("Everything that has power."), lambda subject: subject.power > 0, "haslight"),
        flag("tieredweapon", N_("Weapons with a gear tier."),
             lambda subject: subject.instance.gear_tier > 0 and subject.known.item_type == WEAPON),
    )),
    Chapter("marks", N_("Marks and states"), (
        flag("locked", N_("Items that are locked."), _has(ItemState.LOCKED)),
        flag("unlocked", N_("Items that could be locked and are not."), _is_lockable_and_open),
        flag("tracked", N_("Quests and bounties that are tracked."), _has(ItemState.TRACKED)),
        flag("powerfulreward", N_("Quests and bounties that promise powerful gear."), _rewards(*_POWERFUL)),
        flag("pinnaclereward", N_("Quests and bounties that promise pinnacle gear."), _rewards(*_PINNACLE)),
        flag("crafted", N_("Weapons that were shaped; those that dropped and were enhanced do not count."), is_shaped,
             "shaped"),
        flag("masterwork", N_("Gear that is masterworked; exotic weapons with a finished catalyst count."),
             _has(ItemState.MASTERWORK), "masterworked"),
        flag("equipped", N_("What a character wears or carries in the hand."),
             lambda subject: subject.item.place is Place.EQUIPPED),
        flag("transferable", N_("Items that can be moved to another character or to the vault."), _is_transferable,
             "movable"),
        flag("stackable", N_("Items that come in stacks."), lambda subject: subject.known.max_stack > 1),
        flag("stackfull", N_("Stacks that take no more."), _is_stack_full),
        flag("infusable", N_("Gear whose power can be given to other gear."), _is_infusable, "infuse"),
        flag("armor2.0", N_("Armor with energy for mods but without a gear tier."),
             lambda subject: subject.known.item_type == ARMOR and subject.instance.energy_capacity > 0
             and not subject.instance.gear_tier),
        flag("armor3.0", N_("Armor with a gear tier and the six stats of today."),
             lambda subject: subject.known.item_type == ARMOR and subject.instance.gear_tier > 0),
    )),
    Chapter("place", N_("Where it lies"), (
        flag("invault", N_("Items in the vault."), lambda subject: subject.item.place is Place.VAULT),
        flag("postmaster", N_("Items that wait at the postmaster."), is_in_postmaster, "inpostmaster"),
        asking("inleftchar", N_("Items of the first character, the one played last."), _on_character(0)),
        asking("inmiddlechar", N_("Items of the second of three characters."), _on_middle_character),
        asking("inrightchar", N_("Items of the last of several characters."), _on_right_character),
        asking("incurrentchar", N_("Items of the character played last."), _on_character(0)),
        asking("currentclass", N_("Items that the character played last can use."), _of_current_class),
        asking("onwrongclass", N_("Armor and the like on a character that cannot use it."), _on_wrong_class),
        asking("iningameloadout", N_("Items that are part of a loadout saved in the game."), _in_loadout),
    )),
)  # fmt: skip
