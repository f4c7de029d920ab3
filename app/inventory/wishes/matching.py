"""Which roll of a player's wish lists a copy fulfils."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.inventory.wishes.packing import PackedRolls
from app.inventory.wishes.rolls import ANY_ITEM, Roll

# Copies change seldom: what was found out about one is remembered while pages of the same player are made.
_MOST_REMEMBERED = 4_000


class Wish(NamedTuple):
    """What the lists say of a copy: the first roll that it fulfils, and the title of the list that has it.

    `perks` are the plugs of this copy for which it was chosen.
    """

    is_trash: bool
    perks: frozenset[int]
    notes: str
    list_title: str


class Offer(NamedTuple):
    """What a copy can have: every plug that it holds or offers, and those of each column that can roll."""

    plugs: frozenset[int]
    columns: tuple[frozenset[int], ...] = ()


class NamedRolls(NamedTuple):
    """A list under the title that players see."""

    title: str
    rolls: PackedRolls


class WishBook:
    """All lists of a player, in their order: what an earlier one says goes before what a later one says."""

    def __init__(self, lists: Sequence[NamedRolls] = ()) -> None:
        self._lists = tuple(lists)
        self._remembered: dict[tuple[int, Offer], Wish | None] = {}

    def __bool__(self) -> bool:
        return bool(self._lists)

    def names(self, item_hash: int) -> bool:
        """Whether any list has something to say of just this item."""
        return any(item_hash in each.rolls for each in self._lists)

    def perks(self) -> Iterator[int]:
        """Every perk that any roll asks for."""
        for each in self._lists:
            yield from each.rolls.perks

    def wish_for(self, item_hash: int, categories: Sequence[int], offer: Offer) -> Wish | None:
        """Rolls of the item itself go before those of any item, and those before rolls of its categories."""
        key = (item_hash, offer)
        if key not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._find(item_hash, categories, offer)
        return self._remembered[key]

    def _find(self, item_hash: int, categories: Sequence[int], offer: Offer) -> Wish | None:
        for title, roll in self._candidates(item_hash, categories):
            if _fulfils(offer, roll):
                return Wish(roll.is_trash, roll.perks & offer.plugs, roll.notes, title)
        return None

    def _candidates(self, item_hash: int, categories: Sequence[int]) -> Iterator[tuple[str, Roll]]:
        for wanted in (item_hash, ANY_ITEM, *categories):
            for title, rolls in self._lists:
                for roll in rolls.of(wanted):
                    yield title, roll


def _fulfils(offer: Offer, roll: Roll) -> bool:
    if roll.each_column:
        return bool(offer.columns) and not any(roll.perks.isdisjoint(column) for column in offer.columns)
    return roll.perks <= offer.plugs
