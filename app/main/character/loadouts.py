"""The in-game loadouts of a character: their names and looks, their items, and which of them are elsewhere or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext, ngettext

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.items import EQUIPPED
from app.inventory.profile import Loadout
from app.main.addresses import address_of
from app.main.character.viewmodels import LoadoutPiece, LoadoutsView, LoadoutView
from app.main.tiles import Picture

Where = Callable[[OwnedItem], str]
_NAME, _ICON, _COLOR = (f"DestinyLoadout{each}Definition" for each in ("Name", "Icon", "Color"))


class LoadoutPresenter:
    """`owned` has every copy of the account by instance id; `where` says in words who has one."""

    def __init__(
        self,
        character_id: str,
        owned: Mapping[str, OwnedItem],
        definitions: Definitions,
        picture: Picture,
        where: Where,
    ) -> None:
        self._character_id = character_id
        self._owned = owned
        self._definitions = definitions
        self._picture = picture
        self._where = where

    def view(self, loadouts: tuple[Loadout, ...] | None) -> LoadoutsView:
        if loadouts is None:
            return LoadoutsView((), gettext("Bungie did not send the loadouts that are saved in the game."))
        used = tuple(self._loadout(each) for each in loadouts if each.items)
        return LoadoutsView(used, _free(len(loadouts) - len(used), has_any=bool(used)))

    def _loadout(self, loadout: Loadout) -> LoadoutView:
        there = [found for piece in loadout.items if (found := self._owned.get(piece.instance_id))]
        gone = len(loadout.items) - len(there)
        away = [each for each in there if each.item.owner != self._character_id]
        is_worn = not gone and all(self._is_worn(each) for each in there)
        return LoadoutView(
            name=self._named(_NAME, loadout.name_hash) or gettext("Loadout %(number)s", number=loadout.slot + 1),
            icon_url=self._picture(self._icon(_ICON, loadout.icon_hash)),
            color_url=self._picture(self._icon(_COLOR, loadout.color_hash)),
            pieces=tuple(self._piece(each) for each in there),
            note=_note(gone, len(away), is_worn=is_worn),
            is_worn=is_worn,
            is_broken=bool(gone),
        )

    def _piece(self, owned: OwnedItem) -> LoadoutPiece:
        known = owned.definition
        name = known.name if known and known.name else gettext("Unknown item %(hash)s", hash=owned.item.hash)
        where = "" if owned.item.owner == self._character_id else self._where(owned)
        return LoadoutPiece(name, address_of(owned.item), self._picture(known.icon if known else ""), where)

    def _is_worn(self, owned: OwnedItem) -> bool:
        return owned.item.owner == self._character_id and owned.item.place is EQUIPPED

    def _named(self, table: str, definition_hash: int) -> str:
        found = self._definitions.named(table, definition_hash)
        return found.name if found else ""

    def _icon(self, table: str, definition_hash: int) -> str:
        found = self._definitions.named(table, definition_hash)
        return found.icon if found else ""


def used_text(loadouts: Iterable[Loadout] | None) -> str:
    """How many are saved, "" when nobody said."""
    return "" if loadouts is None else str(sum(bool(each.items) for each in loadouts))


def _note(gone: int, away: int, *, is_worn: bool) -> str:
    if is_worn:
        return gettext("Worn now.")
    sentences = []
    if gone:
        sentences.append(
            ngettext("%(num)d piece does not exist any more.", "%(num)d pieces do not exist any more.", gone)
        )
    if away:
        sentences.append(ngettext("%(num)d piece has to be fetched.", "%(num)d pieces have to be fetched.", away))
    return " ".join(sentences) or gettext("Everything is on this character.")


def _free(count: int, *, has_any: bool) -> str:
    if not has_any:
        return gettext("No loadout is saved on this character in the game.")
    return ngettext("%(num)d slot is free.", "%(num)d slots are free.", count) if count else ""
