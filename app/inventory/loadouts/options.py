"""What can be chosen in the sockets of one piece of a loadout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.inventory.definitions import Definitions, ItemDefinition, SocketDefinition
from app.inventory.items import ItemDetails
from app.inventory.loadouts.analysis import plug_problem
from app.inventory.loadouts.capture import is_chosen
from app.inventory.loadouts.model import Piece, Plug
from app.inventory.references import PlugSetDefinition
from app.inventory.telling.roles import Role, role_of


class Choice(NamedTuple):
    """One socket. `chosen` 0: it is left as it is, with `present` in it (0 = nobody knows). `options` cost nothing."""

    socket: int
    present: int
    chosen: int
    options: tuple[int, ...]


def offers(definition: ItemDefinition, details: ItemDetails, definitions: Definitions) -> Mapping[int, tuple[int, ...]]:
    """By socket everything that could go in. `definitions` must know what sits or starts in them, and plug sets."""
    found = {}
    for position, socket in enumerate(definition.sockets):
        present = _present(position, socket, details)
        if present and is_chosen(Plug(position, present), definition, details, definitions):
            found[position] = _offered(position, socket, definition, details, definitions)
    return found


def choices(
    piece: Piece, details: ItemDetails, offered: Mapping[int, tuple[int, ...]], definitions: Definitions
) -> tuple[Choice, ...]:
    """Of what is offered, what goes in for free; what is chosen already stays in the list."""
    definition, chosen = definitions.item(piece.item_hash), dict(piece.plugs)
    found = []
    for position, plugs in offered.items():
        free = [each for each in plugs if plug_problem(definition, Plug(position, each), definitions) is None]
        mine = chosen.get(position, 0)
        options = tuple(dict.fromkeys([*([mine] if mine else []), *free]))
        present = _present(position, definition.sockets[position], details) if definition else 0
        if options:
            found.append(Choice(position, present, mine, options))
    return tuple(found)


def _present(position: int, socket: SocketDefinition, details: ItemDetails) -> int:
    """What sits in a socket that can be seen; of a copy that nobody has, what every copy starts with."""
    if details.sockets is None:
        return 0 if socket.is_hidden else socket.initial_hash
    there = details.sockets[position] if position < len(details.sockets) else None
    return there.plug_hash if there and there.is_visible else 0


def _offered(
    position: int, socket: SocketDefinition, definition: ItemDefinition, details: ItemDetails, definitions: Definitions
) -> tuple[int, ...]:
    """Perks are the copy's own; mods, looks and abilities are the account's, of which the game lists all."""
    own = [each.plug_hash for each in (details.choices or {}).get(position, ())]
    categories = definition.socket_categories
    category = categories[position] if position < len(categories) else 0
    plug = definitions.item(_present(position, socket, details))
    if role_of(plug.plug_category if plug else "", category) is Role.PERK:
        return tuple(own)
    listed = definitions.find(PlugSetDefinition, socket.plug_set_hash)
    return tuple(dict.fromkeys([*own, *(listed.plug_hashes if listed else socket.plug_hashes)]))
