"""What a player does: move, pull from the postmaster, equip, lock, track, insert a free plug."""

from werkzeug.wrappers import Response

from app.sandbox.bodies import SLOW_SPACING, begin, number, text
from app.sandbox.call import Call
from app.sandbox.energy import spend
from app.sandbox.envelope import BungieError, Json, success
from app.sandbox.player import Player
from app.sandbox.profiles import item_answer
from app.sandbox.rules import NO_INSTANCE, Carrier, Order
from app.sandbox.wearing import equip

_LOCKED, _TRACKED = 1, 2
_NOT_THERE = 1623
_PLUG_SPACING = 5
_CHANGED_COMPONENTS = frozenset({300, 302, 304, 305, 307, 308, 309, 310})


def transfer(call: Call) -> Response:
    """TransferItem: between one character and the vault, never from one character to another."""
    body = begin(call, "transfer")
    order, carrier = _order(body), _carrier(call)
    if body.get("transferToVault", False):  # leaving it out means false at Bungie, too
        carrier.to_vault(order)
    else:
        carrier.from_vault(order)
    return success(0)


def pull_from_postmaster(call: Call) -> Response:
    body = begin(call, "postmaster")
    _carrier(call).from_postmaster(_order(body))
    return success(0)


def equip_item(call: Call) -> Response:
    body = begin(call, "equip")
    _equip(call, body, text(body, "itemId"))
    return success(0)


def equip_items(call: Call) -> Response:
    """EquipItems: a success as a whole, with a code per item; what is not on the character is passed over."""
    body = begin(call, "equip_many")
    ids = body.get("itemIds")
    if not isinstance(ids, list):
        raise BungieError(7)
    tried = [(str(item_id), _equip_status(call, body, str(item_id))) for item_id in ids]
    results = [{"itemInstanceId": item_id, "equipStatus": code} for item_id, code in tried if code != _NOT_THERE]
    return success({"equipResults": results})


def set_lock(call: Call) -> Response:
    body = begin(call, "lock")
    item = _owned(call.owner, text(body, "itemId"))
    if not item.get("lockable"):
        raise BungieError(1663)
    _set_state(item, _LOCKED, is_on=bool(body.get("state")))
    return success(0)


def set_tracked(call: Call) -> Response:
    body = begin(call, "track", spacing=SLOW_SPACING)
    item = _owned(call.owner, text(body, "itemId"))
    _set_state(item, _TRACKED, is_on=bool(body.get("state")))
    return success(0)


def insert_plug_free(call: Call) -> Response:
    """InsertSocketPlugFree: only what this copy, or the player's plug sets, list for that socket."""
    body = begin(call, "plug_free", spacing=_PLUG_SPACING)
    player, item_id = call.owner, text(body, "itemId")
    item = _owned(player, item_id)
    if call.state.faults.in_activity:
        raise BungieError(1671)
    plug = body.get("plug")
    if not isinstance(plug, dict):
        raise BungieError(7)
    index, plug_hash = number(plug, "socketIndex"), number(plug, "plugItemHash")
    sockets = (player.instance_data("sockets", item_id) or {}).get("sockets", [])
    if not 0 <= index < len(sockets):
        raise BungieError(1677)
    if sockets[index].get("plugHash") == plug_hash:
        raise BungieError(1679)
    if plug_hash not in _available(call, item, index):
        raise BungieError(1680)
    spend(call.state.definitions, player.instance_data("instances", item_id) or {}, sockets, index, plug_hash)
    sockets[index] |= {"plugHash": plug_hash, "isEnabled": True, "isVisible": True}
    changed = item_answer(player, text(body, "characterId"), item, _CHANGED_COMPONENTS, is_owner=True)
    return success({"item": changed, "addedInventoryItems": [], "removedInventoryItems": []})


def _order(body: Json) -> Order:
    amount = number(body, "stackSize")
    if amount < 1:
        raise BungieError(18)
    item_id = str(body.get("itemId", NO_INSTANCE))
    return Order(number(body, "itemReferenceHash"), item_id, amount, text(body, "characterId"))


def _carrier(call: Call) -> Carrier:
    faults = call.state.faults
    return Carrier(
        call.owner,
        call.state.definitions,
        hidden_vault_items=faults.hidden_vault_items,
        inherits_lock=faults.inherit_lock,
    )


def _equip(call: Call, body: Json, item_id: str) -> None:
    if call.state.faults.in_activity:
        raise BungieError(1671)
    equip(call.owner, call.state.definitions, text(body, "characterId"), item_id)


def _equip_status(call: Call, body: Json, item_id: str) -> int:
    try:
        _equip(call, body, item_id)
    except BungieError as error:
        return error.code
    return 1


def _owned(player: Player, item_id: str) -> Json:
    found = player.find(item_id)
    if found is None:
        raise BungieError(1623)
    return found[1]


def _set_state(item: Json, bit: int, *, is_on: bool) -> None:
    item["state"] = item["state"] | bit if is_on else item["state"] & ~bit


def _available(call: Call, item: Json, index: int) -> set[int]:
    """What may go into a socket: the copy's own choices, and those of the player's plug set for that socket."""
    player = call.owner
    listed = list(
        (player.instance_data("reusablePlugs", item["itemInstanceId"]) or {}).get("plugs", {}).get(str(index), [])
    )
    row = call.state.definitions.row("DestinyInventoryItemDefinition", item["itemHash"]) or {}
    entries = (row.get("sockets") or {}).get("socketEntries", [])
    plug_set = str(entries[index].get("reusablePlugSetHash")) if index < len(entries) else ""
    listed += (player.data("profilePlugSets") or {}).get("plugs", {}).get(plug_set, [])
    return {plug["plugItemHash"] for plug in listed if plug.get("canInsert", True)}
