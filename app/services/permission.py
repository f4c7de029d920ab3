"""How long Bungie's permission to read an account still lasts, and when its player should be told."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models import BungieAccount

# Bungie ends the whole authorisation a year after the player gave it, however often the tokens are refreshed.
YEARLY_LIMIT = timedelta(days=365)
TELL_BEFORE = timedelta(days=7)


def ends_at(account: BungieAccount) -> datetime:
    """The earlier of the refresh token's end and the yearly limit."""
    return min(account.refresh_ends_at, account.connected_at + YEARLY_LIMIT)


def days_left(account: BungieAccount, now: datetime) -> int | None:
    """Whole days from 7 to 0, or None: it lasts longer, or is lost already and the page asks to connect again."""
    left = ends_at(account) - now
    if account.needs_reconnect or not timedelta(0) < left <= TELL_BEFORE:
        return None
    return left.days
