"""How a player wants things laid out, applied to an inventory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.inventory.arrange import Inventory, Section
from app.inventory.grouping import need_of as need_of_group
from app.inventory.search.facts import Collection
from app.inventory.search.keyword import Need
from app.inventory.sorting import NO_FACTS, Order, in_order
from app.inventory.sorting import need_of as need_of_order


@dataclass(frozen=True, slots=True)
class Layout:
    """`group` is a key of GROUPINGS, or "". `folded` names the sections that are kept closed."""

    order: Order = ()
    group: str = ""
    folded: frozenset[str] = frozenset()

    @property
    def need(self) -> Need:
        """What facts must have read before anything is laid out so."""
        return need_of_order(self.order) | need_of_group(self.group)


PLAIN = Layout()


def laid_out(inventory: Inventory, order: Order, facts: Collection = NO_FACTS) -> Inventory:
    """The same items in this order. Without one they stand as `arrange` puts them: best first."""
    if not order:
        return inventory
    return replace(
        inventory,
        characters=tuple(
            replace(store, sections=_sorted(store.sections, order, facts)) for store in inventory.characters
        ),
        vault=_sorted(inventory.vault, order, facts),
        account=_sorted(inventory.account, order, facts),
        currencies=_sorted(inventory.currencies, order, facts),
    )


def _sorted(sections: tuple[Section, ...], order: Order, facts: Collection) -> tuple[Section, ...]:
    return tuple(replace(section, items=in_order(section.items, order, facts)) for section in sections)
