"""The game's own loadouts of a character -> their page, where they can be worn, saved, named and cleared."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext

from app.inventory.loadouts.model import ANY_CLASS
from app.main.loadouts.pieces import PiecePresenter
from app.main.loadouts.saved import COLOR, ICON, NAME, art, not_sent, standing, title_of
from app.main.loadouts.viewmodels import ChoiceView, InGamePage, SlotView
from app.main.loadouts.words import finding_text
from app.main.move_refusals import too_old_to_move
from app.main.tiles import Picture
from app.services.loadouts.ingame import InGame, Slot


class InGamePresenter:
    def __init__(self, looking: InGame, picture: Picture) -> None:
        self._looking = looking
        self._profile = looking.table.profile
        self._definitions = looking.table.definitions
        self._picture = picture
        self._pieces = PiecePresenter(self._profile, self._definitions, picture)

    def page(self, now: datetime) -> InGamePage:
        targets = tuple(self._pieces.targets(ANY_CLASS))
        slots = self._looking.slots
        return InGamePage(
            character=next(each for each in targets if each.id == self._looking.character.id),
            characters=targets,
            note=_note(slots),
            slots=tuple(self._slot(each) for each in slots or ()),
            key=secrets.token_urlsafe(16),
            refusal=too_old_to_move(self._looking.table, now),
        )

    def _slot(self, slot: Slot) -> SlotView:
        saved, number = slot.saved, slot.saved.slot + 1
        icon_url, color_url = art(saved, self._definitions, self._picture)
        gone = sum(match.item is None for match in slot.matches)
        return SlotView(
            slot=saved.slot,
            number=number,
            title=f"{number}. {slot.build.name}" if slot.build.name else title_of(saved, self._definitions),
            icon_url=icon_url,
            color_url=color_url,
            note=self._slot_note(slot, gone),
            is_used=bool(saved.items),
            is_broken=bool(gone),
            findings=tuple(finding_text(each, self._definitions) for each in slot.findings),
            pieces=self._pieces.views(slot.matches, ()),
            names=tuple(self._choices(NAME, saved.name_hash, gettext("Name %(number)d"))),
            icons=tuple(self._choices(ICON, saved.icon_hash, gettext("Icon %(number)d"))),
            colors=tuple(self._choices(COLOR, saved.color_hash, gettext("Colour %(number)d"))),
        )

    def _slot_note(self, slot: Slot, gone: int) -> str:
        if not slot.saved.items:
            return gettext("Empty.")
        owners = [match.item.owner for match in slot.matches if match.item]
        return standing(gone, sum(each != self._looking.character.id for each in owners))

    def _choices(self, table: str, chosen: int, unnamed: str) -> Iterator[ChoiceView]:
        """Icons and colours have no names in the game: they are counted."""
        known = sorted(self._definitions.every_named(table), key=lambda each: (each.name, each.hash))
        for number, each in enumerate(known, 1):
            yield ChoiceView(each.hash, each.name or unnamed % {"number": number}, each.hash == chosen)


def _note(slots: tuple[Slot, ...] | None) -> str:
    if slots is None:
        return not_sent()
    return "" if slots else gettext("This character has no slots for loadouts yet.")
