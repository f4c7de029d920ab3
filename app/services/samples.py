"""A handful of famous items for visitors who are not signed in, straight from the definitions."""

from __future__ import annotations

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.manifest.plans import ITEM
from app.services.naming import NamesThings

# Weapons that every player knows by sight. Those that the game has lost are left out when shown.
_FAMOUS = (
    347366834, 2907129557, 1363886209, 3089417789, 400096939, 3973202132, 3580904581, 2357297366,
    814876685, 1364093401, 3211806999, 1891561814,
)  # fmt: skip


class SampleService:
    def __init__(self, definitions: NamesThings) -> None:
        self._definitions = definitions

    def load(self, locale: str) -> tuple[tuple[OwnedItem, ...], Definitions]:
        """The famous items that the definitions know, with the definitions; nothing while there are none."""
        definitions = self._definitions.resolve(locale, {ITEM: _FAMOUS})
        known = ((item_hash, definitions.item(item_hash)) for item_hash in _FAMOUS)
        return tuple(
            OwnedItem(_shown(item_hash, definition.bucket_hash), definition, None)
            for item_hash, definition in known
            if definition is not None and not definition.redacted
        ), definitions


def _shown(item_hash: int, bucket_hash: int) -> Item:
    return Item(item_hash, "", 1, bucket_hash, Place.VAULT, "")
