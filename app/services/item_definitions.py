"""An item with every definition that it speaks of: worked out from what is remembered, then read in one look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.inventory.definitions import ItemDefinition, RecordDefinition
from app.inventory.references import ItemSetDefinition, PlugSetDefinition
from app.inventory.telling.sockets import listed_rolls, roll_sets
from app.manifest.plans import ITEM, LORE, OBJECTIVE, PERK, PLUG_SET
from app.manifest.resolved import ResolvedDefinitions
from app.services.naming import NamesThings

Wanted = dict[str, set[int]]
# What an item's definition speaks of, as far as it shows in what was found until then.
Step = Callable[[ItemDefinition, ResolvedDefinitions], Wanted]


def _nothing(_definition: ItemDefinition, _found: ResolvedDefinitions) -> Wanted:
    return {}


def resolve_item(
    definitions: NamesThings,
    locale: str,
    item_hash: int,
    wanted: Wanted,
    first: Step = _nothing,
) -> ResolvedDefinitions:
    """What is `wanted`, with everything that the definition of one item among it speaks of, and what a page adds.

    Memory tells what to ask for and costs nothing, so that the store is mostly asked once. Each look asks for all
    that the ones before it did: the last one holds everything, of one version.
    """
    named = frozenset(wanted[ITEM])

    def counted(definition: ItemDefinition, found: ResolvedDefinitions) -> Wanted:
        return _counted_by_records(named | socket_plugs(definition), found)

    steps = (first, _named_by_item, counted, _named_by_rolls)
    _foresee(definitions, locale, item_hash, wanted, steps)
    return _follow(lambda: definitions.resolve(locale, wanted), item_hash, wanted, steps)


def socket_plugs(definition: ItemDefinition) -> set[int]:
    """The plugs that the definition itself lists."""
    listed = (plug for socket in definition.sockets for plug in (socket.initial_hash, *socket.plug_hashes))
    return set(listed) - {0}


def _foresee(definitions: NamesThings, locale: str, item_hash: int, wanted: Wanted, steps: Iterable[Step]) -> None:
    """Adds to what is wanted as far as memory knows what is spoken of. Nothing is looked up that no step reads."""
    found, new = definitions.remembered(locale, wanted), Wanted()
    for step in steps:
        found = found.joined(definitions.remembered(locale, new)) if new else found
        definition = found.item(item_hash)
        new = _add(wanted, step(definition, found)) if definition else {}


def _follow(
    look: Callable[[], ResolvedDefinitions], item_hash: int, wanted: Wanted, steps: Iterable[Step]
) -> ResolvedDefinitions:
    found = look()
    for step in steps:
        definition = found.item(item_hash)
        if definition and _add(wanted, step(definition, found)):
            found = look()
    return found


def _add(wanted: Wanted, more: Wanted) -> Wanted:
    """What was not wanted before."""
    new = {table: added for table, hashes in more.items() if (added := hashes - wanted.get(table, set()) - {0})}
    for table, added in new.items():
        wanted.setdefault(table, set()).update(added)
    return new


def _named_by_item(definition: ItemDefinition, found: ResolvedDefinitions) -> Wanted:
    item_set = found.find(ItemSetDefinition, definition.set_hash)
    listed = (plug for plugs in listed_rolls(definition).values() for plug in plugs)
    return {
        ITEM: {definition.quest_hash, *(reward.item_hash for reward in definition.rewards), *listed},
        PLUG_SET: set(roll_sets(definition).values()),
        LORE: {definition.lore_hash},
        OBJECTIVE: set(definition.objective_hashes),
        PERK: {perk.perk_hash for perk in item_set.perks} if item_set else set(),
    }


def _counted_by_records(items: Iterable[int], found: ResolvedDefinitions) -> Wanted:
    """Patterns and catalysts are counted by records, which their items name."""
    definitions = (found.item(each) for each in items)
    records = (found.find(RecordDefinition, each.record_hash) for each in definitions if each and each.record_hash)
    return {OBJECTIVE: {objective for record in records if record for objective in record.objective_hashes}}


def _named_by_rolls(definition: ItemDefinition, found: ResolvedDefinitions) -> Wanted:
    return {ITEM: set(_rolls(roll_sets(definition).values(), found))}


def _rolls(plug_sets: Iterable[int], found: ResolvedDefinitions) -> Iterator[int]:
    for each in plug_sets:
        plug_set = found.find(PlugSetDefinition, each)
        if plug_set:
            yield from plug_set.plug_hashes
