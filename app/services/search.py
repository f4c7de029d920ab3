"""A player's inventory, reduced to what a search asks for. Nothing is asked of Bungie that showing it would not ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from app.inventory.arrange import Inventory, Section
from app.inventory.profile import Details
from app.inventory.search.compile import compile_query, need_of
from app.inventory.search.complete import Vocabulary, completions
from app.inventory.search.errors import SearchError
from app.inventory.search.facts import Collection, in_loadouts, subjects_of
from app.inventory.search.keyword import Need
from app.inventory.search.narrow import everything, narrow
from app.inventory.search.parser import parse
from app.services.own import OwnAnswers
from app.services.readings import Readings
from app.services.sessions import Viewer
from app.services.vault import VaultService, VaultSnapshot


@dataclass(frozen=True, slots=True)
class Found:
    """`snapshot` holds what to show: what was found, or everything where nothing was asked or the search has an error.

    `whole` is the inventory before the search.

    `counts` by store: "vault", "account" (account-wide things and currencies) and character ids.
    """

    snapshot: VaultSnapshot
    whole: Inventory
    text: str = ""
    error: SearchError | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_search(self) -> bool:
        """Whether the snapshot is reduced."""
        return bool(self.text) and self.error is None


class SearchService:
    """`own` tells what the player's own visits and choices say of their items; without it nothing is asked of them."""

    def __init__(self, vault: VaultService, readings: Readings, own: OwnAnswers | None = None) -> None:
        self._vault = vault
        self._readings = readings
        self._own = own

    def load(self, viewer: Viewer, locale: str, text: str) -> Found:
        """What the viewer owns and the text asks for. Raises a BungieError only when nothing was ever fetched."""
        return self._searched(viewer, self._vault.load(viewer, locale), locale, text.strip())

    def look(self, viewer: Viewer, locale: str, text: str, need: Need) -> tuple[Found, Collection]:
        """As `load`, with everything that the viewer owns, read as far as `need` says: for what tells of copies."""
        snapshot = self._vault.load(viewer, locale)
        everything_owned = self.facts(viewer, snapshot, locale, need)
        return self._searched(viewer, snapshot, locale, text.strip()), everything_owned

    def facts(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str, need: Need) -> Collection:
        """Everything of a snapshot, read as far as `need` says: nothing is read where nothing is needed."""
        return self._collection(viewer, snapshot, locale, need)

    def _searched(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str, text: str) -> Found:
        if not text:
            return Found(snapshot, snapshot.inventory)
        try:
            return self._found(viewer, snapshot, locale, text)
        except SearchError as error:
            return Found(snapshot, snapshot.inventory, text, error)

    def complete(self, viewer: Viewer, locale: str, text: str) -> tuple[str, ...]:
        """Whole searches that begin with this one, the likeliest first; item and perk names are the viewer's own."""
        snapshot = self._vault.load(viewer, locale)
        names = {owned.definition.name for owned in everything(snapshot.inventory) if owned.definition}
        return completions(text, Vocabulary(names, lambda: self._perk_names(snapshot, locale), snapshot.annotations))

    def _perk_names(self, snapshot: VaultSnapshot, locale: str) -> set[str]:
        reading = self._readings.of(snapshot, locale, Need.PLUGS)
        subjects = subjects_of(owned for owned in everything(snapshot.inventory) if owned.item.instance_id)
        return {reading.perk(plug).shown for subject in subjects for plug in reading.perks(subject)}

    def _found(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str, text: str) -> Found:
        query = parse(text)
        whole = snapshot.inventory
        facts = self._collection(viewer, snapshot, locale, need_of(query))
        holds = compile_query(query, facts)
        small = narrow(whole, map(holds, facts.subjects))
        return Found(replace(snapshot, inventory=small), whole, text, counts=dict(_counts(small)))

    def _collection(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str, need: Need) -> Collection:
        characters = tuple(store.character for store in snapshot.inventory.characters)
        reading = self._readings.of(snapshot, locale, need) if need else None
        return Collection(
            tuple(everything(snapshot.inventory)),
            characters,
            reading,
            lambda: in_loadouts(characters, snapshot.details),
            partial(_is_done, snapshot.details, tuple(each.id for each in characters)),
            self._own.of(viewer, snapshot, locale) if self._own else None,
        )


def _is_done(details: Details, characters: tuple[str, ...], record_hash: int) -> bool:
    """Whether the account, or any of its characters, has completed a triumph."""
    records = (details.record(record_hash, owner) for owner in ("", *characters))
    return any(record is not None and record.is_complete for record in records)


def _counts(inventory: Inventory) -> Iterator[tuple[str, int]]:
    yield "vault", _size(inventory.vault)
    yield "account", _size(inventory.account) + _size(inventory.currencies)
    for store in inventory.characters:
        yield store.character.id, store.item_count


def _size(sections: Iterable[Section]) -> int:
    return sum(len(section.items) for section in sections)
