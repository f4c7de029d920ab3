"""What a wish list says: rolls, and the lines of it that nobody could read."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

ANY_ITEM = -69420  # the community's sign for "every item"


class Roll(NamedTuple):
    """One line. `item_hash` is an item's, an item category's, or ANY_ITEM; `perks` are hashes of plugs.

    A copy fulfils it when it offers all of the perks; with `each_column` when every column that can roll offers one of
    them, as lists made from links mean it. `is_trash` warns instead of recommending.
    """

    item_hash: int
    perks: frozenset[int]
    is_trash: bool = False
    each_column: bool = False
    notes: str = ""


class Fault(StrEnum):
    """Why a line was not taken."""

    NOT_UNDERSTOOD = "not-understood"
    HASH_WRONG = "hash-wrong"
    TOO_MANY_PERKS = "too-many-perks"
    EVERYTHING = "everything"  # any item, with any perks
    TOO_LONG = "too-long"
    TOO_MANY_LINES = "too-many-lines"


class LineFault(NamedTuple):
    """`number` counts from 1; `text` is how the line begins."""

    number: int
    fault: Fault
    text: str


class ReadList(NamedTuple):
    """A whole list. `faults` are the first ones, `fault_count` is how many lines were not taken; the rest counts."""

    title: str
    description: str
    rolls: tuple[Roll, ...]
    faults: tuple[LineFault, ...]
    fault_count: int
