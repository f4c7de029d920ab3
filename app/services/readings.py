"""What sits in the sockets of a player's copies, read once for every profile that is remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from app.inventory.arrange import Inventory
from app.inventory.items import ItemDetails, Objective
from app.inventory.profile import Details
from app.inventory.search.facts import Reading
from app.inventory.search.keyword import Need
from app.inventory.search.narrow import everything
from app.manifest.plans import COLLECTIBLE, ITEM, OBJECTIVE, PLUG_SET
from app.services.naming import NamesThings
from app.services.vault import VaultSnapshot

# Readings are megabytes; somebody who types needs one for as long as a profile is shown.
_MOST_READINGS = 6
# Of one profile: languages, versions and needs of which none serves for another.
_MOST_PURPOSES = 3

Wanted = dict[str, set[int]]


class _Purpose(NamedTuple):
    """What a reading is good for: definitions of this version in this language, for these needs."""

    version: str
    locale: str
    need: Need

    def serves(self, other: _Purpose) -> bool:
        return (self.version, self.locale) == (other.version, other.locale) and other.need in self.need


class Readings:
    """Readings live no longer than the remembered profile that they are of."""

    def __init__(self, definitions: NamesThings) -> None:
        self._definitions = definitions
        self._readings: WeakKeyDictionary[Details, dict[_Purpose, Reading]] = WeakKeyDictionary()
        self._guard = threading.Lock()

    def of(self, snapshot: VaultSnapshot, locale: str, need: Need) -> Reading:
        """The reading of an earlier search of this profile if it serves; making one costs tens of milliseconds."""
        purpose = _Purpose(snapshot.definitions.version, locale, need)
        with self._guard:
            readings = self._readings.get(snapshot.details, {})
            known = next((reading for made_for, reading in readings.items() if made_for.serves(purpose)), None)
        return known or self._read(snapshot, purpose)

    def _read(self, snapshot: VaultSnapshot, purpose: _Purpose) -> Reading:
        details = snapshot.details.copies()
        wanted = _wanted(snapshot.inventory, details, purpose.need)
        definitions = self._definitions.resolve(purpose.locale, wanted)
        reading = Reading(details, definitions)
        # What was read while definitions could not be had would tell less for as long as the profile is remembered.
        if not (definitions.missing or definitions.degraded):
            self._keep(snapshot.details, purpose, reading)
        return reading

    def _keep(self, details: Details, purpose: _Purpose, reading: Reading) -> None:
        """In the place of those that it serves for as well."""
        with self._guard:
            while len(self._readings) >= _MOST_READINGS and details not in self._readings:
                self._readings.pop(next(iter(self._readings)))
            known = self._readings.get(details, {})
            others = [(each, read) for each, read in known.items() if not purpose.serves(each)]
            self._readings[details] = {**dict(others[1 - _MOST_PURPOSES :]), purpose: reading}


def _wanted(inventory: Inventory, details: Mapping[str, ItemDetails], need: Need) -> Wanted:
    """The hashes whose definitions a search needs, by table."""
    wanted: Wanted = {}
    known = [owned.definition for owned in everything(inventory) if owned.definition]
    if Need.PLUGS in need:
        wanted[ITEM] = {plug for each in details.values() for plug in _plugs(each)}
    if Need.COLLECTIBLES in need:
        wanted[COLLECTIBLE] = {each.collectible_hash for each in known if each.collectible_hash}
    if Need.ROLLS in need:
        wanted[PLUG_SET] = {each.random_set_hash for one in known for each in one.sockets if each.random_set_hash}
    if Need.OBJECTIVES in need:
        wanted[OBJECTIVE] = {each.hash for one in details.values() for each in _counted(one)}
    return wanted


def _counted(details: ItemDetails) -> Iterator[Objective]:
    for objectives in (details.plug_objectives or {}).values():
        yield from objectives


def _plugs(details: ItemDetails) -> Iterator[int]:
    for socket in details.sockets or ():
        if socket.plug_hash:
            yield socket.plug_hash
    for choices in (details.choices or {}).values():
        for choice in choices:
            yield choice.plug_hash
