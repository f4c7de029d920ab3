"""The GetProfile answers of the demo's players, component by component."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.sandbox.demo import ranks
from app.sandbox.demo.art import Gallery
from app.sandbox.demo.blocks import ARMOR_STAT_HASHES, collectible_hash, plug_set_hash, plugs_for
from app.sandbox.demo.catalogue import catalogue, of_kind
from app.sandbox.demo.deeds import counted, record_states
from app.sandbox.demo.guardian import Character
from app.sandbox.demo.hoard import Hoard
from app.sandbox.demo.loadouts import loadouts
from app.sandbox.demo.numbers import SEASON_PASS, TITLE_RECORD
from app.sandbox.demo.tables import table
from app.sandbox.envelope import Json

_PUBLIC, _PRIVATE = 1, 2
_CLASS_HASHES = (3655393761, 671679327, 2271682572)
_RACES = ((3887404748, 0), (2803282938, 1), (898834093, 2))
_GENDERS = ((3111576190, 0), (2204441813, 1))
_CURRENT_SEASON = 2758726560
_POWER = 1935470627
_LEVEL: Json = {
    "progressionHash": 1716568313,
    "dailyProgress": 0,
    "dailyLimit": 0,
    "weeklyProgress": 0,
    "weeklyLimit": 0,
    "currentProgress": 0,
    "level": 50,
    "levelCap": 50,
    "stepIndex": 50,
    "progressToNextLevel": 0,
    "nextLevelAt": 0,
}
_ITEM_COMPONENTS = ("instances", "objectives", "perks", "stats", "sockets", "plugObjectives", "reusablePlugs")


def profile_answer(card: Json, hoard: Hoard, characters: Sequence[Character], currencies: Mapping[int, int]) -> Json:
    """Everything that can be asked for, with the privacy that Bungie gives it."""
    return {
        "profileInventory": _hidden({"items": hoard.vault}),
        "profileCurrencies": _hidden({"items": [_currency(*each) for each in currencies.items()]}),
        "profile": _shown(_profile(card, hoard, characters)),
        "platformSilver": _hidden({"platformSilver": {"TigerSteam": _currency(3147280338, 400)}}),
        "profilePlugSets": _shown({"plugs": {str(plug_set_hash("shader")): _set_plugs("shader")}}),
        "profileProgression": _hidden({"checklists": {}, "seasonalArtifact": ranks.artifact()}),
        "profileRecords": _shown({"score": 1200, "activeScore": 900, "lifetimeScore": 1200, "records": _records()}),
        "profileCollectibles": _shown({"collectibles": _collectibles()}),
        "profileStringVariables": _hidden({"integerValuesByHash": {"1831852473": 3}}),
        "characters": _shown({each.id: _character(card, hoard, each) for each in characters}),
        "characterInventories": _hidden({each.id: {"items": hoard.carried.get(each.id, [])} for each in characters}),
        "characterEquipment": _shown({each.id: {"items": hoard.worn.get(each.id, [])} for each in characters}),
        "characterProgressions": _hidden({each.id: _progressions(hoard, each) for each in characters}),
        "characterActivities": _hidden({each.id: _activity(hoard, each) for each in characters}),
        "characterLoadouts": _hidden({each.id: {"loadouts": loadouts(hoard, each)} for each in characters}),
        "characterPlugSets": _shown({each.id: {"plugs": {}} for each in characters}),
        "characterStringVariables": _hidden({each.id: {"integerValuesByHash": {}} for each in characters}),
        "characterCurrencyLookups": _hidden({each.id: _lookup(currencies) for each in characters}),
        "itemComponents": {name: _hidden(hoard.components.get(name, {})) for name in _ITEM_COMPONENTS}
        | {"plugStates": _hidden({str(plug): _plug_state(plug) for plug in plugs_for("mod")})},
    }


def _shown(data: Json) -> Json:
    return {"data": data, "privacy": _PUBLIC}


def _hidden(data: Json) -> Json:
    return {"data": data, "privacy": _PRIVATE}


def _profile(card: Json, hoard: Hoard, characters: Sequence[Character]) -> Json:
    return {
        "userInfo": card,
        "dateLastPlayed": _minutes_ago(hoard, 25),
        "versionsOwned": 8191,
        "characterIds": [each.id for each in characters],
        "seasonHashes": [int(row["hash"]) for row in table("seasons") if int(row["number"]) > 7],
        "seasonPassHashes": [SEASON_PASS],
        "eventCardHashesOwned": [],
        "currentSeasonHash": _CURRENT_SEASON,
        "currentSeasonPassHash": SEASON_PASS,
        "currentSeasonRewardPowerCap": 550,
        "currentGuardianRank": ranks.GUARDIAN_RANK,
        "lifetimeHighestGuardianRank": ranks.BEST_RANK,
        "renewedGuardianRank": 0,
    }


def _character(card: Json, hoard: Hoard, character: Character) -> Json:
    worn = hoard.worn[character.id]
    emblem = next(item for item in worn if item["bucketHash"] == 4274335291)
    model, gallery = catalogue()[emblem["itemHash"]], Gallery()
    light = hoard.power_of(worn)
    race_hash, race_type = _RACES[character.number]
    gender_hash, gender_type = _GENDERS[character.number % 2]
    return {
        "membershipId": card["membershipId"],
        "membershipType": card["membershipType"],
        "characterId": character.id,
        "dateLastPlayed": _minutes_ago(hoard, 25 + 1500 * character.number),
        "minutesPlayedThisSession": "41",
        "minutesPlayedTotal": str(9000 - 2500 * character.number),
        "light": light,
        "stats": {str(_POWER): light} | _worn_stats(hoard, worn),
        "raceHash": race_hash,
        "genderHash": gender_hash,
        "classHash": _CLASS_HASHES[character.number],
        "raceType": race_type,
        "classType": character.number,
        "genderType": gender_type,
        "emblemPath": gallery.item_icon(model),
        "emblemBackgroundPath": gallery.banner(model),
        "emblemHash": model.hash,
        "emblemColor": {"red": 40 + 30 * character.number, "green": 30, "blue": 60, "alpha": 255},
        "levelProgression": _LEVEL,
        "baseCharacterLevel": 50,
        "percentToNextLevel": 0.0,
    } | ({"titleRecordHash": TITLE_RECORD} if character.number == 0 else {})


def _worn_stats(hoard: Hoard, worn: Sequence[Json]) -> Json:
    rows = [hoard.components["stats"].get(item["itemInstanceId"], {"stats": {}})["stats"] for item in worn]
    return {str(stat): sum(row.get(str(stat), {"value": 0})["value"] for row in rows) for stat in ARMOR_STAT_HASHES}


def _progressions(hoard: Hoard, character: Character) -> Json:
    """Progress of quest steps that have no instance, and the character's level."""
    loose = [item for item in hoard.carried[character.id] if "itemInstanceId" not in item]
    pursuits = {model.hash: model for model in of_kind("quest", "bounty")}
    steps = {
        str(item["itemHash"]): counted(pursuits[item["itemHash"]], index + 3 * character.number)
        for index, item in enumerate(loose)
        if item["itemHash"] in pursuits
    }
    empty: Json = {"factions": {}, "milestones": {}, "quests": [], "uninstancedItemPerks": {}, "checklists": {}}
    return {
        "progressions": {"1716568313": _LEVEL} | ranks.season_progressions(),
        "uninstancedItemObjectives": steps,
    } | empty


