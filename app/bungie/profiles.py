"""Bungie's GetProfile -> inventory values. The one place that knows Bungie's field names for what a player owns.

Lenient on purpose: an odd field becomes "not said", an odd entry in a list of items still becomes an item, a
component that is absent is named in `Profile.missing`. Only an answer without any usable shape is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.bungie.details import DETAIL_COMPONENTS, FreshDetails
from app.bungie.errors import BadPayload
from app.bungie.reading import absence_of, as_int, as_list, as_mapping, as_moment, as_text, data_of
from app.inventory.buckets import VAULT
from app.inventory.items import Instance, Item, Place
from app.inventory.profile import Absence, Account, Activity, Character, Profile

# The component lists that hold items; their absence must be told on the page.
ITEM_COMPONENTS = ("profileInventory", "profileCurrencies", "characterInventories", "characterEquipment")
_WHO_OR_WHAT = (*ITEM_COMPONENTS, "characters")
_EXPECTED = (
    *_WHO_OR_WHAT, "profile", "profileProgression", "profileRecords", "characterRecords", "characterProgressions",
    "characterActivities", "characterLoadouts",
)  # fmt: skip
# A NamedTuple's own constructor is a Python function; a profile makes two thousand of them.
_new = tuple.__new__
_EXPECTED_OF_ITEMS = ("instances", *DETAIL_COMPONENTS)


def parse_profile(response: Any) -> Profile:
    """GetProfile -> Profile. Raises BadPayload when the answer holds no item list and no character at all.

    The details keep parts of `response` and read them later, so it must not be changed afterwards.
    """
    body = as_mapping(response)
    present = {name: data for name in _WHO_OR_WHAT if (data := data_of(body, name)) is not None}
    if not present:
        raise BadPayload("a profile without any readable component")
    instances = as_mapping(data_of(as_mapping(body.get("itemComponents")), "instances"))
    activities = as_mapping(data_of(body, "characterActivities"))
    return Profile(
        characters=_characters(present, activities),
        items=tuple(_items(present, instances)),
        missing=_missing(body),
        minted_at=as_moment(body.get("responseMintedTimestamp")),
        account=_account(body, activities),
        details=FreshDetails(body),
    )


def _missing(body: Mapping[str, Any]) -> dict[str, Absence]:
    components = as_mapping(body.get("itemComponents"))
    found = {name: absence_of(body, name) for name in _EXPECTED}
    found |= {f"itemComponents.{name}": absence_of(components, name) for name in _EXPECTED_OF_ITEMS}
    return {name: absence for name, absence in found.items() if absence}


def _account(body: Mapping[str, Any], activities: Mapping[str, Any]) -> Account:
    told = as_mapping(data_of(body, "profile"))
    artifact = as_mapping(as_mapping(data_of(body, "profileProgression")).get("seasonalArtifact"))
    return Account(
        last_played=as_moment(told.get("dateLastPlayed")),
        # Transitory data exist only while somebody is in the game.
        is_playing=bool(data_of(body, "profileTransitoryData")) or any(map(_activity, activities.values())),
        guardian_rank=as_int(told.get("currentGuardianRank")),
        best_guardian_rank=as_int(told.get("lifetimeHighestGuardianRank")),
        season_pass_hash=as_int(told.get("currentSeasonPassHash")),
        artifact_power=as_int(artifact.get("powerBonus")),
    )


def _activity(raw: Any) -> Activity | None:
    told = as_mapping(raw)
    activity_hash = as_int(told.get("currentActivityHash"))
    if not activity_hash:
        return None
    return Activity(
        activity_hash, as_int(told.get("currentActivityModeHash")), as_moment(told.get("dateActivityStarted"))
    )


def _items(present: Mapping[str, Any], instances: Mapping[str, Any]) -> Iterator[Item]:
    in_vault, for_all = Place.VAULT, Place.ACCOUNT
    for entry in _entries(present.get("profileInventory")):
        place = in_vault if entry.get("bucketHash") == VAULT else for_all
        yield _item(entry, place, "", instances)
    for entry in _entries(present.get("profileCurrencies")):
        yield _item(entry, Place.CURRENCY, "", instances)
    for component, place in (("characterInventories", Place.CARRIED), ("characterEquipment", Place.EQUIPPED)):
        for character_id, inventory in as_mapping(present.get(component)).items():
            for entry in _entries(inventory):
                yield _item(entry, place, character_id, instances)


def _entries(inventory: Any) -> Iterator[Mapping[str, Any]]:
    for entry in as_list(as_mapping(inventory).get("items")):
        if isinstance(entry, dict):
            yield entry


def _item(entry: Mapping[str, Any], place: Place, owner: str, instances: Mapping[str, Any]) -> Item:
    get = entry.get
    instance_id = get("itemInstanceId")
    if type(instance_id) is not str:
        instance_id = as_text(instance_id)
    if instance_id == "0":
        instance_id = ""
    raw = instances.get(instance_id) if instance_id else None
    fields = (
        as_int(get("itemHash")),
        instance_id,
        as_int(get("quantity"), 1),
        as_int(get("bucketHash")),
        place,
        owner,
        as_int(get("state")),
        as_int(get("transferStatus")),
        as_int(get("versionNumber"), -1),
        as_int(get("overrideStyleItemHash")),
        as_moment(ends) if (ends := get("expirationDate")) else "",
        bool(get("lockable")),
        read_instance(raw) if isinstance(raw, dict) else None,
        tuple(map(as_int, as_list(told))) if (told := get("tooltipNotificationIndexes")) else (),
    )
    return _new(Item, fields)


def read_instance(raw: Mapping[str, Any]) -> Instance:
    """One row of component 300."""
    get = raw.get
    primary, energy = get("primaryStat"), get("energy")
    if not isinstance(primary, dict):
        primary = {}
    if not isinstance(energy, dict):
        energy = {}
    fields = (
        as_int(primary.get("statHash")),
        as_int(primary.get("value")),
        as_int(get("itemLevel")),
        as_int(get("quality")),
        as_int(get("damageType")),
        as_int(get("gearTier")),
        as_int(energy.get("energyCapacity")),
        as_int(energy.get("energyUsed")),
        as_int(get("breakerType")),
    )
    return _new(Instance, fields)


def _characters(present: Mapping[str, Any], activities: Mapping[str, Any]) -> tuple[Character, ...]:
    """Every character that any component names, the last played first; ids alone when nothing else was sent."""
    known = as_mapping(present.get("characters"))
    ids = dict.fromkeys(known)
    for component in ("characterInventories", "characterEquipment"):
        ids |= dict.fromkeys(as_mapping(present.get(component)))
    characters = [
        _character(character_id, as_mapping(known.get(character_id)), _activity(activities.get(character_id)))
        for character_id in ids
    ]
    return tuple(sorted(characters, key=lambda each: (each.last_played, each.id), reverse=True))


def _character(character_id: str, raw: Mapping[str, Any], activity: Activity | None) -> Character:
    get = raw.get
    light, color = get("light"), as_mapping(get("emblemColor"))
    return Character(
        id=character_id,
        class_type=as_int(get("classType"), 3),
        class_hash=as_int(get("classHash")),
        race_hash=as_int(get("raceHash")),
        gender_hash=as_int(get("genderHash")),
        light=light if isinstance(light, int) else None,
        emblem_hash=as_int(get("emblemHash")),
        emblem_icon=as_text(get("emblemPath")),
        emblem_banner=as_text(get("emblemBackgroundPath")),
        emblem_color=(as_int(color["red"]), as_int(color["green"]), as_int(color["blue"]))
        if color.keys() >= {"red", "green", "blue"}
        else None,
        last_played=as_moment(get("dateLastPlayed")),
        minutes_played=as_int(get("minutesPlayedTotal")),
        minutes_this_session=as_int(get("minutesPlayedThisSession")),
        title_record_hash=as_int(get("titleRecordHash")),
        stats={as_int(key): as_int(value) for key, value in as_mapping(get("stats")).items()},
        activity=activity,
    )
