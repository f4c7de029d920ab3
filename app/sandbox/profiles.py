"""Reading an account: memberships, linked profiles, the whole profile, one character, one item."""

from typing import Any

import orjson
from werkzeug.wrappers import Response

from app.sandbox.call import Call, timestamp
from app.sandbox.components import requested, select, visible
from app.sandbox.envelope import BungieError, Json, success
from app.sandbox.faults import Faults
from app.sandbox.player import VAULT, Player
from app.sandbox.state import State

_BUNGIE_NEXT = 254
_NO_ACCOUNT = 1601
_MILLISECOND_S = 0.001
_UNKNOWN_HASH = 4_100_000_000
_CARD: tuple[str, ...] = ("supplementalDisplayName", "iconPath", "crossSaveOverride", "applicableMembershipTypes")
_CARD += (
    "isPublic",
    "membershipType",
    "membershipId",
    "displayName",
    "bungieGlobalDisplayName",
    "bungieGlobalDisplayNameCode",
)
_USER = ("membershipId", "displayName", "uniqueName", "profilePicturePath", "locale")
_CHARACTER_FIELDS = {
    "characters": "character",
    "characterInventories": "inventory",
    "characterProgressions": "progressions",
    "characterRenderData": "renderData",
    "characterActivities": "activities",
    "characterEquipment": "equipment",
    "characterLoadouts": "loadouts",
    "characterKiosks": "kiosks",
    "characterPlugSets": "plugSets",
    "characterPresentationNodes": "presentationNodes",
    "characterRecords": "records",
    "characterCollectibles": "collectibles",
    "characterCurrencyLookups": "currencyLookups",
}
_ITEM_FIELDS = {
    "instances": "instance",
    "objectives": "objectives",
    "perks": "perks",
    "renderData": "renderData",
    "stats": "stats",
    "talentGrids": "talentGrid",
    "sockets": "sockets",
    "reusablePlugs": "reusablePlugs",
    "plugObjectives": "plugObjectives",
}


def memberships(call: Call) -> Response:
    """GetMembershipsForCurrentUser: every card of the player, overridden ones too."""
    player = call.owner
    linked = player.linked
    cards = [*linked.get("profiles", []), *(bad["infoCard"] for bad in linked.get("profilesWithErrors", []))]
    answer: Json = {
        "destinyMemberships": [_group_card(card) for card in cards],
        "bungieNetUser": _general_user(player),
    }
    if player.card.get("crossSaveOverride"):
        answer["primaryMembershipId"] = player.membership_id
    return success(answer)


def linked_profiles(call: Call) -> Response:
    """GetLinkedProfiles, by a Destiny membership or, with type 254, by the Bungie.net one."""
    if call.args["membership_type"] == _BUNGIE_NEXT:
        player = call.state.player_of(call.args["membership_id"])
        if player is None:
            raise BungieError(_NO_ACCOUNT)
    else:
        player = call.addressed()
    if call.state.faults.maintenance == "linked_profiles":
        return success(_all_with_errors(player.linked))
    return success(player.linked)


def profile(call: Call) -> Response:
    """GetProfile: the components asked for, recorded and visible, with minted times that only move forward."""
    player = call.addressed()
    numbers = requested(call.request.args.get("components", ""))
    minted_s, recorded = _generation(call.state, player)
    chosen = select(recorded, numbers, is_owner=call.player is player)
    _leave_out(chosen, call.state.faults)
    minted = timestamp(minted_s)
    head = {"responseMintedTimestamp": minted, "secondaryComponentsMintedTimestamp": minted}
    return success(head | chosen)


def character(call: Call) -> Response:
    """GetCharacter: one character's share of the components."""
    player = call.addressed()
    character_id = call.args["character_id"]
    if character_id not in player.character_ids:
        raise BungieError(1620)
    numbers = requested(call.request.args.get("components", ""))
    chosen = select(player.components, numbers, is_owner=call.player is player)
    answer: Json = {}
    for name, field in _CHARACTER_FIELDS.items():
        if name in chosen and character_id in (chosen[name].get("data") or {character_id: None}):
            answer[field] = _share(chosen[name], character_id)
    if "itemComponents" in chosen:
        held = [*player.carried(character_id), *player.worn(character_id)]
        ids = {item["itemInstanceId"] for item in held if "itemInstanceId" in item}
        answer["itemComponents"] = {part: _only(whole, ids) for part, whole in chosen["itemComponents"].items()}
    return success(answer)


