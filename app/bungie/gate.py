"""What every request to Bungie.net has to pass: the host must be well, and it must be this player's turn."""

from __future__ import annotations

from typing import Protocol

from app.bungie import errors
from app.bungie.breaker import Breaker
from app.bungie.errors import BungieError

# A page shows what it has rather than wait longer than this for its turn.
PATIENCE_S = 2.0


class Budget(Protocol):
    """How many requests the whole site may send. `player` is whom a request is for, "" for nobody in particular."""

    def take(self, player: str, patience_s: float) -> None:
        """Returns when the request may go out. Raises Throttled when that would take longer than `patience_s`."""

    def pause(self, seconds: float) -> None:
        """Nobody sends anything for this long."""


class Gate:
    def __init__(self, breaker: Breaker | None = None, budget: Budget | None = None) -> None:
        self._breaker = breaker or Breaker()
        self._budget = budget

    def enter(self, player: str, remaining_s: float) -> None:
        """Returns when a request may go out. Raises a BungieError when it may not, without anything being sent."""
        if remaining_s <= 0:
            raise errors.Unavailable("no time left")
        self._breaker.check()
        if self._budget:
            self._budget.take(player, min(PATIENCE_S, remaining_s))

    def note(self, error: BungieError | None) -> None:
        """Tells how a request that went out has ended; None is a good answer."""
        self._breaker.note(error)
        if self._budget and isinstance(error, errors.Throttled) and not error.is_personal:
            self._budget.pause(error.retry_after_s)
