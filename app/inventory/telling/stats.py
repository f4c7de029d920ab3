"""The numbers of an item, and which plug gives how much of them.

Every plug invests points; the game adds all points of a stat up, bounds the sum, reads the shown number off a broken
line between a few fixed points, and rounds half to even. What Bungie recorded for a copy is right by definition: it
is shown as it is, and split into parts only where our own sum comes to the same number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from app.inventory.definitions import StatPoints
from app.inventory.references import StatScale
from app.inventory.telling.roles import Role

MAGAZINE = 3871231066
POWER_LIKE = frozenset({1935470627, 1480404414, 3897883278, 1885944937})
ARMOR_STATS = (392767087, 4244567218, 1735777505, 144602215, 1943323491, 2996146975)  # in the game's order
# The game lists a weapon's numbers in this order.
_WEAPON_ORDER = (
    4284893193, 2961396640, 447667954, 3614673599, 2523465841, 3085395333, 2837207746, 4043523819, 1240592695,
    1842278586, 209426660, 2762071195, 1591432999, 155624089, 943549884, 602570185, 3022301683, 3736848092, 4188031367,
    1345609583, 2714457168, 3555269338, 1931675084, 3481294762, 4006394725, 2715839340, 3871231066, 925767036,
)  # fmt: skip
_POSITION = {stat_hash: position for position, stat_hash in enumerate((*_WEAPON_ORDER, *ARMOR_STATS))}
# Not a measure out of a hundred: rounds per minute, magazine, recoil direction, draw and charge time.
_PLAIN_NUMBERS = frozenset({4284893193, MAGAZINE, 2715839340, 447667954, 2961396640})
_MOST = 100
_MOST_ARMOR = 50  # a tier-5 piece, masterworked, with its tuning and a stat mod

# What an item is by nature, and not by choice, belongs to the base.
_BASE_ROLES = frozenset({Role.FRAME, Role.ARCHETYPE, Role.HIDDEN})


class Giver(NamedTuple):
    """An enabled plug with the points that it invests."""

    plug_hash: int
    role: Role
    investments: tuple[StatPoints, ...]


class Part(NamedTuple):
    """What one plug gives or takes, in shown points."""

    plug_hash: int
    role: Role
    amount: int


class StatRow(NamedTuple):
    """One stat as shown. `base` and `parts` add up to `value`; `base` None: nobody knows how it comes about.

    `maximum` is the end of the bar, 0 where a bar would say nothing.
    """

    stat_hash: int
    value: int
    base: int | None
    parts: tuple[Part, ...]
    maximum: int


class Body(NamedTuple):
    """What is known about an item's numbers. None means unknown: not recorded, or not in the definitions.

    `is_whole`: every plug of this copy is known, so that what Bungie leaves out can be added up.
    """

    is_armor: bool
    investments: tuple[StatPoints, ...] | None
    scales: Mapping[int, StatScale]
    givers: tuple[Giver, ...]
    recorded: Mapping[int, int] | None
    is_whole: bool = False


def stat_rows(body: Body) -> tuple[StatRow, ...]:
    """Every stat in the game's order; empty when nothing is known. What was recorded tells which ones a copy has.

    Bungie records only those of a weapon that the game's own screen shows: the others are added where our sum has
    proven right with every one that was recorded.
    """
    invested = _invested(body)
    rows = _rows(body.recorded or invested, body)
    if body.recorded and _is_proven(rows, invested, body):
        rows += _rows(invested - body.recorded.keys(), body)
    return tuple(sorted(rows, key=lambda row: (position_of(row.stat_hash), row.stat_hash)))


def _rows(hashes: Iterable[int], body: Body) -> list[StatRow]:
    rows = (_row(each, body) for each in hashes if each not in POWER_LIKE)
    return [row for row in rows if row]


def _is_proven(rows: Iterable[StatRow], invested: set[int], body: Body) -> bool:
    if body.is_armor or not body.is_whole:
        return False
    summed = [row for row in rows if row.stat_hash in invested]
    return bool(summed) and all(row.base is not None for row in summed)


def position_of(stat_hash: int) -> int:
    return _POSITION.get(stat_hash, len(_POSITION))


def maximum_of(stat_hash: int, *, is_number: bool = False) -> int:
    """The end of a stat's bar, 0 for plain numbers."""
    if is_number or stat_hash in _PLAIN_NUMBERS:
        return 0
    return _MOST_ARMOR if stat_hash in ARMOR_STATS else _MOST


