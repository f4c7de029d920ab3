"""Readers of values with a shape of their own: sockets, plug sets, scales of stats. Pure; nothing here ever raises.

Each is stored as lists without keys, because there are tens of thousands of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.inventory.definitions import Amount, ItemPerk, Note, SocketDefinition, StatPoints
from app.inventory.references import SetPerk, StatScale
from app.manifest import kinds
from app.manifest.kinds import Kind

# The largest plug set of 2026 has 824 plugs.
_MOST_PLUGS = 4096
# So many fields of a socket are stored as they are.
_PLAIN_SOCKET = 5
_Row = list[Any]


def _hash(value: Any) -> int:
    return kinds.hash_number(value) or 0


def _number(value: Any) -> int:
    return kinds.whole(value) or 0


def _rows(value: Any, row_of: Callable[[dict[str, Any]], _Row | None]) -> list[_Row]:
    return [row for each in kinds.entries(value) if (row := row_of(kinds.mapping(each))) is not None]


def _trimmed(row: _Row) -> _Row:
    """Without the defaults at its end."""
    while row and not row[-1]:
        row.pop()
    return row


def _hashes_in(value: Any, name: str) -> list[int]:
    """One hash of every entry, each once."""
    found = (kinds.hash_number(entry.get(name)) for entry in _plugs(value))
    return [each for each in dict.fromkeys(found) if each]


def _plugs(value: Any) -> list[dict[str, Any]]:
    return [each for each in value[:_MOST_PLUGS] if isinstance(each, dict)] if isinstance(value, list) else []


# --- sockets and plugs -----------------------------------------------------------------------------------------------


def sockets(value: Any) -> list[_Row]:
    """`socketEntries`; an odd one keeps its place, for sockets are known by their number."""
    return [_socket(kinds.mapping(each)) for each in kinds.entries(value)]


def _socket(entry: dict[str, Any]) -> _Row:
    plug_set = _hash(entry.get("reusablePlugSetHash"))
    hashes = [_hash(entry.get(name)) for name in ("socketTypeHash", "singleInitialItemHash")]
    choice = [plug_set, _hash(entry.get("randomizedPlugSetHash")), _number(entry.get("plugSources"))]
    # Where there is a set it says the same as the list here.
    plugs = [] if plug_set else _hashes_in(entry.get("reusablePlugItems"), "plugItemHash")
    return _trimmed([*hashes, *choice, int(entry.get("defaultVisible") is False), plugs])


def _unpack_sockets(stored: list[_Row]) -> tuple[SocketDefinition, ...]:
    return tuple(_unpack_socket(*each) for each in stored)


def _unpack_socket(*row: Any) -> SocketDefinition:
    socket = SocketDefinition(*row)
    if len(row) <= _PLAIN_SOCKET:
        return socket
    return socket._replace(is_hidden=bool(socket.is_hidden), plug_hashes=tuple(socket.plug_hashes))


def plug_hashes(value: Any) -> list[int]:
    return _hashes_in(value, "plugItemHash")


def retired_plugs(value: Any) -> list[int]:
    """Plugs that no entry of the set lets roll."""
    rolling = {kinds.hash_number(each.get("plugItemHash")) for each in _plugs(value) if each.get("currentlyCanRoll")}
    return [each for each in _hashes_in(value, "plugItemHash") if each not in rolling]


def plug_categories(value: Any) -> list[int]:
    return _hashes_in(value, "categoryHash")


def _in_place(value: Any, name: str) -> list[int]:
    return [_hash(kinds.mapping(each).get(name)) for each in kinds.entries(value)]


def rule_texts(value: Any) -> list[str]:
    texts = (kinds.text(kinds.mapping(each).get("failureMessage")) for each in kinds.entries(value))
    return [each for each in texts if each]


# --- stats -----------------------------------------------------------------------------------------------------------


def _points(entry: dict[str, Any]) -> _Row | None:
    row = [
        _hash(entry.get("statTypeHash")),
        _number(entry.get("value")),
        int(entry.get("isConditionallyActive") is True),
    ]
    return row if row[0] and row[1] else None


def _unpack_points(stored: list[_Row]) -> tuple[StatPoints, ...]:
    return tuple(StatPoints(stat, points, bool(conditional)) for stat, points, conditional in stored)


def _scale(entry: dict[str, Any]) -> _Row | None:
    steps = _rows(
        entry.get("displayInterpolation"), lambda each: [_number(each.get("value")), _number(each.get("weight"))]
    )
    flat = [number for step in steps for number in step]
    row = [_hash(entry.get("statHash")), _number(entry.get("maximumValue")), int(entry.get("displayAsNumeric") is True)]
    return [*row, flat] if row[0] else None


def _unpack_scales(stored: list[_Row]) -> dict[int, StatScale]:
    return {stat: StatScale(most, bool(number), _pairs(steps)) for stat, most, number, steps in stored}


def _pairs(flat: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(flat[::2], flat[1::2], strict=True))


# --- the rest --------------------------------------------------------------------------------------------------------


def _perk(entry: dict[str, Any]) -> _Row | None:
    row = [_hash(entry.get("perkHash")), _number(entry.get("perkVisibility"))]
    return _trimmed([*row, kinds.text(entry.get("requirementDisplayString")) or ""]) if row[0] else None


def _set_perk(entry: dict[str, Any]) -> _Row | None:
    row = [_number(entry.get("requiredSetCount")), _hash(entry.get("sandboxPerkHash"))]
    return row if row[1] else None


def _note(entry: dict[str, Any]) -> _Row | None:
    shown = kinds.text(entry.get("displayString"))
    return _trimmed([shown, kinds.text(entry.get("displayStyle")) or ""]) if shown else None


def _amount(count: str) -> Callable[[dict[str, Any]], _Row | None]:
    def read(entry: dict[str, Any]) -> _Row | None:
        row = [_hash(entry.get("itemHash")), _number(entry.get(count))]
        return row if row[0] else None

    return read


def _step_hashes(value: Any) -> list[int]:
    return _hashes_in(value, "itemHash")


def _texts(value: Any) -> list[str]:
    """In their places, by which others name them."""
    return [kinds.text(each) or "" for each in kinds.entries(value)]


def _headings(value: Any) -> list[str]:
    """The names of headings in their places."""
    shown = (kinds.mapping(kinds.mapping(each).get("displayProperties")) for each in kinds.entries(value))
    return [kinds.text(each.get("name")) or "" for each in shown]


def _listed(row_of: Callable[[dict[str, Any]], _Row | None], makes: Callable[..., Any]) -> Kind:
    return Kind(lambda value: _rows(value, row_of), lambda stored: tuple(makes(*each) for each in stored))


SOCKETS = Kind(sockets, _unpack_sockets)
PLUGS = Kind(plug_hashes, tuple)
RETIRED = Kind(retired_plugs, tuple)
PLUG_CATEGORIES = Kind(plug_categories, tuple)
POWER_CAPS = Kind(lambda value: _in_place(value, "powerCapHash"), tuple)
RULES = Kind(rule_texts, tuple)
POINTS = Kind(lambda value: _rows(value, _points), _unpack_points)
SCALES = Kind(lambda value: _rows(value, _scale), _unpack_scales)
PERKS = _listed(_perk, ItemPerk)
SET_PERKS = _listed(_set_perk, SetPerk)
NOTES = _listed(_note, Note)
REWARDS = _listed(_amount("quantity"), Amount)
COSTS = _listed(_amount("count"), Amount)
STEPS = Kind(_step_hashes, tuple)
TEXTS = Kind(_texts, tuple)
HEADINGS = Kind(_headings, tuple)
