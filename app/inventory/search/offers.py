"""What a copy offers to a wish list. An enhanced perk is as good as the plain one of its name, never the other way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.inventory.definitions import Definitions
from app.inventory.search.facts import Reading, Subject
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import is_enhanced
from app.inventory.wishes.matching import Offer

# By name and kind: the plain perks that lists ask for.
Plain = Mapping[tuple[str, str], frozenset[int]]


def plain_perks(wanted: Iterable[int], definitions: Definitions) -> Plain:
    """The perks of these that are not enhanced. The definitions tie the two by nothing but name and category."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for each in wanted:
        plug = definitions.item(each)
        if plug and plug.name and not is_enhanced(Role.PERK, plug):
            found[plug.name, plug.plug_category].add(each)
    return {key: frozenset(hashes) for key, hashes in found.items()}


def offer_of(subject: Subject, reading: Reading, plain: Plain) -> Offer:
    """Everything that a copy holds or could choose; nothing where Bungie did not send its sockets."""
    plugs = reading.perks(subject)
    return Offer(plugs | _plain_of(plugs, reading, plain), tuple(_columns(subject, reading, plain)))


def chosen_for(subject: Subject, reading: Reading, plain: Plain, wanted: frozenset[int]) -> frozenset[int]:
    """The plugs of a copy that stand for the perks that a roll asks for."""
    plugs = reading.perks(subject)
    return frozenset(each for each in plugs if each in wanted or wanted & _plain_of((each,), reading, plain))


def _plain_of(plugs: Iterable[int], reading: Reading, plain: Plain) -> frozenset[int]:
    found = frozenset[int]()
    for each in plugs:
        plug = reading.plug(each)
        if plug is not None and is_enhanced(Role.PERK, plug):
            found |= plain.get((plug.name, plug.plug_category), frozenset())
    return found


def _columns(subject: Subject, reading: Reading, plain: Plain) -> Iterable[frozenset[int]]:
    choices = reading.detail(subject).choices or {}
    for each in reading.plugged(subject):
        if each.role is Role.PERK and not each.is_empty:
            plugs = frozenset((each.hash, *(choice.plug_hash for choice in choices.get(each.position, ()))))
            yield plugs | _plain_of(plugs, reading, plain)
