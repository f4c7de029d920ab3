"""The demo's in-game loadouts: one that is worn, one with pieces in the vault, one with a piece that is gone."""

from collections.abc import Iterable, Sequence
from itertools import islice

from app.sandbox.demo.art import Gallery
from app.sandbox.demo.catalogue import ARMOR_KINDS, WEAPON_BUCKETS, catalogue, of_kind
from app.sandbox.demo.guardian import Character
from app.sandbox.demo.hoard import Hoard
from app.sandbox.demo.words import Words
from app.sandbox.drawing import Picture
from app.sandbox.envelope import Json
from app.sandbox.player import POSTMASTER

NO_PLUG = 2166136261
_SLOTS = 10
_GONE = "6917529100999999999"
_NAMES = {1693821586: "Raid", 1693821587: "Strikes", 1693821588: "Duels"}
_ICONS = {2681395357: "hand-cannon", 2681395358: "sword", 2681395359: "bow"}
_COLORS = {3871954967: "exotic", 3871954968: "legendary", 3871954969: "rare"}


def tables(say: Words, gallery: Gallery) -> dict[str, list[Json]]:
    """What loadouts may be called, and what they may look like."""
    icons, colors = _ICONS.items(), _COLORS.items()
    return {
        "LoadoutName": [_row(each) | {"name": say(name)} for each, name in _NAMES.items()],
        "LoadoutIcon": [_row(each) | {"iconImagePath": gallery.hang(Picture(shape))} for each, shape in icons],
        "LoadoutColor": [
            _row(each) | {"colorImagePath": gallery.hang(Picture("plain", ground), "jpg")} for each, ground in colors
        ],
    }


def loadouts(hoard: Hoard, character: Character) -> list[Json]:
    """Three that are saved, and empty slots as Bungie lists them."""
    worn = [item["itemInstanceId"] for item in hoard.worn[character.id]][:8]
    saved = [worn, _from_the_vault(hoard, character), [*_carried(hoard, character), _GONE]]
    empty = {"colorHash": NO_PLUG, "iconHash": NO_PLUG, "nameHash": NO_PLUG, "items": []}
    used = [_loadout(index, pieces) for index, pieces in enumerate(saved) if pieces != [_GONE]]
    return [*used, *[empty] * (_SLOTS - len(used))]


def _from_the_vault(hoard: Hoard, character: Character) -> list[str]:
    """A weapon of each kind and a helmet that lie there."""
    armor = {model.hash for kind in ARMOR_KINDS for model in of_kind(kind) if model.class_type == character.number}
    return _first_of_each([*WEAPON_BUCKETS.values()], hoard.vault) + list(
        islice((item["itemInstanceId"] for item in hoard.vault if item["itemHash"] in armor), 1)
    )


def _carried(hoard: Hoard, character: Character) -> list[str]:
    mine = [item for item in hoard.carried.get(character.id, ()) if item["bucketHash"] != POSTMASTER]
    return _first_of_each([*WEAPON_BUCKETS.values()], mine)


def _first_of_each(buckets: Sequence[int], items: Iterable[Json]) -> list[str]:
    found: dict[int, str] = {}
    for item in items:
        model = catalogue().get(item["itemHash"])
        if model and "itemInstanceId" in item and model.bucket in buckets:
            found.setdefault(model.bucket, item["itemInstanceId"])
    return list(found.values())


def _loadout(index: int, pieces: Sequence[str]) -> Json:
    names, icons, colors = list(_NAMES), list(_ICONS), list(_COLORS)
    items = [{"itemInstanceId": each, "plugItemHashes": [NO_PLUG]} for each in pieces]
    return {"colorHash": colors[index], "iconHash": icons[index], "nameHash": names[index], "items": items}


def _row(row_hash: int) -> Json:
    return {"hash": row_hash, "redacted": False, "blacklisted": False}
