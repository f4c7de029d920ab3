"""The picture that plans are made on: profile, what we did since, and definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from app.bungie.errors import BungieError, Unavailable
from app.bungie.http import Deadline
from app.inventory.arrange import item_hashes
from app.inventory.buckets import VAULT
from app.inventory.definitions import Definitions
from app.inventory.items import Item
from app.inventory.moves.effects import after
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Step
from app.inventory.moves.ranking import TAGS, Preferences
from app.inventory.moves.world import Spot, World
from app.inventory.profile import Character, Profile
from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.models import MoveBatch
from app.services.clock import Clock
from app.services.moves.truth import MoveTruth, is_older, minted, overlaid
from app.services.naming import NamesThings
from app.services.profiles import LoadedProfile, ProfileService

# On an older picture nothing is moved: too much may have happened in the game since.
STALE_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class Picture:
    """`is_new`: read for this very order, so that a "no" that follows from it is final."""

    profile: Profile
    definitions: Definitions
    is_new: bool

    def after(self, step: Step) -> Picture:
        return replace(self, profile=after(self.profile, self.definitions, step), is_new=False)

    def store_of(self, item_hash: int, instance_id: str) -> str:
        """Where an item lies: a character's id, vault or account; "" when it is nowhere."""
        for item in self.profile.items:
            if item.hash == item_hash and item.instance_id == instance_id:
                return store_of(item)
        return ""

    def home_spot(self, step: Step) -> Spot:
        definition = self.definitions.item(step.item_hash)
        home = definition.bucket_hash if definition else 0
        is_account_wide = World(self.profile, self.definitions).is_account_wide(home)
        return (ACCOUNT_STORE if is_account_wide else step.character_id, home)


def store_of(item: Item) -> str:
    return item.owner or (VAULT_STORE if item.bucket_hash == VAULT else ACCOUNT_STORE)


class Whose(NamedTuple):
    """Whose things are asked for."""

    account_id: int
    membership_type: int
    membership_id: str


class MoveNames(NamedTuple):
    """What it takes to tell of moves: `characters` last played first, () when nothing of the player is known."""

    definitions: ResolvedDefinitions
    characters: tuple[Character, ...]


class Pictures:
    def __init__(
        self,
        profiles: ProfileService,
        definitions: NamesThings,
        truth: MoveTruth,
        locale: str,
        clock: Clock,
        tags_of: Callable[[MoveBatch], Mapping[str, str]] = lambda _batch: {},
        held_by: Callable[[MoveBatch], frozenset[str]] = lambda _batch: frozenset(),
        moved_at: Callable[[int], Mapping[str, float]] = lambda _account_id: {},
    ) -> None:
        self._profiles = profiles
        self._definitions = definitions
        self._truth = truth
        self._locale = locale
        self._clock = clock
        self._tags_of = tags_of
        self._held_by = held_by
        self._moved_at = moved_at

    def current(self, batch: MoveBatch, *, is_fresh: bool, seen: LoadedProfile | None = None) -> Picture:
        """What is known now; `is_fresh` asks Bungie anew. Raises a BungieError when what is known is too old.

        `seen` is not read once more: a profile that was loaded a moment ago.
        """
        if is_fresh:
            profile = self._profiles.renew(batch.account_id, batch.membership_type, batch.membership_id)
            return self._picture(batch, profile, is_new=True)
        whose = Whose(batch.account_id, batch.membership_type, batch.membership_id)
        return self._picture(batch, (seen or self.owned(whose)).profile, is_new=False)

    def owned(self, whose: Whose) -> LoadedProfile:
        """What the player has, as Bungie told it last: where it lies may have changed by our own steps."""
        loaded = self._profiles.load(*whose)
        if loaded.trouble and self._age_s(loaded) > STALE_AFTER_S:
            raise loaded.trouble
        return loaded

    def newer_than(self, batch: MoveBatch, moment: datetime | None, deadline: Deadline) -> Picture | None:
        """A picture that Bungie has minted after `moment`; None when its answer is still older, or there is none."""
        try:
            profile = self._profiles.renew(batch.account_id, batch.membership_type, batch.membership_id, deadline)
        except Unavailable:
            return None
        return None if is_older(minted(profile), moment) else self._picture(batch, profile, is_new=True)

    def names(self, whose: Whose, locale: str, hashes: Iterable[int]) -> MoveNames:
        try:
            characters = self._profiles.load(*whose).profile.characters
        except BungieError:
            characters = ()
        return MoveNames(self._named(locale, {ITEM: set(hashes) - {0}}), characters)

    def _named(self, locale: str, wanted: Mapping[str, set[int]]) -> ResolvedDefinitions:
        """Names hardly ever change: those that this process knows, as after a plan, are good enough."""
        known = self._definitions.remembered(locale, wanted)
        if known.info and known.info.locale == locale and all(known.item(each) for each in wanted[ITEM]):
            return known
        return self._definitions.resolve(locale, wanted)

    def preferences(self, batch: MoveBatch, picture: Picture) -> Preferences:
        """The items of the same batch stay where they are; what stands in any loadout or is dear moves last.

        Among the rest what the player has not moved for long goes before what they moved a moment ago.
        """
        reserved = frozenset(order.instance_id or str(order.item_hash) for order in batch.orders)
        # Most moves push nothing aside, so nobody asks.
        return Preferences(
            reserved,
            cache(lambda: self._held(batch, picture.profile)),
            cache(lambda: {key: TAGS[name] for key, name in self._tags_of(batch).items() if name in TAGS}),
            cache(lambda: self._moved_at(batch.account_id)),
        )

    def _held(self, batch: MoveBatch, profile: Profile) -> frozenset[str]:
        """What stands in any loadout, the player's own or the game's."""
        loadouts = (each for character in profile.characters for each in profile.details.loadouts(character.id) or ())
        return self._held_by(batch).union(item.instance_id for each in loadouts for item in each.items)

    def _picture(self, batch: MoveBatch, profile: Profile, *, is_new: bool) -> Picture:
        definitions = self._definitions.resolve(self._locale, {ITEM: item_hashes(profile.items)})
        done = self._truth.recent(batch.account_id, profile)
        return Picture(overlaid(profile, definitions, done), definitions, is_new)

    def _age_s(self, loaded: LoadedProfile) -> float:
        return self._clock().astimezone(UTC).timestamp() - loaded.fetched_at
