"""Joins one item with its definitions: its sockets and its numbers."""

from __future__ import annotations

from typing import NamedTuple

from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import ItemDetails
from app.inventory.references import PlugSetDefinition, StatGroupDefinition
from app.inventory.telling.sockets import Board, SocketRow, rolls_of, socket_rows
from app.inventory.telling.stats import (
    ARMOR_STATS,
    POWER_LIKE,
    Body,
    Giver,
    StatRow,
    maximum_of,
    position_of,
    stat_rows,
)

ARMOR, WEAPON = 2, 3


class Anatomy(NamedTuple):
    """`are_basic`: the numbers are the definition's, not this copy's own."""

    sockets: tuple[SocketRow, ...]
    stats: tuple[StatRow, ...]
    are_basic: bool


def anatomy_of(definition: ItemDefinition, details: ItemDetails, definitions: Definitions) -> Anatomy:
    sockets = socket_rows(_board(definition, details, definitions), definitions.item)
    rows = stat_rows(_body(definition, details, sockets, definitions))
    is_own = bool(details.stats) or details.sockets is not None
    if rows or details.stats is not None:
        return Anatomy(sockets, rows, bool(rows) and not is_own)
    return Anatomy(sockets, _basic(definition), True)


def is_armor(definition: ItemDefinition) -> bool:
    return definition.item_type == ARMOR


def _board(definition: ItemDefinition, details: ItemDetails, definitions: Definitions) -> Board:
    return Board(
        definition.socket_categories,
        [socket.initial_hash for socket in definition.sockets],
        details.sockets,
        details.choices or {},
        rolls_of(definition, lambda plug_set: definitions.find(PlugSetDefinition, plug_set)),
    )


def _body(
    definition: ItemDefinition, details: ItemDetails, sockets: tuple[SocketRow, ...], definitions: Definitions
) -> Body:
    group = definitions.find(StatGroupDefinition, definition.stat_group_hash)
    plugs = [(row, definitions.item(row.plug_hash)) for row in sockets if row.plug_hash and row.is_enabled]
    has_armor_stats = is_armor(definition) or bool(details.stats and set(details.stats) <= set(ARMOR_STATS))
    return Body(
        is_armor=has_armor_stats,
        investments=definition.investments or None,
        scales=group.scales if group else {},
        givers=tuple(Giver(row.plug_hash, row.role, plug.investments) for row, plug in plugs if plug),
        recorded=details.stats,
        is_whole=details.sockets is not None and all(plug for _, plug in plugs),
    )


def _basic(definition: ItemDefinition) -> tuple[StatRow, ...]:
    """What the definition lists, for items of which it does not say how the numbers come about.

    Its power is that of the day on which the item was made.
    """
    listed = sorted(definition.stats.items(), key=lambda pair: (position_of(pair[0]), pair[0]))
    return tuple(StatRow(stat, value, None, (), maximum_of(stat)) for stat, value in listed if stat not in POWER_LIKE)
