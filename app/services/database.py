"""Every definition of the game for everybody: finding them, and one of them with everything it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.bungie.errors import BungieError
from app.inventory.definition_search import is_answered, meaning_of
from app.inventory.definitions import ItemDefinition
from app.inventory.duplicates import is_reissue
from app.inventory.finder import Finder, Found, Question
from app.inventory.profile import Profile
from app.inventory.references import ItemSetDefinition
from app.inventory.search.complete import Vocabulary, completions
from app.inventory.search.errors import SearchError
from app.manifest.finding import FinderStore
from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.services.item_definitions import Wanted, resolve_item, socket_plugs
from app.services.moves.truth import MoveTruth, overlaid
from app.services.naming import NamesThings
from app.services.profiles import ProfileService
from app.services.rescue import DefinitionRescue
from app.services.sessions import Viewer

PAGE_SIZE = 60
_MOST_HASH = 2**32
_MOST_NAMESAKES = 40
_SEASONS = "DestinySeasonDefinition"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of finds, counted from 1. `finder` is None while there is no index: then nothing can be found.

    `error` is what is wrong with the search; then nothing is found either.
    """

    question: Question
    number: int
    found: Found
    finder: Finder | None
    definitions: ResolvedDefinitions
    error: SearchError | None = None

    @property
    def pages(self) -> int:
        return max(1, -(-self.found.total // PAGE_SIZE))

    def season_names(self) -> dict[int, str]:
        """The names of all seasons by their numbers."""
        return {each.number: each.name for each in self.definitions.every_named(_SEASONS)}


@dataclass(frozen=True, slots=True)
class DefinitionSnapshot:
    """One item as the game defines it. `profile` is the viewer's, None for who has none; `trouble`: why it is not new.

    `definition` is None where the definitions do not know the hash. `versions` are the same gear, issued another time.
    """

    hash: int
    definition: ItemDefinition | None
    definitions: ResolvedDefinitions
    versions: tuple[ItemDefinition, ...] = ()
    profile: Profile | None = None
    trouble: BungieError | None = None


class DatabaseService:
    def __init__(
        self,
        finders: FinderStore,
        definitions: NamesThings,
        rescue: DefinitionRescue,
        profiles: ProfileService,
        truth: MoveTruth,
    ) -> None:
        self._finders = finders
        self._definitions = definitions
        self._rescue = rescue
        self._profiles = profiles
        self._truth = truth

    def find(self, locale: str, question: Question, number: int = 1) -> FoundPage:
        """A page of finds; one beyond the last is the last."""
        page = self._find(locale, question, number)
        if page.finder is not self._finders.finder(locale):  # a switch came between the index and the definitions
            page = self._find(locale, question, number)
        self._mend(page.definitions)
        return page

    def _find(self, locale: str, question: Question, number: int) -> FoundPage:
        finder, found, error = self._finders.finder(locale), Found(0, ()), None
        if finder:
            try:
                number, found = _page(finder, question, number)
            except SearchError as wrong:
                error = wrong
        definitions = self._definitions.resolve(locale, {ITEM: set(found.hashes)})
        return FoundPage(question, number, found, finder, definitions, error)

    def state(self, locale: str) -> ResolvedDefinitions:
        """How our item data is doing, for pages that need nothing else of it: only the small tables are in it."""
        definitions = self._definitions.resolve(locale, {})
        self._mend(definitions)
        return definitions

    def names(self, locale: str, text: str, most: int) -> tuple[str, ...]:
        """Names of what is found by these words or their beginnings, the best first, each once."""
        finder = self._finders.finder(locale)
        hashes = finder.find(Question(text), count=PAGE_SIZE).hashes if finder else ()
        definitions = self._definitions.resolve(locale, {ITEM: set(hashes)})
        self._mend(definitions)
        known = (definitions.item(each) for each in hashes)
        return tuple(dict.fromkeys(each.name for each in known if each and each.name))[:most]

    def complete(self, locale: str, text: str, most: int) -> tuple[str, ...]:
        """Names as `names` has them; behind a colon what a keyword takes, of those that definitions can answer."""
        head, colon, typed = text.rpartition(":")
        if not colon or head[-1:].isspace() or " " in typed.strip():
            return self.names(locale, text, most)
        names = self.names(locale, typed.strip("\"'"), most) if typed else ()
        return completions(text, Vocabulary(names, takes=is_answered))[:most]

    def look_up(self, locale: str, item_hash: int, viewer: Viewer | None) -> DefinitionSnapshot:
        """One definition, and the viewer's profile if there is one: its lack is no reason not to tell the rest."""
        if not 0 < item_hash < _MOST_HASH:
            return DefinitionSnapshot(item_hash, None, self._definitions.resolve(locale, {}))
        definitions = self._resolve(locale, item_hash)
        self._mend(definitions)
        definition = definitions.item(item_hash)
        if definition is None:
            return DefinitionSnapshot(item_hash, None, definitions)
        found = DefinitionSnapshot(item_hash, definition, definitions, self._versions(locale, definition, definitions))
        if viewer is None or not viewer.has_vault:
            return found
        profile, trouble = self._profile(viewer, definitions)
        return replace(found, profile=profile, trouble=trouble)

    def _versions(
        self, locale: str, definition: ItemDefinition, definitions: ResolvedDefinitions
    ) -> tuple[ItemDefinition, ...]:
        namesakes = (definitions.item(each) for each in self._namesakes(locale, definition) if each != definition.hash)
        return tuple(each for each in namesakes if each and is_reissue(each, definition))

    def _resolve(self, locale: str, item_hash: int) -> ResolvedDefinitions:
        def listed(definition: ItemDefinition, found: ResolvedDefinitions) -> Wanted:
            item_set = found.find(ItemSetDefinition, definition.set_hash)
            pieces = item_set.item_hashes if item_set else ()
            return {ITEM: {*socket_plugs(definition), *pieces, *self._namesakes(locale, definition)}}

        return resolve_item(self._definitions, locale, item_hash, {ITEM: {item_hash}}, listed)

    def _namesakes(self, locale: str, definition: ItemDefinition) -> tuple[int, ...]:
        """Among them are the other versions of gear that the game has issued anew."""
        finder = self._finders.finder(locale) if definition.is_equippable else None
        return finder.named(definition.name, _MOST_NAMESAKES) if finder else ()

    def _profile(self, viewer: Viewer, definitions: ResolvedDefinitions) -> tuple[Profile | None, BungieError | None]:
        try:
            loaded = self._profiles.load(
                viewer.account_id or 0, viewer.membership_type, viewer.membership_id, to_show=True
            )
        except BungieError as error:
            return None, error
        return overlaid(loaded.profile, definitions, self._truth.recent(viewer.account_id)), loaded.trouble

    def _mend(self, definitions: ResolvedDefinitions) -> None:
        if (definitions.missing or definitions.degraded) and not definitions.cut_off:
            self._rescue.ask()


def _page(finder: Finder, question: Question, number: int) -> tuple[int, Found]:
    """The number of the page that answers, and its finds. Raises SearchError."""
    words, among = meaning_of(question.text, finder)
    asked = question._replace(text=words)
    found = finder.find(asked, (number - 1) * PAGE_SIZE, PAGE_SIZE, among)
    last = max(1, -(-found.total // PAGE_SIZE))
    if number > last:
        number, found = last, finder.find(asked, (last - 1) * PAGE_SIZE, PAGE_SIZE, among)
    return number, found
