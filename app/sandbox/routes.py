"""Every address of the sandbox: its name in the request log, who may call it, and what answers."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from werkzeug.routing import Map, Rule

from app.sandbox import actions, control, loadouts, oauth, platform, profiles, static_files, vendors
from app.sandbox.call import Handler


class Access(Enum):
    """What a caller needs: nothing, an API key, or a key and a signed-in player."""

    OPEN = auto()
    KEY = auto()
    USER = auto()


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    method: str
    template: str
    handler: Handler
    access: Access = Access.KEY


_ACCOUNT = "/Platform/Destiny2/<int(signed=True):membership_type>/Profile/<membership_id>/"
_CHARACTER = _ACCOUNT + "Character/<character_id>/"
_ACTIONS = "/Platform/Destiny2/Actions/Items/"
_LOADOUTS = "/Platform/Destiny2/Actions/Loadouts/"

_ROUTES = (
    Route("authorize", "GET", "/<locale>/OAuth/Authorize", oauth.authorize, Access.OPEN),
    Route("decide", "POST", "/<locale>/OAuth/Authorize", oauth.decide, Access.OPEN),
    Route("token", "POST", "/Platform/App/OAuth/token/", oauth.token, Access.OPEN),
    Route("memberships", "GET", "/Platform/User/GetMembershipsForCurrentUser/", profiles.memberships, Access.USER),
    Route("linked_profiles", "GET", _ACCOUNT + "LinkedProfiles/", profiles.linked_profiles),
    Route("profile", "GET", _ACCOUNT, profiles.profile),
    Route("character", "GET", _CHARACTER, profiles.character),
    Route("item", "GET", _ACCOUNT + "Item/<item_id>/", profiles.item),
    Route("vendors", "GET", _CHARACTER + "Vendors/", vendors.vendors, Access.USER),
    Route("vendor", "GET", _CHARACTER + "Vendors/<int:vendor_hash>/", vendors.vendor, Access.USER),
    Route("manifest_index", "GET", "/Platform/Destiny2/Manifest/", platform.manifest_index),
    Route("definition", "GET", "/Platform/Destiny2/Manifest/<table>/<int:row_hash>/", platform.definition),
    Route("settings", "GET", "/Platform/Settings/", platform.settings),
    Route("alerts", "GET", "/Platform/GlobalAlerts/", platform.alerts),
    Route("locales", "GET", "/Platform/GetAvailableLocales/", platform.locales),
    Route("transfer", "POST", _ACTIONS + "TransferItem/", actions.transfer, Access.USER),
    Route("postmaster", "POST", _ACTIONS + "PullFromPostmaster/", actions.pull_from_postmaster, Access.USER),
    Route("equip", "POST", _ACTIONS + "EquipItem/", actions.equip_item, Access.USER),
    Route("equip_many", "POST", _ACTIONS + "EquipItems/", actions.equip_items, Access.USER),
    Route("lock", "POST", _ACTIONS + "SetLockState/", actions.set_lock, Access.USER),
    Route("track", "POST", _ACTIONS + "SetTrackedState/", actions.set_tracked, Access.USER),
    Route("plug_free", "POST", _ACTIONS + "InsertSocketPlugFree/", actions.insert_plug_free, Access.USER),
    Route("equip_loadout", "POST", _LOADOUTS + "EquipLoadout/", loadouts.equip_loadout, Access.USER),
    Route("snapshot_loadout", "POST", _LOADOUTS + "SnapshotLoadout/", loadouts.snapshot_loadout, Access.USER),
    Route("update_loadout", "POST", _LOADOUTS + "UpdateLoadoutIdentifiers/", loadouts.update_loadout, Access.USER),
    Route("clear_loadout", "POST", _LOADOUTS + "ClearLoadout/", loadouts.clear_loadout, Access.USER),
    Route("manifest_file", "GET", "/common/<path:path>", static_files.static_file, Access.OPEN),
    Route("image", "GET", "/img/<path:path>", static_files.static_file, Access.OPEN),
    Route("front", "GET", "/", control.front, Access.OPEN),
    Route("faults_show", "GET", "/_sandbox/faults", control.show_faults, Access.OPEN),
    Route("faults_throw", "POST", "/_sandbox/faults", control.throw_faults, Access.OPEN),
    Route("faults_clear", "DELETE", "/_sandbox/faults", control.clear_faults, Access.OPEN),
    Route("requests_show", "GET", "/_sandbox/requests", control.show_requests, Access.OPEN),
    Route("requests_clear", "DELETE", "/_sandbox/requests", control.clear_requests, Access.OPEN),
)
ROUTES: dict[str, Route] = {route.name: route for route in _ROUTES}


@cache
def build_map() -> Map:
    """Bungie's addresses end with a slash; without one it redirects. The same for every sandbox: it is only read."""
    rules = (Rule(route.template, methods=[route.method], endpoint=route.name) for route in _ROUTES)
    return Map(rules, strict_slashes=True, merge_slashes=False)
