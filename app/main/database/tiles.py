"""Tiles of definitions: they lead to the definition, for nobody need own what they show."""

from __future__ import annotations

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.main.addresses import definition_address
from app.main.tiles import Picture, TileMaker
from app.main.viewmodels import TileView


class DefinitionTiles:
    def __init__(self, definitions: Definitions, picture: Picture) -> None:
        self._item = definitions.item
        self._tiles = TileMaker(definitions, picture)

    def make(self, item_hash: int) -> TileView:
        definition = self._item(item_hash)
        shown = Item(item_hash, "", 1, 0, Place.VAULT, "")
        if definition:
            shown = shown._replace(version_number=definition.current_version)
        return self._tiles.make(OwnedItem(shown, definition, None))._replace(href=definition_address(item_hash))
