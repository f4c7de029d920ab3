"""The bulky rest of a profile, in parts of Bungie's own JSON that are read when somebody asks.

Sockets, rolls, objectives, records and loadouts are most of an answer's bytes, and a page of the vault needs none of
them. So nobody looks at them until an item's own page does, and then only at the part that the item is in.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from app.bungie.reading import as_int, as_list, as_mapping, as_text, data_of
from app.inventory.items import Item, ItemDetails, Objective, PlugChoice, Socket
from app.inventory.profile import Loadout, LoadoutItem, Progression, Record

DETAIL_COMPONENTS = ("stats", "sockets", "reusablePlugs", "objectives", "plugObjectives")

Part = Mapping[str, Any]

# How Bungie writes "no hash" in loadouts.
_NO_HASH = 2166136261
# Under this name a copy's part keeps what its entry in the lists says of the statistic that it shows.
_METRIC = "metric"
# Parts of items, and as many of records: small enough to be read within a fraction of a millisecond.
_PARTS = 32
_NOTHING: Part = {}


class PartedDetails:
    """Details whose parts come from `part`, by name; a part that is not there is empty."""

    def __init__(self, part: Callable[[str], Part]) -> None:
        self._part = part

    def item(self, item: Item) -> ItemDetails:
        if not item.instance_id:
            return ItemDetails(objectives=self._stack_objectives(item))
        return _details(self._part(_part_name("items", item.instance_id)).get(item.instance_id))

    def copies(self) -> Mapping[str, ItemDetails]:
        return {
            instance_id: _details(raw)
            for number in range(_PARTS)
            for instance_id, raw in self._part(f"items-{number}").items()
        }

    def loadouts(self, character_id: str) -> tuple[Loadout, ...] | None:
        raw = self._character(character_id).get("loadouts")
        if not isinstance(raw, list):
            return None
        return tuple(_loadout(slot, as_mapping(each)) for slot, each in enumerate(raw))

    def progressions(self, character_id: str) -> Mapping[int, Progression] | None:
        raw = self._character(character_id).get("progressions")
        if not isinstance(raw, dict):
            return None
        return {as_int(key): _progression(as_mapping(each)) for key, each in raw.items()}

    def record(self, record_hash: int, character_id: str = "") -> Record | None:
        owners = as_mapping(self._part(_part_name("records", str(record_hash))).get(str(record_hash)))
        raw = owners.get(character_id)
        return _record(raw) if isinstance(raw, dict) else None

    def _stack_objectives(self, item: Item) -> tuple[Objective, ...] | None:
        return _objectives(as_mapping(self._character(item.owner).get("objectives")).get(str(item.hash)))

    def _character(self, character_id: str) -> Part:
        return as_mapping(self._part("characters").get(character_id))


class FreshDetails(PartedDetails):
    """Details of an answer that has just come, divided into parts when the first one is wanted."""

    def __init__(self, body: Part) -> None:
        super().__init__(lambda name: self.parts.get(name, _NOTHING))
        self._body = body

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        return {"characters": _character_part(self._body), **_item_parts(self._body), **_record_parts(self._body)}


def _part_name(kind: str, key: str) -> str:
    return f"{kind}-{zlib.crc32(key.encode()) % _PARTS}"


# --- dividing ----------------------------------------------------------------------------------------------------


def _item_parts(body: Part) -> dict[str, dict[str, dict[str, Any]]]:
    """`{part: {instance id: {component: its row}}}`."""
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    components = as_mapping(body.get("itemComponents"))
    for component in DETAIL_COMPONENTS:
        for instance_id, row in as_mapping(data_of(components, component)).items():
            part = parts.setdefault(_part_name("items", instance_id), {})
            part.setdefault(instance_id, {})[component] = row
    for instance_id, objective in _metrics(body):
        part = parts.setdefault(_part_name("items", instance_id), {})
        part.setdefault(instance_id, {})[_METRIC] = objective
    return parts


def _metrics(body: Part) -> Iterator[tuple[str, Any]]:
    """The statistic that an emblem's owner has chosen for it, by the emblem's instance id."""
    holders = [data_of(body, "profileInventory")]
    holders += (
        each
        for component in ("characterInventories", "characterEquipment")
        for each in as_mapping(data_of(body, component)).values()
    )
    for holder in holders:
        for item in as_list(as_mapping(holder).get("items")):
            raw = as_mapping(item)
            if raw.get("metricHash") and (instance_id := as_text(raw.get("itemInstanceId"))):
                yield instance_id, raw.get("metricObjective")


def _record_parts(body: Part) -> dict[str, dict[str, dict[str, Any]]]:
    """`{part: {record hash: {character id, "" for the account: its row}}}`."""
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    holders = dict(as_mapping(data_of(body, "characterRecords")))
    holders[""] = data_of(body, "profileRecords")
    for owner, holder in holders.items():
        for record_hash, row in as_mapping(as_mapping(holder).get("records")).items():
            part = parts.setdefault(_part_name("records", record_hash), {})
            part.setdefault(record_hash, {})[owner] = row
    return parts


def _character_part(body: Part) -> dict[str, dict[str, Any]]:
    """`{character id: {loadouts, progressions, objectives}}`; what was not sent is None."""
    loadouts = as_mapping(data_of(body, "characterLoadouts"))
    progressions = as_mapping(data_of(body, "characterProgressions"))
    loose = as_mapping(body.get("characterUninstancedItemComponents"))
    return {
        character_id: {
            "loadouts": as_mapping(loadouts.get(character_id)).get("loadouts"),
            "progressions": as_mapping(progressions.get(character_id)).get("progressions"),
            "objectives": _loose_objectives(
                as_mapping(progressions.get(character_id)), as_mapping(loose.get(character_id))
            ),
        }
        for character_id in loadouts.keys() | progressions.keys() | loose.keys()
    }


def _loose_objectives(progressions: Part, components: Part) -> dict[str, Any]:
    """Objectives of items without an instance, by item hash: Bungie tells them in two places, not always in both."""
    told = as_mapping(data_of(components, "objectives"))
    rows = {item_hash: as_mapping(row).get("objectives") for item_hash, row in told.items()}
    return {**as_mapping(progressions.get("uninstancedItemObjectives")), **rows}


# --- reading -----------------------------------------------------------------------------------------------------


def _details(row: Any) -> ItemDetails:
    raw = as_mapping(row)
    choices, counted = _choices(raw.get("reusablePlugs")), _plug_objectives(raw.get("plugObjectives"))
    return ItemDetails(
        _stats(raw.get("stats")),
        _sockets(raw.get("sockets")),
        _choices_in_sockets(raw.get("sockets")) if choices is None else choices,
        _objectives(as_mapping(raw.get("objectives")).get("objectives")),
        _counted_in_sockets(raw.get("sockets")) if counted is None else counted,
        _shown_by(raw),
    )


def _shown_by(raw: Part) -> tuple[Objective, ...]:
    """What an emblem tells about its owner: the chosen statistic, and the one that it was made for; each once."""
    told = (raw.get(_METRIC), as_mapping(raw.get("objectives")).get("flavorObjective"))
    found = (_objective(as_mapping(each)) for each in told)
    return tuple({each.hash: each for each in found if each.hash}.values())


def _stats(raw: Any) -> dict[int, int] | None:
    stats = as_mapping(raw).get("stats")
    if not isinstance(stats, dict):
        return None
    return {as_int(key): as_int(as_mapping(stat).get("value")) for key, stat in stats.items()}


def _sockets(raw: Any) -> tuple[Socket, ...] | None:
    if not isinstance(raw, dict):
        return None
    return tuple(_socket(as_mapping(each)) for each in as_list(raw.get("sockets")))


def _socket(raw: Part) -> Socket:
    plug = as_int(raw.get("plugHash"))
    # In the first months Bungie did not say which sockets are seen: whatever held a plug was.
    return Socket(plug, bool(raw.get("isEnabled")), bool(raw.get("isVisible", plug)))


def _rows_of(sockets: Any) -> list[Part]:
    return [as_mapping(each) for each in as_list(as_mapping(sockets).get("sockets"))]


def _choices_in_sockets(raw: Any) -> dict[int, tuple[PlugChoice, ...]] | None:
    """Until 2019 every socket told what else it takes; None where none of them says so."""
    rows = _rows_of(raw)
    if not any("reusablePlugs" in each for each in rows):
        return None
    told = ((index, as_list(each.get("reusablePlugs"))) for index, each in enumerate(rows))
    return {index: tuple(_choice(as_mapping(plug)) for plug in plugs) for index, plugs in told if plugs}


def _counted_in_sockets(raw: Any) -> dict[int, tuple[Objective, ...]] | None:
    """Until 2019 every socket told what its plug counts; None where none of them says so."""
    rows = _rows_of(raw)
    if not any("plugObjectives" in each for each in rows):
        return None
    told = ((as_int(each.get("plugHash")), _objectives(each.get("plugObjectives"))) for each in rows)
    return {plug: counted for plug, counted in told if plug and counted}


def _choices(raw: Any) -> dict[int, tuple[PlugChoice, ...]] | None:
    if not isinstance(raw, dict):
        return None
    return {
        as_int(index, -1): tuple(_choice(as_mapping(plug)) for plug in as_list(plugs))
        for index, plugs in as_mapping(raw.get("plugs")).items()
    }


def _choice(raw: Part) -> PlugChoice:
    return PlugChoice(as_int(raw.get("plugItemHash")), bool(raw.get("canInsert")), bool(raw.get("enabled")))


def _plug_objectives(raw: Any) -> dict[int, tuple[Objective, ...]] | None:
    if not isinstance(raw, dict):
        return None
    plugs = as_mapping(raw.get("objectivesPerPlug"))
    return {as_int(plug): _objectives(objectives) or () for plug, objectives in plugs.items()}


def _objectives(raw: Any) -> tuple[Objective, ...] | None:
    if not isinstance(raw, list):
        return None
    return tuple(_objective(as_mapping(each)) for each in raw)


def _objective(raw: Part) -> Objective:
    return Objective(
        as_int(raw.get("objectiveHash")),
        as_int(raw.get("progress")),
        as_int(raw.get("completionValue")),
        bool(raw.get("complete")),
        bool(raw.get("visible", True)),
    )


def _record(raw: Part) -> Record:
    # A record with intervals tells its progress there, one goal higher than the other.
    steps = _objectives(raw.get("objectives")) or _objectives(raw.get("intervalObjectives")) or ()
    return Record(as_int(raw.get("state")), as_int(raw.get("completedCount")), steps)


def _progression(raw: Part) -> Progression:
    return Progression(
        level=as_int(raw.get("level")),
        cap=as_int(raw.get("levelCap"), -1),
        progress=as_int(raw.get("progressToNextLevel")),
        next_level_at=as_int(raw.get("nextLevelAt")),
        total=as_int(raw.get("currentProgress")),
        resets=as_int(raw.get("currentResetCount")),
    )


def _loadout(slot: int, raw: Part) -> Loadout:
    items = (_loadout_item(as_mapping(each)) for each in as_list(raw.get("items")))
    return Loadout(
        slot,
        _hash_or_zero(raw.get("nameHash")),
        _hash_or_zero(raw.get("iconHash")),
        _hash_or_zero(raw.get("colorHash")),
        tuple(item for item in items if item.instance_id not in {"", "0"}),
    )


def _loadout_item(raw: Part) -> LoadoutItem:
    plugs = as_list(raw.get("plugItemHashes"))
    return LoadoutItem(as_text(raw.get("itemInstanceId")), tuple(_hash_or_zero(plug) for plug in plugs))


def _hash_or_zero(value: Any) -> int:
    """0 for "none", in both of Bungie's spellings."""
    found = as_int(value)
    return 0 if found == _NO_HASH else found
