"""Items that a search finds, to be put into a loadout."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from app.inventory.arrange import Inventory, OwnedItem
from app.inventory.search.text import fold
from app.main import words
from app.main.loadouts.pieces import class_name
from app.main.loadouts.viewmodels import PickPage, PickView
from app.main.search_words import sentence
from app.main.tiles import Picture
from app.services.loadouts.shelf import Kept
from app.services.search import Found

_MOST_PICKS = 120


def pick_page(kept: Kept, found: Found, picture: Picture) -> PickPage:
    inventory = found.snapshot.inventory
    copies = sorted(_wearable(inventory), key=lambda each: (fold(_name(each)), -(each.power or 0)))
    classes = {store.character.id: class_name(store.character.class_type) for store in inventory.characters}
    inside = {piece.key for piece in kept.build.pieces}
    is_cut = len(copies) > _MOST_PICKS
    return PickPage(
        public_id=kept.public_id,
        name=kept.build.name,
        query=found.text,
        error=sentence(found.error) if found.error else "",
        note=gettext("Only the first %(most)d are shown: search for fewer.", most=_MOST_PICKS) if is_cut else "",
        picks=tuple(
            PickView(
                value=each.item.instance_id,
                name=f"{_name(each)} {each.power or ''}".strip(),
                icon_url=picture(each.definition.icon if each.definition else ""),
                rarity=words.RARITIES.get(each.definition.tier if each.definition else 0, "unknown"),
                where=classes.get(each.item.owner, gettext("Vault")),
                is_in=each.item.instance_id in inside,
            )
            for each in copies[:_MOST_PICKS]
        ),
    )


def _wearable(inventory: Inventory) -> Iterator[OwnedItem]:
    """Copies that can be worn, wherever they are."""
    for sections in (inventory.vault, *(store.sections for store in inventory.characters)):
        for section in sections:
            for owned in section.items:
                if owned.item.instance_id and owned.definition and owned.definition.is_equippable:
                    yield owned


def _name(owned: OwnedItem) -> str:
    return owned.definition.name if owned.definition else ""
