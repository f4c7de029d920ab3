"""Copies side by side: which ones belong together, whose numbers are the best, and their perks socket by socket."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.inventory.order_facts import LOW_IS_GOOD
from app.inventory.organizer.desk import Desk, Plug
from app.inventory.search.facts import ARMOR, WEAPON, Plugged, Subject
from app.inventory.search.keywords.bases import bases_of, masterworked
from app.inventory.search.keywords.copies import identity
from app.inventory.search.keywords.stats import SIX, WEAPON_STATS, numbers_of
from app.inventory.telling.roles import Role
from app.inventory.telling.stats import position_of

_TOTAL = 0
# More of these is neither better nor worse.
_NEUTRAL = frozenset({WEAPON_STATS["rpm"], WEAPON_STATS["zoom"], WEAPON_STATS["recoildirection"]})
_COMPARED = frozenset({*SIX, *WEAPON_STATS.values(), _TOTAL})
# The order of sockets on the page; perks stand as they do on the item.
_ROLES = {
    Role.ARCHETYPE: 0,
    Role.FRAME: 1,
    Role.PERK: 2,
    Role.MASTERWORK: 3,
    Role.CATALYST: 4,
    Role.TUNING: 5,
    Role.MOD: 6,
}


class By(StrEnum):
    """What makes copies comparable."""

    NAME = "name"
    ARCHETYPE = "archetype"
    TYPE = "type"


class Values(StrEnum):
    """Which numbers: as they are, without what can be changed, or as a finished masterwork would make them."""

    NOW = "now"
    BASE = "base"
    MASTERWORKED = "masterworked"


class StatLine(NamedTuple):
    """One stat of all copies, None where it is not known. `best` are positions; stat 0 is the total of armor."""

    stat_hash: int
    values: tuple[int | None, ...]
    best: frozenset[int]


class PlugLine(NamedTuple):
    """What all copies hold, or could choose, in sockets of one kind; () where a copy has no such socket."""

    role: Role
    cells: tuple[tuple[Plug, ...], ...]


def similar(desk: Desk, subject: Subject, by: By) -> list[Subject]:
    """The copies that are like this one, itself first, the others strongest first."""
    wanted = _alike(desk, subject, by)
    others = (each for each in desk.facts.subjects if each.item.instance_id and each.key != subject.key)
    found = [each for each in others if _alike(desk, each, by) == wanted]
    return [subject, *sorted(found, key=lambda each: (-each.power, each.key))]


def _alike(desk: Desk, subject: Subject, by: By) -> Hashable:
    known = subject.known
    if by is By.NAME:
        return identity(desk.facts, subject)
    kind = (known.sub_type, known.ammo_type) if known.item_type == WEAPON else (known.bucket_hash, known.class_type)
    return (known.item_type, *kind, _frame(desk, subject) if by is By.ARCHETYPE else None)


def _frame(desk: Desk, subject: Subject) -> frozenset[str]:
    """A weapon's frame, or the archetype of a piece of armor."""
    role = Role.ARCHETYPE if subject.known.item_type == ARMOR else Role.FRAME
    return frozenset(plug.name for plug in desk.plugs(subject, lambda socket: socket.role is role))


# --- numbers ---------------------------------------------------------------------------------------------------------


def stat_lines(desk: Desk, subjects: Sequence[Subject], values: Values) -> tuple[StatLine, ...]:
    """Every stat that any of the copies has, in the game's order, armor's total last."""
    numbers = [_with_total(each, _numbers(desk, each, values)) for each in subjects]
    stats = {stat for each in numbers for stat in each} & _COMPARED
    ordered = sorted(stats, key=lambda stat: (stat == _TOTAL, position_of(stat)))
    return tuple(_stat_line(stat, tuple(each.get(stat) for each in numbers)) for stat in ordered)


def _numbers(desk: Desk, subject: Subject, values: Values) -> Mapping[int, int]:
    if values is Values.NOW:
        return numbers_of(desk.facts, subject)
    bases = bases_of(desk.facts, subject)
    return masterworked(subject, bases) if values is Values.MASTERWORKED else bases


def _with_total(subject: Subject, numbers: Mapping[int, int]) -> Mapping[int, int]:
    if subject.known.item_type != ARMOR or not any(numbers.get(stat) for stat in SIX):
        return numbers
    return {**numbers, _TOTAL: sum(numbers.get(stat, 0) for stat in SIX)}


def _stat_line(stat: int, values: tuple[int | None, ...]) -> StatLine:
    return StatLine(stat, values, frozenset() if stat in _NEUTRAL else best_of(values, is_low=stat in LOW_IS_GOOD))


def best_of(values: Sequence[int | None], *, is_low: bool = False) -> frozenset[int]:
    """The positions of the best values; none where all are equal, or only one is known."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or min(known) == max(known):
        return frozenset()
    best = min(known) if is_low else max(known)
    return frozenset(place for place, value in enumerate(values) if value == best)


# --- perks -----------------------------------------------------------------------------------------------------------


def plug_lines(desk: Desk, subjects: Sequence[Subject]) -> tuple[PlugLine, ...]:
    """Sockets of the same kind on one line: the first trait beside the first trait, and so on."""
    columns = [_sockets(desk, each) for each in subjects]
    places: dict[tuple[Role, str, int], int] = {}
    for column in columns:
        for key, (position, _) in column.items():
            places[key] = min(position, places.get(key, position))
    ordered = sorted(places, key=lambda key: (_ROLES[key[0]], places[key], key[1], key[2]))
    return tuple(PlugLine(key[0], tuple(column.get(key, (0, ()))[1] for column in columns)) for key in ordered)


def _sockets(desk: Desk, subject: Subject) -> dict[tuple[Role, str, int], tuple[int, tuple[Plug, ...]]]:
    """By role, kind and count of that kind: where the socket is, and what it holds and offers."""
    found: dict[tuple[Role, str, int], tuple[int, tuple[Plug, ...]]] = {}
    for socket in desk.facts.reading.plugged(subject):
        if not _is_compared(socket):
            continue
        kind = socket.plug.plug_category if socket.role is Role.PERK else ""
        count = sum(key[:2] == (socket.role, kind) for key in found)
        found[socket.role, kind, count] = (socket.position, desk.choices(subject, socket))
    return found


def _is_compared(socket: Plugged) -> bool:
    return socket.role in _ROLES and socket.is_visible and not socket.is_empty and bool(socket.plug.name)
