"""An inventory reduced to what a search found.

Every section keeps its place, those without a find go. How full a bucket is cannot be told from finds: no capacity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

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


def narrow(inventory: Inventory, keep: Callable[[OwnedItem], bool]) -> Inventory:
    """Only the items to keep. Characters stay even when nothing of theirs is found."""
    return replace(
        inventory,
        characters=tuple(replace(store, sections=_kept(store.sections, keep)) for store in inventory.characters),
        vault=_kept(inventory.vault, keep),
        account=_kept(inventory.account, keep),
        currencies=_kept(inventory.currencies, keep),
    )


def _kept(sections: tuple[Section, ...], keep: Callable[[OwnedItem], bool]) -> tuple[Section, ...]:
    found = ((section, tuple(each for each in section.items if keep(each))) for section in sections)
    return tuple(replace(section, items=items, capacity=None) for section, items in found if items)
