"""What pages may ask of a player's own loadouts: list, make, change, check, apply and share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.inventory.arrange import arrange
from app.inventory.loadouts.analysis import Finding, analyse
from app.inventory.loadouts.capture import outfit, picked_pieces, worn_pieces
from app.inventory.loadouts.foreign import Wanted, read_any, read_backup, with_mods
from app.inventory.loadouts.matching import Belongings, Match
from app.inventory.loadouts.model import Build, Piece, Plug, tidy
from app.inventory.loadouts.options import Choice, choices
from app.inventory.loadouts.plan import Application, application
from app.inventory.loadouts.share import encode
from app.inventory.loadouts.strongest import strongest_pieces
from app.inventory.moves.plan import Wish
from app.inventory.profile import Character
from app.services.loadouts.shelf import Kept, Shelf
from app.services.loadouts.table import Table, Tables
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest, MoveService, Preview
from app.services.sessions import Viewer

_PLUG = "plug"

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One loadout with what the player has of it, and what is wrong with it."""

    build: Build
    table: Table
    matches: tuple[Match, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What applying would do: each move with its steps or its obstacle."""

    opened: Opened
    character: Character
    plan: Application
    previews: tuple[tuple[Wish, Preview], ...]


class Sockets(NamedTuple):
    """One piece of a loadout with what can be chosen in it."""

    kept: Kept
    piece: Piece
    choices: tuple[Choice, ...]
    table: Table


class Taken(NamedTuple):
    """What came of a file: those that are new, and how many were kept already, of other accounts, or none at all."""

    kept: Sequence[Kept]
    known: int
    strangers: int
    broken: int


class Applied(NamedTuple):
    """`batch` None: there was nothing left to do."""

    batch: BatchReport | None


class LoadoutService:
    def __init__(self, shelf: Shelf, tables: Tables, moves: MoveService) -> None:
        self._shelf = shelf
        self._tables = tables
        self._moves = moves

    # --- looking -----------------------------------------------------------------------------------------------------

    def all(self, viewer: Viewer, locale: str, text: str = "") -> tuple[list[tuple[Kept, Opened]], Table]:
        """Those whose name, notes or #hashtags contain a text, each checked; and the player's things."""
        kept = [each for each in self._shelf.all(viewer) if each.build.holds(text)]
        table = self._tables.of(viewer, locale, [piece for each in kept for piece in each.build.pieces])
        return [(each, _opened(each.build, table)) for each in kept], table

    def open(self, viewer: Viewer, public_id: str, locale: str) -> tuple[Kept, Opened] | None:
        """None for what is not theirs."""
        kept = self._shelf.find(viewer, public_id)
        return (kept, self.check(viewer, kept.build, locale)) if kept else None

    def build(self, viewer: Viewer, public_id: str) -> Build | None:
        """None for what is not theirs."""
        kept = self._shelf.find(viewer, public_id)
        return kept.build if kept else None

    def check(self, viewer: Viewer, build: Build, locale: str) -> Opened:
        """A loadout that is not kept, looked at with the player's own things."""
        return _opened(build, self._tables.of(viewer, locale, build.pieces))

    def check_for_nobody(self, build: Build, locale: str) -> Opened:
        """For somebody who is not signed in: what it is made of, and nothing of who has it."""
        return Opened(build, self._tables.of_nobody(locale, build.pieces), (), ())

    def holding(self, viewer: Viewer, instance_id: str) -> list[Kept]:
        """The player's own loadouts that hold a copy, by name; a stack ("") is in none."""
        return self._shelf.holding(viewer, instance_id) if instance_id else []

    def sockets(self, viewer: Viewer, public_id: str, key: str, locale: str) -> Sockets | None:
        """What can be chosen in one piece of a loadout of theirs. None when there is no such piece."""
        kept = self._shelf.find(viewer, public_id)
        piece = next((each for each in kept.build.pieces if each.key == key), None) if kept else None
        if kept is None or piece is None:
            return None
        table, details, offered = self._tables.of_offers(viewer, locale, piece)
        return Sockets(kept, piece, choices(piece, details, offered, table.definitions), table)

    # --- making ------------------------------------------------------------------------------------------------------

    def save(self, viewer: Viewer, build: Build) -> Kept:
        """Raises TooManyLoadouts."""
        return self._shelf.add(viewer, build)

    def from_worn(self, viewer: Viewer, character_id: str, name: str, locale: str) -> Build | None:
        """What a character wears now; None when it is not theirs."""
        table = self._tables.of_worn(viewer, locale, character_id)
        character = table.profile.character(character_id)
        if character is None:
            return None
        return Build(name, character.class_type, "", worn_pieces(table.profile, table.definitions, character_id))

    def from_items(self, viewer: Viewer, items: Sequence[str], locale: str, *, is_worn: bool) -> tuple[Piece, ...]:
        """Copies by instance id, as they are now; what is not theirs is left out."""
        table = self._tables.of_items(viewer, locale, items)
        owned = {each.instance_id: each for each in table.profile.items if each.instance_id}
        found = [owned[each] for each in items if each in owned]
        return picked_pieces(found, table.profile, table.definitions, is_worn=is_worn)

    def from_picked(self, viewer: Viewer, items: Sequence[str], name: str, locale: str) -> Build | None:
        """A loadout of copies: worn as far as they go together. None when none of them is theirs."""
        table = self._tables.of_items(viewer, locale, items)
        owned = {each.instance_id: each for each in table.profile.items if each.instance_id}
        found = [owned[each] for each in items if each in owned]
        pieces = picked_pieces(found, table.profile, table.definitions, is_worn=True)
        return outfit(name, pieces, table.definitions) if pieces else None

    def strongest(self, viewer: Viewer, character_id: str, name: str, locale: str) -> Build | None:
        """The strongest that a character can wear; None when it is not theirs."""
        table = self._tables.of(viewer, locale, ())
        inventory = arrange(table.profile, table.definitions)
        store = inventory.character(character_id)
        if store is None:
            return None
        return Build(name, store.character.class_type, "", strongest_pieces(inventory, store.character))

    def read(self, viewer: Viewer, text: str, locale: str) -> Build:
        """A link, a code or JSON that somebody shared. Raises NotALoadout."""
        return self._placed(viewer, [read_any(text)], locale)[0]

    def take_backup(self, viewer: Viewer, data: bytes, name: str, locale: str) -> Taken:
        """Keeps every loadout of a file that is not kept already; `name` is for those without one.

        Raises NotALoadout and TooManyLoadouts; then none is kept.
        """
        found = read_backup(data, viewer.membership_id)
        known = {kept.build for kept in self._shelf.all(viewer)}
        placed = self._placed(viewer, found.wanted, locale)
        wanted = dict.fromkeys(replace(build, name=build.name or name) for build in placed)
        fresh = [build for build in wanted if build not in known]
        kept = self._shelf.add_all(viewer, fresh)
        return Taken(kept, len(found.wanted) - len(fresh), found.strangers, found.broken)

    def _placed(self, viewer: Viewer, wanted: Sequence[Wanted], locale: str) -> list[Build]:
        """With the mods that are wanted somewhere in sockets that take them."""
        mods = {mod for _, some in wanted for mod in some}
        if not mods:
            return [build for build, _ in wanted]
        table = self._tables.of(viewer, locale, [piece for build, _ in wanted for piece in build.pieces], mods)
        return [with_mods(build, some, table.definitions) for build, some in wanted]

    def read_for_nobody(self, text: str) -> Build:
        """The same for somebody who is not signed in; mods without a place are left out. Raises NotALoadout."""
        return read_any(text)[0]

    # --- changing ----------------------------------------------------------------------------------------------------

    def describe(self, viewer: Viewer, public_id: str, build: Build) -> Kept | None:
        """Gives a loadout the name, class and notes of `build`; its pieces stay. None when it is not theirs."""
        return self._shelf.change(viewer, public_id, lambda kept: replace(build, pieces=kept.pieces))

    def add(self, viewer: Viewer, public_id: str, pieces: Iterable[Piece]) -> Kept | None:
        """New pieces take the place of those with the same item."""
        return self._change_pieces(viewer, public_id, lambda kept: [*pieces, *kept])

    def remove(self, viewer: Viewer, public_id: str, key: str) -> Kept | None:
        """`key` is the piece's own. None when there is no such loadout of theirs."""
        return self._change_pieces(viewer, public_id, lambda kept: [each for each in kept if each.key != key])

    def wear(self, viewer: Viewer, public_id: str, key: str, *, is_worn: bool) -> Kept | None:
        """Whether a piece is to be worn or only carried."""
        return self._change_piece(viewer, public_id, key, lambda piece: piece._replace(is_worn=is_worn))

    def choose(self, viewer: Viewer, public_id: str, key: str, plugs: Mapping[int, int]) -> Kept | None:
        """Plugs by socket; 0 leaves a socket as it is, and of those that are not named everything stays."""

        def chosen(piece: Piece) -> Piece:
            every = {**dict(piece.plugs), **plugs}
            return piece._replace(plugs=tuple(Plug(socket, plug) for socket, plug in every.items() if plug))

        return self._change_piece(viewer, public_id, key, chosen)

    def choose_as_now(self, viewer: Viewer, public_id: str, key: str, locale: str) -> Kept | None:
        """What sits in the copy's sockets now; nothing changes for one that nobody has."""
        there = {piece.key: piece for piece in self.from_items(viewer, [key], locale, is_worn=True)}
        return self._change_piece(
            viewer, public_id, key, lambda piece: piece._replace(plugs=there.get(key, piece).plugs)
        )

    def _change_piece(self, viewer: Viewer, public_id: str, key: str, edit: Callable[[Piece], Piece]) -> Kept | None:
        def edited(kept: Pieces) -> list[Piece]:
            return [edit(each) if each.key == key else each for each in kept]

        return self._change_pieces(viewer, public_id, edited)

    def _change_pieces(self, viewer: Viewer, public_id: str, edit: Callable[[Pieces], Iterable[Piece]]) -> Kept | None:
        return self._shelf.change(viewer, public_id, lambda kept: replace(kept, pieces=tidy(edit(kept.pieces))))

    def copy(self, viewer: Viewer, public_id: str, name: str) -> Kept | None:
        """Raises TooManyLoadouts. None when there is no such loadout of theirs."""
        kept = self._shelf.find(viewer, public_id)
        return self._shelf.add(viewer, replace(kept.build, name=name)) if kept else None

    def delete(self, viewer: Viewer, public_id: str) -> bool:
        return self._shelf.delete(viewer, public_id)

    def restore(self, viewer: Viewer, public_id: str) -> bool:
        """Raises TooManyLoadouts."""
        return self._shelf.restore(viewer, public_id)

    # --- applying ----------------------------------------------------------------------------------------------------

    def foresee(self, viewer: Viewer, build: Build, character_id: str, locale: str) -> Foreseen | None:
        """What applying would do, on what is known now; None when the character is not theirs."""
        opened = self.check(viewer, build, locale)
        character = opened.table.profile.character(character_id)
        if character is None:
            return None
        plan = application(build, opened.table.profile, opened.table.definitions, character_id)
        previews = self._moves.preview_all(viewer, [MoveRequest(wish) for wish in plan.moves])
        return Foreseen(opened, character, plan, tuple(zip(plan.moves, previews, strict=True)))

    def apply(self, viewer: Viewer, key: str, build: Build, character_id: str, locale: str) -> Applied | None:
        """Orders what is left to do, at the game's pace; the same key again finds what it has ordered.

        None when the character is not theirs.
        """
        if made := self._moves.made_by(viewer, key):
            return Applied(made)
        opened = self.check(viewer, build, locale)
        if opened.table.profile.character(character_id) is None:
            return None
        plan = application(build, opened.table.profile, opened.table.definitions, character_id)
        requests = [MoveRequest(wish) for wish in plan.moves]
        for item, plug in plan.changes:
            wish = Wish(item.hash, item.instance_id, item.owner or character_id, character_id)
            requests.append(MoveRequest(wish, _PLUG, plug.socket, plug.plug_hash))
        return Applied(self._moves.order(viewer, key, requests, title=build.name) if requests else None)


def link_code(build: Build) -> str:
    """A loadout for a link: without copies, so that it says nothing about whose it is."""
    return encode(build)


def _opened(build: Build, table: Table) -> Opened:
    matches = Belongings(table.profile.items).match_all(build.pieces)
    return Opened(build, table, matches, analyse(build, matches, table.profile, table.definitions))
