"""PURE: one raw definition in, one slim record out. Tolerant: an odd field is left out, never an exception.

Tables must be given in the order of `PLANS`: perks and collectibles lend their facts to the items after them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.manifest import kinds, plans
from app.manifest.plans import PLANS, TablePlan

# DestinyRecordToastStyle of a weapon's pattern, and where the triumphs of catalysts hang: kinetic, energy, power.
_PATTERN_TOAST = 8
_CATALYST_NODES = frozenset({2538646043, 185103480, 3788273704})

Raw = Mapping[str, Any]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One field of a plan, prepared: the raw name, the key in the record, the reader, and the value to leave out.

    `plain` is the raw value that surely reads as the default: most fields of most rows have it, and skip the reader.
    """

    name: str
    key: str
    read: Callable[[Any], Any]
    default: Any
    plain: Any


# Per table: the way to a block (none = the row itself) and what is read there. Grouped: an absent one costs one look.
_Blocks = tuple[tuple[tuple[str, ...], tuple[_Reading, ...]], ...]


class _Collectible(NamedTuple):
    """`name` is "" when the collectible is classified itself; `source` is the whole sentence."""

    name: str
    icon: str
    source: str


@dataclass(slots=True)
class Lent:
    """What earlier tables tell about items, by the hash of the icon, the perk, the collectible; records by name."""

    badges: dict[int, str] = field(default_factory=dict)
    perk_texts: dict[int, str] = field(default_factory=dict)
    patterns: dict[str, int] = field(default_factory=dict)
    catalysts: dict[str | int, int] = field(default_factory=dict)  # by name, and by objective hash
    collectibles: dict[int, _Collectible] = field(default_factory=dict)
    collectible_of: dict[int, int] = field(default_factory=dict)  # by item hash

    def collectible(self, item_hash: int, own_hash: int = 0) -> _Collectible | None:
        """The one that the item names, else the one that names the item."""
        return self.collectibles.get(own_hash) or self.collectibles.get(self.collectible_of.get(item_hash, 0))


class Builder:
    """Builds the records of one version in one language."""

    def __init__(self) -> None:
        self._lent = Lent()

    def record(self, table: str, definition_hash: int, raw: Raw) -> Record | None:
        """The slim record of one row, or None where nothing is to be stored."""
        lend = _LENDERS.get(table)
        if lend:
            lend(self._lent, definition_hash, raw)
        if PLANS[table].makes is None:
            return None
        record: Record = {}
        for path, readings in _BLOCKS[table]:
            block: Any = raw
            for name in path:
                block = block.get(name) if isinstance(block, dict) else None
            if isinstance(block, dict):
                _read_block(block, readings, record)
        finish = _FINISHERS.get(table)
        return finish(self._lent, definition_hash, raw, record) if finish else record


def _read_block(block: Mapping[str, Any], readings: tuple[_Reading, ...], record: Record) -> None:
    for reading in readings:
        value = block.get(reading.name)
        if value is None or value == reading.plain:
            continue
        value = reading.read(value)
        if value is not None and value != reading.default:
            record[reading.key] = value


def _blocks(plan: TablePlan) -> _Blocks:
    blocks: dict[tuple[str, ...], list[_Reading]] = {}
    for each in plan.fields:
        if each.source:
            *block, name = each.source.split(".")
            default = _stored_default(plan, each.attribute)
            plain = default if each.kind.read(default) == default else None
            reading = _Reading(name, each.key, each.kind.read, default, plain)
            blocks.setdefault(tuple(block), []).append(reading)
    return tuple((path, tuple(readings)) for path, readings in blocks.items())


def _stored_default(plan: TablePlan, attribute: str) -> Any:
    default = plan.default_of(attribute)
    return [] if default in ((), {}) else default


# --- what tables lend ------------------------------------------------------------------------------------------


def _lend_badge(lent: Lent, definition_hash: int, raw: Raw) -> None:
    if badge := kinds.icon(raw.get("secondaryBackground")):
        lent.badges[definition_hash] = sys.intern(badge)  # some seventy pictures on half of the items


