"""Collections made by hand for one question: say what matters, and ask which copies a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item, ItemDetails, Objective, PlugChoice, Socket, power_of
from app.inventory.profile import Character
from app.inventory.search.compile import compile_query
from app.inventory.search.facts import Collection, Reading
from app.inventory.search.own import Own
from app.inventory.search.parser import parse
from tests.builders import FakeDefinitions


def owned(definition: ItemDefinition | None, item: Item) -> OwnedItem:
    return OwnedItem(item, definition, power_of(item))


def sockets(*plug_hashes: int, enabled: bool = True) -> tuple[Socket, ...]:
    return tuple(Socket(each, enabled, True) for each in plug_hashes)


def choices(**by_socket: Sequence[int]) -> dict[int, tuple[PlugChoice, ...]]:
    """`_0=(1, 2)`: two plugs to choose from in the first socket."""
    return {int(key[1:]): tuple(PlugChoice(each, True, True) for each in hashes) for key, hashes in by_socket.items()}


def counted(objective_hash: int, progress: int) -> Objective:
    return Objective(objective_hash, progress, 0, False, True)


def collection(
    *things: OwnedItem,
    characters: Sequence[Character] = (),
    details: Mapping[str, ItemDetails] | None = None,
    in_loadouts: frozenset[str] = frozenset(),
    done: frozenset[int] = frozenset(),
    plugs: Sequence[ItemDefinition] = (),
    others: Mapping[int, object] | None = None,
    own: Own | None = None,
) -> Collection:
    known = FakeDefinitions(items={each.hash: each for each in plugs}, others=others or {})
    return Collection(things, characters, Reading(details, known), lambda: in_loadouts, done.__contains__, own)


def found(text: str, facts: Collection) -> list[str]:
    """The keys of what a search finds: instance ids of copies."""
    holds = compile_query(parse(text), facts)
    return [subject.key for subject in facts.subjects if holds(subject)]