def _activity(hoard: Hoard, character: Character) -> Json:
    """One of them plays a strike, the others are not played."""
    is_played = character.number == 0
    return {
        "dateActivityStarted": _minutes_ago(hoard, 24 if is_played else 3000),
        "availableActivities": [],
    } | ranks.activity(is_played=is_played)


def _lookup(currencies: Mapping[int, int]) -> Json:
    return {"itemQuantities": {str(each): amount for each, amount in currencies.items()}}


def _currency(item_hash: int, quantity: int) -> Json:
    return {
        "itemHash": item_hash,
        "quantity": quantity,
        "bindStatus": 0,
        "location": 1,
        "bucketHash": catalogue()[item_hash].bucket,
        "transferStatus": 2,
        "lockable": False,
        "state": 0,
        "dismantlePermission": 0,
        "isWrapper": False,
        "tooltipNotificationIndexes": [],
        "metricObjective": {"objectiveHash": 0, "complete": False, "visible": False},
    }


def _set_plugs(kind: str) -> list[Json]:
    return [{"plugItemHash": plug, "canInsert": True, "enabled": True} for plug in plugs_for(kind)]


def _plug_state(plug: int) -> Json:
    return {"plugItemHash": plug, "canInsert": True, "enabled": True}


def _records() -> Json:
    return ranks.title_states() | record_states()


def _collectibles() -> Json:
    exotics = [
        model for model in catalogue().values() if model.tier == "exotic" and (model.is_weapon or model.is_armor)
    ]
    return {str(collectible_hash(model)): {"state": 0} for model in exotics}


def _minutes_ago(hoard: Hoard, minutes: int) -> str:
    return (hoard.now - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