def _lend_perk(lent: Lent, definition_hash: int, raw: Raw) -> None:
    description = kinds.text(kinds.mapping(raw.get("displayProperties")).get("description"))
    if description:
        lent.perk_texts[definition_hash] = description


def _lend_collectible(lent: Lent, definition_hash: int, raw: Raw) -> None:
    shown = kinds.mapping(raw.get("displayProperties"))
    name = "" if raw.get("redacted") is True else kinds.text(shown.get("name")) or ""
    icon, source = kinds.icon(shown.get("icon")) or "", kinds.text(raw.get("sourceString")) or ""
    lent.collectibles[definition_hash] = _Collectible(name, icon, source)
    if item_hash := kinds.hash_number(raw.get("itemHash")):
        # Several may name one item, and rows come in another order from JSON files than from an archive.
        lent.collectible_of[item_hash] = min(definition_hash, lent.collectible_of.get(item_hash, definition_hash))


# --- what a plain field cannot say -------------------------------------------------------------------------------


def _finish_item(lent: Lent, definition_hash: int, raw: Raw, record: Record) -> Record:
    if "z" in record:
        _name_classified(lent, definition_hash, record)
    if "d" not in record and "g" in record:
        _describe_plug(lent, raw, record)
    if "w" not in record and (shelved := kinds.icon(raw.get("iconWatermarkShelved"))):
        record["w"] = shelved
    known = lent.collectible(definition_hash, record.get("C", 0))
    if known and known.source:
        record["v"] = known.source
    shown = kinds.mapping(raw.get("displayProperties"))
    if badge := lent.badges.get(kinds.hash_number(shown.get("iconHash")) or 0):
        record["bg"] = badge
    if counted := _record_of(lent, record):
        record["rc"] = counted
    return record


def _record_of(lent: Lent, record: Record) -> int:
    """A catalyst shares its name or an objective with its record, a weapon that can be crafted the name."""
    if "g" in record:
        known: list[str | int] = [record.get("n", ""), *record.get("O", ())]
        return next((lent.catalysts[each] for each in known if each in lent.catalysts), 0)
    return lent.patterns.get(record.get("n", ""), 0) if "rh" in record else 0


def _name_classified(lent: Lent, definition_hash: int, record: Record) -> None:
    """A classified item hides its name, but its collectible often tells it. Classified armor claims to be a Titan's."""
    record.pop("c", None)
    known = lent.collectible(definition_hash)
    if known and known.name:
        record["n"] = known.name
        if known.icon:
            record["i"] = known.icon


def _describe_plug(lent: Lent, raw: Raw, record: Record) -> None:
    for perk in kinds.entries(raw.get("perks")):
        description = lent.perk_texts.get(kinds.hash_number(kinds.mapping(perk).get("perkHash")) or 0)
        if description:
            record["d"] = description
            return


def _finish_record(lent: Lent, definition_hash: int, raw: Raw, record: Record) -> Record | None:
    if kinds.mapping(raw.get("completionInfo")).get("toastStyle") == _PATTERN_TOAST:
        record["p"] = True
        lent.patterns[record.get("n", "")] = definition_hash
    if _CATALYST_NODES.intersection(kinds.hash_list(raw.get("parentNodeHashes"))):
        record["c"] = True
        lent.catalysts |= dict.fromkeys([record.get("n", ""), *record.get("O", ())], definition_hash)
    if title := _title(raw):
        record["x"] = title
    return record if {"p", "c", "x"} & record.keys() else None


def _title(raw: Raw) -> str | None:
    info = kinds.mapping(raw.get("titleInfo"))
    titles = kinds.text_list(list(kinds.mapping(info.get("titlesByGender")).values()))
    return kinds.text(next(filter(None, titles), None))


_LENDERS: Mapping[str, Callable[[Lent, int, Raw], None]] = {
    plans.ICON: _lend_badge,
    plans.PERK: _lend_perk,
    plans.COLLECTIBLE: _lend_collectible,
}
_FINISHERS: Mapping[str, Callable[[Lent, int, Raw, Record], Record | None]] = {
    plans.ITEM: _finish_item,
    plans.RECORD: _finish_record,
}
_BLOCKS: Mapping[str, _Blocks] = {table: _blocks(plan) for table, plan in PLANS.items() if plan.makes}