def shown(points: int, stat_hash: int, scale: StatScale | None) -> int:
    """Points as the game shows them."""
    if scale is None or not scale.steps:
        return points
    exact = _on_line(min(points, scale.maximum), scale.steps)
    return math.floor(exact + 0.5) if stat_hash == MAGAZINE else round(exact)


def _on_line(points: int, steps: tuple[tuple[int, int], ...]) -> float:
    if points <= steps[0][0]:
        return steps[0][1]
    for (left, low), (right, high) in pairwise(steps):
        if points <= right:
            return low + (points - left) * (high - low) / (right - left)
    return steps[-1][1]


def _invested(body: Body) -> set[int]:
    """Stats that the definitions know of. A weapon's are those that its group scales: others are never shown."""
    found = {each.stat_hash for each in body.investments or ()}
    if body.is_armor:
        return (found | {each.stat_hash for giver in body.givers for each in giver.investments}) & set(ARMOR_STATS)
    return found & body.scales.keys()


def _row(stat_hash: int, body: Body) -> StatRow | None:
    recorded = None if body.recorded is None else body.recorded.get(stat_hash)
    scale = body.scales.get(stat_hash)
    maximum = maximum_of(stat_hash, is_number=bool(scale and scale.is_number))
    for with_conditional in (False, True):
        base, parts, value = _sum(stat_hash, body, with_conditional=with_conditional)
        if recorded is None or value == recorded or body.is_armor:
            break
    if recorded is None:
        return StatRow(stat_hash, value, base, parts, maximum) if _is_computable(body) else None
    if body.is_armor:  # armor adds up plainly, so the rest is the base
        return StatRow(stat_hash, recorded, recorded - sum(part.amount for part in parts), parts, maximum)
    if value == recorded and body.investments is not None:
        return StatRow(stat_hash, value, base, parts, maximum)
    return StatRow(stat_hash, recorded, None, (), maximum)


def _is_computable(body: Body) -> bool:
    """Armor has its numbers from hidden plugs: without them, what mods give would pass for the whole."""
    if not body.is_armor:
        return bool(body.investments)
    invested = [body.investments or (), *(each.investments for each in body.givers if each.role in _BASE_ROLES)]
    return any(points.stat_hash in ARMOR_STATS for one in invested for points in one)


def _sum(stat_hash: int, body: Body, *, with_conditional: bool) -> tuple[int, tuple[Part, ...], int]:
    """Base, parts and their sum in shown points. Each part is what the shown number moves by when the plug is added."""
    scale = None if body.is_armor else body.scales.get(stat_hash)
    points = _points(stat_hash, body.investments or (), with_conditional=with_conditional)
    points += sum(
        _points(stat_hash, giver.investments, with_conditional=with_conditional)
        for giver in body.givers
        if giver.role in _BASE_ROLES
    )
    base = value = shown(points, stat_hash, scale)
    parts = []
    for giver in body.givers:
        given = _points(stat_hash, giver.investments, with_conditional=with_conditional)
        if not given or giver.role in _BASE_ROLES:
            continue
        points += given
        before, value = value, shown(points, stat_hash, scale)
        if value != before:
            parts.append(Part(giver.plug_hash, giver.role, value - before))
    return base, tuple(parts), value


def _points(stat_hash: int, investments: Iterable[StatPoints], *, with_conditional: bool) -> int:
    return sum(
        each.points
        for each in investments
        if each.stat_hash == stat_hash and (with_conditional or not each.is_conditional)
    )
