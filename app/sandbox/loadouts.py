"""In-game loadouts: wearing one, saving what is worn, renaming and clearing."""

from werkzeug.wrappers import Response

from app.sandbox.bodies import SLOW_SPACING, begin, number, text
from app.sandbox.call import Call
from app.sandbox.envelope import BungieError, Json, success
from app.sandbox.player import VAULT, Player
from app.sandbox.rules import NO_INSTANCE, Carrier, Order
from app.sandbox.wearing import equip

_NOTHING = 2166136261
_LOOKS = ("colorHash", "iconHash", "nameHash")


def equip_loadout(call: Call) -> Response:
    """Wear what can be worn of a loadout, fetching pieces from the vault; refused only when nothing of it could be."""
    body, saved = _begin(call, "equip_loadout")
    if call.state.faults.in_activity:
        raise BungieError(1671)
    character_id, player = text(body, "characterId"), call.owner
    ids = [each["itemInstanceId"] for each in saved["items"] if each["itemInstanceId"] != NO_INSTANCE]
    # Exotics go last: by then the ones worn in other slots have come off.
    ids.sort(key=lambda item_id: _is_exotic(call, player, item_id))
    refused = [code for item_id in ids if (code := _wear(call, character_id, item_id))]
    if not ids or len(refused) == len(ids):
        raise BungieError(refused[0] if refused else 1623)
    return success(0)


def snapshot_loadout(call: Call) -> Response:
    """Save what the character wears now; the looks are kept unless given."""
    body, saved = _begin(call, "snapshot_loadout")
    player = call.owner
    worn = player.worn(text(body, "characterId"))
    saved["items"] = [_saved_item(player, item) for item in worn if "itemInstanceId" in item]
    _change_looks(saved, body)
    return success(0)


def update_loadout(call: Call) -> Response:
    body, saved = _begin(call, "update_loadout")
    _change_looks(saved, body)
    return success(0)


def clear_loadout(call: Call) -> Response:
    _, saved = _begin(call, "clear_loadout")
    saved.update(dict.fromkeys(_LOOKS, _NOTHING))
    saved["items"] = []
    return success(0)


def _begin(call: Call, action: str) -> tuple[Json, Json]:
    """The body and the loadout it means. Raises `BungieError` 18 when there is no such loadout."""
    body = begin(call, action, spacing=SLOW_SPACING)
    by_character = call.owner.data("characterLoadouts") or {}
    loadouts = by_character.get(text(body, "characterId"), {}).get("loadouts", [])
    index = number(body, "loadoutIndex")
    if not 0 <= index < len(loadouts):
        raise BungieError(18)
    return body, loadouts[index]


def _wear(call: Call, character_id: str, item_id: str) -> int:
    """Put one piece on. The code of the refusal, 0 when it is worn."""
    player, found = call.owner, call.owner.find(item_id)
    try:
        if found is not None and found[1]["bucketHash"] == VAULT:
            order = Order(found[1]["itemHash"], item_id, 1, character_id)
            Carrier(player, call.state.definitions).from_vault(order)
        equip(player, call.state.definitions, character_id, item_id)
    except BungieError as error:
        return error.code
    return 0


def _is_exotic(call: Call, player: Player, item_id: str) -> bool:
    found = player.find(item_id)
    facts = None if found is None else call.state.definitions.item(found[1]["itemHash"])
    return facts is not None and facts.unique_label != ""


def _saved_item(player: Player, item: Json) -> Json:
    sockets = (player.instance_data("sockets", item["itemInstanceId"]) or {}).get("sockets", [])
    plugs = [socket.get("plugHash", _NOTHING) for socket in sockets]
    return {"itemInstanceId": item["itemInstanceId"], "plugItemHashes": plugs}


def _change_looks(saved: Json, body: Json) -> None:
    for name in _LOOKS:
        if body.get(name) is not None:
            saved[name] = number(body, name)
