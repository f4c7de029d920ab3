"""Which kind of champion a thing stops by itself."""

from __future__ import annotations

from collections.abc import Iterable

from app.inventory.definitions import ItemDefinition
from app.inventory.items import Instance

# Item categories that hold what stops them. DestinyBreakerType: 1 barrier, 2 overload, 3 unstoppable.
_CATEGORIES = {1793728308: 1, 964228942: 2, 2906646562: 3}


def breaker_of(
    definition: ItemDefinition | None, instance: Instance | None, plugs: Iterable[ItemDefinition | None] = ()
) -> int:
    """By the copy, its definition, the enabled plugs in its sockets or its category; 0 for none."""
    said = (instance.breaker_type if instance else 0) or (definition.breaker_type if definition else 0)
    by_plug = said or next((plug.breaker_type for plug in plugs if plug and plug.breaker_type), 0)
    categories = definition.category_hashes if definition else ()
    return by_plug or next((_CATEGORIES[each] for each in categories if each in _CATEGORIES), 0)
