"""The game's own loadouts of a character -> their page, where they can be worn, saved, named and cleared."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from flask_babel import gettext, ngettext

from app.inventory.loadouts.matching import Match
from app.inventory.loadouts.model import ANY_CLASS, Piece
from app.inventory.profile import Loadout
from app.main.loadouts.pieces import PiecePresenter
from app.main.loadouts.viewmodels import ChoiceView, InGamePage, PieceView, SlotView
from app.main.tiles import Picture
from app.services.loadouts.ingame import InGame

_NAME, _ICON, _COLOR = (f"DestinyLoadout{each}Definition" for each in ("Name", "Icon", "Color"))


class InGamePresenter:
    def __init__(self, looking: InGame, picture: Picture) -> None:
        self._looking = looking
        self._profile = looking.table.profile
        self._definitions = looking.table.definitions
        self._picture = picture
        self._pieces = PiecePresenter(self._profile, self._definitions, picture)

    def page(self) -> InGamePage:
        targets = tuple(self._pieces.targets(ANY_CLASS))
        loadouts = self._looking.loadouts
        return InGamePage(
            character=next(each for each in targets if each.id == self._looking.character.id),
            characters=targets,
            note=_note(loadouts),
            slots=tuple(self._slot(each) for each in loadouts or ()),
            key=secrets.token_urlsafe(16),
        )

    def _slot(self, loadout: Loadout) -> SlotView:
        pieces = self._views(loadout)
        gone = sum(each.is_missing for each in pieces)
        return SlotView(
            slot=loadout.slot,
            number=loadout.slot + 1,
            name=self._name(loadout.name_hash) or gettext("Loadout %(number)s", number=loadout.slot + 1),
            icon_url=self._art(_ICON, loadout.icon_hash),
            color_url=self._art(_COLOR, loadout.color_hash),
            note=self._slot_note(loadout, gone),
            is_used=bool(loadout.items),
            is_broken=bool(gone),
            pieces=pieces,
            names=tuple(self._choices(_NAME, loadout.name_hash, gettext("Name %(number)d"))),
            icons=tuple(self._choices(_ICON, loadout.icon_hash, gettext("Icon %(number)d"))),
            colors=tuple(self._choices(_COLOR, loadout.color_hash, gettext("Colour %(number)d"))),
        )

    def _views(self, loadout: Loadout) -> tuple[PieceView, ...]:
        items = [(each.instance_id, self._profile.item(each.instance_id)) for each in loadout.items]
        matches = (Match(Piece(item.hash if item else 0, instance_id), item) for instance_id, item in items)
        return self._pieces.views(matches, ())

    def _slot_note(self, loadout: Loadout, gone: int) -> str:
        if not loadout.items:
            return gettext("Empty.")
        if gone:
            return ngettext("%(num)d piece does not exist any more.", "%(num)d pieces do not exist any more.", gone)
        owners = [item.owner for each in loadout.items if (item := self._profile.item(each.instance_id))]
        away = sum(each != self._looking.character.id for each in owners)
        if away:
            return ngettext("%(num)d piece has to be fetched.", "%(num)d pieces have to be fetched.", away)
        return gettext("Everything is on this character.")

    def _choices(self, table: str, chosen: int, unnamed: str) -> Iterator[ChoiceView]:
        """Icons and colours have no names in the game: they are counted."""
        known = sorted(self._definitions.every_named(table), key=lambda each: (each.name, each.hash))
        for number, each in enumerate(known, 1):
            yield ChoiceView(each.hash, each.name or unnamed % {"number": number}, each.hash == chosen)

    def _name(self, name_hash: int) -> str:
        found = self._definitions.named(_NAME, name_hash)
        return found.name if found else ""

    def _art(self, table: str, art_hash: int) -> str:
        found = self._definitions.named(table, art_hash)
        return self._picture(found.icon if found else "")


def _note(loadouts: tuple[Loadout, ...] | None) -> str:
    if loadouts is None:
        return gettext("Bungie did not send the loadouts that are saved in the game.")
    return "" if loadouts else gettext("This character has no slots for loadouts yet.")
