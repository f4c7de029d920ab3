"""A profile's details with other plugs in some sockets than Bungie has told so far."""

from __future__ import annotations

from collections.abc import Mapping

from app.inventory.items import Item, ItemDetails
from app.inventory.profile import Details, Loadout, Progression, Record

# By instance id: the plug in each of these sockets.
Plugs = Mapping[str, Mapping[int, int]]


class PluggedDetails:
    def __init__(self, details: Details, plugs: Plugs) -> None:
        self._details = details
        self._plugs = plugs

    def item(self, item: Item) -> ItemDetails:
        return _with(self._details.item(item), self._plugs.get(item.instance_id, {}))

    def copies(self) -> Mapping[str, ItemDetails]:
        found = dict(self._details.copies())
        changed = ((each, plugs) for each, plugs in self._plugs.items() if each in found)
        return found | {each: _with(found[each], plugs) for each, plugs in changed}

    def loadouts(self, character_id: str) -> tuple[Loadout, ...] | None:
        return self._details.loadouts(character_id)

    def progressions(self, character_id: str) -> Mapping[int, Progression] | None:
        return self._details.progressions(character_id)

    def record(self, record_hash: int, character_id: str = "") -> Record | None:
        return self._details.record(record_hash, character_id)


def _with(details: ItemDetails, plugs: Mapping[int, int]) -> ItemDetails:
    if not plugs or details.sockets is None:
        return details
    sockets = (
        socket._replace(plug_hash=plugs.get(position, socket.plug_hash))
        for position, socket in enumerate(details.sockets)
    )
    return details._replace(sockets=tuple(sockets))
