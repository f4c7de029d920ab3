"""Tiles as HTML, drawn once: who looks again, or lets the page look for news, mostly sees what was there before."""

from __future__ import annotations

from typing import NamedTuple

from flask import get_template_attribute

from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item
from app.main.tile_marks import TileMark
from app.main.viewmodels import TileView

# The largest vault there could be fits in. A tile takes a kilobyte and a half.
_MOST = 16_000


class Sight(NamedTuple):
    """Everything that a tile depends on, besides definitions and language."""

    item: Item
    power: int | None
    is_new: bool
    mark: TileMark | None


class _Seen(NamedTuple):
    definition: ItemDefinition | None
    style: ItemDefinition | None
    tile: TileView


class DrawnTiles:
    """The tiles seen by this process, in one language and with one source of pictures. What is not seen again goes."""

    def __init__(self) -> None:
        self._lately: dict[Sight, _Seen] = {}
        self._before: dict[Sight, _Seen] = {}

    def find(self, sight: Sight, definition: ItemDefinition | None, style: ItemDefinition | None) -> TileView | None:
        """A tile is good for as long as the definitions are the very ones that it was made from."""
        seen = self._lately.get(sight)
        if seen is None:
            seen = self._before.get(sight)
            if seen is None:
                return None
            self._keep(sight, seen)
        return seen.tile if seen.definition is definition and seen.style is style else None

    def keep(
        self, sight: Sight, definition: ItemDefinition | None, style: ItemDefinition | None, tile: TileView
    ) -> None:
        self._keep(sight, _Seen(definition, style, tile))

    def _keep(self, sight: Sight, seen: _Seen) -> None:
        if len(self._lately) >= _MOST:
            self._lately, self._before = {}, self._lately
        self._lately[sight] = seen


def draw(tiles: list[TileView]) -> list[TileView]:
    """The same tiles with their HTML."""
    items = get_template_attribute("components/tiles.html", "tile_items")(tiles).split("</li>")
    return [tile._replace(drawn=item) for tile, item in zip(tiles, items[:-1], strict=True)]
