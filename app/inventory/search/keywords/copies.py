"""What can be told of an item only beside the others: doubles, and which copy is the weaker one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

from app.inventory.items import ItemState
from app.inventory.search.errors import Fault
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, Refused, asking, picked
from app.inventory.search.keywords.bases import bases_of, ranked_stats, tuned_of
from app.inventory.search.keywords.stats import SIX, six_stats
from app.inventory.search.numbers import ranged
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.roles import Role

Key = Callable[[Collection, Subject], Hashable]

_EMBLEM, _SUBCLASS = 14, 16
# "(Adept)" and its like in any language: an adept is a better copy of the same weapon.
_BRACKET = re.compile(r"\s*[(\uff08][^()]+[)\uff09]\Z")
_LOWER, _CUSTOM_LOWER = "statlower", "customstatlower"
CUSTOM_TOTALS = N_("It needs stat totals of your own, which are not part of this site yet.")


def is_comparable(subject: Subject) -> bool:
    """Gear of which one copy can be better than another."""
    known, item = subject.known, subject.item
    return (
        bool(item.instance_id)
        and known.item_type not in {_EMBLEM, _SUBCLASS}
        and (known.redacted or (known.is_equippable and item.is_lockable))
    )


def identity(_facts: Collection, subject: Subject) -> Hashable:
    """What makes two copies "the same item", reissues and adepts included. Classified items go by their hash."""
    known = subject.known
    if known.redacted or not known.name:
        return known.hash or subject.item.hash
    name = _BRACKET.sub("", known.name) if known.item_type == WEAPON else known.name
    return fold(name), known.class_type, known.tier, known.bucket_hash


def _identities(facts: Collection) -> Mapping[int, Hashable]:
    """The identity of every definition that any of the items has; copies share theirs."""

    def work() -> Mapping[int, Hashable]:
        one_of_each = {each.known.hash: each for each in facts.subjects}
        return {known: identity(facts, each) for known, each in one_of_each.items() if known}

    return facts.once("identities", work)


def _item(facts: Collection, subject: Subject) -> Hashable:
    return _identities(facts).get(subject.known.hash) or subject.item.hash


def comparable(facts: Collection) -> Sequence[Subject]:
    return facts.once("comparable", lambda: [each for each in facts.subjects if is_comparable(each)])


def _perks(facts: Collection, subject: Subject) -> Hashable:
    return facts.reading.roll(subject) or None


def _traits(facts: Collection, subject: Subject) -> Hashable:
    if subject.known.item_type != WEAPON:
        return None
    return (
        frozenset(each.hash for each in facts.reading.plugged(subject) if each.plug.plug_category == "frames") or None
    )


def _stats(facts: Collection, subject: Subject) -> Hashable:
    stats = six_stats(facts, subject)
    return (subject.known.bucket_hash, subject.known.class_type, stats) if stats else None


def _nonzero_stats(facts: Collection, subject: Subject) -> Hashable:
    stats = six_stats(facts, subject)
    shape = tuple(value > 0 for value in stats or ())
    return (subject.known.bucket_hash, subject.known.class_type, shape) if stats else None


def _archetype(facts: Collection, subject: Subject) -> Hashable:
    found = (each.hash for each in facts.reading.plugged(subject) if each.role is Role.ARCHETYPE)
    return next(found, None) if subject.known.item_type == ARMOR else None


def _untuned_stats(facts: Collection, subject: Subject) -> Hashable:
    if subject.known.item_type != ARMOR or not six_stats(facts, subject):
        return None
    bases = bases_of(facts, subject)
    return subject.known.bucket_hash, subject.known.class_type, tuple(bases.get(stat, 0) for stat in SIX)


def _tertiary_stat(facts: Collection, subject: Subject) -> Hashable:
    return next(iter(ranked_stats(facts, subject)[2:]), None)


def _tuned_stat(facts: Collection, subject: Subject) -> Hashable:
    return tuned_of(facts, subject) or None


def _set_bonus(_facts: Collection, subject: Subject) -> Hashable:
    return subject.known.set_hash or None


# In the order in which groups are made smaller: what is told quickly and tells most apart comes first.
_KEYS: Mapping[str, Key] = {
    "item": _item, "setbonus": _set_bonus, "archetype": _archetype, "stats": _stats, "nonzerostats": _nonzero_stats,
    "perks": _perks, "traits": _traits, "tunedstat": _tuned_stat, "tertiarystat": _tertiary_stat,
    "untunedstats": _untuned_stats,
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
    if _LOWER not in asked:
        return lambda subject: subject.key in dupes(facts, *names)
    return lambda subject: subject.key in _lower_of(facts, names)


def _lower_of(facts: Collection, names: tuple[str, ...]) -> frozenset[str]:
    """Armor that another piece of its slot (and of its group, when named) beats or equals in every stat."""

    def work() -> frozenset[str]:
        candidates = groups(facts, names) if names else [comparable(facts)]
        return frozenset(key for members in candidates for key in _beaten(facts, members))

    return facts.once(("lower", names), work)


def _beaten(facts: Collection, members: Iterable[Subject]) -> Iterable[str]:
    by_slot: dict[tuple[int, int, int], list[tuple[tuple[int, ...], Subject]]] = defaultdict(list)
    for subject in members:
        stats = six_stats(facts, subject)
        if stats:
            known = subject.known
            # An exotic is no replacement for a legendary, nor one exotic for another.
            exotic = known.hash if known.unique_label else 0
            by_slot[known.bucket_hash, known.class_type, exotic].append((stats, subject))
    for pieces in by_slot.values():
        best = _unbeaten({stats for stats, _ in pieces})
        yield from (subject.key for stats, subject in pieces if stats not in best)


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
    return all(left >= right for left, right in zip(other, stats, strict=True))


def _worth(subject: Subject) -> tuple[int, int, bool, bool, str]:
    item = subject.item
    return (
        subject.power,
        subject.instance.gear_tier,
        bool(item.state & ItemState.MASTERWORK),
        bool(item.state & ItemState.LOCKED),
        subject.key,
    )


def _not_best(facts: Collection) -> frozenset[str]:
    def work() -> frozenset[str]:
        found = groups(facts, ("item",))
        best = {max(members, key=_worth).key for members in found}
        return frozenset(each.key for members in found for each in members) - best

    return facts.once("not best", work)


def _crafted_doubles(facts: Collection) -> frozenset[str]:
    def work() -> frozenset[str]:
        found = groups(facts, ("item",))
        with_crafted = (group for group in found if any(each.item.state & ItemState.CRAFTED for each in group))
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


def _among(found: Callable[[Collection], frozenset[str]]) -> Callable[[Collection, Subject], bool]:
    return lambda facts, subject: subject.key in found(facts)


_PLUGS = Need.PLUGS

CHAPTERS = (
    Chapter("copies", N_("Doubles"), (
        asking("dupe", N_("Gear of which you own more than one, reissues and adepts included."),
               _among(lambda facts: dupes(facts, "item"))),
        Keyword("dupe", Form.MIXED, N_("Gear that is alike in every respect of a list joined by plus."),
                _dupe, (), tuple(_WORDS), "dupe:item+perks", _PLUGS),
        Keyword("count", Form.RANGE, N_("Gear by how many copies of it you own."), _count, example="count:>=3"),
        asking("dupelower", N_("All copies of a double but the best, by power, gear tier, masterwork and lock."),
               _among(_not_best)),
        asking("statlower", N_("Armor that another piece of the same slot beats in its stats."),
               _among(lambda facts: _lower_of(facts, ())), need=_PLUGS),
        asking("statdupe", N_("Armor with the same six stats as another piece of its slot."),
               _among(lambda facts: dupes(facts, "stats")), need=_PLUGS),
        asking("dupeperks", N_("Copies of one item with the same perks."),
               _among(lambda facts: dupes(facts, "item", "perks")), need=_PLUGS),
        asking("crafteddupe", N_("Doubles of which at least one copy is shaped."), _among(_crafted_doubles),
               "shapeddupe"),
        asking("infusionfodder", N_("Gear of which you own a copy with less power that this one could be infused"
               " into."), _among(_infusible_into)),
    )),
)  # fmt: skip
