"""Which copy of a double is the worse one, and why. A copy is called worse only where another is as good in everything.

Whoever has one thing more and another thing less is another copy, not a worse one; nor is one of two equals.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.inventory.items import ItemState
from app.inventory.search.facts import ARMOR, Collection, Subject
from app.inventory.search.keywords.bases import bases_of, tuned_of
from app.inventory.search.keywords.stats import SIX
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import is_enhanced

# What tags say of worth; labels of one's own say nothing about it.
_TAGS = {"favorite": 1, "keep": 1, "archive": 1, "infuse": -1, "junk": -1}


class Respect(StrEnum):
    """In what one copy can be better than another, in the order in which reasons are told."""

    POWER = "power"
    TIER = "tier"
    STATS = "stats"
    PERKS = "perks"
    WISHES = "wishes"
    MASTERWORK = "masterwork"
    CRAFTED = "crafted"
    TAG = "tag"
    LOADOUT = "loadout"
    LOCK = "lock"


class Standing(NamedTuple):
    """What counts of a copy. `stats` are armor's before mods, `perks` what it holds or offers: None = nobody knows.

    `kind` is what must be the same before copies are compared at all. `wish` and `tag`: 1 good, 0 nothing said, -1 bad.
    """

    key: str
    kind: Hashable = ()
    power: int = 0
    tier: int = 0
    stats: tuple[int, ...] | None = ()
    perks: frozenset[tuple[str, bool]] | None = frozenset()
    wish: int = 0
    is_masterworked: bool = False
    is_crafted: bool = False
    tag: int = 0
    is_in_loadout: bool = False
    is_locked: bool = False


class Worse(NamedTuple):
    """A copy, the better one, and in what that one is better; in everything else they are equal."""

    copy: Standing
    better: Standing
    reasons: tuple[Respect, ...]


def worse_copies(copies: Sequence[Standing]) -> dict[str, Worse]:
    """By key those copies of one item that another is better than; of several better ones the first is named."""
    found = ((copy, other, _reasons(copy, other)) for copy in copies for other in copies if other is not copy)
    worse: dict[str, Worse] = {}
    for copy, other, reasons in found:
        if reasons and copy.key not in worse:
            worse[copy.key] = Worse(copy, other, reasons)
    return worse


def _reasons(copy: Standing, other: Standing) -> tuple[Respect, ...]:
    """In what the other is better; nothing where the copy is better in anything, or where nobody can tell."""
    if copy.kind != other.kind:
        return ()
    told = dict(_compared(copy, other))
    if any(sign is None or sign > 0 for sign in told.values()):
        return ()
    return tuple(respect for respect in Respect if told[respect] == -1)


def _compared(copy: Standing, other: Standing) -> Iterable[tuple[Respect, int | None]]:
    """1: the copy is better, 0: they are equal, -1: the other is better, None: nobody can tell."""
    yield Respect.POWER, _sign(copy.power, other.power)
    yield Respect.TIER, _sign(copy.tier, other.tier)
    yield Respect.STATS, _of_stats(copy.stats, other.stats)
    # Where lists have judged the rolls, the perks are judged.
    yield Respect.PERKS, _of_perks(copy.perks, other.perks) if copy.wish == other.wish else 0
    yield Respect.WISHES, _sign(copy.wish, other.wish)
    yield Respect.MASTERWORK, _sign(copy.is_masterworked, other.is_masterworked)
    yield Respect.CRAFTED, _sign(copy.is_crafted, other.is_crafted)
    yield Respect.TAG, _sign(copy.tag, other.tag)
    yield Respect.LOADOUT, _sign(copy.is_in_loadout, other.is_in_loadout)
    yield Respect.LOCK, _sign(copy.is_locked, other.is_locked)


def _sign(one: int, other: int) -> int:
    return (one > other) - (one < other)


def _of_stats(one: tuple[int, ...] | None, other: tuple[int, ...] | None) -> int | None:
    if one is None or other is None or len(one) != len(other):
        return None
    signs = {_sign(left, right) for left, right in zip(one, other, strict=True)} - {0}
    return None if len(signs) > 1 else next(iter(signs), 0)


def _of_perks(one: frozenset[tuple[str, bool]] | None, other: frozenset[tuple[str, bool]] | None) -> int | None:
    if one is None or other is None:
        return None
    if one == other:
        return 0
    return -1 if one < other else 1 if one > other else None


def standing_of(subject: Subject, facts: Collection) -> Standing:
    """What counts of one copy among everything that the player owns."""
    item, wish = subject.item, facts.once("wishes", facts.own.wishes).get(subject.key)
    return Standing(
        subject.key,
        (subject.known.item_type, subject.known.set_hash, tuned_of(facts, subject)),
        subject.power,
        subject.instance.gear_tier,
        _stats(facts, subject),
        _perks(facts, subject),
        0 if wish is None else -1 if wish.is_trash else 1,
        item.has(ItemState.MASTERWORK),
        item.has(ItemState.CRAFTED),
        _TAGS.get(facts.own.annotations.of(item).tag, 0),
        subject.key in facts.loadout_ids or subject.key in facts.once("own loadouts", facts.own.loadouts),
        item.has(ItemState.LOCKED),
    )


def _stats(facts: Collection, subject: Subject) -> tuple[int, ...] | None:
    """Only armor has stats of its own; those of weapons come from perks."""
    if subject.known.item_type != ARMOR:
        return ()
    bases: Mapping[int, int] = bases_of(facts, subject)
    return tuple(bases.get(stat, 0) for stat in SIX) if bases else None


def _perks(facts: Collection, subject: Subject) -> frozenset[tuple[str, bool]] | None:
    """Names of the perks of all columns that can be chosen from; an enhanced one is a plain one and more."""
    reading = facts.reading
    columns = {each.position for each in reading.plugged(subject) if each.role is Role.PERK}
    if not reading.detail(subject).sockets:
        return None
    choices = reading.detail(subject).choices or {}
    hashes = {each.hash for each in reading.plugged(subject) if each.position in columns and not each.is_empty}
    hashes |= {choice.plug_hash for position in columns for choice in choices.get(position, ())}
    found = set[tuple[str, bool]]()
    for plug in map(reading.plug, hashes):
        if plug is not None and plug.name:
            found |= {(plug.name, False), (plug.name, is_enhanced(Role.PERK, plug))}
    return frozenset(found)
