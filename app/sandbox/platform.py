"""The small endpoints below /Platform: settings, alerts, locales, the manifest index, single definitions."""

from werkzeug.wrappers import Response

from app.sandbox.call import Call, timestamp
from app.sandbox.envelope import BungieError, Json, success

_SYSTEMS = ("Destiny2", "D2Profiles", "D2Characters", "D2Manifest", "D2ItemActions", "D2Vendors", "D2Rewards")
_LOCALES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "es-mx": "Español (México)",
    "de": "Deutsch",
    "it": "Italiano",
    "ja": "日本語",
    "pt-br": "Português (Brasil)",
    "ru": "Русский",
    "pl": "Polski",
    "ko": "한국어",
    "zh-cht": "繁體中文",
    "zh-chs": "简体中文",
}
_RED = 3


def settings(call: Call) -> Response:
    """Settings: which systems are on, and the season that runs."""
    is_on = not call.state.faults.maintenance
    systems = {name: {"enabled": is_on, "parameters": {}} for name in _SYSTEMS}
    core: Json = {
        "currentSeasonHash": _season_of(call),
        "undiscoveredCollectibleImage": "/img/misc/missing_icon_d2.png",
        "currentRankProgressionHashes": [],
        "insertPlugFreeProtectedPlugItemHashes": [],
        "insertPlugFreeBlockedSocketTypeHashes": [],
        "inventoryItemConstantsHash": 1,
    }
    return success({"environment": "sandbox", "systems": systems, "destiny2CoreSettings": core})


def alerts(call: Call) -> Response:
    text = call.state.faults.alert
    if not text:
        return success([])
    alert: Json = {
        "AlertKey": "sandbox",
        "AlertHtml": text,
        "AlertTimestamp": timestamp(call.state.clock()),
        "AlertLink": "https://help.bungie.net/",
        "AlertLevel": _RED,
        "AlertType": 0,
    }
    return success([alert])


def locales(_call: Call) -> Response:
    return success(_LOCALES)


def manifest_index(call: Call) -> Response:
    """The index, without the archives of locales that were told to have none."""
    index = call.state.manifest.index
    hidden = set(call.state.faults.locales_without_archive)
    archives = {name: path for name, path in index["mobileWorldContentPaths"].items() if name not in hidden}
    return success(index | {"mobileWorldContentPaths": archives})


def definition(call: Call) -> Response:
    """One row of one table. A table or hash that does not exist is code 21."""
    found = call.state.definitions.row(call.args["table"], call.args["row_hash"])
    if found is None:
        raise BungieError(21)
    return success(found)


def _season_of(call: Call) -> int:
    """The season that the accounts of this world are in: the newest one that any profile names."""
    profiles = (player.data("profile") or {} for player in call.state.players.values())
    return next((profile["currentSeasonHash"] for profile in profiles if "currentSeasonHash" in profile), 0)
