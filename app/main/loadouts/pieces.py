"""One piece of a loadout -> its line on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext

from app.inventory import buckets
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import Item, Place
from app.inventory.loadouts.analysis import Finding
from app.inventory.loadouts.matching import Match
from app.inventory.loadouts.model import Piece
from app.inventory.profile import Profile
from app.inventory.telling.roles import Role, role_of
from app.inventory.telling.sockets import is_nothing
from app.main import words
from app.main.addresses import address_of, definition_address
from app.main.loadouts.viewmodels import PieceView, PlugView, TargetView
from app.main.loadouts.words import finding_text, item_name
from app.main.tiles import Picture


class PiecePresenter:
    def __init__(self, profile: Profile, definitions: Definitions, picture: Picture) -> None:
        self._profile = profile
        self._definitions = definitions
        self._picture = picture
        self._classes = {each.id: class_name(each.class_type) for each in profile.characters}

    def views(self, matches: Iterable[Match], findings: Iterable[Finding]) -> tuple[PieceView, ...]:
        notes = self._notes(findings)
        return tuple(self._view(match.piece, match.item, notes) for match in matches)

    def unowned(self, pieces: Iterable[Piece]) -> tuple[PieceView, ...]:
        """For somebody of whom nothing is known: what the game calls them, and nothing missing."""
        return tuple(self._view(piece, None, {})._replace(is_missing=False, where="") for piece in pieces)

    def where(self, item: Item) -> str:
        if item.place is Place.VAULT:
            return gettext("Vault")
        name = self._classes.get(item.owner, "")
        if item.place is Place.EQUIPPED:
            return gettext("%(character)s, equipped", character=name)
        if item.bucket_hash in buckets.POSTMASTER:
            return gettext("%(character)s, in the postmaster", character=name)
        return gettext("%(character)s, carried", character=name)

    def targets(self, class_type: int) -> Iterator[TargetView]:
        """The characters that can wear what is for a class."""
        for each in self._profile.characters:
            if class_type in {each.class_type, 3}:
                yield TargetView(each.id, self._classes[each.id])

    def _view(self, piece: Piece, item: Item | None, notes: Mapping[str, str]) -> PieceView:
        known = self._definitions.item(piece.item_hash)
        return PieceView(
            key=piece.key,
            item_hash=piece.item_hash,
            name=item_name(piece.item_hash, self._definitions),
            kind=known.type_name if known else "",
            href=address_of(item) if item else definition_address(piece.item_hash) if piece.item_hash else "",
            icon_url=self._picture(known.icon if known else ""),
            rarity=words.RARITIES.get(known.tier if known else 0, "unknown"),
            where=self.where(item) if item else gettext("Missing"),
            note=notes.get(piece.key, ""),
            is_worn=piece.is_worn,
            is_missing=item is None,
            plugs=tuple(self._plugs(piece, known)),
        )

    def _plugs(self, piece: Piece, known: ItemDefinition | None) -> Iterator[PlugView]:
        """What somebody chose; a mod or look that every copy starts with means "nothing here"."""
        for socket, plug_hash in piece.plugs:
            plug = self._definitions.item(plug_hash)
            if plug and plug.icon and not is_nothing(plug_hash, plug) and not _is_initial(socket, plug, known):
                yield PlugView(plug.name, self._picture(plug.icon))

    def _notes(self, findings: Iterable[Finding]) -> dict[str, str]:
        notes: dict[str, str] = {}
        for finding in findings:
            if finding.piece:
                notes.setdefault(finding.piece.key, finding_text(finding, self._definitions))
        return notes


def _is_initial(socket: int, plug: ItemDefinition, known: ItemDefinition | None) -> bool:
    if known is None or socket >= len(known.sockets) or known.sockets[socket].initial_hash != plug.hash:
        return False
    category = known.socket_categories[socket] if socket < len(known.socket_categories) else 0
    return role_of(plug.plug_category, category) in {Role.MOD, Role.TUNING, Role.LOOK}


def class_name(class_type: int) -> str:
    return str(words.CLASSES.get(class_type, gettext("Any class")))
