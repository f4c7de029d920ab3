"""Why nothing of a page may be moved: what it shows is too old for that."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.bungie.errors import BungieError, GrantRevoked, TokenRefused
from app.main import move_words
from app.services.moves.pictures import STALE_AFTER_S


class Dated(Protocol):
    """What a page shows of a player's things, from when that is, and why it is not newer."""

    @property
    def trouble(self) -> BungieError | None: ...

    @property
    def fetched_at(self) -> datetime: ...


def too_old_to_move(snapshot: Dated, now: datetime) -> str:
    """One sentence, or "" while moves are taken: asked now, the order would be refused for the same reason."""
    if snapshot.trouble is None or (now - snapshot.fetched_at).total_seconds() <= STALE_AFTER_S:
        return ""
    is_ended = isinstance(snapshot.trouble, GrantRevoked | TokenRefused)
    return move_words.reason("reconnect" if is_ended else "away", 0)
