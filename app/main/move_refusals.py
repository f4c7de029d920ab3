"""Why nothing of a page may be moved: what it shows is too old for that."""

from __future__ import annotations

from datetime import datetime

from app.bungie.errors import GrantRevoked, TokenRefused
from app.main import move_words
from app.services.item import ItemSnapshot
from app.services.moves.pictures import STALE_AFTER_S
from app.services.vault import VaultSnapshot


def too_old_to_move(snapshot: ItemSnapshot | VaultSnapshot, now: datetime) -> str:
    """One sentence, or "" while moves are taken: asked now, the order would be refused for the same reason."""
    if snapshot.trouble is None or (now - snapshot.fetched_at).total_seconds() <= STALE_AFTER_S:
        return ""
    is_ended = isinstance(snapshot.trouble, GrantRevoked | TokenRefused)
    return move_words.reason("reconnect" if is_ended else "away", 0)
