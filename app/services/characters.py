"""The characters' own pages: what they carry, with what it counts; loadouts, ranks, titles, and what is played."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.inventory.arrange import CharacterStore, OwnedItem
from app.inventory.buckets import Group
from app.inventory.definitions import RecordDefinition, SeasonPassDefinition
from app.inventory.items import Item, Objective
from app.inventory.profile import Character, Loadout
from app.manifest.plans import ACTIVITY, ITEM, OBJECTIVE
from app.manifest.resolved import ResolvedDefinitions
from app.services.naming import NamesThings
from app.services.vault import VaultSnapshot

Progress = Mapping[Item, tuple[Objective, ...] | None]
Wanted = dict[str, set[int]]


@dataclass(frozen=True, slots=True)
class Company:
    """What the pages of all characters tell beside their items, by character id where it is of one of them.

    `loadouts` None = Bungie did not send them. `gilded`: how often the title that a character wears was gilded.
    `season_rank` None = not said. `definitions` name what is played; all else is named by those of the snapshot.
    """

    loadouts: Mapping[str, tuple[Loadout, ...] | None]
    gilded: Mapping[str, int]
    season_rank: int | None
    definitions: ResolvedDefinitions


@dataclass(frozen=True, slots=True)
class CharacterDetails:
    """What one character's page tells beside that.

    `progress` has every quest and bounty that is shown; None = Bungie did not say how far it is. The company's
    definitions then also name what is counted, and the lines that quest steps belong to.
    """

    character_id: str
    company: Company
    progress: Progress

    @property
    def definitions(self) -> ResolvedDefinitions:
        return self.company.definitions


class CharacterService:
    def __init__(self, definitions: NamesThings) -> None:
        self._definitions = definitions

    def compare(self, snapshot: VaultSnapshot, locale: str) -> Company:
        return self._company(snapshot, locale, {})

    def tell(self, snapshot: VaultSnapshot, locale: str, character_id: str) -> CharacterDetails | None:
        """None for what is no character of the viewer's."""
        store = snapshot.inventory.character(character_id)
        if store is None:
            return None
        pursuits = tuple(_pursuits(store))
        progress = {owned.item: snapshot.details.item(owned.item).objectives for owned in pursuits}
        company = self._company(snapshot, locale, _wanted(pursuits, progress))
        return CharacterDetails(character_id, company, progress)

    def _company(self, snapshot: VaultSnapshot, locale: str, wanted: Wanted) -> Company:
        characters = [store.character for store in snapshot.inventory.characters]
        played = {each.activity.hash for each in characters if each.activity}
        return Company(
            {each.id: snapshot.details.loadouts(each.id) for each in characters},
            {each.id: _times_gilded(snapshot, each) for each in characters},
            _season_rank(snapshot, characters),
            self._definitions.resolve(locale, {**wanted, ACTIVITY: played}),
        )


def _times_gilded(snapshot: VaultSnapshot, character: Character) -> int:
    """The game counts it in a record of its own."""
    title = snapshot.definitions.find(RecordDefinition, character.title_record_hash)
    if title is None or not title.gilding_hash:
        return 0
    records = (snapshot.details.record(title.gilding_hash, owner) for owner in ("", character.id))
    return max((record.completed_count for record in records if record), default=0)


def _season_rank(snapshot: VaultSnapshot, characters: Iterable[Character]) -> int | None:
    """Past its last reward a season pass goes on counting in a second progression; all characters have the same."""
    ticket = snapshot.definitions.find(SeasonPassDefinition, snapshot.account.season_pass_hash)
    for character in characters if ticket else ():
        ranks = snapshot.details.progressions(character.id) or {}
        if ticket and ticket.reward_hash in ranks:
            more = ranks.get(ticket.prestige_hash)
            return ranks[ticket.reward_hash].level + (more.level if more else 0)
    return None


def _pursuits(store: CharacterStore) -> Iterator[OwnedItem]:
    return (owned for section in store.sections if section.group is Group.QUESTS for owned in section.items)


def _wanted(pursuits: Iterable[OwnedItem], progress: Progress) -> Wanted:
    counted = (each.hash for objectives in progress.values() for each in objectives or ())
    lines = (owned.definition.quest_hash for owned in pursuits if owned.definition)
    return {ITEM: set(lines) - {0}, OBJECTIVE: set(counted) - {0}}
