"""What is for sale to a character: fetched once however many pages ask, kept for minutes, old rather than absent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.bungie.client import BungieClient
from app.bungie.errors import BungieError, TokenRefused, Unavailable
from app.bungie.http import Deadline
from app.services.flights import Flights
from app.services.sessions import Viewer
from app.services.tokens import TokenService
from app.services.troubles import Troubles
from app.services.vendors.cache import KeptMarket, MarketCache

# Most offers change once a day or a week; what a player can pay with changes more often.
FRESH_S = 300.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Stock:
    """What is known of an answer: `kept` None where nothing was ever fetched. `trouble`: why it is not newer."""

    kept: KeptMarket | None
    trouble: BungieError | None = None


class StockService:
    def __init__(
        self,
        client: BungieClient,
        tokens: TokenService,
        cache: MarketCache,
        flights: Flights,
        troubles: Troubles,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._cache = cache
        self._flights = flights
        self._troubles = troubles
        self._now = now
        self._sleep = sleep

    def load(
        self,
        viewer: Viewer,
        character_id: str,
        deadline: Deadline,
        vendor_hash: int = 0,
        trouble: BungieError | None = None,
    ) -> Stock:
        """All vendors of a character, or one with its rolls. Never raises for Bungie: the trouble is told instead.

        `trouble` is what Bungie has just failed with for this player: then it is not asked a second thing.
        """
        name = f"{character_id}:{vendor_hash}" if vendor_hash else character_id
        key, asked_at = f"{viewer.membership_id}:{name}", self._now()
        while True:
            kept = self._cache.read(viewer.membership_id, name)
            if kept and self._is_fresh(kept, asked_at):
                return Stock(kept)
            trouble = trouble or self._troubles.recent(key)
            if trouble:
                return Stock(kept, trouble)
            with self._flights.claim(f"vendors:{key}") as is_first:
                if is_first:
                    return self._fetch(viewer, character_id, vendor_hash, name, deadline)
            if deadline.remaining_s() <= 0:
                return Stock(kept, Unavailable("another request is still fetching"))
            self._sleep(_POLL_S)

    def export(self, membership_id: str) -> dict[str, Any]:
        return self._cache.export(membership_id)

    def erase(self, membership_id: str) -> None:
        """Raises redis.RedisError when Redis may still hold something."""
        self._cache.forget(membership_id)

    def _fetch(self, viewer: Viewer, character_id: str, vendor_hash: int, name: str, deadline: Deadline) -> Stock:
        asked_at = self._now()
        kept = self._cache.read(viewer.membership_id, name)  # somebody may have finished just before our claim
        if kept and self._is_fresh(kept, asked_at):
            return Stock(kept)
        try:
            fetched = self._ask(viewer, character_id, vendor_hash, deadline)
        except BungieError as error:
            self._troubles.note(f"{viewer.membership_id}:{name}", error)
            return Stock(kept, error)
        self._troubles.recovered()
        self._cache.write(viewer.membership_id, name, fetched)
        if not self._tokens.is_connected(viewer.account_id or 0):
            self.erase(viewer.membership_id)  # the player left while Bungie was answering
        return Stock(fetched)

    def _ask(self, viewer: Viewer, character_id: str, vendor_hash: int, deadline: Deadline) -> KeptMarket:
        account_id = viewer.account_id or 0
        token = self._tokens.access_token(account_id, deadline)
        try:
            return self._answer(viewer, character_id, vendor_hash, token, deadline)
        except TokenRefused:
            token = self._tokens.access_token(account_id, deadline, refused=token)
            return self._answer(viewer, character_id, vendor_hash, token, deadline)

    def _answer(
        self, viewer: Viewer, character_id: str, vendor_hash: int, token: str, deadline: Deadline
    ) -> KeptMarket:
        whose = (viewer.membership_type, viewer.membership_id, character_id)
        if not vendor_hash:
            return KeptMarket(self._client.get_vendors(*whose, token, deadline), self._now())
        market, rolls = self._client.get_vendor(*whose, vendor_hash, token, deadline)
        return KeptMarket(market, self._now(), rolls)

    def _is_fresh(self, kept: KeptMarket, asked_at: float) -> bool:
        """Young enough, or fetched by another request while this one waited; and nothing was refreshed meanwhile."""
        if kept.fetched_at >= asked_at:
            return True
        if not 0 <= asked_at - kept.fetched_at < FRESH_S:
            return False
        refreshes = (_unix_s(each.refresh_at) for each in kept.market.vendors.values() if each.refresh_at)
        return not any(kept.fetched_at < moment <= asked_at for moment in refreshes)


def _unix_s(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
