"""The player's profile: fresh for PROFILE_TTL_S, fetched once however many pages ask, old rather than absent."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.bungie.client import BungieClient
from app.bungie.errors import BadPayload, BungieError, TokenRefused, Unavailable
from app.bungie.http import Deadline
from app.inventory.items import Place
from app.inventory.profile import Profile
from app.services.flights import Flights
from app.services.later import Job
from app.services.profile_cache import CachedProfile, ProfileCache
from app.services.tokens import TokenService
from app.services.troubles import Troubles

# A page answers within 13 s whatever Bungie does; this leaves time for the rest of it.
PATIENCE_S = 10.0
_POLL_S = 0.05
# Asked again well before the end of its time: even a page that waits its full patience for a hanging Bungie then tells
# of it while what it shows is younger than that.
_FRESH_PART = 0.6
# Bungie sometimes sends an account without its items, once. More than this many cannot have been spent in between.
_FEW_ITEMS = 25
_BELIEVE_EMPTY_AFTER_S = 3600.0
_BELIEVE_OLDER_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile, its age, and why it is not newer. `trouble` None means that it is as fresh as it should be."""

    profile: Profile
    fetched_at: float
    trouble: BungieError | None = None


class ProfileService:
    def __init__(
        self,
        client: BungieClient,
        tokens: TokenService,
        cache: ProfileCache,
        flights: Flights,
        troubles: Troubles,
        ttl_s: float,
        now: Callable[[], float] = time.time,
        *,
        beside: Callable[[str, Job], None] | None = None,
    ) -> None:
        """`beside` does, under a name, what no page shall wait for; without it every look is waited for."""
        self._client = client
        self._tokens = tokens
        self._cache = cache
        self._flights = flights
        self._troubles = troubles
        self._ttl_s = ttl_s
        self._now = now
        self._beside = beside

    def load(
        self,
        account_id: int,
        membership_type: int,
        membership_id: str,
        most_s: float = math.inf,
        *,
        to_show: bool = False,
    ) -> LoadedProfile:
        """The player's profile, at most `most_s` old if Bungie answers.

        `to_show`: somebody only looks at it, so nobody waits for a Bungie.net that has just not answered: the old one
        is shown while it is looked whether that is over. Raises a BungieError only when there is nothing to show.
        """
        deadline, asked_at = Deadline(PATIENCE_S), self._now()
        while True:
            cached = self._cache.read(membership_id)
            if cached and self._is_fresh(cached, asked_at, most_s):
                return LoadedProfile(cached.profile, cached.fetched_at)
            trouble = self._troubles.recent(membership_id)
            if trouble:
                return _fall_back(cached, trouble)
            if to_show and cached and self._beside and (slow := self._troubles.lately(membership_id)):
                look = partial(self.load, account_id, membership_type, membership_id, most_s)
                self._beside(membership_id, look)
                return LoadedProfile(cached.profile, cached.fetched_at, slow)
            with self._flights.claim(f"profile:{membership_id}") as is_first:
                if is_first:
                    return self._fetch(account_id, membership_type, membership_id, deadline, asked_at, most_s)
            if deadline.remaining_s() <= 0:
                return _fall_back(cached, Unavailable("another request is still fetching"))
            time.sleep(_POLL_S)

    def renew(
        self, account_id: int, membership_type: int, membership_id: str, deadline: Deadline | None = None
    ) -> Profile:
        """What Bungie says now, whatever is remembered: for looking after a move. Raises a BungieError."""
        profile = self._ask(account_id, membership_type, membership_id, deadline or Deadline(PATIENCE_S))
        cached = self._cache.read(membership_id)
        if cached and self._is_doubtful(profile, cached):
            raise BadPayload("the items are missing from the answer")
        if not (cached and self._is_older(profile, cached)) and self._tokens.is_connected(account_id):
            self._cache.write(membership_id, profile, self._now())
        return profile

    def forget(self, membership_id: str) -> None:
        """Drops what is remembered about a player's last failure, so that the next page asks Bungie at once."""
        self._troubles.clear(membership_id)

    def export(self, membership_id: str) -> dict[str, Any] | None:
        """What is remembered of a player's profile, as plain values; None when there is nothing."""
        return self._cache.export(membership_id)

    def erase(self, membership_id: str) -> None:
        """Forgets a player's profile altogether. Raises redis.RedisError when Redis may still hold it."""
        self._cache.forget(membership_id)
        self._troubles.clear(membership_id)

    def _fetch(
        self,
        account_id: int,
        membership_type: int,
        membership_id: str,
        deadline: Deadline,
        asked_at: float,
        most_s: float,
    ) -> LoadedProfile:
        cached = self._cache.read(membership_id)  # somebody may have finished just before our claim
        if cached and self._is_fresh(cached, asked_at, most_s):
            return LoadedProfile(cached.profile, cached.fetched_at)
        try:
            profile = self._ask(account_id, membership_type, membership_id, deadline)
            if cached and self._is_doubtful(profile, cached):
                raise BadPayload("the items are missing from the answer")
        except BungieError as error:
            self._troubles.note(membership_id, error)
            return _fall_back(cached, error)
        self._troubles.recovered(membership_id)
        if cached and self._is_older(profile, cached):
            return LoadedProfile(cached.profile, cached.fetched_at)
        written = self._cache.write(membership_id, profile, self._now())
        if not self._tokens.is_connected(account_id):
            self.erase(membership_id)  # the player left while Bungie was answering
        return LoadedProfile(written.profile, written.fetched_at)

    def _ask(self, account_id: int, membership_type: int, membership_id: str, deadline: Deadline) -> Profile:
        token = self._tokens.access_token(account_id, deadline)
        try:
            return self._client.get_profile(membership_type, membership_id, token, deadline)
        except TokenRefused:
            token = self._tokens.access_token(account_id, deadline, refused=token)
            return self._client.get_profile(membership_type, membership_id, token, deadline)

    def _is_fresh(self, cached: CachedProfile, asked_at: float, most_s: float) -> bool:
        """Young enough, or fetched by another request while this one waited."""
        most_s = min(most_s, self._ttl_s * _FRESH_PART)
        return cached.fetched_at >= asked_at or 0 <= asked_at - cached.fetched_at < most_s

    def _is_doubtful(self, profile: Profile, cached: CachedProfile) -> bool:
        if self._now() - cached.fetched_at > _BELIEVE_EMPTY_AFTER_S:
            return False
        return any(
            not _has_any(profile, places) and _count(cached.profile, places) > _FEW_ITEMS
            for places in ((Place.VAULT, Place.ACCOUNT), (Place.CARRIED,))
        )

    def _is_older(self, profile: Profile, cached: CachedProfile) -> bool:
        """Bungie's front ends disagree for a while; the newer of two answers stays."""
        if self._now() - cached.fetched_at > _BELIEVE_OLDER_AFTER_S:
            return False
        return "" < profile.minted_at < cached.profile.minted_at


def _has_any(profile: Profile, places: tuple[Place, ...]) -> bool:
    return any(item.place in places for item in profile.items)


def _count(profile: Profile, places: tuple[Place, ...]) -> int:
    return sum(item.place in places for item in profile.items)


def _fall_back(cached: CachedProfile | None, trouble: BungieError) -> LoadedProfile:
    if cached is None:
        raise trouble
    return LoadedProfile(cached.profile, cached.fetched_at, trouble)
