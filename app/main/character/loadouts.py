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
from app.main.loadouts.saved import art, not_sent, standing, title_of
from app.main.tiles import Picture

Where = Callable[[OwnedItem], str]


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
            return LoadoutsView((), not_sent())
        used = tuple(self._loadout(each) for each in loadouts if each.items)
        return LoadoutsView(used, _free(len(loadouts) - len(used), has_any=bool(used)))

    def _loadout(self, loadout: Loadout) -> LoadoutView:
        there = [found for piece in loadout.items if (found := self._owned.get(piece.instance_id))]
        gone = len(loadout.items) - len(there)
        away = [each for each in there if each.item.owner != self._character_id]
        is_worn = not gone and all(self._is_worn(each) for each in there)
        icon_url, color_url = art(loadout, self._definitions, self._picture)
        return LoadoutView(
            name=title_of(loadout, self._definitions),
            icon_url=icon_url,
            color_url=color_url,
            pieces=tuple(self._piece(each) for each in there),
            note=gettext("Worn now.") if is_worn else standing(gone, len(away)),
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


def used_text(loadouts: Iterable[Loadout] | None) -> str:
    """How many are saved, "" when nobody said."""
    return "" if loadouts is None else str(sum(bool(each.items) for each in loadouts))


def _free(count: int, *, has_any: bool) -> str:
    if not has_any:
        return gettext("No loadout is saved on this character in the game.")
    return ngettext("%(num)d slot is free.", "%(num)d slots are free.", count) if count else ""
