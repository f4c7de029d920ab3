"""What we may change at Bungie.net: one method per action. Nothing here dismantles, and no such method may come.

Never repeated blindly: after Unavailable nobody knows whether the game did it, and only a look at the profile tells.
Source: the Destiny2/Actions endpoints of Bungie's specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.bungie.errors import BadPayload
from app.bungie.http import BungieHttp, Deadline

_STACK = "0"


class Who(NamedTuple):
    """Whose game: the platform of the account and a token of its player."""

    membership_type: int
    token: str


class Looks(NamedTuple):
    """What an in-game loadout is called and looks like, by hashes of definitions; 0 leaves it as it is."""

    name_hash: int = 0
    icon_hash: int = 0
    color_hash: int = 0


class BungieActions:
    """Every method may raise any error of `app.bungie.errors`; returning means that the game has done it."""

    def __init__(self, http: BungieHttp) -> None:
        self._http = http

    def transfer_item(
        self,
        who: Who,
        item_hash: int,
        instance_id: str,
        quantity: int,
        character_id: str,
        *,
        to_vault: bool,
        deadline: Deadline | None = None,
    ) -> None:
        """Between the vault and a character; `instance_id` "" for pieces of a stack."""
        body = _pieces(item_hash, instance_id, quantity, character_id) | {"transferToVault": to_vault}
        self._act("Items/TransferItem", who, body, deadline)

    def pull_from_postmaster(
        self,
        who: Who,
        item_hash: int,
        instance_id: str,
        quantity: int,
        character_id: str,
        deadline: Deadline | None = None,
    ) -> None:
        body = _pieces(item_hash, instance_id, quantity, character_id)
        self._act("Items/PullFromPostmaster", who, body, deadline)

    def equip_item(self, who: Who, instance_id: str, character_id: str, deadline: Deadline | None = None) -> None:
        self._act("Items/EquipItem", who, {"itemId": instance_id, "characterId": character_id}, deadline)

    def equip_items(
        self, who: Who, instance_ids: Sequence[str], character_id: str, deadline: Deadline | None = None
    ) -> dict[str, int]:
        """Bungie's code for each copy (1 = it is worn now); what the character does not carry is not among them.

        They are put on in this order, so an exotic belongs behind what takes the place of another one.
        """
        body = {"itemIds": list(instance_ids), "characterId": character_id}
        answer = self._act("Items/EquipItems", who, body, deadline)
        try:
            return {str(each["itemInstanceId"]): int(each["equipStatus"]) for each in answer["equipResults"]}
        except (KeyError, TypeError, ValueError):
            raise BadPayload("EquipItems without its results") from None

    def set_lock_state(
        self, who: Who, instance_id: str, character_id: str, *, is_on: bool, deadline: Deadline | None = None
    ) -> None:
        """For an item in the vault any character of the player's."""
        body = {"state": is_on, "itemId": instance_id, "characterId": character_id}
        self._act("Items/SetLockState", who, body, deadline)

    def set_tracked_state(
        self, who: Who, instance_id: str, character_id: str, *, is_on: bool, deadline: Deadline | None = None
    ) -> None:
        body = {"state": is_on, "itemId": instance_id, "characterId": character_id}
        self._act("Items/SetTrackedState", who, body, deadline)

    def insert_plug(
        self,
        who: Who,
        instance_id: str,
        socket: int,
        plug_hash: int,
        character_id: str,
        deadline: Deadline | None = None,
    ) -> None:
        """Puts a plug into a socket of a copy, where that costs nothing."""
        plug = {"socketIndex": socket, "socketArrayType": 0, "plugItemHash": plug_hash}
        body = {"itemId": instance_id, "characterId": character_id, "plug": plug}
        self._act("Items/InsertSocketPlugFree", who, body, deadline)

    def equip_loadout(self, who: Who, character_id: str, slot: int, deadline: Deadline | None = None) -> None:
        """Wears what an in-game loadout names, as far as the game can."""
        self._act("Loadouts/EquipLoadout", who, _loadout(character_id, slot), deadline)

    def snapshot_loadout(
        self, who: Who, character_id: str, slot: int, looks: Looks, deadline: Deadline | None = None
    ) -> None:
        """Saves what the character wears now in a slot."""
        self._act("Loadouts/SnapshotLoadout", who, _loadout(character_id, slot) | _looks(looks), deadline)

    def name_loadout(
        self, who: Who, character_id: str, slot: int, looks: Looks, deadline: Deadline | None = None
    ) -> None:
        self._act("Loadouts/UpdateLoadoutIdentifiers", who, _loadout(character_id, slot) | _looks(looks), deadline)

    def clear_loadout(self, who: Who, character_id: str, slot: int, deadline: Deadline | None = None) -> None:
        self._act("Loadouts/ClearLoadout", who, _loadout(character_id, slot), deadline)

    def _act(self, action: str, who: Who, body: dict[str, Any], deadline: Deadline | None) -> Any:
        whole = body | {"membershipType": who.membership_type}
        return self._http.call("POST", f"/Destiny2/Actions/{action}/", token=who.token, body=whole, deadline=deadline)


def _pieces(item_hash: int, instance_id: str, quantity: int, character_id: str) -> dict[str, Any]:
    return {
        "itemReferenceHash": item_hash,
        "stackSize": quantity,
        "itemId": instance_id or _STACK,
        "characterId": character_id,
    }


def _loadout(character_id: str, slot: int) -> dict[str, Any]:
    return {"characterId": character_id, "loadoutIndex": slot}


def _looks(looks: Looks) -> dict[str, Any]:
    named = {"nameHash": looks.name_hash, "iconHash": looks.icon_hash, "colorHash": looks.color_hash}
    return {name: value for name, value in named.items() if value}