def item(call: Call) -> Response:
    """GetItem: one instance, wherever it is."""
    player = call.addressed()
    numbers = requested(call.request.args.get("components", ""))
    found = player.find(call.args["item_id"])
    if found is None:
        raise BungieError(1623)
    return success(item_answer(player, found[0].character_id, found[1], numbers, is_owner=call.player is player))


def item_answer(
    player: Player, character_id: str | None, held: Json, numbers: frozenset[int], *, is_owner: bool
) -> Json:
    """The shape that GetItem and the plug actions share."""
    answer: Json = {} if character_id is None else {"characterId": character_id}
    if 307 in numbers:
        answer["item"] = visible({"data": held, "privacy": 2}, is_owner=is_owner)
    parts = select(player.components, numbers, is_owner=is_owner).get("itemComponents", {})
    for part, field in _ITEM_FIELDS.items():
        rows = parts.get(part, {}).get("data", {})
        if held["itemInstanceId"] in rows:
            answer[field] = {"data": rows[held["itemInstanceId"]], "privacy": parts[part].get("privacy", 2)}
    return answer


def _generation(state: State, player: Player) -> tuple[float, Json]:
    """What a read sees and when that was minted: now, or with stale reads a copy that is up to so old."""
    player.minted_s = max(state.clock(), player.minted_s + _MILLISECOND_S)
    kept = state.snapshots.get(player.membership_id)
    stale_s = state.faults.stale_reads_s
    if stale_s <= 0:
        state.snapshots.pop(player.membership_id, None)
        return player.minted_s, player.components
    if kept is None or player.minted_s - kept[0] >= stale_s:
        kept = (player.minted_s, orjson.loads(orjson.dumps(player.components)))
        state.snapshots[player.membership_id] = kept
        return kept
    if state.faults.stale_flip_flop:
        player.is_flipped = not player.is_flipped
        if player.is_flipped:
            return player.minted_s, player.components
    return kept


def _leave_out(chosen: Json, faults: Faults) -> None:
    """The half-answers that Bungie gives at times. `chosen` is ours to change, its components are not."""
    for name in faults.drop_components:
        chosen.pop(name, None)
    inventory = chosen.get("profileInventory", {})
    if "data" in inventory and faults.empty_profile_inventory_once:
        faults.empty_profile_inventory_once = False
        chosen["profileInventory"] = inventory | {"data": {"items": []}}
    elif "data" in inventory and faults.unknown_hashes:
        items = _with_unknown_hashes(inventory["data"]["items"], faults.unknown_hashes)
        chosen["profileInventory"] = inventory | {"data": {"items": items}}
    sockets = chosen.get("itemComponents", {}).get("sockets", {})
    if "data" in sockets and faults.missing_sockets:
        kept = dict(list(sockets["data"].items())[faults.missing_sockets :])
        chosen["itemComponents"]["sockets"] = sockets | {"data": kept}


def _with_unknown_hashes(items: list[Json], count: int) -> list[Json]:
    changed, left = [], count
    for held in items:
        if left and held["bucketHash"] == VAULT:
            changed.append(held | {"itemHash": _UNKNOWN_HASH + left})
            left -= 1
        else:
            changed.append(held)
    return changed


def _all_with_errors(linked: Json) -> Json:
    """What GetLinkedProfiles says while the game is down: every account is there, none can be read."""
    cards = [{name: card[name] for name in _CARD if name in card} for card in linked.get("profiles", [])]
    down = [{"errorCode": 5, "infoCard": card} for card in cards]
    return linked | {"profiles": [], "profilesWithErrors": [*down, *linked.get("profilesWithErrors", [])]}


def _group_card(card: Json) -> Json:
    seen = {"LastSeenDisplayName": card["displayName"], "LastSeenDisplayNameType": card["membershipType"]}
    return seen | {name: card[name] for name in _CARD if name in card}


def _general_user(player: Player) -> Json:
    user = player.bungie_user
    made: Json = {"uniqueName": user["membershipId"], "locale": "en", "profilePicturePath": user.get("iconPath", "")}
    general = made | {name: user[name] for name in _USER if name in user}
    if "bungieGlobalDisplayName" in user:
        general["cachedBungieGlobalDisplayName"] = user["bungieGlobalDisplayName"]
        general["cachedBungieGlobalDisplayNameCode"] = user["bungieGlobalDisplayNameCode"]
    return general


def _share(component: Json, character_id: str) -> Json:
    share: dict[str, Any] = {name: value for name, value in component.items() if name != "data"}
    return share | ({"data": component["data"][character_id]} if "data" in component else {})


def _only(component: Json, ids: set[str]) -> Json:
    if "data" not in component:
        return component
    return component | {"data": {key: row for key, row in component["data"].items() if key in ids}}
