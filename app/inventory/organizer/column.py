"""What a column is: a value for every copy, how it sorts, and the search that finds what has the same."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from app.inventory.organizer.desk import Desk
from app.inventory.search.facts import Subject


class Kind(StrEnum):
    """Which gear a table shows."""

    WEAPONS = "weapons"
    ARMOR = "armor"
    GHOSTS = "ghosts"


class Form(StrEnum):
    """What the values of a column are; where nothing is known the value is None, and the cell stays empty."""

    TEXT = "text"  # words of the game, or of the player
    NUMBER = "number"
    MARK = "mark"  # True or False
    WORD = "word"  # a number or word that pages have a name for
    NAMES = "names"  # several words of the player
    PLUGS = "plugs"  # a tuple of Plug
    ICON = "icon"


EVERY_KIND = frozenset(Kind)
WEAPONS, ARMOR, GHOSTS = frozenset({Kind.WEAPONS}), frozenset({Kind.ARMOR}), frozenset({Kind.GHOSTS})

Value = Callable[[Desk, Subject], Any]
TermOf = Callable[[Desk, Subject, Any], str]


def no_term(_desk: Desk, _subject: Subject, _value: Any) -> str:
    return ""


class Column(NamedTuple):
    """`falls`: naturally from the greatest down. `term`: the search that a click on a cell adds, "" for none."""

    key: str
    form: Form
    value: Value
    term: TermOf = no_term
    falls: bool = False
    kinds: frozenset[Kind] = EVERY_KIND
    stat_hash: int = 0
