"""The characters' own pages: what they carry with what it counts, their loadouts, and who is playing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.inventory.arrange import CharacterStore, OwnedItem
from app.inventory.buckets import Group
from app.inventory.items import Item, Objective
from app.inventory.profile import Loadout
from app.manifest.plans import ITEM, OBJECTIVE
from app.manifest.resolved import ResolvedDefinitions
from app.services.naming import NamesThings
from app.services.vault import VaultSnapshot

Progress = Mapping[Item, tuple[Objective, ...] | None]


@dataclass(frozen=True, slots=True)
class CharacterDetails:
    """What a character's page tells beside its items. `loadouts` None = Bungie did not send them.

    `progress` has every quest and bounty that is shown; None = Bungie did not say how far it is. `definitions` name
    what is counted and the lines that quest steps belong to; all else is named by those of the snapshot.
    """

    character_id: str
    loadouts: tuple[Loadout, ...] | None
    progress: Progress
    definitions: ResolvedDefinitions


class CharacterService:
    def __init__(self, definitions: NamesThings) -> None:
        self._definitions = definitions

    def compare(self, snapshot: VaultSnapshot) -> Mapping[str, tuple[Loadout, ...] | None]:
        """The in-game loadouts of all characters by id; None = Bungie did not send them."""
        ids = (store.character.id for store in snapshot.inventory.characters)
        return {each: snapshot.details.loadouts(each) for each in ids}

    def tell(self, snapshot: VaultSnapshot, locale: str, character_id: str) -> CharacterDetails | None:
        """None for what is no character of the viewer's."""
        store = snapshot.inventory.character(character_id)
        if store is None:
            return None
        pursuits = tuple(_pursuits(store))
        progress = {owned.item: snapshot.details.item(owned.item).objectives for owned in pursuits}
        definitions = self._definitions.resolve(locale, _wanted(pursuits, progress))
        return CharacterDetails(character_id, snapshot.details.loadouts(character_id), progress, definitions)


def _pursuits(store: CharacterStore) -> Iterator[OwnedItem]:
    return (owned for section in store.sections if section.group is Group.QUESTS for owned in section.items)


def _wanted(pursuits: Iterable[OwnedItem], progress: Progress) -> dict[str, set[int]]:
    counted = (each.hash for objectives in progress.values() for each in objectives or ())
    lines = (owned.definition.quest_hash for owned in pursuits if owned.definition)
    return {ITEM: set(lines) - {0}, OBJECTIVE: set(counted) - {0}}
