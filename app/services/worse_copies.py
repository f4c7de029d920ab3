"""Which copies of a player's doubles are the worse ones, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.inventory.arrange import Inventory
from app.inventory.duplicates import duplicates
from app.inventory.search.facts import Collection, in_loadouts, subject_of
from app.inventory.search.keyword import Need
from app.inventory.search.narrow import everything
from app.inventory.worse import Worse, standing_of, worse_copies
from app.services.own import OwnAnswers
from app.services.readings import Readings
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot


class WorseCopies:
    def __init__(self, readings: Readings, own: OwnAnswers) -> None:
        self._readings = readings
        self._own = own

    def of(self, viewer: Viewer, snapshot: VaultSnapshot, whole: Inventory, locale: str) -> Mapping[str, Worse]:
        """By instance id the worse ones among the doubles of a snapshot; `whole` is the inventory before a search."""
        facts = self._facts(viewer, replace(snapshot, inventory=whole), locale)
        found: dict[str, Worse] = {}
        for copies in duplicates(snapshot.inventory):
            found |= worse_copies([standing_of(subject_of(owned), facts) for owned in copies.items])
        return found

    def _facts(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str) -> Collection:
        characters = tuple(store.character for store in snapshot.inventory.characters)
        return Collection(
            tuple(everything(snapshot.inventory)),
            characters,
            self._readings.of(snapshot, locale, Need.PLUGS),
            lambda: in_loadouts(characters, snapshot.details),
            own=self._own.of(viewer, snapshot, locale),
        )
