"""What has to be done for a character to have a loadout, and which part of it cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.inventory.buckets import POSTMASTER, SUBCLASS, VAULT
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.inventory.loadouts.analysis import (
    Problem,
    energy_excess,
    energy_of,
    is_exotic,
    is_for_another_class,
    plug_problem,
    plugs_to_change,
)
from app.inventory.loadouts.matching import Belongings, Match
from app.inventory.loadouts.model import Build, Piece, Plug
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.inventory.profile import Profile


class Change(NamedTuple):
    """One plug to put in."""

    item: Item
    plug: Plug


class Missed(NamedTuple):
    """What cannot be done, and why. `plug` None: the whole piece."""

    piece: Piece
    problem: Problem
    plug: Plug | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """Moves in the order in which they work: exotics after what makes way for them, plugs last.

    `settled` counts the pieces that are where they belong already.
    """

    moves: tuple[Wish, ...]
    changes: tuple[Change, ...]
    missed: tuple[Missed, ...]
    settled: int

    @property
    def is_nothing(self) -> bool:
        return not self.moves and not self.changes


def application(build: Build, profile: Profile, definitions: Definitions, character_id: str) -> Application:
    """How to bring a loadout to a character. `definitions` must know items, plugs, sockets and materials."""
    matches = Belongings(profile.items).match_all(build.pieces, character_id)
    there = sorted(((each, each.item) for each in matches if each.item), key=lambda pair: _turn(pair[0], definitions))
    moves = [wish for match, item in there if (wish := _wish(match.piece, item, character_id))]
    changes: list[Change] = []
    missed = [_absent(each.piece, profile, definitions, character_id) for each in matches if each.item is None]
    for match, item in there:
        for each in _changes(match.piece, item, profile, definitions):
            if isinstance(each, Change):
                changes.append(each)
            else:
                missed.append(each)
    return Application(tuple(moves), tuple(changes), tuple(missed), len(there) - len(moves))


def gathering(items: Iterable[Item], character_id: str) -> tuple[Wish, ...]:
    """How to bring copies to a character without wearing them; those that are there are left out."""
    pieces = ((Piece(item.hash, item.instance_id, is_worn=False), item) for item in items)
    return tuple(wish for piece, item in pieces if (wish := _wish(piece, item, character_id)))


def _absent(piece: Piece, profile: Profile, definitions: Definitions, character_id: str) -> Missed:
    """A subclass never leaves its character: on one of another class it is out of place, not lost."""
    known, character = definitions.item(piece.item_hash), profile.character(character_id)
    if known and character and known.bucket_hash == SUBCLASS and is_for_another_class(known, character.class_type):
        return Missed(piece, Problem.WRONG_CLASS)
    return Missed(piece, Problem.MISSING)


def _turn(match: Match, definitions: Definitions) -> tuple[bool, bool]:
    """Worn before carried; an exotic goes on when the one before it has come off."""
    return (not match.piece.is_worn, is_exotic(definitions.item(match.piece.item_hash)))


def _wish(piece: Piece, item: Item, character_id: str) -> Wish | None:
    """None when it is so already."""
    is_here = item.owner == character_id and item.bucket_hash not in POSTMASTER
    if is_here and (item.place is Place.EQUIPPED or not piece.is_worn):
        return None
    source = item.owner or (VAULT_STORE if item.bucket_hash == VAULT else ACCOUNT_STORE)
    return Wish(item.hash, item.instance_id, source, character_id, equip=piece.is_worn)


def _changes(piece: Piece, item: Item, profile: Profile, definitions: Definitions) -> Iterator[Change | Missed]:
    """Cheaper plugs first, so that the energy lasts at every moment: it lasts before and it lasts after."""
    sockets = profile.details.item(item).sockets or ()
    present = dict(enumerate(socket.plug_hash for socket in sockets))
    wanted = plugs_to_change(piece, item, profile)
    if wanted and energy_excess(piece, item, profile, definitions):
        yield Missed(piece, Problem.NO_ENERGY)
        return
    wanted.sort(key=lambda plug: _difference(plug, present.get(plug.socket, 0), definitions))
    for plug in wanted:
        problem = plug_problem(definitions.item(item.hash), plug, definitions)
        if problem is None and plug.socket not in present:
            problem = Problem.NO_SOCKET
        yield Missed(piece, problem, plug) if problem else Change(item, plug)


def _difference(plug: Plug, present: int, definitions: Definitions) -> int:
    return energy_of(plug.plug_hash, definitions) - energy_of(present, definitions)
