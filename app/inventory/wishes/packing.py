"""Rolls written down item by item, so that a list of a hundred thousand is opened without reading it.

w1                          the form
11,12,13                    every perk that is asked for, once; rolls name them by their places here
2                           so many lines of notes follow
Good in Gambit
...
1234 +0:0,1;-:2             an item's rolls: sign, number of the notes, places of its perks
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from app.inventory.wishes.rolls import Roll

_FORM = "w1"
# By (is_trash, each_column).
_SIGNS = {(False, False): "+", (True, False): "-", (False, True): "*", (True, True): "!"}
_MEANS = {sign: meaning for meaning, sign in _SIGNS.items()}


def pack(rolls: Iterable[Roll]) -> str:
    """The text that `unpack` opens. Rolls of one item keep their order; those of different items need none."""
    perks: dict[int, int] = {}
    notes: dict[str, int] = {}
    by_item: dict[int, list[str]] = {}
    for roll in rolls:
        number = notes.setdefault(roll.notes, len(notes)) if roll.notes else ""
        places = ",".join([str(perks.setdefault(each, len(perks))) for each in sorted(roll.perks)])
        by_item.setdefault(roll.item_hash, []).append(f"{_SIGNS[roll.is_trash, roll.each_column]}{number}:{places}")
    items = (f"{item} {';'.join(written)}" for item, written in by_item.items())
    return "\n".join((_FORM, ",".join(map(str, perks)), str(len(notes)), *notes, *items))


class PackedRolls:
    """One list, opened. What it says of an item is read when somebody asks for that item, and not kept."""

    def __init__(self, perks: tuple[int, ...], notes: tuple[str, ...], items: Mapping[int, str]) -> None:
        self.perks = perks
        self._notes = notes
        self._items = items

    def __contains__(self, item_hash: int) -> bool:
        return item_hash in self._items

    def __len__(self) -> int:
        """How many items, categories and "any item" it speaks of."""
        return len(self._items)

    def of(self, item_hash: int) -> Iterator[Roll]:
        """The rolls of an item, in the order of the list."""
        for each in self._items.get(item_hash, "").split(";"):
            if each:
                yield self._roll(item_hash, each)

    def _roll(self, item_hash: int, written: str) -> Roll:
        head, _, places = written.partition(":")
        is_trash, each_column = _MEANS[head[0]]
        perks = frozenset([self.perks[int(place)] for place in places.split(",")]) if places else frozenset[int]()
        return Roll(item_hash, perks, is_trash, each_column, self._notes[int(head[1:])] if head[1:] else "")


def unpack(text: str) -> PackedRolls:
    """Raises ValueError for a text that `pack` did not write."""
    lines = iter(text.split("\n"))
    if next(lines) != _FORM:
        raise ValueError("not a packed wish list")
    perks = tuple(int(each) for each in next(lines).split(",") if each)
    notes = tuple(islice(lines, int(next(lines))))
    items = (line.partition(" ") for line in lines if line)
    return PackedRolls(perks, notes, {int(item): rolls for item, _, rolls in items})
