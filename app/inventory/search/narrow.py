"""An inventory reduced to what a search found.

Every section keeps its place, those without a find go. How full a bucket is cannot be told from finds: no capacity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, compress

from app.inventory.arrange import Inventory, OwnedItem, Section


def everything(inventory: Inventory) -> Iterator[OwnedItem]:
    """All items of all stores."""
    stores = (
        inventory.vault,
        inventory.account,
        inventory.currencies,
        *(each.sections for each in inventory.characters),
    )
    return chain.from_iterable(section.items for sections in stores for section in sections)


def narrow(inventory: Inventory, kept: Iterable[bool]) -> Inventory:
    """Only the items to keep, as told in the order of `everything`. Characters stay even without a find."""
    told = iter(kept)
    vault, account, currencies = (
        _kept(sections, told) for sections in (inventory.vault, inventory.account, inventory.currencies)
    )
    characters = tuple([replace(store, sections=_kept(store.sections, told)) for store in inventory.characters])
    return replace(inventory, characters=characters, vault=vault, account=account, currencies=currencies)


def _kept(sections: Iterable[Section], told: Iterator[bool]) -> tuple[Section, ...]:
    found = [(section, tuple(compress(section.items, told))) for section in sections]
    return tuple([replace(section, items=items, capacity=None) for section, items in found if items])
