"""The search that finds the rows like a cell: written in the search language, whatever language the page is in."""

from __future__ import annotations

from functools import cache

from app.inventory.search.facts import WEAPON, Collection, Subject
from app.inventory.search.keyword import Form, Keyword, Predicate
from app.inventory.search.keywords.sockets import MOD_SLOTS
from app.inventory.search.keywords.stats import TODAY, WEAPON_STATS
from app.inventory.search.printer import write
from app.inventory.search.registry import CHAPTERS, FILTERS
from app.inventory.search.sources import SOURCES
from app.inventory.search.tree import FLAG, Not, Query, Term

# Words that hold for too much to say what kind of thing something is.
_WIDE = frozenset({"weapon", "armor", "equipment", "cosmetic", "light", "dark"})
_EVENTS = ("dawning", "crimsondays", "solstice", "fotl", "games")
# Wider than what a source is told by.
_NOT_SOURCES = frozenset({"raid", "calus", "events", "dungeon", *_EVENTS})


def term(name: str, argument: object) -> str:
    """`name:argument`, in quotes where it needs them."""
    return write(Query(Term(name, str(argument))))


def at_least(name: str, number: object) -> str:
    return f"{name}:>={number}"


def flag(word: str, *, holds: bool = True) -> str:
    return write(Query(Term(FLAG, word) if holds else Not(Term(FLAG, word))))


def is_known(name: str) -> bool:
    """Whether the language has an answer for a filter of this name."""
    return isinstance(FILTERS.get(name), Keyword)


def takes(name: str, value: str) -> bool:
    """Whether a filter knows this value."""
    found = FILTERS.get(name)
    return isinstance(found, Keyword) and value in found.values


def word_of(chapter: str, subject: Subject) -> str:
    """The first flag of a chapter that holds for an item, "" for none: `handcannon`, `arc`, `helmet`."""
    return next((word for word, test in tests_of(chapter) if test(subject)), "")


@cache
def tests_of(chapter: str) -> tuple[tuple[str, Predicate], ...]:
    """The flags of a chapter with their tests; only for chapters that look at nothing but the item itself."""
    found = next(each for each in CHAPTERS if each.key == chapter)
    flags = (each for each in found.keywords if isinstance(each, Keyword) and each.form is Form.FLAG)
    return tuple((each.name, each.make("", Collection(()))) for each in flags if each.name not in _WIDE)


def breaker_word(number: int) -> str:
    return {1: "barrier", 2: "overload", 3: "unstoppable"}.get(number, "")


def foundry_word(subject: Subject) -> str:
    """As searches write it: `tex-mechanica`."""
    if subject.known.item_type != WEAPON:
        return ""
    traits = (each for each in subject.known.trait_ids if each.startswith("foundry."))
    return next(traits, "").removeprefix("foundry.").replace("_", "-")


def stat_word(stat_hash: int) -> str:
    return _STAT_WORDS.get(stat_hash, "")


def mod_slot_word(plug_category: str) -> str:
    return _SLOT_WORDS.get(plug_category, "")


def source_word(source_hash: int) -> str:
    return _SOURCE_WORDS.get(source_hash, "")


def event_word(source_hash: int) -> str:
    return next((word for word in _EVENTS if source_hash in SOURCES[word]), "")


_STAT_WORDS = {stat: word for word, stat in reversed([*TODAY.items(), *WEAPON_STATS.items()])}
_SLOT_WORDS = {category: word for word, category in MOD_SLOTS.items()}
_SOURCE_WORDS = {
    source: word for word in reversed(list(SOURCES)) if word not in _NOT_SOURCES for source in SOURCES[word]
}
