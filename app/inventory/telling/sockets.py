"""The sockets of an item: what sits in each, what else this copy offers there, and what the item can have at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.inventory.definitions import TIER_UNCOMMON, ItemDefinition
from app.inventory.items import PlugChoice, Socket
from app.inventory.references import PlugSetDefinition
from app.inventory.telling.roles import Role, role_of

# Empty sockets and looks that are none: the game's own words for "nothing chosen".
_NOTHING_CHOSEN = frozenset({
    2323986101, 2600899007, 1835369552, 3851138800, 791435474, 4248210736, 2931483505, 1959648454, 702981643,
    3854296178, 3807544519, 2325217837, 2965439266,
})  # fmt: skip

# Where the choices are the copy's own; mods and looks are the account's, and long lists.
_CHOSEN_BY_COPY = frozenset({Role.PERK, Role.TUNING, Role.CATALYST})

# Here every copy starts with a plug that says "empty" or "as it came", each kind of socket with its own.
_STARTS_EMPTY = frozenset({Role.MOD, Role.TUNING, Role.CATALYST, Role.LOOK})

# By their own kind, and with nothing to give, these are empty sockets and locked ones.
_BARE_WHEN_EMPTY = frozenset({Role.MOD, Role.TUNING})
_EMPTY = ".empty."
# Many a piece comes with a shader of its own; that there is none is said by a plug that is known by number.
_SHADER = "shader"

PlugOf = Callable[[int], ItemDefinition | None]


class SocketRow(NamedTuple):
    """One socket worth telling. `plug_hash` 0: not recorded. `offered`: what else this copy can choose here.

    `is_initial`: it is the plug that every copy starts with, which for mods is "empty".
    `closed` are those of the offered plugs that the game would not take now. `possible`: every plug that the item can
    have here, of which `retired` ones no longer drop.
    """

    position: int
    role: Role
    category_hash: int
    plug_hash: int
    is_enabled: bool
    is_initial: bool = False
    offered: tuple[int, ...] = ()
    closed: frozenset[int] = frozenset()
    possible: tuple[int, ...] = ()
    retired: frozenset[int] = frozenset()


class Board(NamedTuple):
    """What is known about an item's sockets; `recorded` None: component 305 did not come for this copy.

    `categories`, `initials`, `choices` and `rolls` go by the socket's position.
    """

    categories: Sequence[int]
    initials: Sequence[int]
    recorded: Sequence[Socket] | None
    choices: Mapping[int, Sequence[PlugChoice]]
    rolls: Mapping[int, PlugSetDefinition]


def socket_rows(board: Board, plug_of: PlugOf) -> tuple[SocketRow, ...]:
    """The sockets in the game's order, those without anything to tell left out."""
    count = len(board.recorded) if board.recorded is not None else max(board.rolls, default=-1) + 1
    rows = (_row(position, board, plug_of) for position in range(count))
    return tuple(row for row in rows if row is not None)


def roll_sets(definition: ItemDefinition) -> dict[int, int]:
    """The plug set that says what can roll, by the position of the socket; only sockets that hold perks."""
    found = {}
    for position, socket in enumerate(definition.sockets):
        plug_set = socket.random_set_hash or socket.plug_set_hash
        if plug_set and role_of("", _at(definition.socket_categories, position)) is Role.PERK:
            found[position] = plug_set
    return found


def listed_rolls(definition: ItemDefinition) -> dict[int, tuple[int, ...]]:
    """What can be in a socket by its position, where the item itself lists it: the weapons and armor of the first year.

    As in `roll_sets`, only sockets that hold perks.
    """
    named = roll_sets(definition)
    return {
        position: socket.plug_hashes
        for position, socket in enumerate(definition.sockets)
        if position not in named
        and len(socket.plug_hashes) > 1
        and role_of("", _at(definition.socket_categories, position)) is Role.PERK
    }


def rolls_of(
    definition: ItemDefinition, plug_set_of: Callable[[int], PlugSetDefinition | None]
) -> dict[int, PlugSetDefinition]:
    """What can be in each socket that holds perks, by its position, as far as it is known."""
    named = ((position, plug_set_of(each)) for position, each in roll_sets(definition).items())
    rolls = {position: plug_set for position, plug_set in named if plug_set}
    listed = listed_rolls(definition).items()
    return rolls | {position: PlugSetDefinition(0, plugs) for position, plugs in listed}


def _at(hashes: Sequence[int], position: int) -> int:
    return hashes[position] if position < len(hashes) else 0


def is_nothing(plug_hash: int, plug: ItemDefinition | None) -> bool:
    """Whether a plug stands for an empty socket wherever it sits."""
    return plug_hash in _NOTHING_CHOSEN or (plug is not None and plug.is_dummy_plug)


def is_empty(row: SocketRow, plug: ItemDefinition | None) -> bool:
    """Whether nothing is chosen in a socket. What every copy starts with may be a mod all the same: that one acts."""
    starts_empty = row.is_initial and row.role in _STARTS_EMPTY and not (plug and _was_put_in(row.role, plug))
    return starts_empty or is_nothing(row.plug_hash, plug)


def _was_put_in(role: Role, plug: ItemDefinition) -> bool:
    """Of plugs that every copy starts with: a mod that acts, a catalyst, a shader of the piece's own."""
    if role is Role.CATALYST:
        return _EMPTY not in plug.plug_category
    return plug.plug_category == _SHADER or (role in _BARE_WHEN_EMPTY and not _is_bare(plug))


def is_enhanced(role: Role, plug: ItemDefinition | None) -> bool:
    """Enhanced perks are one tier above plain ones; nothing else tells them apart in every language."""
    return role is Role.PERK and plug is not None and plug.tier == TIER_UNCOMMON


def _is_initial(plug_hash: int, initial_hash: int, plug: ItemDefinition | None) -> bool:
    """Where nobody knows what the socket starts with, a mod that gives nothing and costs nothing stands for none."""
    if initial_hash or plug is None or plug.hash != plug_hash:
        return bool(plug_hash) and plug_hash == initial_hash
    return _is_bare(plug) and (role_of(plug.plug_category, 0) in _BARE_WHEN_EMPTY or _EMPTY in plug.plug_category)


def _is_bare(plug: ItemDefinition) -> bool:
    """Whether a plug gives, costs and counts nothing."""
    return not (plug.investments or plug.perks or plug.energy_cost or plug.objective_hashes)


def _row(position: int, board: Board, plug_of: PlugOf) -> SocketRow | None:
    socket = board.recorded[position] if board.recorded is not None else Socket(0, is_enabled=False, is_visible=True)
    rolls = board.rolls.get(position)
    if not (socket.plug_hash or rolls):
        return None
    category = _at(board.categories, position)
    example = plug_of(socket.plug_hash or next(iter(rolls.plug_hashes if rolls else ()), 0))
    role = role_of(example.plug_category if example else "", category)
    if not socket.is_visible and role is not Role.TRACKER:
        role = Role.HIDDEN  # armor's numbers come from such plugs
    is_initial = _is_initial(socket.plug_hash, _at(board.initials, position), example)
    row = SocketRow(position, role, category, socket.plug_hash, socket.is_enabled, is_initial)
    if role in _CHOSEN_BY_COPY:
        others = [choice for choice in board.choices.get(position, ()) if choice.plug_hash != socket.plug_hash]
        closed = frozenset(choice.plug_hash for choice in others if not choice.is_open)
        row = row._replace(offered=tuple(choice.plug_hash for choice in others), closed=closed)
    if role is Role.PERK and rolls:
        row = row._replace(possible=rolls.plug_hashes, retired=frozenset(rolls.retired))
    return row
