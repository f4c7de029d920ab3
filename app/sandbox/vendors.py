"""Vendors as recorded. GetVendors has had empty item components since May 2024; single vendors keep theirs."""

from werkzeug.wrappers import Response

from app.sandbox.call import Call
from app.sandbox.components import requested, select
from app.sandbox.envelope import BungieError, Json, success
from app.sandbox.player import Player


def vendors(call: Call) -> Response:
    """GetVendors of one character."""
    player = _owner_of_character(call)
    numbers = requested(call.request.args.get("components", ""))
    chosen = select(_recorded(player, call.args["character_id"]), numbers, is_owner=True)
    chosen.pop("itemComponents", None)
    return success({"itemComponents": {}} | chosen)


def vendor(call: Call) -> Response:
    """GetVendor: one vendor's share. Raises `BungieError` 1627 for one that nothing is recorded of."""
    player = _owner_of_character(call)
    numbers = requested(call.request.args.get("components", ""))
    recorded = _recorded(player, call.args["character_id"])
    vendor_hash = str(call.args["vendor_hash"])
    shares = {field: _share(recorded.get(name, {}), vendor_hash) for name, field in _FIELDS.items()}
    if not any("data" in share for share in shares.values()):
        raise BungieError(1627)
    if "data" in shares["sales"]:
        shares["sales"]["data"] = shares["sales"]["data"].get("saleItems", {})
    wanted = select(recorded, numbers, is_owner=True)
    answer: Json = {field: shares[field] for name, field in _FIELDS.items() if name in wanted}
    answer |= {name: wanted[name] for name in ("currencyLookups", "stringVariables") if name in wanted}
    return success(answer | {"itemComponents": recorded.get("itemComponents", {}).get(vendor_hash, {})})


_FIELDS = {"vendors": "vendor", "categories": "categories", "sales": "sales"}


def _owner_of_character(call: Call) -> Player:
    """Vendors are private: only the owner may ask, for a character of theirs."""
    player = call.addressed()
    if call.owner is not player:
        raise BungieError(99)
    if call.args["character_id"] not in player.character_ids:
        raise BungieError(1620)
    return player


def _recorded(player: Player, character_id: str) -> Json:
    found: Json = player.vendors.get(character_id, player.vendors)
    return found


def _share(component: Json, vendor_hash: str) -> Json:
    rows = component.get("data", {})
    share: Json = {"privacy": component.get("privacy", 2)}
    return share | ({"data": rows[vendor_hash]} if vendor_hash in rows else {})
