"""What can be told of an item only beside the others: doubles, and which copy is the weaker one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import ge
from typing import NamedTuple

from app.inventory.items import ItemState
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
    together,
)
from app.inventory.search.keywords.bases import bases_of, masterworked, ranked_stats, tuned_of
from app.inventory.search.keywords.sockets import is_artifice
from app.inventory.search.keywords.stats import SIX
from app.inventory.search.numbers import ranged
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.roles import Role

Key = Callable[[Collection, Subject], Hashable]

_ALL_ALIKE = frozenset({14, 16})  # DestinyItemType: emblems, subclasses
_CLASS_ARMOR = 1585787867
# Plain numbers are compared faster.
_MASTERWORK, _LOCKED, _CRAFTED = int(ItemState.MASTERWORK), int(ItemState.LOCKED), int(ItemState.CRAFTED)
_ARTIFICE = -1  # no hash of a stat
_CHERISHED = frozenset({"favorite", "keep"})
# "(Adept)" and its like in any language: an adept is a better copy of the same weapon.
_BRACKET, _CLOSING = re.compile(r"\s*[(\uff08][^()]+[)\uff09]\Z"), (")", "\uff09")
_LOWER, _CUSTOM_LOWER = "statlower", "customstatlower"
CUSTOM_TOTALS = N_("It needs stat totals of your own, which are not part of this site yet.")


class _Piece(NamedTuple):
    key: str
    stats: tuple[int, ...]
    freedom: int


def is_comparable(subject: Subject) -> bool:
    """Gear of which one copy can be better than another."""
    known, item = subject.known, subject.item
    return (
        (item.is_lockable or known.redacted)
        and bool(item.instance_id)
        and (known.is_equippable or known.redacted)
        and known.item_type not in _ALL_ALIKE
    )


def identity(_facts: Collection, subject: Subject) -> Hashable:
    """What makes two copies "the same item", reissues and adepts included. Classified items go by their hash."""
    known = subject.known
    if known.redacted or not known.name:
        return known.hash or subject.item.hash
    is_bracketed = known.item_type == WEAPON and known.name.endswith(_CLOSING)
    name = _BRACKET.sub("", known.name) if is_bracketed else known.name
    return fold(name), known.class_type, known.tier, known.bucket_hash


def _identities(facts: Collection) -> Mapping[int, Hashable]:
    """The identity of every definition that any of the items has; copies share theirs."""

    def work() -> Mapping[int, Hashable]:
        one_of_each = {each.known.hash: each for each in comparable(facts)}
        return {known: identity(facts, each) for known, each in one_of_each.items() if known}

    return facts.once("identities", work)


def _item(facts: Collection, subject: Subject) -> Hashable:
    return _identities(facts).get(subject.known.hash) or subject.item.hash


def comparable(facts: Collection) -> Sequence[Subject]:
    return facts.once("comparable", lambda: [each for each in facts.subjects if is_comparable(each)])


def _perks(facts: Collection, subject: Subject) -> Hashable:
    return facts.reading.roll(subject) or None


def _traits(facts: Collection, subject: Subject) -> Hashable:
    return (subject.known.item_type == WEAPON and _traits_of(facts.reading, subject)) or None


@once_per_copy
def _traits_of(reading: Reading, subject: Subject) -> frozenset[int]:
    return frozenset([each.hash for each in reading.plugged(subject) if each.plug.plug_category == "frames"])


# --- armor: only pieces of one slot and class are alike, and no exotic is like a piece that is none ------------------


def _alike(part: Key) -> Key:
    """A key that tells slots, classes and exotics apart as well."""

    def key(facts: Collection, subject: Subject) -> Hashable:
        known = subject.known
        found = part(facts, subject) if known.item_type == ARMOR else None
        return (known.bucket_hash, known.class_type, bool(known.unique_label), found) if found else None

    return key


def _bases(facts: Collection, subject: Subject) -> Hashable:
    known = subject.known
    if known.bucket_hash == _CLASS_ARMOR and known.unique_label:  # all alike in their stats
        return None
    bases = bases_of(facts, subject)
    found = tuple(bases.get(stat, 0) for stat in SIX)
    return found if any(found) else None


def _stats(facts: Collection, subject: Subject) -> Hashable:
    """What a piece has by birth, and what its owner is free to add."""
    bases = _bases(facts, subject)
    return (bases, _freedom(facts, subject)) if bases else None


def _freedom(facts: Collection, subject: Subject) -> int:
    """Which points of a piece are for its owner to place: the stat that is tuned, those of artifice, 0 for none."""
    return tuned_of(facts, subject) or (_ARTIFICE if is_artifice(facts, subject) else 0)


def _nonzero_stats(facts: Collection, subject: Subject) -> Hashable:
    return frozenset(ranked_stats(facts, subject)) or None


def _archetype(facts: Collection, subject: Subject) -> Hashable:
    return _archetype_of(facts.reading, subject)


@once_per_copy
def _archetype_of(reading: Reading, subject: Subject) -> int | None:
    return next((each.hash for each in reading.plugged(subject) if each.role is Role.ARCHETYPE), None)


def _tertiary_stat(facts: Collection, subject: Subject) -> Hashable:
    return next(iter(ranked_stats(facts, subject)[2:]), None)


def _tuned_stat(facts: Collection, subject: Subject) -> Hashable:
    return tuned_of(facts, subject) or None


def _set_bonus(_facts: Collection, subject: Subject) -> Hashable:
    return subject.known.set_hash or None


# In the order in which groups are made smaller: what is told quickly and tells most apart comes first.
_KEYS: Mapping[str, Key] = {
    "item": _item, "setbonus": _alike(_set_bonus), "archetype": _alike(_archetype), "stats": _alike(_stats),
    "nonzerostats": _alike(_nonzero_stats), "perks": _perks, "traits": _traits, "tunedstat": _alike(_tuned_stat),
    "tertiarystat": _alike(_tertiary_stat), "untunedstats": _alike(_bases),
}  # fmt: skip


_WORDS = {word: word for word in (*_KEYS, _LOWER)}


def groups(facts: Collection, names: tuple[str, ...]) -> Sequence[Sequence[Subject]]:
    """Comparable items that are alike in all of these respects, by what they share."""
    return facts.once(("groups", names), lambda: _grouped(facts, [_KEYS[name] for name in _KEYS if name in names]))


def _grouped(facts: Collection, keys: Iterable[Key]) -> Sequence[Sequence[Subject]]:
    """One respect after the other: what has no double in the first is never asked about the others."""
    found: Sequence[Sequence[Subject]] = [comparable(facts)]
    for key in keys:
        found = [group for members in found for group in _parted(facts, members, key)]
    return found


def _parted(facts: Collection, members: Iterable[Subject], key: Key) -> Iterator[Sequence[Subject]]:
    by_key: dict[Hashable, list[Subject]] = defaultdict(list)
    for subject in members:
        by_key[key(facts, subject)].append(subject)
    by_key.pop(None, None)
    return (group for group in by_key.values() if len(group) > 1)


def _members(found: Iterable[Sequence[Subject]]) -> frozenset[str]:
    return frozenset([subject.key for members in found for subject in members])


def dupes(facts: Collection, *names: str) -> frozenset[str]:
    """Keys of all items that have a double in these respects."""
    return facts.once(("dupes", names), lambda: _members(groups(facts, names)))


def _dupe(argument: str, facts: Collection) -> Predicate:
    """`dupe:item+perks`: alike in every respect; `statlower` then keeps the weaker ones of each group."""
    asked = [fold(part) for part in argument.split("+")]
    if _CUSTOM_LOWER in asked:
        raise Refused(Fault.KEYWORD_UNANSWERED, CUSTOM_TOTALS)
    for each in asked:
        picked(each, _WORDS)
    names = tuple(sorted(set(asked) - {_LOWER}))
    return held_in(lambda: _lower_of(facts, names) if _LOWER in asked else dupes(facts, *names))


def _lower_of(facts: Collection, names: tuple[str, ...]) -> frozenset[str]:
    """Armor that another piece of its slot (and of its group, when named) beats or equals in every stat."""

    def work() -> frozenset[str]:
        candidates = groups(facts, names) if names else [comparable(facts)]
        return frozenset(key for members in candidates for key in _beaten(facts, members))

    return facts.once(("lower", names), work)


def _beaten(facts: Collection, members: Iterable[Subject]) -> Iterable[str]:
    by_slot: dict[tuple[int, int, int], list[_Piece]] = defaultdict(list)
    for subject in members:
        known = subject.known
        stats = _masterworked(facts, subject) if known.item_type == ARMOR else ()
        if stats:
            # An exotic is no replacement for a legendary, nor one exotic for another.
            exotic = known.hash if known.unique_label else 0
            piece = _Piece(subject.key, stats, _freedom(facts, subject))
            by_slot[known.bucket_hash, known.class_type, exotic].append(piece)
    for pieces in by_slot.values():
        yield from _beaten_in_slot(pieces)


def _beaten_in_slot(pieces: Sequence[_Piece]) -> Iterable[str]:
    """Points to place oneself are worth something: a piece with them is beaten only by one that has the same."""
    for freedom in {each.freedom for each in pieces}:
        best = _unbeaten({each.stats for each in pieces if freedom in {each.freedom, 0}})
        yield from (each.key for each in pieces if each.freedom == freedom and each.stats not in best)


def _masterworked(facts: Collection, subject: Subject) -> tuple[int, ...]:
    """The six as a finished masterwork leaves them: a mod, or a masterwork still to come, makes no piece a better one.

    Empty where they are not known.
    """
    return _six_masterworked(facts.reading, subject)


@once_per_copy
def _six_masterworked(reading: Reading, subject: Subject) -> tuple[int, ...]:
    bases = reading.bases(subject)
    found = masterworked(subject, bases)
    return tuple([found[stat] for stat in SIX]) if any(map(bases.get, SIX)) else ()


def _unbeaten(every: Iterable[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """What nothing else beats. Whatever is beaten is beaten by one of these too, so only they are compared with.

    Each combination comes once: equals are doubles, not weaker ones.
    """
    best: list[tuple[int, ...]] = []
    for stats in sorted(every, key=sum, reverse=True):
        if not any(_beats(other, stats) for other in best):
            best.append(stats)
    return set(best)


def _beats(other: tuple[int, ...], stats: tuple[int, ...]) -> bool:
    return all(map(ge, other, stats))


def _worth(facts: Collection, subject: Subject) -> tuple[int, bool, int, bool, bool, str]:
    item = subject.item
    return (
        subject.power,
        facts.own.annotations.of(item).tag in _CHERISHED,
        subject.instance.gear_tier,
        bool(item.state & _MASTERWORK),
        bool(item.state & _LOCKED),
        subject.key,
    )


def _not_best(facts: Collection) -> frozenset[str]:
    def work() -> frozenset[str]:
        gear = {WEAPON, ARMOR}
        found = [group for group in groups(facts, ("item",)) if group[0].known.item_type in gear]
        best = {max(members, key=lambda each: _worth(facts, each)).key for members in found}
        return frozenset(each.key for members in found for each in members) - best

    return facts.once("not best", work)


def _crafted_doubles(facts: Collection) -> frozenset[str]:
    def work() -> frozenset[str]:
        found = groups(facts, ("item",))
        with_crafted = (group for group in found if any(each.item.state & _CRAFTED for each in group))
        return frozenset(each.key for group in with_crafted for each in group)

    return facts.once("crafted doubles", work)


def _infusible_into(facts: Collection) -> frozenset[str]:
    def work() -> frozenset[str]:
        gear = [each for each in comparable(facts) if each.power]
        least: dict[int, int] = {}
        for each in gear:
            least[each.item.hash] = min(each.power, least.get(each.item.hash, each.power))
        return frozenset(each.key for each in gear if each.power > least[each.item.hash])

    return facts.once("infusion", work)


def _count(argument: str, facts: Collection) -> Predicate:
    def counts() -> Mapping[str, int]:
        by_identity: dict[Hashable, list[Subject]] = defaultdict(list)
        for subject in comparable(facts):
            by_identity[_item(facts, subject)].append(subject)
        return {each.key: len(copies) for copies in by_identity.values() for each in copies}

    return ranged(argument, lambda subject: facts.once("counts", counts).get(subject.key))


_PLUGS = Need.PLUGS

CHAPTERS = (
    Chapter("copies", N_("Doubles"), (
        together("dupe", N_("Gear of which you own more than one, reissues and adepts included."),
                 lambda facts: dupes(facts, "item")),
        Keyword("dupe", Form.MIXED, N_("Gear that is alike in every respect of a list joined by plus."),
                _dupe, (), tuple(_WORDS), "dupe:item+perks", _PLUGS),
        Keyword("count", Form.RANGE, N_("Gear by how many copies of it you own."), _count, example="count:>=3"),
        together("dupelower", N_("All copies of a weapon or a piece of armor but the best, by power, the tags favorite"
                 " and keep, gear tier, masterwork and lock."), _not_best),
        together("statlower", N_("Armor that another piece of the same slot beats in its stats."),
                 lambda facts: _lower_of(facts, ()), need=_PLUGS),
        together("statdupe", N_("Armor with the same six stats as another piece of its slot."),
                 lambda facts: dupes(facts, "stats"), need=_PLUGS),
        together("dupeperks", N_("Copies of one item with the same perks."),
                 lambda facts: dupes(facts, "item", "perks"), need=_PLUGS),
        together("crafteddupe", N_("Doubles of which at least one copy is shaped."), _crafted_doubles, "shapeddupe"),
        together("infusionfodder", N_("Gear of which you own a copy with less power that this one could be infused"
                 " into."), _infusible_into),
    )),
)  # fmt: skip
