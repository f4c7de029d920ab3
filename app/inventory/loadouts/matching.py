"""Which of a player's copies a piece of a loadout means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.inventory import buckets
from app.inventory.items import Item, Place, power_of
from app.inventory.loadouts.model import Piece


class Match(NamedTuple):
    """`item` None: nobody has it. `others`: how many more copies of the same item the player has."""

    piece: Piece
    item: Item | None
    others: int = 0


class Belongings:
    """A player's items, to be asked for many pieces."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._by_id: dict[str, Item] = {}
        self._by_hash: dict[int, list[Item]] = {}
        for item in items:
            if item.instance_id:
                self._by_id[item.instance_id] = item
                self._by_hash.setdefault(item.hash, []).append(item)

    def match(self, piece: Piece, character_id: str = "") -> Match:
        """The very copy; for a piece that names none, the best one for `character_id`. Each has its own subclasses."""
        copies = self._by_hash.get(piece.item_hash, [])
        exact = self._by_id.get(piece.instance_id) if piece.instance_id else None
        if exact is not None and exact.hash == piece.item_hash and not _is_of_another(exact, character_id):
            return Match(piece, exact, len(copies) - 1)
        if piece.instance_id and not any(each.bucket_hash == buckets.SUBCLASS for each in copies):
            return Match(piece, None, len(copies))
        usable = [each for each in copies if not _is_of_another(each, character_id)]
        found = max(usable, key=lambda each: _fitness(each, character_id), default=None)
        return Match(piece, found, len(copies) - bool(found))

    def match_all(self, pieces: Iterable[Piece], character_id: str = "") -> tuple[Match, ...]:
        return tuple(self.match(piece, character_id) for piece in pieces)


def _is_of_another(item: Item, character_id: str) -> bool:
    return bool(character_id) and item.bucket_hash == buckets.SUBCLASS and item.owner != character_id


def _fitness(item: Item, character_id: str) -> tuple[bool, bool, bool, int, str]:
    is_here = item.owner == character_id
    is_reachable = item.bucket_hash not in buckets.POSTMASTER
    return (is_here and item.place is Place.EQUIPPED, is_here, is_reachable, power_of(item) or 0, item.instance_id)


def held_ids(builds: Mapping[str, Iterable[Piece]]) -> dict[str, tuple[str, ...]]:
    """By instance id the names (keys of `builds`) of everything that holds it."""
    found: dict[str, list[str]] = {}
    for name, pieces in builds.items():
        for piece in pieces:
            if piece.instance_id:
                found.setdefault(piece.instance_id, []).append(name)
    return {each: tuple(names) for each, names in found.items()}
