"""What a table asks about one copy beyond its own facts: what sits in its sockets, and what its owner says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.inventory.definitions import ItemDefinition
from app.inventory.search.facts import Collection, Plugged, Subject
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import is_enhanced, is_nothing

Test = Callable[[Plugged], bool]


class Plug(NamedTuple):
    """A perk, mod or look of a copy. `is_chosen`: it sits in its socket; the rest are what the copy offers there."""

    hash: int
    name: str
    icon: str
    is_chosen: bool = True
    is_enhanced: bool = False


@dataclass(frozen=True, slots=True)
class Extras:
    """What the game does not know. All go by instance id; a tag is the word that searches use for it."""

    tags: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    loadouts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    wishes: Mapping[str, str] = field(default_factory=dict)  # "up" or "down"
    wish_notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the cells of one player's table are made of; `facts` reads plugs, collectibles and counters."""

    facts: Collection
    extras: Extras = field(default_factory=Extras)

    def sockets(self, subject: Subject, test: Test) -> list[Plugged]:
        return [each for each in self.facts.reading.plugged(subject) if test(each)]

    def plugs(self, subject: Subject, test: Test) -> tuple[Plug, ...]:
        """What sits in the sockets that pass the test, empty ones left out."""
        return tuple(
            _plug(each.hash, each.plug, each.role)
            for each in self.facts.reading.plugged(subject)
            if not each.is_empty and each.plug.name and test(each)
        )

    def offered(self, subject: Subject, test: Test) -> tuple[tuple[Plug, ...], ...]:
        """The same socket by socket, each with the other plugs that this copy could choose there."""
        rows = (each for each in self.facts.reading.plugged(subject) if not each.is_empty and each.plug.name)
        return tuple(self.choices(subject, each) for each in rows if test(each))

    def choices(self, subject: Subject, socket: Plugged) -> tuple[Plug, ...]:
        """What sits in a socket, then what the copy could choose there; only perks have choices that are its own."""
        if socket.role is not Role.PERK:
            return (_plug(socket.hash, socket.plug, socket.role),)
        return (_plug(socket.hash, socket.plug, socket.role), *self._others(subject, socket))

    def _others(self, subject: Subject, socket: Plugged) -> Iterator[Plug]:
        for choice in (self.facts.reading.detail(subject).choices or {}).get(socket.position, ()):
            plug = self.facts.reading.plug(choice.plug_hash)
            if plug and plug.name and choice.plug_hash != socket.hash and not is_nothing(choice.plug_hash, plug):
                yield _plug(choice.plug_hash, plug, socket.role)._replace(is_chosen=False)


def _plug(plug_hash: int, plug: ItemDefinition, role: Role) -> Plug:
    return Plug(plug_hash, plug.name, plug.icon, is_enhanced=is_enhanced(role, plug))


def is_perk(socket: Plugged) -> bool:
    return socket.role is Role.PERK and socket.is_visible


def is_trait(socket: Plugged) -> bool:
    return socket.plug.plug_category == "frames"


def is_origin(socket: Plugged) -> bool:
    return socket.plug.plug_category == "origins"


def is_intrinsic(socket: Plugged) -> bool:
    return socket.role is Role.FRAME and socket.is_visible


def is_archetype(socket: Plugged) -> bool:
    return socket.role is Role.ARCHETYPE
