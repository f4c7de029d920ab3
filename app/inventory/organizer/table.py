"""A table of gear: its rows, its columns as an address names them, and its order by several of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from app.inventory.annotations.marks import rank_of
from app.inventory.buckets import Group, group_of
from app.inventory.organizer import terms
from app.inventory.organizer.column import Column, Form, Kind
from app.inventory.organizer.columns import AFTER, BEFORE
from app.inventory.organizer.desk import Desk
from app.inventory.organizer.gear import GEAR, STATS
from app.inventory.search.facts import ARMOR, WEAPON, Subject
from app.inventory.sorting import MOST_KEYS, Order, SortBy

MOST_COLUMNS = 60
NAME = "name"
STATS_NOW, STATS_BASE = "stats", "basestats"  # stand for every stat column that has something to say
_GHOST_BUCKET = 4023194814
_TYPES = {Kind.WEAPONS: (WEAPON, Group.WEAPONS), Kind.ARMOR: (ARMOR, Group.ARMOR)}
# By which words of the search language a table is narrowed, a chapter of the language each.
FACETS: Mapping[Kind, tuple[str, ...]] = {
    Kind.WEAPONS: ("slot", "type"), Kind.ARMOR: ("class", "slot"), Kind.GHOSTS: (),
}  # fmt: skip
DEFAULTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.WEAPONS: ("power", "element", "tier", "locked", "tag", "archetype", "traits", "masterworkstat", "kills",
                   "season", "location"),
    Kind.ARMOR: ("power", "tier", "energy", "locked", "tag", "archetype", "tertiary", "tuning", STATS_NOW, "total",
                 "location"),
    Kind.GHOSTS: ("energy", "locked", "tag", "perks", "season", "location"),
}  # fmt: skip


class Facet(NamedTuple):
    """One way to narrow a table: a word of the search language, how many rows it leaves, and one of them."""

    chapter: str
    word: str
    size: int
    example: Subject


@cache
def columns_of(kind: Kind) -> Mapping[str, Column]:
    """Every column of a kind of gear by its key, in their usual order; the name comes first and cannot go."""
    every = (*BEFORE, *GEAR, *STATS, *AFTER)
    return {each.key: each for each in every if kind in each.kinds}


def choices_of(kind: Kind) -> tuple[str, ...]:
    """What can be chosen: every column but the name, and the two words for all stats."""
    groups = () if kind is Kind.GHOSTS else (STATS_NOW, STATS_BASE)
    return (*(key for key in columns_of(kind) if key != NAME), *groups)


def read_columns(kind: Kind, text: str) -> tuple[str, ...]:
    """The columns that "power,perks" asks for; what is no column is passed over. () where nothing is asked for."""
    known = set(choices_of(kind))
    asked = dict.fromkeys(word.strip() for word in text.lower().split(","))
    return tuple(word for word in asked if word in known)[:MOST_COLUMNS]


def read_order(kind: Kind, text: str) -> Order:
    """The order that "-power,name" asks for; what is no column is passed over."""
    known, found = columns_of(kind), dict[str, SortBy]()
    for word in text.lower().split(","):
        key = word.strip().removeprefix("-")
        if key in known and key not in found:
            found[key] = SortBy(key, word.strip().startswith("-"))
    return tuple(found.values())[:MOST_KEYS]


def rows_of(kind: Kind, subjects: Iterable[Subject]) -> list[Subject]:
    """The copies that a table of this kind shows; gear that the definitions do not know goes by where it lies."""
    return [each for each in subjects if each.item.instance_id and _is_of(kind, each)]


def _is_of(kind: Kind, subject: Subject) -> bool:
    if kind is Kind.GHOSTS:
        return _GHOST_BUCKET in {subject.known.bucket_hash, subject.item.bucket_hash}
    item_type, group = _TYPES[kind]
    if subject.known.item_type:
        return subject.known.item_type == item_type
    return group_of(subject.item.bucket_hash, None) is group


def shown_columns(kind: Kind, keys: Iterable[str], desk: Desk, rows: Sequence[Subject]) -> tuple[Column, ...]:
    """The columns to show; the words for all stats become those of which any row knows something."""
    known, found = columns_of(kind), dict[str, Column]()
    for key in keys:
        if key in {STATS_NOW, STATS_BASE}:
            found |= {each.key: each for each in _telling(kind, key, desk, rows)}
        else:
            found[key] = known[key]
    return tuple(found.values())


def _telling(kind: Kind, key: str, desk: Desk, rows: Sequence[Subject]) -> list[Column]:
    prefix = "stat." if key == STATS_NOW else "base."
    columns = [each for each in columns_of(kind).values() if each.key.startswith(prefix)]
    return [each for each in columns if any(each.value(desk, row) is not None for row in rows)]


def facets(kind: Kind, rows: Iterable[Subject]) -> tuple[Facet, ...]:
    """Everything that a table could be narrowed to, in the order of the search language."""
    found: dict[tuple[str, str], list[Subject]] = {}
    for row in rows:
        for chapter in FACETS[kind]:
            word = terms.word_of(chapter, row)
            if word:
                found.setdefault((chapter, word), []).append(row)
    order = {(chapter, word): place for chapter in FACETS[kind] for place, (word, _) in enumerate(_tests(chapter))}
    return tuple(
        Facet(chapter, word, len(members), members[0])
        for (chapter, word), members in sorted(found.items(), key=lambda each: order[each[0]])
    )


def _tests(chapter: str) -> Iterable[tuple[str, Any]]:
    return terms.tests_of(chapter)


def narrowed(kind: Kind, rows: Iterable[Subject], words: Iterable[str]) -> list[Subject]:
    """The rows for which all of these words of the facets hold."""
    asked = [(chapter, word) for chapter in FACETS[kind] for word in words if word in dict(_tests(chapter))]
    return [row for row in rows if all(terms.word_of(chapter, row) == word for chapter, word in asked)]


def in_order(kind: Kind, rows: Sequence[Subject], order: Order, desk: Desk) -> list[Subject]:
    """The rows by these columns, by name after that. Of what a column says nothing comes last, either way round."""
    found = list(rows)
    for by in reversed((*order, SortBy(NAME))):
        column = columns_of(kind)[by.key]
        keyed = [(_key(column, column.value(desk, row)), row) for row in found]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=_first, reverse=column.falls != by.is_reversed)
        found = [row for _, row in known] + [row for key, row in keyed if key is None]
    return found


def _first(pair: tuple[Any, Subject]) -> Any:
    return pair[0]


def _key(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.key in {"id", "hash"}:
        return int(value)
    if column.key == "tag":
        return rank_of(value)
    if column.form is Form.PLUGS:
        return tuple(plug.name.casefold() for plug in value if plug.is_chosen)
    if column.form is Form.NAMES:
        return (-len(value), *(name.casefold() for name in value))
    return value.casefold() if isinstance(value, str) else value
