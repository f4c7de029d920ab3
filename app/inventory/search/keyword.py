"""What a keyword is: a row of the table that parses, answers, completes and explains the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto
from functools import partial
from typing import Generic, TypeVar

from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.text import fold

Predicate = Callable[[Subject], bool]
Entry = TypeVar("Entry")
Told = TypeVar("Told")
Maker = Callable[[str, Collection], Predicate]


class Form(StrEnum):
    """How a keyword is written."""

    FLAG = "flag"  # is:weapon
    TEXT = "text"  # name:ace
    CHOICE = "choice"  # foundry:hakke
    RANGE = "range"  # power:>=500
    STAT = "stat"  # stat:range+handling:>=80
    MIXED = "mixed"  # kills:pve:>=100


class Need(Flag):
    """Data beyond items and their definitions; reading it costs time, so only what a search needs is read."""

    NOTHING = 0
    PLUGS = auto()  # what sits in sockets, or could: their definitions
    COLLECTIBLES = auto()  # where items come from
    ROLLS = auto()  # what an item could have had in its sockets
    OBJECTIVES = auto()  # what counters in sockets count


class Refused(Exception):
    """An argument that a keyword does not take; `candidates` are those it takes."""

    def __init__(self, fault: Fault, text: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.fault = fault
        self.text = text
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Keyword:
    """`says` explains it in one sentence. `values` are the arguments to offer, `example` shows the rest."""

    name: str
    form: Form
    says: str
    make: Maker
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    example: str = ""
    need: Need = Need.NOTHING


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A keyword of the language that nothing we know can answer, and why. Better said than answered wrongly."""

    name: str
    form: Form
    reason: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """Keywords that belong together on the help page. `path` is where their examples are tried."""

    key: str
    title: str
    keywords: tuple[Keyword | Unanswered, ...] = field(default=())
    path: str = "/vault"


class Once(Generic[Told]):
    """A question that several terms ask of an item: all of them ask of one item before the first asks of the next."""

    __slots__ = ("_about", "_answer", "_ask")

    def __init__(self, ask: Callable[[Subject], Told]) -> None:
        self._ask = ask
        self._about: Subject | None = None
        self._answer: Told

    def __call__(self, subject: Subject) -> Told:
        if subject is not self._about:
            self._answer, self._about = self._ask(subject), subject
        return self._answer


def shared(facts: Collection, ask: Callable[[Collection, Subject], Told]) -> Once[Told]:
    """What all terms of a search that ask the same of an item share."""
    return facts.once(("shared", ask), lambda: Once(partial(ask, facts)))


def flag(name: str, says: str, test: Predicate, *aliases: str, need: Need = Need.NOTHING) -> Keyword:
    """`is:name` for what can be told from an item alone."""
    return Keyword(name, Form.FLAG, says, lambda _argument, _facts: test, aliases, need=need)


def asking(
    name: str,
    says: str,
    test: Callable[[Collection, Subject], bool],
    *aliases: str,
    need: Need = Need.NOTHING,
) -> Keyword:
    """`is:name` for what can only be told beside the player's other items, characters or plugs."""
    return Keyword(
        name, Form.FLAG, says, lambda _argument, facts: lambda subject: test(facts, subject), aliases, need=need
    )


def together(
    name: str,
    says: str,
    find: Callable[[Collection], frozenset[str]],
    *aliases: str,
    need: Need = Need.NOTHING,
) -> Keyword:
    """`is:name` for what is found by looking at all items together: `find` tells the keys of those that are meant."""
    return Keyword(name, Form.FLAG, says, lambda _argument, facts: held_in(lambda: find(facts)), aliases, need=need)


def held_in(find: Callable[[], frozenset[str]]) -> Predicate:
    """Whether an item is one of those with these keys, which are looked for when the first item is asked about."""
    keys: frozenset[str] | None = None

    def holds(subject: Subject) -> bool:
        nonlocal keys
        if keys is None:
            keys = find()
        return subject.key in keys

    return holds


def choice(name: str, says: str, tests: Mapping[str, Predicate], *aliases: str) -> Keyword:
    """`name:value` where every value is a test of its own."""
    return Keyword(name, Form.CHOICE, says, lambda argument, _facts: picked(argument, tests), aliases, tuple(tests))


def picked(argument: str, table: Mapping[str, Entry]) -> Entry:
    """The entry of a table that an argument names. Raises Refused with the names that there are."""
    found = table.get(fold(argument))
    if found is None:
        raise Refused(Fault.VALUE_UNKNOWN, argument, tuple(table))
    return found
