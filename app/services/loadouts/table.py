"""A player's things with every definition that some loadouts speak of: what they are read, checked and planned on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.bungie.errors import BungieError
from app.inventory.arrange import item_hashes
from app.inventory.items import Item, ItemDetails, Place
from app.inventory.loadouts.capture import saved_pieces
from app.inventory.loadouts.matching import Belongings
from app.inventory.loadouts.model import Piece, Plug
from app.inventory.loadouts.options import offers
from app.inventory.profile import Profile
from app.manifest.plans import ITEM, MATERIALS, PLUG_SET, SOCKET_TYPE
from app.manifest.resolved import ResolvedDefinitions
from app.services.moves.truth import MoveTruth, overlaid
from app.services.naming import NamesThings
from app.services.profiles import ProfileService
from app.services.sessions import Viewer

# Nobody's things cannot become too old.
_NEVER_OLD = datetime.max.replace(tzinfo=UTC)
Offers = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    profile: Profile
    definitions: ResolvedDefinitions
    trouble: BungieError | None
    fetched_at: datetime = _NEVER_OLD


class Tables:
    def __init__(self, profiles: ProfileService, definitions: NamesThings, truth: MoveTruth) -> None:
        self._profiles = profiles
        self._definitions = definitions
        self._truth = truth

    def of(self, viewer: Viewer, locale: str, pieces: Iterable[Piece], more: Iterable[int] = ()) -> Table:
        """`more`: other items and plugs to be named. Raises a BungieError only when nothing was ever fetched."""
        loaded = self._profiles.load(viewer.account_id or 0, viewer.membership_type, viewer.membership_id, to_show=True)
        profile, pieces = loaded.profile, tuple(pieces)
        held = (match.item for match in Belongings(profile.items).match_all(pieces))
        hashes = item_hashes(profile.items) | set(more) | {each.item_hash for each in pieces}
        hashes |= {plug.plug_hash for each in pieces for plug in each.plugs}
        hashes |= plugs_of(profile, (each for each in held if each))
        definitions = self._with_sockets(locale, hashes - {0}, pieces)
        profile = overlaid(profile, definitions, self._truth.recent(viewer.account_id))
        return Table(profile, definitions, loaded.trouble, datetime.fromtimestamp(loaded.fetched_at, UTC))

    def of_nobody(self, locale: str, pieces: Iterable[Piece]) -> Table:
        """Only what the definitions say."""
        pieces = tuple(pieces)
        hashes = {each.item_hash for each in pieces} | {plug.plug_hash for each in pieces for plug in each.plugs}
        return Table(Profile((), ()), self._with_sockets(locale, hashes, pieces), None)

    def of_items(self, viewer: Viewer, locale: str, items: Iterable[str]) -> Table:
        """With what sits in the sockets of these copies, by instance id."""
        wanted = set(items)
        return self._with_plugs(viewer, locale, lambda item: item.instance_id in wanted)

    def of_worn(self, viewer: Viewer, locale: str, character_id: str) -> Table:
        """With what sits in the sockets of everything that a character wears."""
        return self._with_plugs(
            viewer, locale, lambda item: item.place is Place.EQUIPPED and item.owner == character_id
        )

    def of_saved(self, viewer: Viewer, locale: str, character_id: str) -> Table:
        """With everything that a character's in-game loadouts speak of."""
        found = self.of(viewer, locale, ())
        saved = found.profile.details.loadouts(character_id) or ()
        return self.of(viewer, locale, [piece for each in saved for piece in saved_pieces(each, found.profile)])

    def of_offers(self, viewer: Viewer, locale: str, piece: Piece) -> tuple[Table, ItemDetails, Offers]:
        """With all that could go into the sockets of a piece: the copy's own facts, and by socket what is offered."""
        found = self.of(viewer, locale, (piece,))
        item = Belongings(found.profile.items).match(piece).item
        details = found.profile.details.item(item) if item else ItemDetails()
        known = found.definitions.item(piece.item_hash)
        if known is None:
            return found, details, {}
        hashes = {each.initial_hash for each in known.sockets} | {each.plug_hash for each in details.sockets or ()}
        sets = {each.plug_set_hash for each in known.sockets}
        offered = offers(known, details, self._definitions.resolve(locale, {ITEM: hashes - {0}, PLUG_SET: sets - {0}}))
        every = tuple(Plug(socket, plug) for socket, plugs in offered.items() for plug in plugs)
        return self.of(viewer, locale, (piece, piece._replace(plugs=every))), details, offered

    def _with_plugs(self, viewer: Viewer, locale: str, is_meant: Callable[[Item], bool]) -> Table:
        found = self.of(viewer, locale, ())
        items = [each for each in found.profile.items if is_meant(each)]
        return self.of(viewer, locale, (), plugs_of(found.profile, items))

    def _with_sockets(self, locale: str, hashes: set[int], pieces: Iterable[Piece]) -> ResolvedDefinitions:
        """Sockets and costs are named by items and plugs, so there are two looks; the second costs little more."""
        found = self._definitions.resolve(locale, {ITEM: hashes})
        known = (found.item(piece.item_hash) for piece in pieces)
        kinds = {socket.type_hash for each in known if each for socket in each.sockets}
        plugs = (found.item(plug.plug_hash) for piece in pieces for plug in piece.plugs)
        costs = {each.insertion_cost_hash for each in plugs if each}
        return self._definitions.resolve(locale, {ITEM: hashes, SOCKET_TYPE: kinds - {0}, MATERIALS: costs - {0}})


def plugs_of(profile: Profile, items: Iterable[Item]) -> set[int]:
    details = (profile.details.item(each) for each in items)
    return {socket.plug_hash for each in details for socket in each.sockets or ()} - {0}
