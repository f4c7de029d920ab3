"""What GetProfile held in earlier years: the account of today without the components and fields that came later."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

# The first year in which answers had them.
_COMPONENTS = {
    "profileProgression": 2018, "profilePlugSets": 2018, "characterPlugSets": 2018, "profileRecords": 2018,
    "characterRecords": 2018, "profileCollectibles": 2018, "characterCollectibles": 2018,
    "profilePresentationNodes": 2018, "characterPresentationNodes": 2018, "platformSilver": 2019,
    "profileTransitoryData": 2019, "responseMintedTimestamp": 2020, "secondaryComponentsMintedTimestamp": 2020,
    "characterUninstancedItemComponents": 2020, "metrics": 2020, "profileStringVariables": 2020,
    "characterStringVariables": 2020, "characterCraftables": 2022, "profileCommendations": 2022,
    "characterLoadouts": 2023,
}  # fmt: skip
_OF_ITEMS = {"reusablePlugs": 2019, "plugObjectives": 2019}
_ITEM_FIELDS = {
    "overrideStyleItemHash": 2018, "tooltipNotificationIndexes": 2019, "versionNumber": 2020, "metricHash": 2020,
    "metricObjective": 2020, "itemValueVisibility": 2021, "dismantlePermission": 2020, "isWrapper": 2018,
}  # fmt: skip
_INSTANCE_FIELDS = {
    "damageTypeHash": 2018,
    "energy": 2019,
    "breakerType": 2020,
    "breakerTypeHash": 2020,
    "gearTier": 2025,
}
_CHARACTER_FIELDS = {"titleRecordHash": 2018}
_PROFILE_FIELDS = {
    "seasonHashes": 2018, "currentSeasonHash": 2019, "currentGuardianRank": 2023, "lifetimeHighestGuardianRank": 2023,
    "seasonPassHashes": 2025, "currentSeasonPassHash": 2025,
}  # fmt: skip
_VISIBLE_SINCE = 2018


def answer_of(year: int, whole: Json) -> Json:
    """The components of a player as Bungie would have sent them in that year."""
    found = {name: copy.deepcopy(value) for name, value in whole.items() if _COMPONENTS.get(name, 0) <= year}
    for items in item_lists(found):
        for item in items:
            _cut(item, _ITEM_FIELDS, year)
    for row in _rows(found, "characters"):
        _cut(row, _CHARACTER_FIELDS, year)
    _cut((found.get("profile") or {}).get("data") or {}, _PROFILE_FIELDS, year)
    found["itemComponents"] = _of_items(year, found["itemComponents"])
    return found


def item_lists(components: Json) -> Iterator[list[Json]]:
    for name in ("profileInventory", "profileCurrencies"):
        yield (components.get(name, {}).get("data") or {}).get("items", [])
    for name in ("characterInventories", "characterEquipment"):
        yield from (each["items"] for each in _rows(components, name))


def _of_items(year: int, components: Json) -> Json:
    found = {name: part for name, part in components.items() if _OF_ITEMS.get(name, 0) <= year}
    for row in _rows(components, "instances"):
        _cut(row, _INSTANCE_FIELDS, year)
    if year < min(_OF_ITEMS.values()):
        _tell_in_sockets(components, with_visibility=year >= _VISIBLE_SINCE)
    return found


def _tell_in_sockets(components: Json, *, with_visibility: bool) -> None:
    """The choices of a socket and what its plug counts stood in the socket itself."""
    choices, counted = ((components.get(name) or {}).get("data") or {} for name in _OF_ITEMS)
    for instance_id, row in ((components.get("sockets") or {}).get("data") or {}).items():
        plugs = (choices.get(instance_id) or {}).get("plugs", {})
        objectives = (counted.get(instance_id) or {}).get("objectivesPerPlug", {})
        for index, socket in enumerate(row["sockets"]):
            told = plugs.get(str(index), [])
            socket["reusablePlugs"] = told
            socket["reusablePlugHashes"] = [each["plugItemHash"] for each in told]
            socket["plugObjectives"] = objectives.get(str(socket.get("plugHash")), [])
            if not with_visibility:
                socket.pop("isVisible", None)


def _rows(components: Json, name: str) -> Iterator[Json]:
    yield from ((components.get(name) or {}).get("data") or {}).values()


def _cut(row: Json, fields: dict[str, int], year: int) -> None:
    for name, since in fields.items():
        if since > year:
            row.pop(name, None)
