"""How a player wants things laid out, applied to an inventory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.inventory.arrange import Inventory, Section
from app.inventory.sorting import Order, in_order


@dataclass(frozen=True, slots=True)
class Layout:
    """`group` is a key of GROUPINGS, or "". `folded` names the sections that are kept closed."""

    order: Order = ()
    group: str = ""
    folded: frozenset[str] = frozenset()


PLAIN = Layout()


def laid_out(inventory: Inventory, order: Order) -> Inventory:
    """The same items in this order. Without one they stand as `arrange` puts them: best first."""
    if not order:
        return inventory
    return replace(
        inventory,
        characters=tuple(replace(store, sections=_sorted(store.sections, order)) for store in inventory.characters),
        vault=_sorted(inventory.vault, order),
        account=_sorted(inventory.account, order),
        currencies=_sorted(inventory.currencies, order),
    )


def _sorted(sections: tuple[Section, ...], order: Order) -> tuple[Section, ...]:
    return tuple(replace(section, items=in_order(section.items, order)) for section in sections)
