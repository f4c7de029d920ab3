"""The player's whole inventory, ready to be shown: profile joined with definitions, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.bungie.errors import BungieError
from app.inventory.annotations.marks import UNMARKED, Annotations
from app.inventory.arrange import Inventory, arrange, item_hashes
from app.inventory.definitions import Definitions
from app.inventory.items import Item
from app.inventory.profile import Account, Details, Profile
from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.services.moves.truth import MoveTruth, overlaid
from app.services.naming import NamesThings
from app.services.profiles import LoadedProfile, ProfileService
from app.services.rescue import DefinitionRescue
from app.services.sessions import Viewer

# Whoever asks for newer data than this is clicking twice.
JUST_FETCHED_S = 0.8


@dataclass(frozen=True, slots=True)
class VaultSnapshot:
    """An inventory with the definitions that name it, when Bungie sent it, and why it is not newer.

    `annotations` is what the player says of their items.
    """

    inventory: Inventory
    definitions: ResolvedDefinitions
    fetched_at: datetime
    trouble: BungieError | None
    details: Details  # what sits in sockets, for whoever looks there
    account: Account = field(default_factory=Account)
    annotations: Annotations = UNMARKED


class VaultService:
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

    def load(self, viewer: Viewer, locale: str) -> VaultSnapshot:
        """Everything the viewer owns. Raises a BungieError only when nothing was ever fetched."""
        loaded = self._load(viewer)
        definitions = self._resolve(locale, _wanted(loaded.profile, loaded.profile.items))
        said = self._annotations_of(viewer)
        inventory = arrange(self._with_moves(viewer, loaded.profile, definitions), definitions, said.tags)
        moment, profile = _moment(loaded.fetched_at), loaded.profile
        return VaultSnapshot(inventory, definitions, moment, loaded.trouble, profile.details, profile.account, said)

    def refresh(self, viewer: Viewer) -> BungieError | None:
        """Asks Bungie now, so that the next page shows what it says; the trouble with that, or None.

        Raises a BungieError only when nothing was ever fetched.
        """
        account_id = viewer.account_id or 0
        return self._profiles.load(account_id, viewer.membership_type, viewer.membership_id, JUST_FETCHED_S).trouble

    def _with_moves(self, viewer: Viewer, profile: Profile, definitions: Definitions) -> Profile:
        """What the game has done for the player since Bungie minted this answer."""
        recent = self._truth.recent(viewer.account_id)
        return overlaid(profile, definitions, recent) if recent else profile

    def _resolve(self, locale: str, wanted: dict[str, set[int]]) -> ResolvedDefinitions:
        definitions = self._definitions.resolve(locale, wanted)
        if (definitions.missing or definitions.degraded) and not definitions.cut_off:
            self._rescue.ask()
        return definitions

    def _load(self, viewer: Viewer) -> LoadedProfile:
        return self._profiles.load(viewer.account_id or 0, viewer.membership_type, viewer.membership_id, to_show=True)


def _wanted(profile: Profile, items: Iterable[Item]) -> dict[str, set[int]]:
    """Only items need naming: the small tables (buckets, classes, stats, titles) always come whole."""
    return {ITEM: item_hashes(items) | {each.emblem_hash for each in profile.characters if each.emblem_hash}}


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
