"""One item that a player owns, with every definition that its page speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from app.bungie.errors import BungieError
from app.inventory.annotations.marks import UNMARKED, Annotations
from app.inventory.arrange import item_hashes
from app.inventory.definitions import ItemDefinition
from app.inventory.duplicates import is_reissue
from app.inventory.items import Item, ItemDetails, Place
from app.inventory.profile import Character, Profile
from app.manifest.plans import ITEM, OBJECTIVE
from app.manifest.resolved import ResolvedDefinitions
from app.services.item_definitions import Wanted, resolve_item
from app.services.moves.truth import MoveTruth, overlaid
from app.services.naming import NamesThings
from app.services.profiles import ProfileService
from app.services.rescue import DefinitionRescue
from app.services.sessions import Viewer

_LONGEST_HASH = 10  # instance ids have 19 digits


@dataclass(frozen=True, slots=True)
class ItemSnapshot:
    """One copy or stack with everything recorded about it. `character` has it; None = the account has."""

    item: Item
    details: ItemDetails
    character: Character | None
    profile: Profile
    definitions: ResolvedDefinitions
    fetched_at: datetime
    trouble: BungieError | None
    annotations: Annotations = UNMARKED


class ItemService:
    def __init__(
        self,
        profiles: ProfileService,
        definitions: NamesThings,
        rescue: DefinitionRescue,
        truth: MoveTruth,
        annotations_of: Callable[[Viewer], Annotations] = lambda _viewer: UNMARKED,
    ) -> None:
        self._profiles = profiles
        self._definitions = definitions
        self._rescue = rescue
        self._truth = truth
        self._annotations_of = annotations_of

    def load(self, viewer: Viewer, item_id: str, locale: str, owner: str = "") -> ItemSnapshot | None:
        """A copy by its instance id, or a stack by its hash: the one that `owner` (a character) has, if that is said.

        None for what the viewer does not own: what belongs to somebody else answers like what nobody has. Raises a
        BungieError only when nothing was ever fetched.
        """
        loaded = self._profiles.load(viewer.account_id or 0, viewer.membership_type, viewer.membership_id, to_show=True)
        found = _find(loaded.profile, item_id, owner)
        if found is None:
            return None
        details = loaded.profile.details.item(found)
        definitions = self._resolve(locale, loaded.profile, found, details)
        profile = overlaid(loaded.profile, definitions, self._truth.recent(viewer.account_id))
        item = _find(profile, item_id, owner) or found
        return ItemSnapshot(
            item=item,
            details=details,
            character=profile.character(item.owner),
            profile=profile,
            definitions=definitions,
            fetched_at=datetime.fromtimestamp(loaded.fetched_at, UTC),
            trouble=loaded.trouble,
            annotations=self._annotations_of(viewer),
        )

    def _resolve(self, locale: str, profile: Profile, item: Item, details: ItemDetails) -> ResolvedDefinitions:
        wanted = _named_by_profile(profile, item, details)
        known: list[Wanted] = []

        def versions(definition: ItemDefinition, _found: ResolvedDefinitions) -> Wanted:
            if not known:
                known.append(self._versions(locale, profile, definition) if definition.is_equippable else {})
            return known[0]

        found = resolve_item(self._definitions, locale, item.hash, wanted, versions)
        if (found.missing or found.degraded) and not found.cut_off:
            self._rescue.ask()
        return found

    def _versions(self, locale: str, profile: Profile, definition: ItemDefinition) -> Wanted:
        """What the game has issued anew is known by its name alone; what memory knows to be something else is not."""
        owned = {ITEM: {each.hash for each in profile.items if each.instance_id}}
        known = self._definitions.remembered(locale, owned).item
        return {ITEM: {each for each in owned[ITEM] if known(each) is None or is_reissue(known(each), definition)}}


def worn(profile: Profile, character_id: str) -> Iterator[Item]:
    """What a character wears."""
    return (each for each in profile.items if each.place is Place.EQUIPPED and each.owner == character_id)


def _find(profile: Profile, item_id: str, owner: str) -> Item | None:
    if len(item_id) > _LONGEST_HASH:
        return profile.item(item_id)
    stacks = [each for each in profile.items if not each.instance_id and str(each.hash) == item_id]
    return next((each for each in stacks if each.owner == owner), None) or next(iter(stacks), None)


def _named_by_profile(profile: Profile, item: Item, details: ItemDetails) -> Wanted:
    items = item_hashes([item, *(each for each in profile.items if each.place is Place.EQUIPPED)])
    items |= {socket.plug_hash for socket in details.sockets or ()}
    items |= {choice.plug_hash for choices in (details.choices or {}).values() for choice in choices}
    objectives = {each.hash for each in details.objectives or ()}
    objectives |= {each.hash for counted in (details.plug_objectives or {}).values() for each in counted}
    objectives |= {each.hash for each in details.shows}
    return {ITEM: items - {0}, OBJECTIVE: objectives - {0}}
